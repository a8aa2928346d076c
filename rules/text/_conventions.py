"""How texts of a field start and end: counts, and the places of those that do it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from datalint_rules.duplicates._words import keys
from datalint_rules.length._fields import Field, fields_of

from datalint import Batch

if TYPE_CHECKING:
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]
    Numbers = npt.NDArray[np.int64]

MOST = 200  # places that are remembered
KINDS = ("capital", "small", "stop", "open")  # first letter, last character
ROLES = ("user", "assistant")
_SHORT = 20  # bytes; shorter texts are labels


class Conventions(NamedTuple):
    """By kind (see ``KINDS``): how many texts, and key and slot of the first of them."""

    counts: tuple[int, ...]
    places: tuple[Hashes, ...]

    def __add__(self, other: object) -> Conventions:
        if not isinstance(other, Conventions):
            return NotImplemented
        counts = tuple(a + b for a, b in zip(self.counts, other.counts, strict=True))
        pairs = zip(self.places, other.places, strict=True)
        return Conventions(counts, tuple(_first(np.concatenate(pair, axis=1)) for pair in pairs))


State = dict[Field, Conventions]


def found(batch: Batch) -> State:
    """The conventions of each field that holds one text of a record."""
    known: dict[Field, int] = {}
    ids = {
        layout: np.array([_number(f, known) for f in fields_of(layout)], dtype=np.int64) for layout in batch.distinct
    }
    if not known:
        return {}
    columns = np.concatenate([ids[layout] for layout in batch.layouts])
    data = np.frombuffer(batch.joined, dtype=np.uint8)
    ends = np.append(batch.starts[1:] - 1, len(data))
    long = ends - batch.starts >= _SHORT
    first, last = data[np.minimum(batch.starts, len(data) - 1)], data[np.maximum(ends - 1, 0)]
    letters = (last | 0x20) - np.uint8(0x61) < 26
    marks = (first - np.uint8(0x41) < 26, first - np.uint8(0x61) < 26, last == 0x2E, letters)
    starts = np.array(batch.first, dtype=np.int64)
    made: State = {}
    for field, number in known.items():
        some = (columns == number) & long
        texts = [np.flatnonzero(some & mark) for mark in marks]
        if any(len(t) for t in texts):
            places = tuple(_places(batch, t, starts) for t in texts)
            made[field] = Conventions(tuple(map(len, texts)), places)
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
