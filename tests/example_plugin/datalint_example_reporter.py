"""The reporter of the example plugin: the number of findings and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NAME = "count"
SUMMARY = "The number of findings"
MACHINE = True


def render(report: Any) -> Iterator[str]:
    """One line."""
    yield f"{report.stats.findings.total()}\n"
