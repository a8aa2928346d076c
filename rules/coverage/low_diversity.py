"""COV103: prompts or answers repeat themselves far more than those of good sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Move, Option, Records, axes, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.coverage._sample import Sample

SOME = 800  # different records that are read again


def _words(seed: int) -> str:
    """Forty made-up words that do not repeat."""
    return " ".join(f"{'bcdfghjklm'[n % 10]}{'aeiou'[seed % 5]}{seed * 41 + n:x}" for n in range(40))


@rule(
    "COV103",
    "low-diversity",
    category="suspicious",
    options={
        "compression": Option("float", 4.0, "How many times smaller 6,000 words may get when compressed."),
        "distinct": Option("float", 0.6, "Share of different ones that runs of three words must have."),
        "shared": Option("float", 0.4, "Share of the runs of four words that may stand in another text too."),
    },
    references=(
        "https://arxiv.org/abs/2403.00553",
        "https://arxiv.org/abs/1510.03055",
        "https://aclanthology.org/2022.aacl-short.18/",
    ),
    examples=(
        bad(
            [
                {"instruction": f"Write a program that prints the number {n} on the screen.", "output": _words(n)}
                for n in range(700)
            ],
            name="prompts of one template",
        ),
        good([{"instruction": _words(2 * n), "output": _words(2 * n + 1)} for n in range(160)]),
        good(
            [{"instruction": f"Print the number {n}.", "output": "Done."} for n in range(200)],
            name="too few words to say",
        ),
    ),
    known_problems="""
        Sets for one narrow task are found by nature. Below 6,000 words nothing can be said. Of large sets some hundred
        different records are read, picked by their content.
    """,
    judged=Judged(
        6,
        6,
        "38 public sets: four of one template each, a set of code tasks in one wording, one of nearly the same talks",
    ),
)
class LowDiversity:
    """Prompts, or answers, repeat themselves far more than those of good data sets

    Generated sets run dry: the thousandth task is the tenth in other words, and what it adds is nothing. Three measures
    must say so together: how well the words compress, how many runs of three words are different, and how many runs of
    four words stand in more than one text. They are taken of 6,000 words, forty of a text at the most, so that sets of
    any size and length compare; docs/coverage.md has the values of well-known sets.
    """

    def __init__(self, compression: float, distinct: float, shared: float) -> None:
        self._compression = compression
        self._distinct = distinct
        self._shared = shared

    def map(self, batch: Batch, picked: Sequence[int]) -> Sample:
        """A sample of the records."""
        from datalint_rules.coverage import _sample

        return _sample.sample(batch, most=SOME)

    def merge(self, one: Sample, other: Sample) -> Sample:
        """The sample of both."""
        return one + other

    def moved(self, state: Sample, to: Move) -> Sample:
        """The same of records elsewhere."""
        return state.moved(to)

    def finish(self, state: Sample, records: Records) -> Iterator[Finding]:
        """At most one finding for prompts and one for answers."""
        from datalint_rules.coverage import _diversity

        state = state.picked()
        place = {key: n for n, key in enumerate(state.keys)}
        texts: list[tuple[str, str]] = [("", "")] * len(place)
        for batch in records.batches(state.keys):
            for k in range(len(batch)):
                parts, first = axes.parts(batch.layouts[k]), batch.first[k]
                asked, answer = (batch.texts[first + s] if s >= 0 else "" for s in (parts.asked, parts.answer))
                texts[place[batch.ref(k).key]] = asked, answer
        for n, name in enumerate(("prompts", "answers")):
            found = _diversity.measured(pair[n] for pair in texts)
            if found is not None and self._is_low(found.compression, found.distinct, found.shared):
                yield Finding(
                    f"{name} repeat themselves: {found.distinct:.0%} of the runs of three words are different, "
                    f"{found.shared:.0%} of those of four words stand in another text too, "
                    f"and compressed they are {found.compression:.1f} times smaller"
                )

    def _is_low(self, compression: float, distinct: float, shared: float) -> bool:
        return compression > self._compression and distinct < self._distinct and shared > self._shared
