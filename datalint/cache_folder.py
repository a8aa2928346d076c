"""The folder for what can be made again at any time, and files in it that are right or not there."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from contextlib import suppress
from errno import EPERM
from hashlib import blake2b
from pathlib import Path

import regex

DIGEST = 16  # bytes
LEFT = ".part"  # how the name of a file ends that is being written
_AGE = 3600  # seconds after which use is noted again, and a file that was never finished is litter
TRIGGERS, SCANS = "triggers", "scans"  # the folders within
TAG = "CACHEDIR.TAG"  # tells programs that make backups that there is nothing to save
_SAID = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# datalint keeps here what it found, to be quicker the next time. "
    "`datalint clean` removes it.\n"
)
_OURS = regex.compile(rf"[0-9a-f]{{{2 * DIGEST}}}z?|.*{regex.escape(LEFT)}|{regex.escape(TAG)}")


def root() -> Path:
    """Where it is unless a config says otherwise: ``DATALINT_CACHE_DIR``, else in the user's folder of caches."""
    told = os.environ.get("DATALINT_CACHE_DIR")
    return Path(told or os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "datalint"))


def make(folder: Path) -> None:
    """Make a folder for its owner's eyes. Raises OSError if it cannot be, or if others may change what is in it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o022):
        raise PermissionError(EPERM, f"others may write to {folder}")
    with suppress(FileExistsError), open(folder / TAG, "x", encoding="ascii") as f:
        f.write(_SAID)


def remove(root: Path) -> tuple[int, int]:
    """Remove what datalint wrote below ``root``, and nothing else: how many files, and how many bytes."""
    files = size = 0
    for folder in (root / TRIGGERS, root / SCANS):
        for below, _, names in os.walk(folder, topdown=False):
            if below != str(folder) and not _OURS.fullmatch(os.path.basename(below)):
                continue
            for name in filter(_OURS.fullmatch, names):
                path = os.path.join(below, name)
                with suppress(FileNotFoundError):  # another run may tidy up
                    found = os.path.getsize(path)
                    os.unlink(path)
                    files, size = files + 1, size + found
            with suppress(OSError):
                os.rmdir(below)  # unless something of others is left
    return files, size


def read(path: Path | str) -> bytes | None:
    """What was written there, None if there is nothing, or not all of it."""
    try:
        with open(path, "rb") as f:
            data = f.read()
            if time.time() - os.fstat(f.fileno()).st_mtime > _AGE:
                os.utime(path)  # so that it does not go before what nobody needs
    except OSError:
        return None
    body = data[DIGEST:]
    return body if digest(body) == data[:DIGEST] else None


def write(path: Path, body: bytes) -> None:
    """Write a file at once or not at all. It is for its owner's eyes; its folder must be there. Raises OSError."""
    handle, name = tempfile.mkstemp(suffix=LEFT, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as f:
            f.write(digest(body))
            f.write(body)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def digest(*parts: bytes) -> bytes:
    """What stands for bytes. Parts are told apart."""
    made = blake2b(digest_size=DIGEST)
    for part in parts:
        made.update(b"%d:" % len(part) if len(parts) > 1 else b"")
        made.update(part)
    return made.digest()


def tidy(folder: Path, most: int) -> None:
    """Take out what was of no use for longest until the rest has room, and the litter of runs that were killed."""
    now = time.time()
    entries: list[tuple[float, int, str]] = []
    for below, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = os.path.join(below, name)
            with suppress(OSError):
                told = os.stat(path)
                if name.endswith(LEFT) and now - told.st_mtime > _AGE:
                    os.unlink(path)
                elif _OURS.fullmatch(name) and name != TAG:
                    entries.append((told.st_mtime, told.st_size, path))
        with suppress(OSError):
            if below != str(folder) and now - os.stat(below).st_mtime > _AGE:
                os.rmdir(below)  # fails unless it is empty
    size = sum(n for _, n, _ in entries)
    if size <= most:
        return
    for _, part, path in sorted(entries):
        with suppress(OSError):
            os.unlink(path)
        size -= part
        if size <= most * 0.9:
            return
