"""A block of lines becomes a batch: parsed once, shaped once, for all rules."""

from __future__ import annotations

from typing import Any, Protocol

import orjson

from datalint.batch import UNREAD, Batch, Facts, Refusal
from datalint.model import Layout, Reading
from datalint.readers import Block
from datalint.readers.refusal import refuse

_BOM = b"\xef\xbb\xbf"


class Detector(Protocol):
    """Turns parsed data into layout and texts."""

    def read(self, data: Any) -> Reading:
        """The reading of one record; never fails."""


def load_batch(source: int, path: str, block: Block, detector: Detector, facts: Facts) -> Batch:
    """Parse and shape all lines of ``block``."""
    datas: list[Any] = []
    layouts: list[Layout] = []
    texts: list[str] = []
    first: list[int] = [0]
    refusals: dict[int, Refusal] = {}
    blanks: list[int] = []
    boms: list[int] = []
    loads, read = orjson.loads, detector.read
    add_data, add_layout, add_texts, add_first = datas.append, layouts.append, texts.extend, first.append
    count = 0
    for raw in block.raws:
        try:
            data = loads(raw)
        except orjson.JSONDecodeError as error:
            k = len(datas)
            data = _second_look(raw, k, error, refusals, blanks, boms)
            if data is UNREAD:
                add_data(None)
                add_layout(UNREAD)
                add_first(count)
                continue
        layout, found = read(data)
        add_data(data)
        add_layout(layout)
        add_texts(found)
        count += len(found)
        add_first(count)
    return Batch(
        source, path, block.raws, block.offsets, datas, layouts, texts, first,
        line=block.line, index=block.index, refusals=refusals, blanks=blanks, lines=block.lines, boms=boms,
        ends=block.ends, last=block.last, facts=facts,
    )  # fmt: skip


def _second_look(
    raw: bytes, k: int, error: orjson.JSONDecodeError, refusals: dict[int, Refusal], blanks: list[int], boms: list[int]
) -> Any:
    """A line the parser refused: blank, behind a byte-order mark, or broken."""
    if not raw.strip():
        blanks.append(k)
        return UNREAD
    if raw.startswith(_BOM):
        boms.append(k)
        try:
            return orjson.loads(raw[3:])
        except orjson.JSONDecodeError as again:
            refusals[k] = refuse(raw, again.msg, again.pos + 1)
            return UNREAD
    refusals[k] = refuse(raw, error.msg, error.pos)
    return UNREAD

