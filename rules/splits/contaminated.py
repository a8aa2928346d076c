"""SPL103: training data that holds pieces of evaluation items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from datalint import Batch, Edit, Finding, Fix, Judged, Option, Records, Related, Splits, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import Place, State
    from datalint_rules.splits._grams import Run
    from datalint_rules.splits._splits import Parts

FIELD = Option("str", "split", "The key under which a record of an undeclared file names its split; empty: none.")
TESTS = 3  # rank from which records are evaluation items
FIX = Fix("delete the record from the split that is worth less", "unsafe", (Edit("delete-record"),))
ITEM = {
    "prompt": "A gardener plants 7 rows of tulips with 15 bulbs in each row, and mice eat a third of all the bulbs. "
    "How many tulips come up?",
    "completion": "70",
    "split": "test",
}
STORY = {
    "text": "Spring came late. A gardener plants 7 rows of tulips with 15 bulbs in each row, and mice "
    "eat a third of all the bulbs.",
    "split": "train",
}


@rule(
    "SPL103",
    "contaminated",
    category="correctness",
    tags=("leaks",),
    options={
        "field": FIELD,
        "words": Option(
            "int",
            13,
            "Words in a row that must be the same; in items of less than thirty words three quarters of them.",
        ),
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
            [
                {"text": "He asked: what is the capital of the state of Ohio? Nobody knew.", "split": "train"},
                {"prompt": "What is the capital of the state of Ohio?", "completion": "Columbus", "split": "test"},
            ],
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
    judged=Judged(
        107,
        99,
        "GSM8K train against test: the three questions that were reused; Alpaca against its seed tasks: 18 of 18; a code set "
        "against 200 coding items: 78 of 86, the others share how such tasks are worded (count lines, count words)",
    ),
)
class Contaminated:
    """A record holds a long piece of an evaluation item

    A model that was trained on the test knows the answers by heart, and its score says nothing. Looked for are thirteen
    words in a row, as in the report on GPT-3, of what an item asks. Of brief items, below thirty words, three quarters must
    be there, and eight words: how tasks are worded is the same in many of them. Evaluation items are the records
    of splits that are tests or evaluations (`[[splits]]` in the config), whether they are checked or not.
    """

    def __init__(self, field: str, words: int, splits: Splits | None = None) -> None:
        self._field = field
        self._words = max(words, 2)
        self._splits = splits

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key, split and hashes of each record that is in a split."""
        from datalint_rules.splits import _splits

        return _splits.hashed(batch, self._splits, self._field)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a record, with the item it shares most with."""
        from datalint_rules.duplicates import _places
        from datalint_rules.splits import _splits

        if not state:
            return
        found = _places.table((*state, *_splits.beside(self._splits, self._field, _splits.hashed)))
        for here, there, rank, pointer, run in self._shared(found, records):
            name = _splits.called(self._splits, there, rank)
            message = f"{run.size} words in a row as in {name!r}, {there.beside(here)}"
            said = _places.clipped(" ".join(text for _, text, _ in there.told))
            related = (Related(there.ref, f"the item in {name!r}: {said}"),)
            yield Finding(message, here.ref, pointer, (run.start, run.end), FIX, related=related)

    def leaks(self, state: State, records: Records, parts: Parts | None) -> Iterator[tuple[int, int]]:
        """Keys of records and of the items in another part that they hold a piece of."""
        from datalint_rules.splits import _splits

        found = _splits.parted(state, parts) if parts is not None else {}
        if found:
            for here, there, *_ in self._shared(found, records):
                yield here.ref.key, there.ref.key

    def _shared(self, found: dict[str, Any], records: Records) -> Iterator[tuple[Place, Place, int, str, Run]]:
        """Each record that holds a piece of an item, the item with its rank, and the piece."""
        from datalint_rules.duplicates import _places
        from datalint_rules.splits import _grams, _splits

        tested = found["ranks"] >= TESTS
        ranks = dict(zip(found["keys"][tested].tolist(), found["ranks"][tested].tolist(), strict=True))
        known = _grams.indexes(records, ranks, self._words)
        trained = found["keys"][~tested & ~_splits.overlap(found, tested)].tolist()
        wanted = [key for key in trained if _splits.is_checked(self._splits, key)]
        shared = _grams.hits(records, wanted, known) if known else {}
        places = _places.places(records, {*shared, *shared.values()}, _grams.spoken)
        for key, item in sorted(shared.items()):
            pointer, run = _grams.longest_of(places[key].told, places[item].told)
            if run.tells(self._words):
                yield places[key], places[item], ranks[item], pointer, run
