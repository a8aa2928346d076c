"""A block of lines becomes a batch: parsed once, shaped once, for all rules."""

from __future__ import annotations

from itertools import accumulate, chain
from typing import Any, Protocol

import orjson

from datalint.batch import UNREAD, Batch, Facts, Refusal
from datalint.model import Reading
from datalint.readers import Block
from datalint.readers.refusal import refuse

_BOM = b"\xef\xbb\xbf"
_NOTHING = Reading(UNREAD, ())


class Detector(Protocol):
    """Turns parsed data into layout and texts."""

    def read(self, data: Any) -> Reading:
        """The reading of one record; never fails."""


def load_batch(source: int, path: str, block: Block, detector: Detector, facts: Facts) -> Batch:
    """Parse and shape all lines of ``block``."""
    refusals: dict[int, Refusal] = {}
    blanks: list[int] = []
    boms: list[int] = []
    try:
        datas = list(map(orjson.loads, block.raws))
        readings = list(map(detector.read, datas))
    except orjson.JSONDecodeError:
        datas = [_parsed(raw, k, refusals, blanks, boms) for k, raw in enumerate(block.raws)]
        readings = [_NOTHING if data is UNREAD else detector.read(data) for data in datas]
    return Batch(
        source, path, block.raws, block.offsets,
        [None if data is UNREAD else data for data in datas] if refusals or blanks else datas,
        [layout for layout, _ in readings],
        list(chain.from_iterable([texts for _, texts in readings])),
        list(accumulate([len(texts) for _, texts in readings], initial=0)),
        line=block.line, index=block.index, refusals=refusals, blanks=blanks, lines=block.lines, boms=boms,
        ends=block.ends, last=block.last, facts=facts,
    )  # fmt: skip


def _parsed(raw: bytes, k: int, refusals: dict[int, Refusal], blanks: list[int], boms: list[int]) -> Any:
    """The value of one line; UNREAD for one that is blank or broken."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if not raw.strip():
            blanks.append(k)
            return UNREAD
        if not raw.startswith(_BOM):
            refusals[k] = refuse(raw, error.msg, error.pos)
            return UNREAD
    boms.append(k)
    try:
        return orjson.loads(raw[3:])
    except orjson.JSONDecodeError as error:
        refusals[k] = refuse(raw, error.msg, error.pos + 1)
        return UNREAD
