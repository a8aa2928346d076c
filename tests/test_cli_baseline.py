"""``datalint baseline`` writes what there is, and ``datalint check`` hides it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from houses import answer, dumped, mended, row, rows, shuffled

from datalint.baseline import HEADER
from datalint.cli import main
from datalint.cli.baseline import command


class Project:
    """A folder with data, and the command line in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("a.jsonl", rows()[:100])
        (folder / "datalint.toml").write_text('select = ["QLT101", "CHT201", "TXT202", "PII101"]\nid-field = "id"\n')

    def write(self, name: str, data: list[dict[str, Any]]) -> None:
        (self.folder / name).write_bytes(dumped(data))

    def __call__(self, line: str) -> Result:
        return CliRunner().invoke(main, line.split())

    @property
    def text(self) -> str:
        return (self.folder / ".datalint-baseline").read_text()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def test_create_hides_what_there_is(project: Project) -> None:
    assert project("check").exit_code == 1
    made = project("baseline create")
    assert (made.exit_code, made.stdout) == (0, "Wrote 10 findings of 3 rules to .datalint-baseline.\n")
    done = project("check")
    assert done.exit_code == 0
    assert "(10 in the baseline)" in done.stdout
    assert project("check --no-baseline").exit_code == project("check --no-suppressions").exit_code == 1


def test_the_same_data_gives_the_same_baseline(project: Project) -> None:
    project("baseline create")
    first = project.text
    project.write("a.jsonl", shuffled(rows()[:100]))
    assert project("baseline create --force -j 2").exit_code == 0
    assert project.text == first
    assert project("baseline update").exit_code == project("baseline prune").exit_code == 0
    assert project.text == first


def test_create_does_not_write_over_a_baseline(project: Project) -> None:
    project("baseline create")
    before = project.text
    again = project("baseline create")
    assert again.exit_code == 2
    assert "baseline update" in again.stderr
    assert project.text == before


def test_findings_of_safety_rules_go_in_only_when_asked_for(project: Project) -> None:
    project.write("b.jsonl", [row(1000, "Write to tamsin.okafor@brightmail.net about house 1000.")])
    made = project("baseline create")
    assert "Left out: 1 finding about safety (1 PII101)" in made.stderr
    assert "PII101" not in project.text
    assert project("check").exit_code == 1
    assert "--include-safety" in project("baseline update").stderr
    assert project("baseline update --include-safety").exit_code == 0
    assert "PII101 email-address" in project.text
    assert project("check").exit_code == 0
    assert project("baseline update").stdout == "Added 0 findings to .datalint-baseline, 11 in all.\n"


def test_update_adds_and_prune_takes_out(project: Project) -> None:
    project("baseline create")
    project.write("a.jsonl", mended(rows())[:100])
    assert project("baseline update --rule QLT101").stdout.startswith("Added 3 findings")
    assert project("baseline update").stdout == "Added 7 findings to .datalint-baseline, 20 in all.\n"
    assert "10 findings of the baseline no longer occur" in project("check").stdout
    assert project("baseline prune --rule QLT101").stdout.startswith("Took 3 findings out")
    assert project("baseline prune").stdout == "Took 7 findings out of .datalint-baseline, 10 are left.\n"
    done = project("check")
    assert "(10 in the baseline)" in done.stdout
    assert "no longer" not in done.stdout


def test_prune_wants_to_see_all_the_data(project: Project) -> None:
    project.write("b.jsonl", [row(n, answer(n, True)) for n in range(1000, 1005)])
    project("baseline create")
    before = project.text
    pruned = project("baseline prune a.jsonl")
    assert pruned.exit_code == 2
    assert "not all data" in pruned.stderr
    assert project.text == before
    assert "no longer" not in project("check a.jsonl").stdout
    assert project("baseline prune a.jsonl b.jsonl").exit_code == 0


def test_prune_leaves_rules_alone_that_did_not_run(project: Project) -> None:
    project("baseline create")
    project.write("a.jsonl", rows()[1:9])
    assert (
        project("baseline prune --select QLT101").stdout == "Took 3 findings out of .datalint-baseline, 7 are left.\n"
    )


def test_stats_tell_what_is_in_it(project: Project) -> None:
    project("baseline create")
    assert project("baseline stats").stdout == (
        "4  CHT201  empty-message\n"
        "3  QLT101  ai-self-reference\n"
        "3  TXT202  trailing-line-whitespace\n"
        "10 findings of 3 rules in .datalint-baseline.\n"
    )
    told = json.loads(project("baseline stats --output-format json").stdout)
    assert told["findings"] == sum(rule["findings"] for rule in told["rules"]) == 10


def test_a_baseline_may_have_any_name(project: Project) -> None:
    assert project("baseline create --baseline debt.txt").exit_code == 0
    assert project("check").exit_code == 1
    assert project("check --baseline debt.txt").exit_code == 0
    (project.folder / "datalint.toml").write_text('select = ["QLT101", "CHT201", "TXT202"]\nbaseline = "debt.txt"\n')
    assert project("check").exit_code == 0
    assert project("check --isolated --select QLT101 --fail-level warning").exit_code == 1


@pytest.mark.parametrize("line", ["check --baseline no", "baseline update", "baseline prune", "baseline stats"])
def test_a_baseline_that_is_not_there_is_a_mistake(project: Project, line: str) -> None:
    done = project(line)
    assert done.exit_code == 2
    assert "`datalint baseline create` writes it" in done.stderr


def test_a_broken_one_too(project: Project) -> None:
    (project.folder / ".datalint-baseline").write_text(HEADER + "\nnonsense\n")
    for line in ("check", "baseline update", "baseline stats"):
        done = project(line)
        assert done.exit_code == 2
        assert ".datalint-baseline:2" in done.stderr


def test_what_could_not_be_read_is_told(project: Project) -> None:
    (project.folder / "b.jsonl").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    made = project("baseline create")
    assert made.exit_code == 3
    assert "Not checked" in made.stderr
    assert project("baseline prune").exit_code == 2


@pytest.mark.parametrize(("name", "sub"), command.commands.items())
def test_every_option_is_on_the_page(name: str, sub: Any) -> None:
    page = (Path(__file__).parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")
    said = page.partition("## datalint baseline")[2].partition("\n## ")[0]
    assert f"`datalint baseline {name}" in said
    for option in sub.params:
        assert all(f"`{one}" in said for one in option.opts if one.startswith("--")), option.opts
