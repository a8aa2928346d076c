"""Lists of messages: role and text under ``role``/``content`` or ``from``/``value``, with parts, calls and reasoning."""

from __future__ import annotations

from typing import Any

from datalint.shapes.building import ATTACHMENTS, Draft
from datalint.shapes.roles import BLEND, CALLERS, OPENAI, SHAREGPT, Dialect, alias_of

REASONING_KEYS = ("reasoning_content", "reasoning", "thinking")
CALL_KEYS = ("tool_calls", "function_call")
# Keys beside role and text that change nothing in the layout.
HARMLESS = frozenset({
    "role", "content", "from", "value", "name", "id", "weight", "loss", "loss_weight", "train", "train_detail", "tool_call_id",
    "prefix", "recipient", "end_turn", "timestamp",
})  # fmt: skip
_TEXT_PARTS = frozenset({"text", "input_text", "output_text", "refusal"})
_REASONING_PARTS = frozenset({"reasoning", "thinking"})
_CALL_PARTS = frozenset({"tool_use", "tool_call", "function", "function_call"})
_RESULT_PARTS = frozenset({"tool_result", "tool_response", "function_call_output"})
_TEXT_KEYS = ("text", "value", "thinking", "reasoning", "refusal", "content")


def dialect_of(items: list[Any], *, sharegpt: bool = False) -> Dialect:
    """The dialect of a list of messages, told by its first object. ``sharegpt``: where both would do, and how freely
    roles are taken."""
    first = next((m for m in items if type(m) is dict), {})
    whole = "role" in first and "content" in first
    if "from" in first and "value" in first and (sharegpt or not whole):
        return SHAREGPT
    if "role" in first or "content" in first:
        return BLEND if sharegpt else OPENAI
    return SHAREGPT if sharegpt or "from" in first else OPENAI


def looks_like_messages(value: Any) -> bool:
    """Whether ``value`` is a list that begins with a message."""
    return type(value) is list and bool(value) and is_message(value[0])


def is_message(value: Any) -> bool:
    """Whether ``value`` is an object with a role or a text under the usual keys."""
    return type(value) is dict and ("role" in value or "from" in value) and ("content" in value or "value" in value or any(k in value for k in CALL_KEYS))  # fmt: skip


def plain(items: Any, role: str, text: str) -> tuple[tuple[Any, ...], list[str]] | None:
    """Roles and texts of a list in which every message is no more than that, None for all other values."""
    if type(items) is not list:
        return None
    try:
        texts = [m[text] for m in items]
        roles = tuple([m[role] for m in items])
        for m in items:
            if len(m) != 2 and not HARMLESS.issuperset(m):
                return None
        for t in texts:
            if type(t) is not str:
                return None
        hash(roles)
    except (KeyError, TypeError):
        return None
    return roles, texts


def add_messages(
    draft: Draft, items: list[Any], pointer: str, dialect: Dialect, *, rejected: bool = False
) -> tuple[int, ...]:
    """Add a list of messages; gives the numbers of their turns. ``rejected`` marks the assistant's turns."""
    added = (add_message(draft, m, f"{pointer}/{i}", dialect, rejected=rejected) for i, m in enumerate(items))
    return tuple(t for t in added if t is not None)


def add_message(draft: Draft, item: Any, pointer: str, dialect: Dialect, *, rejected: bool = False) -> int | None:
    """Add one message; gives the number of its turn, None if it is no message at all."""
    if type(item) is not dict:
        draft.problem("wrong-type", "the message is no object", pointer)
        return None
    role, spoken = _role(draft, item, pointer, dialect)
    turn = draft.turn(
        role,
        pointer,
        calls=spoken in CALLERS or any(item.get(k) for k in CALL_KEYS),
        attached=any(item.get(k) for k in ATTACHMENTS),
        rejected=rejected and role == "assistant",
        spoken=spoken,
    )
    reasons = False
    for key in REASONING_KEYS:
        if type(item.get(key)) is str:
            draft.say(turn, f"{pointer}/{key}", item[key], kind="reasoning")
            reasons = True
    _content(draft, item, turn, pointer, dialect, silent=reasons)
    return turn


