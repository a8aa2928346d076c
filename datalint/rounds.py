"""Fixing in rounds: check, choose, rewrite, and again until nothing is left to fix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from datalint import fixing
from datalint.config import Settings, placed
from datalint.errors import FixError
from datalint.model import Applicability
from datalint.outcome import FixPolicy, NotChecked, Outcome
from datalint.readers import Source
from datalint.registry import Registry
from datalint.report import Report

ROUNDS = 10
_SELECTING = ("fixable", "unfixable", "extend-safe-fixes", "extend-unsafe-fixes")
Mask = Callable[[str], str]


@dataclass
class Fixed:
    """What fixing did. ``files`` were changed, or would be; ``diffs`` when nothing was to be written."""

    by_rule: Counter[str] = field(default_factory=Counter)
    files: set[str] = field(default_factory=set)
    deleted: int = 0
    diffs: list[str] = field(default_factory=list)
    trouble: list[NotChecked] = field(default_factory=list)


class Fixer:
    """Applies what the settings allow of the fixes that an outcome offers."""

    def __init__(self, settings: Settings, policy: FixPolicy) -> None:
        self._settings = settings
        self._policy = policy
        self._mask: Mask = str
        self.done = Fixed()
        self._layout_codes: dict[str, str] = {}

    def allows(self, code: str, applicability: Applicability) -> bool:
        """Whether a fix of this rule is applied: safe ones, and unsafe ones where asked for."""
        counts_as = self._policy.applicability(code, applicability)
        return counts_as == "safe" or (counts_as == "unsafe" and self._settings.unsafe_fixes)

    def apply(self, outcome: Outcome, sources: Mapping[int, Source], *, dry: bool = False) -> bool:
        """Rewrite every source that has fixes; whether anything changed."""
        chosen: dict[int, list[fixing.Chosen]] = {}
        for one in fixing.choose(outcome.findings, self.allows):
            chosen.setdefault(one.ref.source, []).append(one)
        layout = fixing.choose_layout(outcome.findings, self.allows)
        self._layout_codes = {f.fix.whole_file: f.code for f in outcome.findings if f.fix and f.fix.whole_file}
        if dry:
            self._mask = Report(outcome, self._settings).masks.text
        changed = False
        for number in sorted(chosen.keys() | layout.keys()):
            changed |= self._rewrite(sources[number], chosen.get(number, []), layout.get(number, frozenset()), dry)
        return changed

    def _rewrite(self, source: Source, chosen: list[fixing.Chosen], layout: frozenset[str], dry: bool) -> bool:
        try:
            if source.spooled:
                raise FixError("is compressed or a stream, and only plain files are fixed")
            result = fixing.rewrite(
                Path(source.path),
                chosen,
                whole_file=layout,
                quarantine=self._settings.quarantine,
                is_array=source.facts.content == "array",
                expected=fixing.Stamp(*source.stamp),
                dry=dry,
                shown=source.display,
                mask=self._mask,
            )
        except FixError as error:
            why = error.message.removeprefix(f"{source.path} ")
            self.done.trouble.append(NotChecked("fixes", why, source.display))
            return False
        for refused in result.refused:
            trouble = NotChecked(f"a fix of {refused.code}", refused.why, source.display, refused.ref.line)
            if trouble not in self.done.trouble:
                self.done.trouble.append(trouble)
        self.done.by_rule.update(result.taken)
        self.done.by_rule.update({self._layout_codes[name]: 1 for name in result.whole_file})
        self.done.deleted += result.deleted
        self.done.diffs.extend(result.diff or ())
        if result.changed:
            self.done.files.add(source.display)
        return result.changed


def _codes(settings: Settings, registry: Registry, key: str) -> frozenset[str]:
    with placed(settings, key):
        return registry.codes(getattr(settings, key.replace("-", "_")))


def fix_policy(settings: Settings, registry: Registry) -> FixPolicy:
    """What the settings say of fixes. Raises for a selector that means nothing."""
    fixable, unfixable, safe, unsafe = (_codes(settings, registry, key) for key in _SELECTING)
    return FixPolicy(fixable - unfixable, safe, unsafe - safe)


def fix(settings: Settings, registry: Registry, check: Callable[[], tuple[Outcome, Mapping[int, Source]]]) -> Outcome:
    """Check and fix until nothing is left; the outcome of the last check, with what was done."""
    fixer = Fixer(settings, fix_policy(settings, registry))
    outcome, sources = check()
    if settings.diff:
        fixer.apply(outcome, sources, dry=True)
    else:
        rounds = 0
        while rounds < ROUNDS and fixer.apply(outcome, sources):
            outcome, sources = check()
            rounds += 1
        if rounds == ROUNDS:
            left = sorted(
                {f.code for f in outcome.findings if f.fix is not None and fixer.allows(f.code, f.fix.applicability)}
            )
            if left:
                why = f"fixing did not come to an end after {ROUNDS} rounds: {', '.join(left)}"
                fixer.done.trouble.append(NotChecked("fixes", why))
    outcome.stats.fixed = fixer.done.by_rule
    outcome.fixed_files = tuple(sorted(fixer.done.files))
    outcome.deleted = fixer.done.deleted
    if fixer.done.deleted and not settings.diff:
        count = fixer.done.deleted
        outcome.fix_notes.append(f"Moved {count:,} record{'s' * (count != 1)} to {settings.quarantine}.")
    outcome.diffs = fixer.done.diffs
    outcome.not_checked.extend(fixer.done.trouble)
    return outcome
