"""LEN105: many answers end at exactly the longest length there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from datalint_rules.length._lengths import OfLengths

from datalint import Finding, Judged, Option, Records, Related, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.length._fields import Lengths, State

FEW = 6  # texts of one length that are no chance
LONG = 50  # characters; shorter texts have equal lengths by nature
TIMES = 20  # how many times as many as of the lengths just below
NEAR = 0.1  # how far below the longest length that is
NEXT, OFTEN = 20, 4  # how many times as many as of each of the next lengths that occur


def _answers(cut: int) -> list[dict[str, str]]:
    said = [(f"A{n:02} " + "word " * (20 + 7 * n)) for n in range(60)]
    return [{"instruction": f"Tell me about {n}.", "output": text[:cut]} for n, text in enumerate(said)]


@rule(
    "LEN105",
    "length-cap",
    category="suspicious",
    options={"unit": Option("str", "characters", "What lengths are counted in.", ("characters", "words"))},
    known_problems="""
        Answers that were cut at a number of tokens do not have one length in characters: they are not found without a tokenizer.
    """,
    examples=(
        bad(_answers(300), name="cut at 300 characters"),
        good(_answers(9000), name="whole answers"),
        good(
            [{"instruction": f"Is {n} even?", "output": "Yes." if n % 2 else "Nope."} for n in range(50)], name="labels"
        ),
    ),
    judged=Judged(0, 0, "none of 38 public sets was cut at a number of characters"),
)
class LengthCap(OfLengths):
    """Many texts of a field end at exactly the longest length there is

    Texts of natural length thin out towards the longest one. Where many share exactly the longest length, something cut
    them there: a limit of an interface, a column of a database, a slice in a script. A model that learns from them learns
    to stop in the middle of a sentence. One finding a field, at the first of the texts.
    """

    def __init__(self, unit: str) -> None:
        super().__init__(unit)

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a field."""
        for field, found in sorted(state.items()):
            count, longest = int(found.counts[-1]), int(found.sizes[-1])
            if count < FEW or longest < LONG or not _is_spike(found):
                continue
            there = zip(found.longest_keys.tolist(), *found.longest.tolist(), strict=True)
            texts = [records.record(key).message(slot) for key, size, slot in there if size == longest]
            if 2 * len({message.text for message in texts}) > len(texts):  # not copies of one text
                related = tuple(Related(m.record.ref, "as long as this", m.pointer) for m in texts[1:6])
                said = f"{count:,} of {found.total:,} texts of {field} have exactly the longest length, {longest:,} {self._unit}"
                yield texts[0].finding(None, f"{said}: they were probably cut", related=related)


def _is_spike(found: Lengths) -> bool:
    """Whether there are far more of the longest length than of those just below it, and than of any length there is near."""
    longest, count = int(found.sizes[-1]), int(found.counts[-1])
    width = max(1, int(longest * NEAR))
    near = int(found.counts[:-1][found.sizes[:-1] >= longest - width].sum())
    below = found.counts[-1 - NEXT : -1]
    return count < found.total and count * width > TIMES * near and count * len(below) > OFTEN * int(below.sum())
