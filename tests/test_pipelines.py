"""Reports for pipelines: valid by their formats, within their limits, and harmless whatever the data says.

``UPDATE_GOLDEN=1 pytest tests/test_pipelines.py`` writes the golden files anew.
"""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import regex
import xmlschema
from messy import MAIL, NAME, lines, many, messy, told
from outcomes import Files, outcome, settings, story

from datalint.errors import DatalintError
from datalint.model import Edit, Finding, Fix
from datalint.pipelines import Paths, ranked, shares
from datalint.report import Known, Located, Report
from datalint.reporters import github, reporter

HERE = Path(__file__).parent
FORMATS = {
    "github": "txt", "gitlab": "json", "junit": "xml", "markdown": "md", "rdjson": "json", "rdjsonl": "jsonl",
    "sarif": "sarif",
}  # fmt: skip
OBEYED = regex.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\uffff\ud800-\udfff]")


@pytest.fixture(autouse=True)
def _no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no job of GitHub ran the tests."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


# ---- all of them ----


@pytest.mark.parametrize("name", FORMATS)
def test_golden(name: str) -> None:
    path = HERE / "golden" / f"messy_{name}.{FORMATS[name]}"
    made = told(name, messy())
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(made.encode())
    assert made == path.read_bytes().decode()


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_obeyed_and_no_secret_told(name: str) -> None:
    made = told(name, messy())
    assert not OBEYED.search(made)
    assert MAIL not in made
    assert "a***@***" in made


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found_is_a_whole_document(name: str) -> None:
    made = told(name, many({}))
    if name in ("gitlab", "rdjson", "sarif"):
        assert json.loads(made) is not None
    assert made or name == "rdjsonl"


@pytest.mark.parametrize("name", ["gitlab", "rdjson", "rdjsonl", "sarif", "json", "jsonl"])
def test_findings_are_told_as_they_come(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Finding] = []
    real = Known.located

    def counted(self: Known, finding: Finding) -> Located:
        seen.append(finding)
        return real(self, finding)

    monkeypatch.setattr(Known, "located", counted)
    ahead = [len(seen) - n for n, _ in enumerate(reporter(name).render(Report(many({"TXT201": 30}), settings())))]
    assert len(seen) == 30
    assert max(ahead) <= 1, "nothing is gathered before it is told"


# ---- places and ranks ----


def test_paths_are_those_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    inner = tmp_path / "sub" / "data"
    inner.mkdir(parents=True)
    (inner / "a.jsonl").write_text("")
    (inner / "link.jsonl").symlink_to(inner / "a.jsonl")
    (inner / "out.jsonl").symlink_to("/etc/hostname")
    files = Files(
        {"data/a.jsonl": b"{}", "data/link.jsonl": b"{}", "data/out.jsonl": b"{}", "/elsewhere/b.jsonl": b"{}"}
    )
    root = tmp_path / "sub"
    paths = Paths(Report(outcome(files, []), settings(cwd=root, root=root)))
    assert [paths(p) for p in files.paths] == [
        "sub/data/a.jsonl", "sub/data/a.jsonl", "sub/data/out.jsonl", "/elsewhere/b.jsonl"
    ]  # fmt: skip
    assert (paths(""), paths("-"), paths.folder) == ("sub/data/a.jsonl", "-", "sub")


def test_a_path_outside_the_project_is_still_in_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    root = tmp_path / "configs"
    root.mkdir()
    files = Files({"data/a.jsonl": b"{}"})
    report = Report(outcome(files, []), settings(cwd=tmp_path, root=root))
    assert Paths(report)(report.path(0)) == "data/a.jsonl"


@pytest.mark.parametrize(
    ("numbers", "most", "wanted"),
    [
        ({"TXT201": 5, "QLT101": 5}, 100, {"TXT201": 5, "QLT101": 5}),
        ({"TXT201": 50, "QLT101": 5, "CHT102": 3}, 10, {"CHT102": 3, "QLT101": 5, "TXT201": 2}),
        ({"QLT101": 50, "DUP101": 3}, 10, {"QLT101": 7, "DUP101": 3}),
        ({"QLT101": 50, "DUP101": 50}, 11, {"QLT101": 5, "DUP101": 6}),
        ({"CHT102": 50, "QLT101": 9}, 10, {"CHT102": 10}),
        ({"CHT102": 4, "JSN104": 4, "PII101": 4}, 2, {"CHT102": 1, "JSN104": 1, "PII101": 0}),
    ],
)
def test_the_gravest_are_told_and_rules_of_one_severity_alike(
    numbers: dict[str, int], most: int, wanted: dict[str, int]
) -> None:
    assert shares(Report(many(numbers), settings()), most) == wanted


