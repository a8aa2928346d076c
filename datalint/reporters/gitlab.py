"""GitLab Code Quality: a JSON array, an entry a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from datalint import document
from datalint.pipelines import Paths, about, stated
from datalint.report import Located, Report

NAME = "gitlab"
SUMMARY = "GitLab Code Quality (artifacts:reports:codequality)"
MACHINE = True

SEVERITY = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report) -> Iterator[str]:
    """One entry a line."""
    paths = Paths(report)
    times: Counter[int] = Counter()
    start = "[\n"
    for found in report:
        number = int(found.fingerprint, 16)
        times[number] += 1
        yield start + document.dumps(_entry(found, paths(found.path), times[number]))
        start = ",\n"
    yield "\n]\n" if times else "[]\n"


def _entry(found: Located, path: str, time: int) -> dict[str, Any]:
    """GitLab drops entries of one fingerprint but the first, so equal findings are numbered."""
    where = about(found)
    grave = found.severity == "error" and found.category == "safety"
    lines = {"begin": found.line or 1} | ({"end": found.end_line} if found.end_line is not None else {})
    return {
        "description": f"{found.code} {stated(found)}" + (f" ({where})" if where else ""),
        "check_name": found.name,
        "fingerprint": f"{found.fingerprint}-{time}",
        "severity": "critical" if grave else SEVERITY[found.severity],
        "location": {"path": path, "lines": lines},
    }
