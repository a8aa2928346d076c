"""What a run brings home: counts, findings packed in order, and all that was not checked. Reports are made from it."""

from __future__ import annotations

import pickle
import struct
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from typing import IO, Any, NamedTuple

from datalint.card import Card
from datalint.model import Finding, Ref, Severity, Span
from datalint.rule import Records

_HEAD = struct.Struct("<QQ")
IN_MEMORY = 4 << 20  # bytes of packed findings kept before they go to a temporary file


class NotChecked(NamedTuple):
    """Something that was asked for and not done. Changes the exit code to 3 unless it is a mere note."""

    what: str  # "1 file", "rule PII401", "record"
    why: str
    path: str = ""
    line: int | None = None
    note: bool = False


@dataclass
class Stats:
    """Counts of one run; ``findings`` by rule code."""

    files: int = 0
    records: int = 0
    lines: int = 0
    bytes: int = 0
    seconds: float = 0.0
    findings: Counter[str] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    records_with_findings: int = 0
    by_rule_records: Counter[str] = field(default_factory=Counter)
    fixable: Counter[str] = field(default_factory=Counter)  # by applicability
    fixed: Counter[str] = field(default_factory=Counter)  # by rule code
    suppressed: Counter[str] = field(default_factory=Counter)  # by kind: "config", later "baseline", "ignore-file"
    shapes: Counter[str] = field(default_factory=Counter)
    seconds_by_rule: dict[str, float] = field(default_factory=dict)  # also "triggers"


def order(finding: Finding) -> tuple[int, int, int, str, Span, str]:
    """Sort key: source, line, then place within the record, then code. Findings on a file come first in it,
    findings on the whole data set last of all."""
    ref = finding.ref
    source = ref.source if ref is not None else finding.source if finding.source is not None else 1 << 30
    line = ref.line if ref is not None else 0
    offset = ref.offset if ref is not None else 0
    return (source, line, offset, finding.pointer or "", finding.span or finding.raw_span or (0, 0), finding.code)


class FindingStore:
    """Findings in sorted chunks; spilled to an anonymous temporary file when they are many."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, prefix="datalint-")
        self._late: list[Finding] = []

    def add_chunk(self, packed: bytes, shift: int = 0) -> None:
        """Append the findings of the next shard, packed by ``pack``; shards must come in order. ``shift``: lines of the
        source before the shard, where its lines are relative."""
        self._file.seek(0, 2)
        self._file.write(_HEAD.pack(len(packed), shift))
        self._file.write(packed)

    def add_late(self, findings: Iterable[Finding]) -> None:
        """Add findings of dataset rules, which come last and lie anywhere."""
        self._late.extend(findings)

    def __iter__(self) -> Iterator[Finding]:
        """All findings in order."""
        return merge(self._chunks(), sorted(self._late, key=order), key=order)

    def _chunks(self) -> Iterator[Finding]:
        position = 0
        while True:
            self._file.seek(position)
            head = self._file.read(_HEAD.size)
            if not head:
                return
            size, shift = _HEAD.unpack(head)
            packed = self._file.read(size)
            position += _HEAD.size + size
            yield from (_shifted(f, shift) for f in unpack(packed)) if shift else unpack(packed)


def _shifted(finding: Finding, shift: int) -> Finding:
    ref = finding.ref
    if ref is None:
        return finding
    return finding._replace(ref=Ref(ref.source, ref.offset, ref.length, ref.line + shift, ref.index + shift))


def pack(findings: list[Finding]) -> bytes:
    """Findings, sorted, as bytes."""
    findings.sort(key=order)
    return pickle.dumps(findings, protocol=5) if findings else b""


def unpack(packed: bytes) -> list[Finding]:
    """The inverse of ``pack``."""
    made: list[Finding] = pickle.loads(packed) if packed else []
    return made


@dataclass
class Outcome:
    """The whole truth of one run, before anybody renders it."""

    cards: Mapping[str, Card]  # every rule that could speak, by code
    severities: Mapping[str, Severity]  # effective severity by code
    paths: tuple[str, ...]  # display path of each source, by source number
    records: Records
    findings: FindingStore
    stats: Stats
    not_checked: list[NotChecked] = field(default_factory=list)
    blanks: dict[int, list[int]] = field(default_factory=dict)  # blank lines by source, ascending: they hold no record
    id_fields: Mapping[int, str] = field(default_factory=dict)
    rules_run: tuple[str, ...] = ()
    hooks: Any = None  # the plugin manager's ``hook``, for plugins that speak at the end
    exit_code: int = 0
    fix_notes: list[str] = field(default_factory=list)
    fixed_files: tuple[str, ...] = ()
    deleted: int = 0  # records that went to the quarantine file
    diffs: list[str] = field(default_factory=list)

    def record_index(self, ref: Ref) -> int:
        """0-based number of a record in its source; blank lines hold none."""
        blanks = self.blanks.get(ref.source)
        return ref.index - bisect_left(blanks, ref.line) if blanks else ref.index
