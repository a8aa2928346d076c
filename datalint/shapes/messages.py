"""Conversations: ``messages``, ShareGPT's ``conversations``, a bare list, prompt and completion as messages."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial
from typing import Any

from datalint.shapes.building import ATTACHMENTS, Draft, DrawnShape, has_attachments
from datalint.shapes.chat import add_messages, dialect_of, is_answered, looks_like_messages, plain

_MEASURES = ("label", "solution", "ground_truth", "reward_model", "env_config")
SLOW = frozenset({"system", *ATTACHMENTS})  # keys beside a conversation that shape its layout


def lead(data: dict[str, Any], draft: Draft) -> tuple[int, ...]:
    """What stands beside a list of messages: attachments, and the system text, as a turn of its own."""
    draft.attachments = has_attachments(data)
    system = data.get("system")
    if type(system) is not str or not system.strip():
        return ()
    turn = draft.turn("system", "/system")
    draft.say(turn, "/system", system)
    return (turn,)


def quick_list(key: str, role: str, text: str, data: Any) -> tuple[Hashable, Sequence[str]] | None:
    """Texts and roles of a plain list of messages under ``key``."""
    return plain(data[key], role, text)


def _draw_list(key: str, rival: str, data: dict[str, Any], draft: Draft) -> None:
    items = data[key]
    if type(items) is not list:
        draft.mistyped(f"/{key}", key, items, "a list of messages")
        return
    if looks_like_messages(data.get(rival)):
        draft.problem("rival-keys", f"both `{key}` and `{rival}` hold a conversation", f"/{rival}")
    lead(data, draft)
    add_messages(draft, items, f"/{key}", dialect_of(items, sharegpt=key == "conversations"))


def _draw_bare(data: Any, draft: Draft) -> None:
    add_messages(draft, data, "", dialect_of(data))


def _draw_parts(keys: Sequence[str], data: dict[str, Any], draft: Draft) -> None:
    """One conversation, its beginning and its end under a key each."""
    lead(data, draft)
    for key in keys:
        if type(data[key]) is list:
            add_messages(draft, data[key], f"/{key}", dialect_of(data[key]))
        else:
            draft.mistyped(f"/{key}", key, data[key], "a list of messages")


def _has_message(keys: Sequence[str], data: dict[str, Any]) -> bool:
    return any(looks_like_messages(data[key]) for key in keys)


def _is_question(data: dict[str, Any]) -> bool:
    """Whether messages without an answer stand beside what an answer is measured by."""
    items = data["messages"]
    return looks_like_messages(items) and not is_answered(items) and any(data.get(k) is not None for k in _MEASURES)


SHAPES = (
    DrawnShape(
        "prompt-messages", "messages without an answer, beside a label, a solution or a reward", 68,
        ("messages", "label"), partial(_draw_parts, ("messages",)), fits=_is_question, open=True,
        heads=tuple(("messages", measure) for measure in _MEASURES),
    ),
    DrawnShape(
        "messages", "messages: [{role, content}, …], as OpenAI, TRL and most trainers read it", 70,
        ("messages",), partial(_draw_list, "messages", "conversations"),
        quick=partial(quick_list, "messages", "role", "content"), slow=SLOW | {"conversations"},
    ),
    DrawnShape(
        "sharegpt", "conversations: [{from, value}, …] with human and gpt, system and tools beside it", 80,
        ("conversations",), partial(_draw_list, "conversations", "messages"),
        quick=partial(quick_list, "conversations", "from", "value"), slow=SLOW | {"messages"},
    ),
    DrawnShape(
        "message-list", "a bare list of messages on each line", 82,
        (), _draw_bare, fits=looks_like_messages, quick=lambda data: plain(data, "role", "content"), takes=list,
    ),
    DrawnShape(
        "prompt-completion-chat", "prompt and completion, each a list of messages", 85,
        ("prompt", "completion"), partial(_draw_parts, ("prompt", "completion")),
        fits=partial(_has_message, ("prompt", "completion")),
    ),
    DrawnShape(
        "prompt-only-chat", "prompt: [{role, content}, …] without an answer", 200,
        ("prompt",), partial(_draw_parts, ("prompt",)), fits=partial(_has_message, ("prompt",)), open=True,
    ),
)  # fmt: skip
