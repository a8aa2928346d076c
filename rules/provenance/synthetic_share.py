"""PRV103: more records written by models than the config allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint_rules.provenance import _fields

from datalint import Batch, Finding, Judged, Move, Provenance, Records, axes, bad, good, rule

HUMAN = {"instruction": "Say hi.", "output": "Hi.", "origin": "human"}
MODEL = {"instruction": "Say ho.", "output": "Ho.", "origin": "synthetic", "model": "m-1"}
HALF = {"provenance": {"synthetic": "origin", "max-synthetic": 0.5}}
State = tuple[_fields.State, int]


@rule(
    "PRV103",
    "synthetic-share",
    category="suspicious",
    references=("https://doi.org/10.1038/s41586-024-07566-y",),
    examples=(
        bad([HUMAN, MODEL, MODEL], settings=HALF),
        bad(
            [HUMAN, MODEL],
            settings={"provenance": {"generator": "model", "max-synthetic": 0.2}},
            name="those with a generator",
        ),
        bad(
            [HUMAN],
            settings={"provenance": {"synthetic": "is_ai", "max-synthetic": 0.2}},
            name="a field that no record has",
        ),
        good([HUMAN, MODEL], settings=HALF),
        good(
            [HUMAN],
            settings={"provenance": {"generator": "model", "max-synthetic": 0.2}},
            name="no generator, no model",
        ),
        good([MODEL, MODEL], name="nothing is declared"),
    ),
    known_problems="""
        Only what records say of themselves is counted. Without the field `synthetic`, records with a generator are taken for
        synthetic.
    """,
    judged=Judged(0, 0, "counts what the config declares"),
)
class SyntheticShare:
    """More records were written by a model than `[provenance]` allows

    Text of models lacks the rare cases, and models that learn from models generation after generation lose them for good;
    mixed with text of people they do not. How much is right depends on the task: `max-synthetic` says it.
    """

    def __init__(self, provenance: Provenance | None = None) -> None:
        self._wanted = provenance or Provenance()
        self._field = self._wanted.synthetic or self._wanted.generator if self._wanted.max_synthetic < 1 else ""

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """How many records say that a model wrote them."""
        if not self._field:
            return _fields.State(), 0
        found = _fields.synthetic(batch, self._wanted)
        told = [value for _, value in _fields.values(batch, self._field) if value != axes.ABSENT]
        having = len(told) if self._wanted.synthetic else len(found)  # nobody needs to have a generator
        return _fields.counted(batch, having), sum(yes for _, yes in found)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one[0] + other[0], one[1] + other[1]

    def moved(self, state: State, to: Move) -> State:
        """A count is the same anywhere."""
        return state

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding for the whole set."""
        counts, made = state
        yield from _fields.unknown(counts, self._field, "synthetic")
        limit = self._wanted.max_synthetic
        if made > limit * counts.records + 1e-9:
            share = f"{made:,} of {counts.records:,} records ({made / counts.records:.1%})"
            yield Finding(f"{share} were written by a model; [provenance] allows {limit:.1%}")
