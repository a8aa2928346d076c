"""A sample that does not depend on how the data is cut or ordered: the records whose content has the smallest hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from datalint_rules.duplicates._content import normal
from datalint_rules.duplicates._words import keys

from datalint import Batch

if TYPE_CHECKING:
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]

SIZE = 5000


class Sample(NamedTuple):
    """Columns of the records picked: hash, key, and what a rule keeps of them; and how many were picked from."""

    columns: Hashes  # one line each: hash, key, more
    records: int
    most: int = SIZE

    @property
    def hashes(self) -> Hashes:
        """The hashes, in order."""
        found: Hashes = self.columns[0]
        return found

    @property
    def keys(self) -> list[int]:
        """The keys of the records, in the order of their places."""
        found: list[int] = np.sort(self.columns[1]).tolist()
        return found

    def __add__(self, other: Any) -> Sample:
        columns = np.concatenate((_below(self.columns, other), _below(other.columns, self)), axis=1)
        return Sample(_smallest(columns, self.most), self.records + other.records, self.most)

    def told(self) -> str:
        """What to say of a measure that was taken of some of the records only."""
        return f", told by {self.columns.shape[1]:,} different records" if self.records > self.most else ""


def sample(batch: Batch, *more: Hashes, most: int = SIZE) -> Sample:
    """The sample of one batch; records without words and copies are left out. ``more``: columns by record."""
    hashes = normal(batch)
    some = np.flatnonzero(hashes)
    columns = np.stack([hashes[some], keys(batch)[some], *(column[some] for column in more)])
    return Sample(_smallest(columns, most), len(some), most)


def _smallest(columns: Hashes, most: int) -> Hashes:
    """The columns with the smallest hashes, of those with the same hash the first in the data."""
    columns = columns[:, np.lexsort((columns[1], columns[0]))]
    new = np.ones(columns.shape[1], dtype=np.bool_)
    new[1:] = columns[0][1:] != columns[0][:-1]
    return columns[:, new][:, :most]


def _below(columns: Hashes, other: Sample) -> Hashes:
    """The columns that may be among the smallest of both: all others come after as many of the other sample."""
    full = other.columns.shape[1] >= other.most
    return columns[:, : int(np.searchsorted(columns[0], other.hashes[-1], side="right"))] if full else columns
