"""Counts by rule instead of findings, as text or, with ``--output-format json``, as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import document
from datalint.report import Report
from datalint.verdict import closing, share

NAME = "statistics"
SUMMARY = "counts by rule instead of findings"
MACHINE = False

MARK = {"safe": "[*]", "unsafe": "[-]"}


def render(report: Report) -> Iterator[str]:
    """A line a rule, the most frequent first."""
    if report.settings.output_format in ("json", "jsonl"):
        made = document.header("statistics") | {"rules": list(document.rules(report))} | document.footer(report)
        yield document.dumps(made) + "\n"
        return
    yield from _table(report)
    if not report.settings.quiet:
        yield from closing(report, shown=False)


def _table(report: Report) -> Iterator[str]:
    look = report.look
    rows = list(document.rules(report))
    if not rows:
        return
    number = max(len(f"{row['findings']:,}") for row in rows)
    code = max(len(row["code"]) for row in rows)
    name = max(len(row["name"]) for row in rows)
    for row in rows:
        mark = MARK.get(row["fix"], "[ ]")
        part = share(row["records"], report.stats.records)
        said = (
            f"{part} of records" if part else "whole file" if report.card(row["code"]).scope == "file" else "data set"
        )
        coded = look.paint(f"{row['code']:<{code}}", fg="yellow" if row["severity"] != "error" else "red", bold=True)
        yield f"{row['findings']:>{number},}  {coded}  {mark} {row['name']:<{name}}  {said:>19}\n"
    if any(row["fix"] in MARK for row in rows):
        yield look.paint("[*] has safe fixes, [-] has unsafe fixes\n", dim=True)
