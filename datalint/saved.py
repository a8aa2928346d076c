"""Saved reports: what ``--output-format json`` and ``jsonl`` wrote becomes a report again, to be told in any format.

Findings are read from the file each time they are told. Their records are shown where the data is still what it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from types import NoneType
from typing import Any, NoReturn, get_args

import orjson

from datalint import plugins
from datalint.card import Card
from datalint.config import Settings
from datalint.document import SCHEMA
from datalint.errors import UsageError
from datalint.masking import Masks
from datalint.model import CATEGORY_SEVERITY, SEVERITIES, Applicability, Edit, Finding, Fix, Ref, Severity
from datalint.outcome import NEW, FindingStore, NotChecked, Outcome, Stats
from datalint.plugins import Plugins
from datalint.recall import Recall
from datalint.report import Known, Located, Place, Report

Item = Mapping[str, Any]
MAKE = "`datalint check --output-format jsonl -o report.jsonl` makes one"


@dataclass(frozen=True)
class Saved:
    """A report in a file. ``items`` holds its findings where the file is not one of lines."""

    path: Path
    summary: Item
    items: tuple[Item, ...] | None = None

    def findings(self) -> Iterator[tuple[int, Item]]:
        """Line and content of each finding, in order."""
        if self.items is not None:
            yield from ((1, item) for item in self.items)
            return
        for number, value in _lines(self.path):
            if "code" in value:
                yield number, value


@dataclass
class SavedOutcome(Outcome):
    """The outcome of the run that a saved report is of."""

    saved: Saved | None = None
    recall: Recall | None = field(default=None, repr=False)


class SavedReport(Report):
    """A report whose findings were told before."""

    outcome: SavedOutcome

    def __iter__(self) -> Iterator[Located]:
        """All findings, in the order of the file."""
        return self._saved(None)

    def first(self, wanted: Mapping[str, int], aside: int | None = None) -> Iterator[Located]:
        """The first so many findings of each rule, those that were held back among them where they were saved."""
        return self._saved(Counter(wanted))

    @cached_property
    def exit_code(self) -> int:
        """The exit code that the run had."""
        return self.outcome.exit_code

    def _saved(self, left: Counter[str] | None) -> Iterator[Located]:
        saved = self.outcome.saved
        if saved is None or self.settings.fix_only:
            return
        for _, group in groupby(saved.findings(), key=lambda found: _home(found[1])):
            items = list(group)
            chosen = range(len(items)) if left is None else _chosen([item for _, item in items], left)
            if chosen:
                shown = self._recalled([_located(saved, number, item) for number, item in items])
                yield from (shown[n] for n in chosen)
            if left is not None and not any(left.values()):
                return

    def _recalled(self, located: list[Located]) -> list[Located]:
        """The findings of one record, with the record if it still says what they say of it."""
        one, recall = located[0], self.outcome.recall
        if recall is None or one.line is None or not one.path:
            return located
        if not self.redact and any(found.sensitive for found in located):
            return located  # their fixes were masked when they were saved
        ref = recall.ref(one.path, one.line, one.record_index)
        if ref is None:
            return located
        findings = [_finding(found, ref) for found in located]
        known = Known(self, findings)
        if any(known.fingerprint(f) != found.fingerprint for f, found in zip(findings, located, strict=True)):
            return located
        return [
            replace(found, ref=ref, record=known.record, masks=known.masks, raw_span=known.bytes_of(f))
            for f, found in zip(findings, located, strict=True)
        ]


def load(path: Path, settings: Settings) -> SavedOutcome:
    """The outcome that a saved report tells of. Raises UsageError for a file that is none, or not all of one."""
    saved = _read(path)
    loaded = plugins.load(settings)
    cards: dict[str, Card] = {}
    severities: dict[str, Severity] = {}
    paths: dict[str, None] = {}
    number = 0
    for line, item in saved.findings():
        found = _located(saved, line, item)
        number += 1
        paths[found.path] = None
        severities.setdefault(found.code, found.severity)
        if found.code not in cards:
            cards[found.code] = _card(found, loaded)
    stats = _stats(saved)
    if number != stats.findings.total():
        _refuse(path, f"is cut off or was changed: it holds {number:,} of {stats.findings.total():,} findings")
    recall = Recall(settings, loaded)
    summary = saved.summary
    return SavedOutcome(
        cards={card.code: card for card in loaded.registry.cards} | cards,
        severities={card.code: card.severity for card in loaded.registry.cards} | severities,
        paths=tuple(paths),
        records=recall,
        findings=FindingStore(),
        stats=stats,
        not_checked=[NotChecked(*(item[name] for name in NotChecked._fields)) for item in summary["not_checked"]],
        rules_run=tuple(summary.get("rules_run", ())),
        exit_code=summary["exit_code"],
        before=recall.before,
        bytes_before=recall.bytes_before,
        saved=saved,
        recall=recall,
    )


# ---- the file ----


def _refuse(path: Path, why: str, hint: str = "", line: int = 0) -> NoReturn:
    raise UsageError(f"{path} {why}", place=f"{path}:{line}" if line else "", hint=hint)


def _read(path: Path) -> Saved:
    """What the file says of the whole run."""
    try:
        with path.open("rb") as f:
            first, second = f.readline(), f.readline()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
    if not first.strip():
        _refuse(path, "is empty", MAKE)
    if second.startswith((b'"findings":[', b'{"code":', b'{"stats":')):
        return _of_lines(path)
    return _of_one_value(path)


def _of_lines(path: Path) -> Saved:
    summary: dict[str, Any] = {}
    for _, value in _lines(path):
        if "code" not in value:
            summary |= value
    _check(path, summary)
    if summary.pop("open", False) and not summary.pop("end", False):
        _refuse(path, "is cut off: its end is missing")
    return Saved(path, summary)


def _of_one_value(path: Path) -> Saved:
    """A report that somebody has formatted anew."""
    try:
        whole = orjson.loads(path.read_bytes())
    except (orjson.JSONDecodeError, OSError) as error:
        raise UsageError(f"{path} is no report of datalint, or is cut off", hint=MAKE) from error
    if not isinstance(whole, dict) or not isinstance(whole.get("findings", []), list):
        _refuse(path, "is no report of datalint", MAKE)
    _check(path, whole)
    return Saved(path, whole, tuple(whole.get("findings", ())))


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a report that stands line by line: JSON lines, or JSON as datalint writes it."""
    with path.open("rb") as f:
        for number, line in enumerate(f, 1):
            text = line.strip()
            if text == b'"findings":[':
                yield number, {"open": True}
                continue
            if text == b"]}":
                yield number, {"end": True}
                continue
            if text.endswith(b","):
                text = text[:-1] + (b"}" if number == 1 else b"")
            try:
                value = orjson.loads(text)
            except orjson.JSONDecodeError:
                value = None
            if not isinstance(value, dict):
                _refuse(path, "is cut off or was changed: this line is no part of a report", line=number)
            yield number, value


