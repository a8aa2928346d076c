"""Reading files as tests want it: every line with its place."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from datalint.batch import Facts, Refusal
from datalint.readers import SHARD_BYTES, Source, Stamp, reader
from datalint.readers.opening import open_source

BOM = b"\xef\xbb\xbf"
LIMIT = 1 << 28
OBJECT, OTHER = b'{"a": 1}', b'{"b": [2, {"c": "]}"}]}'


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
