"""Reads single records again, for whoever holds a reference: dataset rules that verify, and reports that show."""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, repeat
from typing import IO, Any

from datalint.batch import UNREAD, Batch, Refusal
from datalint.loading import Detector, load_batch
from datalint.model import Layout, Reading, Ref
from datalint.readers import SHARD_BYTES, Block, Shard, Source, Stamp, reader
from datalint.scan import BLOCK_BYTES, Scan
from datalint.views import Record

_KEPT = 512  # shards whose places are kept for further look-ups: 16 bytes a record
_OFFSET = (1 << 48) - 1
_STEP = 1 << 16
_FOLLOWING = bytes(range(0x80, 0xC0))  # bytes that start no character of UTF-8


class _Unshaped:
    """Takes no record for anything: where only the data is asked for."""

    def alike(self, datas: Sequence[Any]) -> tuple[Layout, list[tuple[str, ...]]]:
        """As ``Detector.alike``."""
        return UNREAD, [()] * len(datas)

    def read(self, data: Any) -> Reading:
        """As ``Detector.read``."""
        return Reading(UNREAD, ())


@dataclass(frozen=True)
class _Places:
    """Where the lines of one block lie; their texts are not kept."""

    offsets: array[int]
    lengths: array[int]
    line: int
    lines: Sequence[int] | None
    index: int
    refused: Mapping[int, Refusal]

    def stop(self, offsets: Sequence[int], start: int) -> int:
        """The number of the first of ``offsets`` that lies behind the block."""
        return bisect_right(offsets, self.offsets[-1], start) if self.offsets else start

    def ref(self, source: int, k: int) -> Ref:
        """The reference of line ``k`` of the block."""
        line = self.lines[k] if self.lines is not None else self.line + k
        return Ref(source, self.offsets[k], self.lengths[k], line, self.index + k)

    def number(self, offset: int) -> int:
        """The place in the block of the line at ``offset``. Raises KeyError."""
        k = bisect_left(self.offsets, offset)
        if k == len(self.offsets) or self.offsets[k] != offset:
            raise KeyError(offset)
        return k

    def read(self, f: IO[bytes], k: int) -> bytes:
        """Line ``k`` of the block."""
        if k in self.refused:
            return b""
        f.seek(self.offsets[k])
        return f.read(self.lengths[k])


