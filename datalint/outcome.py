"""What a run brings home: counts, findings packed in order, and all that was not checked. Reports are made from it."""

from __future__ import annotations

import marshal
import struct
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import merge
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from datalint.card import Card
from datalint.model import Applicability, Finding, Ref, Severity
from datalint.packing import Tally, order, pack, tally, unpack
from datalint.readers import Shard
from datalint.views import Record

if TYPE_CHECKING:
    from datalint.identity import Identity

NEW = "new"  # the status of findings that count
_HEAD = struct.Struct("<QQQQQQ")  # size of the counts, size of the findings, shift, source, start, stop
IN_MEMORY = 4 << 20  # bytes of packed findings kept before they go to a temporary file
RUN, RUN_BLOCK = 20_000, 500  # findings of dataset rules that are sorted at once, and packed together


class ReadAgain(Protocol):
    """Reads single records again."""

    def at(self, ref: Ref) -> Record:
        """The record at ``ref``. Raises KeyError when its source is gone, or is another than before."""


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
    levels: Counter[str] = field(default_factory=Counter)  # by rule and severity: "QLT101 warning"
    suppressed: Counter[str] = field(default_factory=Counter)  # by kind: "config", and what sieves call theirs
    shapes: Counter[str] = field(default_factory=Counter)
    seconds_by_rule: dict[str, float] = field(default_factory=dict)  # also "triggers"

    def add(self, more: Tally) -> None:
        """Count these findings too, but not the records they lie on."""
        self.findings.update(more.by_rule)
        self.levels.update(more.levels)
        self.fixable.update(more.fixable)
        for level, number in more.levels.items():
            self.severities[cast(Severity, level.rpartition(" ")[2])] += number


class FindingStore:
    """Findings in sorted chunks, one a shard; spilled to an anonymous temporary file when they are many."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, prefix="datalint-")
        self._late = _Late()

    def add_chunk(self, shard: Shard, packed: bytes, by_rule: Mapping[str, int], shift: int = 0) -> None:
        """Append the findings of the next shard, packed by ``pack``; shards must come in order. ``shift``: lines of the
        source before the shard, where its lines are relative."""
        counts = marshal.dumps(dict(by_rule))
        self._file.seek(0, 2)
        self._file.write(_HEAD.pack(len(counts), len(packed), shift, shard.source, shard.start, shard.stop))
        self._file.write(counts)
        self._file.write(packed)

    def add_late(self, findings: Sequence[Finding]) -> None:
        """Add findings of dataset rules, which come last and lie anywhere."""
        self._late.add(findings)

    def records_late_only(self) -> int:
        """How many records have findings of dataset rules and no others. Reads all findings, if there are any such."""
        late = {f.ref.key for f in self._late if f.ref is not None}
        if late:
            late.difference_update(f.ref.key for f in self._chunks() if f.ref is not None)
        return len(late)

    def __iter__(self) -> Iterator[Finding]:
        """All findings in order."""
        return self.of(lambda counts: True)

    def of(self, wanted: Callable[[Mapping[str, int]], bool]) -> Iterator[Finding]:
        """Findings in order, leaving out shards whose counts by rule are not ``wanted``; asked shard by shard."""
        late = iter(self._late)
        following = next(late, None)
        for place, counts, packed, shift in self._packed():
            here: list[Finding] = []
            while following is not None and order(following)[:2] < place:
                here.append(following)
                following = next(late, None)
            for finding in here:
                counts[finding.code] = counts.get(finding.code, 0) + 1
            if counts and wanted(counts):
                found = unpack(packed(), shift)
                yield from sorted([*found, *here], key=order) if here else found
        while following is not None:
            yield following
            following = next(late, None)

    def _chunks(self) -> Iterator[Finding]:
        for _, counts, packed, shift in self._packed():
            if counts:
                yield from unpack(packed(), shift)

    def _packed(self) -> Iterator[tuple[tuple[int, int], dict[str, int], Callable[[], bytes], int]]:
        """Where each chunk ends (source, byte), its counts by rule, how to read its findings, and its shift."""
        position = 0
        while True:
            self._file.seek(position)
            head = self._file.read(_HEAD.size)
            if not head:
                return
            counted, size, shift, source, _, stop = _HEAD.unpack(head)
            position += _HEAD.size + counted + size
            yield (source, stop), marshal.loads(self._file.read(counted)), partial(self._file.read, size), shift


class _Late:
    """Findings that come in no order: sorted runs, merged when they are asked for."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, prefix="datalint-")
        self._runs: list[list[tuple[int, int]]] = []  # place and size of each block of a run
        self._loose: list[Finding] = []

    def add(self, findings: Sequence[Finding]) -> None:
        self._loose.extend(findings)
        if len(self._loose) < RUN:
            return
        self._loose.sort(key=order)
        blocks: list[tuple[int, int]] = []
        for start in range(0, len(self._loose), RUN_BLOCK):
            position = self._file.seek(0, 2)
            blocks.append((position, self._file.write(pack(self._loose[start : start + RUN_BLOCK]))))
        self._runs.append(blocks)
        self._loose = []

    def __iter__(self) -> Iterator[Finding]:
        return merge(*map(self._run, self._runs), sorted(self._loose, key=order), key=order)

    def _run(self, blocks: list[tuple[int, int]]) -> Iterator[Finding]:
        for position, size in blocks:
            self._file.seek(position)
            yield from unpack(self._file.read(size))


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


