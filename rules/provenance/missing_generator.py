"""PRV104: a record that a model wrote does not say which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint_rules.provenance import _fields
from datalint_rules.provenance.missing_source import SHOWN, State

from datalint import Batch, Finding, Judged, Move, Provenance, Records, axes, bad, good, rule

HI = {"instruction": "Say hi.", "output": "Hi."}
BOTH = {"provenance": {"synthetic": "origin", "generator": "model"}}


@rule(
    "PRV104",
    "missing-generator",
    category="suspicious",
    references=("https://arxiv.org/abs/2310.16787",),
    examples=(
        bad([{**HI, "origin": "synthetic", "model": "m-1"}, {**HI, "origin": "synthetic"}], settings=BOTH),
        bad([{**HI, "origin": True}], settings=BOTH, name="no record has a generator"),
        good([{**HI, "origin": "synthetic", "model": "m-1"}, {**HI, "origin": "human"}], settings=BOTH),
        good([{**HI, "origin": "synthetic"}], name="nothing is declared"),
    ),
    known_problems="Of more than 1,000 records without a generator the first are shown.",
    judged=Judged(0, 0, "holds records to what the config declares"),
)
class MissingGenerator:
    """A record that a model wrote does not name the model

    The terms of many models say what their output may be used for, and each model has its own mistakes: both are known
    only of a model that is named.
    """

    def __init__(self, provenance: Provenance | None = None) -> None:
        self._wanted = provenance or Provenance()
        self._on = bool(self._wanted.synthetic and self._wanted.generator)

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Records that a model wrote and that do not say which."""
        if not self._on:
            return _fields.State(), ()
        named = dict(_fields.values(batch, self._wanted.generator))
        made = [k for k, yes in _fields.synthetic(batch, self._wanted) if yes]
        without = [batch.ref(k).key for k in made if named.get(k, axes.ABSENT) == axes.ABSENT]
        counts = _fields.counted(batch, len(made) - len(without))._replace(records=len(made))
        return counts, tuple(without[:SHOWN])

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one[0] + other[0], tuple(sorted(one[1] + other[1])[:SHOWN])

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        return state[0], tuple([key + to.keys for key in state[1]])

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a record, or one for all if none has the field."""
        counts, without = state
        yield from _fields.unknown(counts, self._wanted.generator, "generator")
        missing = counts.records - counts.having
        if counts.having:
            for ref, _ in records.located(without):
                said = f"no {self._wanted.generator}; {missing:,} of {counts.records:,} records that a model wrote have none"
                yield Finding(said, ref)
