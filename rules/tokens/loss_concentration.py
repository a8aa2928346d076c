"""TOK105: a few records own much of the loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from datalint_rules.tokens._shares import shares

from datalint import Batch, Finding, Judged, Move, Option, Records, Tokens, bad, good, rule

State = Counter[int]  # how many records have so many trained tokens
MANY = 200  # records from which one in a hundred says something
LONGEST = 100  # one in so many


def _answers(*lengths: int) -> list[dict[str, str]]:
    return [{"instruction": f"Count to {n}.", "output": "one " * words} for n, words in enumerate(lengths)]


@rule(
    "TOK105",
    "loss-concentration",
    category="suspicious",
    status="preview",
    options={"share": Option("int", 20, "Percent of all trained tokens that the longest 1 % of records may own.")},
    known_problems="Long answers may be what the data is for. Trainers that average over records, not tokens, are not hit.",
    references=("https://arxiv.org/abs/2402.04833",),
    examples=(
        bad(_answers(*[5] * 300, *[900] * 3)),
        good(_answers(*[5] * 303)),
        good(_answers(*[5] * 30, 900), name="too few to say"),
    ),
    judged=Judged(0, 0, "counted, not judged"),
)
class LossConcentration:
    """The longest 1 % of the records own a large share of the trained tokens

    Most trainers average the loss over the tokens of a batch, so a record counts as much as its answer is long. Where a
    few very long answers own a fifth of all tokens, the model learns their manner above all: look whether they are what
    the data is about, or pasted logs, tables and loops.
    """

    def __init__(self, tokens: Tokens, share: int) -> None:
        self._tokens = tokens
        self._share = share

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """How many records of the batch have how many trained tokens."""
        import numpy as np

        answer = shares(batch, self._tokens).answer
        sizes, counts = np.unique(answer[answer > 0], return_counts=True)
        return Counter(dict(zip(sizes.tolist(), counts.tolist(), strict=True)))

    def merge(self, one: State, other: State) -> State:
        """Both together."""
        return one + other

    def moved(self, state: State, to: Move) -> State:
        """A count is the same anywhere."""
        return state

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding, on the data as a whole."""
        many = sum(state.values())
        if many < MANY:
            return
        left, owned, least = many // LONGEST, 0, 0
        for size in sorted(state, reverse=True):
            taken = min(left, state[size])
            owned, left, least = owned + taken * size, left - taken, size
            if not left:
                break
        total = sum(size * count for size, count in state.items())
        if owned * 100 > self._share * total:
            yield Finding(
                f"the longest {many // LONGEST:,} of {many:,} records ({self._tokens.said(least)} and more each) own "
                f"{owned / total:.0%} of the trained tokens"
            )
