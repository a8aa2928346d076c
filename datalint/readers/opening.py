"""From a path to a source: what kind of file it is, spooled when it cannot be read at random."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import orjson

from datalint.batch import Facts
from datalint.errors import DatalintError
from datalint.readers import COMPRESSED, HEAD_BYTES, SUFFIXES, Source, Stamp

BOM = b"\xef\xbb\xbf"
_WIDE = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CHUNK = 1 << 20


class Unreadable(DatalintError):
    """A source that cannot be read; the run goes on without it and says so."""

    exit_code = 3


def open_source(number: int, path: str, display: str, *, limit: int, stdin_name: str = "") -> Source:
    """Look at a file, or at standard input for ``-``, and decide how it is read. ``limit``: bytes of the longest line.

    Raises Unreadable with the reason.
    """
    name = (stdin_name or "stdin.jsonl") if path == "-" else path
    suffixes = [s.lower() for s in Path(name).suffixes]
    packed = suffixes[-1] if suffixes and suffixes[-1] in COMPRESSED else ""
    if packed:
        suffixes.pop()
    suffix = suffixes[-1] if suffixes else ""
    try:
        if path == "-" or packed or not os.path.isfile(path):
            real, spooled = _spool(path, packed, limit), True
        else:
            real, spooled = path, False
        with open(real, "rb") as f:
            head = f.read(HEAD_BYTES)
            facts = _facts(head, suffix, f)
            stat = os.fstat(f.fileno())
    except OSError as error:
        raise Unreadable(error.strerror or str(error), place=display) from error
    stamp = Stamp(stat.st_size, stat.st_mtime_ns, stat.st_ino)
    kind = "values" if facts.content in ("array", "values") else "jsonl"
    return Source(number, real, display, kind, facts, stamp, spooled)


def _facts(head: bytes, suffix: str, file: IO[bytes]) -> Facts:
    for mark, name in _WIDE.items():
        if head.startswith(mark):
            return Facts(suffix, name)
    bom = head.startswith(BOM)
    text = head.removeprefix(BOM).lstrip(b" \t\r\n")
    if text.startswith(b"version https://git-lfs.github.com/"):
        return Facts(suffix, "lfs-pointer", bom)
    if not text:
        return Facts(suffix, "empty" if not file.read(1) else "jsonl", bom)
    if head[:1] and (head[1:2] == b"\0" or head[:1] == b"\0") and head.count(b"\0") > len(head) // 4:
        return Facts(suffix, "utf-16", bom)
    return Facts(suffix, _content(text, suffix, len(head) < HEAD_BYTES), bom)


def _content(text: bytes, suffix: str, whole: bool) -> str:
    """Whether the data is one record a line, one array, or values over several lines."""
    line, feed, rest = text.partition(b"\n")
    single = not rest.strip() and (whole or not feed)
    try:
        first = orjson.loads(line)
    except orjson.JSONDecodeError:
        if text[:1] == b"[":
            opened = line.strip()
            if opened == b"[" or (single and not whole) or (suffix == ".json" and not opened.endswith(b"]")):
                return "array"
            return "jsonl"
        return "values" if line.strip() == b"{" or (suffix == ".json" and not line.rstrip().endswith(b"}")) else "jsonl"
    records = isinstance(first, list) and first and isinstance(first[0], dict) and not {"role", "from"} & set(first[0])
    return "array" if single and isinstance(first, list) and (records or not first or suffix == ".json") else "jsonl"


def _spool(path: str, packed: str, limit: int) -> str:
    """Copy standard input, a pipe or a compressed file to a temporary file once; it is removed at exit."""
    handle, name = tempfile.mkstemp(prefix="datalint-", suffix=".spool")
    atexit.register(_remove, name, os.getpid())
    with os.fdopen(handle, "wb") as out, _unpacked(path, packed) as data:
        _copy(data.read, out, limit, path)
    return name


def _remove(name: str, owner: int) -> None:
    if os.getpid() == owner:
        with contextlib.suppress(OSError):
            os.unlink(name)


def _copy(read: Callable[[int], bytes], out: IO[bytes], limit: int, path: str) -> None:
    open_line = 0  # bytes since the last line feed
    try:
        while chunk := read(_CHUNK):
            feed = chunk.rfind(b"\n")
            open_line = len(chunk) - feed - 1 if feed >= 0 else open_line + len(chunk)
            if open_line > limit:
                raise Unreadable(f"a line is longer than the limit of {limit:,} bytes", place=path)
            out.write(chunk)
    except (EOFError, OSError, ValueError) as error:
        raise Unreadable(f"cannot be unpacked: {error}", place=path) from error


@contextlib.contextmanager
def _unpacked(path: str, packed: str) -> Iterator[IO[bytes]]:
    if path == "-":
        yield sys.stdin.buffer
    elif packed == ".gz":
        import gzip

        with gzip.open(path, "rb") as f:
            yield f  # type: ignore[misc]
    elif packed == ".xz":
        import lzma

        try:
            with lzma.open(path, "rb") as g:
                yield g
        except lzma.LZMAError as error:
            raise Unreadable(f"cannot be unpacked: {error}", place=path) from error
    elif packed == ".zst":
        import zstandard

        try:
            with zstandard.open(path, "rb") as h:
                yield h
        except zstandard.ZstdError as error:
            raise Unreadable(f"cannot be unpacked: {error}", place=path) from error
    else:
        with open(path, "rb") as plain:
            yield plain


def is_known_suffix(path: str) -> bool:
    """Whether the suffix, compression aside, is one of the record formats."""
    return any(path.lower().endswith((s, *(s + c for c in COMPRESSED))) for s in SUFFIXES)
