"""Prompts and answers apart: what is asked in a record, and what its last answer says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from datalint import Batch, Layout
from datalint_rules.duplicates import _words
from datalint_rules.duplicates._content import extras, of_texts

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]

PROMPT, ANSWER = 1, 2


class Asked(NamedTuple):
    """Of the records that have one prompt and one answer: their lines, hashes of the two, words of the answer."""

    lines: Numbers
    prompts: Hashes
    answers: Hashes
    words: Numbers


def asked(batch: Batch) -> Asked:
    """Prompts and answers of a batch, worked out when the first rule asks."""
    found: Asked | None = batch.cache.get("asked")
    if found is None:
        found = batch.cache["asked"] = _asked(batch)
    return found


def _asked(batch: Batch) -> Asked:
    parts = np.concatenate([np.zeros(0, dtype=np.uint8), *_parts(batch)])
    hashes = _words.text_hashes(batch)
    prompts = of_texts(batch, hashes, parts == PROMPT)
    answers = of_texts(batch, hashes, parts == ANSWER)
    more = extras(batch)
    if more is not None:
        prompts = _words.mixed(prompts ^ more)
    counts = np.where(parts == ANSWER, np.diff(_words.words(batch).first), 0)
    totals = np.concatenate(([0], np.cumsum(counts)))[np.array(batch.first, dtype=np.int64)]
    lines = np.flatnonzero((prompts != 0) & (answers != 0))
    return Asked(lines, prompts[lines], answers[lines], np.diff(totals)[lines])


def _parts(batch: Batch) -> list[npt.NDArray[np.uint8]]:
    known = {layout: np.array(parts_of(layout), dtype=np.uint8) for layout in batch.distinct}
    if len(known) == 1:
        return [np.tile(known[batch.layouts[0]], len(batch))]
    return [known[layout] for layout in batch.layouts]


def parts_of(layout: Layout) -> list[int]:
    """Which part each text plays; none at all in records that have no single answer to learn."""
    parts = [0] * len(layout.slots)
    if layout.open or not layout.known or len(layout.conversations) != 1:
        return parts
    *before, last = layout.turns
    if last.role != "assistant" or last.rejected or last.calls or not before:
        return parts
    for turn in before:
        for slot in turn.slots:
            parts[slot] = PROMPT
    for slot in last.slots:
        parts[slot] = ANSWER if layout.slots[slot].kind == "content" else 0
    return parts
