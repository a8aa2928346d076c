"""Records found again by the places that a saved report names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from datalint.config import Settings
from datalint.lookup import RecordLookup, counted
from datalint.model import Ref
from datalint.plugins import Plugins
from datalint.readers import NOT_READ, Source, reader
from datalint.readers.opening import Unreadable, open_source
from datalint.scan import BLOCK_BYTES
from datalint.shapes import Detector
from datalint.views import Record

Places = Iterator[tuple[int, Ref]]  # number of each record (or line) and its place, ascending


class Recall:
    """The records of the files below the project's root. Places are asked for in order, so each file is read once."""

    def __init__(self, settings: Settings, loaded: Plugins) -> None:
        self._settings = settings
        self._loaded = loaded
        self._path = ""
        self._lookup: RecordLookup | None = None
        self._places: Places = iter(())
        self._by_index = False
        self._last = -1, Ref(0, 0, 0, 0, 0)

    def ref(self, path: str, line: int, index: int | None) -> Ref | None:
        """The place of a record, None where the file has no such one."""
        if path != self._path:
            self._open(path)
        wanted = index if self._by_index and index is not None else line
        if wanted < self._last[0]:  # told from the start again
            self._open(path)
        while self._last[0] < wanted:
            found = next(self._places, None)
            if found is None:
                return None
            self._last = found
        return self._last[1] if self._last[0] == wanted else None

    def at(self, ref: Ref) -> Record:
        """As ``Records.at``."""
        if self._lookup is None:
            raise KeyError(ref)
        return self._lookup.at(ref)

    def before(self, ref: Ref) -> int:
        """How many code points of its line stand before a record."""
        return self._lookup.before(ref) if self._lookup is not None else 0

    def bytes_before(self, ref: Ref) -> int:
        """The same in bytes."""
        return self._lookup.bytes_before(ref) if self._lookup is not None else 0

    def _open(self, path: str) -> None:
        settings, limit = self._settings, self._settings.max_record_bytes
        self._path, self._lookup, self._places, self._last = path, None, iter(()), (-1, Ref(0, 0, 0, 0, 0))
        real = settings.root / path
        if not Path(real).is_file():
            return
        try:
            source = open_source(0, str(real), path, limit=limit, guests=tuple(self._loaded.readers.values()))
        except Unreadable:
            return
        if source.facts.content in NOT_READ:
            return
        policy = settings.policy_for(real)
        detector = Detector(self._loaded.shapes, policy.format, policy.fields)
        self._lookup = RecordLookup([source], {}, [detector], limit)
        self._by_index = source.reader == "values"
        self._places = _places(source, limit, self._by_index)


def _places(source: Source, limit: int, by_index: bool) -> Places:
    for shard in counted(source, limit):
        for block in reader(source.reader).blocks(source, shard, BLOCK_BYTES, limit):
            for k, raw in enumerate(block.raws):
                line = block.lines[k] if block.lines is not None else block.line + k
                if k not in block.refused:
                    ref = Ref(source.number, block.offsets[k], len(raw), line, block.index + k)
                    yield ref.index if by_index else line, ref
