"""Fixes as replacements of text in files, for formats that can propose them."""

from __future__ import annotations

from typing import NamedTuple

from datalint.edits import Splice, splices
from datalint.model import Span
from datalint.places import byte_position, position
from datalint.report import Located, Report

LONGEST = 10_000  # characters of a replacement; longer ones are left out


class Replacement(NamedTuple):
    """Bytes of the record that are replaced, and by what."""

    span: Span
    text: str


def replacements(found: Located) -> list[Replacement]:
    """What the fix of a finding replaces, in order of place. None where the fix is only shown, or takes the record out, and
    none in records with secrets, whose true texts are not told."""
    fix, record = found.fix, found.record
    if fix is None or record is None or fix.applicability == "display-only" or fix.whole_file or found.masks.secrets:
        return []
    made = [_replacement(splice) for splice in splices(record.raw, fix)]
    whole = [r for r in made if r is not None]
    return whole if len(whole) == len(made) and sum(len(r.text) for r in whole) <= LONGEST else []


def joined(found: Located) -> Replacement | None:
    """The fix of a finding as one replacement, for formats whose suggestions are taken one by one."""
    parts = replacements(found)
    if not parts or found.record is None:
        return None
    raw, (start, _), (_, end) = found.record.raw, parts[0].span, parts[-1].span
    text, at = b"", start
    for part in parts:
        text += raw[at : part.span[0]] + part.text.encode()
        at = part.span[1]
    made = _replacement((start, end, text))
    return made if made is not None and len(made.text) <= LONGEST else None


def _replacement(splice: Splice) -> Replacement | None:
    start, end, new = splice
    try:
        return Replacement((start, end), new.decode())
    except UnicodeDecodeError:
        return None


def in_code_points(report: Report, found: Located, span: Span) -> tuple[int, int, int, int]:
    """Line, column, last line and column behind the end of some bytes of a record, in code points."""
    if found.ref is None or found.record is None:
        return 1, 1, 1, 1
    before, line = report.outcome.before(found.ref), found.ref.line
    (first, column), (last, end) = (position(found.record.raw, line, byte) for byte in span)
    return first, column + before * (first == line), last, end + before * (last == line)


def in_bytes(report: Report, found: Located, span: Span) -> tuple[int, int, int, int]:
    """The same with columns that count bytes."""
    if found.ref is None or found.record is None:
        return 1, 1, 1, 1
    before, line = report.outcome.bytes_before(found.ref), found.ref.line
    (first, column), (last, end) = (byte_position(found.record.raw, line, byte) for byte in span)
    return first, column + before * (first == line), last, end + before * (last == line)
