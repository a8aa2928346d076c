"""Reviewdog's diagnostic format as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import document
from datalint.diagnostics import SOURCE, diagnostic
from datalint.pipelines import Paths
from datalint.report import Report

NAME = "rdjsonl"
SUMMARY = "reviewdog diagnostics: JSON lines (reviewdog -f=rdjsonl)"
MACHINE = True


def render(report: Report) -> Iterator[str]:
    """A diagnostic a line."""
    paths = Paths(report)
    for found in report:
        yield document.dumps(diagnostic(report, found, paths(found.path)) | {"source": SOURCE}) + "\n"
