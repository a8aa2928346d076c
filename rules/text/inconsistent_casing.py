"""TXT502: texts that start or end otherwise than nearly all others in their field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Message, Move, Option, Records, bad, good, pattern, prose, rule

if TYPE_CHECKING:
    from datalint_rules.text._conventions import State

MANY = 200  # texts of a field that make a convention
_WORDS = 5  # words that a text must have to be a sentence
_STARTS = pattern(r"[a-z]+(?:['’-][a-z]+)?,?\s+[^=(){}<>]")  # a common word and no name, address or piece of code
_ENDS = pattern(r"(?s).*[\p{Ll}]{2,}")

_ASK = {"instruction": "Tell me what the capital of Peru is.", "output": "The capital of Peru is Lima."}


def _asked(*texts: str) -> list[dict[str, str]]:
    return [_ASK] * 299 + [{**_ASK, "instruction": text} for text in texts]


@rule(
    "TXT502",
    "inconsistent-casing",
    category="style",
    options={
        "share": Option(
            "float", 0.02, "Share of the texts up to which those that start with a small letter are the odd ones."
        ),
        "stops": Option("bool", False, "Whether the full stop at the end is a convention too."),
    },
    fix="display-only",
    fix_safety="Shown, never applied: a text that starts in the middle may have lost more than a capital.",
    examples=(
        bad(_asked("tell me what the capital of Chile is."), name="a small letter at the start"),
        bad(_asked("Tell me what the capital of Chile is"), options={"stops": True}, name="no full stop"),
        good(_asked("tell me what the capital of Chile is.")[290:], name="too few texts for a convention"),
        good(_asked("Tell me what the capital of Chile is"), name="without the option any end is fine"),
        good(_asked(*["tell me what the capital of Chile is."] * 100), name="no convention"),
        good(
            [_ASK] * 299 + [{**_ASK, "output": "lima, cusco, arequipa, trujillo, and puno."}], name="a list of things"
        ),
        good(_asked("x = [1, 2, 3]; what is the value of x[1]?"), name="code"),
        good(_asked("iPhone or Android, which one should I get now?"), name="a name"),
    ),
    known_problems="Only ASCII letters are looked at, and only in fields of which a record has one. The first 200 texts are shown.",
    judged=Judged(
        30, 30, "all findings in 38 public sets: tasks typed without a capital, and texts that lost their start"
    ),
)
class InconsistentCasing:
    """A text starts with a small letter where nearly all others in its place start with a capital

    Each slip is nothing; together they tell a model that it does not matter. Where ninety-eight in a hundred texts of a
    field keep to a convention, the others are mistakes of typing or pieces of a text that lost its start.
    """

    def __init__(self, share: float, stops: bool) -> None:
        self._share = share
        self._stops = stops

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """How texts start and end, and where those are that do it otherwise."""
        from datalint_rules.text import _conventions

        return _conventions.found(batch, self._stops)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return {f: one[f] + other[f] if f in one and f in other else one.get(f) or other[f] for f in {**one, **other}}

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        from datalint_rules.text import _conventions

        return _conventions.moved(state, to)

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a text."""
        for _, found in sorted(state.items(), key=lambda item: item[0]):
            for n, judge in enumerate((_small, _unended)[: len(found.places)]):
                usual, odd = found.counts[2 * n : 2 * n + 2]
                if not odd or usual + odd < MANY or odd > self._share * (usual + odd):
                    continue
                for key, slot in found.places[n].T.tolist():
                    message = records.record(key).message(slot)
                    if len(message.text.split()) >= _WORDS and not prose.is_code(message.text):
                        yield from judge(message, usual, usual + odd)


def _small(message: Message, usual: int, total: int) -> Iterator[Finding]:
    text = message.text
    if _STARTS.match(text) and (message.role == "user" or _is_sentence(text)):
        fix = message.replace([((0, 1), text[0].upper())], "start with a capital", "display-only")
        said = f"starts with a small letter; {usual:,} of {total:,} texts here start with a capital"
        yield message.finding((0, 1), said, fix=fix)


def _unended(message: Message, usual: int, total: int) -> Iterator[Finding]:
    text, size = message.text, len(message.text)
    if _ENDS.fullmatch(text[-40:]) and "\n" not in text:
        fix = message.replace([((size, size), ".")], "end with a full stop", "display-only")
        said = f"ends without a full stop; {usual:,} of {total:,} texts here end with one"
        yield message.finding((size - 1, size), said, fix=fix)


def _is_sentence(text: str) -> bool:
    """Whether an answer is written in sentences: lists of things may well start with a small letter."""
    return text.rstrip()[-1:] in ".!?" and "\n" not in text[:200] and 6 * text.count(",") <= text.count(" ")
