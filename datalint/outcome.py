"""What a run brings home: counts, findings packed in order, and all that was not checked. Reports are made from it."""

from __future__ import annotations

import marshal
import struct
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

from datalint.card import Card
from datalint.model import Applicability, Edit, Finding, Fix, Ref, Related, Severity, Span
from datalint.readers import Shard
from datalint.rule import Records

_HEAD = struct.Struct("<QQQQQQ")  # size of the counts, size of the findings, shift, source, start, stop
IN_MEMORY = 4 << 20  # bytes of packed findings kept before they go to a temporary file
_new = tuple.__new__


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


def order(finding: Finding) -> tuple[int, int, str, Span, str]:
    """Sort key: source, record, then place within the record, then code. Findings on a file come first in it, findings
    on the whole data set last of all."""
    ref = finding.ref
    source = ref.source if ref is not None else finding.source if finding.source is not None else 1 << 30
    offset = ref.offset if ref is not None else -1
    return (source, offset, finding.pointer or "", finding.span or finding.raw_span or (0, 0), finding.code)


class FindingStore:
    """Findings in sorted chunks, one a shard; spilled to an anonymous temporary file when they are many."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, prefix="datalint-")
        self._late: list[Finding] = []

    def add_chunk(self, shard: Shard, packed: bytes, by_rule: Mapping[str, int], shift: int = 0) -> None:
        """Append the findings of the next shard, packed by ``pack``; shards must come in order. ``shift``: lines of the
        source before the shard, where its lines are relative."""
        counts = marshal.dumps(dict(by_rule))
        self._file.seek(0, 2)
        self._file.write(_HEAD.pack(len(counts), len(packed), shift, shard.source, shard.start, shard.stop))
        self._file.write(counts)
        self._file.write(packed)

    def add_late(self, findings: Iterable[Finding]) -> None:
        """Add findings of dataset rules, which come last and lie anywhere."""
        self._late.extend(findings)

    def records_late_only(self) -> int:
        """How many records have findings of dataset rules and no others. Reads all findings, if there are any such."""
        late = Counter(f.ref.key for f in self._late if f.ref is not None)
        if late:
            late.subtract(f.ref.key for f in self if f.ref is not None and f.ref.key in late)
        return sum(others == 0 for others in late.values())

    def __iter__(self) -> Iterator[Finding]:
        """All findings in order."""
        return self.of(lambda counts: True)

    def of(self, wanted: Callable[[Mapping[str, int]], bool]) -> Iterator[Finding]:
        """Findings in order, leaving out shards whose counts by rule are not ``wanted``; asked shard by shard."""
        late = sorted(self._late, key=order)
        position = done = 0
        while True:
            self._file.seek(position)
            head = self._file.read(_HEAD.size)
            if not head:
                break
            counted, size, shift, source, _, stop = _HEAD.unpack(head)
            counts = marshal.loads(self._file.read(counted))
            here = done
            while done < len(late) and order(late[done])[:2] < (source, stop):
                done += 1
            for finding in late[here:done]:
                counts[finding.code] = counts.get(finding.code, 0) + 1
            position += _HEAD.size + counted + size
            if counts and wanted(counts):
                found = unpack(self._file.read(size), shift)
                yield from sorted([*found, *late[here:done]], key=order) if done > here else found
        yield from late[done:]


def pack(findings: list[Finding]) -> bytes:
    """Findings, sorted, as bytes: plain nested tuples, which are read back in a tenth of the time of pickled objects."""
    findings.sort(key=order)
    plain = [_plain(f) for f in findings]
    return marshal.dumps(plain) if plain else b""


def _plain(finding: Finding) -> tuple[Any, ...]:
    message, ref, pointer, span, fix, score, related, raw_span, severity, source, code = finding
    return (
        str(message),
        None if ref is None else tuple(map(int, ref)),
        pointer,
        None if span is None else (int(span[0]), int(span[1])),
        None if fix is None else (fix[0], fix[1], tuple([tuple(e) for e in fix[2]]), fix[3]),
        None if score is None else float(score),
        tuple([(tuple(r.ref), *r[1:]) for r in related]),
        None if raw_span is None else (int(raw_span[0]), int(raw_span[1])),
        severity,
        source,
        code,
    )


def unpack(packed: bytes, shift: int = 0) -> list[Finding]:
    """The inverse of ``pack``, ``shift`` lines further down."""
    return [_rich(plain, shift) for plain in marshal.loads(packed)] if packed else []


def _rich(plain: tuple[Any, ...], shift: int) -> Finding:
    message, ref, pointer, span, fix, score, related, raw_span, severity, source, code = plain
    if ref is not None:
        ref = _new(Ref, (ref[0], ref[1], ref[2], ref[3] + shift, ref[4] + shift))
    if fix is not None:
        fix = _new(Fix, (fix[0], fix[1], tuple([_new(Edit, e) for e in fix[2]]), fix[3]))
    if related:
        related = tuple([Related(_shifted(r[0], shift), *r[1:]) for r in related])
    return _new(Finding, (message, ref, pointer, span, fix, score, related, raw_span, severity, source, code))


def _shifted(place: tuple[int, ...], shift: int) -> Ref:
    """A related place as its rule saw it: in the record of the finding, hence in the same shard."""
    return Ref(place[0], place[1], place[2], place[3] + shift, place[4] + shift)


@dataclass(frozen=True)
class FixPolicy:
    """What the settings make of the fixes of rules, by code. ``fixable`` None: those of every rule."""

    fixable: frozenset[str] | None = None
    safe: frozenset[str] = frozenset()
    unsafe: frozenset[str] = frozenset()

    def applicability(self, code: str, declared: Applicability) -> Applicability:
        """How safe a fix counts as here; one that may not be applied is only shown."""
        if declared == "display-only" or (self.fixable is not None and code not in self.fixable):
            return "display-only"
        return "safe" if code in self.safe else "unsafe" if code in self.unsafe else declared


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
    traces: list[str] = field(default_factory=list)  # of rules that raised
    before: Callable[[Ref], int] = lambda ref: 0  # how many code points of its line stand before a record
    blanks: dict[int, list[int]] = field(default_factory=dict)  # blank lines by source, ascending: they hold no record
    id_fields: Mapping[int, str] = field(default_factory=dict)
    rules_run: tuple[str, ...] = ()
    hooks: Any = None  # the plugin manager's ``hook``, for plugins that speak at the end
    exit_code: int = 0
    fix_policy: FixPolicy = FixPolicy()
    fix_notes: list[str] = field(default_factory=list)
    fixed_files: tuple[str, ...] = ()
    deleted: int = 0  # records that went to the quarantine file
    diffs: list[str] = field(default_factory=list)

    def record_index(self, ref: Ref) -> int | None:
        """0-based number of a record in its source; None for a blank line, which holds none."""
        blanks = self.blanks.get(ref.source, ())
        before = bisect_left(blanks, ref.line)
        return None if before < len(blanks) and blanks[before] == ref.line else ref.index - before
