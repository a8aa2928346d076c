"""Near-duplicates across splits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from datalint_rules.duplicates._clusters import Pool, distinct
from datalint_rules.splits._splits import is_checked

from datalint import Records, Splits

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]
    Small = npt.NDArray[np.uint32]

MOST = 64  # records of another split that one record is compared to, band by band
_HALF = np.uint64(32)


def across(
    found: dict[str, Any], records: Records, splits: Splits | None, percent: int
) -> list[tuple[int, int, int, int]]:
    """Pairs of records that are alike and in different splits: the one to report, the other with its rank, and how
    alike they are in percent."""
    pairs = distinct(np.concatenate([_pairs(found, band) for band in found["bands"]]))
    one, other = (pairs >> _HALF).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    open_to = (found["kinds"][one] == found["kinds"][other]) & found["some"][one] & found["some"][other]
    for column in ("normal", "prompts"):  # the same record or prompt is another rule's business
        open_to &= (found[column][one] != found[column][other]) | (found[column][one] == 0)
    one, other = one[open_to], other[open_to]
    alike, shares = Pool(records, found["keys"]).compare(one, other, percent)
    keys = found["keys"].tolist()
    best: dict[int, tuple[int, int, int, int]] = {}
    for a, b, share in zip(one[alike].tolist(), other[alike].tolist(), shares[alike].tolist(), strict=True):
        here, there = (a, b) if is_checked(splits, keys[a]) else (b, a)
        if is_checked(splits, keys[here]):
            rank = int(found["ranks"][there])
            best[here] = min(best.get(here, (0, 0, 0, 0)), (-share, keys[there], rank, keys[here]))
    return sorted((here, there, rank, -share) for share, there, rank, here in best.values())


def _pairs(found: dict[str, Any], band: Small) -> Hashes:
    """Pairs of records that share a key and differ in rank, as ``lower << 32 | higher``."""
    ranks = found["ranks"]
    made = [np.zeros(0, dtype=np.uint64)]
    for rank in range(2, int(ranks.max(initial=0)) + 1):
        higher, lower = np.flatnonzero(ranks == rank), np.flatnonzero(ranks < rank)
        lower = lower[np.argsort(band[lower], kind="stable")]
        start = np.searchsorted(band[lower], band[higher], side="left")
        counts = np.minimum(np.searchsorted(band[lower], band[higher], side="right") - start, MOST)
        bounds = np.concatenate(([0], np.cumsum(counts)))
        at = np.arange(int(bounds[-1]), dtype=np.int64) + np.repeat(start - bounds[:-1], counts)
        made.append(lower[at].astype(np.uint64) << _HALF | np.repeat(higher, counts).astype(np.uint64))
    return np.concatenate(made)
