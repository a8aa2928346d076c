"""``datalint explain``: the record, what is found on it, what holds findings back, and where that was set."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datalint.cli import main
from datalint.errors import UsageError

BLANKS = "One word.\u200b"
ADDRESS = "mireille.dupont@brightmail.net"


def chat(answer: str, **more: Any) -> dict[str, Any]:
    turns = [{"role": "user", "content": "Tell me."}, {"role": "assistant", "content": answer}]
    return {**more, "messages": turns}


class Project:
    """A folder with data and a config, and ``datalint explain`` in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def data(self, *records: Any, name: str = "a.jsonl") -> None:
        lines = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
        (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def config(self, *lines: str) -> None:
        (self.folder / "datalint.toml").write_text("\n".join(lines) + "\n")

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["explain", *words])

    def found(self, *words: str) -> dict[str, dict[str, Any]]:
        """The findings of a place by code."""
        done = self(*words, "--output-format", "json")
        assert done.exit_code == 0, done.output
        return {one["code"]: one for one in json.loads(done.stdout)["findings"]}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def test_a_finding_with_its_record_rule_and_fix(project: Project) -> None:
    project.data(chat("Fine."), chat(BLANKS, id="t-2"))
    project.config('id-field = "id"', 'select = ["DEFAULT"]')
    done = project("a.jsonl:2:10")
    assert done.exit_code == 0
    for said in (
        "a.jsonl:2   record t-2   format messages",
        "|      user: Tell me.",
        "Reported: 1 finding",
        "TXT102 1 invisible character",
        "`datalint check --fix` makes this change",
        "+…",
        "why: They are left over from web pages",
        "rule: on: select = 'DEFAULT' (datalint.toml:2)",
        "`datalint rule zero-width-character`, docs/rules/zero-width-character.md",
    ):
        assert said in done.stdout, said


HELD = [
    (['ignore = ["TXT"]'], "ignore = 'TXT'", "datalint.toml:1"),
    (['select = ["QLT"]'], "not selected", ""),
    (["", "[per-file-ignores]", '"a.*" = ["TXT1"]'], "per-file-ignores of 'a.*' = 'TXT1'", "datalint.toml:3"),
    (["[[overrides]]", 'files = ["*.jsonl"]', 'ignore = ["TXT102"]'], "an override for '*.jsonl' ignores 'TXT102'",
     "datalint.toml:3"),
    (["[[overrides]]", 'files = ["*.jsonl"]', 'where = { origin = "web" }', 'ignore = ["TXT102"]'],
     "an override ignores it where origin = 'web'", "datalint.toml:4"),
    (["[[overrides]]", 'files = ["*.jsonl"]', 'select = ["QLT"]'], "not selected", ""),
]  # fmt: skip


@pytest.mark.parametrize(("config", "why", "place"), HELD)
def test_what_the_config_holds_back_and_where(project: Project, config: list[str], why: str, place: str) -> None:
    project.data(chat(BLANKS, origin="web"))
    project.config(*config)
    found = project.found("a.jsonl:1")["TXT102"]
    assert found["status"] == "config"
    said = f"{why} ({place})" if place else why
    assert found["justification"] == said
    if "where" not in why:
        assert found["rule"] == {"on": False, "why": why, "place": place}


def test_an_inherited_override_is_named_by_its_own_line(project: Project) -> None:
    project.data(chat(BLANKS))
    (project.folder / "shared.toml").write_text(
        '\n\n[[overrides]]\nfiles = ["*.jsonl"]\nignore = ["TXT"]\n', encoding="utf-8"
    )
    project.config('extend = "shared.toml"', "[[overrides]]", 'files = ["b.jsonl"]', 'ignore = ["QLT"]')
    assert project.found("a.jsonl:1")["TXT102"]["rule"]["place"] == "shared.toml:5"


def test_options_are_a_cause_too(project: Project) -> None:
    project.data(chat(BLANKS))
    rule = project.found("a.jsonl:1", "--ignore", "TXT102")["TXT102"]["rule"]
    assert rule == {"on": False, "why": "ignore = 'TXT102'", "place": "command line"}
    assert project.found("a.jsonl:1", "-k", "refusal")["TXT102"]["rule"]["why"] == "left out by keyword = 'refusal'"


def test_the_baseline_and_the_ignore_file(project: Project) -> None:
    project.data(chat(BLANKS), chat("Another.\u200b"))
    project.config('select = ["TXT102"]')
    run = CliRunner().invoke
    run(main, ["baseline", "create"])
    assert project.found("a.jsonl:1")["TXT102"]["status"] == "baseline"
    (project.folder / "datalint-ignore.toml").write_text(
        '[[ignore]]\nrules = ["TXT102"]\nreason = "the corpus keeps them"\n'
    )
    done = project("a.jsonl:2")
    assert "Held back: 1 finding" in done.stdout
    assert "held: ignored: the corpus keeps them" in done.stdout
    assert project.found("a.jsonl:2", "--no-suppressions")["TXT102"]["status"] == "new"


@pytest.mark.parametrize("config", ["", 'ignore = ["PII"]', 'select = ["QLT"]'])
@pytest.mark.parametrize("style", ["text", "json"])
def test_what_sensitive_rules_find_is_masked_even_where_they_are_off(project: Project, config: str, style: str) -> None:
    project.data(chat(f"As an AI language model I write to {ADDRESS}.", id=ADDRESS))
    project.config('id-field = "id"', config)
    done = project("a.jsonl:1", "--output-format", style)
    assert "PII101" in done.stdout
    assert "mireille" not in done.stdout
    assert "brightmail" not in done.stdout


