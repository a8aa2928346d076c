"""What a finding and a record are called wherever they lie: by their content, never by line, file or time.

One ``Identity`` serves all findings of one record, so that the record is hashed once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from hashlib import blake2b, blake2s
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datalint import jsonspan
from datalint.model import Finding
from datalint.views import Record

if TYPE_CHECKING:
    from datalint.config import Settings


TELLING = 40  # bytes of JSON from which on a value is taken to be one of its kind


class Identity:
    """Names of one record and of findings on it; ``record`` is None for findings on the file at ``path``, and on the
    whole data set, whose path is "". ``id_field``: key or pointer of the records' ids, if they have any; ``later`` reads
    the record, where it may not be needed."""

    def __init__(
        self, record: Record | None, path: str, id_field: str = "", later: Callable[[], Record | None] | None = None
    ) -> None:
        self.path = path
        self._later = later or (lambda: record)
        self._id_field = id_field
        self._known: dict[tuple[str, str], str] = {}

    @cached_property
    def record(self) -> Record | None:
        """The record, read when somebody asks for it."""
        return self._later()

    def fingerprint(self, finding: Finding) -> str:
        """Rule, pointer with ``*`` for positions in arrays, and the whole value there, as 16 hex digits. With a value
        that says little, as "" or "user", the nearest around it that says more. On no record: rule and path."""
        key = finding.code, finding.pointer or ""
        if key not in self._known:
            shape, value = self._telling(key[1])
            parts = (finding.code.encode(), shape.encode("utf-8", "surrogatepass"), value)
            self._known[key] = blake2s(b"\0".join(parts), digest_size=8).hexdigest()
        return self._known[key]

    @cached_property
    def content(self) -> str:
        """``sha:`` and a hash of the record's content, whatever the order of its keys; "" where there is no record."""
        if self.record is None:
            return ""
        return "sha:" + blake2b(self._canonical(self.record.data), digest_size=6).hexdigest()

    @cached_property
    def given_id(self) -> str | None:
        """The record's own id, None if it has none."""
        if self.record is None or not self._id_field:
            return None
        name = self._id_field
        value, _, lost = value_at(self.record.data, name if name.startswith("/") else "/" + _escaped(name))
        return str(value) if isinstance(value, (str, int)) and not lost else None

    @property
    def record_id(self) -> str | None:
        """The record's own id, else a hash of its content."""
        if self.record is None:
            return None
        return self.content if self.given_id is None else self.given_id

    def _telling(self, pointer: str) -> tuple[str, bytes]:
        """The shape of a pointer, the value there and, if that says little, the nearest around it that says more."""
        if self.record is None:
            return "", self.path.encode("utf-8", "surrogatepass")
        found, shape, _ = value_at(self.record.data, pointer)
        around = value = self._canonical(found)
        while len(around) < TELLING and pointer:
            pointer = pointer.rpartition("/")[0]
            around = self._canonical(value_at(self.record.data, pointer)[0])
        return shape, value if around is value else value + b"\0" + around

    def _canonical(self, value: Any) -> bytes:
        """The value with its keys in order; the very bytes of a record that could not be parsed."""
        if value is None and self.record is not None and self.record.data is None:
            return self.record.raw
        return jsonspan.canonical(value)


def relative(path: str, settings: Settings) -> str:
    """``path`` as seen from the project's root if it lies below it, with ``/``."""
    if path in ("", "-") or path == settings.stdin_filename:
        return path
    whole = Path(os.path.abspath(settings.cwd / path))
    root = Path(os.path.abspath(settings.root))
    return (whole.relative_to(root) if whole.is_relative_to(root) else Path(path)).as_posix()


def value_at(data: Any, pointer: str) -> tuple[Any, str, bool]:
    """The value at ``pointer`` or the nearest around it, the pointer with ``*`` for positions in arrays, and whether it
    leads nowhere."""
    shape = ""
    lost = False
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if not lost and isinstance(data, list) and name.isdecimal() and int(name) < len(data):
            data, token = data[int(name)], "*"
        elif not lost and isinstance(data, dict) and name in data:
            data = data[name]
        else:
            lost = True
        shape += "/" + token
    return data, shape, lost


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
