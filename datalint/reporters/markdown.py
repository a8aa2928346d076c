"""Markdown for a comment on a pull request: counts by rule, the first findings of each, what was not checked."""

from __future__ import annotations

from collections.abc import Iterator

from datalint.markdown import body
from datalint.report import Report

NAME = "markdown"
SUMMARY = "Markdown for a comment on a pull request, below 65,536 characters"
MACHINE = True

MOST = 65_000  # characters


def render(report: Report) -> Iterator[str]:
    """The whole comment."""
    yield body(report, MOST)
