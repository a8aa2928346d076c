"""COV106: what a declared evaluation set has, and the training data lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Move, Option, Profile, Records, Splits, axes, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.coverage._sample import Sample

AXES = ("language", "topic", "format", "instruction-length", "answer-length", "turns")
MANY = 100  # records that training data must have for anything to be said
FEW = 5  # evaluation records that make a kind
TESTS = 3  # rank from which a split is for evaluation
RARE = 20  # times rarer in training
KINDS = ("unknown", "none", "0")  # values that say nothing

TRAIN = {"name": "train", "files": ["example.jsonl"]}
EVAL = {"name": "live", "kind": "evaluation", "files": ["live.jsonl"]}
SUMS = [{"instruction": f"Calculate {n} + 25.", "output": f"{n + 25}"} for n in range(120)]
POEMS = [{"instruction": f"Write a poem about rain number {n}.", "output": "It rains and rains."} for n in range(8)]


@rule(
    "COV106",
    "evaluation-gap",
    category="suspicious",
    options={
        "share": Option("float", 0.05, "Share of the evaluation records from which a kind counts."),
        "axes": Option("list[str]", list(AXES), "Axes that are compared."),
    },
    references=("https://arxiv.org/abs/2403.16952",),
    examples=(
        bad(
            SUMS,
            options={"axes": ["topic"]},
            files={"live.jsonl": [*SUMS[:8], *POEMS]},
            settings={"splits": [TRAIN, EVAL]},
            name="poems are asked for, and sums are taught",
        ),
        good([*SUMS, *POEMS], files={"live.jsonl": [*SUMS[:8], *POEMS]}, settings={"splits": [TRAIN, EVAL]}),
        good(SUMS, name="nothing is declared"),
        good(SUMS[:9], files={"live.jsonl": POEMS}, settings={"splits": [TRAIN, EVAL]}, name="too few to say"),
    ),
    known_problems="""
        Topics and formats are told by signs in the text. Training data above 5,000 records is judged by a part of it. Evaluation
        items whose answers have another form on purpose (letters of choices) show as a gap of format or length.
    """,
    judged=Judged(0, 0, "GSM8K train against test, the one public set at hand with both: nothing is found in it"),
)
class EvaluationGap:
    """The evaluation data has records of a kind that the training data lacks

    What production asks for and training never shows is where the model will fail. The splits of kind `evaluation` or
    `test` (`[[splits]]` in the config, or files called so) are taken for what is asked; every language, topic, form of
    answer, length and number of turns that has a share there should be in the training data too.
    """

    def __init__(self, share: float, axes: Sequence[str], splits: Splits | None = None) -> None:
        self._share = share
        self._axes = axes
        self._splits = splits
        self._tests = splits is not None and bool({"test", "evaluation"} & splits.kinds())

    def map(self, batch: Batch, picked: Sequence[int]) -> Sample | None:
        """A sample of the training records; None where there is nothing to compare with."""
        from datalint_rules.coverage import _sample

        if not self._tests or self._is_test(batch.source):
            return None
        return _sample.sample(batch)

    def merge(self, one: Sample | None, other: Sample | None) -> Sample | None:
        """The sample of both."""
        return one + other if one is not None and other is not None else one if other is None else other

    def moved(self, state: Sample | None, to: Move) -> Sample | None:
        """The same of records elsewhere."""
        return state.moved(to) if state is not None else None

    def finish(self, state: Sample | None, records: Records) -> Iterator[Finding]:
        """One finding a kind that is missing."""
        state = state.picked() if state is not None else None
        if state is None or self._splits is None or state.columns.shape[1] < MANY:
            return
        trained, asked = Profile(), Profile()
        for batch in records.batches(state.keys):
            trained += axes.tally(batch, self._axes)
        for batch in self._splits.read(self._is_test):
            asked += axes.tally(batch, self._axes)
        for axis in self._axes:
            for value, count in sorted(asked.axes.get(axis, {}).items(), key=lambda item: (-item[1], item[0])):
                there, here = asked.share(axis, [value]), trained.share(axis, [value])
                if value not in KINDS and count >= FEW and there >= self._share and here * RARE < there:
                    yield Finding(
                        f"{axis} {value}: {there:.1%} of {asked.records:,} evaluation records and {here:.1%} of the training records"
                        f"{state.told()}"
                    )

    def _is_test(self, source: int) -> bool:
        split = self._splits.of(source) if self._splits is not None else None
        return split is not None and split.rank >= TESTS
