"""One JSON object, written piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import document
from datalint.report import Report

NAME = "json"
SUMMARY = "one JSON object with all findings"
MACHINE = True


def render(report: Report) -> Iterator[str]:
    """Header and counts first, then the findings, one a line."""
    head = document.dumps(document.header("report") | document.footer(report))
    yield head[:-1] + ',\n"findings":['
    comma = "\n"
    for found in report:
        yield comma + document.dumps(document.finding(found))
        comma = ",\n"
    yield "\n]}\n"
