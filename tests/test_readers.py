"""Readers: the same lines, offsets and numbers however a source is cut; what a file is told by its start."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import random
import threading
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from datalint.batch import Facts, Refusal
from datalint.readers import SHARD_BYTES, Source, Stamp, is_data, reader, walking
from datalint.readers.opening import Unreadable, open_source
from datalint.readers.refusal import refuse
from datalint.readers.sniffing import holds_records, sniff
from datalint.readers.walking import Element, walk

BOM = b"\xef\xbb\xbf"
LIMIT = 1 << 28


class Read(NamedTuple):
    """One line as a reader gives it."""

    raw: bytes
    offset: int
    line: int
    index: int
    refused: Refusal | None = None


def read(source: Source, shard: int = SHARD_BYTES, block: int = 1 << 20, limit: int = LIMIT) -> list[Read]:
    """All lines of a source, their numbers counted from its start."""
    cut, lines = reader(source.reader), []
    shards = list(cut.shards(source, shard))
    assert [s.last for s in shards] == [n == len(shards) - 1 for n in range(len(shards))]
    before = 0
    for one in shards:
        shift = before if one.relative else 0
        blocks = list(cut.blocks(source, one, block, limit))
        assert [b.last for b in blocks] == [one.last and n == len(blocks) - 1 for n in range(len(blocks))]
        for b in blocks:
            numbers = b.lines if b.lines is not None else range(b.line, b.line + len(b.raws))
            assert len(b.raws) == len(b.offsets) == len(numbers) > 0
            for k, raw in enumerate(b.raws):
                assert one.start <= b.offsets[k] < max(one.stop, b.offsets[k] + 1)
                lines.append(Read(raw, b.offsets[k], numbers[k] + shift, b.index + k + shift, b.refused.get(k)))
        before += sum(len(b.raws) for b in blocks)
    return lines


def source(path: Path, data: bytes, content: str = "jsonl") -> Source:
    """A source of which it is known what it holds."""
    path.write_bytes(data)
    stat = path.stat()
    kind = "jsonl" if content == "jsonl" else "values"
    stamp = Stamp(stat.st_size, stat.st_mtime_ns, stat.st_ino)
    return Source(0, str(path), path.name, kind, Facts(".jsonl", content, data.startswith(BOM)), stamp)


def opened(folder: Path, data: bytes, name: str = "data.jsonl", limit: int = LIMIT) -> Source:
    (folder / name).write_bytes(data)
    return open_source(0, str(folder / name), name, limit=limit)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file that is written again and again."""
    return tmp_path_factory.mktemp("readers") / "data.jsonl"


# ---- one record a line ----

LINES = st.lists(
    st.sampled_from(
        [b'{"a": 1}', b"", b" ", b"\t\r", b"\r", BOM, BOM + b'{"b": 2}', '{"c": "\u2028\u0085\r"}'.encode(), b"x" * 40,
         b" " * 40, b'{"d": 3}\r', b"\x00", b"\xff", b"\x0b\x0c"]
    ),
    max_size=12,
)  # fmt: skip
SIZES = st.integers(1, 90)


def plain(data: bytes, limit: int) -> list[Read]:
    """What a reader must give, the simplest way."""
    start = 3 if data.startswith(BOM) else 0
    parts = data[start:].split(b"\n")
    if not parts[-1]:
        parts.pop()
    lines = []
    for k, raw in enumerate(parts):
        why = None
        if len(raw) > limit:
            why = Refusal("limit", f"the record has {len(raw)} bytes, the limit is {limit} (max-record-bytes)", 0)
        lines.append(Read(b"" if why else raw, start, k + 1, k, why))
        start += len(raw) + 1
    return lines


@given(LINES, st.booleans(), st.booleans(), SIZES, SIZES, st.sampled_from([10, 39, 40, LIMIT]))
def test_lines_do_not_depend_on_cuts(
    file: Path, lines: list[bytes], marked: bool, ended: bool, shard: int, block: int, limit: int
) -> None:
    data = (BOM if marked else b"") + b"\n".join(lines) + (b"\n" if ended else b"")
    assert read(source(file, data), shard, block, limit) == plain(data, limit)


