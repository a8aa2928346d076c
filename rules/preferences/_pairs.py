"""The two sides of a preference record."""

from __future__ import annotations

from typing import NamedTuple

from datalint import Layout, Record, Turn


class Side(NamedTuple):
    """One answer and what comes before it, as role and text of each turn; white space at the ends aside."""

    prompt: tuple[tuple[str, str], ...]
    answer: str
    turn: Turn


class Pair(NamedTuple):
    """The better side and the worse one."""

    chosen: Side
    rejected: Side


def is_pair(layout: Layout) -> bool:
    """Whether records of this layout prefer one of two answers."""
    return branches(layout) is not None


def branches(layout: Layout) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The turns of the better side and of the worse one, None if the layout is no pair."""
    if len(layout.conversations) != 2 or not all(layout.conversations):
        return None
    first, second = sorted(layout.conversations, key=lambda branch: layout.turns[branch[-1]].rejected)
    last = layout.turns[first[-1]], layout.turns[second[-1]]
    if (
        last[0].rejected
        or not last[1].rejected
        or any(turn.role not in ("assistant", "text") or turn.calls for turn in last)
    ):
        return None
    return first, second


def pair(record: Record) -> Pair:
    """Both sides of a record whose layout is a pair."""
    found = branches(record.layout)
    if found is None:
        raise ValueError("the record is no pair")
    return Pair(_side(record, found[0]), _side(record, found[1]))


def _side(record: Record, branch: tuple[int, ...]) -> Side:
    turns = [record.layout.turns[t] for t in branch]
    said = [(turn.role, "\n".join(record.texts[s] for s in turn.slots).strip()) for turn in turns]
    before, answer = transcript(said[-1][1])
    if before:
        said.insert(-1, ("user", before))
    return Side(tuple(said[:-1]), answer, turns[-1])


def transcript(text: str) -> tuple[str, str]:
    """A text that tells a whole conversation, cut before its last answer."""
    if text.startswith(("Human:", "\n\nHuman:")):
        before, mark, answer = text.rpartition("\n\nAssistant:")
        if mark:
            return before.strip(), answer.strip()
    return "", text
