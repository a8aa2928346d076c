"""One record and all that is to be said of it: what is found, what is held back and by what, and why its rules are on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from datalint import baseline, plugins, run, sources
from datalint.batch import Batch
from datalint.beside import on_line
from datalint.causes import Cause, Causes
from datalint.config import Policy, Settings
from datalint.edits import apply
from datalint.errors import DatalintError, UsageError
from datalint.fixing_diff import hunk
from datalint.identity import Identity, relative
from datalint.masking import Masks
from datalint.model import Finding, Fix, Ref
from datalint.outcome import FindingStore, Outcome
from datalint.patterns import pattern
from datalint.plugins import Plugins
from datalint.readers import Source
from datalint.readers.opening import open_source
from datalint.report import Located, Report
from datalint.scan import CRASHED, LIMIT, TIMED_OUT
from datalint.shapes import Detector
from datalint.terminal import Look
from datalint.views import Record

CONFIG = "config"  # the status of what the config keeps silent
UNREAD = "`datalint check` without paths does not read this file: `include` does not name it, or `exclude` does"
FINGERPRINT = pattern(r"[0-9a-f]{16}")
_PLACE = pattern(r"(.+?):(\d{1,15})(?::(\d{1,15}))?")
# What a policy says where every rule that can be tried on one record is on.
_ALL: dict[str, Any] = {
    "select": ("ALL",), "ignore": (), "extend_select": (), "extend_ignore": (), "never": (), "wheres": (),
    "keyword": "", "preview": True, "scopes": frozenset({"record"}),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A finding with why its rule is on or off, and the change its fix would make, as lines of a diff."""

    found: Located
    cause: Cause
    change: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explained:
    """What is said of one place. ``record`` is None where a line holds none, and for findings on a file; ``others``: more
    places with the same fingerprint; ``named``: findings elsewhere that name the record; ``alone``: no other file was read."""

    report: Report
    path: str
    line: int | None
    record: Record | None
    findings: tuple[Told, ...]
    notes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    alone: bool = False

    @property
    def masks(self) -> Masks:
        """Masks for what sensitive rules found on the record, those that are off included."""
        return self.findings[0].found.masks if self.findings else Masks()

    @property
    def record_id(self) -> str | None:
        """The record's own id, masked, else a hash of its content."""
        if self.record is None:
            return None
        fields = self.report.outcome.id_fields
        name = Identity(self.record, self.path, fields.get(self.record.ref.source, "")).record_id
        return self.masks.text(name) if name is not None else None


class _Line(NamedTuple):
    """A batch of one line, and the source it is of."""

    source: Source
    batch: Batch

    @property
    def ref(self) -> Ref:
        """The reference of the line."""
        return self.batch.ref(0)


Judge = Callable[[Settings], Outcome]


def explain(settings: Settings, wanted: str, look: Look, *, redact: bool, judge: Judge = run.check) -> Explained:
    """All about the record at PATH:LINE, or about the findings with a fingerprint. Raises UsageError where there is none.

    ``settings.paths``: what is read; without any what the config includes, else the file alone.
    """
    settings = replace(settings, show_suppressed=True, fix=False, fix_only=False, diff=False, maxfail=None)
    if FINGERPRINT.fullmatch(wanted):
        return _by_fingerprint(settings, wanted, look, redact, judge)
    fits = _PLACE.fullmatch(wanted)
    if fits is None:
        hint = "write PATH:LINE, such as data/train.jsonl:12, or the 16 digits of a fingerprint"
        raise UsageError(f"{wanted!r} is neither a place nor a fingerprint", hint=hint)
    path, line, column = fits[1], int(fits[2]), int(fits[3] or 0)
    _there(settings.cwd / path, path)
    settings, alone = _with(settings, path)
    unread = UNREAD if alone and settings.include else ""
    loaded = plugins.load(settings)
    outcome = judge(settings)
    number = _number(outcome, settings, path)
    one, note = _picked(_lines(settings, loaded, outcome, number, line), outcome, line, column)
    made = _at(settings, loaded, outcome, one, look, redact)
    return replace(made, notes=(*made.notes, *filter(None, [note, unread])), alone=alone)


