"""A baseline hides what was there and nothing else, whatever happens to the files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import running
from houses import dumped, edited, inserted, mended, reordered, row, rows, shuffled
from outcomes import Files

from datalint import baseline, run
from datalint.baseline import HEADER, Census, Entry, Known, parse
from datalint.errors import ConfigError
from datalint.identity import Identity
from datalint.model import Finding
from datalint.outcome import Outcome
from datalint.sifting import Ran

RULES = ("QLT101", "CHT201", "TXT202", "DUP101")


# ---- the file ----


@pytest.mark.parametrize(
    ("lines", "entries"),
    [
        ([], {}),
        ([HEADER], {}),
        ([HEADER, "", "# a remark"], {}),
        ([HEADER, "QLT101 ai-self-reference fe1a15fd4f47d5b5 3"], {"fe1a15fd4f47d5b5": 3}),
        ([HEADER, "QLT101 a fe1a15fd4f47d5b5 3", "QLT101 a fe1a15fd4f47d5b5 1"], {"fe1a15fd4f47d5b5": 3}),
        ([HEADER, "QLT101 a fe1a15fd4f47d5b5 1", "QLT101 a fe1a15fd4f47d5b5 3"], {"fe1a15fd4f47d5b5": 3}),
    ],
)
def test_a_baseline_is_read(lines: list[str], entries: dict[str, int]) -> None:
    assert {key: entry.number for key, entry in parse("\n".join(lines), "b").items()} == entries


@pytest.mark.parametrize(
    ("lines", "place", "said"),
    [
        (["QLT101 a fe1a15fd4f47d5b5 1"], "b:1", "no line of a baseline"),
        ([HEADER, "", "QLT101 a fe1a15fd4f47d5b5"], "b:3", "no line of a baseline"),
        ([HEADER, "QLT101 a fe1a15fd4f47d5b5 0"], "b:2", "no line of a baseline"),
        ([HEADER, "QLT101 a FE1A15FD4F47D5B5 1"], "b:2", "no line of a baseline"),
        ([HEADER, "x" * 200], "b:2", "…"),
        (["# datalint baseline 2", "QLT101 a fe1a15fd4f47d5b5 1 /x"], "b:1", "version 2"),
        ([HEADER, "<<<<<<< HEAD", "QLT101 a fe1a15fd4f47d5b5 1"], "b:2", "merge=union"),
        (['{"messages": []}'], "b:1", "no line of a baseline"),
    ],
)
def test_a_broken_baseline_is_told_with_its_line(lines: list[str], place: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse("\n".join(lines), "b")
    assert error.value.place == place
    assert said in str(error.value)


def test_writing_is_the_inverse_of_reading_and_sorted() -> None:
    made = {f"{n:016x}": Entry("QLT101" if n % 2 else "CHT201", "name", n) for n in range(9, 0, -1)}
    text = "".join(baseline.text(made))
    assert parse(text, "b") == made
    assert text == "".join(baseline.text(dict(reversed(made.items()))))
    body = text.splitlines()[1:]
    assert body == sorted(body)


def test_two_versions_merge_by_themselves(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)

    def write(*numbers: int) -> None:
        made = {f"{n:016x}": Entry("QLT101", "name", 1) for n in numbers}
        (tmp_path / "b").write_text("".join(baseline.text(made)))

    git("init")
    (tmp_path / ".gitattributes").write_text("b merge=union\n")
    write(1, 5)
    git("add", ".")
    git("commit", "-m", "one")
    git("checkout", "-b", "other")
    write(1, 3, 5)
    git("commit", "-am", "two")
    git("checkout", "main")
    write(1, 4, 5)
    git("commit", "-am", "three")
    git("merge", "other")
    merged = parse((tmp_path / "b").read_text(), "b")
    assert sorted(int(key, 16) for key in merged) == [1, 3, 4, 5]


# ---- the sieve ----


def ran(*rules: str, whole: bool = True) -> Ran:
    return Ran(frozenset(rules), ("a.jsonl",), whole, lambda: whole, lambda path: 7)


def test_of_equal_findings_the_baseline_hides_as_many_as_it_has() -> None:
    identity, finding = Identity(None, "a.jsonl"), Finding("said", source=0, code="ACM001")
    entries = {identity.fingerprint(finding): Entry("ACM001", "name", 2)}
    sieve = Known(entries, "b")
    assert [sieve.catches(finding, identity) for _ in range(4)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("found", "ended", "said"),
    [
        (0, ran("ACM001"), "2 findings of the baseline no longer occur: `datalint baseline prune` takes them out."),
        (1, ran("ACM001"), "1 finding of the baseline no longer occurs: `datalint baseline prune` takes it out."),
        (2, ran("ACM001"), ""),
        (0, ran("ACM001", whole=False), ""),
        (0, ran("ACM002"), ""),
    ],
)
def test_entries_that_no_longer_occur_are_told_after_a_whole_run(found: int, ended: Ran, said: str) -> None:
    identity, finding = Identity(None, "a.jsonl"), Finding("said", source=0, code="ACM001")
    sieve = Known({identity.fingerprint(finding): Entry("ACM001", "name", 2)}, "b")
    for _ in range(found):
        sieve.catches(finding, identity)
    told = list(sieve.finish(ended))
    assert [one for one in told if isinstance(one, str)] == ([said] if said else [])
    assert [one.code for one in told if isinstance(one, Finding)] == (["DLT105"] if said else [])


# ---- what may happen to files ----


def checked(folder: Path, files: dict[str, bytes], **more: Any) -> tuple[Outcome, Any]:
    names = running.write(folder, files)
    wanted = running.settings(folder, *names, **({"select": RULES} | more))
    return running.scan(wanted), wanted


@pytest.fixture
def drawn(tmp_path: Path) -> tuple[Path, int]:
    """A baseline of the rows, and how many findings it holds."""
    census = Census()
    names = running.write(tmp_path / "before", {"a.jsonl": dumped(rows())})
    wanted = running.settings(tmp_path / "before", *names, select=RULES)
    run.scan_paths(wanted, running.built_in(), None, [census])
    made = baseline.extended({}, census, dict.fromkeys(RULES, "name"))
    (tmp_path / "b").write_text("".join(baseline.text(made)))
    return tmp_path / "b", baseline.total(made)


@pytest.mark.parametrize("change", [list, inserted, shuffled, edited, reordered], ids=lambda change: change.__name__)
def test_all_that_was_there_stays_hidden(
    tmp_path: Path, drawn: tuple[Path, int], change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> None:
    path, number = drawn
    outcome, _ = checked(tmp_path / "after", {"a.jsonl": dumped(change(rows()))}, baseline=path)
    assert number == 40
    assert outcome.stats.suppressed["baseline"] == number
    assert not outcome.stats.findings
    assert outcome.notes == []


def test_nor_does_it_matter_in_which_files_it_is(tmp_path: Path, drawn: tuple[Path, int]) -> None:
    path, number = drawn
    parts = {f"part/{n}.jsonl": dumped(rows()[n::3]) for n in range(3)}
    outcome, _ = checked(tmp_path / "after", parts, baseline=path)
    assert outcome.stats.suppressed["baseline"] == number
    assert not outcome.stats.findings


def test_ten_mended_and_ten_new_are_ten_new(tmp_path: Path, drawn: tuple[Path, int]) -> None:
    path, number = drawn
    outcome, wanted = checked(tmp_path / "after", {"a.jsonl": dumped(mended(rows()))}, baseline=path)
    told = [json.loads(line) for line in running.told(outcome, wanted).splitlines()]
    assert [one["line"] for one in told if "code" in one] == [n + 1 for n in range(5, 100, 10)]
    assert outcome.stats.suppressed["baseline"] == number - 10
    assert outcome.notes == ["10 findings of the baseline no longer occur: `datalint baseline prune` takes them out."]


def test_a_copy_of_a_known_finding_is_new(tmp_path: Path, drawn: tuple[Path, int]) -> None:
    path, number = drawn
    outcome, _ = checked(tmp_path / "after", {"a.jsonl": dumped([*rows(), rows()[10]])}, baseline=path)
    assert outcome.stats.suppressed["baseline"] == number
    assert outcome.stats.findings == {"QLT101": 1, "DUP101": 1}


def test_the_fingerprint_is_the_one_that_reports_show(tmp_path: Path, drawn: tuple[Path, int]) -> None:
    outcome, wanted = checked(tmp_path / "after", {"a.jsonl": dumped(rows())})
    told = [json.loads(line) for line in running.told(outcome, wanted).splitlines()]
    assert {one["fingerprint"] for one in told if "code" in one} == set(parse(drawn[0].read_text(), "b"))


def test_what_is_hidden_is_not_fixed(tmp_path: Path, drawn: tuple[Path, int]) -> None:
    path, _ = drawn
    data = dumped([*rows(), row(7777, "Blanks stand here. \nSee?")])
    names = running.write(tmp_path / "after", {"a.jsonl": data})
    wanted = running.settings(tmp_path / "after", *names, select=RULES, baseline=path)
    outcome = running.fix(wanted, unsafe=True)
    assert outcome.stats.fixed == {"TXT202": 1}
    assert (tmp_path / "after" / "a.jsonl").read_bytes() == data.replace(b"here. \\n", b"here.\\n")


# ---- values that say little ----


def fingerprint(data: Any, pointer: str | None) -> str:
    raw = json.dumps(data).encode()
    files = Files({"a.jsonl": raw})
    return Identity(files.at(files.ref(1)), "a.jsonl").fingerprint(
        Finding("said", files.ref(1), pointer, code="ACM001")
    )


@pytest.mark.parametrize(
    ("one", "other", "pointer", "same"),
    [
        ({"output": ""}, {"output": "", "input": "x"}, "/output", False),
        ({"output": "y" * 60}, {"output": "y" * 60, "input": "x"}, "/output", True),
        ({"output": "y" * 60}, {"output": "y" * 59 + "z"}, "/output", False),
        (row(1, ""), row(2, ""), "/messages/2/content", False),
        (row(1, ""), row(1, "", seen=True), "/messages/2/content", True),
        (row(1, "Yes."), row(2, "Yes."), "/messages/1/role", False),
        ([["y" * 60], 1], [1, ["y" * 60]], None, False),
        ({"a": ["y" * 60, 1]}, {"a": [1, "y" * 60]}, "/a/0", False),
    ],
)
def test_equal_values_are_equal_findings_if_they_tell_anything(
    one: Any, other: Any, pointer: str | None, same: bool
) -> None:
    assert (fingerprint(one, pointer) == fingerprint(other, pointer)) is same


def test_the_position_in_an_array_does_not_matter() -> None:
    long = "y" * 60
    assert fingerprint({"a": [long, 1]}, "/a/0") == fingerprint({"a": [1, long]}, "/a/1")
