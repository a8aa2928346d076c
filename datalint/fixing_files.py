"""How bytes reach the disk: a new file beside the old one, synced, then put in its place."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from datalint.edited import BOM
from datalint.errors import FixError

COMPRESSED = (".gz", ".zst", ".xz", ".bz2")


class Stamp(NamedTuple):
    """What tells whether a file is the one that was read."""

    size: int
    mtime_ns: int
    inode: int


def stamp(path: Path) -> Stamp:
    """The stamp of the file at ``path``, or of the one a link there leads to."""
    found = path.stat()
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def check_unchanged(path: Path, expected: Stamp) -> None:
    """Raise FixError if the file is no longer the one that was read."""
    if stamp(path) != expected:
        raise FixError(f"{path} changed since it was read; nothing was written", hint="run datalint again")


def writable(path: Path) -> Path:
    """The file to replace when ``path`` is fixed: links are followed. Raises FixError where that cannot be done."""
    if path.name.lower().endswith(COMPRESSED):
        raise FixError(
            f"{path} is compressed and cannot be fixed in place", hint="uncompress it, fix it, compress it again"
        )
    try:
        target = path.resolve(strict=True)
        regular = stat.S_ISREG(target.stat().st_mode)
    except OSError as error:
        raise FixError(f"{path} cannot be fixed: {error.strerror}") from error
    if regular and not os.access(target, os.R_OK):
        raise FixError(f"{path} cannot be fixed: it may not be read")
    if not regular:
        raise FixError(f"{path} is not a regular file and cannot be fixed in place")
    if target.name.lower().endswith(COMPRESSED):
        raise FixError(f"{path} leads to {target.name}, which is compressed and cannot be fixed in place")
    return target


def check_writable(target: Path) -> None:
    """Raise FixError for a file that its owner protects: replacing it would not ask."""
    if not os.access(target, os.W_OK):
        raise FixError(f"{target} is read-only; nothing was written", hint="chmod u+w lets datalint fix it")


@contextmanager
def file_beside(target: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file in the directory of ``target``, gone at the end unless put in place. OSErrors become FixErrors."""
    made: Path | None = None
    try:
        handle, name = tempfile.mkstemp(".tmp", f".{_short(target.name)}.datalint-", target.parent)
        made = Path(name)
        with os.fdopen(handle, "wb") as new:
            yield new, made
    except OSError as error:
        reason = error.strerror or str(error)
        raise FixError(f"{target} could not be fixed: {reason}; it is as it was", place=str(target.parent)) from error
    finally:
        if made is not None:
            made.unlink(missing_ok=True)


def _short(name: str) -> str:
    """``name`` cut so that the name of the new file stays within the 255 bytes that file systems allow."""
    return os.fsencode(name)[:220].decode("utf-8", "ignore")


def put_in_place(new: Path, target: Path) -> None:
    """Give ``new`` the mode and, where allowed, the owner of ``target``, and its place."""
    old = target.stat()
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(new, old.st_uid, old.st_gid)
    new.chmod(stat.S_IMODE(old.st_mode))
    os.replace(new, target)
    sync_directory(target.parent)


def sync(file: BinaryIO) -> None:
    """Bring all that was written to the disk."""
    file.flush()
    os.fsync(file.fileno())


def mode_of_new_files() -> int:
    """The permissions that the user gives files."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def sync_directory(directory: Path) -> None:
    """Bring the names in a directory to the disk. Some systems and network disks cannot; the files are whole still."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def keep(quarantine: Path, records: Iterable[bytes]) -> None:
    """Append records to the quarantine file, one a line, and sync it. On an error it is cut back, then FixError."""
    size = -1
    try:
        quarantine.parent.mkdir(parents=True, exist_ok=True)
        with quarantine.open("ab+") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - 1, 0))
            if file.read(1) not in (b"", b"\n"):
                file.write(b"\n")
            file.writelines(_one_line(record) + b"\n" for record in records)
            sync(file)
        sync_directory(quarantine.parent)
    except OSError as error:
        if size >= 0:
            with suppress(OSError):
                os.truncate(quarantine, size)
        reason = error.strerror or str(error)
        raise FixError(
            f"deleted records could not be kept in {quarantine}: {reason}; nothing was written", place=str(quarantine)
        ) from error


def _one_line(record: bytes) -> bytes:
    """A record without a byte order mark, and on one line if it had several: JSON breaks lines between tokens only."""
    return record.removeprefix(BOM).replace(b"\r\n", b" ").replace(b"\n", b" ")
