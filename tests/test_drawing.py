"""Which records belong to a part: shares to within one record, nested, whole groups, told by hashes alone."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from datalint import drawing


def drawn(sizes: list[int], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = random.Random(seed)
    strata = [s for s, size in enumerate(sizes) for _ in range(size)]
    rng.shuffle(strata)
    return np.array(strata, dtype=np.int64), np.array([rng.getrandbits(64) for _ in strata], dtype=np.uint64)


@pytest.mark.parametrize(
    "sizes",
    [[1], [5], [3, 3], [1, 1, 1], [100, 1, 1], [7, 13, 31], [1] * 40 + [60], [2, 3, 5, 7, 11, 13, 17], [50] * 9],
)
def test_every_beginning_is_fair(sizes: list[int]) -> None:
    strata, hashes = drawn(sizes)
    order = drawing.order(strata, hashes)
    assert sorted(order.tolist()) == list(range(len(strata)))
    seen = [0] * len(sizes)
    for taken, one in enumerate(order.tolist(), start=1):
        seen[strata[one]] += 1
        assert all(abs(n - Fraction(taken * size, len(strata))) < 1 for n, size in zip(seen, sizes, strict=True))


def test_hashes_decide_within_a_stratum() -> None:
    strata, hashes = drawn([20, 30])
    order = drawing.order(strata, hashes)
    for stratum in (0, 1):
        mine = hashes[order[strata[order] == stratum]]
        assert (mine[1:] > mine[:-1]).all()


def test_no_records() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert not len(drawing.order(none, none.astype(np.uint64)))
    assert not len(drawing.parted(none, none, none.astype(np.uint64), [Fraction(1, 10)]))
    assert not len(drawing.Groups(0).numbers())


@pytest.mark.parametrize(
    ("share", "records", "wanted"), [("0.25", 10, 3), ("0.25", 1, 0), ("1", 7, 7), ("0.5", 3, 2), ("0.1", 0, 0)]
)
def test_halves_go_up(share: str, records: int, wanted: int) -> None:
    assert drawing.whole(Fraction(share), records) == wanted


@pytest.mark.parametrize(
    ("total", "sizes", "wanted"),
    [(5, [50, 30, 20], [3, 1, 1]), (0, [3, 4], [0, 0]), (7, [1, 1, 1], [3, 2, 2]), (0, [0], [0]), (3, [3], [3])],
)
def test_the_largest_remainder(total: int, sizes: list[int], wanted: list[int]) -> None:
    assert drawing.quotas(total, sizes) == wanted


def test_groups_stay_whole_and_shares_are_met() -> None:
    strata, hashes = drawn([400, 100])
    groups = np.array([n // 3 for n in range(500)], dtype=np.int64)
    parts = drawing.parted(groups, strata, hashes, [Fraction(1, 10), Fraction(1, 5)])
    assert all(len(set(parts[groups == g].tolist())) == 1 for g in range(groups.max() + 1))
    assert abs(int((parts == 1).sum()) - 50) <= 2
    assert abs(int((parts == 2).sum()) - 100) <= 2


def test_a_group_too_large_for_a_part_is_passed_over() -> None:
    groups = np.array([0] * 8 + [1, 2], dtype=np.int64)
    parts = drawing.parted(groups, np.zeros(10, dtype=np.int64), np.arange(10, dtype=np.uint64), [Fraction(1, 5)])
    assert parts.tolist() == [0] * 8 + [1, 1]


def test_what_is_short_in_one_stratum_comes_from_another() -> None:
    groups = np.array([0] * 10 + list(range(1, 11)), dtype=np.int64)
    strata = np.array([0] * 10 + [1] * 10, dtype=np.int64)
    parts = drawing.parted(groups, strata, np.arange(20, dtype=np.uint64), [Fraction(1, 5)])
    assert int((parts == 1).sum()) == 4
    assert not parts[:10].any()


def test_pairs_make_groups() -> None:
    groups = drawing.Groups(6)
    assert groups.join(4, 1)
    assert groups.join(1, 5)
    assert not groups.join(5, 4)
    assert groups.numbers().tolist() == [0, 1, 2, 3, 1, 1]
