"""PRV101: a record that does not say where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint_rules.provenance import _fields

from datalint import Batch, Finding, Judged, Move, Provenance, Records, axes, bad, good, rule

HI = {"instruction": "Say hi.", "output": "Hi."}
FROM = {"provenance": {"source": "source"}}
State = tuple[_fields.State, tuple[int, ...]]
SHOWN = 1000  # records that are shown


@rule(
    "PRV101",
    "missing-source",
    category="suspicious",
    references=("https://arxiv.org/abs/2310.16787",),
    examples=(
        bad([{**HI, "source": "wiki"}, HI], settings=FROM),
        bad([{**HI, "source": "wiki"}, {**HI, "source": ""}], settings=FROM, name="an empty one"),
        bad([HI, HI], settings={"provenance": {"source": "/meta/source"}}, name="a field that no record has"),
        good([{**HI, "source": "wiki"}], settings=FROM),
        good([HI], name="nothing is declared"),
    ),
    known_problems="Of more than 1,000 records without a source the first are shown.",
    judged=Judged(0, 0, "holds records to what the config declares"),
)
class MissingSource:
    """A record does not say where it comes from

    What cannot be traced cannot be taken out again: when a source turns out to be wrong, leaked, or not free to use, its
    records have to be found. An audit of 1,800 data sets found the licence missing or wrong in most of them.
    """

    def __init__(self, provenance: Provenance | None = None) -> None:
        self._field = provenance.source if provenance is not None else ""

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Records without a source."""
        if not self._field:
            return _fields.State(), ()
        found = _fields.values(batch, self._field)
        without = [batch.ref(k).key for k, value in found if value == axes.ABSENT]
        return _fields.counted(batch, len(found) - len(without)), tuple(without[:SHOWN])

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one[0] + other[0], tuple(sorted(one[1] + other[1])[:SHOWN])

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        return state[0], tuple([key + to.keys for key in state[1]])

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a record, or one for all if none has the field."""
        counts, without = state
        yield from _fields.unknown(counts, self._field, "source")
        missing = counts.records - counts.having
        if counts.having:
            for ref, _ in records.located(without):
                yield Finding(f"no {self._field}; {missing:,} of {counts.records:,} records have none", ref)
