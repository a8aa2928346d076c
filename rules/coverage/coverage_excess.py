"""COV102: more records of a kind than the config allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint_rules.coverage._counts import OfDeclared, State, share, unknown

from datalint import Finding, Judged, Records, Target, bad, good, rule

SUM = {"instruction": "Calculate 17 + 25.", "output": "42"}
POEM = {"instruction": "Write a poem about rain.", "output": "It rains, it rains."}


@rule(
    "COV102",
    "coverage-excess",
    category="suspicious",
    examples=(
        bad([POEM] * 9 + [SUM], settings={"coverage": {"topic": {"writing": {"max": 0.5}}}}),
        bad([POEM] * 9 + [SUM], settings={"coverage": {"format": {"number+label": {"max": 0}}}}, name="none at all"),
        good([POEM, SUM], settings={"coverage": {"topic": {"writing": {"max": 0.5}}}}),
        good([POEM] * 9, name="nothing is declared"),
    ),
    known_problems="""
        Topics, tasks and formats are told by signs in the text: docs/coverage.md says how often they are right.
    """,
    judged=Judged(0, 0, "counts what the config declares"),
)
class CoverageExcess(OfDeclared):
    """More records have a value than `[coverage]` allows

    One kind of task that fills the set drowns the others: the model answers everything in its way. `[coverage]` declares
    how much of what is too much.
    """

    def __init__(self, coverage: Sequence[Target] = ()) -> None:
        self._targets = [t for t in coverage if t.high < 1]
        super().__init__(self._targets)
        self._told = {t.axis for t in coverage if t.low > 0}  # coverage-gap speaks of these if they are no fields

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding for each value there is too much of."""
        missing = dict(unknown(state, self._wanted, "coverage"))
        yield from (finding for axis, finding in missing.items() if axis not in self._told)
        profile = state.profile
        for target in self._targets:
            count = profile.count(target.axis, target.values)
            if count > target.high * profile.records + 1e-9:
                said = f"{target.axis} {target.name}: {share(count, profile.records)}"
                yield Finding(f"{said}; [coverage] allows {target.high:.1%}")
