"""Two versions of a data set, compared record by record and finding by finding."""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

from datalint import plugins, run, sources
from datalint.axes import tally
from datalint.batch import Facts
from datalint.config import Settings
from datalint.config_keys import Table
from datalint.contents import Side, compare
from datalint.errors import UsageError
from datalint.identity import Identity, relative
from datalint.loading import load_batch
from datalint.model import Finding
from datalint.nearest import Loose, changed_fields, pairs
from datalint.outcome import Outcome
from datalint.profile import Profile
from datalint.readers import Block, is_data
from datalint.readers.opening import Unreadable, open_source
from datalint.report import Report
from datalint.revisions import Repository
from datalint.shapes import Detector
from datalint.sifting import Ran

AXES = ("language", "topic", "task", "format", "turns", "instruction-length", "answer-length")
AT_ONCE = 1000  # records that are looked at together
PLACES = 8  # of equal findings that are kept
SHARES = (50, 95, 99)  # of the records, for lengths


@dataclass(frozen=True)
class Version:
    """The files of one side. ``paths``: as they are shown; ``files``: what is read, by path; ``names``: what they are called
    on both sides, by path."""

    called: str
    paths: tuple[str, ...]
    files: Table
    names: Table


class Change(NamedTuple):
    """A record before and after, and the pointers whose values differ."""

    old: Loose
    new: Loose
    fields: tuple[str, ...]


class RuleChange(NamedTuple):
    """Findings of one rule; ``place``: of the first that is new."""

    code: str
    name: str
    old: int
    new: int
    introduced: int
    fixed: int
    place: str


@dataclass
class Census:
    """Holds nothing back, and counts findings by what they are called; ``places``: of some with each name, also the last."""

    status: str = "counted"
    codes: None = None
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def catches(self, finding: Finding, identity: Identity) -> bool:
        """Never."""
        name = identity.fingerprint(finding) if finding.ref is not None else ""
        key = finding.code, name
        self.found[key] += 1
        place = f"{identity.path}:{finding.ref.line}" if finding.ref is not None else identity.path
        known = self.places.setdefault(key, [])
        known[PLACES - 1 :] = [place]
        return False

    def why(self, finding: Finding, identity: Identity) -> str:
        """Nothing."""
        return ""

    def finish(self, ran: Ran) -> Iterable[Finding | str]:
        """Nothing."""
        return ()


@dataclass(frozen=True)
class Seen:
    """What was found out about one version."""

    version: Version
    outcome: Outcome
    census: Census
    side: Side
    report: Report

    @property
    def records(self) -> int:
        """How many there are."""
        return self.outcome.stats.records

    def place(self, one: Loose) -> str:
        """Where a record is, as reports have it."""
        return f"{relative(one.path, self.report.settings)}:{one.line}"

    @cached_property
    def lengths(self) -> dict[int, int]:
        """So many bytes are not exceeded by so many of 100 records."""
        import numpy as np

        sizes = self.side.sizes[self.side.sizes > 0]
        return {share: int(np.percentile(sizes, share)) if len(sizes) else 0 for share in SHARES}


@dataclass(frozen=True)
class Comparison:
    """Two versions, and what is not the same."""

    old: Seen
    new: Seen
    added: tuple[Loose, ...]
    removed: tuple[Loose, ...]
    changed: tuple[Change, ...]
    rewritten: int
    id_field: str
    gone: Profile  # of the records that are no longer there, or not as they were
    came: Profile  # of those that are new or changed

    def shifts(self) -> Iterator[tuple[str, str, int, int]]:
        """Axis, value, and how many records with it went and came: first those that differ most."""
        made = [
            (axis, value, self.gone.count(axis, [value]), self.came.count(axis, [value]))
            for axis in AXES
            for value in sorted({*self.gone.axes.get(axis, ()), *self.came.axes.get(axis, ())})
        ]
        yield from sorted((one for one in made if one[2] != one[3]), key=lambda one: -abs(one[3] - one[2]))

    @property
    def same(self) -> int:
        """How many records are as they were, wherever they lie now."""
        return self.new.records - len(self.added) - len(self.changed)

    def rules(self) -> Iterator[RuleChange]:
        """What came and went, by rule: first those with most that is new."""
        before, after = self.old.census, self.new.census
        came, went = after.found - before.found, before.found - after.found
        sums = [_by_code(counts) for counts in (before.found, after.found, came, went)]
        fresh = {self.new.place(one) for one in (*self.added, *(change.new for change in self.changed))}
        places: dict[str, str] = {}
        for key in came:
            known = after.places[key]
            places.setdefault(key[0], next((place for place in known if place in fresh), known[-1]))
        for code in sorted({*sums[2], *sums[3]}, key=lambda code: (-sums[2][code], -sums[3][code], code)):
            old, new, introduced, fixed = (counts[code] for counts in sums)
            name = self.new.report.card(code).name
            yield RuleChange(code, name, old, new, introduced, fixed, places.get(code, ""))

    def fields(self) -> Counter[str]:
        """In how many records a value changed, by pointer with ``*`` for positions."""
        return Counter(name for change in self.changed for name in {_starred(f) for f in change.fields})


def _by_code(counts: Counter[tuple[str, str]]) -> Counter[str]:
    made: Counter[str] = Counter()
    for (code, _), number in counts.items():
        made[code] += number
    return made


def _starred(pointer: str) -> str:
    return "/".join("*" if token.isdecimal() else token for token in pointer.split("/"))


# ---- from what the user named to the files ----


