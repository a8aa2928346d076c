"""Arrays and values over several lines: every record with its place, damage told and passed by."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import OBJECT, OTHER, read, source

from datalint.readers import walking
from datalint.readers.walking import Element, walk

SIZES = st.integers(1, 90)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file that is written again and again."""
    return tmp_path_factory.mktemp("values") / "data.json"


TEXTS = st.text(st.sampled_from('ab"\\[]{},:\n\u2028é中'), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.lists(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=3), max_size=7)
SPACES = st.sampled_from(["", " ", "\n", "\r\n\t", "\n\n  "])


@st.composite
def arrays(draw: st.DrawFn) -> tuple[bytes, list[Any]]:
    """An array of records in one of many spellings, and the records."""
    records = draw(RECORDS)
    indent, ascii_only = draw(st.sampled_from([None, 0, 1, 4])), draw(st.booleans())
    if draw(st.booleans()):
        return json.dumps(records, indent=indent, ensure_ascii=ascii_only).encode(), records
    parts = [json.dumps(r, indent=indent, ensure_ascii=ascii_only) for r in records]
    joined = (draw(SPACES) + "," + draw(SPACES)).join(parts)
    return f"{draw(SPACES)}[{draw(SPACES)}{joined}{draw(SPACES)}]{draw(SPACES)}".encode(), records


def walked(data: bytes, step: int, *, array: bool) -> list[Element]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walking, "_STEP", step)
        return list(walk(io.BytesIO(data), 0, array=array))


@given(arrays(), SIZES)
def test_arrays(made: tuple[bytes, list[Any]], step: int) -> None:
    data, records = made
    found = walked(data, step, array=True)
    assert [orjson.loads(data[e.start : e.stop]) for e in found] == records
    assert [e.line for e in found] == [data.count(b"\n", 0, e.start) + 1 for e in found]


@given(RECORDS, SPACES, st.sampled_from([None, 0, 2]), SIZES)
def test_values_one_after_the_other(records: list[Any], space: str, indent: int | None, step: int) -> None:
    data = "".join(json.dumps(r, indent=indent) + space for r in records).encode()
    found = walked(data, step, array=False)
    assert [orjson.loads(data[e.start : e.stop]) for e in found] == records
    assert [e.line for e in found] == [data.count(b"\n", 0, e.start) + 1 for e in found]


@given(arrays(), SIZES, SIZES)
def test_records_of_arrays_do_not_depend_on_cuts(
    file: Path, made: tuple[bytes, list[Any]], shard: int, block: int
) -> None:
    data, records = made
    one = source(file, data, "array")
    lines = read(one, shard, block)
    assert lines == read(one)
    assert [orjson.loads(line.raw) for line in lines] == records
    assert [line.index for line in lines] == list(range(len(records)))
    assert all(data[line.offset : line.offset + len(line.raw)] == line.raw for line in lines)


@given(arrays(), st.data())
def test_records_of_arrays_over_the_limit(file: Path, made: tuple[bytes, list[Any]], data: st.DataObject) -> None:
    one = source(file, made[0], "array")
    whole = read(one)
    limit = data.draw(st.integers(1, 40))
    for line, limited in zip(whole, read(one, 50, 30, limit), strict=True):
        assert limited.raw == (line.raw if len(line.raw) <= limit else b"")
        assert (limited.refused is None) == (len(line.raw) <= limit)
        assert (limited.offset, limited.line, limited.index) == (line.offset, line.line, line.index)


@settings(max_examples=300)
@given(arrays(), st.data(), SIZES)
def test_damage_is_told_and_never_lost(made: tuple[bytes, list[Any]], data: st.DataObject, step: int) -> None:
    text = made[0]
    at = data.draw(st.integers(text.find(b"[") + 1, len(text)))
    cut = data.draw(st.integers(0, 2))
    text = (
        text[:at]
        + data.draw(st.sampled_from([b"", b",", b"}", b"]", b"{", b"[", b'"', b"x", b"\n"]))
        + text[at + cut :]
    )
    found = walked(text, step, array=True)
    assert found == walked(text, 1 << 20, array=True)
    assert [e.start for e in found] == sorted({e.start for e in found})
    for element in found:
        assert text[element.start : element.stop].strip()
        assert element.line == text.count(b"\n", 0, element.start) + 1
    if not is_json(text):
        assert not all(is_json(text[e.start : e.stop]) for e in found)


def is_json(data: bytes) -> bool:
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"[%s,\n%s,\n]", [OBJECT, OTHER, b","]),
        (b"[,%s,\n%s]", [b",", OBJECT, OTHER]),
        (b"[%s,,%s]", [OBJECT, b",", OTHER]),
        (b"[%s\n%s]", [OBJECT, b"}\n{", OTHER]),
        (b"[%s, %s", [OBJECT, OTHER, b"}"]),
        (b"[%s, %s,\n", [OBJECT, OTHER, b","]),
        (b"[%s, %s]]", [OBJECT, OTHER, b"]"]),
        (b"[%s}, %s]", [OBJECT, b"}", OTHER]),
        (b"[%s, %s] and more", [OBJECT, OTHER, b"and more"]),
        (b"[\n%s\n]\n[\n%s\n]", [OBJECT, b"]\n[", OTHER]),
        (b"[%s, null, %s]", [OBJECT, b"null", OTHER]),
        (b"[%s, None, %s]", [OBJECT, b"None", OTHER]),
        (b'["one", %s, 2, %s, true]', [b'"one"', OBJECT, b"2", OTHER, b"true"]),
        (b'[\n{"x": 1,\n%s,\n%s\n]', [b'{"x": 1', OBJECT, OTHER]),
        (b'[\n  {"x": [1},\n  %s,\n  %s\n]', [b'{"x": [1}', OBJECT, OTHER]),
        (b'[\n  {"x": "1},\n  %s,\n  %s\n]', [b'{"x": "1}', OBJECT, OTHER]),
        (b'[\n  {"x": 1"},\n  %s,\n  %s\n]', [b'{"x": 1"}', OBJECT, OTHER]),
        (b'[\n  {\n    "x": {"y": 1\n  },\n  %s,\n  %s\n]', [b'{\n    "x": {"y": 1\n  }', OBJECT, OTHER]),
        (b'[{"x": {}, %s, %s]', [b'{"x": {}, %s, %s]' % (OBJECT, OTHER)]),
    ],
)
def test_damage_in_arrays(data: bytes, expected: list[bytes]) -> None:
    text = data % (OBJECT, OTHER) if data.count(b"%s") == 2 else data
    for step in (1, 3, 7, 1 << 20):
        found = walked(text, step, array=True)
        assert [text[e.start : e.stop] for e in found] == expected
        assert [e.line for e in found] == [text.count(b"\n", 0, e.start) + 1 for e in found]


def test_much_damage_comes_to_an_end() -> None:
    text = b"[\n" + b'{"x": {"y": 1\n,\n' * 500 + b"]"
    found = walked(text, 1 << 20, array=True)
    assert 60 < len(found) < 70
    assert found[-1].stop == len(text)