@given(LINES, st.booleans(), SIZES)
def test_the_last_line_tells_whether_it_ends(file: Path, lines: list[bytes], ended: bool, size: int) -> None:
    data = b"\n".join(lines) + (b"\n" if ended else b"")
    made = source(file, data)
    cut = reader("jsonl")
    ends = [b.ends for s in cut.shards(made, size) for b in cut.blocks(made, s, size, LIMIT)]
    assert ends == [True] * (len(ends) - 1) + [data.endswith(b"\n")] if ends else not data.removeprefix(BOM)


@pytest.mark.parametrize("data", [b"", BOM])
def test_an_empty_file_has_no_shards(file: Path, data: bytes) -> None:
    assert list(reader("jsonl").shards(source(file, data), 10)) == []


def test_lines_over_the_limit_are_never_held(file: Path) -> None:
    data = b'{"a": 1}\n' + b"x" * 5_000_000 + b'\n{"b": 2}\n'
    made = source(file, data)
    lines = read(made, limit=1000)
    assert [line.raw for line in lines] == [b'{"a": 1}', b"", b'{"b": 2}']
    assert [line.line for line in lines] == [1, 2, 3]
    assert lines[1].refused == Refusal(
        "limit", "the record has 5,000,000 bytes, the limit is 1,000 (max-record-bytes)", 0
    )
    assert lines[2].offset == data.index(b'{"b"')


def test_a_file_that_shrinks_ends_early(file: Path) -> None:
    made = source(file, b'{"a": 1}\n' * 100)
    shards = list(reader("jsonl").shards(made, 300))
    file.write_bytes(b'{"a": 1}\n' * 40)
    lines = [raw for s in shards for b in reader("jsonl").blocks(made, s, 100, LIMIT) for raw in b.raws]
    assert lines == [b'{"a": 1}'] * 40


# ---- arrays, and values over several lines ----

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
        assert element.line >= 1
    if not is_json(text):
        assert not all(is_json(text[e.start : e.stop]) for e in found)


def is_json(data: bytes) -> bool:
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return True


OBJECT, OTHER = b'{"a": 1}', b'{"b": [2, {"c": "]}"}]}'


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
        assert [e.line for e in found if is_json(text[e.start : e.stop])] == [
            text.count(b"\n", 0, e.start) + 1 for e in found if is_json(text[e.start : e.stop])
        ]


def test_much_damage_comes_to_an_end() -> None:
    text = b"[\n" + b'{"x": {"y": 1\n,\n' * 500 + b"]"
    found = walked(text, 1 << 20, array=True)
    assert 60 < len(found) < 70
    assert found[-1].stop == len(text)


# ---- what a file is ----

MESSAGES = b'[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]'
WIDE = '{"text": "one"}\n' * 3


