"""How texts of a field start and end: counts, and the places of those that do it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from datalint_rules.duplicates._words import keys
from datalint_rules.length._fields import Field, numbered

from datalint import Batch, Move

if TYPE_CHECKING:
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]
    Numbers = npt.NDArray[np.int64]

MOST = 200  # places that are remembered
KINDS = ("capital", "small", "stop", "open")  # first letter, last character
ODD = ("small", "open")  # those whose places are remembered
ROLES = ("user", "assistant")
_SHORT = 20  # bytes; shorter texts are labels


class Conventions(NamedTuple):
    """By kind (see ``KINDS``) how many texts; by kind (see ``ODD``) key and slot of the first of them."""

    counts: tuple[int, ...]
    places: tuple[Hashes, ...]

    def __add__(self, other: object) -> Conventions:
        if not isinstance(other, Conventions):
            return NotImplemented
        counts = tuple(a + b for a, b in zip(self.counts, other.counts, strict=True))
        pairs = zip(self.places, other.places, strict=True)
        return Conventions(counts, tuple(_first(np.concatenate(pair, axis=1)) for pair in pairs))


State = dict[Field, Conventions]


def found(batch: Batch, stops: bool) -> State:
    """The conventions of each field that holds one text of a record; those of ends only with ``stops``."""
    known: dict[Field, int] = {}
    columns = numbered(batch, lambda field: _number(field, known))
    if not known:
        return {}
    data = np.frombuffer(batch.joined, dtype=np.uint8)
    ends = np.append(batch.starts[1:] - 1, len(data))
    long = ends - batch.starts >= _SHORT
    first = data[np.minimum(batch.starts, len(data) - 1)]
    marks = [first - np.uint8(0x41) < 26, first - np.uint8(0x61) < 26]
    if stops:
        last = data[np.maximum(ends - 1, 0)]
        marks += [last == 0x2E, (last | 0x20) - np.uint8(0x61) < 26]
    starts = np.array(batch.first, dtype=np.int64)
    made: State = {}
    for field, number in known.items():
        some = (columns == number) & long
        counts = [int(np.count_nonzero(some & mark)) for mark in marks]
        if any(counts):
            places = [_places(batch, np.flatnonzero(some & mark), starts) for mark in marks[1::2]]
            made[field] = Conventions(tuple(counts), tuple(places))
    return made


def _number(field: Field, known: dict[Field, int]) -> int:
    single = field.role in ROLES and "*" not in field.pointer
    return known.setdefault(field, len(known)) if single else -1


def _places(batch: Batch, texts: Numbers, starts: Numbers) -> Hashes:
    texts = texts[:MOST]
    lines = np.searchsorted(starts, texts, side="right") - 1
    return np.stack((keys(batch)[lines], (texts - starts[lines]).astype(np.uint64)))


def _first(places: Hashes) -> Hashes:
    made: Hashes = places[:, np.lexsort((places[1], places[0]))[:MOST]]
    return made


def moved(state: State, to: Move) -> State:
    """The same of records elsewhere."""
    by = np.array([[to.keys % (1 << 64)], [0]], dtype=np.uint64)
    return {field: one._replace(places=tuple([places + by for places in one.places])) for field, one in state.items()}
