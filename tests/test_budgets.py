"""Budgets: a rule may find so much for each record, and only more than that fails the run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from houses import dumped, row

from datalint.cli import main

MODEL = "As an AI language model, I cannot see it."


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twenty records: one empty answer (an error), two warnings."""
    monkeypatch.chdir(tmp_path)
    answers = ["", f"{MODEL} Not 1.", f"{MODEL} Not 2.", *(f"House {n} is red." for n in range(17))]
    (tmp_path / "a.jsonl").write_bytes(dumped([row(n, answer) for n, answer in enumerate(answers)]))
    return tmp_path


def cli(gates: str, *words: str) -> Result:
    Path("datalint.toml").write_text(f'select = ["QLT101", "CHT201"]\n{gates}')
    return CliRunner().invoke(main, ["check", *words])


def gate(rules: str, rate: float) -> str:
    return f'[[gates]]\nrules = ["{rules}"]\nmax-rate = {rate}\n'


@pytest.mark.parametrize(
    ("gates", "words", "code"),
    [
        ("", (), 1),
        (gate("CHT201", 0.05), (), 0),  # in place of the level
        (gate("CHT201", 0.04), (), 1),
        (gate("CHT201", 0), (), 1),
        (gate("CHT201", 0.05) + gate("QLT", 0.1), (), 0),
        (gate("CHT201", 0.05) + gate("QLT", 0.09), (), 1),
        (gate("CHT201", 0.05) + gate("QLT", 0.09), ("--exit-zero",), 0),
        (gate("QLT101", 1), (), 1),  # the other rule fails as ever
        (gate("CHT201", 0.05), ("--fail-level", "warning"), 1),
        (gate("ai-self-reference", 0.1) + gate("CHT", 0.1), ("--fail-level", "info"), 0),
        (gate("CHT201", 0.05), ("--max-warnings", "1"), 1),
        (gate("CHT201", 0.05), ("--max-warnings", "2"), 0),
        (gate("CHT201", 0.05), ("-x",), 0),  # what has a budget does not stop the run
    ],
)
def test_the_exit_code(project: Path, gates: str, words: tuple[str, ...], code: int) -> None:
    assert cli(gates, *words).exit_code == code


def test_text_reports_tell_of_budgets(project: Path) -> None:
    said = cli(gate("CHT201", 0.05) + gate("QLT", 0.09)).stdout.splitlines()
    assert said[-3:-1] == [
        "Budget of CHT201 holds: 1 finding, 5.00 in 100 records, 5 allowed.",
        "Budget of QLT exceeded: 2 findings, 10.00 in 100 records, 9 allowed.",
    ]


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_machine_reports_tell_of_budgets(project: Path, form: str) -> None:
    text = cli(gate("CHT201", 0.05) + gate("QLT", 0.09), "--output-format", form, "--max-warnings", "1").stdout
    told = json.loads(text if form == "json" else text.splitlines()[-1])
    assert told["gates"] == [
        {"rules": ["CHT201"], "max_rate": 0.05, "findings": 1, "rate": 0.05, "holds": True},
        {"rules": ["QLT"], "max_rate": 0.09, "findings": 2, "rate": 0.1, "holds": False},
    ]
    assert told["max_warnings"] == {"limit": 1, "warnings": 2, "holds": False}
    assert told["exit_code"] == 1


def test_what_is_held_back_costs_nothing(project: Path) -> None:
    gates = gate("CHT201", 0) + gate("QLT", 0)
    assert cli(gates).exit_code == 1
    assert cli(gates, "--add-ignore", "accepted").exit_code == 0
    done = cli(gates)
    assert done.exit_code == 0
    assert "Budget of QLT holds: 0 findings, 0.00 in 100 records, 0 allowed." in done.stdout


@pytest.mark.parametrize(
    ("gates", "said"),
    [
        (gate("QLTT", 0.1), "did you mean 'QLT'"),
        ('[[gates]]\nrules = ["QLT"]\n', "no 'max-rate'"),
        ("[[gates]]\nmax-rate = 0.1\n", "no 'rules'"),
        (gate("QLT", -1), "0 or more"),
        ('[[gates]]\nrules = ["QLT"]\nmax-rat = 1\nmax-rate = 1\n', "did you mean 'max-rate'"),
    ],
)
def test_a_wrong_budget_is_told_with_its_line(project: Path, gates: str, said: str) -> None:
    done = cli(gates)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "datalint.toml:" in done.stderr
