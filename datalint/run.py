"""The whole run: files → sources → shards → scans → findings → outcome."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from datalint import given, rounds, sieves, sources
from datalint import plugins as plugin_loading
from datalint.basis import digests
from datalint.beside import Splits, open_files
from datalint.config import Policy, Settings
from datalint.errors import DatalintError, UsageError
from datalint.executors import BUILTIN, Executor, builtin
from datalint.exit_codes import failing
from datalint.lookup import Placed, RecordLookup
from datalint.model import Finding, Severity
from datalint.outcome import FindingStore, NotChecked, Outcome, Stats
from datalint.plugins import Plugins
from datalint.readers import NOT_READ, SHARD_BYTES, GuestReader, Shard, Source, reader
from datalint.readers.opening import Unreadable, changed, open_source, reason
from datalint.scan import CRASHED, LIMIT, TIMED_OUT, WAYS_OUT, Crash, Crew, Scan, Worker
from datalint.scan_cache import NOTHING, KeepingWorker, ScanCache, opened, reused
from datalint.shapes import Detector
from datalint.sifting import Sieve, Sifter
from datalint.soundness import all_sound
from datalint.suppress import Suppressor

CROWD = 4  # processes for each core, at most
LATE_AT_ONCE = 5_000  # findings of a dataset rule that are held as objects
PARALLEL_BYTES = 24 << 20  # below this, starting processes costs more than it saves
Progress = Callable[[int, int, int], None]  # bytes done, bytes in all, records


@dataclass
class Recipe:
    """Builds a worker in any process: what it holds is picklable, live rules are made where they work."""

    settings: Settings
    sources: Sequence[Source]
    policies: Sequence[Policy]
    policy_of: Sequence[int]
    checked: int  # so many of the sources; the others are only read where a rule asks for them
    loaded: Plugins | None = field(default=None, compare=False)
    made: list[Crew] | None = field(default=None, compare=False)
    cache: ScanCache = NOTHING

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"loaded": None, "made": None}

    def __call__(self) -> Worker:
        settings = self.settings
        return KeepingWorker(
            self.sources, self.crews(), self.policy_of,
            timeout=settings.rule_timeout, limit=settings.max_record_bytes, cache=self.cache,
        )  # fmt: skip

    def crews(self) -> list[Crew]:
        """The live rules of each policy."""
        loaded = self.loaded or plugin_loading.load(self.settings)
        detectors = [Detector(loaded.shapes, policy.format, policy.fields) for policy in self.policies]
        known = given.for_all(self.settings, self.sources, self.checked, [detectors[n] for n in self.policy_of], loaded)
        keepers: dict[tuple[str, Any], int] = {}
        crews = [
            _crew(n, policy, loaded, detectors[n], {**known, **given.for_files(policy, self.settings)}, keepers)
            for n, policy in enumerate(self.policies)
        ]
        shared = _severities(crews)
        for crew in crews:
            crew.odd = {code: level for code, level in crew.severities.items() if level != shared[code]}
        return crews


def check(settings: Settings, *, progress: Progress | None = None, after: Sequence[Sieve] = ()) -> Outcome:
    """Check everything ``settings`` name, and fix what they allow. Raises DatalintError for a user's slip.

    ``after``: sieves that are asked about what the others let through.
    """
    started = time.perf_counter()
    loaded = plugin_loading.load(settings)
    policy = rounds.fix_policy(settings, loaded.registry)

    def once() -> tuple[Outcome, Mapping[int, Source]]:
        return scan_paths(settings, loaded, progress, after)

    fixing = settings.fix or settings.fix_only or settings.diff
    outcome = rounds.fix(settings, loaded.registry, once) if fixing else once()[0]
    outcome.fix_policy = policy
    outcome.stats.seconds = time.perf_counter() - started
    return outcome


def scan_paths(
    settings: Settings, loaded: Plugins, progress: Progress | None = None, after: Sequence[Sieve] = ()
) -> tuple[Outcome, Mapping[int, Source]]:
    """One pass over all files, without fixing; the outcome and the sources by number."""
    guests = tuple(loaded.readers.values())
    found = sources.find(settings, [suffix for guest in guests for suffix in guest.SUFFIXES])
    opened, not_checked = open_all(found, settings, guests)
    recipe = _recipe(settings, opened, loaded)
    held_back = sieves.made(settings, loaded.registry, recipe.sources, guests)
    outcome, sifter = _scan(recipe, loaded, progress, [*held_back, *after])
    outcome.not_checked[:0] = [*(NotChecked("rules", note, note=True) for note in loaded.notes), *not_checked]
    outcome.hooks = loaded.manager.hook
    if sifter is not None:
        sieves.last_words(sifter, outcome, settings, [s.display for s in opened])
    return outcome, {s.number: s for s in opened}


def open_all(
    found: sources.Files, settings: Settings, guests: Sequence[GuestReader]
) -> tuple[list[Source], list[NotChecked]]:
    """All files that were found, open, and those that cannot be read."""
    opened: list[Source] = []
    skipped: list[NotChecked] = []
    for path in found.paths:
        display = settings.stdin_filename or "-" if path == "-" else Path(path).as_posix()
        try:
            real = path if path == "-" else settings.stand_ins.get(path, str(settings.cwd / path))
            source = open_source(
                len(opened), real, display, limit=settings.max_record_bytes, stdin_name=settings.stdin_filename,
                guests=guests,
            )  # fmt: skip
        except Unreadable as error:
            skipped.append(NotChecked("file", error.message, display))
            continue
        opened.append(source)
        if why := NOT_READ.get(source.facts.content):
            skipped.append(NotChecked("file", why, display))
    if found.ignored:
        skipped.append(NotChecked(_files(found.ignored), "git ignores them (--no-respect-gitignore)", note=True))
    if found.excluded:
        skipped.append(NotChecked(_files(found.excluded), "excluded", note=True))
    return opened, skipped


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _recipe(settings: Settings, opened: Sequence[Source], loaded: Plugins) -> Recipe:
    policies: dict[Policy, int] = {}
    others = open_files(settings, opened)
    policy_of = [policies.setdefault(settings.policy_for(Path(s.display)), len(policies)) for s in [*opened, *others]]
    return Recipe(settings, [*opened, *others], list(policies), policy_of, len(opened), loaded)


def _crew(
    number: int,
    policy: Policy,
    loaded: Plugins,
    detector: Detector,
    known: Mapping[str, Any],
    keepers: dict[tuple[str, Any], int],
) -> Crew:
    """The rules of one policy. ``keepers``: takes in who keeps the state of a rule with these options, so that a dataset
    rule sees the files of all policies that agree on it."""
    registry = loaded.registry
    selection = registry.select(policy)
    rules = registry.build(selection, known)
    severities = {rule.card.code: registry.severity_of(rule.card, policy) for rule in rules}
    wheres = [
        (where.where, frozenset(code for selector in where.ignore for code in registry.resolve(selector)))
        for where in policy.wheres
    ]
    keeper = {code: keepers.setdefault((code, selection.options[code]), number) for code in selection.codes}
    return Crew(number, detector, rules, severities, Suppressor(wheres) if wheres else None, keeper)


def _rules_by_path(recipe: Recipe, crews: Sequence[Crew]) -> dict[str, tuple[str, ...]]:
    codes = [tuple(sorted(rule.card.code for rule in crew.rules)) for crew in crews]
    return {s.display: codes[recipe.policy_of[s.number]] for s in recipe.sources[: recipe.checked]}


def _severities(crews: Sequence[Crew]) -> dict[str, Severity]:
    """By code: that of the last crew, where files differ."""
    made: dict[str, Severity] = {CRASHED: "error", TIMED_OUT: "error", LIMIT: "error"}
    for crew in crews:
        made |= crew.severities
    return made


def shards_of(recipe: Recipe, lost: dict[int, str]) -> Iterator[Shard]:
    """All shards; a source without records gives one that is empty, so that its facts are judged. ``lost``: takes in
    why a source could not be cut."""
    for source in recipe.sources[: recipe.checked]:
        empty = True
        if source.facts.content not in NOT_READ:
            try:
                chunks = recipe.cache.chunks(source)
                for shard in reader(source.reader).shards(source, SHARD_BYTES) if chunks is None else chunks:
                    empty = False
                    yield shard
            except OSError as error:
                lost[source.number] = reason(error)
        if empty:
            yield Shard(source.number, 0, 0, 1, 0, True)


def _scan(
    recipe: Recipe, loaded: Plugins, progress: Progress | None, chosen: Sequence[Sieve]
) -> tuple[Outcome, Sifter | None]:
    settings = recipe.settings
    crews = recipe.crews()
    placed = Placed()
    each = [crews[n] for n in recipe.policy_of]
    lookup = RecordLookup(recipe.sources, placed.shards, [c.detector for c in each], settings.max_record_bytes)
    outcome = Outcome(
        cards={card.code: card for card in loaded.registry.cards},
        severities=_severities(crews),
        paths=tuple(s.display for s in recipe.sources),
        records=lookup,
        before=lookup.before,
        bytes_before=lookup.bytes_before,
        findings=FindingStore(),
        stats=Stats(files=recipe.checked, bytes=sum(s.stamp.size for s in recipe.sources[: recipe.checked])),
        id_fields={s.number: recipe.policies[recipe.policy_of[s.number]].id_field for s in recipe.sources},
        rules_run=tuple(sorted({rule.card.code for crew in crews for rule in crew.rules})),
        gates=sieves.gates(settings, loaded.registry),
        rules_by_path=_rules_by_path(recipe, crews),
    )
    sifter = sieves.sifter(chosen, outcome, lookup.bare, settings) if chosen else None
    states: dict[tuple[int, str], Any] = {}
    live = {(crew.number, rule.card.code): rule for crew in crews for rule in crew.rules}
    done = 0
    lost: dict[int, str] = {}
    splits = Splits(settings.splits, recipe.sources, recipe.checked, (), settings)
    basis = digests(settings, loaded, splits, [recipe.policies[n] for n in recipe.policy_of], each)
    recipe.cache = opened(settings, recipe.sources[: recipe.checked], basis, outcome.trouble)
    shards, scanned = shards_of(recipe, lost), partial(execute, recipe, loaded)
    for result in reused(recipe.cache, each, shards, scanned, outcome.trouble):
        shift = placed.add(result)
        left = shift
        if sifter is not None and result.findings:
            left = sifter.sift_scan(result, shift, each[result.shard.source].severities)
        if result.findings:
            outcome.findings.add_chunk(result.shard, result.findings, result.tally.by_rule, left)
        absorb(result, shift, outcome, states, live)
        if result.lost:
            lost[result.shard.source] = result.lost
        done += result.shard.stop - result.shard.start
        if progress is not None:
            progress(done, outcome.stats.bytes, outcome.stats.records)
        if _enough(settings, outcome):
            outcome.not_checked.append(NotChecked(sieves.REST, "stopped early (--maxfail)", note=True))
            return outcome, sifter
    _finish(states, live, crews, recipe.policy_of, outcome, sifter)
    for source in recipe.sources:
        if why := lost.get(source.number) or ("" if source.spooled else changed(source)):
            outcome.not_checked.append(NotChecked("file", why, source.display))
    return outcome, sifter


def execute(recipe: Recipe, loaded: Plugins, shards: Iterator[Shard]) -> Iterator[Scan]:
    """What each shard says, in order."""
    settings = recipe.settings
    jobs = _cores() if settings.jobs == "auto" else int(settings.jobs)
    name = settings.executor
    if name == "auto":
        first, small = _peeked(shards)
        shards = chain(first, shards)
        name = "serial" if jobs <= 1 or small else "processes"
    shards_at_most = sum(s.stamp.size // SHARD_BYTES + 1 for s in recipe.sources)
    # A process without a shard, or without a core, is only a burden.
    jobs = max(1, min(jobs, shards_at_most, CROWD * _cores()))
    if name not in BUILTIN and name not in loaded.executors:
        known = ", ".join(sorted({*BUILTIN, *loaded.executors}))
        raise UsageError(f"no executor is called {name!r}", hint=f"known: {known}")
    executor: Executor = loaded.executors.get(name) or builtin(name)
    return executor.run(recipe, shards, jobs)


def _peeked(shards: Iterator[Shard]) -> tuple[list[Shard], bool]:
    """The first shards, and whether they are all and too small to be worth more than this process."""
    first, size = [], 0
    for shard in shards:
        first.append(shard)
        size += shard.stop - shard.start
        if size >= PARALLEL_BYTES:
            return first, False
    return first, size < PARALLEL_BYTES


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def absorb(
    scan: Scan, shift: int, outcome: Outcome, states: dict[tuple[int, str], Any], live: dict[tuple[int, str], Any]
) -> None:
    """Add what a shard says to what is known."""
    stats = outcome.stats
    if scan.blanks:
        outcome.blanks.setdefault(scan.shard.source, []).extend(line + shift for line in scan.blanks)
    for key, state in scan.states.items():
        with _named(key[1], outcome):
            states[key] = live[key].merge(states[key], state) if key in states else state
    stats.records += scan.counts["records"]
    stats.lines += scan.counts["lines"]
    stats.add(scan.tally)
    stats.by_rule_records.update(scan.tally.by_rule_records)
    stats.records_with_findings += scan.tally.records
    stats.suppressed["config"] += scan.counts["suppressed"]
    stats.shapes.update(scan.shapes)
    for code, seconds in scan.seconds.items():
        stats.seconds_by_rule[code] = stats.seconds_by_rule.get(code, 0.0) + seconds
    for crash in scan.crashes:
        _note(crash, shift, outcome)
    for line, why in scan.unread:
        outcome.not_checked.append(NotChecked("record", why, outcome.paths[scan.shard.source], line + shift))


def _enough(settings: Settings, outcome: Outcome) -> bool:
    """Whether --maxfail findings at the level that fails the run were seen."""
    if settings.maxfail is None:
        return False
    return failing(outcome.stats, outcome.gates, settings.fail_level) >= settings.maxfail


def _note(crash: Crash, shift: int, outcome: Outcome) -> None:
    """Remember which rule did not judge what, and why."""
    place = outcome.paths[crash.ref.source] if crash.ref is not None else ""
    line = crash.ref.line + shift if crash.ref is not None else None
    outcome.not_checked.append(NotChecked(f"rule {crash.rule}", crash.why, place, line))
    outcome.traces.append(crash.trace)


def _finish(
    states: dict[tuple[int, str], Any],
    live: dict[tuple[int, str], Any],
    crews: Sequence[Crew],
    crew_of: Sequence[int],
    outcome: Outcome,
    sifter: Sifter | None,
) -> None:
    """Let dataset rules speak. What they say of a file is treated as the crew of that file has it."""
    for key in sorted(states):
        seen: set[int] = set()  # records that the rule has found something on
        with _named(key[1], outcome):
            given = iter(live[key].finish(states.pop(key), outcome.records) or ())
            while some := all_sound([*islice(given, LATE_AT_ONCE)], key[1], len(outcome.paths)):
                loud: list[Finding] = []
                for finding in some:
                    source = finding.ref.source if finding.ref is not None else finding.source
                    crew = crews[crew_of[source] if source is not None else key[0]]
                    if _is_silent(finding, crew.suppressor, outcome):
                        outcome.stats.suppressed["config"] += 1
                    else:
                        loud += crew.graded([finding])
                outcome.add_late(loud if sifter is None else sifter.sift_late(loud), seen)


@contextmanager
def _named(code: str, outcome: Outcome) -> Iterator[None]:
    """Name the rule that raises within: it says less, all others say what they have to say (as in ``scan``)."""
    try:
        yield
    except DatalintError:
        raise
    # A rule may raise anything; it is named, and all others still finish.
    except (Exception, *WAYS_OUT) as error:
        crash = Crash.of(code, error)
        _note(crash, 0, outcome)
        outcome.add_late([crash.finding], set())


def _is_silent(finding: Finding, suppressor: Suppressor | None, outcome: Outcome) -> bool:
    if suppressor is None or finding.ref is None:
        return False
    return suppressor.silences(finding.code, outcome.records.at(finding.ref).data)
