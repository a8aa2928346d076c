"""Standard input, pipes and compressed files are copied to a temporary file once, so that they can be read at random."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import sys
import tempfile
import zlib
from collections.abc import Iterator
from typing import IO

from datalint.errors import DatalintError
from datalint.readers import HEAD_BYTES, GuestReader
from datalint.readers.sniffing import sniff

_CHUNK = 1 << 20
_PACKED_CHUNK = 1 << 12  # bytes of zstd data unpacked at once: they may stand for 30,000 times as many


class Unreadable(DatalintError):
    """A source that cannot be read; the run goes on without it and says so."""

    exit_code = 3


def spool(path: str, packed: str, suffix: str, limit: int) -> str:
    """Copy standard input (``-``), a pipe or a compressed file; the path of the copy, which is removed at exit.

    Raises Unreadable for damaged data and for a line over ``limit`` bytes, before it fills memory or disk.
    """
    with contextlib.ExitStack() as opened:
        return _spooled(_chunks(path, packed, opened), suffix, limit)


def spool_records(path: str, guest: GuestReader, limit: int) -> str:
    """The records that a plugin reads from ``path``, as JSON Lines; the path of the file, which is removed at exit.

    Raises Unreadable with what the plugin says.
    """
    try:
        return _spooled((line.removesuffix(b"\n") + b"\n" for line in guest.records(path)), ".jsonl", limit)
    except ValueError as error:
        raise Unreadable(f"{guest.NAME} cannot read it: {error}") from error


def _spooled(chunks: Iterator[bytes], suffix: str, limit: int) -> str:
    handle, name = tempfile.mkstemp(prefix="datalint-", suffix=".spool")
    atexit.register(_remove, name, os.getpid())
    try:
        with os.fdopen(handle, "wb") as out:
            _copy(chunks, out, suffix, limit)
    except BaseException:
        _remove(name, os.getpid())
        raise
    return name


def _copy(chunks: Iterator[bytes], out: IO[bytes], suffix: str, limit: int) -> None:
    head = b""
    while len(head) < HEAD_BYTES and (chunk := next(chunks, b"")):
        head += chunk
    content = sniff(head[:HEAD_BYTES], suffix, whole=len(head) < HEAD_BYTES).content
    end = b"}" if content in ("array", "values") else b"\n"
    begun = 0  # bytes since the last record ended
    for chunk in itertools.chain((head,), chunks):
        last = chunk.rfind(end)
        begun = len(chunk) - last - 1 if last >= 0 else begun + len(chunk)
        if begun > limit:
            raise Unreadable(f"a record is longer than the limit of {limit:,} bytes (max-record-bytes)")
        try:
            out.write(chunk)
        except OSError as error:
            raise Unreadable(f"cannot be copied to {tempfile.gettempdir()}: {error.strerror or error}") from error


def _chunks(path: str, packed: str, opened: contextlib.ExitStack) -> Iterator[bytes]:
    if path == "-":
        if sys.stdin is None:
            raise Unreadable("is closed")
        return iter(lambda: sys.stdin.buffer.read(_CHUNK), b"")
    file = opened.enter_context(open(path, "rb"))
    return _unpacked(file, packed) if packed else iter(lambda: file.read(_CHUNK), b"")


def _unpacked(file: IO[bytes], packed: str) -> Iterator[bytes]:
    import lzma

    try:
        yield from _zstd(file) if packed == ".zst" else _gzip_or_xz(file, packed)
    except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        said = str(error).partition("(b'")[0].strip() or type(error).__name__
        raise Unreadable(f"cannot be unpacked: {said[:1].lower()}{said[1:]}") from error


def _gzip_or_xz(file: IO[bytes], packed: str) -> Iterator[bytes]:
    import gzip
    import lzma

    data = gzip.GzipFile(fileobj=file) if packed == ".gz" else lzma.LZMAFile(file)
    while chunk := data.read(_CHUNK):
        yield chunk


def _zstd(file: IO[bytes]) -> Iterator[bytes]:
    """Frame after frame; the library's own streams take a file that was cut off for a whole one."""
    import zstandard

    frame, begun = zstandard.ZstdDecompressor().decompressobj(), False
    while data := file.read(_PACKED_CHUNK):
        while data:
            if frame.eof:
                frame = zstandard.ZstdDecompressor().decompressobj()
            try:
                unpacked = frame.decompress(data)
            except zstandard.ZstdError as error:
                raise OSError(str(error)) from error
            begun = not frame.eof
            data = frame.unused_data if frame.eof else b""
            for start in range(0, len(unpacked), _CHUNK):
                yield unpacked[start : start + _CHUNK]
    if begun:
        raise EOFError("compressed file ended before the end of a frame was reached")


def _remove(name: str, owner: int) -> None:
    if os.getpid() == owner:
        with contextlib.suppress(OSError):
            os.unlink(name)
