"""Edits of one record: spliced into its raw bytes, and proved against the same edits of the parsed value. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from datalint import jsonspan
from datalint.edited import UnfitError, edited, parse
from datalint.model import Edit, Fix

Splice = tuple[int, int, bytes]
DELETIONS = ("delete-record", "delete-line")


class Applied(NamedTuple):
    """What became of a record and of each fix offered for it (by number). ``deleted``: the record or line is to go."""

    raw: bytes
    taken: tuple[int, ...]
    waiting: tuple[int, ...]
    refused: tuple[tuple[int, str], ...]
    deleted: bool = False


@dataclass(frozen=True)
class _Plan:
    """One fix as splices of the raw line, in their order."""

    number: int
    kind: Literal["values", "bytes", "deletion"]
    edits: tuple[Edit, ...]
    splices: tuple[Splice, ...] = ()

    @property
    def place(self) -> tuple[int, int]:
        return (self.splices[0][0] if self.splices else 0), self.number

    def clashes(self, other: _Plan) -> bool:
        """Whether the two cannot be applied in one round."""
        if self.kind != other.kind or self.kind == "deletion":
            return True
        return any(_overlap(a, b) for a in self.splices for b in other.splices)


class _Page:
    """The line as it came: its bytes, and what is known of them."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @cached_property
    def index(self) -> jsonspan.Index:
        try:
            parse(self.raw)
            return jsonspan.locate(self.raw)
        except ValueError:
            raise UnfitError("the line is not valid JSON") from None

    @cached_property
    def readable(self) -> bool:
        try:
            parse(self.raw)
        except ValueError:
            return False
        return True


def apply(raw: bytes, fixes: Sequence[Fix]) -> Applied:
    """Take whole fixes in the order of their places; those that touch a taken one wait for the next round.

    A fix is refused where its edits do not fit the record, or where the new bytes would not say what was meant.
    """
    page = _Page(raw)
    plans: list[_Plan] = []
    refused: list[tuple[int, str]] = []
    for number, fix in enumerate(fixes):
        try:
            plans.append(_plan(page, number, fix))
        except UnfitError as why:
            refused.append((number, str(why)))
    chosen: list[_Plan] = []
    waiting: list[int] = []
    for plan in sorted(plans, key=lambda p: p.place):
        if any(plan.clashes(other) for other in chosen):
            waiting.append(plan.number)
        else:
            chosen.append(plan)
    new, taken = _prove(page, chosen, refused)
    deleted = any(plan.kind == "deletion" for plan in taken)
    return Applied(new, tuple(p.number for p in taken), tuple(sorted(waiting)), tuple(sorted(refused)), deleted)


def splices(raw: bytes, fix: Fix) -> tuple[Splice, ...]:
    """The bytes of a record that a fix replaces, proved like those that are written; none for a fix that does not fit, or
    that takes the record out."""
    page = _Page(raw)
    try:
        plan = _plan(page, 0, fix)
        _result(page, [plan])
    except UnfitError:
        return ()
    return plan.splices


def _prove(page: _Page, chosen: list[_Plan], refused: list[tuple[int, str]]) -> tuple[bytes, list[_Plan]]:
    """The new bytes and the plans in them; where all together fail, each is tried after those that hold."""
    good: list[_Plan] = []
    try:
        return _result(page, chosen), chosen
    except UnfitError:
        new = page.raw
    for plan in chosen:
        try:
            new = _result(page, [*good, plan])
            good.append(plan)
        except UnfitError as why:
            refused.append((plan.number, str(why)))
    return new, good


def _result(page: _Page, plans: Sequence[_Plan]) -> bytes:
    """The line after these plans. Raises UnfitError unless it says what the edits of the parsed value say."""
    if not plans or plans[0].kind == "deletion":
        return page.raw
    new = _spliced(page.raw, [splice for plan in plans for splice in plan.splices])
    if new.count(b"\n") > page.raw.count(b"\n"):
        raise UnfitError("it would break the line in two")
    try:
        if plans[0].kind == "values":
            meant = edited(parse(page.raw), [edit for plan in plans for edit in plan.edits])
            if parse(new) != meant:
                raise UnfitError("the result would not say what was meant")
        elif page.readable:
            parse(new)
    except ValueError:
        raise UnfitError("the result would not be valid JSON") from None
    except RecursionError:
        raise UnfitError("the record is nested too deeply") from None
    return new


def _spliced(raw: bytes, splices: Iterable[Splice]) -> bytes:
    parts: list[bytes] = []
    at = 0
    for start, end, new in sorted(splices):
        parts += raw[at:start], new
        at = end
    return b"".join([*parts, raw[at:]])


