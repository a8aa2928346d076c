"""One line a finding, for problem matchers, grep and logs."""

from __future__ import annotations

from collections.abc import Iterator

from datalint.report import Report
from datalint.verdict import closing, line, more

NAME = "concise"
SUMMARY = "one line a finding; the default where there is no terminal"
MACHINE = False


def render(report: Report) -> Iterator[str]:
    """``path:line:column: severity CODE [*] message [name]``."""
    for found in report.shown():
        yield line(report, found)
    if not report.settings.quiet:
        yield from closing(report)
    elif hidden := more(report):
        yield hidden + "\n"