def test_rules_are_ranked_by_severity_then_number() -> None:
    numbers = {"TXT201": 9, "QLT101": 2, "DUP101": 3, "CHT102": 1}
    assert ranked(Report(many(numbers), settings())) == ["CHT102", "DUP101", "QLT101", "TXT201"]


# ---- GitHub ----

COMMAND = regex.compile(r"^::(error|warning|notice) ((?:\w+=[^,:\r\n]*)(?:,\w+=[^,:\r\n]*)*)::(.*)$")


def commands(said: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """The workflow commands as the runner reads them."""
    for line in said.split("\n"):
        if line.lstrip().startswith("::"):
            found = COMMAND.match(line)
            assert found, line
            pairs = dict(part.split("=", 1) for part in found[2].split(","))
            yield found[1], {k: _decoded(v, True) for k, v in pairs.items()}, _decoded(found[3])


def _decoded(text: str, deep: bool = False) -> str:
    for sign, code_ in ((":", "%3A"), (",", "%2C")) if deep else ():
        text = text.replace(code_, sign)
    return text.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def test_github_escapes_what_the_runner_would_read() -> None:
    said = told("github", messy())
    found = list(commands(said))
    assert {properties.get("file") for _, properties, _ in found} == {NAME, None}
    assert any("%0A::warning::late, a:b,c=d" in text for _, _, text in found)
    assert "##[" not in "\n".join(line for line in said.split("\n") if not line.startswith("::"))


def test_github_shows_ten_of_a_level_and_one_of_each_rule_first() -> None:
    made = many({"TXT201": 3, "QLT101": 30, "DUP101": 5, "CHT102": 40})
    found = list(commands(told("github", made)))
    assert Counter(level for level, _, _ in found) == {"error": 10, "warning": 10, "notice": 3}
    warnings = [properties["title"].split()[1] for level, properties, _ in found if level == "warning"]
    assert warnings[:4] == ["QLT101", "DUP101", "QLT101", "DUP101"]
    said = [text.split("\n")[-1] for level, _, text in found if level == "error"]
    assert said[-1] == "and 30 more of this rule, in 40 records together"
    assert not any("more of this rule" in text for text in said[:-1])


def test_github_columns_are_given_on_one_line_only() -> None:
    files = Files({"a.json": b'[{"a":\n1}]'})
    made = outcome(files, [Finding("m", files.ref(1), raw_span=(0, 6), code="JSN104")])
    ((_, properties, _),) = commands(told("github", made))
    assert properties == {
        "title": "datalint JSN104 duplicate-key", "file": "a.json", "line": "1", "endLine": "1", "col": "1",
        "endColumn": "7",
    }  # fmt: skip


def test_the_summary_of_a_job_is_added_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "summary.md"
    path.write_text("# before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    told("github", messy())
    said = path.read_text()
    assert said.startswith("# before\n## datalint: 7 errors")
    path.write_text("x" * (github.SUMMARY_BYTES - 100))
    told("github", messy())
    assert path.stat().st_size == github.SUMMARY_BYTES - 100
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    with pytest.raises(DatalintError, match="summary of the job"):
        told("github", messy())


# ---- GitLab ----

GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1}, "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object", "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/.]"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"minimum": 1}}},
                },
            },
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("made", [messy, story, lambda: many({"DUP101": 3}), lambda: many({})])
def test_gitlab_is_valid_and_its_fingerprints_are_unique(made: Any) -> None:
    entries = json.loads(told("gitlab", made()))
    jsonschema.validate(entries, GITLAB)
    prints = [entry["fingerprint"] for entry in entries]
    assert len(prints) == len({*prints})


def test_gitlab_severities() -> None:
    grades = {e["check_name"]: e["severity"] for e in json.loads(told("gitlab", messy()))}
    wanted = {"email-address": "critical", "duplicate-key": "major", "exact-duplicate": "minor", "one-source": "info"}
    assert {name: grades[name] for name in wanted} == wanted


# ---- JUnit ----


@pytest.fixture(scope="module")
def junit_schema() -> Any:
    return xmlschema.XMLSchema(str(HERE / "schemas" / "junit.xsd"))


@pytest.mark.parametrize("made", [messy, story, lambda: many({})], ids=["messy", "story", "nothing"])
def test_junit_is_valid_and_its_numbers_are_right(made: Any, junit_schema: Any) -> None:
    said = told("junit", made())
    junit_schema.validate(said)
    root = ElementTree.fromstring(said)
    for suite in [root, *root]:
        cases = list(suite.iter("testcase"))
        assert int(suite.get("tests", "")) == len(cases)
        for kind, name in (("failure", "failures"), ("error", "errors")):
            assert int(suite.get(name, "")) == sum(case.find(kind) is not None for case in cases)