def _check(path: Path, summary: Item) -> None:
    schema = summary.get("schema")
    if "$schema" in summary or not isinstance(schema, str) or not schema.startswith(SCHEMA.partition("{")[0]):
        _refuse(path, "is no report of datalint", MAKE)
    if schema != SCHEMA.format(kind="report") or summary.get("version") != 1:
        kind = "holds counts only" if "statistics" in schema else "was made by another version of datalint"
        _refuse(path, kind, MAKE)
    missing = [name for name in ("stats", "not_checked", "exit_code") if name not in summary]
    if missing:
        _refuse(path, "is cut off: its summary is missing", "the run that wrote it did not come to its end")


# ---- from JSON to values ----


def _stats(saved: Saved) -> Stats:
    told = saved.summary["stats"]
    try:
        made = Stats()
        for name in ("files", "records", "lines", "bytes", "records_with_findings"):
            setattr(made, name, int(told[name]))
        made.findings.update(told["by_rule"])
        made.severities.update(told["by_severity"])
        made.by_rule_records.update(told["records_by_rule"])
        for name in ("fixable", "fixed", "suppressed", "shapes"):
            getattr(made, name).update(told[name])
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{saved.path} has counts that are none: {error}") from error
    return made


def _home(item: Item) -> tuple[Any, ...]:
    """What the findings of one record have in common."""
    record = item.get("record")
    return item.get("path"), item.get("line") and (record or {}).get("index", item["line"])


