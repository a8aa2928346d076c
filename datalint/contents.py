"""Which records of one side the other side has too, wherever they lie there and however they are written.

Records are compared by hashes of 64 bits, first of their bytes, and only those that find no partner by their content:
keys in order, no blanks. Equal records pair off one by one, first within files of one name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import orjson

from datalint import jsonspan
from datalint.readers import NOT_READ, SHARD_BYTES, Block, Shard, Source, reader
from datalint.readers.common import shared

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]

BLOCK_BYTES = 1 << 20
_BOM = b"\xef\xbb\xbf"


class Picked(NamedTuple):
    """One line of a side; ``line`` is its number in its source."""

    number: int
    source: Source
    line: int
    offset: int
    raw: bytes


@dataclass
class Side:
    """The lines of some sources; ``names``: what each source is called, so that files of one name are found. A line goes by
    its number among all lines of the side."""

    sources: Sequence[Source]
    names: Sequence[str]
    limit: int  # bytes of the longest record
    parts: dict[int, tuple[int, int]] = field(default_factory=dict)  # by source: the bytes to look at, where not all
    traits: dict[int, set[str]] = field(default_factory=dict)  # by source: how the file begins, and its lines end

    @cached_property
    def hashes(self) -> Numbers:
        """Of the bytes of each line."""
        return self._read[0]

    @cached_property
    def keys(self) -> Numbers:
        """Source and offset of each line, as ``Ref.key``."""
        return self._read[1]

    @property
    def all_traits(self) -> frozenset[str]:
        """How any of the files begin and end."""
        return frozenset().union(*self.traits.values())

    @cached_property
    def files(self) -> Numbers:
        """Of each line, the hash of the name of its source."""
        import numpy as np

        named = {source.number: hash(name) for source, name in zip(self.sources, self.names, strict=True)}
        numbers, at = np.unique(self.keys >> 48, return_inverse=True)
        return np.array([named[number] for number in numbers.tolist()], dtype=np.int64)[at]

    def picked(self, wanted: Numbers) -> Iterator[Picked]:
        """The lines with these numbers, which are in order, read again."""
        numbers = iter(wanted.tolist())
        number = next(numbers, -1)
        first, line, last = 0, 1, None
        for source, block in self._blocks():
            if source is not last:
                line, last = 1, source
            while first <= number < first + len(block.raws):
                k = number - first
                at = block.lines[k] if block.lines is not None else line + k
                yield Picked(number, source, at, block.offsets[k], block.raws[k])
                number = next(numbers, -1)
            if number < 0:
                return
            first, line = first + len(block.raws), line + len(block.raws)

    @property
    def sizes(self) -> Numbers:
        """Bytes of each line."""
        return self._read[2]

    @cached_property
    def _read(self) -> tuple[Numbers, Numbers, Numbers]:
        import numpy as np

        hashes, keys, sizes = ([np.zeros(0, dtype=np.int64)] for _ in range(3))
        for source, block in self._blocks():
            hashes.append(np.fromiter(map(hash, block.raws), dtype=np.int64, count=len(block.raws)))
            keys.append(np.array(block.offsets, dtype=np.int64) + (source.number << 48))
            sizes.append(np.fromiter(map(len, block.raws), dtype=np.int64, count=len(block.raws)))
            self.traits.setdefault(source.number, set()).update(_traits(source, block))
        return np.concatenate(hashes), np.concatenate(keys), np.concatenate(sizes)

    def _blocks(self) -> Iterator[tuple[Source, Block]]:
        for source in self.sources:
            cut = reader(source.reader)
            for shard in self._shards(source):
                for block in cut.blocks(source, shard, BLOCK_BYTES, self.limit):
                    yield source, block

    def _shards(self, source: Source) -> Iterator[Shard]:
        if source.number in self.parts:
            start, stop = self.parts[source.number]
            if start < stop:
                yield Shard(source.number, start, stop, 1, 0, stop == source.stamp.size, relative=True)
        elif source.facts.content not in NOT_READ:
            yield from reader(source.reader).shards(source, SHARD_BYTES)


@dataclass(frozen=True)
class Unpaired:
    """The lines of the two sides that have no partner, in order; ``rewritten``: pairs that differ in their bytes only."""

    old: Numbers
    new: Numbers
    rewritten: int


def trim(old: Side, new: Side) -> None:
    """Leave out of both what files of one name have in common at their start and at their end: most of it, mostly. What is
    left has other numbers of lines."""
    there = {name: source for name, source in zip(old.names, old.sources, strict=True) if _has_lines(source)}
    for name, source in zip(new.names, new.sources, strict=True):
        before = there.pop(name, None) if _has_lines(source) else None
        if before is not None and before.facts.bom == source.facts.bom:
            start, end = shared(before, source)
            start = max(start, 3 if source.facts.bom else 0)
            for side, one in ((old, before), (new, source)):
                side.parts[one.number] = start, max(start, one.stamp.size - end)


def _has_lines(source: Source) -> bool:
    return source.reader == "jsonl" and source.facts.content not in NOT_READ


def compare(old: Side, new: Side) -> Unpaired:
    """What is on one side only."""
    import numpy as np

    one, other = np.arange(len(old.hashes)), np.arange(len(new.hashes))
    raw = _Paired(one, other)
    raw.pair(old.hashes ^ old.files, new.hashes ^ new.files)
    raw.pair(old.hashes, new.hashes)
    if not len(raw.old) or not len(raw.new):
        return Unpaired(raw.old, raw.new, 0)
    left = len(raw.new)
    contents = [_spread(side, numbers) for side, numbers in ((old, raw.old), (new, raw.new))]
    raw.pair(contents[0] ^ old.files, contents[1] ^ new.files)
    raw.pair(*contents)
    return Unpaired(raw.old, raw.new, left - len(raw.new))


@dataclass
class _Paired:
    """The numbers of the lines of both sides that are left."""

    old: Numbers
    new: Numbers

    def pair(self, old: Numbers, new: Numbers) -> None:
        """Take out those with equal hashes, one for one and the first ones first."""
        one, other = _alone(old[self.old], new[self.new])
        self.old, self.new = self.old[one], self.new[other]


def _alone(one: Numbers, other: Numbers) -> tuple[Flags, Flags]:
    """Of each hash, whether it finds no partner."""
    import numpy as np

    orders = [np.argsort(hashes, kind="stable") for hashes in (one, other)]
    ranked = [hashes[order] for hashes, order in zip((one, other), orders, strict=True)]
    made: list[Flags] = []
    for mine, theirs, order in ((ranked[0], ranked[1], orders[0]), (ranked[1], ranked[0], orders[1])):
        rank = np.arange(len(mine)) - np.searchsorted(mine, mine)
        partners = np.searchsorted(theirs, mine, "right") - np.searchsorted(theirs, mine)
        flags = np.empty(len(mine), dtype=bool)
        flags[order] = rank >= partners
        made.append(flags)
    return made[0], made[1]


def _spread(side: Side, numbers: Numbers) -> Numbers:
    """The hashes of the contents of some lines, in a column for all lines."""
    import numpy as np

    made = np.zeros(len(side.hashes), dtype=np.int64)
    for line in side.picked(numbers):
        made[line.number] = hash(content(line.raw))
    return made


def _traits(source: Source, block: Block) -> set[str]:
    """How the file begins and its lines end."""
    made = {"bom"} if source.facts.bom else set()
    made |= {"crlf"} if any(raw.endswith(b"\r") for raw in (*block.raws[:1], *block.raws[-1:])) else set()
    return made if block.ends else made | {"open"}


def content(raw: bytes) -> bytes:
    """What a line says, however it is written; the bytes of one that is no JSON, without blanks around them."""
    try:
        return jsonspan.canonical(orjson.loads(raw))
    except orjson.JSONDecodeError:
        bare = raw.strip()
    if not bare.startswith(_BOM):
        return bare
    return content(bare[len(_BOM) :])
