"""COV107: the data is spread otherwise than a saved profile says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from datalint_rules.coverage._counts import State, counted

from datalint import Batch, Finding, Judged, Move, Option, Profile, Records, UsageError, bad, good, profile, rule

SUM = {"instruction": "Calculate 17 + 25.", "output": "42"}
POEM = {"instruction": "Write a poem about rain.", "output": "It rains, it rains."}
HALVES = {
    "then.json": json.dumps({"datalint-profile": 1, "records": 400, "axes": {"topic": {"math": 200, "writing": 200}}})
}
THEN = {"baseline": "then.json"}
SHOWN = 3  # values that a finding names


@rule(
    "COV107",
    "distribution-drift",
    category="suspicious",
    options={
        "baseline": Option(
            "str", "", "JSON file with the profile to compare with, from the root of the project; empty: none."
        ),
        "max-shift": Option("float", 0.1, "Share of the records that may have moved to another value of an axis."),
        "axes": Option("list[str]", [], "Axes to compare; empty: all that the profile has."),
    },
    examples=(
        bad([POEM] * 190 + [SUM] * 10, options=THEN, files=HALVES, name="most of the sums are gone"),
        good([POEM] * 105 + [SUM] * 95, options=THEN, files=HALVES, name="nearly as it was"),
        good([POEM] * 5 + [SUM] * 2, options=THEN, files=HALVES, name="too few to say"),
        good([POEM] * 200, name="no baseline is named"),
    ),
    known_problems="Small sets move by chance: what chance explains is taken off before a shift counts.",
    judged=Judged(0, 0, "compares with a profile of the user's own"),
)
class DistributionDrift:
    """An axis has moved from the saved profile

    Data that grows drifts: a new source, another sampler, a filter that takes more than it should. The mean of nothing
    changes, and still a quarter of the records is of another kind than a month ago. Compared is the share of the records
    that would have to change their value, axis by axis, less what two random draws of these sizes differ by.
    """

    def __init__(
        self,
        baseline: str,
        max_shift: float,
        axes: Sequence[str],
        read_profile: Callable[[str], Profile] | None = None,
    ) -> None:
        self._path = baseline
        self._limit = max_shift
        self._axes = axes
        self._read = read_profile

    @cached_property
    def _then(self) -> Profile:
        if not self._path or self._read is None:
            return Profile()
        found = self._read(self._path)
        for axis in self._axes:
            if axis not in found.axes:
                raise UsageError(f"{self._path} has no axis {axis!r}", hint=f"it has {', '.join(found.axes)}")
        axes = {axis: counts for axis, counts in found.axes.items() if not self._axes or axis in self._axes}
        return Profile(found.records, axes)

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Counts of the values that the profile has."""
        return counted(batch, self._then.axes)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def moved(self, state: State, to: Move) -> State:
        """A count is the same anywhere."""
        return state

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding an axis."""
        then, now = self._then, state.profile
        if self._path and not then.records:
            yield Finding(f"{self._path} is the profile of no records: there is nothing to compare with")
            return
        for axis in then.axes:
            moved, chance = profile.shift(then, now, axis), profile.noise(then, now, axis)
            if moved > self._limit + 2 * chance:
                yield Finding(f"{axis} has moved by {moved:.0%} since {self._path}: {_told(then, now, axis)}")


def _told(then: Profile, now: Profile, axis: str) -> str:
    values = {*then.axes.get(axis, {}), *now.axes.get(axis, {})}
    pairs = [(then.share(axis, [v]), now.share(axis, [v]), v) for v in values]
    most = sorted(pairs, key=lambda p: (-abs(p[0] - p[1]), p[2]))[:SHOWN]
    return ", ".join(f"{value} {before:.1%} then and {after:.1%} now" for before, after, value in most)
