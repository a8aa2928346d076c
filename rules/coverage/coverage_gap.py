"""COV101: fewer records of a kind than the config wants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint_rules.coverage._counts import OfDeclared, State, share, unknown

from datalint import Finding, Judged, Records, Target, bad, good, rule

SUM = {"instruction": "Calculate 17 + 25.", "output": "42"}
POEM = {"instruction": "Write a poem about rain.", "output": "It rains, it rains."}


@rule(
    "COV101",
    "coverage-gap",
    category="suspicious",
    references=("https://arxiv.org/abs/2210.11416", "https://arxiv.org/abs/2407.21783"),
    examples=(
        bad([POEM] * 9 + [SUM], settings={"coverage": {"topic": {"math": {"min": 0.2}}}}),
        bad(
            [POEM] * 9 + [SUM],
            settings={"coverage": {"topic": {"math-reasoning-code": {"min": 0.4}}}},
            name="several topics together",
        ),
        bad(
            [{**SUM, "source": "web"}],
            settings={"coverage": {"source": {"own": {"min": 0.5}}}},
            name="a field of the records",
        ),
        bad([SUM], settings={"coverage": {"souce": {"own": {"min": 0.5}}}}, name="a field that no record has"),
        good([POEM] * 3 + [SUM], settings={"coverage": {"topic": {"math": {"min": 0.2}}}}),
        good([POEM] * 9, name="nothing is declared"),
        good([{**SUM, "source": "own"}], settings={"coverage": {"source": {"own": {"min": 0.5}}}}),
    ),
    known_problems="""
        Topics, tasks and formats are told by signs in the text: docs/coverage.md says how often they are right.
    """,
    judged=Judged(0, 0, "counts what the config declares"),
)
class CoverageGap(OfDeclared):
    """Fewer records have a value than `[coverage]` wants

    What a set does not show the model does not learn: a language, a topic, a form of answer, a length. Gains grow with
    the number of different tasks up to some hundreds, and then flatten. How much of what is right depends on what the
    model is for, so `[coverage]` declares it and this rule holds the data to it. As a landmark: math, code and reasoning
    make up about a third of the fine-tuning data of Llama 3.
    """

    def __init__(self, coverage: Sequence[Target] = ()) -> None:
        self._targets = [t for t in coverage if t.low > 0]
        super().__init__(self._targets)

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a gap."""
        missing = dict(unknown(state, self._wanted, "coverage"))
        yield from missing.values()
        profile = state.profile
        for target in self._targets:
            count = profile.count(target.axis, target.values)
            if (target.axis not in missing and count < target.low * profile.records - 1e-9) or not profile.records:
                said = f"{target.axis} {target.name}: {share(count, profile.records)}"
                yield Finding(f"{said}; [coverage] wants {target.low:.1%} or more")
