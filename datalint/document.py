"""The report as JSON values, and their text: what machine formats and saved reports are made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson
import regex

from datalint import __version__
from datalint.exit_codes import spent
from datalint.model import Edit, Fix
from datalint.report import Located, Report

SCHEMA = "https://datalint.example/schema/{kind}-1.json"
# JSON may hold these as they are, but a terminal would obey them or show nothing.
_OBEYED = regex.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


def dumps(value: Any) -> str:
    """``value`` as JSON on one line, with nothing in it that moves a cursor or breaks a line."""
    try:
        text = orjson.dumps(value).decode()
    except TypeError:  # integers over 64 bits, lone surrogates
        return json.dumps(value, separators=(",", ":"))
    if text.isascii() and "\x7f" not in text:
        return text
    harmless: str = _OBEYED.sub(lambda m: json.dumps(m[0])[1:-1], text)
    return harmless


def header(kind: str) -> dict[str, Any]:
    """What a document is and who made it."""
    return {"schema": SCHEMA.format(kind=kind), "version": 1, "tool": {"name": "datalint", "version": __version__}}


def finding(found: Located) -> dict[str, Any]:
    """One finding."""
    record = {"index": found.record_index, "id": found.record_id} if found.line is not None else None
    reason = {"justification": found.why} if found.why else {}
    return {
        "code": found.code,
        "name": found.name,
        "severity": found.severity,
        "category": found.category,
        "message": found.message,
        "path": found.path or None,
        "line": found.line,
        "column": found.column,
        "end_line": found.end_line,
        "end_column": found.end_column,
        "pointer": found.pointer,
        "span": found.span,
        "bytes": found.raw_span if found.on_bytes else None,
        "record": record,
        "related": [
            {"path": r.path, "line": r.line, "pointer": r.pointer, "span": r.span, "message": r.message}
            for r in found.related
        ],
        "score": found.score,
        "fingerprint": found.fingerprint,
        "status": found.status,
        **reason,
        "sensitive": found.sensitive,
        "url": found.url or None,
        "fix": _fix(found.fix),
    }


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    made = {"title": fix.title, "applicability": fix.applicability, "edits": [_edit(e) for e in fix.edits]}
    return made | ({"whole_file": fix.whole_file} if fix.whole_file else {})


def _edit(edit: Edit) -> dict[str, Any]:
    made = {"op": edit.op, "pointer": edit.pointer, "span": edit.span}
    if edit.op in ("replace-text", "replace-bytes"):
        return made | {"text": edit.value}
    return made | ({"value": edit.value} if edit.op in ("set", "rename-key") else {})


def stats(report: Report) -> dict[str, Any]:
    """The counts. No times: equal data gives equal reports."""
    s = report.stats
    return {
        "files": s.files,
        "records": s.records,
        "lines": s.lines,
        "bytes": s.bytes,
        "records_with_findings": s.records_with_findings + report.outcome.findings.records_late_only(),
        "findings": s.findings.total(),
        "by_severity": {name: s.severities[name] for name in ("error", "warning", "info")},
        "by_rule": _sorted(s.findings),
        "records_by_rule": _sorted(s.by_rule_records),
        "fixable": _sorted(report.fixable),
        "fixed": _sorted(s.fixed),
        "suppressed": _sorted(s.suppressed),
        "shapes": _sorted(s.shapes),
    }


def footer(report: Report) -> dict[str, Any]:
    """The counts, what was not checked, and how the run ended."""
    return {
        "stats": stats(report),
        **_limits(report),
        "rules_run": list(report.outcome.rules_run),
        "not_checked": [n._asdict() for n in report.not_checked],
        "exit_code": report.exit_code,
        "status": {3: "incomplete", 130: "interrupted"}.get(report.exit_code, "completed"),
    }


def _limits(report: Report) -> dict[str, Any]:
    """The budgets and limits that were set, and whether they hold."""
    gates = [
        {"rules": one.gate.rules, "max_rate": one.gate.max_rate, "findings": one.findings, "rate": round(one.rate, 6),
         "holds": one.holds}
        for one in spent(report.outcome)
    ]  # fmt: skip
    made: dict[str, Any] = {"gates": gates} if gates else {}
    limit, found = report.settings.max_warnings, report.stats.severities["warning"]
    if limit is not None:
        made["max_warnings"] = {"limit": limit, "warnings": found, "holds": found <= limit}
    return made


def rules(report: Report) -> Iterator[dict[str, Any]]:
    """Counts of every rule that found something, the most frequent first."""
    s = report.stats
    for code, number in sorted(s.findings.items(), key=lambda item: (-item[1], item[0])):
        card = report.card(code)
        yield {
            "code": code,
            "name": card.name,
            "severity": report.outcome.severities.get(code, card.severity),
            "findings": number,
            "records": s.by_rule_records[code],
            "share": round(s.by_rule_records[code] / s.records, 6) if s.records else 0.0,
            "fix": report.applicability(code, card.fix) if card.fix else None,
        }


def _sorted(counts: dict[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts) if counts[name]}
