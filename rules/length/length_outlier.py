"""LEN103: texts far longer or shorter than all others of their field."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from datalint_rules.length._lengths import OfLengths

from datalint import Finding, Judged, Option, Records, bad, good, rule

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from datalint_rules.length._fields import Field, Lengths, State

MANY = 100  # texts of a field that tell what is usual in it
_NORMAL = 1.4826  # what a median of deviations is to be multiplied with to give a standard deviation
_NARROW = 0.35  # fields in which all texts have nearly the same length are not taken at their word
_TO_TELL = 20  # characters a text must be shorter than usual


def _answers(*sizes: int) -> list[dict[str, str]]:
    usual = [{"instruction": f"Name thing {n}.", "output": "word " * (8 + n % 9)} for n in range(120)]
    return usual + [{"instruction": "Name it all.", "output": "word " * size} for size in sizes]


@rule(
    "LEN103",
    "length-outlier",
    category="suspicious",
    status="preview",
    options={
        "z": Option("float", 5.0, "Standard deviations of the logarithm from which a length is an outlier."),
        "times": Option("float", 30.0, "How many times as long as usual an outlier must be."),
        "short": Option("bool", False, "Whether texts that are far shorter than usual are outliers too."),
        "unit": Option("str", "characters", "What lengths are counted in.", ("characters", "words")),
    },
    known_problems="""
        Prompts into which somebody pasted a page or a list are found as well, and may be meant so. Short answers are usual in
        sets that mix tasks, so they count only where `short` says so. A field of which fewer than 100 records have a text has
        no usual length. The twenty longest and the twenty shortest outliers of a field are shown.
    """,
    references=("https://doi.org/10.1016/j.jesp.2013.03.013",),
    examples=(
        bad(_answers(9000), name="an answer a thousand times as long"),
        bad(_answers(9000, 1), options={"short": True, "z": 4.0}, name="short ones too"),
        good(_answers(30), name="three times as long"),
        good([{"instruction": "Go on.", "output": "a" * (1 + 99 * (n == 3))} for n in range(50)], name="too few"),
    ),
    judged=Judged(
        7,
        5,
        "38 public sets: a text of zeros, a prompt that holds its answer, three lists of all countries; wrong were two long prompts",
    ),
)
class LengthOutlier(OfLengths):
    """A text is far longer or shorter than others in its place

    What is a hundred times as long as its neighbours is mostly no answer: two records run together, a page that was
    pasted whole, a dump of data. One such record can cost a training step the memory of a hundred others. Measured is
    the distance from the median of the logarithm of the length, in units of the median distance, which outliers cannot
    hide themselves in as they can in a mean.
    """

    def __init__(self, z: float, times: float, short: bool, unit: str) -> None:
        self._z = z
        self._times = times
        self._short = short
        super().__init__(unit)

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a text."""
        for field, found in sorted(state.items()):
            if found.total >= MANY:
                yield from self._outliers(field, found, records)

    def _outliers(self, field: Field, found: Lengths, records: Records) -> Iterator[Finding]:
        middle, spread = _usual(found)
        low, high = math.exp(middle - self._z * spread), math.exp(middle + self._z * spread)
        usual = round(math.exp(middle))
        long = (found.longest[0] > high) & (found.longest[0] > self._times * usual)
        short = (found.shortest[0] < low) & (found.shortest[0] < usual - _TO_TELL) & self._short
        for word, texts, where, is_out in (
            ("long", found.longest, found.longest_keys, long),
            ("short", found.shortest, found.shortest_keys, short),
        ):
            for size, slot, key, out in zip(*texts.tolist(), where.tolist(), is_out.tolist(), strict=True):
                if out:
                    message = records.record(key).message(slot)
                    said = f"{size:,} {self._unit} {word}; the usual length of {field} is {usual:,}"
                    yield message.finding(None, said, score=round(abs(math.log(size) - middle) / spread, 1))


def _usual(found: Lengths) -> tuple[float, float]:
    """The median of the logarithms of lengths, and a standard deviation by their median distance from it."""
    import numpy as np

    logs = np.log(found.sizes.astype(np.float64))
    middle = _median(logs, found.counts)
    distances = np.abs(logs - middle)
    order = np.argsort(distances, kind="stable")
    return middle, max(_NARROW, _NORMAL * _median(distances[order], found.counts[order]))


def _median(values: npt.NDArray[np.float64], counts: npt.NDArray[np.int64]) -> float:
    reached = counts.cumsum()
    return float(values[int(reached.searchsorted(reached[-1] / 2))])
