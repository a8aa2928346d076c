"""Readers: the same lines, offsets and numbers however a source is cut; compressed files, pipes and damage to them."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import random
import threading
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from reading import BOM, LIMIT, OBJECT, Read, opened, read, source

from datalint.batch import Facts, Refusal
from datalint.readers import is_data, reader
from datalint.readers.opening import Unreadable, open_source


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


# ---- names ----


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
