"""From findings to bytes on the disk: the fixes that are allowed, and the one function that rewrites a source.

Nothing is lost whenever it stops: the old file stays until a synced new one takes its place, and records that a fix
deletes are in the quarantine file before that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

from datalint import edits, fixing_files
from datalint.errors import FixError
from datalint.fixing_diff import Mask, diff, header, hunk, unmasked
from datalint.fixing_files import Stamp, stamp
from datalint.fixing_layout import CHANGES
from datalint.model import Applicability, Finding, Fix, Ref
from datalint.patterns import bytes_pattern

__all__ = ["Chosen", "RefusedFix", "Rewritten", "Stamp", "choose", "choose_layout", "diff", "rewrite", "stamp"]

CHUNK = 1 << 20
_SEPARATOR = bytes_pattern(rb",[ \t\r\n]*\Z")
_BLANK = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A fix that is to be applied to the record at ``ref``."""

    ref: Ref
    code: str
    fix: Fix


class RefusedFix(NamedTuple):
    """A fix that did not fit its record, and why."""

    ref: Ref
    code: str
    why: str


@dataclass(frozen=True)
class Rewritten:
    """What became of one source. ``whole_file`` counts the places that each change of its layout touched."""

    changed_records: int
    deleted: int
    taken: Mapping[str, int]
    waiting: Mapping[str, int]
    refused: tuple[RefusedFix, ...]
    whole_file: Mapping[str, int]
    diff: tuple[str, ...] | None = None

    @property
    def changed(self) -> bool:
        """Whether the source is, or in a dry run would be, another than before."""
        return bool(self.taken or self.whole_file)


def choose(
    findings: Iterable[Finding],
    allow: Callable[[str, Applicability], bool],
) -> list[Chosen]:
    """The fixes of records that may be applied, in the order of the records."""
    chosen = [
        Chosen(finding.ref, finding.code, finding.fix)
        for finding in findings
        if finding.ref is not None and finding.fix is not None and finding.fix.edits and _may(finding, allow)
    ]
    return sorted(chosen, key=lambda c: (c.ref.source, c.ref.offset))


def choose_layout(
    findings: Iterable[Finding],
    allow: Callable[[str, Applicability], bool],
) -> dict[int, frozenset[str]]:
    """By source, the changes of a file's layout that may be made."""
    wanted: dict[int, frozenset[str]] = {}
    for finding in findings:
        source = finding.ref.source if finding.ref is not None else finding.source
        if source is not None and finding.fix is not None and finding.fix.whole_file and _may(finding, allow):
            wanted[source] = wanted.get(source, frozenset()) | {finding.fix.whole_file}
    return wanted


def _may(finding: Finding, allow: Callable[[str, Applicability], bool]) -> bool:
    fix = finding.fix
    return fix is not None and fix.applicability != "display-only" and allow(finding.code, fix.applicability)


def rewrite(
    path: Path,
    chosen: Iterable[Chosen],
    *,
    whole_file: frozenset[str] = frozenset(),
    quarantine: Path | None = None,
    is_array: bool = False,
    expected: Stamp,
    dry: bool = False,
    shown: str = "",
    mask: Mask = unmasked,
) -> Rewritten:
    """Apply fixes, sorted by offset, to one source. ``dry``: write nothing, tell the differences of the path ``shown``.

    Raises FixError where the source cannot be replaced or is no longer what was read; it is then as it was.
    """
    if unknown := whole_file.difference(CHANGES):
        raise FixError(f"{', '.join(sorted(unknown))}: no change of a whole file", hint=", ".join(CHANGES))
    target = fixing_files.writable(path)
    if quarantine is not None and quarantine.resolve() == target:
        raise FixError(f"{path} cannot be its own quarantine file")
    if not dry:
        fixing_files.check_writable(target)
    fixing_files.check_unchanged(path, expected)
    work = _Work(quarantine is not None, is_array, [header(shown or str(path))] if dry else None, mask)
    with target.open("rb") as source:
        pieces = _pieces(source, chosen, work)
        for name in (name for name in CHANGES if name in whole_file):
            pieces = CHANGES[name](pieces, work.layout)
        if dry:
            for _ in pieces:
                pass
            return work.done()
        with fixing_files.file_beside(target) as (new, place):
            new.writelines(pieces)
            fixing_files.sync(new)
            new.close()
            if work.done().changed:
                if quarantine is not None and work.gone:
                    fixing_files.keep(quarantine, (_read(source, *where) for where in work.gone))
                source.close()
                fixing_files.check_unchanged(path, expected)
                fixing_files.put_in_place(place, target)
    return work.done()


