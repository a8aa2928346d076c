"""Accepted findings are silent for as long as their entries say, and entries that are of no use are told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import running
from click.testing import CliRunner, Result
from houses import dumped, row, shuffled

from datalint import ignores, run
from datalint.cli import main
from datalint.errors import ConfigError
from datalint.ignores import Accepted

BLANKS = "Red. \nOld."
TODAY = date(2030, 6, 15)


# ---- the file ----


def entries(text: str) -> list[ignores.Entry]:
    return ignores.entries(text, "i.toml", Path("/project"), running.built_in().registry)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("[[ignore]\n", "i.toml:1:9", "not valid TOML"),
        ('rules = ["QLT"]\n', "i.toml:1", "[[ignore]]"),
        ("[ignore]\n", "i.toml:1", "[[ignore]]"),
        ('[[ignore]]\nrules = ["QLT101"]\n[[ignore]]\nrecord = "x"\n', "i.toml:3", "no 'rules'"),
        ('[[ignore]]\nrules = ["QLT101"]\nrecords = "x"\n', "i.toml:3", "did you mean 'record'"),
        ('[[ignore]]\nrules = ["QLT101"]\n\nexpires = "2030-01-01"\n', "i.toml:4", "without quotes"),
        ('[[ignore]]\nrules = ["QLT101"]\nexpires = 2030-01-01T00:00:00\n', "i.toml:3", "without quotes"),
        ('[[ignore]]\nrules = ["QLT101"]\nrecord = 7\n', "i.toml:3", "a string"),
        ('[[ignore]]\nrules = ["QLT101"]\npointer = "messages"\n', "i.toml:3", "JSON pointer"),
        ('[[ignore]]\nrules = ["QLT101"]\nfiles = ["a[.jsonl"]\n', "i.toml:3", "glob"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, place: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        entries(text)
    assert error.value.place == place
    assert said in str(error.value)


def test_rules_are_named_as_everywhere() -> None:
    made = entries('[[ignore]]\nrules = ["ai-self-reference", "CHT2", "nobody-knows"]\n')[0]
    assert "QLT101" in made.codes
    assert "CHT201" in made.codes
    assert made.unknown == ("no rule, category or tag is called 'nobody-knows'",)


# ---- what it silences ----


def checked(folder: Path, text: str, data: bytes, today: date = TODAY, **more: Any) -> tuple[Any, list[dict[str, Any]]]:
    """The outcome of a run with this ignore file, and what jsonl tells."""
    names = running.write(folder, {"data/a.jsonl": data})
    given = {"select": ("TXT202", "DLT"), "id_field": "id", "show_suppressed": True} | more
    wanted = running.settings(folder, *names, **given)
    made = ignores.entries(text, "i.toml", folder, running.built_in().registry)
    outcome = run.scan_paths(wanted, running.built_in(), None, [Accepted(made, "i.toml", folder, today)])[0]
    told = [json.loads(line) for line in running.told(outcome, wanted).splitlines()]
    return outcome, [one for one in told if "code" in one]


def entry(**keys: Any) -> str:
    body = {"rules": ["TXT202"], "reason": "it is a poem"} | keys
    return "[[ignore]]\n" + "".join(f"{k} = {v if isinstance(v, date) else json.dumps(v)}\n" for k, v in body.items())


@pytest.mark.parametrize(
    ("keys", "silent"),
    [
        ({"record": "r1"}, {"r1"}),
        ({"record": "r9"}, set()),
        ({"record": "r1", "rules": ["trailing-line-whitespace"]}, {"r1"}),
        ({"record": "r1", "rules": ["style"]}, {"r1"}),
        ({"record": "r1", "rules": ["QLT101"]}, set()),
        ({"record": "sha:"}, {"r1"}),
        ({"record": "r1", "pointer": "/messages/2/content"}, {"r1"}),
        ({"record": "r1", "pointer": "/messages/*/content"}, {"r1"}),
        ({"record": "r1", "pointer": "/messages/1/content"}, set()),
        ({"record": "r1", "pointer": "/messages/*"}, set()),
        ({"record": "r1", "pointer": "/*/2/content"}, set()),
        ({"record": "r1", "pointer": ""}, set()),
        ({"record": "r1", "files": ["data/a.jsonl"]}, {"r1"}),
        ({"record": "r1", "files": ["data/**"]}, {"r1"}),
        ({"record": "r1", "files": ["data/b.jsonl"]}, set()),
        ({"files": ["data/*.jsonl"]}, {"r1", "r2"}),
        ({"pointer": "/messages/*/content"}, {"r1", "r2"}),
        ({}, {"r1", "r2"}),
        ({"record": "r1", "expires": date(2030, 6, 16)}, {"r1"}),
        ({"record": "r1", "expires": date(2030, 6, 15)}, set()),
    ],
)
def test_an_entry_asks_for_what_it_names(tmp_path: Path, keys: dict[str, Any], silent: set[str]) -> None:
    data = [row(1, BLANKS), row(2, BLANKS, other=True)]
    if keys.get("record") == "sha:":
        _, told = checked(tmp_path, "", dumped(data), id_field="")
        keys = keys | {"record": told[0]["record"]["id"]}
    outcome, told = checked(tmp_path, entry(**keys), dumped(shuffled(data)))
    assert {one["record"]["id"] for one in told if one["status"] == "ignored"} == silent
    assert {one["record"]["id"] for one in told if one["status"] == "new" and one["record"]} == {"r1", "r2"} - silent
    assert outcome.stats.suppressed["ignored"] == len(silent)
    assert all(one["justification"] == "it is a poem" for one in told if one["status"] == "ignored")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entry(record="r1"), []),
        (entry(record="r9"), ["DLT101 line 1: silences nothing (TXT202, record r9)"]),
        (entry(record="r1") + entry(record="r1"), []),
        (entry(record="r9", rules=["QLT101"]), []),  # that rule did not run
        (entry(record="r1", reason=" "), ["DLT102 line 1: no reason is given (TXT202, record r1)"]),
        (
            entry(record="r1") + entry(record="r1", rules=["TXT202", "trailing-line-whitespce"]),
            ["DLT103 line 5: no rule, category or tag is called 'trailing-line-whitespce' "
             "(did you mean 'trailing-line-whitespace'?)"],
        ),
        (entry(record="r9", expires=TODAY), [f"DLT104 line 1: expired on {TODAY} (TXT202, record r9)"]),
    ],
)  # fmt: skip
def test_entries_of_no_use_are_told(tmp_path: Path, text: str, said: list[str]) -> None:
    _, told = checked(tmp_path, text, dumped([row(1, BLANKS)]))
    assert [f"{one['code']} {one['message']}" for one in told if one["code"].startswith("DLT")] == said
    assert {one["path"] for one in told if one["code"].startswith("DLT")} <= {"i.toml"}


def test_an_entry_may_be_for_data_that_was_not_checked(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_bytes(dumped([row(9, BLANKS)]))
    _, told = checked(tmp_path, entry(record="r9"), dumped([row(1, BLANKS)]))
    assert {one["code"] for one in told} == {"TXT202"}


def test_what_is_told_of_entries_can_be_switched_off(tmp_path: Path) -> None:
    _, told = checked(tmp_path, entry(record="r9"), dumped([row(1, BLANKS)]), ignore=("DLT101",))
    assert {one["code"] for one in told} == {"TXT202"}


def test_what_is_accepted_is_not_fixed(tmp_path: Path) -> None:
    data = dumped([row(1, BLANKS), row(2, BLANKS)])
    names = running.write(tmp_path, {"a.jsonl": data, "i.toml": entry(record="r1").encode()})
    wanted = running.settings(tmp_path, names[0], select=("TXT202",), id_field="id", ignore_file=tmp_path / "i.toml")
    outcome = running.fix(wanted, unsafe=True)
    assert outcome.stats.fixed == {"TXT202": 1}
    first, second = (tmp_path / "a.jsonl").read_bytes().splitlines()
    assert b"Red. " in first
    assert b"Red. " not in second


# ---- the command line ----


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_bytes(dumped([row(1, BLANKS), row(2, "As an AI language model, I cannot see it.")]))
    (tmp_path / "datalint.toml").write_text('id-field = "id"\nfail-level = "info"\nignore = ["DUP"]\n')
    return tmp_path


def cli(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_what_is_found_is_accepted_for_a_reason(project: Path) -> None:
    assert cli("check").exit_code == 1
    added = cli("check", "--add-ignore", 'it is "so" \U0001f600', "--select", "TXT202")
    assert (added.exit_code, added.stderr) == (0, "")
    assert added.stdout == "Added 1 entry to datalint-ignore.toml.\n"
    assert (project / "datalint-ignore.toml").read_text(encoding="utf-8") == (
        '[[ignore]]\nrules = ["trailing-line-whitespace"]\nrecord = "r1"\npointer = "/messages/2/content"\n'
        'reason = "it is \\"so\\" \U0001f600"\n'
    )
    assert cli("check").exit_code == 1
    assert cli("check", "--add-ignore", "more").stdout == "Added 2 entries to datalint-ignore.toml.\n"
    done = cli("check", "--show-suppressed")
    assert done.exit_code == 0
    assert "(3 ignored)" in done.stdout
    assert '(ignored: it is "so" \U0001f600)' in done.stdout
    assert cli("check", "--no-suppressions").exit_code == 1
    assert "stays as it is" in cli("check", "--add-ignore", "again").stdout


def test_what_sensitive_rules_found_does_not_go_into_the_file(project: Path) -> None:
    secret = "tamsin.okafor@brightmail.net"
    record = row(3, f"Write to {secret}.") | {"id": secret}
    (project / "a.jsonl").write_bytes(dumped([record]))
    assert cli("check", "--add-ignore", "she agreed", "--select", "PII101").exit_code == 0
    text = (project / "datalint-ignore.toml").read_text()
    assert secret not in text
    assert "sha:" in text
    assert cli("check", "--select", "PII101").exit_code == 0


def test_findings_on_files_and_on_all_data_are_accepted_too(project: Path) -> None:
    (project / "b.jsonl").write_bytes(dumped([row(4, "Blue.")]).rstrip(b"\n"))
    assert cli("check", "--add-ignore", "as delivered").exit_code == 0
    assert 'files = ["b.jsonl"]' in (project / "datalint-ignore.toml").read_text()
    assert cli("check").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [("--add-ignore", " "), ("--add-ignore", "x", "--no-suppressions"), ("--add-ignore", "x", "--diff"),
     ("--ignore-file", "no.toml")],
)  # fmt: skip
def test_wrong_use(project: Path, words: tuple[str, ...]) -> None:
    done = cli("check", *words)
    assert done.exit_code == 2
    assert "error:" in done.stderr
    assert not (project / "datalint-ignore.toml").exists()


def test_a_broken_file_is_not_added_to(project: Path) -> None:
    (project / "datalint-ignore.toml").write_text("[[ignore]]\n")
    done = cli("check", "--add-ignore", "x")
    assert done.exit_code == 2
    assert "datalint-ignore.toml:1" in done.stderr
    assert (project / "datalint-ignore.toml").read_text() == "[[ignore]]\n"
