"""LEN104: a few texts are far longer than all others, or most have one length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from datalint_rules.length._lengths import OfLengths

from datalint import Finding, Judged, Option, Records, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.length._fields import State

MANY = 200  # texts of a field that tell how lengths are spread
LONG = 40  # characters; fields of labels have the lengths of their labels


def _answers(*sizes: int) -> list[dict[str, str]]:
    return [{"instruction": f"Tell of {n}.", "output": "a" * size} for n, size in enumerate(sizes)]


@rule(
    "LEN104",
    "length-skew",
    category="suspicious",
    status="preview",
    options={
        "tail": Option("float", 30.0, "How many times the median the length may be that one text in a hundred passes."),
        "share": Option("float", 0.3, "Share of the texts that may have exactly the same length."),
        "unit": Option("str", "characters", "What lengths are counted in.", ("characters", "words")),
    },
    known_problems="Sets that are mixed of short and long tasks on purpose have a heavy tail too.",
    examples=(
        bad(_answers(*[100] * 100, *[101 + n for n in range(100)], *[9000] * 9), name="a heavy tail"),
        bad(_answers(*[100] * 90, *[101 + n for n in range(120)]), name="one length"),
        good(_answers(*[100 + 3 * n for n in range(220)])),
        good(_answers(*[3] * 220), name="labels"),
    ),
    judged=Judged(1, 1, "38 public sets: inputs of one of them are 30 times as long in one record of a hundred"),
)
class LengthSkew(OfLengths):
    """A few texts are far longer than all others, or many have exactly one length

    With a heavy tail the longest records fill the steps of the training: they are padded to, cut, or own most of the
    tokens that are learned. Many texts of one and the same length are the mark of a template or a cut.
    """

    def __init__(self, tail: float, share: float, unit: str) -> None:
        self._tail = tail
        self._share = share
        super().__init__(unit)

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """At most one finding of each kind for a field."""
        for field, found in sorted(item for item in state.items() if item[0].role != "system"):
            middle, far, total = found.at(0.5), found.at(0.99), found.total
            if total < MANY or middle < LONG:
                continue
            if far > self._tail * middle:
                yield Finding(
                    f"one text of {field} in a hundred is {far / middle:.0f} times as long as the median or longer: "
                    f"{far:,} against {middle:,} {self._unit}"
                )
            most = int(found.counts.argmax())
            count, size = int(found.counts[most]), int(found.sizes[most])
            if 0.9 * total > count > self._share * total and size >= LONG:  # more than that is one text throughout
                yield Finding(f"{count:,} of {total:,} texts of {field} have exactly {size:,} {self._unit}")
