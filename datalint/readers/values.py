"""JSON that is not one record a line: an array of records, or records over several lines one after the other.

Each record keeps its place: byte offset, length and the line it starts on. The walk that cuts the source finds them all;
a shard carries the places of its records, so that nobody walks again.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import IO

from datalint.batch import Refusal
from datalint.readers import Block, Shard, Source, too_long
from datalint.readers.walking import Element, walk


class ValuesReader:
    """Reads arrays of records and records that follow each other."""

    NAME = "values"

    def shards(self, source: Source, size: int) -> Iterator[Shard]:
        """Ranges of whole records, about ``size`` bytes each."""
        index = 0
        held: list[Element] = []
        with open(source.path, "rb") as f:
            for element in walk(f, 3 if source.facts.bom else 0, array=source.facts.content == "array"):
                if held and element.start - held[0].start >= size:
                    yield _shard(source, held, index, last=False)
                    index += len(held)
                    held = []
                held.append(element)
        if held:
            yield _shard(source, held, index, last=True)

    def blocks(self, source: Source, shard: Shard, size: int, limit: int) -> Iterator[Block]:
        """The records of a shard in blocks of about ``size`` bytes."""
        numbers = array("q", shard.spans)
        spans = list(zip(numbers[::3], numbers[1::3], strict=True))
        first = 0
        with open(source.path, "rb") as f:
            while first < len(spans):
                last = first + 1
                while last < len(spans) and spans[last][1] - spans[first][0] <= size:
                    last += 1
                raws, refused = _read(f, spans[first:last], limit)
                lines = numbers[2 + 3 * first : 3 * last : 3].tolist()
                yield Block(
                    raws, [start for start, _ in spans[first:last]], lines[0], shard.index + first, lines,
                    True, shard.last and last == len(spans), refused,
                )  # fmt: skip
                first = last


def _read(f: IO[bytes], spans: Sequence[tuple[int, int]], limit: int) -> tuple[list[bytes], dict[int, Refusal]]:
    """The bytes at ``spans``, which are near each other; those over the limit are not read."""
    refused = {k: too_long(stop - start, limit) for k, (start, stop) in enumerate(spans) if stop - start > limit}
    if refused:
        return [b"" if k in refused else _read(f, [span], limit)[0][0] for k, span in enumerate(spans)], refused
    base = spans[0][0]
    f.seek(base)
    data = f.read(max(stop for _, stop in spans) - base)
    return [data[start - base : stop - base] for start, stop in spans], refused


def _shard(source: Source, held: list[Element], index: int, *, last: bool) -> Shard:
    spans = array("q", [number for element in held for number in element]).tobytes()
    return Shard(source.number, held[0].start, held[-1].stop, held[0].line, index, last, spans=spans)


READER = ValuesReader()
