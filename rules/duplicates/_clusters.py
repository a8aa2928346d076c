"""Which records are alike: candidates by bands, every pair verified on the texts, clusters by union-find.

Pure in the state: the same records give the same clusters, in whatever order their batches came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from datalint import Batch, Records
from datalint_rules.duplicates._minhash import Shingles, shingles

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]
    Small = npt.NDArray[np.uint32]
    Flags = npt.NDArray[np.bool_]

REACH = 8  # how far apart in a band two records may stand to be compared
_SLICE = 1 << 16  # pairs compared at once
_ROOM = 1 << 24  # shingles held in memory at once
_PLACE, _HASH = np.uint64(43), np.uint64((1 << 43) - 1)  # a shingle in the pool: 21 bits of record, 43 of hash


class Alike(NamedTuple):
    """How much two records share: shingles they have in common, and shingles in either."""

    shared: Numbers
    either: Numbers


def pairs_near(bands: Small, members: Numbers, distance: int) -> Hashes:
    """Pairs of records that stand ``distance`` apart in a band, as ``first << 32 | second``, each once."""


class Pool:
    """Sets of shingles of those records that are being compared, read when they are asked for."""

    def __init__(self, records: Records, keys: Hashes) -> None:
        self._records = records
        self._keys = keys
        self._clear()

    def _clear(self) -> None:
        self._local = np.full(len(self._keys), -1, dtype=np.int64)
        self._values = np.zeros(0, dtype=np.uint64)
        self._first = np.zeros(1, dtype=np.int64)

    def alike(self, one: Numbers, other: Numbers) -> Alike:
        """What each record of ``one`` has in common with that of ``other``."""
        shared, either = np.zeros(len(one), dtype=np.int64), np.zeros(len(one), dtype=np.int64)
        for at in range(0, len(one), _SLICE):
            part = slice(at, at + _SLICE)
            self._load(np.concatenate((one[part], other[part])))
            shared[part], either[part] = self._compared(self._local[one[part]], self._local[other[part]])
        return Alike(shared, either)

    def _compared(self, one: Numbers, other: Numbers) -> tuple[Numbers, Numbers]:
        sizes = np.diff(self._first)
        swap = sizes[one] > sizes[other]
        small, large = np.where(swap, other, one), np.where(swap, one, other)
        counts = sizes[small]
        bounds = np.zeros(len(small) + 1, dtype=np.int64)
        np.cumsum(counts, out=bounds[1:])
        at = np.arange(int(bounds[-1]), dtype=np.int64)
        at += np.repeat(self._first[small] - bounds[:-1], counts)
        wanted = (self._values[at] & _HASH) | np.repeat(large.astype(np.uint64) << _PLACE, counts)
        found = np.searchsorted(self._values, wanted)
        hits = np.append(self._values, np.uint64(0))[found] == wanted
        shared = np.diff(np.concatenate(([0], np.cumsum(hits)))[bounds])
        return shared, sizes[one] + sizes[other] - shared

    def _load(self, wanted: Numbers) -> None:
        """Read those of ``wanted`` that are not there."""
        missing = _distinct(wanted[self._local[wanted] < 0])
        if not len(missing):
            return
        if len(self._values) > _ROOM:
            self._clear()
            missing = _distinct(wanted)
        made = [*_unique(shingles(batch) for batch in self._records.batches(self._keys[missing].tolist()))]
        sizes = np.concatenate([sizes for _, sizes in made])
        local = len(self._first) - 1 + np.arange(len(missing), dtype=np.int64)
        self._local[missing] = local
        new = np.concatenate([values for values, _ in made]) | np.repeat(local.astype(np.uint64) << _PLACE, sizes)
        self._values = np.concatenate((self._values, new))
        self._first = np.concatenate((self._first, self._first[-1] + np.cumsum(sizes)))


def _unique(found: Iterable[Shingles]) -> Iterator[tuple[Hashes, Numbers]]:
    """The shingles of each record once and in order, and how many there are."""
    for made in found:
        counts = np.diff(made.first)
        owners = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
        values = np.sort((made.hashes & _HASH) | (owners << _PLACE))
        values = values[np.flatnonzero(np.diff(values, prepend=~values[:1]))]
        yield values & _HASH, np.bincount((values >> _PLACE).astype(np.int64), minlength=len(counts))


def _distinct(numbers: Numbers) -> Numbers:
    """Each number once, in order. (numpy's own ``unique`` is far slower on 64-bit numbers.)"""
    made = np.sort(numbers)
    return made[np.flatnonzero(np.diff(made, prepend=-1))]