def test_a_fingerprint(project: Project) -> None:
    project.data(chat(BLANKS), chat("Fine."))
    project.data(chat(BLANKS, id=4), name="b.jsonl")
    fingerprint = project.found("a.jsonl:1")["TXT102"]["fingerprint"]
    done = project(fingerprint)
    assert "a.jsonl:1" in done.stdout
    assert "The same fingerprint: b.jsonl:1:" in done.stdout


def test_a_fingerprint_of_a_file(project: Project) -> None:
    project.data(chat("Fine."))
    data = (project.folder / "a.jsonl").read_bytes()
    (project.folder / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + data)
    done = CliRunner().invoke(main, ["check", "--select", "JSN", "--output-format", "json"])
    (found,) = json.loads(done.stdout)["findings"]
    assert found["name"] in project(found["fingerprint"]).stdout


LOST = [
    (("nowhere",), "neither a place nor a fingerprint"),
    (("other/b.jsonl:1",), "other/b.jsonl does not exist"),
    (("a.json:1",), "did you mean a.jsonl?"),
    ((".:1",), ". is no file"),
    (("a.jsonl:0",), "a.jsonl has no line 0"),
    (("a.jsonl:9",), "a.jsonl has no line 9"),
    (("c.jsonl:1",), "c.jsonl was not checked: it is a Git LFS pointer"),
    (("a.jsonl:1", "c.jsonl"), "a.jsonl is not among the files that are read: c.jsonl"),
    (("0123456789abcdef", "a.jsonl"), "nothing that is found here has the fingerprint 0123456789abcdef"),
]


@pytest.mark.parametrize(("words", "said"), LOST)
def test_what_cannot_be_explained_is_said(project: Project, words: tuple[str, ...], said: str) -> None:
    project.data(chat("Fine."))
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 9\n"
    (project.folder / "c.jsonl").write_text(pointer)
    done = project(*words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_the_baseline_knows_a_fingerprint_that_is_gone(project: Project) -> None:
    project.data(chat("Fine."))
    (project.folder / ".datalint-baseline").write_text(
        "# datalint baseline 1\nTXT102 zero-width-character 0123456789abcdef 1\n"
    )
    assert ".datalint-baseline has it as TXT102 zero-width-character" in project("0123456789abcdef").stderr


@pytest.mark.parametrize(
    ("line", "said"), [("", "the line is blank"), ('{"messages": [', "the line holds no record: ")]
)
def test_lines_without_a_record(project: Project, line: str, said: str) -> None:
    project.data(chat("Fine."), line, chat("Good."))
    done = project("a.jsonl:2")
    assert done.exit_code == 0
    assert said in done.stdout
    assert "JSN" in done.stdout


def test_records_of_an_array(project: Project) -> None:
    records = [chat("Fine."), chat(BLANKS)]
    (project.folder / "a.json").write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    done = project("a.json:1")
    assert "line 1 holds 2 records, and this is the first" in done.stdout
    assert "Nothing is found on it" in done.stdout
    assert "TXT102" in project.found("a.json:1:150")
    (project.folder / "b.json").write_text(json.dumps(records, ensure_ascii=False, indent=1), encoding="utf-8")
    lines = (project.folder / "b.json").read_text(encoding="utf-8").split("\n")
    place = next(n for n, line in enumerate(lines, 1) if "One word" in line)
    assert "TXT102" in project.found(f"b.json:{place}")


def test_compressed_files(project: Project) -> None:
    (project.folder / "a.jsonl.gz").write_bytes(gzip.compress(json.dumps(chat(BLANKS)).encode()))
    assert "TXT102" in project.found("a.jsonl.gz:1")


def test_with_include_all_data_is_read(project: Project) -> None:
    project.data(chat("The very same answer, twice."))
    project.data(chat("The very same answer, twice."), name="b.jsonl")
    assert "DUP101" not in project.found("b.jsonl:1")
    project.config('include = ["*.jsonl"]')
    assert "DUP101" in project.found("b.jsonl:1")
    assert "Only" not in project("b.jsonl:1").stdout
    project.config('include = ["a.jsonl"]')
    assert "`datalint check` without paths does not read this file" in project("b.jsonl:1").stdout
    project.config('include = ["*.jsonl"]')
    assert "Named by: b.jsonl:1 DUP101 exact-duplicate." in project("a.jsonl:1").stdout


def test_a_record_of_unknown_format(project: Project) -> None:
    project.data({"a": 1})
    done = project("a.jsonl:1")
    assert '| {"a": 1}' in done.stdout
    assert "SCH" in done.stdout


def test_a_long_text_is_cut(project: Project) -> None:
    project.data(chat("\n".join(f"Line {n}." for n in range(40))))
    assert "28 more lines" in project("a.jsonl:1").stdout


@pytest.mark.parametrize("is_on", [True, False])
def test_a_rule_that_crashes_is_told_where_it_is_on(project: Project, is_on: bool) -> None:
    project.data(chat(BLANKS))
    project.config("" if is_on else 'ignore = ["fragile"]')
    (project.folder / "rules").mkdir()
    (project.folder / "rules" / "fragile.py").write_text(
        'def check_fragile(record):\n    raise ValueError("nobody knows")\n    yield\n'
    )
    done = project("a.jsonl:1")
    assert done.exit_code == (3 if is_on else 0), done.output
    assert "TXT102" in done.stdout
    assert ("crashed here: ValueError: nobody knows" in done.stdout) is is_on
    assert ("Not checked" in done.stderr) is is_on


def test_rules_that_cannot_be_tried_are_no_hindrance(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def judged(*given: Any) -> None:
        raise UsageError("it needs what is not there")

    monkeypatch.setattr("datalint.explaining._judged", judged)
    project.data(chat(BLANKS))
    done = project("a.jsonl:1")
    assert "rules that are off were not tried: it needs what is not there" in done.stdout
    assert "TXT102" in done.stdout
