"""Byte spans in raw JSON: tables for the odd cases, and agreement with the standard parser for everything else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from documents import TEXTS, documents, literals, pointers, resolve
from hypothesis import given, settings
from hypothesis import strategies as st

from datalint import jsonspan
from datalint.jsonspan import locate

LAW = settings(deadline=None)


@LAW
@given(documents())
def test_every_value_is_where_the_index_says(text: str) -> None:
    raw, value = text.encode(), json.loads(text)
    index = locate(raw)
    for pointer in pointers(value):
        start, end = index.value(pointer)
        assert repr(json.loads(raw[start:end])) == repr(resolve(value, pointer))
        assert raw[start:end].strip() == raw[start:end]


@LAW
@given(documents())
def test_every_key_is_where_the_index_says(text: str) -> None:
    raw, value = text.encode(), json.loads(text)
    index = locate(raw)
    for pointer in pointers(value)[1:]:
        above, _, token = pointer.rpartition("/")
        if isinstance(resolve(value, above), list):
            with pytest.raises(KeyError):
                index.key(pointer)
        else:
            start, end = index.key(pointer)
            assert json.loads(raw[start:end]) == token.replace("~1", "/").replace("~0", "~")


@LAW
@given(documents(), st.data())
def test_cutting_members_leaves_the_rest(text: str, data: st.DataObject) -> None:
    raw, value = text.encode(), json.loads(text)
    inside = pointers(value)[1:]
    if not inside:
        return
    above = data.draw(st.sampled_from(inside)).rpartition("/")[0]
    beside = [p for p in inside if p.rpartition("/")[0] == above]
    gone = data.draw(st.lists(st.sampled_from(beside), min_size=1, unique=True))
    new = raw
    for start, end in sorted(locate(raw).cuts(gone), reverse=True):
        new = new[:start] + new[end:]
    at = resolve(value, above)
    for pointer in sorted(gone, key=lambda p: beside.index(p), reverse=True):
        token = pointer.rpartition("/")[2]
        del at[int(token) if isinstance(at, list) else token.replace("~1", "/").replace("~0", "~")]
    assert repr(json.loads(new)) == repr(value)


@LAW
@given(documents())
def test_duplicates_are_those_the_parser_drops(text: str) -> None:
    raw = text.encode()
    dropped = 0

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal dropped
        names = [name for name, _ in items]
        dropped += sum(names.count(name) > 1 for name in set(names))
        return dict(items)

    json.loads(text, object_pairs_hook=pairs)
    found = locate(raw).duplicates
    assert len(found) == dropped
    for twice in found:
        assert all(json.loads(raw[a:b]) == twice.key for a, b in twice.keys)
        assert len(twice.keys) == len(twice.values) == len(twice.members) > 1


@LAW
@given(TEXTS, st.data())
def test_spans_round_trip(text: str, data: st.DataObject) -> None:
    literal = data.draw(literals(text))
    raw = b'{"k": ' + literal.encode() + b"}"
    where = locate(raw).value("/k")
    for start in range(len(text) + 1):
        for end in range(start, len(text) + 1):
            a, b = jsonspan.text_span(raw, where, (start, end))
            assert json.loads(b'"' + raw[a:b] + b'"') == text[start:end]


@LAW
@given(st.text(), st.sampled_from([b'"abc"', b'"\\u00e9"', '"é"'.encode(), b'"\\u0041"']))
def test_encoded_texts_parse_back(text: str, model: bytes) -> None:
    inside = jsonspan.encode_text(text, model)
    assert json.loads(b'"' + inside + b'"') == text
    assert b"\n" not in inside
    if model == b'"\\u00e9"':
        assert inside.isascii()


@pytest.mark.parametrize(
    ("raw", "pointer", "value", "member"),
    [
        (b'{"a":1}', "", b'{"a":1}', None),
        (b'{"a":1}', "/a", b"1", b'"a":1'),
        (b'{"a":1, "b":2}', "/a", b"1", b'"a":1, '),
        (b'{"a":1, "b":2}', "/b", b"2", b', "b":2'),
        (b'{"a": 1 , "b" : [ 2 ,3] }', "/b/0", b"2", b"2 ,"),
        (b'{"a": 1 , "b" : [ 2 ,3] }', "/b/1", b"3", b" ,3"),
        (b'{"a":1,"a":2}', "/a", b"2", b',"a":2'),
        (b'{"":{"":[]}}', "//", b"[]", b'"":[]'),
        (b'{"a/b":{"m~n":1}}', "/a~1b/m~0n", b"1", b'"m~n":1'),
        (b'{"\\u0061":1}', "/a", b"1", b'"\\u0061":1'),
        (b'{"a\\\\":"\\"","b":"\\\\"}', "/b", b'"\\\\"', b',"b":"\\\\"'),
        (b'\xef\xbb\xbf {"a":null}\r', "/a", b"null", b'"a":null'),
        (b'["}", "]", "{\\"", -1.5e3]', "/3", b"-1.5e3", b", -1.5e3"),
        (b' "text" ', "", b'"text"', None),
        (b"17", "", b"17", None),
        (b"[" * 5000 + b"]" * 5000, "/0" * 4999, b"[]", b"[]"),
    ],
)
def test_places(raw: bytes, pointer: str, value: bytes, member: bytes | None) -> None:
    index = locate(raw)
    start, end = index.value(pointer)
    assert raw[start:end] == value
    if member is not None:
        start, end = index.member(pointer)
        assert raw[start:end] == member


@pytest.mark.parametrize("pointer", ["/x", "/a/0", "/b/2", "/b/-", "/b/01", "/b/٠", "a", "/b/0/0", "/c/"])
def test_no_such_place(pointer: str) -> None:
    with pytest.raises(KeyError):
        locate(b'{"a": "text", "b": [1, 2], "c": {}}').value(pointer)


@pytest.mark.parametrize("raw", [b"", b"  ", b'{"a": 1', b'{"a": "', b"]", b"[]]", b"1 2", b'{"a": "\\"}'])
def test_unpaired_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"bracket|not one"):
        locate(raw)


def test_the_root_has_no_key_and_is_no_member() -> None:
    index = locate(b"{}")
    for ask in (index.key, index.keys, index.member):
        with pytest.raises(KeyError):
            ask("")


def test_duplicates_tell_where() -> None:
    raw = b'[0, {"x~/": {"a": 1, "b": 2, "\\u0061": 3}}]'
    (twice,) = locate(raw).duplicates
    assert (twice.pointer, twice.key) == ("/1/x~0~1", "a")
    assert [raw[a:b] for a, b in twice.keys] == [b'"a"', b'"\\u0061"']
    assert [raw[a:b] for a, b in twice.values] == [b"1", b"3"]
    assert [raw[a:b] for a, b in twice.members] == [b'"a": 1, ', b', "\\u0061": 3']


@pytest.mark.parametrize("span", [(0, 4), (4, 4), (-1, 1), (2, 1)])
@pytest.mark.parametrize("literal", [b'"abc"', b'"a\\nc"', '"äöü"'.encode()])
def test_spans_outside_the_text_are_refused(literal: bytes, span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="span"):
        jsonspan.text_span(literal, (0, len(literal)), span)


@pytest.mark.parametrize(
    ("text", "literal", "line", "inside"),
    [
        ("é", b'"a"', b"", "é".encode()),
        ("é", b'"\\u00fc"', b"", b"\\u00e9"),
        ("é", '"\\u00fc ü"'.encode(), b"", "é".encode()),
        ("é", b'"\\u000a"', b"", "é".encode()),
        ("é", b'"a"', b'["\\u4e2d", "a"]', b"\\u00e9"),
        ("é", "ü".encode(), b'"\\u4e2d"', "é".encode()),
        ("😀", b'"\\u00fc"', b"", b"\\ud83d\\ude00"),
        ('/"\\\n\x01', b'"a"', b"", b'/\\"\\\\\\n\\u0001'),
    ],
)
def test_new_text_follows_the_style(text: str, literal: bytes, line: bytes, inside: bytes) -> None:
    assert jsonspan.encode_text(text, literal, line) == inside


def test_half_a_pair_is_no_text() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        jsonspan.encode_text("\ud83d", b'"\\u00fc"')


@pytest.mark.parametrize(
    ("raw", "byte", "column"),
    [
        (b"abc", 0, 1),
        (b"abc", 2, 3),
        (b"abc", 99, 4),
        ("é中😀x".encode(), 2, 2),
        ("é中😀x".encode(), 4, 2),
        ("é中😀x".encode(), 8, 3),
        ("é中😀x".encode(), 9, 4),
        (b"\xff\xfeA", 1, 2),
        (b"\xff\xfeA", 2, 3),
        (b"\xe4\xb8A", 1, 2),
        (b"\xe4\xb8A", 2, 3),
        (b"\xed\xa0\x80A", 3, 4),
    ],
)
def test_columns_count_characters_and_bad_bytes(raw: bytes, byte: int, column: int) -> None:
    assert jsonspan.column(raw, byte) == column
