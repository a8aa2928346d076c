"""A sample that does not depend on how the data is cut or ordered: the records whose content has the smallest hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from datalint_rules.duplicates._content import normal
from datalint_rules.duplicates._words import keys

from datalint import Batch, Move

if TYPE_CHECKING:
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]

SIZE = 5000
_ALL = (1 << 64) - 1
_SLACK = 4  # so many times the sample are kept before what is too much is thrown away


class Sample(NamedTuple):
    """Columns of the records picked so far, at least those of the sample, and how many records there were."""

    columns: Hashes  # one line each: hash, key, more
    records: int
    most: int
    limit: int = _ALL  # no record with a greater hash is in the sample

    def __add__(self, other: Any) -> Sample:
        limit = min(self.limit, other.limit)
        columns = np.concatenate((_below(self, limit), _below(other, limit)), axis=1)
        made = Sample(columns, self.records + other.records, self.most, limit)
        return made.picked() if columns.shape[1] > _SLACK * self.most else made

    def picked(self) -> Sample:
        """The sample itself, by hash; of records with the same content the first in the data."""
        columns = self.columns[:, np.lexsort((self.columns[1], self.columns[0]))]
        new = np.ones(columns.shape[1], dtype=np.bool_)
        new[1:] = columns[0][1:] != columns[0][:-1]
        columns = columns[:, new][:, : self.most]
        full = columns.shape[1] == self.most
        return self._replace(columns=columns, limit=int(columns[0][-1]) if full else self.limit)

    @property
    def keys(self) -> list[int]:
        """The keys of the records."""
        found: list[int] = self.columns[1].tolist()
        return found

    def moved(self, to: Move) -> Sample:
        """The same of records elsewhere."""
        columns = self.columns.copy()
        columns[1] += np.uint64(to.keys % (1 << 64))
        return self._replace(columns=columns)

    def told(self) -> str:
        """What to say of a measure that was taken of some of the records only."""
        return f", told by {self.columns.shape[1]:,} different records" if self.records > self.most else ""


def sample(batch: Batch, *more: Hashes, most: int = SIZE) -> Sample:
    """The sample of one batch; records without words are left out. ``more``: columns by record."""
    hashes = normal(batch)
    columns = np.stack((hashes, keys(batch), *more))
    some = hashes != 0
    return Sample(columns if some.all() else columns[:, some], int(some.sum()), most)


def _below(part: Sample, limit: int) -> Hashes:
    if limit >= part.limit:
        return part.columns
    found: Hashes = part.columns[:, part.columns[0] <= np.uint64(limit)]
    return found
