"""DUP103: nearly the same record twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Edit, Finding, Fix, Judged, Option, Records, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import State

TOAST = {
    "instruction": "How do I keep bread fresh for longer?",
    "output": "Keep it in a bread box or a cotton bag at room temperature, away from the sun. The fridge dries it out. "
    "What you will not eat within three days goes into the freezer, best of all in slices.",
}
TOAST_AGAIN = {**TOAST, "output": TOAST["output"].replace("What you", "Bread you")}
FIX = Fix("delete the copy", "unsafe", (Edit("delete-record"),))


@rule(
    "DUP103",
    "near-duplicate",
    category="suspicious",
    options={"similarity": Option("int", 80, "Share of shingles, in percent, from which records count as alike.")},
    fix="unsafe",
    fix_safety="The longest of records that are alike stays, of equals the first; what the others say differently is lost.",
    examples=(
        bad([TOAST, TOAST_AGAIN], fixed=[TOAST]),
        good([TOAST, {**TOAST, "output": "Freeze it."}]),
    ),
    judged=Judged(0, 0, "-"),
)
class NearDuplicate:
    """The record says nearly what another one says

    X
    """

    def __init__(self, similarity: int) -> None:
        self._similarity = similarity

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key, band keys and size of each record."""
        from datalint_rules.duplicates import _near

        return _near.sketch(batch)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """Of each cluster all but the best."""
        from datalint_rules.duplicates import _near, _places

        alike = list(_near.alike(state, records, self._similarity))
        places = _places.places(records, {key for pair in alike for key in pair[:2]})
        for kept, key, percent in alike:
            here, there = places[key], places[kept]
            yield _places.copy(here, there, f"{percent} % the same as {there.beside(here)}", FIX)