@pytest.mark.parametrize(
    ("data", "suffix", "content"),
    [
        (OBJECT, ".jsonl", "jsonl"),
        (OBJECT + b"\n" + OTHER, ".jsonl", "jsonl"),
        (OBJECT + b"\n" + OTHER, ".json", "jsonl"),
        (b"\n\n" + OBJECT, ".jsonl", "jsonl"),
        (MESSAGES, ".jsonl", "jsonl"),
        (MESSAGES, ".json", "jsonl"),
        (MESSAGES + b"\n" + MESSAGES, ".jsonl", "jsonl"),
        (MESSAGES[:-10] + b"\n" + MESSAGES, ".jsonl", "jsonl"),  # the first line is cut off
        (MESSAGES[:-10], ".jsonl", "jsonl"),
        (b"[" + OBJECT + b"]\n[" + OBJECT + b"]", ".jsonl", "jsonl"),
        (b"[" + OBJECT + b", " + OTHER + b"]", ".jsonl", "array"),
        (b"[" + OBJECT + b", " + OTHER + b"]", ".json", "array"),
        (b"[" + OBJECT + b",\n" + OTHER + b"]", ".jsonl", "array"),
        (b"[" + OBJECT + b"\n, " + OTHER + b"]", ".jsonl", "array"),
        (b"[\n  " + OBJECT + b"\n]", ".jsonl", "array"),
        (BOM + b"[\n  " + OBJECT + b"\n]", ".jsonl", "array"),
        (b"[\n  {", ".jsonl", "array"),
        (b"[" + MESSAGES + b", " + MESSAGES + b"]", ".jsonl", "array"),
        (b"[\n" + MESSAGES + b"\n]", ".json", "array"),
        (b"[]", ".json", "array"),
        (b"[1, 2]", ".json", "array"),
        (b"[1, 2]", ".jsonl", "jsonl"),
        (b'["a"', ".jsonl", "jsonl"),
        (b"[" + OBJECT + b", " + OTHER, ".jsonl", "array"),  # cut off between two records
        (b"[", ".jsonl", "jsonl"),
        (b'[\n  {"role": "user",\n "content": "Hi"}\n]\n', ".json", "values"),
        (b'{\n  "a": 1\n}\n{\n  "b": 2\n}', ".jsonl", "values"),
        (b'{"a": 1,\n "b": 2}\n{"a": 1,\n "b": 2}', ".jsonl", "values"),
        (b'{\n  "a": 1,\n}', ".jsonl", "values"),
        (b'{"a": 1}{"b": 2}\n', ".jsonl", "jsonl"),
        (b'{"a": 1,\n{"a": 2}\n', ".jsonl", "jsonl"),
        (b'{"a": 1,}\n{"a": 2}\n', ".jsonl", "jsonl"),
        (b"a,b,c\n1,2,3\n", ".jsonl", "jsonl"),
        (b"", ".jsonl", "empty"),
        (BOM, ".jsonl", "empty"),
        (b"\n \r\n", ".jsonl", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", ".jsonl", "lfs-pointer"),
        (WIDE.encode("utf-16"), ".jsonl", "utf-16"),
        (WIDE.encode("utf-16-le"), ".jsonl", "utf-16"),
        (WIDE.encode("utf-16-be"), ".jsonl", "utf-16"),
        (WIDE.encode("utf-32"), ".jsonl", "utf-32"),
        (WIDE.encode("utf-32-le"), ".jsonl", "utf-32"),
        (WIDE.encode("utf-32-be"), ".jsonl", "utf-32"),
        ("\n中".encode("utf-16-le"), ".jsonl", "jsonl"),  # two characters tell nothing
        (b'{"\x00a": 1}', ".jsonl", "jsonl"),
        (b"\x00" * 100, ".jsonl", "jsonl"),
        (gzip.compress(OBJECT), ".jsonl", "gzip"),
        (zstandard.compress(OBJECT), ".jsonl", "zstd"),
        (lzma.compress(OBJECT), ".jsonl", "xz"),
        (b"PAR1....", ".jsonl", "parquet"),
        (b"PK\x03\x04....", ".jsonl", "zip"),
    ],
)
def test_what_a_file_is(data: bytes, suffix: str, content: str) -> None:
    assert sniff(data, suffix, whole=True) == Facts(suffix, content, data.startswith(BOM))


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (b'[{"text": "' + b"x" * 70_000 + b'"}, {"text": "y"}]', "array"),
        (b"[" + OBJECT + b", " + OBJECT * 20_000 + b"]", "array"),
        (b'[{"role": "user", "content": "' + b"x" * 50_000 + b'"}, {"role": "assistant", "content": "' + b"y" * 50_000, "jsonl"),
        (b'{"text": "' + b"x" * 70_000 + b'"}\n', "jsonl"),
        (b" " * 70_000 + OBJECT, "jsonl"),
    ],
)  # fmt: skip
def test_what_a_file_is_by_the_start_of_a_long_line(tmp_path: Path, data: bytes, content: str) -> None:
    assert opened(tmp_path, data).facts.content == content


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'[{"a": 1}]', True),
        (b"[\n  {", True),
        (b"[[{", True),
        (OBJECT + b"\n" + OBJECT, True),
        (OBJECT + b"\n", False),
        (b'{\n "a": 1\n}', False),
        (b'{"a": [1,\n{"b": 2}]}', False),
        (b"[1, 2]", False),
        (b'["a"]', False),
        (b"", False),
        (b"[", False),
    ],
)
def test_json_files_with_records(head: bytes, expected: bool) -> None:
    assert holds_records(head) is expected
    assert holds_records(BOM + b" " + head) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.jsonl", True),
        ("a.JSONL", True),
        ("a.b.ndjson.gz", True),
        ("a.json.zst", True),
        ("a.gz", False),
        ("a.gz.jsonl", True),
        ("jsonl", False),
        (".jsonl", False),
        ("a.txt", False),
        ("a.jsonl.bz2", False),
    ],
)
def test_names_of_data_files(name: str, expected: bool) -> None:
    assert is_data(Path(name)) is expected


