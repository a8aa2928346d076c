"""What the run comes down to for whoever started it."""

from __future__ import annotations

from datalint.config import Settings
from datalint.model import SEVERITIES
from datalint.outcome import Outcome


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
    if settings.max_warnings is not None and stats.severities["warning"] > settings.max_warnings:
        return True
    if settings.fail_level == "never":
        return False
    return any(stats.severities[s] for s in SEVERITIES[: SEVERITIES.index(settings.fail_level) + 1])
