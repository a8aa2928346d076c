"""GitHub Actions: annotations, the findings as text, and the summary of the job.

GitHub shows ten annotations of each level for a step and drops the others, so the first ones are of different rules and say
how many more there are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from datalint.errors import DatalintError
from datalint.markdown import body
from datalint.model import SEVERITIES, Severity
from datalint.pipelines import Paths, about, ranked
from datalint.report import Located, Report
from datalint.terminal import count, visible
from datalint.verdict import closing, line, message, more

NAME = "github"
SUMMARY = "annotations, text and the job's summary in GitHub Actions"
MACHINE = False

LEVEL: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
SHOWN = 10  # annotations of a level for a step
SUMMARY_BYTES = 900_000  # of 1 MiB for a step, beyond which the whole summary is dropped
LEAST = 2_000  # bytes below which a summary says nothing


def render(report: Report) -> Iterator[str]:
    """Annotations first, which GitHub takes out of the log, then what ``concise`` says. Appends to the job's summary."""
    if not report.settings.fix_only:
        yield from _annotations(report)
    for found in report.shown():
        yield _inert(line(report, found))
    if not report.settings.quiet:
        yield from map(_inert, closing(report))
    elif hidden := more(report):
        yield _inert(hidden + "\n")
    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        _summarise(report, Path(path))


def _annotations(report: Report) -> Iterator[str]:
    """The first findings of each level, one of each rule before a second one of any."""
    codes = ranked(report)
    found: dict[Severity, dict[str, list[Located]]] = {level: {code: [] for code in codes} for level in SEVERITIES}
    for one in report.first(dict.fromkeys(codes, SHOWN)):
        found[one.severity].setdefault(one.code, []).append(one)
    paths = Paths(report)
    for level in SEVERITIES:
        turns = (one for turn in zip_longest(*found[level].values()) for one in turn if one is not None)
        chosen = [one for _, one in zip(range(SHOWN), turns, strict=False)]
        shown = [one.code for one in chosen]
        for n, one in enumerate(chosen):
            last = one.code not in shown[n + 1 :]
            rest = report.stats.findings[one.code] - shown.count(one.code) if last else 0
            yield _command(report, one, paths(one.path) if one.path else "", rest)


def _command(report: Report, found: Located, path: str, rest: int) -> str:
    title = f"datalint {found.code} {found.name}" if found.code != found.name else f"datalint {found.name}"
    place = {"title": title, "file": visible(path, report.look)}
    if found.line is not None:
        place |= {"line": str(found.line), "endLine": str(found.end_line)}
        if found.line == found.end_line:  # columns of several lines are refused
            place |= {"col": str(found.column), "endColumn": str(found.end_column)}
    text = [message(found, report.look), about(found, report.look)]
    if rest:
        records = report.stats.by_rule_records[found.code]
        text.append(
            f"and {rest:,} more of this rule" + (f", in {count(records, 'record')} together" if records else "")
        )
    properties = ",".join(f"{name}={_property(value)}" for name, value in place.items() if value)
    return f"::{LEVEL[found.severity]} {properties}::{_data(chr(10).join(filter(None, text)))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _inert(text: str) -> str:
    """A line of text that the runner does not take for a command: neither ``::error`` at its start nor ``##[error]``."""
    text = text.replace("##[", "##\\[")
    return "." + text if text.lstrip().startswith("::") else text


def _summarise(report: Report, path: Path) -> None:
    """Append to what other tools of the step have written, and leave out what would make GitHub drop it all."""
    try:
        there = path.stat().st_size if path.exists() else 0
        room = SUMMARY_BYTES - there
        if room > LEAST:
            with path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as f:
                f.write(body(report, room // 3) + "\n")  # no character takes more than three bytes for a unit of UTF-16
    except OSError as error:
        raise DatalintError(f"cannot write the summary of the job: {error.strerror}", place=str(path)) from error
