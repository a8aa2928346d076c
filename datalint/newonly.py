"""New findings only: those on records that an older revision does not have.

Not the lines that a diff shows decide, but the records: who shuffles, splits, renames or reformats files has no new ones.
Files that are as they were are not even read; of the others both sides are, and equal records pair off.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from datalint.config import COMMAND_LINE, Settings, placed
from datalint.contents import Side, compare, trim
from datalint.errors import UsageError
from datalint.identity import Identity
from datalint.model import Finding
from datalint.readers import NOT_READ, GuestReader, Source, is_data
from datalint.readers.opening import Unreadable, open_source
from datalint.revisions import Repository
from datalint.sifting import Ran
from datalint.sources import is_wanted
from datalint.terminal import count

_KEYS = ("new-from-rev", "new-from-merge-base")


def sieves(settings: Settings, opened: Sequence[Source], guests: Sequence[GuestReader]) -> Iterator[Old]:
    """What holds old findings back, if the settings want it. Raises UsageError where git cannot tell what is old."""
    name = _asked(settings)
    if not name:
        return
    with placed(settings, name):
        given: str = getattr(settings, name.replace("-", "_"))
        files = {source.number: str(settings.cwd / source.display) for source in opened if source.display != "-"}
        repository = Repository.around(_folder(files, settings))
        paths = {number: _path(repository, file, opened[number].display) for number, file in files.items()}
        commit = repository.merge_base(given) if name == _KEYS[1] else given
        tree = repository.tree(commit)
        known = repository.files(tree)
    streams = {paths[source.number] for source in opened if source.display == settings.stdin_filename}
    changed = repository.changed(tree) | streams
    same = frozenset(number for number, path in paths.items() if path in known and path not in changed)
    yield Old(
        Past(repository, given, {path: known[path] for path in sorted(changed & known.keys())}, settings, guests),
        [source for source in opened if source.number not in same],
        {source.number: paths.get(source.number, source.display) for source in opened},
    )


def _asked(settings: Settings) -> str:
    """The key that is set; the command line wins over the config."""
    given = [name for name in _KEYS if getattr(settings, name.replace("-", "_"))]
    if len(given) == 2:
        given = [name for name in given if settings.origins.get(name) == COMMAND_LINE]
    if len(given) == 2 or (not given and settings.new_from_rev):
        raise UsageError("--new-from-rev and --new-from-merge-base: one of them is enough")
    return given[0] if given else ""


def _folder(files: Mapping[int, str], settings: Settings) -> str:
    """Where to look for the repository: beside the first file."""
    return next((os.path.dirname(os.path.realpath(file)) for file in files.values()), str(settings.cwd))


def _path(repository: Repository, file: str, shown: str) -> str:
    path = repository.path(file)
    if path is None:
        raise UsageError(
            f"{shown} is outside the git repository {repository.top}", hint="check such files by themselves"
        )
    return path


@dataclass
class Past:
    """The data files of an older revision that the working tree does not have as they were."""

    repository: Repository
    revision: str
    blobs: Mapping[str, str]  # by path
    settings: Settings
    guests: Sequence[GuestReader] = ()
    notes: list[str] = field(default_factory=list)  # what cannot be read, and why

    def side(self, folder: str, named: frozenset[str]) -> Side:
        """Its records. ``folder``: where its files are put; ``named``: paths that are read whatever their names."""
        suffixes = [suffix for guest in self.guests for suffix in guest.SUFFIXES]
        sources: list[Source] = []
        names: list[str] = []
        for path, blob in self.blobs.items():
            if path in named or is_data(Path(path), suffixes):
                source = self._opened(path, blob, Path(folder, str(len(sources))), len(sources), suffixes, named)
                if source is not None:
                    sources.append(source)
                    names.append(path)
        return Side(sources, names, self.settings.max_record_bytes)

    def _opened(
        self, path: str, blob: str, folder: Path, number: int, suffixes: Sequence[str], named: frozenset[str]
    ) -> Source | None:
        folder.mkdir(exist_ok=True)
        file = folder / os.path.basename(path)
        self.repository.fetch(blob, file, f"{path} of {self.revision}")
        if path not in named and not is_wanted(file, suffixes):
            return None
        try:
            limit = self.settings.max_record_bytes
            source = open_source(number, str(file), path, limit=limit, guests=self.guests)
        except Unreadable as error:
            self.notes.append(f"{path} of {self.revision} {error.message}: its records count as new.")
            return None
        if why := NOT_READ.get(source.facts.content):
            self.notes.append(f"{path} of {self.revision} {why}: its records count as new.")
            return None
        return source


@dataclass
class Old:
    """Holds back findings on records that an older revision has: the finding's own record and all that are related to it.

    A finding on a file is old where none of the file's records is new, and it begins and ends as files did before; one
    that names records goes by these."""

    past: Past
    sources: Sequence[Source]  # that are not as they were
    names: Mapping[int, str]
    status: str = "old"
    codes: None = None
    _used: bool = False

    def catches(self, finding: Finding, identity: Identity) -> bool:
        """Whether nothing about it is new."""
        self._used = True
        refs = [*([finding.ref] if finding.ref is not None else []), *(other.ref for other in finding.related)]
        if refs:
            return not any(self._is_new(ref.key) for ref in refs)
        if finding.source is None:
            return not self._fresh
        return finding.source not in self._new_files

    def why(self, finding: Finding, identity: Identity) -> str:
        """Since when it is there, as far as known."""
        return f"{self.past.revision} has them"

    def finish(self, ran: Ran) -> Iterator[Finding | str]:
        """How many records are new."""
        if self._used:
            yield f"New since {self.past.revision}: {count(len(self._fresh), 'record')}."
            yield from self.past.notes

    def _is_new(self, key: int) -> bool:
        at = bisect_left(self._fresh, key)
        return at < len(self._fresh) and self._fresh[at] == key

    @property
    def _fresh(self) -> array[int]:
        return self._compared[0]

    @property
    def _new_files(self) -> frozenset[int]:
        return self._compared[1]

    @cached_property
    def _compared(self) -> tuple[array[int], frozenset[int]]:
        """The keys of the new records in order, and the sources on which findings are new."""
        import numpy as np

        with tempfile.TemporaryDirectory(prefix="datalint-", ignore_cleanup_errors=True) as folder:
            old = self.past.side(folder, frozenset(self.names.values()))
            new = Side(self.sources, [self.names[source.number] for source in self.sources], old.limit)
            trim(old, new)
            numbers = compare(old, new).new
        keys = np.sort(new.keys[numbers])
        touched = {int(number) for number in np.unique(keys >> 48)}
        filled = {int(number) for number in np.unique(new.keys >> 48)} | new.parts.keys()
        empty = {source.number for source in self.sources} - filled
        odd = {number for number, traits in new.traits.items() if not traits <= old.all_traits}
        return array("q", keys.tobytes()), frozenset(touched | empty | odd)
