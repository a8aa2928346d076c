"""How prompts and answers open: their first words as one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from datalint_rules.coverage._sample import Sample, sample
from datalint_rules.duplicates._words import mixed, words

from datalint import Batch, axes

if TYPE_CHECKING:
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]
    Numbers = npt.NDArray[np.int64]

WORDS = 3
PROMPTS, ANSWERS = 2, 3  # columns of the sample


def sampled(batch: Batch) -> Sample:
    """Openings of prompts and answers of the records of the sample, 0 for texts that are hardly more than that."""
    found = axes.places(batch)
    return sample(batch, _openings(batch, found.asked), _openings(batch, found.answer))


def _openings(batch: Batch, texts: Numbers) -> Hashes:
    made = words(batch)
    first = made.first[texts]
    long = (texts >= 0) & (made.first[np.minimum(texts + 1, len(batch.texts))] - first > WORDS + 1)
    opening = np.zeros(len(texts), dtype=np.uint64)
    some = first[long]
    total = np.zeros(len(some), dtype=np.uint64)
    for n in range(WORDS):
        total = mixed(total + made.hashes[some + n])
    opening[long] = total
    return opening


def most_common(openings: Hashes) -> tuple[int, int]:
    """The opening that most texts have, and how many have it."""
    some = np.sort(openings[openings != 0])
    if not len(some):
        return 0, 0
    edges = np.flatnonzero(np.concatenate(([True], some[1:] != some[:-1])))
    counts = np.diff(np.append(edges, len(some)))
    best = int(counts.argmax())
    return int(some[edges[best]]), int(counts[best])


def shown(text: str) -> str:
    """The opening of a text as a reader sees it."""
    opening = " ".join(text.split()[:WORDS])
    return opening if opening.isascii() else opening[: 6 * WORDS]