def _overlap(a: Splice, b: Splice) -> bool:
    """Two splices that share bytes, or start at one place so that their order would be a guess."""
    return (a[0] < b[1] and b[0] < a[1]) or a[0] == b[0]


def shared_ends(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts share at their start, and how many of the others at their end."""
    first = _shared(old, new)
    return first, _shared(old[first:][::-1], new[first:][::-1])


def _shared(old: str, new: str) -> int:
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


# ---- from a fix to splices ----


def _plan(page: _Page, number: int, fix: Fix) -> _Plan:
    ops = {edit.op for edit in fix.edits}
    if not ops:
        raise UnfitError("it holds no edit of the record")
    if len(fix.edits) > 1 and (ops.intersection(DELETIONS) or ("replace-bytes" in ops and len(ops) > 1)):
        raise UnfitError(f"it mixes edits that do not go together: {', '.join(sorted(ops))}")
    if ops.intersection(DELETIONS):
        if "delete-line" in ops and page.raw.strip():
            raise UnfitError("the line is not blank")
        return _Plan(number, "deletion", fix.edits)
    in_bytes = "replace-bytes" in ops
    found = [_new_bytes(page, edit) for edit in fix.edits] if in_bytes else _value_splices(page, fix.edits)
    splices = sorted(s for s in found if page.raw[s[0] : s[1]] != s[2])
    if not splices:
        raise UnfitError("it changes nothing")
    if any(_overlap(a, b) for a, b in pairwise(splices)):
        raise UnfitError("its edits overlap")
    return _Plan(number, "bytes" if in_bytes else "values", fix.edits, tuple(splices))


def _new_bytes(page: _Page, edit: Edit) -> Splice:
    start, end = edit.span or (0, len(page.raw))
    if not 0 <= start <= end <= len(page.raw):
        raise UnfitError(f"bytes {start}:{end} are not in the line")
    try:
        return start, end, _text(edit).encode("latin-1")
    except UnicodeEncodeError:
        raise UnfitError("its new bytes are no bytes") from None


def _value_splices(page: _Page, edits: Sequence[Edit]) -> list[Splice]:
    splices: list[Splice] = []
    pointer = ""
    try:
        for edit in edits:
            pointer = edit.pointer
            if edit.op == "replace-text":
                splices.append(_replaced(page, edit))
            elif edit.op == "set":
                splices.extend(_set(page, edit))
            elif edit.op == "rename-key":
                splices.extend(_renamed(page, edit))
        gone = [edit.pointer for edit in edits if edit.op == "remove"]
        pointer = ", ".join(gone) or pointer
        splices.extend((start, end, b"") for start, end in page.index.cuts(gone))
    except KeyError:
        raise UnfitError(f"{pointer!r} is not there to be edited") from None
    except UnicodeEncodeError:
        raise UnfitError("its new text holds half a surrogate pair") from None
    return splices


def _replaced(page: _Page, edit: Edit) -> Splice:
    at = page.index.value(edit.pointer)
    if page.raw[at[0] : at[0] + 1] != b'"':
        raise UnfitError(f"the value at {edit.pointer!r} is not a text")
    if edit.span is None:
        start, end = at[0] + 1, at[1] - 1
    else:
        try:
            start, end = jsonspan.text_span(page.raw, at, edit.span)
        except ValueError as error:
            raise UnfitError(str(error)) from None
    return start, end, _inside(page, at, _text(edit))


def _set(page: _Page, edit: Edit) -> list[Splice]:
    start, end = page.index.value(edit.pointer)
    old = parse(page.raw[start:end])
    if isinstance(old, str) and isinstance(edit.value, str):
        first, last = shared_ends(old, edit.value)
        new = edit.value[first : len(edit.value) - last]
        return [_replaced(page, Edit("replace-text", edit.pointer, (first, len(old) - last), new))]
    try:
        literal = jsonspan.encode_value(edit.value, page.raw)
    except (TypeError, ValueError, RecursionError) as error:
        raise UnfitError(f"its new value is no JSON: {error}") from None
    return [(start, end, literal)] if parse(literal) != old else []


def _renamed(page: _Page, edit: Edit) -> list[Splice]:
    new = _text(edit)
    spans = page.index.keys(edit.pointer)
    if parse(page.raw[slice(*spans[-1])]) == new:
        return []
    return [(start + 1, end - 1, _inside(page, (start, end), new)) for start, end in spans]


def _inside(page: _Page, literal: tuple[int, int], new: str) -> bytes:
    return jsonspan.encode_text(new, page.raw[slice(*literal)], page.raw)


def _text(edit: Edit) -> str:
    value: Any = edit.value
    if not isinstance(value, str):
        raise UnfitError(f"{edit.op} needs a text, got {type(value).__name__}")
    return value
