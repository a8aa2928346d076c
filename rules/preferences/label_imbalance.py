"""PRF104: nearly all answers have the same label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint import Batch, Finding, Judged, Move, Option, Records, bad, good, rule

State = dict[bool, int]  # how many answers are wanted, how many are not
MANY = 20  # records from which a share says something


def _labelled(wanted: int, other: int) -> list[dict[str, object]]:
    labels = [True] * wanted + [False] * other
    return [
        {"prompt": f"Count to {n}.", "completion": f"I count to {n}.", "label": yes} for n, yes in enumerate(labels)
    ]


@rule(
    "PRF104",
    "label-imbalance",
    category="suspicious",
    options={
        "share": Option("int", 10, "Share of the rarer label, in percent, below which the labels are out of balance.")
    },
    references=("https://arxiv.org/abs/2402.01306", "https://huggingface.co/docs/trl/kto_trainer"),
    examples=(
        bad(_labelled(20, 0), name="no answer is marked as bad"),
        bad(_labelled(1, 24)),
        good(_labelled(20, 5)),
        good(_labelled(3, 0), name="too few to say"),
        good([{"prompt": f"Count to {n}.", "completion": "No."} for n in range(30)], name="no labels"),
    ),
    judged=Judged(0, 0, "the public set of labelled answers at hand, 300 records, is in balance"),
)
class LabelImbalance:
    """Nearly all labelled answers are good ones, or nearly all are bad

    Methods that learn from single answers with a label (KTO) weigh good ones against bad ones. Where one kind is missing
    the loss has nothing to hold it, and where it is rare it hardly counts: the weights of the two kinds must then be set
    by hand. The authors of KTO keep the weighted kinds within 1 : 1 to 4 : 3.
    """

    def __init__(self, share: int) -> None:
        self._share = share

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """How many records of the batch have which label."""
        state: State = {}
        for layout in batch.distinct:
            if layout.shape.startswith("kto"):
                wanted = not any(turn.rejected for turn in layout.turns)
                state[wanted] = state.get(wanted, 0) + batch.layouts.count(layout)
        return state

    def merge(self, one: State, other: State) -> State:
        """Both together."""
        return {label: one.get(label, 0) + other.get(label, 0) for label in {*one, *other}}

    def moved(self, state: State, to: Move) -> State:
        """A count is the same anywhere."""
        return state

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding for the whole set."""
        good_ones, bad_ones = state.get(True, 0), state.get(False, 0)
        total, rare = good_ones + bad_ones, min(good_ones, bad_ones)
        if total >= MANY and 100 * rare < self._share * total:
            yield Finding(f"{good_ones:,} answers are marked as good and {bad_ones:,} as bad")
