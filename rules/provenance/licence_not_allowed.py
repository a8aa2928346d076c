"""PRV102: a record under a licence that the data may not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from datalint_rules.provenance import _fields

from datalint import Batch, Finding, Judged, Move, Provenance, Records, Related, axes, bad, good, rule

HI = {"instruction": "Say hi.", "output": "Hi.", "licence": "MIT"}
FREE = {"provenance": {"licence": "licence", "allowed-licences": ["MIT", "CC-BY-4.0"]}}
SHOWN = 5  # records of a licence that a finding points to
MOST = 1000  # licences that are remembered


class State(NamedTuple):
    """Counts, and by licence how many records have it and the first of them."""

    counts: _fields.State = _fields.State()
    licences: Mapping[str, tuple[int, tuple[int, ...]]] = {}


@rule(
    "PRV102",
    "licence-not-allowed",
    category="suspicious",
    references=("https://spdx.org/licenses/", "https://arxiv.org/abs/2310.16787"),
    examples=(
        bad([HI, {**HI, "licence": "CC-BY-NC-4.0"}], settings=FREE),
        bad([HI, {"instruction": "Say ho.", "output": "Ho."}], settings=FREE, name="no licence at all"),
        bad(
            [HI],
            settings={"provenance": {"licence": "license", "allowed-licences": ["MIT"]}},
            name="a field that no record has",
        ),
        bad([{**HI, "licence": "MIT AND GPL-3.0-only"}], settings=FREE, name="one of two that hold"),
        good([HI, {**HI, "licence": "cc-by-4.0"}], settings=FREE, name="case does not count"),
        good([{**HI, "licence": "MIT OR GPL-3.0-only"}], settings=FREE, name="one of two to choose from"),
        good([{**HI, "licence": "CC-BY-NC-4.0"}], name="nothing is declared"),
    ),
    known_problems="Names are compared, not terms: write licences as SPDX identifiers. WITH and nested expressions are taken as names.",
    judged=Judged(0, 0, "holds records to what the config declares"),
)
class LicenceNotAllowed:
    """A record is under a licence that is not among those allowed

    A licence that forbids commercial use, or asks for the same licence of all that is made of it, travels with a record
    into the data set. `allowed-licences` in `[provenance]` says which may. One finding a licence, at its first record.
    """

    def __init__(self, provenance: Provenance | None = None) -> None:
        wanted = provenance or Provenance()
        self._field = wanted.licence if wanted.allowed_licences else ""
        self._allowed = {name.lower() for name in wanted.allowed_licences}

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Licences that are not allowed, with their first records."""
        if not self._field:
            return State()
        made: dict[str, tuple[int, tuple[int, ...]]] = {}
        having = 0
        for k, value in _fields.values(batch, self._field):
            having += value != axes.ABSENT
            if value not in made and self._is_allowed(value):
                continue
            count, keys = made.get(value, (0, ()))
            made[value] = count + 1, (*keys, batch.ref(k).key) if len(keys) <= SHOWN else keys
        return State(_fields.counted(batch, having), _few(made))

    def merge(self, one: State, other: State) -> State:
        """Both."""
        made = dict(one.licences)
        for name, (count, keys) in other.licences.items():
            before, first = made.get(name, (0, ()))
            made[name] = before + count, tuple(sorted(first + keys)[: SHOWN + 1])
        return State(one.counts + other.counts, _few(made))

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        licences = {name: (n, tuple([key + to.keys for key in keys])) for name, (n, keys) in state.licences.items()}
        return state._replace(licences=licences)

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a licence."""
        yield from _fields.unknown(state.counts, self._field, "licence")
        if not state.counts.having:
            return
        for name, (count, keys) in sorted(state.licences.items()):
            (ref, _), *others = records.located(keys)
            said = "no licence is named" if name == axes.ABSENT else f"the licence {name} is not allowed"
            related = tuple(Related(other, "the same licence") for other, _ in others)
            yield Finding(f"{said}; {count:,} of {state.counts.records:,} records are so", ref, related=related)

    def _is_allowed(self, expression: str) -> bool:
        whole = expression.lower() in self._allowed
        return whole or all(
            any(name.strip(" ()").lower() in self._allowed for name in part.split(" OR "))
            for part in _fields.parts(expression)
        )


def _few(made: dict[str, tuple[int, tuple[int, ...]]]) -> dict[str, tuple[int, tuple[int, ...]]]:
    return made if len(made) <= MOST else {name: made[name] for name in sorted(made)[:MOST]}
