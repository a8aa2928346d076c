"""Readers: bytes → lines. The only place that opens data for reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from datalint.batch import Facts, Refusal

SHARD_BYTES = 4 << 20
COMPRESSED = (".gz", ".zst", ".xz")
SUFFIXES = (".jsonl", ".ndjson", ".json")
HEAD_BYTES = 1 << 16

# Contents of files (see ``Facts.content``) that hold no records as they are, and why.
NOT_READ = {
    "lfs-pointer": "is a Git LFS pointer: run `git lfs pull` to get the data",
    "utf-16": "is UTF-16, not UTF-8",
    "utf-32": "is UTF-32, not UTF-8",
    "gzip": "is compressed with gzip, and its name does not end in .gz",
    "zstd": "is compressed with Zstandard, and its name does not end in .zst",
    "xz": "is compressed with xz, and its name does not end in .xz",
    "bzip2": "is compressed with bzip2",
    "zip": "is a ZIP archive",
    "parquet": "is a Parquet file",
    "arrow": "is an Arrow file",
    "sqlite": "is an SQLite database",
}


class Stamp(NamedTuple):
    """What tells that a file is still the one that was read."""

    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True)
class Source:
    """One file to read. ``path`` is what is opened, ``display`` what is shown; they differ for standard input and
    compressed files, which are spooled once (``spooled``)."""

    number: int
    path: str
    display: str
    reader: str
    facts: Facts
    stamp: Stamp
    spooled: bool = False


@dataclass(frozen=True)
class Shard:
    """A byte range of a source, cut between lines.

    ``line`` and ``index`` are those of its first line. Where a reader would have to count to know them, they start at 1
    and 0 in every shard (``relative``), and whoever puts the shards together adds what came before. ``index`` counts
    blank lines too; a report takes them out again. ``spans`` is the reader's own: what it found out about the places of
    the records when it cut the source. ``digest``: of the bytes, b"" if nobody asked; None where the scan is not to be kept for later runs.
    """

    source: int
    start: int
    stop: int
    line: int
    index: int
    last: bool = False
    relative: bool = False
    spans: bytes = b""
    digest: bytes | None = None


@dataclass(frozen=True)
class Block:
    """Lines of a shard: bytes without line feed, and the byte offset of each. ``lines`` holds their numbers where they
    do not follow each other. ``refused``: why a line was not even read, by its place in the block; its bytes are empty."""

    raws: Sequence[bytes]
    offsets: Sequence[int]
    line: int
    index: int
    lines: Sequence[int] | None
    ends: bool
    last: bool
    refused: Mapping[int, Refusal] = field(default_factory=dict)


class Reader(Protocol):
    """Cuts a source into shards and reads them."""

    NAME: str

    def shards(self, source: Source, size: int) -> Iterator[Shard]:
        """The source as byte ranges of about ``size`` bytes; memory bounded by one range."""

    def blocks(self, source: Source, shard: Shard, size: int, limit: int) -> Iterator[Block]:
        """The lines of a shard in blocks of about ``size`` bytes, refusing to read lines over ``limit`` bytes. What the
        blocks hold together does not depend on how the source was cut."""


class GuestReader(Protocol):
    """A plugin's way to read files of another kind: every record as one line of JSON. They are spooled once, and from
    then on are JSON Lines like any other; like all that is spooled they cannot be fixed in place."""

    NAME: str
    SUFFIXES: tuple[str, ...]  # of the files it reads, with the dot, in lower case

    def records(self, path: str) -> Iterator[bytes]:
        """The records of the file at ``path``. An OSError or ValueError says why it cannot be read."""


def reader(name: str) -> Reader:
    """The built-in reader called ``name``."""
    made: Any = import_module(f"datalint.readers.{name}")
    found: Reader = made.READER
    return found


def too_long(size: int, limit: int) -> Refusal:
    """The refusal of a record that passes the limit."""
    return Refusal("limit", f"the record has {size:,} bytes, the limit is {limit:,} (max-record-bytes)", 0)


def is_data(path: Path, more: Sequence[str] = ()) -> bool:
    """Whether the name of a file says that it holds records; ``more``: suffixes that plugins read."""
    suffixes = [s.lower() for s in path.suffixes]
    if suffixes and suffixes[-1] in more:
        return True
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return bool(suffixes) and suffixes[-1] in SUFFIXES