def _by_fingerprint(settings: Settings, wanted: str, look: Look, redact: bool, judge: Judge) -> Explained:
    loaded = plugins.load(settings)
    outcome = judge(settings)
    found = [one for one in Report(outcome, settings, look, redact=redact) if one.fingerprint == wanted]
    if not found:
        raise UsageError(f"nothing that is found here has the fingerprint {wanted}", hint=_past(settings, wanted))
    first, others = found[0], tuple(one.where for one in found[1:])
    if first.record is None:
        report = Report(outcome, settings, look, redact=redact)
        causes = Causes(settings, loaded.registry, settings.root / first.path if first.path else settings.cwd / "-")
        told = tuple(_told(causes, [(None, first)]))
        return Explained(report, first.path, None, None, told, others=others)
    ref = first.record.ref
    here = _lines(settings, loaded, outcome, ref.source, ref.line)
    same = next(one for one in here if one.ref.key == ref.key)
    return replace(_at(settings, loaded, outcome, same, look, redact), others=others)


def _past(settings: Settings, wanted: str) -> str:
    """What the baseline knows of a fingerprint that nothing has."""
    if settings.baseline is not None:
        shown = relative(str(settings.baseline), settings)
        entry = baseline.read(settings.baseline, shown).get(wanted)
        if entry is not None:
            return f"{shown} has it as {entry.code} {entry.name}: it was mended, or is in a file that was not read"
    return "it was mended, its text has changed, or it is in a file that was not read"


def _at(settings: Settings, loaded: Plugins, outcome: Outcome, line: _Line, look: Look, redact: bool) -> Explained:
    """All about one record, or about a line that holds none."""
    ref, batch = line.ref, line.batch
    causes = Causes(settings, loaded.registry, Path(outcome.paths[ref.source]))
    untried = _try_silent(outcome, settings, loaded, line, causes)
    report = Report(outcome, settings, look, redact=redact)
    told = tuple(_told(causes, report.on(lambda f: f.ref is not None and f.ref.key == ref.key)))
    note = "the line is blank" if batch.blanks else ""
    if batch.refusals:
        note = f"the line holds no record: {report.masked(batch.refusals[0].message)}"
    record = None if note else batch.record(0)
    named = tuple(_naming(report, ref))
    notes = tuple(filter(None, [note, untried]))
    return Explained(report, report.path(ref.source), ref.line, record, told, notes, named=named)


def _naming(report: Report, ref: Ref) -> Iterator[str]:
    """The findings on other records that name this one, as duplicates do."""
    for finding in report.outcome.findings:
        if (
            finding.ref is not None
            and finding.ref.key != ref.key
            and any(r.ref.key == ref.key for r in finding.related)
        ):
            card = report.card(finding.code)
            yield f"{report.path(finding.ref.source)}:{finding.ref.line} {finding.code} {card.name}"


def _there(real: Path, path: str) -> None:
    """Raise UsageError where there is no such file, with the one that was probably meant."""
    if real.is_file():
        return
    beside = [one.name for one in real.parent.iterdir()] if real.parent.is_dir() else []
    near = get_close_matches(real.name, beside, n=1)
    hint = f"did you mean {Path(path).with_name(near[0]).as_posix()}?" if near and not real.exists() else ""
    raise UsageError(f"{path} {'is no file' if real.exists() else 'does not exist'}", hint=hint)


def _with(settings: Settings, path: str) -> tuple[Settings, bool]:
    """What is read for a record of the file at ``path``, and whether that is this file and no other."""
    wanted = os.path.realpath(settings.cwd / path)
    if settings.paths or settings.include:
        found = sources.find(replace(settings, force_exclude=False))
        if wanted in (os.path.realpath(settings.cwd / other) for other in found.paths):
            return settings, False
        if settings.paths:
            raise UsageError(f"{path} is not among the files that are read: {', '.join(settings.paths)}")
    return replace(settings, paths=(path,), force_exclude=False), True