# ---- compressed files, pipes, standard input ----

DATA = b"".join(b'{"text": "line %d"}\n' % n for n in range(3000))
PACK = {".gz": gzip.compress, ".xz": lzma.compress, ".zst": zstandard.ZstdCompressor(write_checksum=True).compress}


@pytest.mark.parametrize("suffix", PACK)
def test_compressed_files_are_read_like_others(tmp_path: Path, suffix: str) -> None:
    packed = opened(tmp_path, PACK[suffix](DATA), f"data.jsonl{suffix}")
    assert (packed.spooled, packed.display, packed.facts) == (True, f"data.jsonl{suffix}", Facts(".jsonl", "jsonl"))
    assert read(packed, 999, 99) == read(opened(tmp_path, DATA))
    twice = opened(tmp_path, PACK[suffix](DATA) + PACK[suffix](DATA), f"twice.jsonl{suffix}")
    assert len(read(twice)) == 6000


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-20],
        lambda data: data[: len(data) // 2],
        lambda data: data[:100] + b"\x55" * 50 + data[150:],
        lambda data: DATA,
        lambda data: data + b"more",
        lambda data: b"x",
    ],
    ids=["end", "half", "corrupt", "plain", "more", "tiny"],
)
def test_damaged_compressed_files_say_so(tmp_path: Path, suffix: str, damage: Any) -> None:
    noise = random.Random(1).randbytes(5000).hex().encode()
    with pytest.raises(Unreadable, match=r"^cannot be unpacked: \w+") as caught:
        opened(tmp_path, damage(PACK[suffix](DATA + noise)), f"data.jsonl{suffix}")
    assert caught.value.exit_code == 3
    assert caught.value.place == f"data.jsonl{suffix}"
    assert "b'" not in caught.value.message


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_an_empty_compressed_file_is_empty(tmp_path: Path, suffix: str) -> None:
    assert opened(tmp_path, b"", f"a.jsonl{suffix}").facts.content == "empty"
    assert opened(tmp_path, PACK[suffix](b""), f"b.jsonl{suffix}").facts.content == "empty"


@pytest.mark.parametrize("suffix", PACK)
def test_a_bomb_fills_neither_memory_nor_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    spools = tmp_path / "spools"
    spools.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spools))
    bomb = PACK[suffix](b"\0" * 30_000_000)
    with pytest.raises(Unreadable, match=r"a record is longer than the limit of 1,000,000 bytes"):
        opened(tmp_path, bomb, f"bomb.jsonl{suffix}", limit=1_000_000)
    assert list(spools.iterdir()) == []


