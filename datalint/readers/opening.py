"""From a path to a source: what kind of file it is, spooled when it cannot be read at random."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from datalint.readers import COMPRESSED, HEAD_BYTES, GuestReader, Source, Stamp
from datalint.readers.sniffing import sniff
from datalint.readers.spooling import Unreadable, spool, spool_records

__all__ = ["Unreadable", "changed", "open_source", "reason"]


def open_source(
    number: int, path: str, display: str, *, limit: int, stdin_name: str = "", guests: Sequence[GuestReader] = ()
) -> Source:
    """Look at a file, or at standard input for ``-``, and decide how it is read. ``limit``: bytes of the longest record;
    ``guests``: readers of plugins, which are asked first.

    Raises Unreadable with the reason.
    """
    suffix, packed = _suffixes((stdin_name or "stdin.jsonl") if path == "-" else path)
    if path == "-":
        packed = ""
    try:
        if os.path.isdir(path):
            raise Unreadable("is a folder that cannot be read")
        guest = next((g for g in guests if path.lower().endswith(tuple(g.SUFFIXES))), None) if path != "-" else None
        spooled = path == "-" or bool(packed) or guest is not None or not os.path.isfile(path)
        if guest is not None:
            real, suffix = spool_records(path, guest, limit), ".jsonl"
        else:
            real = spool(path, packed, suffix, limit) if spooled else path
        with open(real, "rb") as f:
            head = f.read(HEAD_BYTES)
            facts = sniff(head, suffix, whole=len(head) < HEAD_BYTES or not f.read(1))
            stat = os.fstat(f.fileno())
    except OSError as error:
        raise Unreadable(reason(error), place=display) from error
    except Unreadable as error:
        raise Unreadable(error.message, place=display) from error
    kind = "values" if facts.content in ("array", "values") else "jsonl"
    return Source(number, real, display, kind, facts, Stamp(stat.st_size, stat.st_mtime_ns, stat.st_ino), spooled)


def _suffixes(name: str) -> tuple[str, str]:
    """The suffix that tells the format, and that of the compression, in lower case."""
    suffixes = [s.lower() for s in Path(name).suffixes]
    packed = suffixes.pop() if suffixes and suffixes[-1] in COMPRESSED else ""
    return (suffixes[-1] if suffixes else ""), packed


def changed(source: Source) -> str:
    """That a source is no longer the file that was opened, "" if it is."""
    try:
        stat = os.stat(source.path)
    except OSError as error:
        return reason(error)
    same = Stamp(stat.st_size, stat.st_mtime_ns, stat.st_ino) == source.stamp
    return "" if same else "changed while it was read"


def reason(error: OSError) -> str:
    """Why a file could not be read, in words that follow its name."""
    said = error.strerror or str(error)
    if isinstance(error, FileNotFoundError) and error.filename and os.path.islink(error.filename):
        return "is a link that leads nowhere"
    return said[:1].lower() + said[1:]