def _number(outcome: Outcome, settings: Settings, path: str) -> int:
    """The number of the source at ``path``. Raises UsageError if it was not read."""
    wanted = os.path.realpath(settings.cwd / path)
    shown = {os.path.realpath(settings.cwd / other): n for n, other in reversed([*enumerate(outcome.paths)])}
    for lost in outcome.not_checked:
        if lost.what == "file" and lost.path and os.path.realpath(settings.cwd / lost.path) == wanted:
            raise UsageError(f"{path} was not checked: it {lost.why}")
    return shown[wanted]


def _lines(settings: Settings, loaded: Plugins, outcome: Outcome, number: int, line: int) -> list[_Line]:
    """The records on a line of a source, as the run has read them."""
    display, policy = outcome.paths[number], settings.policy_for(Path(outcome.paths[number]))
    limit = settings.max_record_bytes
    path = str(settings.cwd / display)
    source = open_source(number, path, display, limit=limit, guests=tuple(loaded.readers.values()))
    found = on_line(source, Detector(loaded.shapes, policy.format, policy.fields), limit, line)
    if not found:
        raise UsageError(f"{display} has no line {line}")
    return [_Line(source, batch) for batch in found]


def _picked(found: Sequence[_Line], outcome: Outcome, line: int, column: int) -> tuple[_Line, str]:
    """Of several records on one line that at a column, else the first."""
    if len(found) == 1:
        return found[0], ""
    if not column:
        return found[
            0
        ], f"line {line} holds {len(found):,} records, and this is the first: PATH:LINE:COLUMN names another"
    before = [one for one in found if outcome.before(one.ref) < column]
    return (before or found)[-1], ""


# ---- what the config keeps silent ----


def _try_silent(outcome: Outcome, settings: Settings, loaded: Plugins, line: _Line, causes: Causes) -> str:
    """Add to the outcome what rules would find on one record that are off, or silent there; says why if they cannot."""
    policy = replace(settings.policy_for(Path(line.batch.path)), **_ALL)
    data = line.batch.datas[0]
    reasons: dict[str, str] = {}
    held: list[Finding] = []
    try:
        judged = _judged(settings, loaded, policy, line)
    except DatalintError as error:  # of a rule that is off, and could not be on
        return f"rules that are off were not tried: {error.message}"
    for finding in judged:
        if finding.code in (CRASHED, TIMED_OUT, LIMIT):  # the run has told of rules that are on
            continue
        cause = causes.of(finding.code)
        if cause.on:
            silence = causes.silence(finding.code, data)
            if silence is None:
                continue
            cause = silence
        reasons[finding.code] = str(cause)
        held.append(finding)
    outcome.aside.setdefault(CONFIG, FindingStore()).add_late(held)
    severities = {c: loaded.registry.severity_of(outcome.cards[c], policy) for c in reasons}
    outcome.severities = severities | dict(outcome.severities)
    other = outcome.why_aside

    def why(status: str, finding: Finding, identity: Identity) -> str:
        return reasons.get(finding.code, "") if status == CONFIG else other(status, finding, identity)

    outcome.why_aside = why
    return ""


def _judged(settings: Settings, loaded: Plugins, policy: Policy, line: _Line) -> list[Finding]:
    """What all rules that look at records say of one."""
    number = line.source.number + 1
    recipe = run.Recipe(settings, [line.source] * number, [policy], [0] * number, 0, loaded)
    return recipe().judge(line.batch)


# ---- what is told of a finding ----


def _told(causes: Causes, found: Iterable[tuple[Finding | None, Located]]) -> Iterator[Told]:
    for finding, located in found:
        fix = finding.fix if finding is not None else None
        yield Told(located, causes.of(located.code), _change(located, fix) if fix is not None else ())


def _change(located: Located, fix: Fix) -> tuple[str, ...]:
    """What the fix would make of the record, as lines of a diff."""
    if located.record is None or located.line is None or fix.whole_file:
        return ()
    done = apply(located.record.raw, [fix])
    if not done.taken:
        return ()
    after = None if done.deleted else done.raw
    return tuple(hunk(located.record.raw, after, located.line, located.masks.text).splitlines()[1:])
