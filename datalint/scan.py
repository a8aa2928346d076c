"""The work on one shard: every selected rule over every batch, into findings and states that merge.

``Worker`` holds the live rules of one process. ``scan`` is pure: the same shard always gives the same result, whoever
computes it and in whatever company.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, cast

from datalint.batch import UNREAD, Batch
from datalint.errors import DatalintError
from datalint.loading import Detector, load_batch
from datalint.model import Finding, Layout, Ref, Severity
from datalint.packing import Tally, nothing, pack, tally
from datalint.readers import Block, Shard, Source, reader
from datalint.readers.opening import reason
from datalint.rule import DatasetRule, LiveRule, RecordRule
from datalint.soundness import all_sound
from datalint.suppress import Suppressor
from datalint.triggers import TriggerSet

BLOCK_BYTES = 1 << 20
CRASHED, TIMED_OUT, LIMIT = "DLT901", "DLT902", "DLT903"
_CRASH_LIMIT = 20  # a rule that crashes so often in one shard is not called any more there
_LATE_LIMIT = 3  # nor is one that does not end in time
_PATIENCE = 20  # times its processor time a rule may take by the clock, for it may wait, and so may we


class RuleTimeout(BaseException):
    """A rule did not end in time. No ``except Exception`` of the rule's own may stop it."""


WAYS_OUT = (RuleTimeout, SystemExit)


class Crash(NamedTuple):
    """A rule that raised or did not end: which one, why, where."""

    code: str
    rule: str
    why: str
    ref: Ref | None
    trace: str = ""

    @classmethod
    def of(cls, rule: str, error: BaseException, ref: Ref | None = None) -> Crash:
        """What an error says of the rule that raised it."""
        import traceback

        late = isinstance(error, (RuleTimeout, TimeoutError))
        why = "did not end in time" if late else f"{type(error).__name__}: {error}"
        return cls(TIMED_OUT if late else CRASHED, rule, why, ref, "".join(traceback.format_exception(error)))

    @property
    def finding(self) -> Finding:
        """The crash on its record, if it has one."""
        verb = "timed out" if self.code == TIMED_OUT else "crashed"
        return Finding(f"rule {self.rule} {verb}{' here' if self.ref else ''}: {self.why}", self.ref, code=self.code)


@dataclass
class Scan:
    """What one shard says. ``states``: by policy number and rule code."""

    shard: Shard
    findings: bytes = b""
    states: dict[tuple[int, str], Any] = field(default_factory=dict)
    crashes: list[Crash] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)  # line, why
    lost: str = ""  # why the shard, or the rest of it, could not be read
    blanks: list[int] = field(default_factory=list)  # numbers of blank lines
    counts: Counter[str] = field(default_factory=Counter)  # records, lines, suppressed
    tally: Tally = field(default_factory=nothing)
    shapes: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    digest: bytes = b""  # under which it is kept
    unkept: str = ""  # why it could not be kept


@dataclass
class Crew:
    """The live rules of one policy, sorted by what they look at."""

    number: int
    detector: Detector
    rules: Sequence[LiveRule]
    severities: Mapping[str, Severity]
    suppressor: Suppressor | None = None
    keeper: Mapping[str, int] = field(
        default_factory=dict
    )  # number of the first crew that runs the rule just so, by code
    odd: Mapping[str, Severity] = field(default_factory=dict)  # severities by code that are others in other crews
    triggers: TriggerSet = field(init=False)
    gates: list[dict[Layout, bool]] = field(init=False)

    def __post_init__(self) -> None:
        wanted = {n: (r.card.triggers, r.card.roles) for n, r in enumerate(self.rules) if r.card.triggers}
        self.triggers = TriggerSet(wanted)
        self.gates = [{} for _ in self.rules]

    def graded(self, found: list[Finding]) -> list[Finding]:
        """The findings with the severity that only this crew's files give them."""
        if not self.odd:
            return found
        return [f._replace(severity=self.odd[f.code]) if not f.severity and f.code in self.odd else f for f in found]


class TextsOfRoles(Sequence[int]):
    """The numbers of a batch's texts that have one of some roles, looked up when somebody asks."""

    def __init__(self, batch: Batch, mask: int) -> None:
        self._batch = batch
        self._mask = mask

    @cached_property
    def _numbers(self) -> list[int]:
        import numpy as np

        numbers: list[int] = np.flatnonzero(self._batch.bits & self._mask).tolist()
        return numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, at: Any) -> Any:
        return self._numbers[at]


