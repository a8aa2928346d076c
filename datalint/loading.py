"""A block of lines becomes a batch: parsed once, shaped once, for all rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Any, Protocol, cast

import orjson

from datalint.batch import UNREAD, Batch, Facts, Refusal
from datalint.model import Layout, Reading
from datalint.readers import Block
from datalint.readers.refusal import refuse

_BOM = b"\xef\xbb\xbf"
_NOTHING = Reading(UNREAD, ())


class Detector(Protocol):
    """Turns parsed data into layout and texts."""

    def alike(self, datas: Sequence[Any]) -> tuple[Layout, list[tuple[str, ...]]] | None:
        """One layout and the texts of each, where all are read alike; None otherwise."""

    def read(self, data: Any) -> Reading:
        """The reading of one record; never fails."""


def load_batch(source: int, path: str, block: Block, detector: Detector, facts: Facts) -> Batch:
    """Parse and shape all lines of ``block``."""
    refusals: dict[int, Refusal] = dict(block.refused)
    blanks: list[int] = []
    boms: list[int] = []
    try:
        datas = list(map(orjson.loads, block.raws))
    except orjson.JSONDecodeError:
        datas = [_parsed(raw, k, refusals, blanks, boms) for k, raw in enumerate(block.raws)]
    layouts, found = _read(datas, detector)
    return Batch(
        source, path, block.raws, block.offsets,
        [None if data is UNREAD else data for data in datas] if refusals or blanks else datas,
        layouts,
        list(chain.from_iterable(found)),
        list(accumulate(map(len, found), initial=0)),
        line=block.line, index=block.index, refusals=refusals, blanks=blanks, lines=block.lines, boms=boms,
        ends=block.ends, last=block.last, facts=facts,
    )  # fmt: skip


def _read(datas: Sequence[Any], detector: Detector) -> tuple[list[Layout], list[Sequence[str]]]:
    """Layout and texts of each value."""
    alike = detector.alike(datas)
    if alike is not None:
        layout, texts = alike
        return [layout] * len(datas), cast("list[Sequence[str]]", texts)
    readings = [_NOTHING if data is UNREAD else detector.read(data) for data in datas]
    return [layout for layout, _ in readings], [texts for _, texts in readings]


def _parsed(raw: bytes, k: int, refusals: dict[int, Refusal], blanks: list[int], boms: list[int]) -> Any:
    """The value of one line; UNREAD for one that is blank or broken."""
    if k in refusals:
        return UNREAD
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if not raw.strip():
            blanks.append(k)
            return UNREAD
        if not raw.startswith(_BOM):
            refusals[k] = refuse(raw, error.msg, error.pos, error.doc or None)
            return UNREAD
    boms.append(k)
    try:
        return orjson.loads(raw[3:])
    except orjson.JSONDecodeError as error:
        refusals[k] = refuse(raw, error.msg, error.pos + 1)
        return UNREAD
