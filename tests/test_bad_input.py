"""Files that are not as they should be: each gets the finding that says so, and nothing stops the run."""

from __future__ import annotations

import gzip
import lzma
from pathlib import Path
from typing import Any

import pytest
import regex
import running
import zstandard

from datalint.outcome import Outcome

BOM = b"\xef\xbb\xbf"
ONE, TWO = b'{"instruction": "Name a colour.", "output": "Blue"}', b'{"instruction": "Name a tree.", "output": "Oak"}'
BOTH = ONE + b"\n" + TWO + b"\n"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4096\n"
MESSAGES = b'[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]'


def scan(folder: Path, name: str, data: bytes, **more: Any) -> Outcome:
    running.write(folder, {name: data})
    return running.scan(running.settings(folder, name, select=("JSN",), **more))


def told(outcome: Outcome) -> list[tuple[int | None, str]]:
    return [(f.ref.line if f.ref is not None else None, f.code) for f in outcome.findings]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("data.jsonl", BOTH, []),
        ("data.jsonl", b"", []),
        ("data.jsonl", BOTH.rstrip(), [(None, "JSN203")]),
        ("data.jsonl", BOTH.replace(b"\n", b"\r\n"), [(None, "JSN202")]),
        ("data.jsonl", ONE + b"\r\n" + TWO + b"\n", [(None, "JSN202")]),
        ("data.jsonl", ONE + b"\r\n" + TWO, [(None, "JSN202"), (None, "JSN203")]),
        ("data.jsonl", ONE + b"\n" + TWO + b"\r", [(None, "JSN203")]),
        ("data.jsonl", BOM + BOTH, [(None, "JSN105")]),
        ("data.jsonl", BOM, [(None, "JSN105")]),
        ("data.jsonl", BOM + ONE + b"\n" + BOM + TWO + b"\n", [(None, "JSN105")]),
        ("data.jsonl", ONE + b"\n" + BOM + b"\n", [(None, "JSN105"), (2, "JSN101")]),
        ("data.jsonl", b"\n" + ONE + b"\n \n" + TWO + b"\n\n", [(1, "JSN201"), (3, "JSN201"), (5, "JSN201")]),
        ("data.jsonl", b"\n\n", [(1, "JSN201"), (2, "JSN201")]),
        ("data.jsonl", ONE + b"\n" + rb'{"text": "1\8"}' + b"\n" + TWO + b"\n", [(2, "JSN101")]),
        ("data.jsonl", ONE[:-3] + b"\n" + TWO + b"\n", [(1, "JSN101")]),
        ("data.jsonl", ONE + TWO + b"\n", [(1, "JSN101")]),
        ("data.jsonl", ONE + b"\rx" + TWO + b"\n", [(1, "JSN101")]),
        ("data.jsonl", b"\x00" * 500 + b"\n" + ONE + b"\n", [(1, "JSN103")]),
        ("data.jsonl", ONE + b"\n" + b'{"text": "caf\xe9"}\n', [(2, "JSN103")]),
        ("data.jsonl", ONE + b"\n" + rb'{"text": "\ud800"}' + b"\n", [(2, "JSN103")]),
        ("data.jsonl", ONE + b'\n{"text": "a", "text": "b"}\n', [(2, "JSN104")]),
        ("data.jsonl", b'"one"\n2\nnull\n[]\n', [(n, "JSN102") for n in range(1, 5)]),
        ("data.jsonl", MESSAGES + b"\n" + MESSAGES + b"\n", []),
        ("data.jsonl", b"[" + ONE + b", " + TWO + b"]", [(None, "JSN106")]),
        ("data.jsonl", b"[\n  " + ONE + b",\n  " + TWO + b"\n]\n", [(None, "JSN106")]),
        ("data.jsonl", b"[\n  " + ONE + b",\n  " + TWO + b",\n]\n", [(None, "JSN106"), (3, "JSN101")]),
        ("data.ndjson", ONE.replace(b", ", b",\n  ") + b"\n" + TWO.replace(b", ", b",\n  "), [(None, "JSN106")]),
        ("data.jsonl", POINTER, [(None, "JSN106")]),
        ("data.jsonl", gzip.compress(BOTH, mtime=0), [(None, "JSN106")]),
        ("data.jsonl", b"PAR1" + b"\x00" * 50, [(None, "JSN106")]),
        ("data.jsonl", BOTH.decode().encode("utf-16"), [(None, "JSN103")]),
        ("data.jsonl", BOTH.decode().encode("utf-16-be"), [(None, "JSN103")]),
        ("data.jsonl", BOTH.decode().encode("utf-32"), [(None, "JSN103")]),
        ("data.json", BOTH, [(None, "JSN106")]),
        ("data.json", ONE, []),
        ("data.json", b"[\n" + ONE + b",\n" + TWO + b"\n]", []),
        ("data.json", b"[" + ONE + b", " + TWO + b"]", []),
        ("data.json", b"[\n" + ONE + b"\n" + TWO + b"\n]", [(2, "JSN101")]),
        ("data.json", b"[\n" + ONE + b',\n{"text": "cut', [(3, "JSN101")]),
        ("data.json", b'{\n "text": "one"\n}', []),
        ("data.json", b'{\n "text": "one"\n}\n{\n "text": "two"\n}', [(None, "JSN106")]),
        ("data.json", POINTER, [(None, "JSN106")]),
        ("data.txt", b"[" + ONE + b"]", []),
        ("data.jsonl.gz", gzip.compress(BOM + BOTH.rstrip(), mtime=0), [(None, "JSN105"), (None, "JSN203")]),
    ],
)
def test_every_defect_has_its_finding(
    tmp_path: Path, name: str, data: bytes, expected: list[tuple[int | None, str]]
) -> None:
    assert told(scan(tmp_path, name, data)) == expected


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("data.jsonl", b"[" + ONE + b"]", "the file is one JSON array, not a record a line: `jq -c '"),
        ("data.jsonl", POINTER, "a Git LFS pointer, not the data: `git lfs pull` gets it"),
        ("data.jsonl", gzip.compress(BOTH, mtime=0), "compressed with gzip, and its name does not say so: add .gz to it"),
        ("data.jsonl", BOTH.decode().encode("utf-16"), r"the file is UTF-16, not UTF-8: nothing in it was checked \(iconv"),
        ("data.json", BOTH, "the file holds 2 JSON values one after the other, not one: name it .jsonl"),
        ("data.jsonl", BOM + ONE + b"\n" + BOM + TWO, "starts with a byte-order mark, and so does a line in it"),
        ("data.jsonl", ONE + b"\n" + BOM + TWO + b"\n", "^a line starts with a byte-order mark"),
        ("data.jsonl", ONE + b"\r\n" + TWO + b"\n", "^1 of 2 lines end in CR LF, the others in LF"),
        ("data.jsonl", b'{"role": "user", "role": "system", "a": 1}\n',
         '^the key "role" stands twice in one object: the last value, "system", is read, the others are lost'),
        ("data.jsonl", b'{"a": "some text", "a": "more text"}\n', "the last value is read"),
        ("data.json", b"[" + ONE + b" " + TWO + b"]", "invalid JSON: no comma between two values"),
    ],
)  # fmt: skip
def test_findings_say_what_to_do(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    first = next(iter(scan(tmp_path, name, data).findings))
    assert regex.search(words, first.message), first.message


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("data.jsonl", POINTER, "is a Git LFS pointer: run `git lfs pull` to get the data"),
        ("data.jsonl", BOTH.decode().encode("utf-16"), "is UTF-16, not UTF-8"),
        ("data.jsonl", zstandard.compress(BOTH), "is compressed with Zstandard, and its name does not end in .zst"),
        ("data.jsonl.gz", BOTH, "cannot be unpacked: not a gzipped file"),
        ("data.jsonl.xz", lzma.compress(BOTH)[:-9], "cannot be unpacked: compressed file ended before"),
        ("data.jsonl.zst", zstandard.compress(BOTH)[:-9], "cannot be unpacked: compressed file ended before"),
    ],
)
def test_what_was_not_checked_is_said(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    outcome = scan(tmp_path, name, data)
    (note,) = outcome.not_checked
    assert (note.what, note.path, note.note) == ("file", name, False)
    assert note.why.startswith(why)


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    files = running.write(tmp_path, {"a.jsonl.gz": BOTH, "b.jsonl": ONE + b"\n\n", "c.jsonl": POINTER})
    (tmp_path / "d.jsonl").symlink_to("gone.jsonl")
    outcome = running.scan(running.settings(tmp_path, *files, "d.jsonl", select=("JSN",)))
    assert [(outcome.paths[f.ref.source if f.ref else f.source or 0], f.code) for f in outcome.findings] == [
        ("b.jsonl", "JSN201"), ("c.jsonl", "JSN106"),
    ]  # fmt: skip
    assert sorted(note.path for note in outcome.not_checked) == ["a.jsonl.gz", "c.jsonl", "d.jsonl"]


@pytest.mark.parametrize("name", ["data.jsonl", "data.json"])
def test_records_over_the_limit_are_passed_by(tmp_path: Path, name: str) -> None:
    long = b'{"instruction": "Name a colour.", "output": "' + b"x" * 5000 + b'"}'
    lines = [ONE, long, b'{"broken"', TWO]
    data = b"\n".join(lines) + b"\n" if name == "data.jsonl" else b"[" + b",\n".join(lines) + b"]\n"
    outcome = scan(tmp_path, name, data, max_record_bytes=1000)
    assert told(outcome) == [(2, "DLT903"), (3, "JSN101")]
    (note,) = outcome.not_checked
    assert (note.what, note.path, note.line) == ("record", name, 2)
    assert note.why == "the record has 5,047 bytes, the limit is 1,000 (max-record-bytes)"
    assert outcome.stats.records == 4
    first = next(iter(outcome.findings))
    assert first.ref is not None
    assert (first.ref.length, outcome.records.at(first.ref).raw) == (0, b"")


def test_deep_nesting_is_refused_quickly(tmp_path: Path) -> None:
    data = b'{"text": ' + b"[" * 100_000 + b"\n" + ONE + b"\n"
    assert told(scan(tmp_path, "data.jsonl", data)) == [(1, "JSN101")]
    nested = b'{"text": ' + b"[" * 1000 + b"]" * 1000 + b', "text": 1}\n'
    outcome = scan(tmp_path, "data.jsonl", nested)
    assert told(outcome) == [(1, "JSN104")]
    assert outcome.not_checked == []


@pytest.mark.parametrize(
    ("data", "fixed"),
    [
        (BOM + ONE + b"\r\n\r\n" + BOM + TWO, ONE + b"\n" + TWO + b"\n"),
        (b"\n\n" + ONE + b"\n\t\n", ONE + b"\n"),
        (b"\n", b""),
        (b'{"a": 1, "b": 2, "a": 1}', b'{"b": 2, "a": 1}\n'),
        (b'{"a" : "\\u00e9", "a": "\xc3\xa9", "a":"\xc3\xa9"}\r\n', b'{"a":"\xc3\xa9"}\n'),
        (b'{"a": 1, "a": 1.0}\n', b'{"a": 1, "a": 1.0}\n'),
        (b'{"a": 1,}\r\n', b'{"a": 1,}\n'),
    ],
)
def test_safe_fixes_go_together(tmp_path: Path, data: bytes, fixed: bytes) -> None:
    running.write(tmp_path, {"data.jsonl": data})
    running.fix(running.settings(tmp_path, "data.jsonl", select=("JSN",)), unsafe=False)
    assert (tmp_path / "data.jsonl").read_bytes() == fixed
