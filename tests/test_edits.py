"""Edits in raw bytes: what is touched says what was meant, and nothing else moves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from documents import TEXTS, documents, pointers, resolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from datalint.edited import parse
from datalint.edits import Applied, apply
from datalint.jsonspan import locate, text_span
from datalint.model import Edit, Fix

OPS = ["replace-text", "set", "remove", "rename-key", "delete-record", "delete-line", "replace-bytes"]
LAW = settings(deadline=None)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)


def fix(*edits: Edit) -> Fix:
    return Fix("repair", "safe", edits)


def replace(pointer: str, start: int, end: int, new: str) -> Edit:
    return Edit("replace-text", pointer, (start, end), new)


def in_bytes(start: int, end: int, new: str) -> Edit:
    return Edit("replace-bytes", "", (start, end), new)


@st.composite
def edit(draw: st.DrawFn, value: Any, places: list[str]) -> Edit:
    """Some edit that fits, or nearly fits, the value."""
    pointer = draw(st.sampled_from(places))
    at = resolve(value, pointer)
    op: Any = draw(
        st.sampled_from(["set", "remove", "rename-key", *["replace-text"] * (4 if isinstance(at, str) else 0)])
    )
    if op == "replace-text":
        start = draw(st.integers(0, len(at)))
        return replace(pointer, start, draw(st.integers(start, len(at))), draw(TEXTS))
    new = {"set": VALUES, "rename-key": TEXTS, "remove": st.none()}[op]
    return Edit(op, pointer, None, draw(new))


@st.composite
def edited_documents(draw: st.DrawFn) -> tuple[bytes, list[Fix]]:
    text = draw(documents())
    value = json.loads(text)
    places = pointers(value)
    edits = st.lists(edit(value, places), min_size=1, max_size=3)
    return text.encode(), [fix(*found) for found in draw(st.lists(edits, min_size=1, max_size=4))]


def reference(value: Any, edits: list[Edit]) -> Any:
    """Edits of a value one by one, in an order that keeps all pointers true."""
    box = [value]
    rank = {"replace-text": 0, "set": 1, "remove": 2, "rename-key": 3}

    def order(e: Edit) -> tuple[int, ...]:
        numbers = tuple(-int(t) if t.isdigit() else 0 for t in e.pointer.split("/"))
        return (-e.pointer.count("/"), rank[e.op], -(e.span or (0, 0))[0], *numbers)

    for e in sorted(edits, key=order):
        above, _, token = e.pointer.rpartition("/")
        at = resolve(value, above) if e.pointer else box
        key: Any = 0 if not e.pointer else int(token) if isinstance(at, list) else token
        key = key.replace("~1", "/").replace("~0", "~") if isinstance(key, str) else key
        if e.op == "replace-text":
            assert e.span is not None
            at[key] = at[key][: e.span[0]] + e.value + at[key][e.span[1] :]
        elif e.op == "set":
            at[key] = parse(json.dumps(e.value).encode())
        elif e.op == "remove":
            del at[key]
        else:
            at[e.value] = at.pop(key)
    return box[0]


@LAW
@given(edited_documents())
def test_the_result_says_what_was_meant(case: tuple[bytes, list[Fix]]) -> None:
    raw, fixes = case
    assume(all(len({e.pointer for e in f.edits}) == len(f.edits) for f in fixes))
    done = apply(raw, fixes)
    taken = [e for n in done.taken for e in fixes[n].edits]
    assume(sum(e.op == "rename-key" for e in taken) < 2)  # swaps need all names at once
    assert parse(done.raw) == reference(parse(raw), taken)


@LAW
@given(edited_documents())
def test_every_fix_has_one_fate(case: tuple[bytes, list[Fix]]) -> None:
    raw, fixes = case
    done = apply(raw, fixes)
    assert sorted([*done.taken, *done.waiting, *(n for n, _ in done.refused)]) == list(range(len(fixes)))
    assert (done.raw != raw) == bool(done.taken)
    assert apply(raw, [fixes[n] for n in done.taken]).raw == done.raw
    assert done.taken or not done.waiting or done.refused


@LAW
@given(documents(), st.data())
def test_texts_keep_every_byte_outside_the_span(text: str, data: st.DataObject) -> None:
    raw, value = text.encode(), json.loads(text)
    texts = [p for p in pointers(value) if isinstance(resolve(value, p), str)]
    assume(texts)
    pointer = data.draw(st.sampled_from(texts))
    old = resolve(value, pointer)
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    done = apply(raw, [fix(replace(pointer, start, end, data.draw(TEXTS)))])
    if not done.taken:
        assert done.raw == raw
        return
    where = locate(raw).value(pointer)
    a, b = text_span(raw, where, (start, end))
    assert done.raw.startswith(raw[:a])
    assert done.raw.endswith(raw[b:])


@LAW
@given(documents(), st.data())
def test_setting_twice_changes_nothing_more(text: str, data: st.DataObject) -> None:
    places = pointers(json.loads(text))
    setting = fix(Edit("set", data.draw(st.sampled_from(places)), None, data.draw(VALUES)))
    once = apply(text.encode(), [setting])
    again = apply(once.raw, [setting])
    assert again.raw == once.raw
    assert [why for _, why in again.refused] == ["it changes nothing"]


RECORD = b'{"a": "caf\\u00e9 \\ud83d\\ude00 x", "n": 1.0, "l": [1e5, {"k" :"v"}], "a\\"": null}'


@pytest.mark.parametrize(
    ("raw", "edits", "new"),
    [
        (RECORD, [replace("/a", 5, 6, "é")], RECORD.replace(b"\\ud83d\\ude00", b"\\u00e9")),
        (RECORD, [replace("/a", 0, 0, "ü/")], RECORD.replace(b"caf", b"\\u00fc/caf")),
        (RECORD, [Edit("replace-text", "/l/1/k", None, "ü")], RECORD.replace(b'"v"', b'"\\u00fc"')),
        (RECORD, [Edit("set", "/a", None, "cafe 😀 x")], RECORD.replace(b"\\u00e9", b"e")),
        (RECORD, [Edit("set", "/n", None, {"é": [1, None]})], RECORD.replace(b"1.0", b'{"\\u00e9":[1,null]}')),
        (RECORD, [Edit("set", "", None, [])], b"[]"),
        (RECORD, [Edit("set", "/n", None, 1)], RECORD.replace(b"1.0", b"1")),
        (RECORD, [Edit("remove", "/n")], RECORD.replace(b'"n": 1.0, ', b"")),
        (RECORD, [Edit("remove", "/l/1")], RECORD.replace(b', {"k" :"v"}', b"")),
        (RECORD, [Edit("remove", "/l/0"), Edit("remove", "/l/1")], RECORD.replace(b'1e5, {"k" :"v"}', b"")),
        (RECORD, [Edit("remove", "/l/0"), replace("/l/1/k", 0, 1, "w")], RECORD.replace(b'1e5, {"k" :"v', b'{"k" :"w')),
        (RECORD, [Edit("remove", '/a"'), Edit("remove", "/l")], RECORD[: RECORD.index(b', "l"')] + b"}"),
        (RECORD, [Edit("rename-key", '/a"', None, "b\n")], RECORD.replace(b'"a\\""', b'"b\\n"')),
        (RECORD, [Edit("rename-key", "/l", None, "m"), Edit("remove", "/l/0")],
         RECORD.replace(b'"l": [1e5, ', b'"m": [')),
        (b'{"a":1,"b":2}', [Edit("rename-key", "/a", None, "b"), Edit("rename-key", "/b", None, "a")],
         b'{"b":1,"a":2}'),
        (b'{"a":1,"b":2}', [Edit("rename-key", "/a", None, "b"), Edit("remove", "/b")], b'{"b":1}'),
        (b'{"a":1,"x":0,"\\u0061":2}', [Edit("remove", "/a")], b'{"x":0}'),
        (b'{"a":1,"x":0,"\\u0061":2}', [Edit("rename-key", "/a", None, "b")], b'{"b":1,"x":0,"b":2}'),
        (b'{"a":1,"a":2}', [Edit("set", "/a", None, 3)], b'{"a":1,"a":3}'),
        (b'{"a": 1, "a": 1}\r', [in_bytes(1, 9, "")], b'{"a": 1}\r'),
        ("{'a': 'ü'}".encode(), [in_bytes(1, 4, '"a"'), in_bytes(6, 10, "1")], b'{"a": 1}'),
        (b'{"a": "\xff"}', [in_bytes(7, 8, "\xc3\xbc")], '{"a": "ü"}'.encode()),
        (b'\xef\xbb\xbf{"a": "x"}\r', [replace("/a", 1, 1, "é")], '\ufeff{"a": "xé"}\r'.encode()),
        (b'[\n "a",\n "b"\n]', [Edit("remove", "/1")], b'[\n "a"\n]'),
    ],
)  # fmt: skip
def test_one_fix(raw: bytes, edits: list[Edit], new: bytes) -> None:
    assert apply(raw, [fix(*edits)]) == Applied(new, (0,), (), ())


@pytest.mark.parametrize(
    ("raw", "edits", "why"),
    [
        (RECORD, [], "it holds no edit of the record"),
        (RECORD, [replace("/a", 0, 1, "c")], "it changes nothing"),
        (RECORD, [Edit("set", "/l/1", None, {"k": "v"})], "it changes nothing"),
        (RECORD, [Edit("set", "/n", None, "x"), replace("/z", 0, 1, "c")], "'/z' is not there to be edited"),
        (RECORD, [Edit("remove", "/l/7")], "'/l/7' is not there to be edited"),
        (RECORD, [Edit("remove", "")], "'' is not there to be edited"),
        (RECORD, [Edit("rename-key", "/l/0", None, "x")], "'/l/0' is not there to be edited"),
        (RECORD, [Edit("rename-key", "/a", None, "n")], "the object has a key 'n' already"),
        (RECORD, [Edit("rename-key", "/a", None, 3)], "rename-key needs a text, got int"),
        (RECORD, [replace("/n", 0, 1, "c")], "the value at '/n' is not a text"),
        (RECORD, [replace("/a", 0, 99, "c")], "span 0:99 ends after the text"),
        (RECORD, [replace("/a", 0, 1, "\ud83d")], "its new text holds half a surrogate pair"),
        (RECORD, [replace("/a", 0, 2, "x"), replace("/a", 1, 3, "y")], "its edits overlap"),
        (RECORD, [Edit("remove", "/l"), Edit("set", "/l/0", None, 1)], "its edits overlap"),
        (RECORD, [Edit("set", "/a", None, float("nan"))], "its new value is no JSON: "),
        (RECORD, [Edit("set", "/a", None, {1, 2})], "its new value is no JSON: "),
        (RECORD, [Edit("set", "/a", None, "x"), in_bytes(0, 1, "x")],
         "it mixes edits that do not go together: replace-bytes, set"),
        (RECORD, [Edit("delete-record"), Edit("remove", "/a")],
         "it mixes edits that do not go together: delete-record, remove"),
        (RECORD, [Edit("delete-line")], "the line is not blank"),
        (RECORD, [in_bytes(0, 1, "")], "the result would not be valid JSON"),
        (RECORD, [in_bytes(0, 999, "")], "bytes 0:999 are not in the line"),
        (RECORD, [in_bytes(1, 1, "\n")], "it would break the line in two"),
        (RECORD, [in_bytes(1, 1, "中")], "its new bytes are no bytes"),
        (b"", [Edit("set", "/a", None, 1)], "the line is not valid JSON"),
        (b'{"a": NaN}', [Edit("set", "/a", None, 1)], "the line is not valid JSON"),
        (b'{"a": "\\ud83d-\\ude00"}', [replace("/a", 1, 2, "")], "the result would not say what was meant"),
        (b"[" * 100_000 + b"]" * 100_000, [Edit("set", "/0", None, 1)], "the line is not valid JSON"),
    ],
)  # fmt: skip
def test_refusals_say_why(raw: bytes, edits: list[Edit], why: str) -> None:
    done = apply(raw, [fix(*edits)])
    assert (done.raw, done.taken, done.waiting, done.deleted) == (raw, (), (), False)
    assert [n for n, _ in done.refused] == [0]
    assert done.refused[0][1].startswith(why)


@pytest.mark.parametrize(
    ("fixes", "taken", "waiting", "text"),
    [
        ([replace("/t", 4, 6, "X"), replace("/t", 0, 1, "Y")], (1, 0), (), "Y123X67"),
        ([replace("/t", 0, 3, "X"), replace("/t", 2, 4, "Y")], (0,), (1,), "X34567"),
        ([replace("/t", 2, 4, "Y"), replace("/t", 0, 3, "X")], (1,), (0,), "X34567"),
        ([replace("/t", 0, 3, "X"), replace("/t", 3, 4, "Y")], (0, 1), (), "XY4567"),
        ([replace("/t", 2, 2, "X"), replace("/t", 2, 2, "Y")], (0,), (1,), "01X234567"),
        ([Edit("remove", "/t"), replace("/t", 2, 2, "Y")], (0,), (1,), None),
        ([in_bytes(7, 8, "X"), replace("/t", 4, 5, "Y")], (0,), (1,), "X1234567"),
    ],
)
def test_overlaps_wait(fixes: list[Edit], taken: tuple[int, ...], waiting: tuple[int, ...], text: str | None) -> None:
    done = apply(b'{"t": "01234567"}', [fix(edit) for edit in fixes])
    assert (done.taken, done.waiting, done.refused) == (taken, waiting, ())
    assert json.loads(done.raw).get("t") == text


def test_one_bad_fix_does_not_spoil_the_others() -> None:
    raw = b'{"a": 1, "b": 2, "c": "x"}'
    renames = [fix(Edit("rename-key", p, None, "z")) for p in ("/a", "/b")]
    done = apply(raw, [*renames, fix(replace("/c", 0, 1, "y"))])
    assert done == Applied(b'{"z": 1, "b": 2, "c": "y"}', (0, 2), (), ((1, "the object has a key 'z' already"),))


@pytest.mark.parametrize(("raw", "op"), [(RECORD, "delete-record"), (b" \r", "delete-line"), (b"", "delete-line")])
def test_deletions_leave_the_bytes_to_the_file(raw: bytes, op: Any) -> None:
    assert apply(raw, [fix(Edit(op))]) == Applied(raw, (0,), (), (), deleted=True)


def test_a_deletion_goes_alone() -> None:
    delete, change = fix(Edit("delete-record")), fix(replace("/a", 0, 1, "x"))
    assert apply(RECORD, [change, delete, delete]) == Applied(RECORD, (1,), (0, 2), (), deleted=True)


@LAW
@given(st.binary(max_size=40) | st.text('{}[]",:\\u0d8 1e.-tfn\ufeff', max_size=30).map(str.encode), st.data())
def test_any_bytes_are_survived(raw: bytes, data: st.DataObject) -> None:
    edits = st.builds(
        Edit, st.sampled_from(OPS), st.sampled_from(["", "/", "/0", "/u0/0"]), st.none() | st.just((0, 1)), st.just("x")
    )
    fixes = [fix(*found) for found in data.draw(st.lists(st.lists(edits, max_size=2), max_size=3))]
    done = apply(raw, fixes)
    assert len(done.taken) + len(done.waiting) + len(done.refused) == len(fixes)
