"""Findings as somebody reads them: the conversation around each, with the place underlined."""

from __future__ import annotations

from collections.abc import Iterator

from datalint.frames import Frame, frame
from datalint.report import Located, Report
from datalint.terminal import Look, clip, pad, text_width, visible
from datalint.verdict import ID, MESSAGE, closing, message, more

NAME = "full"
SUMMARY = "the conversation around each finding; the default on a terminal"
MACHINE = False

SAFETY = {"safe": "safe fix", "unsafe": "unsafe fix", "display-only": "suggestion, never applied"}
MARGIN = 8  # columns left of a frame, at least


def render(report: Report) -> Iterator[str]:
    """A block a finding, then the closing lines."""
    gap = ""
    for found in report.shown():
        yield gap + "\n".join(block(found, report.look)) + "\n"
        gap = "\n"
    if not report.settings.quiet:
        yield from closing(report, gap=bool(gap))
    elif hidden := more(report):
        yield hidden + "\n"


def block(found: Located, look: Look) -> Iterator[str]:
    """The lines that show one finding."""
    code = look.paint(found.code, bold=True)
    yield f"{code} {message(found, look)}  {look.paint(f'[{found.name}]', dim=True)} {look.severity(found.severity)}"
    record = f"record {clip(found.record_id, ID, look)}" if found.record_id is not None else ""
    pointer = clip(found.pointer, MESSAGE // 2, look) if found.pointer else ""
    score = f"score {found.score:.2f}" if found.score is not None else ""
    where = "   ".join(part for part in (visible(found.where, look), record, pointer, score) if part)
    yield f"  {_blue('-->', look)} {where}"
    made = frame(found, look, look.width - MARGIN - len(str(found.line or "")))
    margin = max(2, len(made.number) + 1)
    yield from framed(made, margin, look)
    sign = " " * (margin + 1) + _blue("=", look)
    for place in found.related:
        yield f"{sign} note: {visible(place.path, look)}:{place.line}: {clip(place.message, MESSAGE, look)}"
    if found.fix is not None:
        yield f"{sign} help: {clip(found.fix.title, MESSAGE, look)} ({SAFETY[found.fix.applicability]})"


def framed(made: Frame, margin: int, look: Look) -> Iterator[str]:
    """The lines of a frame, with a bar to the left."""
    if not made.parts:
        return
    bar = _blue("|", look)
    blank = " " * margin
    wide = max(text_width(part.label) for part in made.parts)
    number = made.number
    yield f"{blank} {bar}"
    for part in made.parts:
        indent = " " * (wide - text_width(part.label))
        yield f"{_blue(number.rjust(margin), look)} {bar} {indent}{part.label}{part.text}".rstrip(" ")
        number = ""
        if part.mark_label:
            yield f"{blank} {bar} {indent}{_red('^' * max(1, text_width(part.label) - 2), look)}"
        if part.mark:
            yield f"{blank} {bar} {pad('', wide)}{_red(part.mark, look)}"


def _blue(text: str, look: Look) -> str:
    return look.paint(text, fg="blue", bold=True) if text.strip() else text


def _red(text: str, look: Look) -> str:
    return look.paint(text, fg="red", bold=True)
