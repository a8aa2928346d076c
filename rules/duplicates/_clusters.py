"""Which records are alike: candidates by bands, every pair verified on the texts, clusters by union-find.

All of it is a function of the records in the order of their places, so it does not matter how the data was cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from datalint_rules.duplicates._minhash import MARKS, answers, shingles

from datalint import Batch, Records

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]
    Small = npt.NDArray[np.uint32]
    Flags = npt.NDArray[np.bool_]

T = TypeVar("T", np.int64, np.uint64)

REACH = 8  # how far apart two records of one band may stand to be compared
SLACK = 18  # percent of marks that may differ from the share they stand for
ROUNDS = 16  # records kept of one cluster to which all others are compared
BRIEF = 30  # words up to which an answer is brief
_READ, _SLICE = 1 << 16, 1 << 13  # pairs whose records are read together; pairs compared at once
_ROOM = 1 << 24  # shingles held in memory at once
_PLACE = np.uint64(43)  # a shingle in the pool: 21 bits of record, 43 of hash
_HASH = np.uint64((1 << 43) - 1)
_HALF, _ONE = np.uint64(32), np.uint64(1)


class Alike(NamedTuple):
    """Two records that are alike: their numbers, and the share of shingles they have in common, in percent."""

    kept: int
    other: int
    percent: int


class Sketches(NamedTuple):
    """What is known of records without reading them. ``keys`` rise; records of different ``kinds`` are never alike."""

    keys: Hashes
    kinds: Hashes
    bands: Small
    marks: npt.NDArray[np.uint8]

    def may_be_alike(self, one: Numbers, other: Numbers, percent: int) -> Flags:
        """Whether the marks of each pair allow that so many shingles are the same. Of pairs that are just that much alike
        three in a thousand are told off."""
        least = MARKS * (percent - SLACK) // 100
        made: Flags = self.kinds[one] == self.kinds[other]
        for at in range(0, len(one), _READ):
            part = slice(at, at + _READ)
            made[part] &= (self.marks[one[part]] == self.marks[other[part]]).sum(axis=1) >= least
        return made


def clusters(records: Records, sketches: Sketches, sizes: Numbers, percent: int) -> Iterator[Alike]:
    """Of each cluster the records that are like a better one: like the longest, of equals the first."""
    near = _Near(records, sketches, percent)
    groups = [_shared(band) for band in sketches.bands]
    for distance in range(1, REACH + 1):
        near.join(np.concatenate([_pairs(group, distance) for group in groups]))
    yield from near.chosen(sizes)


def _shared(band: Small) -> tuple[Numbers, Numbers]:
    """The records that share a key with another, and the number of the key of each."""
    some = np.flatnonzero(_occurs_again(band))
    values = np.sort(band[some].astype(np.uint64) << _HALF | some.astype(np.uint64))
    if not len(values):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    numbers = values >> _HALF
    same = numbers[1:] == numbers[:-1]
    values = values[np.append(same, False) | np.insert(same, 0, False)]
    return (values & np.uint64(0xFFFFFFFF)).astype(np.int64), (values >> _HALF).astype(np.int64)


def _occurs_again(band: Small) -> Flags:
    """Whether the last bits of a key occur again: a count is half the price of a sort, and leaves a quarter to sort."""
    last = band & np.uint32((4 << len(band).bit_length()) - 1)
    again: Flags = np.bincount(last)[last] > 1 if len(band) else np.zeros(0, dtype=np.bool_)
    return again


def _pairs(group: tuple[Numbers, Numbers], distance: int) -> Hashes:
    """Pairs of records that stand ``distance`` apart under one key, as ``first << 32 | second``."""
    members, numbers = group
    at = np.flatnonzero(numbers[distance:] == numbers[:-distance])
    made: Hashes = members[at].astype(np.uint64) << _HALF | members[at + distance].astype(np.uint64)
    return made


class _Near:
    """Union-find over verified pairs."""

    def __init__(self, records: Records, sketches: Sketches, percent: int) -> None:
        self._pool = Pool(records, sketches.keys)
        self._sketches = sketches
        self._percent = percent
        self._roots = np.arange(len(sketches.keys), dtype=np.int64)
        self._unlike = np.zeros(0, dtype=np.uint64)
        self._alike: list[tuple[Numbers, Numbers, Numbers]] = []

    def join(self, pairs: Hashes) -> None:
        """Put together the records of those pairs that are alike."""
        one, other = _split(pairs)
        pairs = distinct(pairs[self._roots[one] != self._roots[other]])
        known = np.searchsorted(self._unlike, pairs)
        pairs = pairs[np.append(self._unlike, ~np.uint64(0))[known] != pairs]
        one, other = _split(pairs)
        likely = self._sketches.may_be_alike(one, other, self._percent)
        pairs, one, other = pairs[likely], one[likely], other[likely]
        alike, shares = self._pool.compare(one, other, self._percent)
        self._unlike = np.sort(np.concatenate((self._unlike, pairs[~alike])))
        self._alike.append((one[alike], other[alike], shares[alike]))
        self._unite(one[alike], other[alike])

    def _unite(self, one: Numbers, other: Numbers) -> None:
        roots = self._roots
        while True:
            a, b = roots[one], roots[other]
            if (a == b).all():
                return
            low = np.minimum(a, b)
            np.minimum.at(roots, a, low)
            np.minimum.at(roots, b, low)
            while ((up := roots[roots]) != roots).any():
                roots[:] = up

    def chosen(self, sizes: Numbers) -> Iterator[Alike]:
        """The best of each cluster is kept, whatever is like it is not, and so on with the rest."""
        counts = np.bincount(self._roots, minlength=len(self._roots))
        rest = np.flatnonzero(counts[self._roots] > 1)
        rest = rest[np.lexsort((rest, -sizes[rest], self._roots[rest]))]
        kept = np.zeros(len(self._roots), dtype=np.bool_)
        for _ in range(ROUNDS):
            first = np.diff(self._roots[rest], prepend=-1) != 0
            heads = rest[np.flatnonzero(first)]
            kept[heads] = True
            one, other = heads[np.cumsum(first) - 1][~first], rest[~first]
            if not len(one):
                return
            alike, shares = self._pool.compare(one, other, self._percent)
            yield from _listed(one[alike], other[alike], shares[alike])
            rest = other[~alike]
        yield from self._beside(rest, kept)

    def _beside(self, rest: Numbers, kept: Flags) -> Iterator[Alike]:
        """The same for what is left of huge clusters, by the pairs already known."""
        rank = dict(zip(rest.tolist(), range(len(rest)), strict=True))
        near: dict[int, list[Alike]] = {}
        for found in self._alike:
            for pair in _listed(*found):
                near.setdefault(pair.other, []).append(pair)
                near.setdefault(pair.kept, []).append(pair._replace(kept=pair.other, other=pair.kept))
        for one in rank:
            like = next((pair for pair in near.get(one, ()) if kept[pair.kept]), None)
            if like is None:
                kept[one] = True
            else:
                yield like


def _listed(one: Numbers, other: Numbers, shares: Numbers) -> Iterator[Alike]:
    return map(Alike, one.tolist(), other.tolist(), shares.tolist())


def _split(pairs: Hashes) -> tuple[Numbers, Numbers]:
    return (pairs >> _HALF).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


class Pool:
    """Two sets of each record that is compared, read when they are asked for: its shingles, and the words of its answers."""

    def __init__(self, records: Records, keys: Hashes) -> None:
        self._records = records
        self._keys = keys
        self._clear()

    def _clear(self) -> None:
        self._local = np.full(len(self._keys), -1, dtype=np.int64)
        self._values = np.zeros(0, dtype=np.uint64)
        self._first = np.zeros(1, dtype=np.int64)
        self._numbers = np.zeros(0, dtype=np.int64)

    def compare(self, one: Numbers, other: Numbers, percent: int) -> tuple[Flags, Numbers]:
        """Whether each record of ``one`` is like that of ``other``, and the share of shingles in percent."""
        alike, shares = np.zeros(len(one), dtype=np.bool_), np.zeros(len(one), dtype=np.int64)
        for at in range(0, len(one), _SLICE):
            if at % _READ == 0:
                self._load(np.concatenate((one[at : at + _READ], other[at : at + _READ])))
            part = slice(at, at + _SLICE)
            a, b = self._local[one[part]], self._local[other[part]]
            shared, either, _, _ = self._counted(a, b)
            near = np.flatnonzero(100 * shared >= percent * either)
            near = near[self._answer_alike(a[near] + 1, b[near] + 1)]
            alike[at + near] = True
            shares[part] = 100 * shared // np.maximum(either, 1)
        return alike, shares

    def _answer_alike(self, one: Numbers, other: Numbers) -> Flags:
        """Most words are the same, and in short answers all numbers: a question asked of one text is not that asked of
        another, and one sum is not the other."""
        shared, either, numbers, either_numbers = self._counted(one, other)
        same: Flags = (5 * shared >= 4 * either) & ((numbers == either_numbers) | (either > BRIEF))
        return same

    def _counted(self, one: Numbers, other: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Members in common and members of either; the same of those that are numbers."""
        sizes = np.diff(self._first)
        counts = sizes[one]
        bounds = np.concatenate(([0], np.cumsum(counts)))
        at = np.arange(int(bounds[-1]), dtype=np.int64)
        at += np.repeat(self._first[one] - bounds[:-1], counts)
        mine = self._values[at] & _HASH
        wanted = mine | np.repeat(other.astype(np.uint64) << _PLACE, counts)
        found = np.minimum(np.searchsorted(self._values, wanted), len(self._values) - 1)
        hits = self._values[found] == wanted
        shared, numbers = _per_run(hits, bounds), _per_run(hits & ((mine & _ONE) != 0), bounds)
        has = self._numbers
        return shared, counts + sizes[other] - shared, numbers, has[one] + has[other] - numbers

    def _load(self, wanted: Numbers) -> None:
        """Read those of ``wanted`` that are not there."""
        missing = distinct(wanted[self._local[wanted] < 0])
        if not len(missing):
            return
        if len(self._values) > _ROOM:
            self._clear()
            missing = distinct(wanted)
        made = list(map(_sets, self._records.batches(self._keys[missing].tolist())))
        sizes = np.concatenate([sizes for _, sizes in made])
        values = np.concatenate([values for values, _ in made])
        start = len(self._first) - 1
        self._local[missing] = start + 2 * np.arange(len(missing), dtype=np.int64)
        owners = np.arange(start, start + len(sizes), dtype=np.uint64) << _PLACE
        bounds = np.concatenate(([0], np.cumsum(sizes)))
        self._numbers = np.concatenate((self._numbers, _per_run((values & _ONE) != 0, bounds)))
        self._values = np.concatenate((self._values, values | np.repeat(owners, sizes)))
        self._first = np.concatenate((self._first, self._first[-1] + bounds[1:]))


def _sets(batch: Batch) -> tuple[Hashes, Numbers]:
    """Shingles and answer words of each record in turn, each once and in order, and how many there are."""
    values, sizes = [], np.zeros(2 * len(batch), dtype=np.int64)
    for kind, made in enumerate((shingles(batch), answers(batch))):
        owners = np.repeat(np.arange(kind, len(sizes), 2, dtype=np.uint64), np.diff(made.first))
        values.append((made.hashes & _HASH) | (owners << _PLACE))
    found = distinct(np.concatenate(values))
    sizes += np.bincount((found >> _PLACE).astype(np.int64), minlength=len(sizes))
    return found & _HASH, sizes


def _per_run(flags: Flags, bounds: Numbers) -> Numbers:
    """How many flags are set from each bound to the next."""
    made: Numbers = np.diff(np.concatenate(([0], np.cumsum(flags)))[bounds])
    return made


def distinct(numbers: npt.NDArray[T]) -> npt.NDArray[T]:
    """Each number once, in order. (numpy's own ``unique`` is far slower on 64-bit numbers.)"""
    made = np.sort(numbers)
    return made[np.flatnonzero(np.append(made[:1] == made[:1], made[1:] != made[:-1]))]
