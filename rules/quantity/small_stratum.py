"""QTY102: fewer records of a kind than the config wants."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.coverage._counts import OfDeclared, State, unknown

from datalint import Finding, Judged, Quantity, Records, bad, good, rule

SUM = {"instruction": "Calculate 17 + 25.", "output": "42", "level": "easy"}


@rule(
    "QTY102",
    "small-stratum",
    category="suspicious",
    examples=(
        bad([SUM] * 3, settings={"quantity": {"strata": {"level": {"easy": 2, "hard": 2}}}}),
        bad([SUM] * 3, settings={"quantity": {"strata": {"topic": {"math": 4}}}}),
        bad([SUM] * 3, settings={"quantity": {"strata": {"levels": {"easy": 2}}}}, name="a field that no record has"),
        good([SUM] * 3, settings={"quantity": {"strata": {"topic": {"math": 3}}}}),
        good([SUM] * 3, settings={"quantity": {"method": "pilot"}}, name="no strata are declared"),
    ),
    known_problems="All files of a run are counted together.",
    judged=Judged(0, 0, "counts what the config declares"),
)
class SmallStratum(OfDeclared):
    """A stratum has fewer records than `[quantity.strata]` wants

    A share says little of what a model can learn of a kind: five records in a hundred are five in a small set. Some dozens
    of each kind are the least for it to be learned, and for a test on it to mean anything.
    """

    def __init__(self, quantity: Quantity | None = None) -> None:
        self._strata = quantity.strata if quantity is not None else ()
        super().__init__(self._strata)

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a stratum."""
        missing = dict(unknown(state, self._wanted, "quantity.strata"))
        yield from missing.values()
        for stratum in self._strata:
            count = state.profile.count(stratum.axis, stratum.values)
            if stratum.axis not in missing and count < stratum.low:
                yield Finding(
                    f"{stratum.axis} {stratum.name}: {count:,} records; [quantity.strata] wants {stratum.low:,.0f} or more"
                )
