"""Files that are fixed: the bytes on the disk before and after, and that nothing is lost when something goes wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from documents import documents
from fixes import BOM, DELETE, DROP, THREE, of, run, upper
from hypothesis import given, settings
from hypothesis import strategies as st

from datalint import fixing, fixing_layout
from datalint.fixing import choose, choose_layout, diff, rewrite, stamp
from datalint.fixing_diff import changes
from datalint.model import Edit, Finding, Fix, Ref

LAW = settings(deadline=None)


@pytest.mark.parametrize(
    ("raw", "edits", "new"),
    [
        (THREE, {}, THREE),
        (THREE, {0: upper(), 2: upper("é")}, '{"t": "X"}\n{"t":"b\\u00e9"}\n{ "t": "é"}\n'.encode()),
        (THREE, {1: upper("é")}, b'{"t": "a"}\n{"t":"\\u00e9\\u00e9"}\n{ "t": "c"}\n'),
        (THREE, {0: DELETE}, THREE[11:]),
        (THREE, {1: DELETE}, b'{"t": "a"}\n{ "t": "c"}\n'),
        (THREE, {2: DELETE}, THREE[:27]),
        (THREE, {0: DELETE, 1: DELETE, 2: DELETE}, b""),
        (THREE[:-1], {2: upper()}, THREE.replace(b'"c"', b'"X"')[:-1]),
        (THREE[:-1], {2: DELETE}, THREE[:27]),
        (b'{"t":"a"}\r\n\r\n{"t":"b"}\r\n', {0: upper(), 1: DROP}, b'{"t":"X"}\r\n{"t":"b"}\r\n'),
        (b'\n \n{"t":"b"}\n\n', {0: DROP, 1: DROP, 3: DROP}, b'{"t":"b"}\n'),
        (BOM + b'{"t":"a"}\n', {0: upper()}, BOM + b'{"t":"X"}\n'),
        ('{"t":"a\u2028\x85"}\n{"t":"b"}\n'.encode(), {1: upper()}, '{"t":"a\u2028\x85"}\n{"t":"X"}\n'.encode()),
    ],
)
def test_lines(tmp_path: Path, raw: bytes, edits: dict[int, Edit], new: bytes) -> None:
    path, quarantine = tmp_path / "data.jsonl", tmp_path / "q" / "quarantine.jsonl"
    done = run(path, raw, [of(n, raw, edit) for n, edit in edits.items()], quarantine=quarantine)
    assert path.read_bytes() == new
    assert done.changed_records == len(edits) == sum(done.taken.values())
    deleted = [raw.split(b"\n")[n] for n, edit in edits.items() if edit is DELETE]
    assert done.deleted == len(deleted)
    assert (quarantine.read_bytes() if quarantine.exists() else b"") == b"".join(d + b"\n" for d in deleted)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data.jsonl", *(["q"] if deleted else [])]


@pytest.mark.parametrize(
    ("raw", "gone", "new"),
    [
        (b'[{"t":1}, {"t":2}, {"t":3}]', [0], b'[{"t":2}, {"t":3}]'),
        (b'[{"t":1}, {"t":2}, {"t":3}]', [1], b'[{"t":1}, {"t":3}]'),
        (b'[{"t":1}, {"t":2}, {"t":3}]', [2], b'[{"t":1}, {"t":2}]'),
        (b'[{"t":1}, {"t":2}, {"t":3}]', [0, 1], b'[{"t":3}]'),
        (b'[{"t":1}, {"t":2}, {"t":3}]', [1, 2], b'[{"t":1}]'),
        (b'[{"t":1}, {"t":2}, {"t":3}]', [0, 2], b'[{"t":2}]'),
        (b'[ {"t":1}, {"t":2} ,{"t":3} ]\n', [0, 1, 2], b"[  ]\n"),
        (b'[{"t":1}]', [0], b"[]"),
        (b'[\n  {"t": 1},\n  {\n    "t": 2\n  }\n]\n', [1], b'[\n  {"t": 1}\n]\n'),
        (b'[\n  {"t": 1},\n  {\n    "t": 2\n  }\n]\n', [0], b'[\n  {\n    "t": 2\n  }\n]\n'),
        (b'[1,' + b" " * 2000 + b"2," + b" " * 2000 + b"3]", [1], b"[1," + b" " * 2000 + b"3]"),
        (b'[1,' + b" " * 2000 + b"2" + b" " * 2000 + b"]", [1], b"[1" + b" " * 2000 + b"]"),
    ],
)  # fmt: skip
def test_items_of_an_array(tmp_path: Path, raw: bytes, gone: list[int], new: bytes) -> None:
    path, quarantine = tmp_path / "data.json", tmp_path / "quarantine.jsonl"
    chosen = [of(n, raw, DELETE, array=True) for n in gone]
    done = run(path, raw, chosen, quarantine=quarantine, is_array=True)
    assert path.read_bytes() == new
    assert done.deleted == len(gone)
    kept = quarantine.read_bytes().split(b"\n")
    assert [json.loads(line) for line in kept[:-1]] == [json.loads(raw)[n] for n in gone]


@LAW
@given(st.lists(documents(2), min_size=1, max_size=6), st.data())
def test_an_array_loses_just_what_is_deleted(tmp_path_factory: Any, items: list[str], data: st.DataObject) -> None:
    between = st.sampled_from([",", ", ", "\n ,\n "])
    text = "[" + items[0] + "".join(data.draw(between) + item for item in items[1:]) + " ]"
    raw = text.encode()
    folder = tmp_path_factory.mktemp("array")
    changes = {n: data.draw(st.sampled_from([None, DELETE, Edit("set", "", None, "new")])) for n in range(len(items))}
    chosen = [of(n, raw, edit, array=True) for n, edit in changes.items() if edit]
    done = run(folder / "a.json", raw, chosen, quarantine=folder / "q", is_array=True)
    value = json.loads(text)
    wanted = [value[n] if edit is None else "new" for n, edit in changes.items() if edit is not DELETE]
    assert repr(json.loads((folder / "a.json").read_bytes())) == repr(wanted)
    assert done.deleted == sum(edit is DELETE for edit in changes.values())


def test_edits_of_an_array_stay_in_their_item(tmp_path: Path) -> None:
    raw = b'[\n  {"t": "a",\n   "n": 1.0},\n  {"t": "b"}\n]'
    path = tmp_path / "data.json"
    run(path, raw, [of(0, raw, upper(), array=True), of(1, raw, upper(), array=True)], is_array=True)
    assert path.read_bytes() == raw.replace(b'"a"', b'"X"').replace(b'"b"', b'"X"')


@pytest.mark.parametrize(
    ("raw", "changes", "new", "counts"),
    [
        (BOM + b"1\n2\n", {"strip-bom"}, b"1\n2\n", {"strip-bom": 1}),
        (BOM + BOM + b"1\n" + BOM + b"2" + BOM + b"\n" + BOM, {"strip-bom"}, b"1\n2" + BOM + b"\n", {"strip-bom": 3}),
        (b"1\n\xef\xbb2\n\xef", {"strip-bom"}, b"1\n\xef\xbb2\n\xef", {}),
        (b"1\r\n2\r3\n4\r\r\n5\r", {"lf-endings"}, b"1\n2\r3\n4\n5\r", {"lf-endings": 2}),
        (b"1\n2", {"final-newline"}, b"1\n2\n", {"final-newline": 1}),
        (b"1\r\n2", {"final-newline"}, b"1\r\n2\r\n", {"final-newline": 1}),
        (b"1\r\n2\r", {"final-newline"}, b"1\r\n2\r\n", {"final-newline": 1}),
        (b"1\n", {"final-newline"}, b"1\n", {}),
        (b"", {"strip-bom", "lf-endings", "final-newline"}, b"", {}),
        (BOM, {"strip-bom", "final-newline"}, b"", {"strip-bom": 1}),
        (BOM + b"1\r\n\r\n2", {"strip-bom", "lf-endings", "final-newline"}, b"1\n\n2\n",
         {"strip-bom": 1, "lf-endings": 2, "final-newline": 1}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("chunk", [1, 2, 3, 1 << 20])
def test_whole_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    raw: bytes,
    changes: set[str],
    new: bytes,
    counts: dict[str, int],
    chunk: int,
) -> None:
    monkeypatch.setattr(fixing, "CHUNK", chunk)
    path = tmp_path / "data.jsonl"
    done = run(path, raw, [], whole_file=frozenset(changes))
    assert path.read_bytes() == new
    assert done.whole_file == counts
    again = rewrite(path, [], whole_file=frozenset(changes), expected=stamp(path))
    assert not again.changed
    assert path.read_bytes() == new


def test_whole_file_and_records_together(tmp_path: Path) -> None:
    raw = BOM + b'{"t":"a"}\r\n\r\n{"t":"b"}'
    done = run(
        tmp_path / "d.jsonl", raw, [of(0, raw, upper()), of(1, raw, DROP)], whole_file=frozenset(fixing_layout.CHANGES)
    )
    assert (tmp_path / "d.jsonl").read_bytes() == b'{"t":"X"}\n{"t":"b"}\n'
    assert done.whole_file == {"strip-bom": 1, "lf-endings": 1, "final-newline": 1}


def test_fates_are_counted_by_code(tmp_path: Path) -> None:
    chosen = [
        of(0, THREE, upper(), code="A"),
        of(0, THREE, upper("Y"), code="B"),
        of(1, THREE, Edit("remove", "/x"), code="C"),
        of(2, THREE, DELETE, code="D"),
        of(2, THREE, upper(), code="A"),
    ]
    done = run(tmp_path / "d.jsonl", THREE, chosen)
    assert (done.changed_records, done.deleted) == (2, 0)
    assert (done.taken, done.waiting) == ({"A": 2}, {"B": 1})
    assert [(r.ref.line, r.code, r.why) for r in done.refused] == [
        (2, "C", "'/x' is not there to be edited"),
        (3, "D", "deleting a record needs a quarantine file"),
    ]


def test_nothing_to_do_leaves_the_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(THREE)
    before = stamp(path)
    done = rewrite(path, [of(0, THREE, Edit("remove", "/x"))], whole_file=frozenset({"strip-bom"}), expected=before)
    assert not done.changed
    assert stamp(path) == before


def test_dry_runs_write_nothing_and_tell(tmp_path: Path) -> None:
    path, quarantine = tmp_path / "d.jsonl", tmp_path / "q"
    raw = BOM + THREE
    chosen = [of(0, raw, upper()), of(1, raw, DELETE), of(2, raw, upper())]
    done = run(path, raw, chosen, whole_file=frozenset({"strip-bom"}), quarantine=quarantine, dry=True)
    assert path.read_bytes() == raw
    assert not quarantine.exists()
    assert done.changed
    assert done.diff == (
        f"--- {path}\n+++ {path}\n",
        '@@ -1 +1 @@\n-<U+FEFF>{"t": "a"}\n+<U+FEFF>{"t": "X"}\n',
        '@@ -2 +1,0 @@\n-{"t":"b\\u00e9"}\n',
        '@@ -3 +2 @@\n-{ "t": "c"}\n+{ "t": "X"}\n',
        "@@ whole file @@\n strip-bom: 1 places\n",
    )


def test_the_quarantine_takes_no_byte_order_mark(tmp_path: Path) -> None:
    path, quarantine = tmp_path / "d.jsonl", tmp_path / "q.jsonl"
    run(path, BOM + THREE, [of(0, BOM + THREE, DELETE)], quarantine=quarantine)
    assert quarantine.read_bytes() == b'{"t": "a"}\n'


def test_the_quarantine_grows_and_is_never_mended(tmp_path: Path) -> None:
    path, quarantine = tmp_path / "d.jsonl", tmp_path / "q.jsonl"
    quarantine.write_bytes(b'{"old": 1}\n{"cut')
    run(path, THREE, [of(1, THREE, DELETE)], quarantine=quarantine)
    assert quarantine.read_bytes() == b'{"old": 1}\n{"cut\n{"t":"b\\u00e9"}\n'


# ---- choosing ----


def test_choosing() -> None:
    def finding(offset: int, code: str, how: Any, **more: Any) -> Finding:
        made = Fix("repair", how, (DELETE,)) if not more else Fix("repair", how, **more)
        return Finding("found", Ref(0, offset, 1, 1, 0), fix=made, code=code)

    findings = [
        finding(9, "A", "safe"),
        finding(5, "A", "unsafe"),
        finding(4, "B", "unsafe"),
        finding(3, "A", "display-only"),
        finding(2, "C", "safe"),
        finding(1, "A", "safe", whole_file="strip-bom"),
        finding(0, "C", "safe", whole_file="lf-endings"),
        Finding("found", source=7, fix=Fix("end it", "safe", whole_file="final-newline"), code="A"),
        Finding("found", Ref(0, 1, 1, 1, 0), code="A"),
    ]

    def allow(code: str, how: str) -> bool:
        return code != "C" and (how == "safe" or code == "B")

    assert [(c.ref.offset, c.code) for c in choose(findings, allow)] == [(4, "B"), (9, "A")]
    assert choose_layout(findings, allow) == {0: frozenset({"strip-bom"}), 7: frozenset({"final-newline"})}


# ---- showing ----

LONG = "word " * 100


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("ab", "aXb", ["-ab", "+aXb"]),
        ("a\u200b\x1b\tb\u202e", "ab", ["-a<U+200B><U+001B><U+0009>b<U+202E>", "+ab"]),
        ("x" * 100 + "1" + "y" * 100, "x" * 100 + "2" + "y" * 100,
         ["-…" + "x" * 60 + "1" + "y" * 60 + "…", "+…" + "x" * 60 + "2" + "y" * 60 + "…"]),
        (f"1 {LONG}2 {LONG}", f"3 {LONG}4 {LONG}",
         ["-1 " + LONG[:60] + "…", "+3 " + LONG[:60] + "…",
          "-…" + LONG[-60:] + "2 " + LONG[:59] + "…", "+…" + LONG[-60:] + "4 " + LONG[:59] + "…"]),
        ("<" + "x" * 1000 + ">", "<>", ["-<" + "x" * 120 + "…" + "x" * 120 + ">", "+<>"]),
        ("secret a", "secret b", ["-****** a", "+****** b"]),
        ("secret", "******", [" (only masked text changes)"]),
    ],
)  # fmt: skip
def test_changes_are_shown(before: str, after: str, lines: list[str]) -> None:
    shown = diff("d.jsonl", before.encode(), after.encode(), 12, lambda text: text.replace("secret", "******"))
    assert shown == "\n".join(["--- d.jsonl", "+++ d.jsonl", "@@ -12 +12 @@", *lines, ""])


def test_bytes_that_are_no_text_are_shown() -> None:
    assert diff("d", b"\xff\r", None, 3) == "--- d\n+++ d\n@@ -3 +2,0 @@\n-<FF><U+000D>\n"


@LAW
@given(st.text(max_size=400), st.text(max_size=400))
def test_windows_hold_every_change(old: str, new: str) -> None:
    at, built = 0, ""
    for a, b, c, d in changes(old, new):
        built += old[at:a] + new[c:d]
        at = b
    assert built + old[at:] == new
