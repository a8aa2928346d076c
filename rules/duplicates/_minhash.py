"""Shingles of words, and MinHash bands over them: records that share a band are worth comparing.

Signatures are true MinHash, one multiplication a hash function, worked out for many records at once: records of about
the same length are laid side by side, so that the minimum runs over whole lines of memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from datalint_rules.duplicates._words import mixed, words

from datalint import Batch

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]
    Small = npt.NDArray[np.uint32]
    Bytes = npt.NDArray[np.uint8]

BANDS, ROWS = 12, 5  # at a similarity of 0.8 a pair shares a band with 99.1 %, at 0.85 with 99.9 %
SPAN, WIDE_SPAN, SHORT_SPAN = 3, 5, 2  # words in a shingle; characters where they stand for words; for short records
SHORT = 8  # words up to which a record is short
MARKS = 40  # bytes by which most pairs that are not alike are told before they are read
NARROW = 2048  # shingles up to which 16 bits of a hash tell them apart, at half the cost of 32
_BLOCK = 1 << 14  # shingles laid out at once: with the hash functions of one step they fit the cache
_STEP = 15  # hash functions worked out together
_SYSTEM, _ANSWER = 1, 4 | 64  # bits of roles; rejected answers are answers


def _odd_numbers(count: int, seed: int) -> Hashes:
    made: Hashes = mixed(np.arange(seed, seed + count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)
    return made


_FACTORS = _odd_numbers(BANDS * ROWS, 1)
_COEFFICIENTS = _odd_numbers(WIDE_SPAN, 1 << 32)
_JOINERS = _odd_numbers(ROWS, 1 << 33)


@dataclass(frozen=True)
class Shingles:
    """The shingles of each record, not yet without repetitions: those of record ``k`` start at ``first[k]``."""

    hashes: Hashes
    first: Numbers


def shingles(batch: Batch) -> Shingles:
    """The shingles of each record of ``batch``, worked out when the first rule asks."""
    found: Shingles | None = batch.cache.get("shingles")
    if found is None:
        found = batch.cache["shingles"] = _shingles(batch)
    return found


def _shingles(batch: Batch) -> Shingles:
    made = words(batch)
    values, wide = made.hashes, made.wide
    first = made.first[np.array(batch.first, dtype=np.int64)]
    system = batch.bits == _SYSTEM
    if system.any():
        spoken = np.repeat(~system, np.diff(made.first))
        first = np.concatenate(([0], np.cumsum(spoken)))[first]
        values, wide = values[spoken], wide[spoken] if wide is not None else None
    return shingles_of(values, first, wide)


def shingles_of(values: Hashes, first: Numbers, wide: npt.NDArray[np.bool_] | None) -> Shingles:
    """Shingles over runs of words; ``first`` bounds the runs."""
    counts = np.diff(first)
    spans = np.where(counts < SHORT, SHORT_SPAN, SPAN)
    if wide is not None and wide.any():
        singles = np.diff(np.concatenate(([0], np.cumsum(wide)))[first])
        spans = np.where(2 * singles > counts, WIDE_SPAN, spans)
    sizes = np.maximum(counts - spans + 1, 0)
    bounds = np.zeros(len(first), dtype=np.int64)
    np.cumsum(sizes, out=bounds[1:])
    at = np.arange(int(bounds[-1]), dtype=np.int64)
    at += np.repeat(first[:-1] - bounds[:-1], sizes)
    padded = np.concatenate((values, np.zeros(WIDE_SPAN, dtype=np.uint64)))
    total = len(values)
    rolled = padded[:total] * _COEFFICIENTS[0] + padded[1 : total + 1] * _COEFFICIENTS[1]
    found = rolled
    if (spans > 2).any():
        three = rolled + padded[2 : total + 2] * _COEFFICIENTS[2]
        found = three if (spans == SPAN).all() else np.where(np.repeat(spans, counts) > 2, three, rolled)
    if (spans == WIDE_SPAN).any():
        five = found + padded[3 : total + 3] * _COEFFICIENTS[3] + padded[4 : total + 4] * _COEFFICIENTS[4]
        found = np.where(np.repeat(spans, counts) == WIDE_SPAN, five, found)
    return Shingles(mixed(found[at]), bounds)


def answers(batch: Batch) -> Shingles:
    """The words of the answers of each record."""
    made = words(batch)
    said = (batch.bits & _ANSWER) != 0
    chosen = np.repeat(said, np.diff(made.first))
    first = np.concatenate(([0], np.cumsum(chosen)))[made.first[np.array(batch.first, dtype=np.int64)]]
    return Shingles(made.hashes[chosen], first)


class Signature(NamedTuple):
    """What is kept of the shingles of records: their band keys, one line a band, and ``MARKS`` bytes of each record. Of
    two records that are alike to some share, about that share of the bytes is equal."""

    bands: Small
    marks: Bytes


def signature(made: Shingles) -> Signature:
    """Bands and marks of each record; those of records without shingles are without meaning."""
    sizes = np.diff(made.first)
    kept = Signature(np.zeros((BANDS, len(sizes)), dtype=np.uint32), np.zeros((len(sizes), MARKS), dtype=np.uint8))
    order = np.argsort(sizes, kind="stable")
    empty, short = np.searchsorted(sizes[order], [1, NARROW + 1])
    narrow = (made.hashes >> np.uint64(48)).astype(np.uint16)
    narrow[narrow == 0] = 1  # a factor leaves zero as it is, and a zero would be the least of every function
    _fill(kept, made, sizes, order[empty:short], narrow)
    if short < len(order):
        _fill(kept, made, sizes, order[short:], (made.hashes >> np.uint64(32)).astype(np.uint32))
    return kept


def _fill(kept: Signature, made: Shingles, sizes: Numbers, order: Numbers, values: npt.NDArray[Any]) -> None:
    """Bands and marks of some records, which come in the order of their sizes."""
    for group, longest in _groups(sizes, order):
        places = np.arange(longest, dtype=np.int64)
        if longest >= len(group):
            at = made.first[group][:, None] + np.minimum(places[None, :], sizes[group][:, None] - 1)
            least = _least(values[at], 2)
        else:
            at = made.first[group][None, :] + np.minimum(places[:, None], sizes[group][None, :] - 1)
            least = _least(values[at], 1)
        kept.bands[:, group] = _joined(least)
        kept.marks[group] = least[:MARKS].T.astype(np.uint8)


def _groups(sizes: Numbers, order: Numbers) -> Iterator[tuple[Numbers, int]]:
    """Records of about the same size, and the largest size among them."""
    end = len(order)
    while end:
        longest = int(sizes[order[end - 1]])
        begin = max(0, end - max(1, _BLOCK // longest))
        yield order[begin:end], longest
        end = begin


def _least(values: npt.NDArray[Any], axis: int) -> npt.NDArray[Any]:
    """The minimum of each hash function over ``axis`` (counted from 1) of the values."""
    factors = (_FACTORS >> np.uint64(64 - 8 * values.itemsize)).astype(values.dtype) | values.dtype.type(1)
    made = np.empty((BANDS * ROWS, values.shape[2 - axis]), dtype=values.dtype)
    products = np.empty((_STEP, *values.shape), dtype=values.dtype)
    for at in range(0, BANDS * ROWS, _STEP):
        np.multiply(values[None], factors[at : at + _STEP, None, None], out=products)
        np.minimum.reduce(products, axis=axis, out=made[at : at + _STEP])
    return made


def _joined(least: npt.NDArray[Any]) -> Small:
    rows = least.reshape(BANDS, ROWS, -1)
    key = np.zeros((BANDS, rows.shape[2]), dtype=np.uint64)
    for row in range(ROWS):
        key += rows[:, row].astype(np.uint64) * _JOINERS[row]
    made: Small = (mixed(key) >> np.uint64(32)).astype(np.uint32)
    return made