class Worker:
    """Scans shards with the crews of this process. ``crew_of``: policy number of each source."""

    def __init__(
        self, sources: Sequence[Source], crews: Sequence[Crew], crew_of: Sequence[int], *, timeout: float, limit: int
    ) -> None:
        self._sources = sources
        self._crews = crews
        self._crew_of = crew_of
        self._timeout = timeout
        self._limit = limit

    def scan(self, shard: Shard) -> Scan:
        """All batches of one shard."""
        source = self._sources[shard.source]
        crew = self._crews[self._crew_of[shard.source]]
        done = Scan(shard)
        found: list[Finding] = []
        with _bells():
            for block in self._blocks(source, shard, done):
                batch = load_batch(source.number, source.display, block, crew.detector, source.facts)
                found.extend(self._judge(crew, batch, done))
                found.extend(_too_long(batch, done))
                _count(batch, done)
                batch.release()
        done.tally = tally(found, crew.severities, set(done.blanks))
        done.findings = pack(found)
        return done

    def judge(self, batch: Batch) -> list[Finding]:
        """What the rules of the batch's source that look at records say of a batch that somebody else has read."""
        with _bells():
            return self._judge(self._crews[self._crew_of[batch.source]], batch, Scan(Shard(batch.source, 0, 0, 1, 0)))

    def _blocks(self, source: Source, shard: Shard, done: Scan) -> Iterator[Block]:
        if shard.stop <= shard.start:  # a source without records still has facts to judge
            yield Block([], [], 1, 0, None, True, True)
            return
        try:
            yield from reader(source.reader).blocks(source, shard, BLOCK_BYTES, self._limit)
        except OSError as error:
            done.lost = reason(error)

    def _judge(self, crew: Crew, batch: Batch, done: Scan) -> list[Finding]:
        found: list[Finding] = []
        clock = time.perf_counter
        start = clock()
        hits = crew.triggers.pick(batch)
        done.seconds["triggers"] = done.seconds.get("triggers", 0.0) + clock() - start
        for n, rule in enumerate(crew.rules):
            start = clock()
            if rule.card.unit == "dataset":
                found.extend(self._map(crew, cast(DatasetRule, rule), batch, self._texts(n, rule, batch, hits), done))
            else:
                found.extend(self._run(crew, n, cast(RecordRule, rule), batch, hits, done))
            done.seconds[rule.card.code] = done.seconds.get(rule.card.code, 0.0) + clock() - start
        found = crew.graded(found)
        if crew.suppressor is not None and found:
            kept = crew.suppressor.kept(found, batch)
            done.counts["suppressed"] += len(found) - len(kept)
            found = kept
        return found

    def _texts(self, n: int, rule: LiveRule, batch: Batch, hits: Mapping[int, Any]) -> Sequence[int]:
        """Numbers of the texts a rule looks at: those its triggers hit, or all of its roles."""
        if not rule.card.triggers:
            return TextsOfRoles(batch, rule.card.roles)
        picked = hits.get(n)
        texts: Sequence[int] = picked.tolist() if picked is not None else ()
        return texts

    def _views(
        self, crew: Crew, n: int, rule: RecordRule, batch: Batch, hits: Mapping[int, Any]
    ) -> Iterable[tuple[int, Callable[[int], Any]]]:
        unit = rule.card.unit
        if unit == "message":
            return ((i, batch.message) for i in self._texts(n, rule, batch, hits))
        if unit == "line":
            return ((k, batch.line_view) for k in _lines(rule, batch))
        texts = self._texts(n, rule, batch, hits) if rule.card.triggers else None
        picked = _picked(rule.gate, crew.gates[n], batch, texts)
        if unit == "record":
            return ((k, batch.record) for k in picked if batch.layouts[k] is not UNREAD)
        return ((k, batch.record) for k in picked if batch.layouts[k].conversations)

    def _run(
        self, crew: Crew, n: int, rule: RecordRule, batch: Batch, hits: Mapping[int, Any], done: Scan
    ) -> list[Finding]:
        code = rule.card.code
        if rule.card.unit == "batch":
            return self._halved(code, batch, done, lambda part: self._sound(code, rule.check(part)))
        found: list[Finding] = []
        whole = rule.card.unit == "conversation"
        views = iter(self._views(crew, n, rule, batch, hits))
        while not _gave_up(code, done):
            number, before = -1, 0
            try:
                with _deadline(self._seconds(batch)):
                    for number, view in views:
                        before = len(found)
                        for one in view(number).conversations if whole else (view(number),):
                            found.extend(rule.check(one))
                        if len(found) > before:
                            found[before:] = self._sound(code, found[before:])
                return found
            # A rule may raise anything; it is named on the record, and all others are still judged.
            except (Exception, *WAYS_OUT) as error:
                if number < 0 or isinstance(error, DatalintError):
                    raise
                k = number if rule.card.unit != "message" else int(batch.owners[number])
                said = _blamed(code, error, batch.ref(k), done)
                found[before:] = [said] if before == 0 or found[before - 1] != said else []  # once a record will do
        return found

    def _seconds(self, batch: Batch) -> float:
        """How long a rule may take for a batch: more where a line is long."""
        size = batch.offsets[-1] + len(batch.raws[-1]) - batch.offsets[0] if len(batch) else 0
        return self._timeout * max(1.0, size / BLOCK_BYTES) + 0.001 * len(batch)

    def _sound(self, code: str, given: Iterable[Any]) -> list[Finding]:
        return all_sound([*given], code, len(self._sources))

    def _map(self, crew: Crew, rule: DatasetRule, batch: Batch, picked: Sequence[int], done: Scan) -> list[Finding]:
        key = (crew.keeper.get(rule.card.code, crew.number), rule.card.code)

        def work(part: Batch) -> list[Finding]:
            own = picked if part is batch else self._texts_of(rule, part)
            state = rule.map(part, own)
            done.states[key] = rule.merge(done.states[key], state) if key in done.states else state
            return []

        return self._halved(rule.card.code, batch, done, work)

    def _texts_of(self, rule: LiveRule, batch: Batch) -> Sequence[int]:
        single = TriggerSet({0: (rule.card.triggers, rule.card.roles)})
        return self._texts(0, rule, batch, single.pick(batch))

    def _halved(self, code: str, batch: Batch, done: Scan, work: Callable[[Batch], list[Finding]]) -> list[Finding]:
        """Run ``work``; when it raises, halve the batch until the guilty record stands alone."""
        if _gave_up(code, done):
            return []
        try:
            with _deadline(self._seconds(batch)):
                return work(batch)
        # The same broad except as above, for rules that see a whole batch.
        except (Exception, *WAYS_OUT) as error:
            if isinstance(error, DatalintError):
                raise
            if len(batch) <= 1:
                return [_blamed(code, error, batch.ref(0) if len(batch) else None, done)]
        middle = len(batch) // 2
        first = self._halved(code, batch.slice(0, middle), done, work)
        return first + self._halved(code, batch.slice(middle, len(batch)), done, work)


