"""Scans of chunks, kept from run to run: what did not change is not scanned again.

An entry is a file named by the digest of a chunk, in a folder named by the digest of all else that its scan depends on
(``basis``). It is written at once or not at all, and read only if it is whole; so runs need not wait for each other, and
may be killed at any time.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import cast

from datalint import cache_folder
from datalint.config import Settings
from datalint.kept_states import packed, unpacked
from datalint.packing import moved
from datalint.readers import NOT_READ, Block, Shard, Source
from datalint.readers.chunks import DIGEST, SIZES, chunks
from datalint.readers.opening import reason
from datalint.rule import DatasetRule
from datalint.scan import Crew, Scan, Worker

LEAST = 1 << 20  # bytes of a source that is worth it
MOST = 4 << 30  # bytes of all entries together
_SHARE = 2  # bytes of data that make one byte of entries, at the least
_PLAIN = ("unread", "blanks", "counts", "tally", "shapes")
_UNKEPT = "what is found is not kept for the next run: {}: {}"


@dataclass(frozen=True)
class ScanCache:
    """Where the scans of each source are kept, by its number. Sources that are not in it are scanned as always."""

    folder: Path
    folders: Mapping[int, Path]

    def chunks(self, source: Source) -> Iterator[Shard] | None:
        """The source in chunks; with digests, if there is anything to be found under them. None: its scans are not kept."""
        folder = self.folders.get(source.number)
        return chunks(source, SIZES, told=folder.is_dir()) if folder is not None else None

    def load(self, shard: Shard, crew: Crew) -> tuple[Scan, frozenset[str]] | None:
        """What is kept of a shard, and the codes of rules that must see its records again. None: nothing."""
        if not shard.digest:
            return None
        path = self._path(shard, shard.digest)
        body = cache_folder.read(path)
        if body is None:
            return None
        try:
            source, start, findings, plain, states = pickle.loads(body)
        except (pickle.PickleError, AttributeError, ImportError, IndexError, TypeError, ValueError):
            return None
        place = shard.source << 48 | shard.start
        made, missing = unpacked(states, _dataset_rules(crew), source << 48 | start, place)
        if (shard.source, shard.start) != (source, start):
            findings = moved(findings, shard.source, shard.start - start)
        scan = Scan(shard, findings, **dict(zip(_PLAIN, plain, strict=True)))
        scan.states = {(crew.keeper.get(code, crew.number), code): state for code, state in made.items()}
        return scan, missing

    def store(self, scan: Scan, crew: Crew) -> None:
        """Keep a scan under the digest of what was read. Raises OSError."""
        place = scan.shard.source << 48 | scan.shard.start
        states = packed({code: state for (_, code), state in scan.states.items()}, _dataset_rules(crew), place)
        plain = [getattr(scan, name) for name in _PLAIN]
        path = self._path(scan.shard, scan.digest)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        cache_folder.write(path, pickle.dumps((scan.shard.source, scan.shard.start, scan.findings, plain, states), 5))

    def _path(self, shard: Shard, digest: bytes) -> Path:
        return self.folders[shard.source] / f"{digest.hex()}{'z' if shard.last else ''}"


def _dataset_rules(crew: Crew) -> dict[str, DatasetRule]:
    return {rule.card.code: cast(DatasetRule, rule) for rule in crew.rules if rule.card.unit == "dataset"}


NOTHING = ScanCache(Path(), {})


def opened(
    settings: Settings, sources: Sequence[Source], basis: Callable[[Source], bytes], notes: list[str]
) -> ScanCache:
    """The cache that ``settings`` ask for. ``notes``: takes in why it cannot be used.

    A run that may stop early keeps nothing: how much of the data it judges depends on how that is cut.
    """
    worth = [s for s in sources if s.reader == "jsonl" and s.facts.content not in NOT_READ]
    if not settings.cache or settings.maxfail is not None or sum(s.stamp.size for s in worth) < LEAST:
        return NOTHING
    folder = (settings.cache_dir or cache_folder.root()) / cache_folder.SCANS
    try:
        cache_folder.make(folder)
    except OSError as error:
        notes.append(_UNKEPT.format(folder, reason(error)))
        return NOTHING
    return ScanCache(folder, {s.number: folder / basis(s).hex() for s in worth})


def reused(
    cache: ScanCache,
    crews: Sequence[Crew],
    shards: Iterator[Shard],
    scanned: Callable[[Iterator[Shard]], Iterator[Scan]],
    notes: list[str],
) -> Iterator[Scan]:
    """The scan of each shard in order: what is kept, and what ``scanned`` makes of the others. ``crews``: that of each
    source; ``notes``: takes in why a scan was not kept."""
    looked = _looked(cache, crews, shards)
    missing: list[Shard] = []
    for shard, found in looked:
        if found is None:
            missing.append(shard)
            break
        yield found
    if not missing:
        return
    waiting: deque[Scan | None] = deque([None])  # None: is being scanned
    stored = False

    def others() -> Iterator[Shard]:
        yield from missing
        for shard, found in looked:
            waiting.append(found)
            if found is None:
                yield shard

    for scan in scanned(others()):
        while (found := waiting.popleft()) is not None:
            yield found
        stored |= bool(scan.digest)
        if scan.unkept and not notes:
            notes.append(_UNKEPT.format(cache.folder, scan.unkept))
        yield scan
    for found in waiting:
        if found is not None:
            yield found
    if stored:
        cache_folder.tidy(cache.folder, MOST)


def _looked(cache: ScanCache, crews: Sequence[Crew], shards: Iterator[Shard]) -> Iterator[tuple[Shard, Scan | None]]:
    """Each shard with what is kept of it. Beyond what there is room for nothing is kept."""
    room = MOST * _SHARE
    for shard in shards:
        room -= shard.stop - shard.start
        if shard.digest is not None and room < 0:
            shard = replace(shard, digest=None)
        found = cache.load(shard, crews[shard.source])
        yield shard, found[0] if found is not None and not found[1] else None


class KeepingWorker(Worker):
    """A worker that keeps its scans, and of what is kept makes only what is missing."""

    def __init__(
        self,
        sources: Sequence[Source],
        crews: Sequence[Crew],
        crew_of: Sequence[int],
        *,
        timeout: float,
        limit: int,
        cache: ScanCache,
    ) -> None:
        super().__init__(sources, crews, crew_of, timeout=timeout, limit=limit)
        self._cache = cache
        self._unkept = ""

    def scan(self, shard: Shard) -> Scan:
        """What is kept, else a scan that is kept from now on."""
        if shard.digest is None:
            return super().scan(shard)
        crew = self._crews[self._crew_of[shard.source]]
        found = self._cache.load(shard, crew)
        if found is not None and self._completed(*found):
            return found[0]
        done = super().scan(shard)
        if done.crashes or done.lost or not done.digest or self._unkept:
            done.digest, done.unkept = b"", self._unkept
            return done
        try:
            self._cache.store(done, crew)
        except OSError as error:
            done.digest, done.unkept = b"", reason(error)
            self._unkept = done.unkept
        return done

    def _completed(self, scan: Scan, missing: frozenset[str]) -> bool:
        """Let the rules that are missing see the records again; whether that went well."""
        if missing:
            some = [replace(crew, rules=[r for r in crew.rules if r.card.code in missing]) for crew in self._crews]
            worker = Worker(self._sources, some, self._crew_of, timeout=self._timeout, limit=self._limit)
            again = worker.scan(replace(scan.shard, digest=None))
            scan.states |= again.states
            return not (again.crashes or again.lost)
        return True

    def _blocks(self, source: Source, shard: Shard, done: Scan) -> Iterator[Block]:
        """The blocks of a shard; their digest is that of what was read, whatever stood there before or later."""
        if shard.digest is None:
            yield from super()._blocks(source, shard, done)
            return
        read, at, whole = blake2b(digest_size=DIGEST), shard.start, True
        for block in super()._blocks(source, shard, done):
            data = b"\n".join(block.raws)
            read.update(data)
            read.update(b"\n" if block.ends else b"")
            at += len(data) + block.ends
            whole = whole and not block.refused
            yield block
        if whole and at == shard.stop:
            done.digest = read.digest()
