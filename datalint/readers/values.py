"""JSON that is not one record a line: an array of records, or records over several lines one after the other.

Each record keeps its place: byte offset, length and the line it starts on. The file is walked in pieces, so memory is
bounded by the largest record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

import regex

from datalint.readers import Block, Shard, Source

_STEP = 1 << 20
_TOKEN = regex.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\],]|[^\s{}\[\],"]+', regex.S)


class Element(NamedTuple):
    """One record: bytes ``start`` to ``stop`` of the file, first line ``line``."""

    start: int
    stop: int
    line: int


class ValuesReader:
    """Reads arrays of records and records that follow each other."""

    NAME = "values"

    def shards(self, source: Source, size: int) -> Iterator[Shard]:
        """Ranges of whole records, about ``size`` bytes each."""
        start, line, index, count = -1, 1, 0, 0
        last: Element | None = None
        for element in _elements(source):
            if start < 0:
                start, line = element.start, element.line
            elif last is not None and element.start - start >= size:
                yield Shard(source.number, start, last.stop, line, index)
                start, line, index, count = element.start, element.line, index + count, 0
            last, count = element, count + 1
        if last is not None:
            yield Shard(source.number, start, last.stop, line, index, True)

    def blocks(self, source: Source, shard: Shard, size: int, limit: int) -> Iterator[Block]:
        """The records of a shard in blocks of about ``size`` bytes."""
        with open(source.path, "rb") as f:
            f.seek(shard.start)
            data = f.read(shard.stop - shard.start)
        raws: list[bytes] = []
        offsets: list[int] = []
        lines: list[int] = []
        index, held = shard.index, 0
        for start, stop, line in _walk(data, shard.start, shard.line, depth=1):
            raws.append(data[start - shard.start : stop - shard.start])
            offsets.append(start)
            lines.append(line)
            held += stop - start
            if held >= size:
                yield Block(raws, offsets, lines[0], index, lines, True, shard.last and stop >= shard.stop)
                index, held, raws, offsets, lines = index + len(raws), 0, [], [], []
        if raws:
            yield Block(raws, offsets, lines[0], index, lines, True, shard.last)


def _elements(source: Source) -> Iterator[Element]:
    with open(source.path, "rb") as f:
        f.seek(3 if source.facts.bom else 0)
        yield from _stream(f, f.tell(), array=source.facts.content == "array")


def _stream(f: IO[bytes], base: int, *, array: bool) -> Iterator[Element]:
    """Elements of an array, or of a run of values, read piece by piece; a rest that never closes is one element, so
    that the parser can say what is wrong with it."""
    data, line, opened = b"", 1, not array
    while True:
        more = f.read(_STEP)
        data += more
        if not opened:
            bracket = data.find(b"[")
            if bracket < 0 and more:
                continue
            line += data.count(b"\n", 0, bracket + 1)
            data, base, opened = data[bracket + 1 :], base + bracket + 1, True
        done = 0
        for element in _walk(data, base, line, depth=0, final=not more):
            yield element
            done = element.stop - base
        line += data.count(b"\n", 0, done)
        data, base = data[done:], base + done
        if not more:
            return


def _walk(data: bytes, base: int, line: int, *, depth: int, final: bool = True) -> Iterator[Element]:
    """Complete elements in ``data``, which starts between two elements. ``depth`` 0: a closing bracket of the array may
    follow. With ``final``, what is left at the end is an element too."""
    level, start, counted = 0, -1, 0
    for token in _TOKEN.finditer(data):
        mark = token.group()
        if level == 0 and start < 0 and mark in (b",", b"]"):
            if mark == b"]" and depth == 0 and not data[token.end() :].strip():
                return
            continue
        if start < 0:
            start = token.start()
            line += data.count(b"\n", counted, start)
            counted = start
        if mark in (b"{", b"["):
            level += 1
        elif mark in (b"}", b"]") and level:
            level -= 1
        if level == 0 and (token.end() < len(data) or final):
            yield Element(base + start, base + token.end(), line)
            start = -1
    if final and start >= 0:
        end = len(data.rstrip())
        yield Element(base + start, base + max(end, start + 1), line)


READER = ValuesReader()