def _lines(rule: RecordRule, batch: Batch) -> Iterable[int]:
    wanted = rule.card.lines
    if wanted == "refused":
        return batch.refusals
    if wanted == "blank":
        return batch.blanks
    if wanted == "read":
        return (k for k, layout in enumerate(batch.layouts) if layout is not UNREAD)
    return range(len(batch))


def _picked(gate: Any, known: dict[Layout, bool], batch: Batch, texts: Sequence[int] | None) -> Sequence[int]:
    """Lines whose layout passes the gate, asked once a layout, or of which the triggers hit a text; all without either."""
    hit: list[int] = batch.owners[texts].tolist() if texts else []
    if gate is None:
        return range(len(batch)) if texts is None else sorted(set(hit))
    some = False
    for layout in batch.distinct:
        if layout not in known:
            if len(known) > 50_000:
                known.clear()
            known[layout] = gate(layout)
        some |= known[layout]
    gated = [k for k, layout in enumerate(batch.layouts) if known[layout]] if some else []
    return sorted({*gated, *hit}) if hit else gated


def _too_long(batch: Batch, done: Scan) -> Iterator[Finding]:
    """Lines that were never parsed because they pass the limit."""
    for k, refusal in batch.refusals.items():
        if refusal.kind == "limit":
            ref = batch.ref(k)
            done.unread.append((ref.line, refusal.message))
            yield Finding(refusal.message, ref, raw_span=(0, 0), code=LIMIT)


def _count(batch: Batch, done: Scan) -> None:
    done.counts["lines"] += len(batch)
    done.counts["records"] += len(batch) - len(batch.blanks)
    done.blanks.extend(batch.ref(k).line for k in batch.blanks)
    for layout, count in Counter(batch.layouts).items():
        if layout is not UNREAD:
            done.shapes[layout.shape] += count


def _blamed(code: str, error: BaseException, ref: Ref | None, done: Scan) -> Finding:
    """Put an error down to its rule."""
    crash = Crash.of(code, error, ref)
    done.crashes.append(crash)
    if _gave_up(code, done):
        done.crashes[-1] = crash._replace(why=f"{crash.why}, and so often that it was left out from there on")
    return crash.finding


def _gave_up(code: str, done: Scan) -> bool:
    """Whether a rule failed so often in this shard that it is not called any more."""
    kinds = [crash.code for crash in done.crashes if crash.rule == code]
    return len(kinds) >= _CRASH_LIMIT or kinds.count(TIMED_OUT) >= _LATE_LIMIT


def _ring(number: int, frame: Any) -> None:
    raise RuleTimeout


@contextmanager
def _bells() -> Iterator[None]:
    """Let the timers of ``_deadline`` ring within the block."""
    if not _has_timers():
        yield
        return
    numbers = (signal.SIGVTALRM, signal.SIGALRM)
    before = [signal.signal(number, _ring) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Raise RuleTimeout in the block after ``seconds`` of processor time, where the platform has interval timers.
    Patterns have a timeout of their own; this is for loops in Python. The clock alone would blame rules for a busy
    machine, so it counts only for a rule that does nothing but wait."""
    if not _has_timers():
        yield
        return
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * _PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _has_timers() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
