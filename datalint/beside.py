"""Splits, and the files of theirs that are read beside those that are checked."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import regex

from datalint import profile
from datalint.batch import Batch
from datalint.config import Settings
from datalint.config_keys import Table
from datalint.config_tables import SPLIT_KINDS
from datalint.errors import UsageError
from datalint.globs import fits
from datalint.loading import load_batch
from datalint.lookup import counted
from datalint.profile import Profile
from datalint.readers import Block, Source, reader
from datalint.readers.opening import Unreadable, open_source, reason
from datalint.scan import BLOCK_BYTES
from datalint.shapes import Detector, Shape

_NAMES = {
    "train": "train", "training": "train", "validation": "validation", "valid": "validation", "val": "validation",
    "dev": "validation", "test": "test", "testing": "test", "evaluation": "evaluation", "eval": "evaluation",
    "benchmark": "evaluation",
}  # fmt: skip
_PART = regex.compile(r"[^-_. ]+")


@dataclass(frozen=True)
class Split:
    """One part of the data. ``rank`` says what it is worth: what is tested on outranks what is trained on."""

    name: str
    kind: str

    @property
    def rank(self) -> int:
        """1 for train up to 4 for evaluation."""
        return SPLIT_KINDS.index(self.kind) + 1


def split_called(name: str) -> Split | None:
    """The split that goes by a common name, such as ``dev``."""
    kind = _NAMES.get(name.strip().lower())
    return Split(name, kind) if kind is not None else None


class Splits:
    """Which split each source belongs to: as declared, else as told by names such as ``x_train.jsonl``, ``x_test.jsonl``.

    Rules ask for it as ``splits``.
    """

    def __init__(
        self,
        declared: Sequence[Table] = (),
        sources: Sequence[Source] = (),
        checked: int = 0,
        detectors: Sequence[Detector] = (),
        settings: Settings | None = None,
    ) -> None:
        self._sources = sources
        self._checked = checked
        self._detectors = detectors
        self._limit = settings.max_record_bytes if settings is not None else 0
        base = settings.cwd if settings is not None else Path()
        root = settings.root if settings is not None else Path()
        self._of = _by_name(sources)
        for number, source in enumerate(sources):
            path = Path(os.path.abspath(base / source.display))
            for table in declared:
                if fits(path, table["files"], root):
                    self._of[number] = _split(table)

    def of(self, source: int) -> Split | None:
        """The split of a source, None if it is in none."""
        return self._of.get(source)

    def is_checked(self, source: int) -> bool:
        """Whether the source is one of those that are checked."""
        return source < self._checked

    def kinds(self) -> frozenset[str]:
        """The kinds of split that there are files for."""
        return frozenset(split.kind for split in self._of.values())

    def read(self, wanted: Callable[[int], bool]) -> Iterator[Batch]:
        """The records of all sources that are wanted, read here and now."""
        for source, detector in zip(self._sources, self._detectors, strict=True):
            if wanted(source.number):
                yield from read(source, detector, self._limit)


def _split(table: Mapping[str, str]) -> Split:
    called = split_called(table["name"])
    return Split(table["name"], table.get("kind") or (called.kind if called is not None else "evaluation"))


def _by_name(sources: Sequence[Source]) -> dict[int, Split]:
    """Files whose names differ in the name of a split only."""
    groups: dict[tuple[str, str], dict[int, Split]] = {}
    for number, source in enumerate(sources):
        path = Path(source.display)
        parts = _PART.findall(path.stem)
        called = [(n, split) for n, part in enumerate(parts) if (split := split_called(part)) is not None]
        if len(called) == 1:
            n, split = called[0]
            rest = "-".join(parts[:n] + parts[n + 1 :])
            groups.setdefault((str(path.parent), rest), {})[number] = split
    named = (group for group in groups.values() if len({split.kind for split in group.values()}) > 1)
    return {number: split for group in named for number, split in group.items()}


def read(source: Source, detector: Detector, limit: int) -> Iterator[Batch]:
    """All records of a source, block by block."""
    cut = reader(source.reader)
    for shard in counted(source, limit):
        for block in cut.blocks(source, shard, BLOCK_BYTES, limit):
            yield load_batch(source.number, source.display, block, detector, source.facts)


def open_files(settings: Settings, known: Sequence[Source]) -> list[Source]:
    """The files of declared splits that are not among those ``known``. Raises UsageError for a split without files."""
    there = {os.path.realpath(settings.cwd / source.path) for source in known}
    made: list[Source] = []
    for table in settings.splits:
        paths = [path for glob in table["files"] for path in matching(glob, settings.root)]
        if not paths:
            raise UsageError(f"the split {table['name']!r} has no file: {', '.join(table['files'])}")
        for path in paths:
            if os.path.realpath(path) not in there:
                there.add(os.path.realpath(path))
                made.append(open_file(path, settings, len(known) + len(made)))
    return made


def open_file(path: Path, settings: Settings, number: int = -1) -> Source:
    """A file that is read beside those that are checked. Raises UsageError if it cannot be read."""
    display = Path(os.path.relpath(path, settings.cwd)).as_posix()
    try:
        return open_source(number, str(path), display, limit=settings.max_record_bytes)
    except Unreadable as error:
        raise UsageError(f"{display} {error.message}") from error


def read_file(settings: Settings, shapes: Sequence[Shape], path: str) -> Iterator[Batch]:
    """The records of the file at ``path``, from the root of the project. Rules ask for it as ``read_beside(path)``."""
    policy = settings.policy_for(settings.root / path)
    source = open_file(settings.root / path, settings)
    yield from read(source, Detector(shapes, policy.format, policy.fields), settings.max_record_bytes)


def read_profile(settings: Settings, path: str) -> Profile:
    """The profile in the JSON file at ``path``, from the root of the project. Rules ask for it as ``read_profile(path)``."""
    try:
        return profile.read((settings.root / path).read_bytes(), path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {reason(error)}") from error


def matching(glob: str, root: Path) -> list[Path]:
    """The files that fit a glob of the config, in order."""
    literal = regex.match(r"(?:[^*?\[{]*/)?", glob)
    start = root / (literal.group() if literal is not None else "")
    if not any(c in glob for c in "*?[{"):
        return [start / glob.rpartition("/")[2]] if (start / glob.rpartition("/")[2]).is_file() else []
    found: list[Path] = []
    for folder, folders, names in os.walk(start):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += (path for path in (Path(folder, name) for name in names) if fits(path, (glob,), root))
    return sorted(found)


def on_line(source: Source, detector: Detector, limit: int, wanted: int) -> list[Batch]:
    """The records that start on a line of a source, each as a batch of its own; where none does, the one that goes on there.
    A line that holds no record is one all the same; none is past the end."""
    cut = reader(source.reader)
    found: list[Block] = []
    before: Block | None = None
    for shard in counted(source, limit):
        for block in cut.blocks(source, shard, BLOCK_BYTES, limit):
            for k in _near(block, wanted):
                line = block.lines[k] if block.lines is not None else block.line + k
                refused = {0: block.refused[k]} if k in block.refused else {}
                one = Block([block.raws[k]], [block.offsets[k]], line, block.index + k, [line], True, False, refused)
                if line == wanted:
                    found.append(one)
                elif line < wanted <= line + block.raws[k].count(b"\n"):
                    before = one
    picked = found or ([before] if before is not None else [])
    return [load_batch(source.number, source.display, one, detector, source.facts) for one in picked]


def _near(block: Block, wanted: int) -> Sequence[int]:
    """Which records of a block may be on a line."""
    if block.lines is not None:
        return range(bisect_right(block.lines, wanted))
    return [k] if 0 <= (k := wanted - block.line) < len(block.raws) else []
