"""Findings as diagnostics of reviewdog, whose columns count bytes."""

from __future__ import annotations

from typing import Any

from datalint.pipelines import about, stated
from datalint.replacements import in_bytes, joined
from datalint.report import Located, Report

SOURCE = {"name": "datalint"}


def diagnostic(report: Report, found: Located, path: str) -> dict[str, Any]:
    """One finding; its fix is one suggestion, which is taken whole or not at all."""
    where = about(found)
    made: dict[str, Any] = {
        "message": stated(found) + (f" ({where})" if where else ""),
        "location": {"path": path} | _range(report, found),
        "severity": found.severity.upper(),
        "code": {"value": f"{found.code} {found.name}" if found.code != found.name else found.name},
    }
    if (fix := joined(found)) is not None:
        made["suggestions"] = [{"range": _placed(in_bytes(report, found, fix.span)), "text": fix.text}]
    return made


def _range(report: Report, found: Located) -> dict[str, Any]:
    """Without a column a range means whole lines, without a line the whole file."""
    if found.line is None:
        return {}
    if found.raw_span is None or found.record is None:
        return {
            "range": {"start": {"line": found.line}} | ({"end": {"line": found.end_line}} if found.end_line else {})
        }
    return {"range": _placed(in_bytes(report, found, found.raw_span))}


def _placed(place: tuple[int, int, int, int]) -> dict[str, Any]:
    line, column, last, end = place
    return {"start": {"line": line, "column": column}, "end": {"line": last, "column": end}}
