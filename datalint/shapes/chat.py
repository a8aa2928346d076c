"""Lists of messages: ``role`` and ``content``, or ``from`` and ``value``; parts, calls and reasoning in them."""

from __future__ import annotations

from typing import Any

from datalint.shapes.building import ATTACHMENTS, Draft
from datalint.shapes.roles import BLEND, CALLERS, OPENAI, SHAREGPT, Dialect, alias_of

REASONING_KEYS = ("reasoning_content", "reasoning", "thinking")
CALL_KEYS = ("tool_calls", "function_call")
# Keys beside role and text that change nothing in the layout.
HARMLESS = frozenset({
    "role", "content", "from", "value", "name", "id", "weight", "loss", "loss_weight", "train", "train_detail",
    "tool_call_id", "prefix", "recipient", "end_turn", "timestamp",
})  # fmt: skip
_SAYING = frozenset({"content", *CALL_KEYS, *REASONING_KEYS})
_ATTACHMENTS = frozenset(ATTACHMENTS)
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
    """Whether ``value`` is a list that begins with an object that has a role, and a text or a call."""
    if type(value) is not list or not value or type(value[0]) is not dict:
        return False
    first = value[0]
    return ("role" in first and not _SAYING.isdisjoint(first)) or ("from" in first and "value" in first)


def is_answered(items: list[Any]) -> bool:
    """Whether the last message is the assistant's."""
    dialect = dialect_of(items)
    last = items[-1]
    return type(last) is dict and dialect.roles.get(str(last.get(dialect.role))) == "assistant"


def plain(items: Any, role: str, text: str) -> tuple[tuple[Any, ...], list[str]] | None:
    """Roles and texts of a list in which every message is no more than that, None for all other values. The role of a
    message whose text is a lone part comes with the key it lies under."""
    if type(items) is not list:
        return None
    roles: list[Any] = []
    texts: list[str] = []
    try:
        for message in items:
            said = message[text]
            if len(message) != 2 and not HARMLESS.issuperset(message):
                return None
            if type(said) is str:
                roles.append(message[role])
            else:
                (part,) = said
                if type(said) is not list or part["type"] != "text":
                    return None
                key = "value" if "value" in part else "text"
                said = part[key]
                if len(part) != 2 or type(said) is not str:
                    return None
                roles.append((message[role], key))
            texts.append(said)
    except (KeyError, TypeError, ValueError):
        return None
    return tuple(roles), texts


def add_messages(
    draft: Draft, items: list[Any], pointer: str, dialect: Dialect, *, rejected: bool = False
) -> tuple[int, ...]:
    """Add a list of messages; gives the numbers of their turns. ``rejected`` marks the assistant's turns."""
    added = []
    for i, item in enumerate(items):
        turn = add_message(draft, item, f"{pointer}/{i}", dialect, rejected=rejected)
        if turn is not None:
            added.append(turn)
    return tuple(added)


def add_message(draft: Draft, item: Any, pointer: str, dialect: Dialect, *, rejected: bool = False) -> int | None:
    """Add one message; gives the number of its turn, None if it is no message at all."""
    if type(item) is not dict:
        draft.problem("wrong-type", "the message is no object", pointer)
        return None
    role, spoken = _role(draft, item, pointer, dialect)
    more = (len(item) != 2 or dialect.text not in item) and not HARMLESS.issuperset(item)
    turn = draft.turn(
        role,
        pointer,
        calls=spoken in CALLERS or (more and any(item.get(k) for k in CALL_KEYS)),
        attached=more and not _ATTACHMENTS.isdisjoint(item) and any(item.get(k) for k in ATTACHMENTS),
        rejected=rejected and role == "assistant",
        spoken=spoken,
    )
    silent = False
    for key in REASONING_KEYS if more else ():
        if type(item.get(key)) is str:
            draft.say(turn, f"{pointer}/{key}", item[key], kind="reasoning")
            silent = True
    _content(draft, item, turn, pointer, dialect.text, called=spoken in CALLERS, silent=silent)
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


def _content(
    draft: Draft, item: dict[str, Any], turn: int, pointer: str, key: str, *, called: bool, silent: bool
) -> None:
    """The texts of a message. ``called``: they call a tool; ``silent``: it has reasoned, so it may lack a text."""
    content = item.get(key)
    place = f"{pointer}/{key}"
    if type(content) is str:
        draft.say(turn, place, content, role="tool" if called else "")
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
    kind = kind if type(kind) is str else ""
    if kind in _TEXT_PARTS or kind in _REASONING_PARTS:
        for key in _TEXT_KEYS:
            if type(part.get(key)) is str:
                draft.say(turn, f"{pointer}/{key}", part[key], kind="content" if kind in _TEXT_PARTS else "reasoning")
                return "text"
        draft.problem("missing-field", f"the {kind} part has no text", pointer)
        return "text"
    if kind in _CALL_PARTS:
        draft.mark(turn, calls=True)
        return "call"
    if kind in _RESULT_PARTS:
        _result(draft, part, turn, pointer)
        return "result"
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
