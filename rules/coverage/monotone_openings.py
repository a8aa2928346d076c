"""COV104: one opening owns more than a share of the prompts or of the answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Move, Option, Records, axes, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.coverage._sample import Sample

MANY = 100  # different records that tell a habit
VERBS = ("Name", "Find", "Draw", "Count", "Sort")


def _asked(same: int, other: int) -> list[dict[str, str]]:
    first = [f"Write a short text on thing number {n}." for n in range(same)]
    rest = [f"{VERBS[n % 5]} {n} things that one can {VERBS[n // 5 % 5].lower()}." for n in range(other)]
    return [{"instruction": text, "output": f"Thing {n} of {n * 7}."} for n, text in enumerate(first + rest)]


@rule(
    "COV104",
    "monotone-openings",
    category="suspicious",
    options={
        "prompts": Option("float", 0.5, "Share of the prompts that may open with the same three words."),
        "answers": Option("float", 0.3, "Share of the answers that may."),
    },
    references=("https://arxiv.org/abs/2212.10560",),
    examples=(
        bad(_asked(120, 40), name="most prompts open alike"),
        bad(
            [{"instruction": f"Ask {n}?", "output": f"That is a good one, number {n}."} for n in range(120)],
            name="all answers open alike",
        ),
        good(_asked(40, 120)),
        good(_asked(60, 0), name="too few to say"),
        good([{"instruction": f"Ask {n}?", "output": "Yes, it is."} for n in range(120)], name="short answers"),
    ),
    known_problems="""
        A set for one task, whose prompts are one template, is found; QLT602 tells what the template costs. Of large sets 5,000
        different records are looked at, picked by their content.
    """,
    judged=Judged(4, 4, "38 public sets: two with one prompt throughout, two whose answers have a habit"),
)
class MonotoneOpenings:
    """Most prompts, or most answers, open with the same words

    Prompts that all open alike teach a model to expect that opening: asked in other words it does worse. Answers that
    all open alike are a habit it will take on. Generated sets show it first: a model asked for a thousand tasks starts
    most of them in the same few ways.
    """

    def __init__(self, prompts: float, answers: float) -> None:
        self._limits = {"prompts": prompts, "answers": answers}

    def map(self, batch: Batch, picked: Sequence[int]) -> Sample:
        """A sample of the records, with hashes of their openings."""
        from datalint_rules.coverage import _openings

        return _openings.sampled(batch)

    def merge(self, one: Sample, other: Sample) -> Sample:
        """The sample of both."""
        return one + other

    def moved(self, state: Sample, to: Move) -> Sample:
        """The same of records elsewhere."""
        return state.moved(to)

    def finish(self, state: Sample, records: Records) -> Iterator[Finding]:
        """At most one finding for prompts and one for answers, at the first record of the kind."""
        from datalint_rules.coverage import _openings

        state = state.picked()
        total = state.columns.shape[1]
        if total < MANY:
            return
        for name, column in (("prompts", _openings.PROMPTS), ("answers", _openings.ANSWERS)):
            opening, count = _openings.most_common(state.columns[column])
            if count > self._limits[name] * total:
                key = int(state.columns[1][state.columns[column] == opening].min())
                record = records.record(key)
                slots = axes.parts(record.layout)
                message = record.message(slots.asked if name == "prompts" else slots.answer)
                shown = _openings.shown(message.text)
                yield message.finding(
                    (0, min(len(message.text), len(shown))),
                    f"{count / total:.0%} of the {name} open with {shown!r}{state.told()}",
                )
