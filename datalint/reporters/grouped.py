"""Findings under the name of their file, in columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice

from datalint.report import Located, Report
from datalint.terminal import visible
from datalint.verdict import closing, message, more, star

NAME = "grouped"
SUMMARY = "findings under their file, in columns"
MACHINE = False

CHUNK = 1000  # findings that are lined up together


def render(report: Report) -> Iterator[str]:
    """A heading a file, then a line a finding."""
    gap = ""
    for path, group in groupby(report.shown(), key=lambda found: found.path):
        yield f"{gap}{report.look.paint(visible(path, report.look) or 'data set', bold=True, underline=True)}:\n"
        gap = "\n"
        while chunk := list(islice(group, CHUNK)):
            yield from _lines(report, chunk)
    if not report.settings.quiet:
        yield from closing(report, gap=bool(gap))
    elif hidden := more(report):
        yield hidden + "\n"


def _lines(report: Report, chunk: list[Located]) -> Iterator[str]:
    places = [f"{f.line}:{f.column}" if f.line is not None else "-" for f in chunk]
    wide = max(map(len, places))
    coded = max(len(f.code) for f in chunk)
    spoken = max(len(f.severity) for f in chunk)
    for place, found in zip(places, chunk, strict=True):
        severity = report.look.severity(found.severity, f"{found.severity:<{spoken}}")
        said = star(report, found) + message(found, report.look)
        yield f"  {place:>{wide}}  {severity}  {found.code:<{coded}}  {said}\n"
