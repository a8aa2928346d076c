"""Reads single records again, for whoever holds a reference: dataset rules that verify, and reports that show."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from datalint.batch import Facts, Record
from datalint.loading import Detector, load_batch
from datalint.model import Ref
from datalint.readers import Block, Shard, Source, reader
from datalint.scan import BLOCK_BYTES

_KEPT = 8  # shards whose lines are kept for further look-ups
_OFFSET = (1 << 48) - 1


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
        self._blocks: OrderedDict[Shard, list[Block]] = OrderedDict()
        self._last: tuple[Ref, Record] | None = None

    def at(self, ref: Ref) -> Record:
        """The record at ``ref``, read directly. Raises KeyError when its source is gone."""
        if self._last is not None and self._last[0] == ref:
            return self._last[1]
        source = self._sources[ref.source]
        try:
            with open(source.path, "rb") as f:
                raw = os.pread(f.fileno(), ref.length, ref.offset) if hasattr(os, "pread") else _read(f, ref)
        except OSError as error:
            raise KeyError(ref) from error
        block = Block([raw], [ref.offset], ref.line, ref.index, [ref.line], True, False)
        record = self._record(ref.source, block)
        self._last = (ref, record)
        return record

    def record(self, key: int) -> Record:
        """The record at ``key`` (see ``Ref.key``), with its line number found again."""
        number, offset = key >> 48, key & _OFFSET
        for block in self._lines(number, offset):
            k = bisect_right(block.offsets, offset) - 1
            if 0 <= k < len(block.raws) and block.offsets[k] == offset:
                line = block.lines[k] if block.lines is not None else block.line + k
                return self._record(
                    number, Block([block.raws[k]], [offset], line, block.index + k, [line], True, False)
                )
        raise KeyError(key)

    def _lines(self, number: int, offset: int) -> list[Block]:
        shards = self._shards[number]
        shard = shards[max(0, bisect_right([s.start for s in shards], offset) - 1)]
        if shard not in self._blocks:
            source = self._sources[number]
            self._blocks[shard] = list(reader(source.reader).blocks(source, shard, BLOCK_BYTES, self._limit))
            if len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
        return self._blocks[shard]

    def _record(self, number: int, block: Block) -> Record:
        display = self._sources[number].display
        return load_batch(number, display, block, self._detectors[number], Facts()).record(0)


def _read(f: object, ref: Ref) -> bytes:
    f.seek(ref.offset)  # type: ignore[attr-defined]
    data: bytes = f.read(ref.length)  # type: ignore[attr-defined]
    return data
