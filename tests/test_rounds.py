"""Fixing goes on until nothing is left, and says what it did and could not do."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from datalint import run
from datalint.config import load
from datalint.errors import UsageError
from datalint.outcome import Outcome
from datalint.report import Report

RULES = '''
from datalint import Edit, Fix, Option, bad, good, rule

EXAMPLES = (bad('{}', fixed='[]'), good('[]'))
SAFETY = dict(category="suspicious", examples=EXAMPLES, fix_safety="A test.")

def declared(code, name, fix):
    return rule(code, name, fix=fix, **SAFETY)

@declared("ACM001", "letter-a", "safe")
def check_a(message):
    """An a.

    It becomes a b.
    """
    at = message.text.find("a")
    if at >= 0:
        yield message.finding((at, at + 1), "an a", fix=message.replace([((at, at + 1), "b")], "b", "safe"))

@declared("ACM002", "letter-b", "unsafe")
def check_b(message):
    """A b.

    It becomes a c.
    """
    at = message.text.find("b")
    if at >= 0:
        yield message.finding((at, at + 1), "a b", fix=message.replace([((at, at + 1), "c")], "c"))

@declared("ACM003", "letter-x", "unsafe")
def check_x(message):
    """An x.

    The record goes.
    """
    if "x" in message.text:
        yield message.finding(None, "an x", fix=message.record.delete("delete it"))

@declared("ACM004", "letter-y", "safe")
def check_y(message):
    """A y.

    It comes and goes.
    """
    for old, new in (("y", "z"), ("z", "y")):
        at = message.text.find(old)
        if at >= 0:
            yield message.finding((at, at + 1), old, fix=message.replace([((at, at + 1), new)], new, "safe"))
            return
'''


@pytest.fixture
def fixed(tmp_path: Path):
    def check(*texts: str, name: str = "data.jsonl", **settings) -> tuple[Outcome, list[str]]:
        (tmp_path / "rules").mkdir(exist_ok=True)
        (tmp_path / "rules" / "mine.py").write_text(dedent(RULES))
        data = tmp_path / name
        data.write_text("".join(json.dumps({"text": t}) + "\n" for t in texts))
        made = load({"paths": (name,), "plugins": ("no:builtin",), "fix": True, **settings}, cwd=tmp_path)
        outcome = run.check(made)
        return outcome, [json.loads(line)["text"] for line in data.read_text().splitlines()]

    return check


@pytest.mark.parametrize(
    ("settings", "after", "done"),
    [
        ({}, "bbb", {"ACM001": 2}),
        ({"unsafe_fixes": True}, "ccc", {"ACM001": 2, "ACM002": 3}),
        ({"extend_safe_fixes": ("ACM002",)}, "ccc", {"ACM001": 2, "ACM002": 3}),
        ({"extend_unsafe_fixes": ("ACM001",)}, "aba", {}),
        ({"unfixable": ("letter-a",)}, "aba", {}),
        ({"fixable": ("letter-b",), "unsafe_fixes": True}, "aca", {"ACM002": 1}),
    ],
)
def test_what_is_applied(fixed, settings, after, done) -> None:
    outcome, (text,) = fixed("aba", **settings)
    assert (text, dict(outcome.stats.fixed)) == (after, done)
    assert outcome.fixed_files == (("data.jsonl",) if done else ())


def test_deleted_records_are_kept(fixed, tmp_path) -> None:
    outcome, texts = fixed("one", "xx", "two", unsafe_fixes=True, quarantine=str(tmp_path / "gone.jsonl"))
    assert texts == ["one", "two"]
    assert (tmp_path / "gone.jsonl").read_text() == '{"text": "xx"}\n'
    assert outcome.deleted == 1
    assert "gone.jsonl" in outcome.fix_notes[0]


def test_rules_that_undo_each_other_are_named(fixed) -> None:
    outcome, _ = fixed("y")
    (note,) = [n for n in outcome.not_checked if n.what == "fixes"]
    assert "did not come to an end" in note.why
    assert "ACM004" in note.why


def test_a_diff_changes_nothing(fixed) -> None:
    outcome, texts = fixed("la", diff=True, fix=False)
    assert texts == ["la"]
    assert '-{"text": "la"}' in "".join(outcome.diffs)
    assert '+{"text": "lb"}' in "".join(outcome.diffs)


def test_a_compressed_file_is_not_fixed_and_that_is_said(tmp_path, fixed) -> None:
    import gzip

    fixed("none")
    (tmp_path / "data.jsonl.gz").write_bytes(gzip.compress(b'{"text": "a"}\n'))
    before = (tmp_path / "data.jsonl.gz").read_bytes()
    outcome = run.check(load({"paths": ("data.jsonl.gz",), "plugins": ("no:builtin",), "fix": True}, cwd=tmp_path))
    assert [n.what for n in outcome.not_checked] == ["fixes"]
    assert (tmp_path / "data.jsonl.gz").read_bytes() == before


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, {"ACM001": "safe", "ACM002": "unsafe"}),
        ({"unfixable": ("ACM001",)}, {"ACM001": "display-only", "ACM002": "unsafe"}),
        ({"fixable": ("ACM001",)}, {"ACM001": "safe", "ACM002": "display-only"}),
        ({"extend_safe_fixes": ("ACM002",)}, {"ACM001": "safe", "ACM002": "safe"}),
        ({"extend_unsafe_fixes": ("ACM001",)}, {"ACM001": "unsafe", "ACM002": "unsafe"}),
    ],
)
def test_reports_tell_how_safe_fixes_count_as_here(fixed, settings, told) -> None:
    outcome, _ = fixed("ab", fix=False, **settings)
    report = Report(outcome, load(settings, cwd=Path()))
    assert {f.code: f.fix.applicability for f in report if f.fix is not None} == told
    assert report.fixable == {f"{code} {how}": 1 for code, how in told.items()}


@pytest.mark.parametrize("key", ["fixable", "unfixable", "extend_safe_fixes", "extend_unsafe_fixes"])
def test_a_selector_of_fixes_that_means_nothing_is_refused_even_where_nothing_is_fixed(fixed, key) -> None:
    with pytest.raises(UsageError, match="ACM999"):
        fixed("a", fix=False, **{key: ("ACM999",)})
