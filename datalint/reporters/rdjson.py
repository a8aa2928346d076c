"""Reviewdog's diagnostic format as one JSON object: comments and suggestions on pull requests, without a client of ours."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import document
from datalint.diagnostics import SOURCE, diagnostic
from datalint.pipelines import Paths
from datalint.report import Report

NAME = "rdjson"
SUMMARY = "reviewdog diagnostics: one JSON object (reviewdog -f=rdjson)"
MACHINE = True


def render(report: Report) -> Iterator[str]:
    """A diagnostic a line."""
    paths = Paths(report)
    yield document.dumps({"source": SOURCE})[:-1] + ',"diagnostics":['
    comma = "\n"
    for found in report:
        yield comma + document.dumps(diagnostic(report, found, paths(found.path)))
        comma = ",\n"
    yield "\n]}\n"
