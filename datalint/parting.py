"""Parts of a data set that give nothing away: what belongs together stays together, and rules on leaks have the last word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from datalint import drawing
from datalint.picking import Part
from datalint.survey import COPIES, LEAKS, Surveyed

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]


class Parted(NamedTuple):
    """The rank of the part of each record, and what was kept together."""

    ranks: Numbers
    groups: int
    clusters: int  # groups of more than one record
    tied: int  # records in them
    largest: int


def part(known: Part, found: Surveyed, ranks: Sequence[int], shares: Sequence[Fraction]) -> Parted:
    """Divide all records. ``ranks``: those of the parts, the first of which takes what the ``shares`` of the others leave."""
    import numpy as np

    tied = drawing.Groups(len(known.keys))
    for column in known.tied:
        _tie(tied, column)
    for rule, state in found.tagged(COPIES):
        _join(tied, known.keys, rule.copies(state, found.records))
    for rule, state in found.tagged(LEAKS):
        _join(tied, known.keys, rule.leaks(state, found.records, None))
    while True:
        groups = tied.numbers()
        made = np.array(ranks, dtype=np.int64)[drawing.parted(groups, known.strata, known.hashes, shares)]
        # Rules tell what they see between these parts; put together, it cannot come up again.
        seen = [pair for pairs in _leaks(found, known.keys, made) for pair in pairs]
        if not _join(tied, known.keys, seen):
            sizes = np.bincount(groups)
            more = sizes[sizes > 1]
            return Parted(made, len(sizes), len(more), int(more.sum()), int(sizes.max(initial=0)))


def _leaks(found: Surveyed, keys: Hashes, ranks: Numbers) -> Iterable[Any]:
    import numpy as np

    def of(wanted: Hashes) -> Numbers:
        made: Numbers = ranks[np.searchsorted(keys, wanted)]
        return made

    return (list(rule.leaks(state, found.records, of)) for rule, state in found.tagged(LEAKS))


def _join(tied: drawing.Groups, keys: Hashes, pairs: Iterable[tuple[int, int]]) -> bool:
    """Put the records of each pair together; whether that was news."""
    import numpy as np

    both = np.array(list(pairs), dtype=np.uint64).reshape(-1, 2)
    places = np.searchsorted(keys, both).tolist()
    return sum(tied.join(one, other) for one, other in places) > 0


def _tie(tied: drawing.Groups, values: Hashes) -> None:
    """Put together the records with the same value."""
    first: dict[int, int] = {}
    for n, value in enumerate(values.tolist()):
        if value:
            tied.join(first.setdefault(value, n), n)
