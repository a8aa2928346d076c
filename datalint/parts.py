"""Writes records to new files, byte for byte, all files or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import compress
from pathlib import Path
from typing import BinaryIO

from datalint.errors import DatalintError, UsageError
from datalint.fixing_files import mode_of_new_files, sync, sync_directory
from datalint.lookup import RecordLookup
from datalint.readers import Source

MOST = 60  # files at once: one bit of a number each


def ready(paths: Sequence[Path], sources: Sequence[Source], *, force: bool) -> None:
    """Raise UsageError where a file would be replaced that should not be."""
    for path in paths:
        if not os.path.lexists(path):
            continue
        if path.is_dir():
            raise UsageError(f"cannot write {path}: it is a folder")
        if any(os.path.exists(s.path) and path.exists() and os.path.samefile(path, s.path) for s in sources):
            raise UsageError(f"{path} is one of the files that are read", hint="name another folder")
        if not force:
            raise UsageError(f"{path} is there already", hint="--force replaces it")


def write(paths: Sequence[Path], keys: Sequence[int], files: Sequence[int], records: RecordLookup) -> None:
    """Write each record to its files, in the order of the data. ``keys`` rise; ``files`` has for each of them the bits of the
    files it goes to, 0 for none. Raises DatalintError, and then no file is changed."""
    try:
        with ExitStack() as stack:
            folders = list(dict.fromkeys(path.parent for path in paths))
            for folder in folders:
                folder.mkdir(parents=True, exist_ok=True)
            made = [stack.enter_context(_Beside(path)) for path in paths]
            for bits, line in zip(filter(None, files), _lines(compress(keys, files), records), strict=True):
                for number, one in enumerate(made):
                    if bits >> number & 1:
                        one.file.write(line)
            for one in made:
                sync(one.file)
            for one in made:
                one.put()
        for folder in folders:
            sync_directory(folder)
    except KeyError as error:
        raise DatalintError(
            "a file changed while it was read; nothing was written", hint="run datalint again"
        ) from error
    except OSError as error:
        said = f"cannot write {error.filename}: {error.strerror}" if error.filename else f"cannot write: {error}"
        raise DatalintError(said) from error


def _lines(keys: Iterable[int], records: RecordLookup) -> Iterator[bytes]:
    for _, raw in records.raws(keys):
        # A record over several lines is put on one: line feeds between its tokens are white space, and in texts there are none.
        yield (raw.replace(b"\r\n", b" ").replace(b"\n", b" ") if b"\n" in raw else raw) + b"\n"


class _Beside:
    """A new file beside its place, gone at the end unless put there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        handle, self._name = tempfile.mkstemp(".tmp", f".{path.name[:200]}.", path.parent)
        self.file: BinaryIO = os.fdopen(handle, "wb")

    def __enter__(self) -> _Beside:
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()
        with suppress(FileNotFoundError):
            os.unlink(self._name)

    def put(self) -> None:
        """Put the file in its place."""
        os.chmod(self._name, mode_of_new_files())
        os.replace(self._name, self._path)
