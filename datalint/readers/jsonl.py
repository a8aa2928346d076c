"""One record a line. Lines end at LF and nowhere else: U+2028, U+0085 and a lone CR are data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import IO

from datalint.readers import Block, Shard, Source

_STEP = 1 << 20
_NEAR = 1 << 14


class JsonlReader:
    """Cuts at line feeds; a line longer than a range makes the range longer."""

    NAME = "jsonl"

    def shards(self, source: Source, size: int) -> Iterator[Shard]:
        """Ranges of about ``size`` bytes; only the ends are looked at, so lines are relative."""
        total = source.stamp.size
        start = 3 if source.facts.bom else 0
        with open(source.path, "rb") as f:
            while start < total:
                stop = _line_end(f, start + size, total)
                yield Shard(source.number, start, stop, 1, 0, stop >= total, relative=True)
                start = stop

    def blocks(self, source: Source, shard: Shard, size: int, limit: int) -> Iterator[Block]:
        """The lines of a shard in blocks of about ``size`` bytes."""
        line, index, offset = shard.line, shard.index, shard.start
        with open(source.path, "rb") as f:
            f.seek(offset)
            rest = shard.stop - offset
            if rest > max(limit, size + limit):
                yield from _long(f, shard, size, limit)
                return
            data = f.read(rest)
        position = 0
        while position < len(data):
            cut = data.find(b"\n", min(position + size, len(data)))
            end = len(data) if cut < 0 else cut + 1
            part = data[position:end] if position or end < len(data) else data
            ends = part.endswith(b"\n")
            raws = part.split(b"\n")
            if ends:
                raws.pop()
            offsets = list(accumulate([len(r) + 1 for r in raws], initial=offset + position))
            block = Block(raws, offsets, line, index, None, ends, shard.last and end >= len(data))
            yield _within(block, limit) if max(map(len, raws), default=0) > limit else block
            line, index, position = line + len(raws), index + len(raws), end


def _line_end(f: IO[bytes], position: int, total: int) -> int:
    """Where the line ends that holds the byte before ``position``."""
    position -= 1
    f.seek(position)
    while more := f.read(_NEAR):
        feed = more.find(b"\n")
        if feed >= 0:
            return position + feed + 1
        position += len(more)
    return total


def _within(block: Block, limit: int) -> Block:
    """The block without the lines over the limit."""
    kept = [k for k, raw in enumerate(block.raws) if len(raw) <= limit]
    over = [(block.line + k, len(raw)) for k, raw in enumerate(block.raws) if len(raw) > limit]
    return Block(
        [block.raws[k] for k in kept], [block.offsets[k] for k in kept], block.line, block.index,
        [block.line + k for k in kept], block.ends, block.last, over,
    )  # fmt: skip


def _long(f: IO[bytes], shard: Shard, size: int, limit: int) -> Iterator[Block]:
    """A shard with a line over the limit, read line by line so that no such line is ever held whole."""
    line, index, offset = shard.line, shard.index, shard.start
    while offset < shard.stop:
        raw = f.readline(limit + 1)
        length = len(raw)
        ends = raw.endswith(b"\n")
        while not ends and (more := f.readline(_STEP)):
            length += len(more)
            ends = more.endswith(b"\n")
        last = shard.last and offset + length >= shard.stop
        if length - ends > limit:
            yield Block([], [], line, index, [], ends, last, [(line, length - ends)])
        else:
            yield Block([raw.removesuffix(b"\n")], [offset, offset + length], line, index, None, ends, last)
        line, index, offset = line + 1, index + 1, offset + length


READER = JsonlReader()
