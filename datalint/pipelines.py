"""What the formats for pipelines share: paths as the repository has them, harmless one-line texts, findings by rank."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from datalint.card import Card
from datalint.model import SEVERITIES, Severity
from datalint.outcome import NotChecked
from datalint.report import Located, Report
from datalint.terminal import Look, clip, visible
from datalint.verdict import MESSAGE

PLAIN = Look()
WHOLE_SET = "whole data set: "
PRECISE = ((0.95, "very-high"), (0.9, "high"), (0.7, "medium"), (0.0, "low"))


def said(found: Located, width: int = MESSAGE, look: Look = PLAIN) -> str:
    """The message on one line, with nothing in it that hides or is obeyed."""
    return clip(found.message, width, look)


def stated(found: Located) -> str:
    """The same for formats that want a file for every finding: one on the whole data set says that it is."""
    return said(found) if found.path else WHOLE_SET + said(found)


def about(found: Located, look: Look = PLAIN) -> str:
    """``record t-0003 /messages/0/content``, as far as it is known."""
    record = f"record {clip(found.record_id, 80, look)}" if found.record_id is not None else ""
    return " ".join(part for part in (record, clip(found.pointer or "", MESSAGE // 2, look)) if part)


def unsaid(item: NotChecked) -> str:
    """One thing that was not checked, and why, on one line."""
    place = f"{item.path}:{item.line}" if item.path and item.line else item.path
    text = f"{item.what} {place}: {item.why}" if place else f"{item.what}: {item.why}"
    return clip(text, MESSAGE, PLAIN)


class Paths:
    """Paths as seen from the root of the repository, which is where pipelines look for them."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.root = _repository(Path(os.path.abspath(report.settings.root)))
        self._last = ("", "")  # findings come file by file

    def __call__(self, path: str) -> str:
        """``path`` of a finding as the repository has it; for findings on the data set, the first file."""
        if path != self._last[0] or not path:
            self._last = path, self._seen(path)
        return self._last[1]

    def _seen(self, path: str) -> str:
        if not path:
            return self._seen(self._first) if self._first else "."
        if path in ("-", self._report.settings.stdin_filename) or "\0" in path:
            return path
        here = Path(os.path.abspath(self._whole.get(path) or self._report.settings.root / path))
        if not here.is_relative_to(self.root):
            return here.as_posix()
        real = Path(os.path.realpath(here))
        return (real if real.is_relative_to(self.root) else here).relative_to(self.root).as_posix()

    @cached_property
    def folder(self) -> str:
        """The project's root as seen from there, "" if they are the same."""
        root = Path(os.path.abspath(self._report.settings.root)).relative_to(self.root).as_posix()
        return "" if root == "." else root

    @cached_property
    def _whole(self) -> Mapping[str, Path]:
        known = self._report.outcome.paths
        return {self._report.path(n): self._report.settings.cwd / path for n, path in enumerate(known)}

    @cached_property
    def _first(self) -> str:
        return next((path for path in self._whole if path), "")


def _repository(root: Path) -> Path:
    """The nearest folder around the project that git made its own, else the project's root."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)


def severity(report: Report, code: str) -> Severity:
    """The severity of a rule here."""
    return report.outcome.severities.get(code) or report.card(code).severity


def precision(card: Card) -> str:
    """How often a rule was right on real data, in one word; "" where nobody counted."""
    if card.judged is None or not card.judged.read:
        return ""
    share = card.judged.right / card.judged.read
    return next(word for least, word in PRECISE if share >= least)


def ranked(report: Report) -> list[str]:
    """The rules that found something: the gravest first, then the surest, then the most frequent."""
    sure = [word for _, word in PRECISE]

    def rank(code: str) -> tuple[int, int, int, str]:
        word = precision(report.card(code)) or "high"
        return SEVERITIES.index(severity(report, code)), sure.index(word), -report.stats.findings[code], code

    return sorted((code for code, n in report.stats.findings.items() if n), key=rank)


def shares(report: Report, most: int) -> dict[str, int]:
    """How many findings of each rule to tell where only so many can be told: errors before the rest, and rules of one
    severity alike."""
    left = most
    told: dict[str, int] = {}
    codes = ranked(report)
    for level in SEVERITIES:
        wanted = {code: report.stats.findings[code] for code in codes if severity(report, code) == level}
        while wanted and left:
            each = max(1, left // len(wanted))
            for code in list(wanted):
                taken = min(each, wanted[code], left)
                told[code] = told.get(code, 0) + taken
                left -= taken
                wanted[code] -= taken
                if not wanted[code]:
                    del wanted[code]
    return told


def harmless(text: str) -> str:
    """``text`` on one line, whole."""
    return visible(text, PLAIN)