class RecordLookup:
    """The records of a run, by reference or by key."""

    def __init__(
        self,
        sources: Sequence[Source],
        shards: Mapping[int, Sequence[Shard]],
        detectors: Sequence[Detector],
        limit: int,
    ) -> None:
        self._sources = sources
        self._shards = shards
        self._detectors = detectors
        self._limit = limit
        self._beside: dict[int, Sequence[Shard]] = {}  # of sources that were not scanned
        self._starts: dict[int, list[int]] = {}
        self._places: OrderedDict[Shard, list[_Places]] = OrderedDict()
        self._last: tuple[Ref, Record] | None = None
        self._before = (-1, 0, 0, 0)  # source, line, offset, code points between the start of the line and there

    def at(self, ref: Ref) -> Record:
        """The record at ``ref``, read directly. Raises KeyError when its source is gone or has changed."""
        if self._last is None or self._last[0] != ref:
            self._last = ref, self._read(ref, {})
        return self._last[1]

    def bare(self, refs: Sequence[Ref]) -> Iterator[Record | None]:
        """The records at ``refs``, which are in order, without their messages: quick. None where the source is gone or has
        changed."""
        for number, group in groupby(refs, key=lambda ref: ref.source):
            part, source = list(group), self._sources[number]
            try:
                with _opened(source, part[0]) as f:
                    raws = [f.read(ref.length) for ref in part if f.seek(ref.offset) >= 0]
            except KeyError:
                yield from repeat(None, len(part))
                continue
            block = Block(raws, [r.offset for r in part], 1, 0, [r.line for r in part], True, False)
            batch = load_batch(number, source.display, block, _Unshaped(), source.facts)
            batch.indices = [ref.index for ref in part]
            yield from map(batch.record, range(len(part)))

    def before(self, ref: Ref) -> int:
        """How many code points of its line stand before a record: none where each line is one."""
        source = self._sources[ref.source]
        if source.reader != "values":
            return 0
        try:
            with _opened(source, ref) as f:
                number, line, offset, points = self._before
                if (number, line) != (ref.source, ref.line) or offset > ref.offset:
                    offset, points = _line_start(f, ref.offset, 3 if source.facts.bom else 0), 0
                f.seek(offset)
                while offset < ref.offset and (piece := f.read(min(_STEP, ref.offset - offset))):
                    offset += len(piece)
                    points += len(piece.translate(None, _FOLLOWING))
        except KeyError:
            return 0
        self._before = ref.source, ref.line, offset, points
        return points

    def bytes_before(self, ref: Ref) -> int:
        """How many bytes of its line stand before a record."""
        source = self._sources[ref.source]
        if source.reader != "values":
            return 0
        try:
            with _opened(source, ref) as f:
                return ref.offset - _line_start(f, ref.offset, 3 if source.facts.bom else 0)
        except KeyError:
            return 0

    def record(self, key: int) -> Record:
        """The record at ``key`` (see ``Ref.key``), with its line number found again."""
        number, offset = key >> 48, key & _OFFSET
        for places in self._found(number, offset):
            k = bisect_right(places.offsets, offset) - 1
            if k >= 0 and places.offsets[k] == offset:
                return self._read(places.ref(number, k), {0: places.refused[k]} if k in places.refused else {})
        raise KeyError(key)

    def batches(self, keys: Iterable[int]) -> Iterator[Batch]:
        """The records at ``keys``, each once, in the order of their places."""
        for shard, offsets in self._by_shard(keys):
            yield from self._picked(shard, offsets)

    def raws(self, keys: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """The bytes of the records at ``keys`` as they stand in their files, each once, in the order of their places."""
        for shard, offsets in self._by_shard(keys):
            source, found = self._sources[shard.source], 0
            with _opened(source, shard.start) as f:
                for places, raws in self._blocks(source, shard):
                    stop = places.stop(offsets, found)
                    for offset in offsets[found:stop]:
                        k = places.number(offset)
                        yield source.number << 48 | offset, raws[k] if raws else places.read(f, k)
                    found = stop
            if found < len(offsets):
                raise KeyError(source.number << 48 | offsets[found])

    def located(self, keys: Iterable[int]) -> Iterator[tuple[Ref, str]]:
        """Reference and path of the records at ``keys``, each once, in the order of their places. Only lines are counted."""
        for shard, offsets in self._by_shard(keys):
            source, found = self._sources[shard.source], 0
            with _opened(source, shard.start):
                for places, _ in self._blocks(source, shard):
                    stop = places.stop(offsets, found)
                    for offset in offsets[found:stop]:
                        yield places.ref(source.number, places.number(offset)), source.display
                    found = stop
            if found < len(offsets):
                raise KeyError(shard.source << 48 | offsets[found])

    def _by_shard(self, keys: Iterable[int]) -> Iterator[tuple[Shard, list[int]]]:
        """Offsets of records, shard by shard."""
        wanted = sorted(set(keys))
        at = 0
        while at < len(wanted):
            number = wanted[at] >> 48
            shard, stop = self._shard(number, wanted[at] & _OFFSET)
            end = bisect_left(wanted, number << 48 | stop, at + 1)
            yield shard, [key & _OFFSET for key in wanted[at:end]]
            at = end

    def _picked(self, shard: Shard, offsets: Sequence[int]) -> Iterator[Batch]:
        """The records of one shard that lie at ``offsets``."""
        source, found = self._sources[shard.source], 0
        with _opened(source, shard.start) as f:
            for places, raws in self._blocks(source, shard):
                stop = places.stop(offsets, found)
                if stop > found:
                    ks = [places.number(offset) for offset in offsets[found:stop]]
                    yield self._batch(source, places, ks, [raws[k] if raws else places.read(f, k) for k in ks])
                    found = stop
        if found < len(offsets):
            raise KeyError(shard.source << 48 | offsets[found])

    def _blocks(self, source: Source, shard: Shard) -> Iterator[tuple[_Places, Sequence[bytes]]]:
        """The places of a shard, block by block; the first time with the lines, later without."""
        if shard in self._places:
            self._places.move_to_end(shard)
            yield from ((places, ()) for places in self._places[shard])
            return
        kept: list[_Places] = []
        for block in reader(source.reader).blocks(source, shard, BLOCK_BYTES, self._limit):
            places = _Places(
                array("q", block.offsets),
                array("q", map(len, block.raws)),
                block.line,
                block.lines,
                block.index,
                dict(block.refused),
            )
            kept.append(places)
            yield places, block.raws
        self._places[shard] = kept
        if len(self._places) > _KEPT:
            self._places.popitem(last=False)

    def _batch(self, source: Source, places: _Places, ks: Sequence[int], raws: Sequence[bytes]) -> Batch:
        """Those lines of a block as a batch."""
        lines = [places.lines[k] if places.lines is not None else places.line + k for k in ks]
        refused = {n: places.refused[k] for n, k in enumerate(ks) if k in places.refused}
        picked = Block(raws, [places.offsets[k] for k in ks], lines[0], 0, lines, True, False, refused)
        batch = load_batch(source.number, source.display, picked, self._detectors[source.number], source.facts)
        batch.indices = [places.index + k for k in ks]
        return batch

    def _shard(self, number: int, offset: int) -> tuple[Shard, int]:
        """The shard that holds ``offset``, and where the next one starts."""
        shards = self._shards.get(number) or self._beside.get(number)
        if shards is None:
            shards = self._beside[number] = list(counted(self._sources[number], self._limit))
        starts = self._starts.get(number, [])
        if len(starts) != len(shards):
            starts = self._starts[number] = [shard.start for shard in shards]
        following = max(1, bisect_right(starts, offset))
        return shards[following - 1], starts[following] if following < len(starts) else _OFFSET

    def _found(self, number: int, offset: int) -> list[_Places]:
        """The places of the shard that holds ``offset``."""
        shard, _ = self._shard(number, offset)
        source = self._sources[shard.source]
        with _opened(source, shard.start):
            return [places for places, _ in self._blocks(source, shard)]

    def _read(self, ref: Ref, refused: Mapping[int, Refusal]) -> Record:
        source = self._sources[ref.source]
        with _opened(source, ref) as f:
            f.seek(ref.offset)
            raw = f.read(ref.length)
        block = Block([raw], [ref.offset], ref.line, ref.index, [ref.line], True, False, refused)
        return load_batch(source.number, source.display, block, self._detectors[source.number], source.facts).record(0)


def counted(source: Source, limit: int) -> Iterator[Shard]:
    """The shards of a source with the lines counted from its start."""
    cut = reader(source.reader)
    lines = 0
    for shard in cut.shards(source, SHARD_BYTES):
        if not shard.relative:
            yield shard
            continue
        yield replace(shard, line=lines + 1, index=lines, relative=False)
        lines += sum(len(block.raws) for block in cut.blocks(source, shard, BLOCK_BYTES, limit))


def _line_start(f: IO[bytes], offset: int, first: int) -> int:
    """Where the line begins that holds ``offset``; ``first``: where the first one does."""
    while offset > first:
        start = max(first, offset - _STEP)
        f.seek(start)
        feed = f.read(offset - start).rfind(b"\n")
        if feed >= 0:
            return start + feed + 1
        offset = start
    return first


def _opened(source: Source, sought: object) -> IO[bytes]:
    """The source, open. Raises KeyError if it is no longer the one that was scanned."""
    try:
        f = open(source.path, "rb")
    except OSError as error:
        raise KeyError(sought) from error
    stat = os.fstat(f.fileno())
    if Stamp(stat.st_size, stat.st_mtime_ns, stat.st_ino) != source.stamp:
        f.close()
        raise KeyError(sought)
    return f


@dataclass
class Placed:
    """The shards of each source as they come back, their lines counted from its start."""

    shards: dict[int, list[Shard]] = field(default_factory=dict)
    _lines: Counter[int] = field(default_factory=Counter)

    def add(self, scan: Scan) -> int:
        """Take in the next shard; how many lines of its source come before those it counts itself."""
        shard = scan.shard
        shift = self._lines[shard.source] if shard.relative else 0
        self._lines[shard.source] += scan.counts["lines"]
        whole = replace(shard, line=shard.line + shift, index=shard.index + shift, relative=False)
        self.shards.setdefault(shard.source, []).append(whole)
        return shift
