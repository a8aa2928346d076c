"""Records counted by the values that somebody asked for, and what to say of a field that no record has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from datalint import Batch, Finding, Move, Profile, Target, axes

OTHER = "other values"
_KEYS = 200  # names of fields that are remembered for a hint


class State(NamedTuple):
    """The records counted, and some names of fields they have."""

    profile: Profile = Profile()
    keys: frozenset[str] = frozenset()

    def __add__(self, other: object) -> State:
        if not isinstance(other, State):
            return NotImplemented
        return State(self.profile + other.profile, frozenset(sorted(self.keys | other.keys)[:_KEYS]))


def counted(batch: Batch, wanted: Mapping[str, Iterable[str]]) -> State:
    """How many records have each of the ``wanted`` values by axis; all others are counted as one."""
    from datalint_rules.duplicates._content import keys_of

    if not wanted:
        return State()
    found = axes.tally(batch, wanted)
    counts = {axis: _only({*wanted[axis], axes.ABSENT}, found.axes[axis]) for axis in wanted}
    return State(Profile(found.records, counts), frozenset(sorted(keys_of(batch))[:_KEYS]))


def _only(wanted: set[str], counts: Mapping[str, int]) -> dict[str, int]:
    made: dict[str, int] = {}
    for value, count in counts.items():
        name = value if value in wanted else OTHER
        made[name] = made.get(name, 0) + count
    return made


def values_of(targets: Iterable[Target]) -> dict[str, set[str]]:
    """The values that targets are about, by axis."""
    made: dict[str, set[str]] = {}
    for target in targets:
        made.setdefault(target.axis, set()).update(target.values)
    return made


class OfDeclared:
    """What rules on declared targets keep of each record: counts of the values that are declared."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._wanted = values_of(targets)

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Counts of the values that are declared."""
        return counted(batch, self._wanted)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def moved(self, state: State, to: Move) -> State:
        """A count is the same anywhere."""
        return state


def unknown(state: State, wanted: Iterable[str], section: str) -> Iterator[tuple[str, Finding]]:
    """Axes that are no axis and no field of any record, with what to say of them."""
    for axis in wanted:
        profile = state.profile
        if axis in axes.AXES or not profile.records or profile.count(axis, [axes.ABSENT]) < profile.records:
            continue
        near = get_close_matches(axis.strip("/"), [*axes.AXES, *sorted(state.keys)], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; axes are {', '.join(axes.AXES)}, or a field"
        yield axis, Finding(f"[{section}] names {axis!r}, which no record has{hint}", severity="error")


def share(count: int, total: int) -> str:
    """A share in words."""
    return f"{count:,} of {total:,} records ({count / total:.1%})" if total else "there are no records"
