"""SPL101: the same record or prompt in two splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Edit, Finding, Fix, Judged, Option, Records, Related, Splits, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import State
    from datalint_rules.splits._splits import Parts

FIELD = Option("str", "split", "The key under which a record of an undeclared file names its split; empty: none.")
FIX = Fix("delete the record from the split that is worth less", "unsafe", (Edit("delete-record"),))
TRAIN = {"prompt": "Which river flows through Prague?", "completion": "The Vltava.", "split": "train"}
TEST = {**TRAIN, "split": "test"}


@rule(
    "SPL101",
    "split-overlap",
    category="correctness",
    tags=("leaks",),
    options={"field": FIELD},
    fix="unsafe",
    fix_safety="The record leaves the training data; that on which the model is tested is never touched.",
    known_problems="Paraphrases and translations of test items are not found: nothing of their wording is the same.",
    references=("https://arxiv.org/abs/2104.08758", "https://arxiv.org/abs/2303.08774"),
    examples=(
        bad([TRAIN, TEST], fixed=[TEST]),
        bad([{**TRAIN, "completion": "The river Vltava"}, TEST], fixed=[TEST], name="the prompt is the same"),
        bad(
            [TRAIN, {**TEST, "prompt": "which river flows through PRAGUE"}],
            fixed=[{**TEST, "prompt": "which river flows through PRAGUE"}],
            name="case and punctuation aside",
        ),
        good([TRAIN, {**TEST, "prompt": "Which river flows through Paris?", "completion": "The Seine."}]),
        good([TRAIN, TRAIN], name="twice in one split is DUP101's"),
        good([TRAIN, TEST], options={"field": ""}, name="a field that means something else"),
        good([{**TRAIN, "prompt": "5 - 3?"}, {**TEST, "prompt": "5 + 3?"}], name="signs count"),
    ),
    judged=Judged(
        200,
        200,
        "a code set of 2,000 records against 200 items taken from it, all found; GSM8K, Alpaca and Dolly against tests and "
        "seed tasks: none, and a count of equal questions finds none either",
    ),
)
class SplitOverlap:
    """A record or its prompt is in two splits

    What a model has seen in training it need not understand to answer in the test: the score is too good, and nobody
    knows by how much. The splits are declared in the config (`[[splits]]`), told by the names of files (`x_train.jsonl`,
    `x_test.jsonl`) or by a field of the records. Reported is the record of the split that is worth less: train before
    validation, test and evaluation. Case, white space and punctuation do not count.
    """

    def __init__(self, field: str, splits: Splits | None = None) -> None:
        self._field = field
        self._splits = splits

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key, split and hashes of each record that is in a split."""
        from datalint_rules.splits import _splits

        return _splits.hashed(batch, self._splits, self._field)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a record."""
        from datalint_rules.duplicates import _places
        from datalint_rules.splits import _overlap, _splits

        if not state:
            return
        found = _places.table((*state, *_splits.beside(self._splits, self._field, _splits.hashed)))
        shared = _overlap.shared(found, records, self._splits)
        for key, other, rank, what in shared.pairs:
            here, there = shared.places[key], shared.places[other]
            name = _splits.called(self._splits, there, rank)
            fix = FIX if shared.ranks[key] < rank else None
            message = f"{what} is in split {name!r} too: {there.beside(here)}"
            yield Finding(message, here.ref, fix=fix, related=(Related(there.ref, f"the same in {name!r}"),))

    def leaks(self, state: State, records: Records, parts: Parts | None) -> Iterator[tuple[int, int]]:
        """Keys of records that are the same or ask the same; all of them where nothing is parted yet."""
        from datalint_rules.splits import _overlap, _splits

        found = _splits.parted(state, parts)
        if found:
            for here, there, _, _ in _overlap.shared(found, records, None).pairs:
                yield here, there
