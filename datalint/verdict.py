"""Lines that all text formats share: pieces of a finding, and the closing lines that give the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from datalint.exit_codes import spent
from datalint.foreign import foreign_code
from datalint.model import SEVERITIES
from datalint.outcome import NEW, NotChecked
from datalint.report import Located, Report
from datalint.terminal import Look, clip, count, duration, visible

TABLE_FROM = 21  # findings from which on a table by rule closes the report
MESSAGE = 400  # columns of a message at most
ID = 60
SHOWN = 6  # rules, or things not checked, that one line names


def message(found: Located, look: Look) -> str:
    """The message, harmless and not endless, and why the finding does not count if it does not."""
    said = clip(found.message, MESSAGE, look)
    if found.status == NEW:
        return said
    reason = f": {clip(found.why, MESSAGE // 2, look)}" if found.why else ""
    return f"{said} {look.paint(f'({hushed(found.status)}{reason})', dim=True)}"


def hushed(status: str) -> str:
    """What holds a finding back, in words."""
    return _HUSHED.get(status, f"held back: {status}")


def star(report: Report, found: Located) -> str:
    """``[*] `` for a finding that ``--fix`` would mend."""
    if found.fix is None or not _applies(report, found.fix.applicability):
        return ""
    return report.look.paint("[*]", fg="green") + " "


def line(report: Report, found: Located) -> str:
    """``path:line:column: severity CODE [*] message [name]``."""
    look = report.look
    path = look.paint(visible(found.path, look) or "data set", bold=True)
    place = f"{path}:{found.line or 1}:{found.column or 1}" if found.path else path
    severity = look.severity(found.severity)
    code = look.paint(found.code, bold=True)
    name = look.paint(f"[{found.name}]", dim=True)
    return f"{place}: {severity} {code} {star(report, found)}{message(found, look)} {name}\n"


def closing(report: Report, *, shown: bool = True, gap: bool = False) -> Iterator[str]:
    """The last lines of every text report: counts by rule, what is hidden, what can be fixed, what was checked.

    ``shown``: findings stand above; ``gap``: they are set apart by an empty line.
    """
    table = shown and report.stats.findings.total() >= TABLE_FROM and not report.settings.fix_only
    if table or gap:
        yield "\n"
    if table:
        yield from rule_table(report)
        yield "\n"
    for line in (
        more(report) if shown else "", *fixes(report), *from_plugins(report, "datalint_terminal_summary", report=report),
        *(visible(note, report.look) for note in report.outcome.notes), *budgets(report), checked(report),
        *not_checked(report),
    ):  # fmt: skip
        if line:
            yield line + "\n"


def from_plugins(report: Report, hook: str, /, **arguments: Any) -> Iterator[str]:
    """The lines that plugins give at a hook."""
    if report.outcome.hooks is None:
        return
    with foreign_code(f"a plugin failed in {hook}"):
        given = getattr(report.outcome.hooks, hook)(**arguments)
        texts = [text for lines in given for text in ([lines] if isinstance(lines, str) else lines)]
    yield from (visible(line, report.look) for text in texts for line in text.split("\n"))


def rule_table(report: Report) -> Iterator[str]:
    """Findings by rule, the most frequent first."""
    look, stats = report.look, report.stats
    rows = [("findings", "of records", "code", "name", "severity", "fix")]
    for code, number in sorted(stats.findings.items(), key=lambda item: (-item[1], item[0])):
        card = report.card(code)
        part = share(stats.by_rule_records[code], stats.records)
        severity = report.outcome.severities.get(code, card.severity)
        counts_as = report.applicability(code, card.fix) if card.fix else ""
        rows.append((f"{number:,}", part, code, card.name, severity, counts_as))
    widths = [max(len(row[k]) for row in rows) for k in range(5)]
    for n, (found, part, called, name, level, fix) in enumerate(rows):
        padded = level.ljust(widths[4])
        line = (
            f"{found:>{widths[0]}}  {part:>{widths[1]}}  {called:<{widths[2]}}  {name:<{widths[3]}}  "
            f"{look.severity(level, padded) if n else padded}  {fix}"
        ).rstrip()
        yield (line if n else look.paint(line, dim=True)) + "\n"


def more(report: Report) -> str:
    """How many findings are not shown, and how to see them."""
    hidden = report.hidden
    if not hidden or report.settings.fix_only:
        return ""
    if len(hidden) > SHOWN:
        said = f"{hidden.total():,} more findings of {len(hidden)} rules"
    else:
        said = ", ".join(f"{n:,} more {code}" for code, n in sorted(hidden.items(), key=lambda i: (-i[1], i[0])))
    return f"{report.look.ellipsis} and {said} (use --max-per-rule 0)"


def fixes(report: Report) -> Iterator[str]:
    """What was fixed, and what could be."""
    settings, stats, look = report.settings, report.stats, report.look
    if done := stats.fixed.total():
        verb = "Would fix" if settings.diff else "Fixed"
        places = f" in {count(len(report.outcome.fixed_files), 'file')}" if report.outcome.fixed_files else ""
        yield f"{verb} {count(done, 'finding')}{places}."
        if settings.show_fixes:
            for code, n in sorted(stats.fixed.items(), key=lambda item: (-item[1], item[0])):
                yield f"  {n:>7,}  {code}  {report.card(code).name}"
    yield from (visible(note, look) for note in report.outcome.fix_notes)
    able = fixable(report)
    sign = look.paint("[*]", fg="green")
    if settings.unsafe_fixes:
        if both := able["safe"] + able["unsafe"]:
            yield f"{sign} {both:,} fixable with `--fix --unsafe-fixes`."
    elif able["safe"]:
        rest = f" ({able['unsafe']:,} more with `--unsafe-fixes`)" if able["unsafe"] else ""
        yield f"{sign} {able['safe']:,} fixable with `--fix`{rest}."
    elif able["unsafe"]:
        yield f"No safe fixes; {able['unsafe']:,} fixable with `--fix --unsafe-fixes`."


def fixable(report: Report) -> Counter[str]:
    """Findings that a fix is at hand for, by how safe it is."""
    able: Counter[str] = Counter()
    for key, number in report.fixable.items():
        able[key.rpartition(" ")[2]] += number
    return able


def budgets(report: Report) -> Iterator[str]:
    """``Budget of QLT exceeded: 14 findings, 1.40 in 100 records, 1 allowed.``"""
    look = report.look
    for one in spent(report.outcome):
        word = look.paint("holds", fg="green") if one.holds else look.paint("exceeded", fg="red", bold=True)
        rules = visible(", ".join(one.gate.rules), look)
        rate = f"{one.rate * 100:.2f} in 100 records, {one.gate.max_rate * 100:g} allowed"
        yield f"Budget of {rules} {word}: {count(one.findings, 'finding')}, {rate}."


def checked(report: Report) -> str:
    """``Checked 5 records in 1 file in 0.31 s: 2 errors, 1 warning.``"""
    stats, look = report.stats, report.look
    if not stats.files:
        none = "There are no files to check." if not _grave(report) else "No file could be checked."
        return look.paint(none, fg="yellow", bold=True)
    took = f" in {duration(stats.seconds)}" if stats.seconds else ""  # a saved report does not know
    said = f"Checked {count(stats.records, 'record')} in {count(stats.files, 'file')}{took}"
    found = [look.severity(s, count(stats.severities[s], s)) for s in SEVERITIES if stats.severities[s]]
    silent = [f"{n:,} {hushed(status)}" for status, n in sorted(stats.suppressed.items()) if n]
    tail = f" ({', '.join(silent)})" if silent else ""
    if found:
        return f"{said}: {', '.join(found)}{tail}.{_why_failed(report)}"
    if not report.outcome.rules_run:
        return look.paint("No rule is on: nothing was judged.", fg="yellow", bold=True)
    if not stats.records and not _grave(report):
        return look.paint(f"There are no records to check in {count(stats.files, 'file')}.", fg="yellow", bold=True)
    if report.exit_code == 0:
        return look.paint("All checks passed.", fg="green", bold=True) + f" {said}{tail}."
    return f"{said}{tail}."


def not_checked(report: Report, *, notes: bool = True) -> Iterator[str]:
    """What was asked for and not done and, as ``notes``, what was left out on purpose."""
    look, code = report.look, report.exit_code
    grave = [n for n in report.not_checked if not n.note]
    if grave:
        label = look.paint("Not checked:", fg="red", bold=True)
        yield f"{label} {_listed(grave, look)}.   -> exit {code}"
    mere = [n for n in report.not_checked if n.note]
    if mere and notes:
        yield f"Left out: {_listed(mere, look)}."


_HUSHED = {"config": "ignored by the config", "baseline": "in the baseline", "ignored": "ignored",
           "old": "on old records"}  # fmt: skip


def _grave(report: Report) -> list[NotChecked]:
    return [n for n in report.outcome.not_checked if not n.note]


def _why_failed(report: Report) -> str:
    limit, warnings = report.settings.max_warnings, report.stats.severities["warning"]
    if limit is not None and warnings > limit and report.exit_code == 1:
        return f" More than {count(limit, 'warning')} (--max-warnings)."
    return ""


def _listed(items: list[NotChecked], look: Look) -> str:
    """Things and reasons, equal ones together."""
    groups: dict[tuple[str, str], list[NotChecked]] = {}
    for item in items:
        groups.setdefault((item.what, item.why), []).append(item)
    said = [_one(same, look) for same in list(groups.values())[:SHOWN]]
    if len(groups) > SHOWN:
        said.append(f"{look.ellipsis} and {len(groups) - SHOWN:,} more")
    return ", ".join(said)


def _one(same: list[NotChecked], look: Look) -> str:
    item = same[0]
    place = f"{item.path}:{item.line}" if item.path and item.line else item.path
    what = count(len(same), item.what) if item.what in ("file", "record") else visible(item.what, look)
    if len(same) > 1 and place:
        place += f" and {len(same) - 1:,} more"
    why = visible(item.why, look)
    joint = " " if why.startswith("is ") and len(same) == 1 else ": "
    return f"{what} ({visible(place, look)}{joint if place else ''}{clip(why, MESSAGE, look)})"


def _applies(report: Report, applicability: str) -> bool:
    return applicability == "safe" or (applicability == "unsafe" and report.settings.unsafe_fixes)


def share(part: int, whole: int) -> str:
    """``1.03 %``; what is there is never zero."""
    if not part or not whole:
        return ""
    return f"{part / whole * 100:.2f} %" if part / whole >= 0.0001 else "<0.01 %"
