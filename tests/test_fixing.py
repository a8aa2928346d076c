"""Files that are fixed: the bytes on the disk before and after, and that nothing is lost when something goes wrong."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from documents import documents
from hypothesis import given, settings
from hypothesis import strategies as st

from datalint import fixing, fixing_files, fixing_layout
from datalint.errors import FixError
from datalint.fixing import Chosen, Rewritten, choose, choose_layout, diff, rewrite, stamp
from datalint.fixing_diff import changes
from datalint.jsonspan import locate
from datalint.model import Edit, Finding, Fix, Ref

LAW = settings(deadline=None)
BOM = b"\xef\xbb\xbf"


def of(number: int, raw: bytes, *edits: Edit, code: str = "ABC101", array: bool = False) -> Chosen:
    """A fix of the record with this number in the file that holds ``raw``."""
    if array:
        start, end = locate(raw).value(f"/{number}")
    else:
        lines = raw.split(b"\n")
        start = sum(len(line) + 1 for line in lines[:number])
        end = start + len(lines[number])
    return Chosen(Ref(0, start, end - start, number + 1, number), code, Fix("repair", "safe", edits))


def upper(new: str = "X") -> Edit:
    return Edit("replace-text", "/t", (0, 1), new)


DELETE, DROP = Edit("delete-record"), Edit("delete-line")


def run(path: Path, raw: bytes, chosen: list[Chosen], **options: Any) -> Rewritten:
    path.write_bytes(raw)
    return rewrite(path, chosen, expected=stamp(path), **options)


THREE = b'{"t": "a"}\n{"t":"b\\u00e9"}\n{ "t": "c"}\n'


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


# ---- files that must not or cannot be replaced ----


def test_a_changed_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(THREE)
    read = stamp(path)
    path.write_bytes(THREE + b"{}\n")
    with pytest.raises(FixError, match=r"d\.jsonl changed since it was read; nothing was written"):
        rewrite(path, [of(0, THREE, upper())], expected=read)
    assert path.read_bytes() == THREE + b"{}\n"


def test_a_file_that_changes_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d.jsonl"
    synced = fixing_files.sync

    def sync_late(file: Any) -> None:
        synced(file)
        path.write_bytes(b"{}\n")

    monkeypatch.setattr(fixing_files, "sync", sync_late)
    with pytest.raises(FixError, match="changed since it was read"):
        run(path, THREE, [of(0, THREE, upper())])
    assert path.read_bytes() == b"{}\n"
    assert [p.name for p in tmp_path.iterdir()] == ["d.jsonl"]


def test_a_link_stays_and_leads_to_the_fixed_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "d.jsonl", tmp_path / "link.jsonl"
    target.write_bytes(THREE)
    link.symlink_to(target)
    rewrite(link, [of(0, THREE, upper())], expected=stamp(link))
    assert link.is_symlink()
    assert target.read_bytes() == THREE.replace(b'"a"', b'"X"')


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_the_mode_stays(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(THREE)
    path.chmod(mode)
    rewrite(path, [of(0, THREE, upper())], expected=stamp(path))
    assert path.stat().st_mode & 0o777 == mode
    assert path.read_bytes() != THREE


def test_long_names_fit(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 120 + ".jsonl")
    assert run(path, THREE, [of(0, THREE, upper())]).changed


@pytest.mark.parametrize("name", ["d.jsonl.gz", "d.jsonl.zst", "d.jsonl.XZ"])
def test_compressed_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FixError, match="is compressed"):
        run(tmp_path / name, THREE, [])


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    nothing = fixing.Stamp(0, 0, 0)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, why in ((pipe, "not a regular file"), (tmp_path, "not a regular file"), (tmp_path / "-", "No such file")):
        with pytest.raises(FixError, match=why):
            rewrite(path, [], expected=nothing)


def test_read_only_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(FixError, match="read-only; nothing was written"):
        run(tmp_path / "d.jsonl", THREE, [of(0, THREE, upper())])
    assert run(tmp_path / "d.jsonl", THREE, [of(0, THREE, upper())], dry=True).diff


def test_unreadable_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.R_OK)
    with pytest.raises(FixError, match="may not be read"):
        run(tmp_path / "d.jsonl", THREE, [])


def test_a_source_is_no_quarantine(tmp_path: Path) -> None:
    with pytest.raises(FixError, match="its own quarantine"):
        run(tmp_path / "d.jsonl", THREE, [of(0, THREE, DELETE)], quarantine=tmp_path / "d.jsonl")


def test_unknown_changes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FixError, match="strip-tabs: no change of a whole file"):
        run(tmp_path / "d.jsonl", THREE, [], whole_file=frozenset({"strip-tabs"}))


@pytest.mark.parametrize("moved", [-1, 1])
def test_references_that_do_not_fit_are_refused(tmp_path: Path, moved: int) -> None:
    one = of(0, THREE, upper())
    wrong = Chosen(one.ref._replace(length=one.ref.length + moved), one.code, one.fix)
    with pytest.raises(FixError, match="not where it was found"):
        run(tmp_path / "d.jsonl", THREE, [wrong])
    with pytest.raises(FixError, match="not where it was found"):
        run(tmp_path / "d.jsonl", THREE, [of(1, THREE, upper()), one])
    assert (tmp_path / "d.jsonl").read_bytes() == THREE


def fail(code: int) -> Any:
    def failing(*_: Any, **__: Any) -> Any:
        raise OSError(code, os.strerror(code))

    return failing


@pytest.mark.parametrize(
    ("function", "code"),
    [
        ("tempfile.mkstemp", errno.EACCES),
        ("tempfile.mkstemp", errno.EROFS),
        ("datalint.fixing_files.sync", errno.ENOSPC),
        ("os.fsync", errno.EIO),
        ("os.replace", errno.EPERM),
    ],
)
def test_a_failing_disk_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, code: int
) -> None:
    path, quarantine = tmp_path / "d.jsonl", tmp_path / "q.jsonl"
    quarantine.write_bytes(b"{}\n")
    monkeypatch.setattr(function, fail(code))
    with pytest.raises(FixError, match=os.strerror(code)) as caught:
        run(path, THREE, [of(0, THREE, DELETE)], quarantine=quarantine)
    assert caught.value.exit_code == 3
    assert THREE[:10] in path.read_bytes() + quarantine.read_bytes()
    assert path.read_bytes() == THREE
    assert sorted(p.name for p in tmp_path.iterdir()) == ["d.jsonl", "q.jsonl"]


def test_a_full_disk_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d.jsonl"
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    real = os.fdopen

    def full(handle: int, mode: str) -> Any:
        os.close(handle)
        return real(os.open("/dev/full", os.O_WRONLY), mode)

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(FixError, match="No space left"):
        run(path, THREE, [of(0, THREE, upper())])
    assert path.read_bytes() == THREE
    assert [p.name for p in tmp_path.iterdir()] == ["d.jsonl"]


def test_a_full_disk_cuts_the_quarantine_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, quarantine = tmp_path / "d.jsonl", tmp_path / "q.jsonl"
    quarantine.write_bytes(b"{}\n")
    synced = fixing_files.sync

    def sync_source_only(file: Any) -> None:
        synced(file)
        if file.name == str(quarantine):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(fixing_files, "sync", sync_source_only)
    with pytest.raises(FixError, match="deleted records could not be kept: No space left"):
        run(path, THREE, [of(0, THREE, DELETE)], quarantine=quarantine)
    assert (path.read_bytes(), quarantine.read_bytes()) == (THREE, b"{}\n")


def test_deleted_records_are_kept_before_the_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, quarantine = tmp_path / "d.jsonl", tmp_path / "q.jsonl"
    seen: list[tuple[bytes, bytes]] = []
    put = fixing_files.put_in_place

    def watch(new: Path, target: Path) -> None:
        assert new.name.startswith(".d.jsonl.datalint-")
        assert new.suffix == ".tmp"
        seen.append((quarantine.read_bytes(), target.read_bytes()))
        put(new, target)

    monkeypatch.setattr(fixing_files, "put_in_place", watch)
    run(path, THREE, [of(0, THREE, DELETE)], quarantine=quarantine)
    assert seen == [(b'{"t": "a"}\n', THREE)]


def test_an_interrupt_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "d.jsonl", THREE, [of(0, THREE, upper())])
    assert (tmp_path / "d.jsonl").read_bytes() == THREE
    assert [p.name for p in tmp_path.iterdir()] == ["d.jsonl"]


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
    rules = (lambda code: code != "C", lambda code, how: how == "safe" or code == "B")
    assert [(c.ref.offset, c.code) for c in choose(findings, *rules)] == [(4, "B"), (9, "A")]
    assert choose_layout(findings, *rules) == {0: frozenset({"strip-bom"}), 7: frozenset({"final-newline"})}


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