@dataclass(frozen=True)
class Gate:
    """A budget: rules, as they were named and by code, that together may find so much for each record."""

    rules: tuple[str, ...]
    codes: frozenset[str]
    max_rate: float


@dataclass
class Outcome:
    """The whole truth of one run, before anybody renders it."""

    cards: Mapping[str, Card]  # every rule that could speak, by code
    severities: Mapping[str, Severity]  # effective severity by code
    paths: tuple[str, ...]  # display path of each source, by source number
    records: ReadAgain
    findings: FindingStore
    stats: Stats
    not_checked: list[NotChecked] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)  # of rules that raised
    trouble: list[str] = field(default_factory=list)  # what went wrong and changes nothing that is said of the data
    before: Callable[[Ref], int] = lambda ref: 0  # how many code points of its line stand before a record
    bytes_before: Callable[[Ref], int] = lambda ref: 0  # the same in bytes
    blanks: dict[int, list[int]] = field(default_factory=dict)  # blank lines by source, ascending: they hold no record
    id_fields: Mapping[int, str] = field(default_factory=dict)
    rules_run: tuple[str, ...] = ()
    rules_by_path: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of files, by display path
    hooks: Any = None  # the plugin manager's ``hook``, for plugins that speak at the end
    exit_code: int = 0
    fix_policy: FixPolicy = FixPolicy()
    fix_notes: list[str] = field(default_factory=list)
    fixed_files: tuple[str, ...] = ()
    deleted: int = 0  # records that went to the quarantine file
    diffs: list[str] = field(default_factory=list)
    aside: dict[str, FindingStore] = field(
        default_factory=dict
    )  # what sieves held back and reports may want, by status
    why_aside: Callable[[str, Finding, Identity], str] = lambda status, finding, identity: ""
    notes: list[str] = field(default_factory=list)  # closing lines
    gates: tuple[Gate, ...] = ()

    def add_late(self, late: Sequence[Finding], seen: set[int]) -> None:
        """Take in findings of one rule on all of the data; ``seen``: keys of the records it has spoken of."""
        self.findings.add_late(late)
        self.stats.add(tally(late, self.severities))
        for finding in late:
            if finding.ref is not None and finding.ref.key not in seen:
                seen.add(finding.ref.key)
                self.stats.by_rule_records[finding.code] += 1

    def record_index(self, ref: Ref) -> int | None:
        """0-based number of a record in its source; None for a blank line, which holds none."""
        blanks = self.blanks.get(ref.source, ())
        before = bisect_left(blanks, ref.line)
        return None if before < len(blanks) and blanks[before] == ref.line else ref.index - before
