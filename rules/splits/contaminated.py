"""SPL103: training data that holds pieces of evaluation items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Edit, Finding, Fix, Judged, Option, Records, Splits, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import State
    from datalint_rules.splits._grams import Index

FIELD = Option("str", "split", "The key under which a record of an undeclared file names its split; empty: none.")
FIX = Fix("delete the record from the split that is worth less", "unsafe", (Edit("delete-record"),))
ITEM = {
    "prompt": "A gardener plants 7 rows of tulips with 15 bulbs in each row, and mice eat a third of all the bulbs. "
    "How many tulips come up?",
    "completion": "70",
    "split": "test",
}
STORY = {
    "text": "Spring came late. A gardener plants 7 rows of tulips with 15 bulbs in each row, and mice eat most of them.",
    "split": "train",
}


@rule(
    "SPL103",
    "contaminated",
    category="correctness",
    options={
        "field": FIELD,
        "words": Option("int", 13, "Words in a row that must be the same; eight in items shorter than that."),
    },
    fix="unsafe",
    fix_safety="The record leaves the training data; evaluation files are never touched.",
    known_problems="""
        Paraphrases, translations and items with other names and numbers in every phrase are not found: their wording is
        not the same. Phrases that stand in three evaluation items or more count as form and not as content.
    """,
    references=("https://arxiv.org/abs/2005.14165", "https://arxiv.org/abs/2311.04850"),
    examples=(
        bad([STORY, ITEM], fixed=[ITEM], name="a question in the middle of a text"),
        bad(
            [{"text": "He asked: what is the capital of the state of Ohio? Nobody knew.", "split": "train"},
             {"prompt": "What is the capital of the state of Ohio?", "completion": "Columbus", "split": "test"}],
            fixed=[{"prompt": "What is the capital of the state of Ohio?", "completion": "Columbus", "split": "test"}],
            name="a short item",
        ),
        good([{**STORY, "text": "A gardener plants tulips, and mice eat a third of all the bulbs."}, ITEM]),
        good([{**STORY, "split": "validation"}, {**ITEM, "split": "train"}], name="nothing to be tested on"),
        good(
            [STORY, *({**ITEM, "prompt": f"{ITEM['prompt']} Give the answer as item {n}."} for n in range(3))],
            name="words that many items share",
        ),
    ),
    judged=Judged(0, 0, "-"),
)
class Contaminated:
    """A record holds a long piece of an evaluation item

    A model that was trained on the test knows the answers by heart, and its score says nothing. Looked for are thirteen
    words in a row, as in the report on GPT-3, and eight for items that have no thirteen. Evaluation items are the records
    of splits that are tests or evaluations (`[[splits]]` in the config), whether they are checked or not.
    """

    def __init__(self, field: str, words: int, splits: Splits | None = None) -> None:
        self._field = field
        self._words = max(words, 2)
        self._splits = splits
        self._index: Index | None = None

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Which records share a run of words with which items. Where items stand in the data itself, all runs of words."""
        from datalint_rules.splits import _grams

        if self._index is None:
            self._index = _grams.index(self._splits, self._words)
        return _grams.hits(batch, self._index, self._splits, self._field)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a record, with the item it shares most with."""
