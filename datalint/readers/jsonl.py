"""One record a line. Lines end at LF and nowhere else: U+2028, U+0085 and a lone CR are data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import IO

from datalint.batch import Refusal
from datalint.readers import Block, Shard, Source, too_long
from datalint.readers.chunks import line_end

_STEP = 1 << 20


class JsonlReader:
    """Cuts at line feeds; a line longer than a range makes the range longer."""

    NAME = "jsonl"

    def shards(self, source: Source, size: int) -> Iterator[Shard]:
        """Ranges of about ``size`` bytes; only the ends are looked at, so lines are relative."""
        total = source.stamp.size
        start = 3 if source.facts.bom else 0
        with open(source.path, "rb") as f:
            while start < total:
                stop = line_end(f, start + size, total)
                yield Shard(source.number, start, stop, 1, 0, stop >= total, relative=True)
                start = stop

    def blocks(self, source: Source, shard: Shard, size: int, limit: int) -> Iterator[Block]:
        """The lines of a shard in blocks of about ``size`` bytes."""
        line, index, offset = shard.line, shard.index, shard.start
        with open(source.path, "rb") as f:
            f.seek(offset)
            while offset < shard.stop and (data := f.read(min(size, shard.stop - offset))):
                data, skipped, ends = _whole_lines(f, data, limit)
                raws = data.split(b"\n")
                del data  # a line may fill most of the memory there is
                if skipped:
                    raws[-1] = b""
                elif ends:
                    raws.pop()
                sizes = [len(raw) + 1 for raw in raws]
                refused: dict[int, Refusal] = {}
                if max(sizes) > limit + 1:
                    refused = {k: too_long(n - 1, limit) for k, n in enumerate(sizes) if n > limit + 1}
                    raws = [b"" if k in refused else raw for k, raw in enumerate(raws)]
                if skipped:
                    refused[len(raws) - 1] = too_long(skipped, limit)
                    sizes[-1] = skipped + 1
                offsets = list(accumulate(sizes, initial=offset))
                offset = offsets.pop()
                yield Block(raws, offsets, line, index, None, ends, shard.last and offset >= shard.stop, refused)
                line, index = line + len(raws), index + len(raws)


def _whole_lines(f: IO[bytes], data: bytes, limit: int) -> tuple[bytes, int, bool]:
    """``data`` and the rest of its last line; the size of that line if it passes ``limit`` and is left out for it; and
    whether it ends with a line feed."""
    if data.endswith(b"\n"):
        return data, 0, True
    start = data.rfind(b"\n") + 1
    size, ends = len(data) - start, False
    pieces = [data]
    while not ends and (more := f.readline(_STEP)):
        ends = more.endswith(b"\n")
        size += len(more) - ends
        if size <= limit:
            pieces.append(more)
        elif len(pieces) > 1 or len(data) > start:
            data = data[:start]
            pieces = [data]
    if size > limit:
        return data[:start], size, ends
    return (b"".join(pieces) if len(pieces) > 1 else data), 0, ends


READER = JsonlReader()
