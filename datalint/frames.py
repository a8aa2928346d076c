"""The frame around a finding: the turn it is in and the turn before, or the raw JSON where there is no conversation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from datalint.masking import Masks
from datalint.model import Span, Turn
from datalint.report import Located
from datalint.terminal import Look, Row, clip, count, excerpt, text_width
from datalint.views import Record

AROUND = 34  # characters of raw JSON on each side
LABEL = 30  # columns of a role at most
OPENING = 2  # turns that stand for a whole record


class Part(NamedTuple):
    """One line of a frame. ``label`` names the turn; ``mark`` underlines the text, ``mark_label`` the label."""

    label: str
    text: str
    mark: str = ""
    mark_label: bool = False


class Frame(NamedTuple):
    """Lines to show. ``number``: the line number that belongs to raw JSON."""

    parts: tuple[Part, ...] = ()
    number: str = ""


class _Target(NamedTuple):
    """What of a turn was found: a text of it (``slot``), or the turn and its role as such."""

    turn: int
    slot: int | None


def frame(found: Located, look: Look, width: int) -> Frame:
    """The frame of a finding in ``width`` columns; empty where there is nothing that may be shown."""
    record = found.record
    if record is None or (found.sensitive and found.raw_span is None):
        return Frame()
    if not found.on_bytes:
        target = _target(record, found.pointer or "")
        if target is not None:
            return Frame(tuple(_conversation(record, found, target, look, width)))
        if _whole(record, found.pointer):
            return Frame(tuple(_opening(record, found, look, width)))
    return Frame(tuple(_raw(record, found, look, width)), str(found.line))


def whole(record: Record, masks: Masks, look: Look, width: int, most: int) -> Frame:
    """The whole conversation, of each text at most so many lines; the start of the raw JSON where there is none."""
    turns = range(len(record.layout.turns))
    if not turns:
        text = masks.text(record.raw.decode("utf-8", "surrogateescape"))
        return Frame((Part("", clip(text, width, look)),))
    room = width - max(text_width(_label(record, n, look)) for n in turns)
    return Frame(tuple(part for n in turns for part in _turn(record, n, masks, look, room, most)))


def _turn(record: Record, turn: int, masks: Masks, look: Look, room: int, most: int) -> Iterator[Part]:
    label = _label(record, turn, look)
    slots = [s for s in record.layout.turns[turn].slots if record.texts[s]]
    if not slots:
        yield _empty(record, turn, look)
    for slot in slots:
        lines = masks.text(record.texts[slot]).split("\n")
        for line in lines[:most]:
            yield Part(label, clip(line, room, look))
            label = ""
        if len(lines) > most:
            yield Part("", look.paint(f"{look.ellipsis} {count(len(lines) - most, 'more line')}", dim=True))


def _empty(record: Record, turn: int, look: Look) -> Part:
    calls = record.layout.turns[turn].calls
    return Part(_label(record, turn, look), look.paint("(calls a tool)" if calls else "(no text)", dim=True))


def _target(record: Record, pointer: str) -> _Target | None:
    layout = record.layout
    for n, slot in enumerate(layout.slots):
        if slot.pointer == pointer:
            return _Target(slot.turn, n)
    for n, turn in enumerate(layout.turns):
        if pointer and pointer in (turn.pointer, _role_pointer(record, turn)):
            return _Target(n, None)
    return None


def _role_pointer(record: Record, turn: Turn) -> str:
    """Pointer of the key whose value is the role of the turn, "" if the shape has none."""
    if not turn.spoken_role or not turn.pointer:
        return ""
    value = record.data
    for token in turn.pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    keys = [k for k, v in value.items() if v == turn.spoken_role] if isinstance(value, dict) else []
    return f"{turn.pointer}/{keys[0]}" if keys else ""


def _whole(record: Record, pointer: str | None) -> bool:
    """Whether the finding is on the record as such, or on the list that holds its turns."""
    turns = record.layout.turns
    return bool(turns) and (not pointer or any(t.pointer.startswith(pointer + "/") for t in turns))


def _conversation(record: Record, found: Located, target: _Target, look: Look, width: int) -> Iterator[Part]:
    before = _before(record, target.turn)
    turns = [target.turn] if before is None else [before, target.turn]
    wide = max(text_width(_label(record, n, look)) for n in turns)
    room = width - wide
    if before is not None:
        yield from _first_lines(record, before, found, look, room)
    if target.slot is None:
        parts = list(_first_lines(record, target.turn, found, look, room))
        yield parts[0]._replace(mark_label=True)
        yield from parts[1:]
        return
    text = found.masks.same_length(record.texts[target.slot])
    span = found.span if found.span is not None else (0, len(text))
    label = _label(record, target.turn, look, target.slot)
    for row in excerpt(text, span, room, look):
        yield Part(label, row.text, row.mark)
        label = ""


def _opening(record: Record, found: Located, look: Look, width: int) -> Iterator[Part]:
    turns = range(len(record.layout.turns))[:OPENING]
    room = width - max(text_width(_label(record, n, look)) for n in turns)
    for n in turns:
        yield from _first_lines(record, n, found, look, room)


def _first_lines(record: Record, turn: int, found: Located, look: Look, room: int) -> Iterator[Part]:
    """The first line of each text of a turn."""
    slots = [s for s in record.layout.turns[turn].slots if record.texts[s]]
    label = _label(record, turn, look)
    if not slots:
        yield _empty(record, turn, look)
    for slot in slots:
        row = _first_line(found.masks.same_length(record.texts[slot]), room, look)
        yield Part(label, row.text)
        label = ""


def _first_line(text: str, room: int, look: Look) -> Row:
    row = excerpt(text, None, room - len(look.ellipsis), look, around=0)[0]
    more = "\n" in text.rstrip("\n") and not row.text.endswith(look.ellipsis)
    return Row(row.text + look.ellipsis) if more else row


def _before(record: Record, turn: int) -> int | None:
    """The turn before, in the first branch that holds this one."""
    for branch in record.layout.conversations:
        if turn in branch:
            at = branch.index(turn)
            return branch[at - 1] if at else None
    return None


def _label(record: Record, number: int, look: Look, slot: int | None = None) -> str:
    turn = record.layout.turns[number]
    reasoning = slot is not None and record.layout.slots[slot].kind == "reasoning"
    said = clip(turn.spoken_role or turn.role, LABEL, look)
    return said + (" (rejected)" if turn.rejected else "") + (" (reasoning)" if reasoning else "") + ": "


def _raw(record: Record, found: Located, look: Look, width: int) -> Iterator[Part]:
    raw = record.raw if found.raw_span is not None else record.raw.rstrip(b"\r")
    start, end = found.raw_span if found.raw_span is not None else (0, len(raw))
    text = raw.decode("utf-8", "surrogateescape")
    span: Span = (_points(raw[:start]), _points(raw[:end]))
    room = min(width, 2 * AROUND + min(span[1] - span[0], AROUND))
    for row in excerpt(found.masks.same_length(text), span, room, look, around=0):
        yield Part("", row.text, row.mark)


def _points(raw: bytes) -> int:
    return len(raw.decode("utf-8", "surrogateescape"))
