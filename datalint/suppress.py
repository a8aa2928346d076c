"""Which findings are silent: overrides that hold only for records with certain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from datalint.batch import Batch
from datalint.model import Finding

_MISSING = object()


class Suppressor:
    """Drops findings of rules that an override with ``where`` ignores on matching records.

    ``wheres``: pairs of (pointer or key -> wanted value or values, codes).
    """

    def __init__(self, wheres: Sequence[tuple[Mapping[str, Any], frozenset[str]]]) -> None:
        self._wheres = wheres

    def kept(self, findings: Sequence[Finding], batch: Batch) -> list[Finding]:
        """The findings that stay."""
        by_offset = {offset: k for k, offset in enumerate(batch.offsets)}
        return [f for f in findings if not self._silent(f, batch, by_offset)]

    def _silent(self, finding: Finding, batch: Batch, by_offset: Mapping[int, int]) -> bool:
        if finding.ref is None:
            return False
        k = by_offset.get(finding.ref.offset)
        return k is not None and self.silences(finding.code, batch.datas[k] if k < len(batch) else None)

    def silences(self, code: str, data: Any) -> bool:
        """Whether findings of ``code`` on this record are silent."""
        return any(code in codes and _matches(data, where) for where, codes in self._wheres)


def _matches(data: Any, where: Mapping[str, Any]) -> bool:
    for key, wanted in where.items():
        found = value_at(data, key)
        if found is _MISSING or not (found in wanted if isinstance(wanted, (list, tuple)) else found == wanted):
            return False
    return True


def value_at(data: Any, key: str) -> Any:
    """The value at a JSON pointer or top-level key; a sentinel that equals nothing where there is none."""
    parts = [p.replace("~1", "/").replace("~0", "~") for p in key[1:].split("/")] if key.startswith("/") else [key]
    for part in parts:
        if isinstance(data, Mapping) and part in data:
            data = data[part]
        elif isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            return _MISSING
    return data
