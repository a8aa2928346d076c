"""Prompts and answers apart: what is asked in a record, and what its last answer says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from datalint_rules.duplicates import _words
from datalint_rules.duplicates._content import of_texts, with_extras
from datalint_rules.duplicates._form import form

from datalint import Batch, Layout

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]

PROMPT, ANSWER = 1, 2


class Asked(NamedTuple):
    """Of the records that have one prompt and one answer: their lines, hashes of the two, words of the answer, and
    whether the answer is the first of the conversation."""

    lines: Numbers
    prompts: Hashes
    answers: Hashes
    words: Numbers
    first: npt.NDArray[np.bool_]


def asked(batch: Batch) -> Asked:
    """Prompts and answers of a batch, worked out when the first rule asks."""
    found: Asked | None = batch.cache.get("asked")
    if found is None:
        found = batch.cache["asked"] = _asked(batch)
    return found


def _asked(batch: Batch) -> Asked:
    parts = np.concatenate([np.zeros(0, dtype=np.uint8), *_parts(batch)])
    hashes = _words.text_hashes(batch)
    prompts = with_extras(batch, of_texts(batch, hashes, parts == PROMPT))
    answers = of_texts(batch, hashes, parts == ANSWER)
    counts = np.where(parts == ANSWER, np.diff(_words.words(batch).first), 0)
    totals = np.concatenate(([0], np.cumsum(counts)))[np.array(batch.first, dtype=np.int64)]
    lines = np.flatnonzero((prompts != 0) & (answers != 0))
    alone = {layout: sum(t.role == "assistant" for t in layout.turns) == 1 for layout in batch.distinct}
    first = np.array([alone[batch.layouts[k]] for k in lines.tolist()], dtype=np.bool_)
    return Asked(lines, prompts[lines], answers[lines], np.diff(totals)[lines], first)


def _parts(batch: Batch) -> list[npt.NDArray[np.uint8]]:
    known = {layout: np.array(parts_of(layout), dtype=np.uint8) for layout in batch.distinct}
    if len(known) == 1:
        return [np.tile(known[batch.layouts[0]], len(batch))]
    return [known[layout] for layout in batch.layouts]


class Said(NamedTuple):
    """One prompt in its precise form, and the words of its answer, as numbers of this process."""

    prompt: int
    words: frozenset[int]

    def differs(self, other: Said) -> bool:
        """Whether the answers have less than four fifths of their words in common."""
        return 5 * len(self.words & other.words) < 4 * len(self.words | other.words)


def said(batch: Batch) -> list[Said]:
    """What each record asks and answers, precisely: for records whose hashes are equal."""
    made = _words.words(batch)
    found = []
    for k, layout in enumerate(batch.layouts):
        parts, first = parts_of(layout), batch.first[k]
        prompt = tuple(form(batch.texts[first + s]) for s, part in enumerate(parts) if part == PROMPT)
        answer = [
            made.hashes[made.first[first + s] : made.first[first + s + 1]] for s, p in enumerate(parts) if p == ANSWER
        ]
        found.append(Said(hash(prompt), frozenset(np.concatenate(answer).tolist() if answer else ())))
    return found


def parts_of(layout: Layout) -> list[int]:
    """Which part each text plays; none at all in records that have no single answer to learn."""
    parts = [0] * len(layout.slots)
    if layout.open or not layout.known or not layout.turns or len(layout.conversations) != 1:
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