def _chosen(items: Sequence[Item], left: Counter[str]) -> list[int]:
    """Which findings of a record to tell, where only so many of each rule are: those that a run would take first."""

    def order(n: int) -> tuple[str, tuple[int, ...], str]:
        item = items[n]
        return item["pointer"] or "", tuple(item["span"] or item.get("bytes") or (0, 0)), item["code"]

    taken: list[int] = []
    for n in sorted(range(len(items)), key=order):
        if left[items[n]["code"]] > 0:
            left[items[n]["code"]] -= 1
            taken.append(n)
    return sorted(taken)


def _located(saved: Saved, number: int, item: Item) -> Located:
    try:
        return _made(item)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            f"{saved.path} holds a finding that is none: {error}", place=f"{saved.path}:{number}"
        ) from error


_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("code", "name", "category", "message", "fingerprint"), (str,)),
    **dict.fromkeys(("line", "column", "end_line", "end_column"), (int, NoneType)),
    **dict.fromkeys(("path", "pointer", "url"), (str, NoneType)),
    "score": (int, float, NoneType),
    "sensitive": (bool,),
}
_HELD = {"status", "justification"}  # strings that a finding may lack


def _check_kinds(item: Item) -> None:
    for name, kinds in _KINDS.items():
        if not isinstance(item[name], kinds) or (isinstance(item[name], bool) and bool not in kinds):
            raise TypeError(f"its {name} is {item[name]!r}")
    if (item["line"] is None) != (item["end_line"] is None) or (item["line"] is not None and item["line"] < 1):
        raise ValueError(f"its line is {item['line']!r}")
    if item["severity"] not in SEVERITIES:
        raise ValueError(f"its severity is {item['severity']!r}")
    record = item["record"] or {}
    if not isinstance(record.get("index"), (int, NoneType)) or not isinstance(record.get("id"), (str, NoneType)):
        raise TypeError(f"its record is {record!r}")
    for name in _HELD & item.keys():
        if not isinstance(item[name], str):
            raise TypeError(f"its {name} is {item[name]!r}")
    int(item["fingerprint"], 16)


def _made(item: Item) -> Located:
    _check_kinds(item)
    record = item["record"] or {}
    return Located(
        **{name: item[name] for name in ("code", "name", "category", "severity", "message", "line", "column", "end_line",
                                         "end_column", "pointer", "score", "fingerprint", "sensitive")},
        path=item["path"] or "",
        span=_pair(item["span"]),
        raw_span=_pair(item.get("bytes")),
        on_bytes=item.get("bytes") is not None,
        record_index=record.get("index"),
        record_id=record.get("id"),
        related=tuple(Place(r["path"], r["line"], r["pointer"], _pair(r["span"]), r["message"]) for r in item["related"]),
        url=item["url"] or "",
        fix=_fix(item["fix"]),
        ref=None,
        record=None,
        masks=Masks(),
        status=item.get("status", NEW),
        why=item.get("justification", ""),
    )  # fmt: skip


def _pair(value: Any) -> tuple[int, int] | None:
    return None if value is None else (int(value[0]), int(value[1]))


def _fix(item: Item | None) -> Fix | None:
    if item is None:
        return None
    edits = tuple(Edit(e["op"], e["pointer"], _pair(e["span"]), e.get("text", e.get("value"))) for e in item["edits"])
    if item["applicability"] not in get_args(Applicability) or not isinstance(item["title"], str):
        raise ValueError(f"its fix is {item['applicability']!r}")
    return Fix(item["title"], item["applicability"], edits, item.get("whole_file", ""))


def _finding(found: Located, ref: Ref) -> Finding:
    """The finding as its rule made it."""
    raw_span = found.raw_span if found.on_bytes else None
    return Finding(found.message, ref, found.pointer, found.span, raw_span=raw_span, code=found.code)


def _card(found: Located, loaded: Plugins) -> Card:
    """The card of the rule, made from the finding where the rule is not known here."""
    known = next((card for card in loaded.registry.cards if card.code == found.code), None)
    if known is not None and known.name == found.name:
        return replace(known, sensitive=known.sensitive or found.sensitive)
    category: Any = found.category if found.category in CATEGORY_SEVERITY else "correctness"
    return Card(
        found.code, found.name, found.name, "", category, "record", severity=found.severity,
        sensitive=found.sensitive, local=True,
    )  # fmt: skip
