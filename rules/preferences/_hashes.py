"""Preference records as numbers, whichever side is the better one."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from datalint_rules.duplicates._places import State
from datalint_rules.preferences._pairs import is_pair, pair

from datalint import Batch


class Sides(NamedTuple):
    """Prompt, better and worse answer."""

    prompt: tuple[tuple[str, str], ...]
    chosen: str
    rejected: str

    def turned(self) -> Sides:
        """The opposite preference."""
        return Sides(self.prompt, self.rejected, self.chosen)


def columns(batch: Batch) -> State:
    """Of each pair with two answers: its key, a hash of it in either order, and whether it was turned for that."""
    pairs = {layout for layout in batch.distinct if is_pair(layout)}
    found = [(k, _sides(batch, k)) for k, layout in enumerate(batch.layouts) if layout in pairs] if pairs else []
    found = [(k, sides) for k, sides in found if sides.chosen != sides.rejected]
    if not found:
        return ()
    return (
        {
            "keys": np.array([batch.ref(k).key for k, _ in found], dtype=np.uint64),
            "pairs": np.array([_number(min(s, s.turned())) for _, s in found], dtype=np.uint64),
            "turned": np.array([s > s.turned() for _, s in found], dtype=np.bool_),
        },
    )


def sides(batch: Batch) -> list[Sides]:
    """Prompt and answers of records that are pairs."""
    return [_sides(batch, k) for k in range(len(batch))]


def _sides(batch: Batch, k: int) -> Sides:
    both = pair(batch.record(k))
    prompt = tuple((role, text) for role, text in both.chosen.prompt if text)
    return Sides(prompt, both.chosen.answer, both.rejected.answer)


def _number(sides: Sides) -> int:
    digest = blake2b(digest_size=8)
    for part in (*(part for turn in sides.prompt for part in turn), "", sides.chosen, "", sides.rejected):
        digest.update(part.encode() + b"\0")
    return int.from_bytes(digest.digest(), "little")
