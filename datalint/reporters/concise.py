"""One line a finding, for problem matchers, grep and logs."""

from __future__ import annotations

from collections.abc import Iterator

from datalint.report import Located, Report
from datalint.terminal import visible
from datalint.verdict import closing, message, more, star

NAME = "concise"
SUMMARY = "one line a finding; the default where there is no terminal"
MACHINE = False


def render(report: Report) -> Iterator[str]:
    """``path:line:column: severity CODE [*] message [name]``."""
    for found in report.shown():
        yield _line(report, found)
    if not report.settings.quiet:
        yield from closing(report)
    elif hidden := more(report):
        yield hidden + "\n"


def _line(report: Report, found: Located) -> str:
    look = report.look
    path = look.paint(visible(found.path, look) or "data set", bold=True)
    place = f"{path}:{found.line or 1}:{found.column or 1}" if found.path else path
    severity = look.severity(found.severity)
    code = look.paint(found.code, bold=True)
    name = look.paint(f"[{found.name}]", dim=True)
    return f"{place}: {severity} {code} {star(report, found)}{message(found, look)} {name}\n"