def test_an_array_on_one_line_is_no_bomb(tmp_path: Path) -> None:
    data = b"[" + b", ".join([OBJECT] * 2000) + b"]"
    packed = opened(tmp_path, gzip.compress(data), "data.json.gz", limit=1000)
    assert packed.facts.content == "array"
    assert len(read(packed)) == 2000


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(DATA)))
    made = open_source(3, "-", "-", limit=LIMIT)
    assert (made.number, made.display, made.spooled, made.facts.suffix) == (3, "-", True, ".jsonl")
    assert [line.raw for line in read(made)] == DATA.split(b"\n")[:-1]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"[\n" + OBJECT + b"\n]")))
    named = open_source(0, "-", "x.json.gz", limit=LIMIT, stdin_name="x.json.gz")
    assert named.facts == Facts(".json", "array")  # standard input is never unpacked


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_named_pipes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(DATA))
    writer.start()
    made = open_source(0, str(pipe), "pipe.jsonl", limit=LIMIT)
    writer.join()
    assert made.spooled
    assert len(read(made)) == 3000


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    (tmp_path / "dead.jsonl").symlink_to(tmp_path / "gone.jsonl")
    for path, why in ((tmp_path, "is a folder"), (tmp_path / "dead.jsonl", "is a link that leads nowhere"),
                      (tmp_path / "gone.jsonl", "no such file or directory")):  # fmt: skip
        with pytest.raises(Unreadable, match=why) as caught:
            open_source(0, str(path), "shown", limit=LIMIT)
        assert caught.value.place == "shown"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_bytes(DATA)
    (tmp_path / "mine.jsonl").chmod(0)
    with pytest.raises(Unreadable, match="permission denied"):
        open_source(0, str(tmp_path / "mine.jsonl"), "mine.jsonl", limit=LIMIT)


# ---- why a line is refused ----