@dataclass
class _Work:
    """What is remembered while a source streams by."""

    may_delete: bool
    is_array: bool
    shown: list[str] | None
    mask: Mask
    records: int = 0
    gone: list[tuple[int, int]] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    refused: list[RefusedFix] = field(default_factory=list)
    layout: Counter[str] = field(default_factory=Counter)
    shift: int = 0  # lines that are gone, negative

    def apply(self, raw: bytes, group: list[Chosen]) -> bytes | None:
        """The record after its fixes, None if it is to go."""
        ref = group[0].ref
        fitting: list[Chosen] = []
        for one in group:
            if not self.may_delete and any(edit.op == "delete-record" for edit in one.fix.edits):
                self.refused.append(RefusedFix(ref, one.code, "deleting a record needs a quarantine file"))
            else:
                fitting.append(one)
        applied = edits.apply(raw, [one.fix for one in fitting])
        self.taken.update(fitting[n].code for n in applied.taken)
        self.waiting.update(fitting[n].code for n in applied.waiting)
        self.refused += [RefusedFix(ref, fitting[n].code, why) for n, why in applied.refused]
        self.records += bool(applied.taken)
        after = None if applied.deleted else applied.raw
        if self.shown is not None and applied.taken:
            self.shown.append(hunk(raw, after, ref.line, self.mask, self.shift))
        if after is None and raw.strip():
            self.gone.append((ref.offset, ref.length))
        if after is None and not self.is_array:
            self.shift -= 1
        return after

    def done(self) -> Rewritten:
        """The outcome so far."""
        layout = {name: count for name, count in self.layout.items() if count}
        notes = [f"@@ whole file @@\n {name}: {count} places\n" for name, count in layout.items()]
        shown = (*self.shown, *notes) if self.shown is not None else None
        return Rewritten(self.records, len(self.gone), self.taken, self.waiting, tuple(self.refused), layout, shown)


def _pieces(source: BinaryIO, chosen: Iterable[Chosen], work: _Work) -> Iterator[bytes]:
    """The new content of the source, piece by piece."""
    at = 0
    held = b""  # the comma before deleted items: it goes if no item follows
    for _, same in groupby(chosen, key=lambda one: one.ref.offset):
        group = list(same)
        ref = group[0].ref
        end = ref.offset + ref.length
        raw = _read(source, ref.offset, ref.length)
        if ref.offset < at or (not work.is_array and _read(source, end, 1, exact=False) not in (b"", b"\n")):
            raise FixError(f"line {ref.line} is not where it was found; nothing was written")
        new = work.apply(raw, group)
        stop = ref.offset - (len(_separator(source, at, ref.offset)) if new is None and work.is_array else 0)
        if ref.offset > at or new is not None:
            yield held
            yield from _between(source, at, stop)
            held = _read(source, stop, ref.offset - stop)
        at = end
        if new is not None:
            yield new
        elif work.is_array:
            at, more = _next_item(source, end)
            held = held if more else b""
        else:
            at += len(_read(source, end, 1, exact=False))
    yield held
    yield from _between(source, at, None)


def _separator(source: BinaryIO, start: int, end: int) -> bytes:
    """The comma and blanks right before ``end``, b"" if there are none after ``start``."""
    size = 256
    while True:
        first = max(start, end - size)
        window = _read(source, first, end - first)
        found = _SEPARATOR.search(window)
        if found or first == start or window.strip(_BLANK):
            return found[0] if found else b""
        size *= 4


def _next_item(source: BinaryIO, end: int) -> tuple[int, bool]:
    """Where the item after the one that ends at ``end`` starts, and whether there is one; ``end`` if not."""
    at, comma = end, False
    while window := _read(source, at, 256, exact=False):
        rest = window.lstrip(_BLANK)
        at += len(window) - len(rest)
        if rest and (comma or rest[:1] != b","):
            break
        if rest:
            comma, at = True, at + 1
    return (at, True) if comma else (end, False)


def _between(source: BinaryIO, start: int, end: int | None) -> Iterator[bytes]:
    while end is None or start < end:
        size = CHUNK if end is None else min(CHUNK, end - start)
        chunk = _read(source, start, size, exact=end is not None)
        if not chunk:
            return
        yield chunk
        start += len(chunk)


def _read(source: BinaryIO, offset: int, size: int, exact: bool = True) -> bytes:
    source.seek(offset)
    data = source.read(size)
    if exact and len(data) != size:
        raise FixError("the file is shorter than when it was read; nothing was written")
    return data
