"""DUP106: an instruction that copies a seed task."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Option, Records, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import State
    from datalint_rules.duplicates._seeds import Seeds

TASK = {"instruction": "Suggest three names for a small bakery in a fishing village.", "output": "Salt and Flour …"}
COPY = {"instruction": "Suggest five names for a small bakery in a mountain village.", "output": "High Rise …"}
SEEDS = {"seeds.jsonl": TASK}
HERE = {"seeds": "seeds.jsonl"}


@rule(
    "DUP106",
    "seed-copy",
    category="suspicious",
    status="preview",
    options={
        "seeds": Option("str", "", "File of seed tasks, from the root of the project. Empty: nothing is found."),
        "similarity": Option("int", 70, "ROUGE-L, in percent, from which an instruction counts as a copy."),
    },
    known_problems="Words are compared, not what they mean: a seed in other words is not found.",
    references=("https://arxiv.org/abs/2212.10560", "https://github.com/tatsu-lab/stanford_alpaca"),
    examples=(
        bad(COPY, options=HERE, files=SEEDS),
        bad({"messages": [{"role": "user", "content": COPY["instruction"]}]}, options=HERE, files=SEEDS, name="a chat"),
        good(COPY, files=SEEDS, name="no seeds are declared"),
        good({**COPY, "instruction": "Name three fish."}, options=HERE, files=SEEDS),
        good(COPY, options={**HERE, "similarity": 90}, files=SEEDS, name="a stricter measure"),
    ),
    judged=Judged(
        48,
        8,
        "seven sets against the seeds of Self-Instruct, Alpaca among them with none, and two against those of BELLE: the "
        "measure holds in all; forty share with a seed of seven words no more than how it is worded",
    ),
)
class SeedCopy:
    """An instruction is nearly one of the seed tasks that instructions were made from

    Self-Instruct and its followers have a model write new tasks after a few seeds, and keep only what is new: ROUGE-L to
    every earlier task below 0.7. What is closer says what was there before, and the set grows without getting wider.
    Declare the seeds (`[rules.seed-copy] seeds = "seed_tasks.jsonl"`); the first text of the user is compared. Needs
    rapidfuzz (`pip install llm-datalint[seeds]`).
    """

    def __init__(
        self, seeds: str, similarity: int, read_beside: Callable[[str], Iterator[Batch]] | None = None
    ) -> None:
        self._path = seeds
        self._similarity = similarity
        self._read = read_beside
        self._seeds: Seeds | None = None

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key of each record with the seed it is nearest to."""
        from datalint_rules.duplicates import _seeds

        if not self._path or self._read is None:
            return ()
        return _seeds.near(batch, self._known(), self._similarity)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a record."""
        from datalint_rules.duplicates import _places, _seeds

        if not state:
            return
        found = _places.table(state)
        seeds = self._known().texts
        near = zip(found["keys"].tolist(), found["seeds"].tolist(), found["percent"].tolist(), strict=True)
        places = _places.places(records, found["keys"].tolist(), _seeds.pointers)
        for key, seed, percent in near:
            place = places[key]
            message = f"{percent} % the same as seed {seed + 1}: {_places.clipped(seeds[seed])}"
            yield Finding(message, place.ref, place.told)

    def _known(self) -> Seeds:
        from datalint_rules.duplicates import _seeds

        if self._seeds is None:
            self._seeds = _seeds.seeds(self._read(self._path) if self._read is not None else iter(()))
        return self._seeds
