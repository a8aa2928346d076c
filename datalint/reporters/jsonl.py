"""JSON lines: a header, one finding a line, a footer. The form for very many findings."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import document
from datalint.report import Report

NAME = "jsonl"
SUMMARY = "JSON lines: a header, a finding a line, a summary"
MACHINE = True


def render(report: Report) -> Iterator[str]:
    """Only lines of findings have a ``code``."""
    yield document.dumps(document.header("report")) + "\n"
    for found in report:
        yield document.dumps(document.finding(found)) + "\n"
    yield document.dumps(document.footer(report)) + "\n"
