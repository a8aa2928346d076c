"""Lengths by field, as exact histograms that add up, with the places of the longest and the shortest texts."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import regex
from datalint_rules.duplicates._words import keys

from datalint import Batch, Layout, Move, lengths

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]

_NUMBER = regex.compile(r"/\d+(?=/|$)")
ENDS = 20  # texts at either end that are remembered


class Field(NamedTuple):
    """What stands in one place of the records: a pointer in which numbers are stars, and a role."""

    pointer: str
    role: str

    def __str__(self) -> str:
        starred = "*" in self.pointer
        return f"{self.pointer} ({self.role})" if starred else self.pointer or self.role


class Lengths(NamedTuple):
    """How many texts have which length (in order), and the texts at both ends: length, key of the record, slot."""

    sizes: Numbers
    counts: Numbers
    longest: Numbers
    longest_keys: Hashes
    shortest: Numbers
    shortest_keys: Hashes

    @property
    def total(self) -> int:
        """How many texts there are."""
        return int(self.counts.sum())

    def at(self, share: float) -> int:
        """The length that this share of the texts does not pass."""
        reached = np.searchsorted(np.cumsum(self.counts), share * self.total)
        return int(self.sizes[min(int(reached), len(self.sizes) - 1)])


State = dict[Field, Lengths]


def measured(batch: Batch, unit: str) -> State:
    """Lengths of all texts of a batch that are not empty, by field, worked out when the first rule asks."""
    name = f"lengths by field in {unit}"
    found: State | None = batch.cache.get(name)
    if found is None:
        found = batch.cache[name] = dict(_measured(batch, lengths.of(batch, unit)))
    return found


def added(one: State, other: State) -> State:
    """Both."""
    made = dict(one)
    for field, more in other.items():
        made[field] = _both(made[field], more) if field in made else more
    return made


def _both(one: Lengths, other: Lengths) -> Lengths:
    sizes, counts = _histogram(np.concatenate((one.sizes, other.sizes)), np.concatenate((one.counts, other.counts)))
    longest = _end(
        np.concatenate((one.longest, other.longest), axis=1), np.concatenate((one.longest_keys, other.longest_keys)), -1
    )
    shortest = _end(
        np.concatenate((one.shortest, other.shortest), axis=1),
        np.concatenate((one.shortest_keys, other.shortest_keys)),
        1,
    )
    return Lengths(sizes, counts, *longest, *shortest)


@lru_cache(maxsize=4096)
def fields_of(layout: Layout) -> list[Field]:
    """The field of each text of a layout."""
    return [Field(_NUMBER.sub("/*", slot.pointer), "rejected" if slot.rejected else slot.role) for slot in layout.slots]


def numbered(batch: Batch, number: Callable[[Field], int]) -> Numbers:
    """The number of the field of each text of a batch."""
    ids = {
        layout: np.array([number(field) for field in fields_of(layout)], dtype=np.int64)
        for layout in sorted(batch.distinct, key=lambda layout: layout.shape)
    }
    if len(ids) == 1:
        return np.tile(next(iter(ids.values())), len(batch))
    return np.concatenate([np.zeros(0, dtype=np.int64), *(ids[layout] for layout in batch.layouts)])


def _measured(batch: Batch, sizes: Numbers) -> list[tuple[Field, Lengths]]:
    known: dict[Field, int] = {}
    columns = numbered(batch, lambda field: known.setdefault(field, len(known)))
    first = np.array(batch.first, dtype=np.int64)
    found = []
    for field, number in known.items():
        texts = np.flatnonzero((columns == number) & (sizes > 0))
        if len(texts):
            found.append((field, _lengths(batch, texts, sizes[texts], first)))
    return found


def _lengths(batch: Batch, texts: Numbers, sizes: Numbers, first: Numbers) -> Lengths:
    ordered = np.sort(sizes)
    edges = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(np.append(edges, len(ordered)))
    ends = []
    for sign, limit in ((-1, ordered[-ENDS:][0]), (1, ordered[:ENDS][-1])):
        picked = np.flatnonzero(sizes >= limit if sign < 0 else sizes <= limit)
        lines = np.searchsorted(first, texts[picked], side="right") - 1
        ends.append(_end(np.stack((sizes[picked], texts[picked] - first[lines])), keys(batch)[lines], sign))
    return Lengths(ordered[edges], counts, *ends[0], *ends[1])


def _histogram(sizes: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    order = np.argsort(sizes, kind="stable")
    sizes, counts = sizes[order], counts[order]
    edges = np.flatnonzero(np.concatenate(([True], sizes[1:] != sizes[:-1])))
    return sizes[edges], np.add.reduceat(counts, edges)


def _end(texts: Numbers, where: Hashes, sign: int) -> tuple[Numbers, Hashes]:
    """The longest texts (``sign`` -1) or the shortest, of equal ones those that come first."""
    order = np.lexsort((texts[1], where, sign * texts[0]))[:ENDS]
    return texts[:, order], where[order]


def moved(state: State, to: Move) -> State:
    """The same of records elsewhere."""
    by = np.uint64(to.keys % (1 << 64))
    return {
        field: one._replace(longest_keys=one.longest_keys + by, shortest_keys=one.shortest_keys + by)
        for field, one in state.items()
    }
