"""SPL102: nearly the same record in two splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Option, Records, Related, Splits, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import State
    from datalint_rules.splits._splits import Parts

FIELD = Option("str", "split", "The key under which a record of an undeclared file names its split; empty: none.")
TRAIN = {
    "prompt": "A baker sells 12 rolls in the morning and twice as many in the afternoon. How many rolls does she sell?",
    "completion": "In the afternoon she sells 2 * 12 = 24 rolls. Together that is 12 + 24 = 36 rolls.",
    "split": "train",
}
TEST = {**TRAIN, "prompt": TRAIN["prompt"].replace("A baker", "A village baker"), "split": "test"}


@rule(
    "SPL102",
    "near-split-overlap",
    category="correctness",
    tags=("leaks",),
    options={
        "field": FIELD,
        "similarity": Option("int", 80, "Share of shingles, in percent, from which records count as alike."),
    },
    known_problems="Candidates are found by MinHash bands laid out for a similarity of 80 %; below it some are missed.",
    references=("https://arxiv.org/abs/2107.06499", "https://arxiv.org/abs/2104.08758"),
    examples=(
        bad([TRAIN, TEST]),
        good([TRAIN, {**TEST, "split": "train"}], name="in one split it is DUP103's"),
        good([TRAIN, {**TRAIN, "split": "test"}], name="the same prompt is SPL101's"),
        good([TRAIN, {**TEST, "completion": "36"}], name="another answer"),
    ),
    judged=Judged(
        4,
        4,
        "all findings in six training sets against GSM8K, seed tasks, user-oriented tasks and 200 coding items",
    ),
)
class NearSplitOverlap:
    """Nearly the same record is in two splits

    A test item with a few words changed is still an item the model has seen. Records are compared as by near-duplicate
    (DUP103): at least four fifths of their word shingles are the same, and their answers agree. Reported is the record of
    the split that is worth less, with the one it is most like.
    """

    def __init__(self, field: str, similarity: int, splits: Splits | None = None) -> None:
        self._field = field
        self._similarity = similarity
        self._splits = splits

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key, split, hashes and bands of each record that is in a split."""
        from datalint_rules.splits import _splits

        return _splits.sketched(batch, self._splits, self._field)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a record."""
        from datalint_rules.duplicates import _places
        from datalint_rules.splits import _near, _splits

        if not state:
            return
        found = _places.table((*state, *_splits.beside(self._splits, self._field, _splits.sketched)))
        pairs = _near.across(found, records, self._splits, self._similarity)
        places = _places.places(records, {key for pair in pairs for key in pair[:2]})
        for key, other, rank, percent in pairs:
            here, there = places[key], places[other]
            name = _splits.called(self._splits, there, rank)
            message = f"{percent} % the same as {there.beside(here)}, which is in split {name!r}"
            yield Finding(message, here.ref, related=(Related(there.ref, f"the one in {name!r}"),))

    def leaks(self, state: State, records: Records, parts: Parts | None) -> Iterator[tuple[int, int]]:
        """Keys of records that are alike and stand in different parts."""
        from datalint_rules.splits import _near, _splits

        found = _splits.parted(state, parts) if parts is not None else {}
        if found:
            for here, there, _, _ in _near.across(found, records, None, self._similarity):
                yield here, there
