"""What the run comes down to for whoever started it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from datalint.config import Settings
from datalint.model import SEVERITIES
from datalint.outcome import Gate, Outcome, Stats


class Spent(NamedTuple):
    """A budget and what was found of it."""

    gate: Gate
    findings: int
    rate: float

    @property
    def holds(self) -> bool:
        """Whether no more was found than the budget allows."""
        return self.rate <= self.gate.max_rate


def spent(outcome: Outcome) -> list[Spent]:
    """The budgets and what was found."""
    stats = outcome.stats
    found = [(gate, sum(stats.findings[code] for code in gate.codes)) for gate in outcome.gates]
    return [Spent(gate, number, number / stats.records if stats.records else float(number)) for gate, number in found]


def exit_code(outcome: Outcome, settings: Settings) -> int:
    """0 clean, 1 findings that fail, 2 usage, 3 something was not checked, 130 interrupted; the gravest one counts."""
    found = [outcome.exit_code, int(_fails(outcome, settings))]
    if any(not n.note for n in outcome.not_checked):
        found.append(3)
    worst = max(found, key=(0, 1, 3, 2, 141, 130).index)
    return 0 if worst == 1 and (settings.exit_zero or settings.fail_level == "never") else worst


def _fails(outcome: Outcome, settings: Settings) -> bool:
    stats = outcome.stats
    if (settings.diff and outcome.diffs) or (settings.exit_non_zero_on_fix and stats.fixed.total()):
        return True
    if settings.fix_only:
        return False
    if not all(one.holds for one in spent(outcome)):
        return True
    if settings.max_warnings is not None and stats.severities["warning"] > settings.max_warnings:
        return True
    return settings.fail_level in SEVERITIES and failing(stats, outcome.gates, settings.fail_level) > 0


def failing(stats: Stats, gates: Sequence[Gate], level: str) -> int:
    """How many findings are at ``level`` or above; those of rules that have a budget are judged by that alone."""
    grave = SEVERITIES[: SEVERITIES.index(level) + 1 if level in SEVERITIES else None]
    budgeted = frozenset[str]().union(*(gate.codes for gate in gates))
    excused = sum(stats.levels[f"{code} {severity}"] for code in budgeted for severity in grave)
    return sum(stats.severities[severity] for severity in grave) - excused