def _role(draft: Draft, item: dict[str, Any], pointer: str, dialect: Dialect) -> tuple[str, str]:
    spoken = item.get(dialect.role)
    if type(spoken) is str:
        role = dialect.roles.get(spoken)
        if role is not None:
            return role, spoken
        meant = alias_of(spoken)
        hint = dialect.spelling.get(meant, meant)
        told = f"; `{hint}` is meant" if hint else ""
        draft.problem("unknown-role", f"unknown role `{spoken[:40]}`{told}", f"{pointer}/{dialect.role}", hint)
        return meant or ("assistant" if spoken in CALLERS else "unknown"), spoken
    if dialect.role in item:
        draft.mistyped(f"{pointer}/{dialect.role}", dialect.role, spoken, "a string")
    else:
        draft.problem("missing-field", f"the message has no `{dialect.role}`", pointer)
    return "unknown", ""


def _content(draft: Draft, item: dict[str, Any], turn: int, pointer: str, dialect: Dialect, *, silent: bool) -> None:
    """The texts of a message. ``silent``: it has said something elsewhere, so it may lack a text here."""
    key = dialect.text
    content = item.get(key)
    place = f"{pointer}/{key}"
    if type(content) is str:
        draft.say(turn, place, content, role="tool" if item.get(dialect.role) in CALLERS else "")
    elif type(content) is list:
        _parts(draft, content, turn, place)
    elif content is not None:
        draft.mistyped(place, key, content, "a string")
    elif type(item.get("refusal")) is str:
        draft.say(turn, f"{pointer}/refusal", item["refusal"])
    elif silent or any(item.get(k) for k in (*CALL_KEYS, *ATTACHMENTS)):
        return
    elif key in item:
        draft.mistyped(place, key, None, "a string")
    else:
        draft.problem("missing-field", f"the message has no `{key}`", pointer)


def _parts(draft: Draft, parts: list[Any], turn: int, pointer: str) -> None:
    kinds = [_part(draft, part, turn, f"{pointer}/{j}") for j, part in enumerate(parts)]
    if kinds and all(kind == "result" for kind in kinds):
        draft.mark(turn, role="tool")


def _part(draft: Draft, part: Any, turn: int, pointer: str) -> str:
    """Add one part of a message; says what it was."""
    if type(part) is str:
        draft.say(turn, pointer, part)
        return "text"
    if type(part) is not dict:
        draft.problem("wrong-type", "the part of the message is neither an object nor a string", pointer)
        return "odd"
    kind = part.get("type", "text")
    if kind in _CALL_PARTS:
        draft.mark(turn, calls=True)
        return "call"
    if kind in _RESULT_PARTS:
        _result(draft, part, turn, pointer)
        return "result"
    key = next((k for k in _TEXT_KEYS if type(part.get(k)) is str), None)
    if kind in _TEXT_PARTS or kind in _REASONING_PARTS:
        if key is None:
            draft.problem("missing-field", f"the {kind} part has no text", pointer)
        else:
            draft.say(turn, f"{pointer}/{key}", part[key], kind="reasoning" if kind in _REASONING_PARTS else "content")
        return "text"
    draft.mark(turn, attached=True)
    return "attachment"


def _result(draft: Draft, part: dict[str, Any], turn: int, pointer: str) -> None:
    for key in ("content", "output", "text", "value"):
        value = part.get(key)
        if type(value) is str:
            draft.say(turn, f"{pointer}/{key}", value, role="tool")
            return
        if type(value) is list:
            for j, inner in enumerate(value):
                if type(inner) is dict and type(inner.get("text")) is str:
                    draft.say(turn, f"{pointer}/{key}/{j}/text", inner["text"], role="tool")
                else:
                    draft.mark(turn, attached=True)
            return
    draft.mark(turn, attached=True)
