"""Which records belong to a part of the data: an order of which every beginning is a fair part, and parts by groups.

Nothing here is drawn by lot. Hashes say what comes first, so the same data gives the same parts however it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]


def whole(share: Fraction, records: int) -> int:
    """The records that are this share of all, to the nearest."""
    return int(share * records + Fraction(1, 2))


def order(strata: Numbers, hashes: Hashes) -> Numbers:
    """All records in an order of which every beginning holds each stratum's share, to within one record.

    ``strata``: the stratum of each record, from 0 on. Within a stratum hashes decide, of equal ones the first. The i-th of
    n records of a stratum may stand behind the (i-1)/n-th part of the order and must before its i/n-th part is over. Of
    those that may, the one that must soonest comes next, which never comes too late (Tijdeman's chairman assignment).
    """
    import numpy as np

    ranked = np.lexsort((hashes, strata))
    sizes = np.bincount(strata).tolist() if len(strata) else []
    if len(sizes) <= 1:
        made: Numbers = ranked
        return made
    total = len(strata)
    first = np.concatenate(([0], np.cumsum(sizes))).tolist()
    taken = [0] * len(sizes)
    ready: list[tuple[int, int]] = []  # by when the next of a stratum must come
    waiting: list[tuple[int, int]] = [(1, s) for s, size in enumerate(sizes) if size]  # from when on it may
    places = np.empty(total, dtype=np.int64)
    for step in range(1, total + 1):
        while waiting and waiting[0][0] <= step:
            s = heappop(waiting)[1]
            heappush(ready, (-(-(taken[s] + 1) * total // sizes[s]), s))
        s = heappop(ready)[1]
        places[step - 1] = first[s] + taken[s]
        taken[s] += 1
        if taken[s] < sizes[s]:
            heappush(waiting, (taken[s] * total // sizes[s] + 1, s))
    chosen: Numbers = ranked[places]
    return chosen


def quotas(total: int, sizes: Sequence[int]) -> list[int]:
    """``total`` shared out by ``sizes``, by the largest remainder."""
    everything = sum(sizes)
    exact = [Fraction(total * size, everything) if everything else Fraction(0) for size in sizes]
    made = [int(share) for share in exact]
    by_rest = sorted(range(len(sizes)), key=lambda s: (made[s] - exact[s], s))
    for s in by_rest[: total - sum(made)]:
        made[s] += 1
    return made


def parted(groups: Numbers, strata: Numbers, hashes: Hashes, shares: Sequence[Fraction]) -> Numbers:
    """The part of each record: 1, 2 … for each of ``shares``, 0 for the rest. Groups stay whole.

    Groups come in the order of their smallest hash and count in the stratum of their first record. One that is too large for
    what a part still needs of its stratum is passed over; what is short in the end is filled from all strata.
    """
    import numpy as np

    count = int(groups.max(initial=-1)) + 1
    sizes = np.bincount(groups, minlength=count)
    firsts = np.full(count, len(groups), dtype=np.int64)
    np.minimum.at(firsts, groups, np.arange(len(groups), dtype=np.int64))
    smallest = np.full(count, ~np.uint64(0), dtype=np.uint64)
    np.minimum.at(smallest, groups, hashes)
    queue = np.lexsort((firsts, smallest)).tolist()
    of, size = strata[firsts].tolist(), sizes.tolist()
    weights = np.bincount(strata[firsts], weights=sizes).astype(np.int64).tolist()
    chosen = [0] * count
    for part, share in enumerate(shares, start=1):
        total = whole(share, len(groups))
        left = quotas(total, weights)
        for g in queue:
            if not chosen[g] and size[g] <= left[of[g]]:
                chosen[g] = part
                left[of[g]] -= size[g]
        short = sum(left)
        for g in queue if short else ():
            if not chosen[g] and size[g] <= short:
                chosen[g] = part
                short -= size[g]
    made: Numbers = np.array(chosen, dtype=np.int64)[groups]
    return made


class Groups:
    """Records that hang together: union-find over pairs."""

    def __init__(self, records: int) -> None:
        self._up = list(range(records))

    def root(self, one: int) -> int:
        """The first record of the group that ``one`` is in."""
        up = self._up
        while up[one] != one:
            up[one] = up[up[one]]
            one = up[one]
        return one

    def join(self, one: int, other: int) -> bool:
        """Put two groups together; False if they are one already."""
        a, b = sorted((self.root(one), self.root(other)))
        self._up[b] = a
        return a != b

    def numbers(self) -> Numbers:
        """The number of each record's group, from 0 on."""
        import numpy as np

        roots = np.array([self.root(one) for one in range(len(self._up))], dtype=np.int64)
        made: Numbers = np.unique(roots, return_inverse=True)[1].reshape(-1).astype(np.int64)
        return made
