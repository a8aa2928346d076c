"""QTY101: fewer records than the way of training needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint import Batch, Finding, Judged, Move, Quantity, Records, bad, good, rule

HI = {"instruction": "Say hi.", "output": "Hi."}


@rule(
    "QTY101",
    "too-few-records",
    category="suspicious",
    references=("https://arxiv.org/abs/2305.11206", "https://arxiv.org/abs/2402.17193"),
    examples=(
        bad([HI] * 20, settings={"quantity": {"method": "pilot"}}),
        bad([HI] * 60, settings={"quantity": {"method": "peft"}}),
        bad([HI] * 3, settings={"quantity": {"min": 4}}),
        bad("", settings={"quantity": {"method": "pilot"}}, name="no records at all"),
        good([HI] * 60, settings={"quantity": {"method": "pilot"}}),
        good([HI] * 3, name="nothing is declared"),
        good([HI] * 3, settings={"quantity": {"method": "full", "min": 2}}, name="a number of one's own"),
    ),
    known_problems="""
        All files of a run are counted together, test files too. How many records are enough depends on the task and the model.
    """,
    judged=Judged(0, 0, "counts what the config declares"),
)
class TooFewRecords:
    """There are fewer records than the declared way of training needs

    A first try takes 50 to 100 good records: they show whether fine-tuning helps at all. Adapters (`peft`) take some
    hundreds to some thousands, training all weights (`full`) takes ten thousand and more. With fewer a model learns the
    records by heart. A stronger base needs less, and good records count more than many: a thousand chosen by hand have
    been enough to teach a large model to answer.
    """

    def __init__(self, quantity: Quantity | None = None) -> None:
        self._quantity = quantity or Quantity()

    def map(self, batch: Batch, picked: Sequence[int]) -> int:
        """How many records the batch has."""
        return len(batch) - len(batch.blanks) - len(batch.refusals) if self._quantity.least else 0

    def merge(self, one: int, other: int) -> int:
        """Their sum."""
        return one + other

    def moved(self, state: int, to: Move) -> int:
        """A count is the same anywhere."""
        return state

    def finish(self, state: int, records: Records) -> Iterator[Finding]:
        """One finding for the whole set."""
        least, method = self._quantity.least, self._quantity.method
        if state < least:
            wanted = f"{method} wants" if method else "[quantity] wants"
            there = f"{state:,} records" if state != 1 else "1 record"
            yield Finding(
                f"there {'is' if state == 1 else 'are'} {there if state else 'no records'}; {wanted} {least:,} or more"
            )
