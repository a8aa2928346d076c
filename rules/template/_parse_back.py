"""Fixes for rendered text: the messages it was made of, put back where the record has places for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from datalint_rules.template._rendered import Part, Rendering

from datalint import Edit, Fix, Message, Record

_PLAIN = ("system", "user", "assistant")
_OPENAI = {role: role for role in _PLAIN}
_SHAREGPT = {"system": "system", "user": "human", "assistant": "gpt"}
_TITLE = "parse the text back into messages"


def parsed_back(record: Record, found: Mapping[int, Rendering]) -> Fix | None:
    """The fix for a record of which the messages in the slots ``found`` are rendered. None where it would lose something."""
    if any(r.parts is None for r in found.values()):
        return None
    return _unwrapped(record, found) or _listed(record, found) or _filed(record, found)


def _unwrapped(record: Record, found: Mapping[int, Rendering]) -> Fix | None:
    """Every text is one turn of the very role it has."""
    edits: list[Edit] = []
    for slot, rendering in found.items():
        message, parts = record.message(slot), _closed(rendering.parts or ())
        if len(parts) != 1 or parts[0].role != message.role:
            return None
        edits += _replaced(message, parts[0].text)
    return Fix(_TITLE, "unsafe", tuple(edits)) if edits else None


def _closed(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The turns without the empty one that a prompt ends with."""
    last = parts[-1] if parts else None
    return tuple(parts[:-1] if last is not None and last.open and not last.text.strip() and len(parts) > 1 else parts)


def _replaced(message: Message, text: str) -> list[Edit]:
    return list(message.replace([((0, len(message.text)), text)], "").edits)


def _listed(record: Record, found: Mapping[int, Rendering]) -> Fix | None:
    """A list of plain messages: each rendered one becomes the turns it holds."""
    turns = record.layout.turns
    heads = {t.pointer.rpartition("/")[0] for t in turns}
    if len(heads) != 1 or len(record.layout.conversations) != 1 or not all(t.removable for t in turns):
        return None
    pointer = heads.pop()
    items = _at(record.data, pointer)
    if type(items) is not list or not items or len(items) != len(turns) or not all(_is_plain(i) for i in items):
        return None
    made: list[dict[str, str]] = []
    for n, (turn, item) in enumerate(zip(turns, items, strict=True)):
        rendering = found.get(turn.slots[0])
        if rendering is None:
            made.append(item)
            continue
        for part in _turns(rendering, answered=n + 1 < len(turns) and turns[n + 1].role == "assistant"):
            if part.role not in _PLAIN:
                return None
            made.append(_item(part, item))
    return Fix(_TITLE, "unsafe", (Edit("set", pointer, value=made),)) if _takes_turns(made) else None


def _turns(rendering: Rendering, *, answered: bool) -> tuple[Part, ...]:
    parts = rendering.parts or ()
    merged: list[Part] = []
    for part in _closed(parts) if answered else parts:
        if part.role == "input":
            merged[-1] = merged[-1]._replace(text=f"{merged[-1].text}\n\n{part.text}")
        else:
            merged.append(part)
    return tuple(merged)


def _is_plain(item: Any) -> bool:
    return (
        type(item) is dict
        and set(item) in ({"role", "content"}, {"from", "value"})
        and all(type(v) is str for v in item.values())
    )


def _item(part: Part, like: Mapping[str, str]) -> dict[str, str]:
    """A message written as ``like`` is, keys in the same order."""
    sharegpt = "from" in like
    role, key = ("from", "value") if sharegpt else ("role", "content")
    spoken = _SHAREGPT if sharegpt and like["from"] not in _OPENAI else _OPENAI
    values = {role: spoken[part.role], key: part.text}
    return {k: values[k] for k in like}


def _takes_turns(items: Sequence[Mapping[str, str]]) -> bool:
    """Whether the messages are what a conversation should be: system first, then one after the other, none empty."""
    roles = [_role(i) for i in items]
    rest = roles[1:] if roles and roles[0] == "system" else roles
    wanted = ["user", "assistant"] * len(rest)
    return (
        bool(rest)
        and rest == wanted[: len(rest)]
        and all((i.get("content") or i.get("value") or "").strip() for i in items)
    )


def _role(item: Mapping[str, str]) -> str:
    spoken = item.get("role") or item.get("from") or ""
    return {"human": "user", "gpt": "assistant"}.get(spoken, spoken)


def _filed(record: Record, found: Mapping[int, Rendering]) -> Fix | None:
    """Fields for instruction, input and output: one rendered exchange goes back into them."""
    ((slot, rendering), *more) = found.items()
    message = record.message(slot)
    if more or message.role != "user" or type(record.data) is not dict or message.pointer.count("/") != 1:
        return None
    fields = {m.pointer: m for m in record.messages}
    parts = {p.role: p for p in rendering.parts or ()}
    if (
        len(parts) != len(rendering.parts or ())
        or not set(parts) <= {"system", "user", "input", "assistant"}
        or "user" not in parts
    ):
        return None
    edits = _replaced(message, parts["user"].text)
    answers = [m for m in record.messages if m.role == "assistant"]
    for role, places in (
        ("system", [m for m in record.messages if m.role == "system"]),
        ("input", [fields["/input"]] if "/input" in fields and message.pointer != "/input" else []),
        ("assistant", answers),
    ):
        said = parts[role].text.strip() if role in parts else ""
        if not said:
            continue
        if len(places) != 1 or places[0].text.strip() not in ("", said):
            return None
        edits += _replaced(places[0], said)
    return Fix(_TITLE, "unsafe", tuple(edits))


def _at(data: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        data = data[int(token)] if type(data) is list else data[token]
    return data
