"""Findings as somebody reads them: the conversation around each, with the place underlined."""

from __future__ import annotations

from collections.abc import Iterator

from datalint.batch import Record
from datalint.model import Slot, Span, Turn
from datalint.report import Located, Report
from datalint.terminal import Look, Row, clip, excerpt, pad, text_width, visible
from datalint.verdict import ID, MESSAGE, closing, message, more

NAME = "full"
SUMMARY = "the conversation around each finding; the default on a terminal"
MACHINE = False

AROUND = 34  # characters of raw JSON shown on each side
LABEL = 24  # columns of a role at most
Labelled = tuple[str, Row]


def render(report: Report) -> Iterator[str]:
    """A block a finding, then the closing lines."""
    for found in report.shown():
        yield "\n".join(_block(report, found)) + "\n\n"
    if not report.settings.quiet:
        yield from closing(report)
    elif hidden := more(report):
        yield hidden + "\n"


def _block(report: Report, found: Located) -> Iterator[str]:
    look = report.look
    code = look.paint(found.code, bold=True)
    yield f"{code} {message(found, look)}  {look.paint(f'[{found.name}]', dim=True)} {look.severity(found.severity)}"
    record = f"record {clip(found.record_id, ID, look)}" if found.record_id is not None else ""
    pointer = clip(found.pointer, MESSAGE // 2, look) if found.pointer else ""
    where = "   ".join(p for p in (visible(found.where, look), record, pointer) if p)
    yield f"  {look.paint('-->', fg='blue', bold=True)} {where}"
    gutter = look.paint("|", fg="blue", bold=True)
    rows = list(frame(found, look))
    if rows:
        yield f"   {gutter}"
        wide = max(text_width(label) for label, _ in rows)
        for label, row in rows:
            said = " " * (wide - text_width(label)) + look.paint(label, bold=bool(row.mark))
            yield f"   {gutter} {said}{row.text}"
            if row.mark:
                yield f"   {gutter} {' ' * wide}{look.paint(row.mark, fg='red', bold=True)}"
    sign = look.paint("=", fg="blue", bold=True)
    for place in found.related:
        at = f"{visible(place.path, look)}:{place.line}"
        yield f"   {sign} note: {at}: {clip(place.message, MESSAGE, look)}"
    if found.fix is not None:
        hint = {"safe": "safe fix", "unsafe": "unsafe fix", "display-only": "suggestion, never applied"}
        yield f"   {sign} help: {clip(found.fix.title, MESSAGE, look)} ({hint[found.fix.applicability]})"


def frame(found: Located, look: Look) -> Iterator[Labelled]:
    """Labelled lines that show the finding: turns of the conversation, or raw JSON where there is none."""
    record = found.record
    if record is None or (found.sensitive and found.raw_span is None):
        return
    turn = _turn_of(record, found.pointer) if not _on_bytes(found) else None
    if turn is not None:
        yield from _conversation(record, found, turn, look)
    elif found.pointer is None and found.raw_span is None and record.layout.turns:
        yield from _opening(record, found, look)
    else:
        yield from _raw(record, found, look)