@pytest.mark.parametrize(
    ("line", "at", "words"),
    [
        ('{"a": 1,}', ",}", "a trailing comma before }"),
        ("[1, ]", ", ]", "a trailing comma before ]"),
        ("[1,,2]", ",2]", "a comma with no value before it"),
        ("{'a': 1}", "'a'", "' is no quotation mark of JSON: strings take double quotes"),
        ('{"a": “x”}', "“", "“ is no quotation mark of JSON: strings take double quotes"),
        ('{"a": NaN}', "NaN", "NaN is not JSON: write null"),
        ('{"a": -Infinity}', "-Inf", "-Infinity is not JSON: write null"),
        ('{"a": True}', "True", "True is not JSON: write true"),
        ('{"a": None, "b": 1}', "None", "None is not JSON: write null"),
        ('{"a": yes}', "yes", "yes is no value of JSON: a string takes double quotes"),
        ('{"é中😀": "x\ty"}', "\t", "an unescaped tab in a string"),
        ('{"a": "x\ry"}', "\r", "an unescaped carriage return in a string"),
        ('{"a": "x\x07y"}', "\x07", "an unescaped control character U+0007 in a string"),
        (r'{"a": "C:\Users"}', "\\U", r"\U is no escape of JSON: a backslash is written \\"),
        (r'{"a": "\u12"}', r"\u12", r'\u12"} is no escape: \u takes four hexadecimal digits'),
        ('{"a": "abc', "c", "the line stops before the value is complete"),
        ('{"a": {"b": 1}  ', "}", "the line stops before the value is complete"),
        ('{"a": 1} {"b": 2}', '{"b"', "a second value on the same line: one line holds one record"),
        ('{"a": 1},', ",", "a comma after the record, as between the items of an array"),
        ('{"a": 1}}', "}", "} closes nothing"),
        ('{"a": 1} // why', "//", "a comment, and JSON has none"),
        ("# a comment", "#", "a comment, and JSON has none"),
        ('"a": 1', ": 1", "the braces around the record are missing"),
        ('{"a" 1}', "1}", "the colon after the key is missing"),
        ('{"a": 1 "b": 2}', '"b"', "a comma is missing before this"),
        ('{"a": "say "hi" now"}', 'hi"', "a quotation mark in the string before this is not escaped, or a comma is missing"),
        ("{a: 1}", "a:", "a key that is no string in double quotes"),
        ("{1: 2}", "1:", "a key that is no string in double quotes"),
        ('{"a": 01}', "01", "01 is no number of JSON"),
        ('{"a": 1.}', "1.", "1. is no number of JSON"),
        ('{"a": .5}', ".5", ".5 is no number of JSON"),
        ('{"a": 0x1F}', "0x", "0x1F is no number of JSON"),
        ('{"a": 1e999}', "1e9", "the number 1e999 is too large"),
        ('{"a": }', "}", "the value is missing before }"),
        ('{"a": [1}', "}", "} stands where something else must come: brackets do not pair, or a part is missing"),
        ("a,b,c", "a", "this is no JSON: a record starts with a brace"),
        ("<html>", "<", "this is no JSON: a record starts with a brace"),
        (",", ",", "a comma with no value before or after it"),
        ("}\n{", "}", "no comma between two values"),
        ("]\n[", "]", "a second array begins here"),
        ("]", "]", "the brackets do not pair here: this one closes nothing, or the array around it is never closed"),
        ("[" * 100_000, None, "nested deeper than the parser goes (1024 levels)"),
        ('{"a":' * 100_000, None, "nested deeper than the parser goes (1024 levels)"),
    ],
)  # fmt: skip
def test_words_for_lines_that_are_no_json(line: str, at: str | None, words: str) -> None:
    why = refused(line.encode())
    assert (why.kind, why.message) == ("json", words)
    if at is not None:
        assert line.encode()[why.column :].startswith(at.encode())
        assert line.encode().rfind(at.encode()) == why.column or line.count(at) > 1


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (b'{"a": "caf\xe9 noir"}', 10, "not UTF-8: byte 0xe9 ('é' in Windows-1252)"),
        (b'{"a": "it\x92s"}', 9, "not UTF-8: byte 0x92 ('’' in Windows-1252)"),
        (b'{"a": "\xff\xfe\xfd"}', 7, "not UTF-8: byte 0xff"),
        (b'{"a": "\xe4\xb8', 7, "not UTF-8: the last character is cut off (byte 0xe4)"),
        (b'{"a": "\xed\xa0\x80"}', 7, "not UTF-8: half of a surrogate pair is encoded as a character of its own"),
        (b'{"a": "\x00"}', 7, "a NUL byte stands in the line"),
        (b"\x00", 0, "a NUL byte stands in the line"),
        (rb'{"a": "\ud83d"}', 7, r"\ud83d is half of a surrogate pair: the character is lost"),
        (rb'{"a": "\ude00"}', 7, r"\ude00 is half of a surrogate pair: the character is lost"),
        (rb'{"a": "\uD83D\uD83D\uDE00"}', 7, r"\uD83D is half of a surrogate pair: the character is lost"),
        (rb'{"a": "\\\ud83d x"}', 9, r"\ud83d is half of a surrogate pair: the character is lost"),
        (rb'{"a": "\ud83d\ude00", "b": "\udc00"}', 28, r"\udc00 is half of a surrogate pair: the character is lost"),
    ],
)
def test_words_for_lines_that_are_no_text(line: bytes, column: int, words: str) -> None:
    assert refused(line) == Refusal("encoding", words, column)


def refused(line: bytes) -> Refusal:
    with pytest.raises(orjson.JSONDecodeError) as caught:
        orjson.loads(line)
    return refuse(line, caught.value.msg, caught.value.pos)


@given(st.binary(max_size=40) | arrays().map(lambda a: a[0][1:]))
def test_every_refused_line_has_words_and_a_column(line: bytes) -> None:
    error = complaint(line)
    if error is None:
        return
    why = refuse(line, error.msg, error.pos)
    assert why.message
    assert 0 <= why.column <= max(len(line) - 1, 0)
    assert refuse(line, error.msg, error.pos, error.doc or None) == why
    assert refuse(line, "words of another parser", error.pos).kind in ("json", "encoding")


def complaint(line: bytes) -> orjson.JSONDecodeError | None:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return error
    return None