def test_junit_tells_each_rule_of_each_file_once() -> None:
    root = ElementTree.fromstring(
        told("junit", many({"CHT102": 25, "TXT201": 2}, rules_by_path={"a.jsonl": ("DUP101", "QLT101")}))
    )
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert list(cases) == [
        "CHT102 consecutive-roles",
        "DUP101 exact-duplicate",
        "QLT101 ai-self-reference",
        "TXT201 trailing-blanks",
    ]
    failure = cases["CHT102 consecutive-roles"].find("failure")
    assert failure is not None
    assert (failure.text or "").count("\n") == 20
    assert (failure.text or "").endswith("and 5 more")
    assert list(cases["QLT101 ai-self-reference"]) == []
    assert cases["TXT201 trailing-blanks"].find("system-out") is not None


@pytest.mark.parametrize(("level", "failures"), [("error", 1), ("info", 2), ("never", 0)])
def test_junit_fails_for_what_fails_the_run(level: str, failures: int) -> None:
    root = ElementTree.fromstring(told("junit", many({"CHT102": 1, "TXT201": 1}), fail_level=level))
    assert root.get("failures") == str(failures)


def test_junit_holds_no_passes_when_they_are_too_many() -> None:
    ran = {f"f{n}.jsonl": ("QLT101",) * 1 for n in range(3)}
    files = Files(dict.fromkeys(ran, b"{}\n"))
    ran["f0.jsonl"] = tuple(f"QLT{n}" for n in range(10_001))
    said = told("junit", outcome(files, [Finding("m", files.ref(1), code="CHT102")], rules_by_path=ran))
    assert said.count("<testcase") == 1


# ---- reviewdog ----

POSITION = {
    "type": "object", "additionalProperties": False,
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
}  # fmt: skip
RANGE = {
    "type": "object",
    "required": ["start"],
    "additionalProperties": False,
    "properties": {"start": POSITION, "end": POSITION},
}
DIAGNOSTIC = {
    "type": "object", "additionalProperties": False, "required": ["message", "location", "severity"],
    "properties": {
        "message": {"type": "string"}, "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
        "location": {
            "type": "object", "required": ["path"], "additionalProperties": False,
            "properties": {"path": {"type": "string"}, "range": RANGE},
        },
        "code": {"type": "object", "required": ["value"]},
        "source": {"type": "object", "required": ["name"]},
        "suggestions": {
            "type": "array",
            "items": {"type": "object", "required": ["range", "text"], "properties": {"range": RANGE}},
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("made", [messy, story])
def test_both_forms_of_diagnostics_are_valid_and_say_the_same(made: Any) -> None:
    whole = json.loads(told("rdjson", made()))
    lines = [json.loads(line) for line in told("rdjsonl", made()).splitlines()]
    assert [line | {"source": whole["source"]} for line in whole["diagnostics"]] == lines
    for line in lines:
        jsonschema.validate(line, DIAGNOSTIC)


def test_columns_of_diagnostics_count_bytes_and_suggestions_are_whole() -> None:
    (found,) = (
        d for d in json.loads(told("rdjson", messy()))["diagnostics"] if d["code"]["value"].startswith("TXT201")
    )
    raw = lines()[-1]
    (suggestion,) = found["suggestions"]
    start, end = (suggestion["range"][name]["column"] - 1 for name in ("start", "end"))
    new = raw[:start] + suggestion["text"].encode() + raw[end:]
    assert json.loads(new)["messages"][0]["content"] == "naïve 日本."
    place = found["location"]["range"]
    assert raw[place["start"]["column"] - 1 : place["end"]["column"] - 1].decode() == "😀"


def test_the_columns_of_records_that_share_a_line_count_from_its_start() -> None:
    files = Files({"a.json": b'{"messages": [{"role": "user", "content": "abc"}]}\n'})
    edit = Edit("replace-text", "/messages/0/content", (0, 1), "")
    found = Finding("m", files.ref(1), "/messages/0/content", (0, 1), Fix("t", "safe", (edit,)), code="TXT201")
    made = outcome(files, [found], before=lambda ref: 10, bytes_before=lambda ref: 30)
    ((diagnostic),) = json.loads(told("rdjson", made))["diagnostics"]
    assert diagnostic["location"]["range"]["start"]["column"] == 43 + 30 + 1
    assert diagnostic["suggestions"][0]["range"]["start"]["column"] == 43 + 30 + 1
    (result,) = json.loads(told("sarif", made))["runs"][0]["results"]
    assert result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]["startColumn"] == 43 + 10 + 1
