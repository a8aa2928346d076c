"""Krippendorff's alpha, and how far each annotator is from the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]


class Annotations(NamedTuple):
    """One line for each annotation: item, annotator and value, as numbers from 0 on; ``values`` are sorted."""

    items: Numbers
    annotators: Numbers
    codes: Numbers
    values: Floats  # what each code is worth; for names its own number


class Beside(NamedTuple):
    """For each annotation the values that the others gave the same item: which annotation, which value, how often, and
    how many others there are."""

    annotation: Numbers
    code: Numbers
    times: Numbers
    others: Numbers


def beside(found: Annotations) -> Beside:
    """What others said of the same item. The work grows with the number of different values, not with that of annotators."""
    size = len(found.values)
    places = np.sort(found.items * size + found.codes)
    edges = np.flatnonzero(np.concatenate((np.ones(min(1, len(places)), dtype=bool), places[1:] != places[:-1])))
    cells, times = places[edges], np.diff(np.append(edges, len(places)))  # an item, a value, and how often it was said
    items = cells // size
    first = np.searchsorted(items, found.items)
    several = np.searchsorted(items, found.items, side="right") - first
    annotation = np.repeat(np.arange(len(found.items)), several)
    at = np.arange(len(annotation)) - np.repeat(np.cumsum(several) - several, several) + np.repeat(first, several)
    code = cells[at] % size
    others = times[at] - (code == found.codes[annotation])
    total = np.bincount(found.items)[found.items[annotation]] - 1
    some = (others > 0) & (total > 0)
    return Beside(annotation[some], code[some], others[some], total[some])


def coincidences(found: Annotations) -> Floats:
    """How often which two values were given to one item, each annotation counted once."""
    size, made = len(found.values), beside(found)
    weights = made.times / np.maximum(made.others, 1)
    places = found.codes[made.annotation] * size + made.code
    counts = np.bincount(places, weights=weights, minlength=size * size).reshape(size, size)
    return np.asarray(counts, dtype=np.float64)


def alpha(found: Annotations, scale: str) -> float | None:
    """Krippendorff's alpha: 1 for full agreement, 0 for what chance gives. None where no item has two annotations, or
    where all of them say the same one thing."""
    seen = coincidences(found)
    margin = seen.sum(axis=1)
    distance = distances(found.values, margin, scale)
    expected = float((np.outer(margin, margin) * distance).sum())
    if expected <= 0:
        return None
    return 1 - (float(margin.sum()) - 1) * float((seen * distance).sum()) / expected


def distances(values: Floats, margin: Floats, scale: str) -> Floats:
    """How far apart each two values are, squared."""
    if scale == "nominal":
        return np.asarray(1.0 - np.eye(len(values)), dtype=np.float64)
    worth = values if scale == "interval" else np.cumsum(margin) - margin / 2  # between ranks: all that lies there
    return np.asarray(np.square(worth[:, None] - worth[None, :]), dtype=np.float64)


class Distance(NamedTuple):
    """How far an annotator is from those who had the same items, of all that values can be apart; the same of all
    others; and the difference in standard errors."""

    annotator: int
    items: int
    own: float
    others: float
    z: float


def apart(found: Annotations, scale: str) -> list[Distance]:
    """The distance of each annotator who shares two items or more with others."""
    made = beside(found)
    table = np.sqrt(distances(found.values, coincidences(found).sum(axis=1), scale))
    steps = table[found.codes[made.annotation], made.code] * made.times / np.maximum(made.others, 1)
    far = np.bincount(made.annotation, weights=steps, minlength=len(found.items)) / (table.max(initial=0.0) or 1.0)
    shared = np.zeros(len(found.items), dtype=bool)
    shared[made.annotation] = True
    told = []
    for number in range(int(found.annotators.max(initial=-1)) + 1):
        mine = far[shared & (found.annotators == number)]
        theirs = far[shared & (found.annotators != number)]
        if len(mine) > 1 and len(theirs) > 1:
            error = float(np.sqrt(mine.var() / len(mine) + theirs.var() / len(theirs)))
            gap = float(mine.mean() - theirs.mean())
            told.append(Distance(number, len(mine), float(mine.mean()), float(theirs.mean()), gap / max(error, 1e-9)))
    return told
