"""Conversations: ``messages``, ShareGPT's ``conversations``, a bare list of messages, prompt and completion as messages."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from datalint.shapes.building import ATTACHMENTS, Draft, DrawnShape, has_attachments
from datalint.shapes.chat import add_messages, dialect_of, looks_like_messages, plain
from datalint.shapes.roles import OPENAI

_SLOW = frozenset({"system", *ATTACHMENTS})


def _quick_messages(data: Any) -> tuple[Hashable, Sequence[str]] | None:
    return plain(data["messages"], "role", "content")


def _quick_sharegpt(data: Any) -> tuple[Hashable, Sequence[str]] | None:
    return plain(data["conversations"], "from", "value")


def _quick_list(data: Any) -> tuple[Hashable, Sequence[str]] | None:
    return plain(data, "role", "content") if data else None


def lead(data: dict[str, Any], draft: Draft) -> tuple[int, ...]:
    """The system text beside a list of messages, as a turn of its own."""
    draft.attachments = has_attachments(data)
    system = data.get("system")
    if type(system) is not str or not system.strip():
        return ()
    turn = draft.turn("system", "/system")
    draft.say(turn, "/system", system)
    return (turn,)


def _draw_list(key: str, rival: str, data: dict[str, Any], draft: Draft) -> bool:
    items = data[key]
    if type(items) is not list:
        draft.mistyped(f"/{key}", key, items, "a list of messages")
        return True
    if items and all(type(m) is list for m in items):
        return False
    if looks_like_messages(data.get(rival)):
        draft.problem("rival-keys", f"both `{key}` and `{rival}` hold a conversation", f"/{rival}")
    lead(data, draft)
    add_messages(draft, items, f"/{key}", dialect_of(items, sharegpt=key == "conversations"))
    return True


def _draw_messages(data: dict[str, Any], draft: Draft) -> bool:
    return _draw_list("messages", "conversations", data, draft)


def _draw_sharegpt(data: dict[str, Any], draft: Draft) -> bool:
    return _draw_list("conversations", "messages", data, draft)


def _draw_bare(data: Any, draft: Draft) -> bool:
    if not looks_like_messages(data):
        return False
    add_messages(draft, data, "", dialect_of(data))
    return True


def _draw_prompt_completion(data: dict[str, Any], draft: Draft) -> bool:
    if not looks_like_messages(data["prompt"]) and not looks_like_messages(data["completion"]):
        return False
    draft.attachments = has_attachments(data)
    for key in ("prompt", "completion"):
        if type(data[key]) is list:
            add_messages(draft, data[key], f"/{key}", dialect_of(data[key]))
        else:
            draft.mistyped(f"/{key}", key, data[key], "a list of messages")
    return True


def _draw_prompt(data: dict[str, Any], draft: Draft) -> bool:
    if not looks_like_messages(data["prompt"]):
        return False
    draft.attachments = has_attachments(data)
    add_messages(draft, data["prompt"], "/prompt", dialect_of(data["prompt"]))
    return True


def _draw_classification(data: dict[str, Any], draft: Draft) -> bool:
    items, label = data["messages"], data["label"]
    if not looks_like_messages(items) or type(label) not in (int, float, str, list):
        return False
    dialect = dialect_of(items)
    last = items[-1]
    if type(last) is not dict or OPENAI.roles.get(str(last.get(dialect.role))) == "assistant":
        return False
    lead(data, draft)
    add_messages(draft, items, "/messages", dialect)
    return True


SHAPES = (
    DrawnShape("classification", "messages without an answer, and a label", 68, ("messages", "label"), _draw_classification),
    DrawnShape(
        "messages", "messages: [{role, content}, …], as OpenAI, TRL and most trainers read it", 70,
        ("messages",), _draw_messages, quick=_quick_messages, slow=_SLOW | {"conversations"},
    ),
    DrawnShape(
        "sharegpt", "conversations: [{from, value}, …] with human and gpt, system and tools beside it", 80,
        ("conversations",), _draw_sharegpt, quick=_quick_sharegpt, slow=_SLOW | {"messages"},
    ),
    DrawnShape("message-list", "a bare list of messages on each line", 82, (), _draw_bare, quick=_quick_list, takes=list),
    DrawnShape(
        "prompt-completion-chat", "prompt and completion, each a list of messages", 85,
        ("prompt", "completion"), _draw_prompt_completion,
    ),
    DrawnShape("prompt-only-chat", "prompt: [{role, content}, …] without an answer", 200, ("prompt",), _draw_prompt),
)  # fmt: skip