def version(text: str, settings: Settings, folder: Path) -> Version:
    """What PATH or REV:PATH means. ``folder``: where files of a revision are put. Raises UsageError."""
    if os.path.lexists(settings.cwd / text):
        return _here(text, settings)
    revision, colon, path = text.partition(":")
    if not colon:
        raise UsageError(f"{text} does not exist", hint="a path, or REV:PATH for a file or folder as git has it")
    return _there(text, revision, path, settings, folder)


def here(text: str, settings: Settings) -> str:
    """The path in the working tree for REV:PATH. Raises UsageError for any other text."""
    revision, colon, path = text.partition(":")
    if not colon or not revision or os.path.lexists(settings.cwd / text):
        raise UsageError("name two versions, OLD and NEW", hint="NEW may be left out where OLD is REV:PATH")
    top = Repository.around(str(settings.cwd)).top
    return os.path.relpath(os.path.join(top, _from_top(path, top, settings)), os.path.realpath(settings.cwd))


def _here(text: str, settings: Settings) -> Version:
    found = sources.find(replace(settings, paths=(text,))).paths
    whole = (settings.cwd / text).is_dir()
    names = {path: os.path.relpath(settings.cwd / path, settings.cwd / text) if whole else "" for path in found}
    return Version(text, tuple(found), Table(), Table(names))


def _there(text: str, revision: str, path: str, settings: Settings, folder: Path) -> Version:
    repository = Repository.around(str(settings.cwd))
    known = repository.files(repository.tree(revision))
    wanted = _from_top(path, repository.top, settings)
    below = [p for p in known if wanted in ("", ".") or p.startswith(f"{wanted}/")]
    chosen = [wanted] if wanted in known else [p for p in below if is_data(Path(p))]
    files: dict[str, str] = {}
    names: dict[str, str] = {}
    for number, one in enumerate(chosen):
        file = folder / str(number) / os.path.basename(one)
        file.parent.mkdir(parents=True, exist_ok=True)
        repository.fetch(known[one], file, f"{one} of {revision}")
        if one == wanted or sources.is_wanted(file):
            shown = os.path.relpath(os.path.join(repository.top, one), os.path.realpath(settings.cwd))
            if one == wanted or not sources.is_excluded(shown, settings):
                files[shown] = str(file)
                names[shown] = posixpath.relpath(one, wanted or ".") if one != wanted else ""
    if not files:
        near = _from_top(f"./{path}", repository.top, settings)
        hint = (
            f"did you mean {revision}:./{path}?"
            if near in known or any(p.startswith(f"{near}/") for p in known)
            else ""
        )
        raise UsageError(f"{revision} has no data at {path or 'its top'}", hint=hint)
    return Version(text, tuple(files), Table(files), Table(names))


def _from_top(path: str, top: str, settings: Settings) -> str:
    """A path as git reads it: from the top, or with ``./`` from the current folder."""
    if path.startswith(("./", "../")) or path in (".", ".."):
        path = posixpath.join(os.path.relpath(os.path.realpath(settings.cwd), top).replace(os.sep, "/"), path)
    made = posixpath.normpath(path) if path else ""
    return "" if made == "." else made


# ---- comparing ----


def compared(old: Version, new: Version, settings: Settings) -> Comparison:
    """Check both versions and compare them."""
    seen = [_seen(one, settings) for one in (old, new)]
    left = compare(seen[0].side, seen[1].side)
    loose = [
        [Loose(picked, n) for n, picked in enumerate(one.side.picked(numbers)) if picked.raw.strip()]
        for one, numbers in zip(seen, (left.old, left.new), strict=True)
    ]
    id_field = settings.policy_for(Path(new.paths[0])).id_field
    found, told_by = pairs(loose[0], loose[1], id_field)
    taken = {id(one) for pair in found for one in pair}
    removed, added = (tuple(one for one in side if id(one) not in taken) for side in loose)
    changed = tuple(Change(a, b, tuple(changed_fields(a, b))) for a, b in found)
    gone, came = (_profile(side, settings) for side in loose)
    return Comparison(seen[0], seen[1], added, removed, changed, left.rewritten, told_by, gone, came)


def _profile(loose: Sequence[Loose], settings: Settings) -> Profile:
    """What some records are like."""
    shapes = plugins.load(settings).shapes
    made = Profile()
    for path, group in groupby(loose, key=lambda one: one.path):
        policy = settings.policy_for(Path(path))
        detector = Detector(shapes, policy.format, policy.fields)
        while raws := [one.raw for one in islice(group, AT_ONCE)]:
            block = Block(raws, range(len(raws)), 1, 0, None, True, False)
            made += tally(load_batch(0, path, block, detector, Facts()), AXES)
    return made


def _seen(one: Version, settings: Settings) -> Seen:
    census = Census()
    wanted = replace(
        settings, paths=one.paths, stand_ins=one.files, no_baseline=True, new_from_rev="", new_from_merge_base="",
        fix=False, fix_only=False, diff=False, respect_gitignore=False, force_exclude=False,
    )  # fmt: skip
    outcome = run.check(wanted, after=[census])
    return Seen(one, outcome, census, _side(one, wanted), Report(outcome, wanted))


def _side(one: Version, settings: Settings) -> Side:
    opened = []
    for number, path in enumerate(one.paths):
        real = one.files.get(path, str(settings.cwd / path))
        try:
            opened.append(open_source(number, real, path, limit=settings.max_record_bytes))
        except Unreadable:
            continue  # the check has told it
    return Side(opened, [one.names[source.display] for source in opened], settings.max_record_bytes)


def incomplete(seen: Sequence[Seen]) -> bool:
    """Whether something was not checked."""
    return any(not n.note for one in seen for n in one.outcome.not_checked)
