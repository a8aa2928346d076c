"""What data a project has: its files, the formats and sizes of their records, a field that names records, globs that find them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from datalint import plugins, sources
from datalint.batch import UNREAD, Batch, Facts
from datalint.beside import Splits
from datalint.config import Settings
from datalint.config_keys import anchored
from datalint.errors import UsageError
from datalint.globs import literal
from datalint.loading import load_batch
from datalint.patterns import pattern
from datalint.plugins import Plugins
from datalint.readers import COMPRESSED, NOT_READ, Source, Stamp, reader
from datalint.readers.opening import Unreadable, open_source
from datalint.shapes import Detector

RECORDS = 2_000  # that are read of a file
FILES = 100  # that are looked into
READ_BYTES = 1 << 20  # of a file
PACKED_BYTES = 64 << 20  # a larger file that is compressed is not unpacked for a look
ENOUGH = 5  # records from which on a field that differs in each is an id
_ID = pattern(r"(?i:(?:.*[a-z0-9][_-])?(?:id|uuid|uid|guid|idx))|.*[a-z0-9](?:Id|ID|Uuid|UUID)")
_VALUE = pattern(r"\S{1,80}")


@dataclass(frozen=True)
class Counted:
    """One file. ``records``: how many there are, or about how many; ``shapes``: of those that were read; ``trouble``: why
    none was."""

    path: str
    size: int
    records: int = 0
    exact: bool = True
    shapes: Mapping[str, int] | None = None
    split: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class Inventory:
    """What there is. ``include``: globs that find just these files; ``id_field`` "" if no field differs in every record."""

    files: tuple[Counted, ...]
    include: tuple[str, ...]
    id_field: str = ""
    read: int = 0
    hidden: bool = False  # git ignores the data

    @property
    def shapes(self) -> Counter[str]:
        """The formats of all records that were read."""
        total: Counter[str] = Counter()
        for file in self.files:
            total.update(file.shapes or {})
        return total


def taken(settings: Settings) -> Inventory:
    """Look at the data that ``settings`` name, else at that below the current folder."""
    loaded = plugins.load(settings)
    suffixes = [suffix for guest in loaded.readers.values() for suffix in guest.SUFFIXES]
    found = sources.find(settings, suffixes)
    hidden = not found.paths and found.ignored > 0
    if hidden:
        found = sources.find(replace(settings, respect_gitignore=False), suffixes)
    ids = _Ids()
    files = tuple(_counted(n, path, settings, loaded, ids) for n, path in enumerate(found.paths))
    return Inventory(_with_splits(files), _globs(found.paths, settings, suffixes), ids.best, ids.records, hidden)


def _counted(number: int, path: str, settings: Settings, loaded: Plugins, ids: _Ids) -> Counted:
    size = os.path.getsize(settings.cwd / path)
    shown = Path(path).as_posix()
    if number >= FILES or (path.lower().endswith(COMPRESSED) and size > PACKED_BYTES):
        return Counted(shown, size, exact=False)
    try:
        source = open_source(0, str(settings.cwd / path), shown, limit=settings.max_record_bytes,
                             guests=tuple(loaded.readers.values()))  # fmt: skip
        batches = list(_start(source, Detector(loaded.shapes), settings.max_record_bytes))
    except (Unreadable, OSError) as error:
        return Counted(shown, size, trouble=str(getattr(error, "message", error)))
    if why := NOT_READ.get(source.facts.content):
        return Counted(shown, size, trouble=why)
    shapes: Counter[str] = Counter()
    seen = records = 0
    for batch in batches:
        picked = [k for k, layout in enumerate(batch.layouts) if layout is not UNREAD][: max(0, RECORDS - records)]
        shapes.update(batch.layouts[k].shape for k in picked)
        ids.add(batch.datas[k] for k in picked)
        records += len(picked)
        last = picked[-1] if records == RECORDS else len(batch) - 1
        seen = batch.offsets[last] + len(batch.raws[last]) if len(batch) else seen
    whole = source.stamp.size
    exact = not seen or (seen + 4 >= whole and records < RECORDS)  # brackets and line feeds may follow
    return Counted(shown, size, records if exact else _about(records * whole / seen), exact, shapes)


def _about(number: float) -> int:
    """A number to two digits."""
    step: int = 10 ** max(0, len(str(int(number))) - 2)
    return round(number / step) * step


def _start(source: Source, detector: Detector, limit: int) -> Iterator[Batch]:
    """The first records of a source."""
    if source.facts.content in NOT_READ:
        return
    cut = reader(source.reader)
    for shard in islice(cut.shards(source, READ_BYTES), 1):
        for block in islice(cut.blocks(source, shard, READ_BYTES, limit), 1):
            yield load_batch(source.number, source.display, block, detector, source.facts)


def _with_splits(files: tuple[Counted, ...]) -> tuple[Counted, ...]:
    """The files with the splits that their names tell."""
    named = [Source(n, f.path, f.path, "jsonl", Facts(), Stamp(0, 0, 0)) for n, f in enumerate(files)]
    splits = Splits((), named)
    return tuple(replace(f, split=s.kind) if (s := splits.of(n)) is not None else f for n, f in enumerate(files))


# ---- a field that names records ----


class _Ids:
    """Fields that look like ids: which of them every record has, each with a value of its own."""

    def __init__(self) -> None:
        self.records = 0
        self._values: dict[str, set[Any]] | None = None  # by key or pointer; None before the first record

    def add(self, datas: Iterator[Any]) -> None:
        """Take in more records."""
        for data in datas:
            here = dict(_candidates(data))
            if self._values is None:
                self._values = {name: set() for name in here}
            self.records += 1
            self._values = {n: v for n, v in self._values.items() if n in here and here[n] not in v}
            for name, values in self._values.items():
                values.add(here[name])

    @property
    def best(self) -> str:
        """The most likely one, "" if there is none."""
        if self.records < ENOUGH:
            return ""
        names = sorted(self._values or (), key=lambda name: (name.count("/"), name.lower() != "id", len(name), name))
        return names[0] if names else ""


def _candidates(data: Any) -> Iterator[tuple[str, Any]]:
    """The fields of a record, and of the objects right in it, that may be its id."""
    if not isinstance(data, dict):
        return
    for name, value in data.items():
        if _may_be_id(name, value):
            yield name if not name.startswith("/") else "/" + _escaped(name), value
        elif isinstance(value, dict):
            inner = ((n, v) for n, v in value.items() if _may_be_id(n, v))
            yield from ((f"/{_escaped(name)}/{_escaped(n)}", v) for n, v in inner)


def _may_be_id(name: str, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, str)) or not _ID.fullmatch(name):
        return False
    return isinstance(value, int) or _VALUE.fullmatch(value) is not None


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


# ---- globs ----


def _globs(paths: Sequence[str], settings: Settings, suffixes: Sequence[str]) -> tuple[str, ...]:
    """The widest globs that find these files and no others: folders with all below, folders, single files."""
    wanted = {os.path.normpath(path) for path in paths}
    inside = not any(path.startswith("..") or os.path.isabs(path) for path in wanted)
    for made in (_tops, _folders) if inside else ():
        globs = tuple(dict.fromkeys(made([Path(path) for path in sorted(wanted)])))
        if globs and _found(globs, settings, suffixes) == wanted:
            return globs
    return tuple(literal(Path(path).as_posix()) for path in paths)


def _tops(paths: Sequence[Path]) -> list[str]:
    """A glob for each folder at the top, with all below it; files that lie beside them by their suffix."""
    made: dict[str, str] = {}
    for path in paths:
        top, suffix = path.parts[0] if len(path.parts) > 1 else "", literal(suffix_of(path.name))
        glob = f"{literal(top)}/**/*{suffix}" if top else f"*{suffix}"
        key = top or suffix
        made[key] = glob if made.setdefault(key, glob) == glob else f"{literal(top)}/**"
    return [*made.values()]


def _folders(paths: Sequence[Path]) -> list[str]:
    """A glob for each folder and suffix; files at the top by their names."""
    return [f"{literal(path.parent.as_posix())}/*{literal(suffix_of(path.name))}" if len(path.parts) > 1 else literal(path.name)
            for path in paths]  # fmt: skip


def suffix_of(name: str) -> str:
    """``.jsonl``, ``.json.gz``: what tells that a file is data."""
    path = Path(name)
    return "".join(path.suffixes[-2:] if path.suffix.lower() in COMPRESSED else path.suffixes[-1:])


def _found(globs: tuple[str, ...], settings: Settings, suffixes: Sequence[str]) -> set[str]:
    try:
        found = sources.find(
            replace(settings, paths=(), include=tuple(anchored(g, settings.root) for g in globs)), suffixes
        )
    except UsageError:
        return set()
    return {os.path.normpath(path) for path in found.paths}
