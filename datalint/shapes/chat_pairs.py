"""Preferences among conversations: two sides of messages, or one conversation with a verdict."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from datalint.shapes.building import ATTACHMENTS, Draft, DrawnShape, has_attachments
from datalint.shapes.chat import add_message, add_messages, dialect_of, is_message, looks_like_messages, plain
from datalint.shapes.messages import lead

_SLOW = frozenset({"system", *ATTACHMENTS})
_TEXT_KEYS = {"from": "value", "role": "content"}


# ---- one prompt, two answers ----


def _side(draft: Draft, value: Any, pointer: str, *, sharegpt: bool, rejected: bool) -> tuple[int, ...]:
    """The turns of one answer: a message, a list of messages, or a text."""
    if type(value) is str:
        turn = draft.turn("assistant", pointer, rejected=rejected)
        draft.say(turn, pointer, value)
        return (turn,)
    if type(value) is dict:
        turn_or_none = add_message(draft, value, pointer, dialect_of([value], sharegpt=sharegpt), rejected=rejected)
        return (turn_or_none,) if turn_or_none is not None else ()
    if type(value) is list:
        return add_messages(draft, value, pointer, dialect_of(value, sharegpt=sharegpt), rejected=rejected)
    draft.mistyped(pointer, pointer.rpartition("/")[2], value, "a message")
    return ()


def _two_sides(draft: Draft, before: tuple[int, ...], data: dict[str, Any], chosen: str, rejected: str, *, sharegpt: bool) -> None:  # fmt: skip
    one = _side(draft, data.get(chosen), f"/{chosen}", sharegpt=sharegpt, rejected=False)
    other = _side(draft, data.get(rejected), f"/{rejected}", sharegpt=sharegpt, rejected=True)
    draft.conversations = [before + one, before + other]


def _draw_explicit(data: dict[str, Any], draft: Draft) -> bool:
    if not looks_like_messages(data["prompt"]):
        return False
    before = lead(data, draft) + add_messages(draft, data["prompt"], "/prompt", dialect_of(data["prompt"]))
    _two_sides(draft, before, data, "chosen", "rejected", sharegpt=False)
    return True


def _draw_beside(key: str, data: dict[str, Any], draft: Draft) -> bool:
    """LLaMA-Factory: the answers stand beside the conversation."""
    if type(data[key]) is not list or any(type(data.get(k)) is list and not looks_like_messages(data[key]) for k in ("chosen", "rejected")):  # fmt: skip
        return False
    if not any(type(data[k]) in (dict, str) for k in ("chosen", "rejected")):
        return False
    sharegpt = key == "conversations"
    before = lead(data, draft) + add_messages(draft, data[key], f"/{key}", dialect_of(data[key], sharegpt=sharegpt))
    _two_sides(draft, before, data, "chosen", "rejected", sharegpt=sharegpt)
    return True


def _draw_conversations(data: dict[str, Any], draft: Draft) -> bool:
    return _draw_beside("conversations", data, draft)


def _draw_messages(data: dict[str, Any], draft: Draft) -> bool:
    return _draw_beside("messages", data, draft)


def _quick_conversations(data: Any) -> tuple[Hashable, Sequence[str]] | None:
    return _quick_sides(data, "conversations", "from", "value")


def _quick_messages(data: Any) -> tuple[Hashable, Sequence[str]] | None:
    return _quick_sides(data, "messages", "role", "content")


def _quick_sides(data: Any, key: str, role: str, text: str) -> tuple[Hashable, Sequence[str]] | None:
    chosen, rejected = data["chosen"], data["rejected"]
    if type(chosen) is not dict or type(rejected) is not dict:
        return None
    found = plain(data[key], role, text)
    answers = plain([chosen, rejected], role, text)
    if found is None or answers is None:
        return None
    found[1].extend(answers[1])
    return (found[0], answers[0]), found[1]


def _draw_openai(data: dict[str, Any], draft: Draft) -> bool:
    before: tuple[int, ...] = ()
    prompt = data["input"]
    if type(prompt) is dict and type(prompt.get("messages")) is list:
        before = add_messages(draft, prompt["messages"], "/input/messages", dialect_of(prompt["messages"]))
    else:
        draft.mistyped("/input", "input", prompt, "an object with `messages`")
    _two_sides(draft, before, data, "preferred_output", "non_preferred_output", sharegpt=False)
    return True


def _draw_rejected_response(data: dict[str, Any], draft: Draft) -> bool:
    """ms-swift: the answer of the conversation is the better one, the worse one stands beside it."""
    if not looks_like_messages(data["messages"]):
        return False
    before = lead(data, draft)
    turns = before + add_messages(draft, data["messages"], "/messages", dialect_of(data["messages"]))
    worse = _side(draft, data["rejected_response"], "/rejected_response", sharegpt=False, rejected=True)
    draft.conversations = [turns, turns[:-1] + worse]
    return True


# ---- two whole conversations ----


def _draw_sides(chosen: str, rejected: str, data: dict[str, Any], draft: Draft) -> bool:
    one, other = data[chosen], data[rejected]
    if not looks_like_messages(one) or not looks_like_messages(other):
        return False
    draft.attachments = has_attachments(data)
    shared = one[:-1] == other[:-1]
    before = lead(data, draft)
    turns = add_messages(draft, one, f"/{chosen}", dialect_of(one))
    start = len(other) - 1 if shared and len(turns) == len(one) else 0
    dialect = dialect_of(other)
    added = (
        add_message(draft, m, f"/{rejected}/{i}", dialect, rejected=i == len(other) - 1)
        for i, m in enumerate(other)
        if i >= start
    )
    rest = tuple(t for t in added if t is not None)
    draft.conversations = [before + turns, before + (turns[:start] if start else ()) + rest]
    return True


def _draw_implicit(data: dict[str, Any], draft: Draft) -> bool:
    return _draw_sides("chosen", "rejected", data, draft)


def _draw_named(data: dict[str, Any], draft: Draft) -> bool:
    return _draw_sides("chosen_messages", "rejected_messages", data, draft)


def _draw_transcripts(data: dict[str, Any], draft: Draft) -> bool:
    sides = (data["chosen"], data["rejected"])
    if not all(type(s) is str and _is_transcript(s) for s in sides):
        return False
    for key, text in zip(("chosen", "rejected"), sides, strict=True):
        turn = draft.turn("text", f"/{key}", rejected=key == "rejected")
        draft.say(turn, f"/{key}", text)
    draft.conversations = [(0,), (1,)]
    return True


def _is_transcript(text: str) -> bool:
    return "\n\nAssistant:" in text and text.lstrip().startswith("Human:")


# ---- one conversation with a verdict ----


def _draw_verdict(label: str, key: str, data: dict[str, Any], draft: Draft) -> bool:
    items, verdict = data[key], data[label]
    if not looks_like_messages(items):
        return False
    is_verdict = type(verdict) is bool or (type(verdict) is int and verdict in (0, 1))
    if not is_verdict and label == "label":
        return False
    dialect = dialect_of(items, sharegpt=key == "conversations")
    last = items[-1]
    if label == "label" and not (is_message(last) and dialect.roles.get(str(last.get(dialect.role))) == "assistant"):
        return False
    if not is_verdict:
        draft.mistyped(f"/{label}", label, verdict, "true or false")
    lead(data, draft)
    add_messages(draft, items[:-1], f"/{key}", dialect)
    add_message(draft, last, f"/{key}/{len(items) - 1}", dialect, rejected=is_verdict and not verdict)
    return True


def _draw_label(data: dict[str, Any], draft: Draft) -> bool:
    return _draw_verdict("label", "messages", data, draft)


def _draw_tag(data: dict[str, Any], draft: Draft) -> bool:
    return _draw_verdict("kto_tag", "conversations" if "conversations" in data else "messages", data, draft)


def _quick_label(data: Any) -> tuple[Hashable, Sequence[str]] | None:
    found = plain(data["messages"], "role", "content")
    label = data["label"]
    return ((found[0], label), found[1]) if found is not None and type(label) is bool else None


def _draw_kto(data: dict[str, Any], draft: Draft) -> bool:
    label = data["label"]
    if not (type(label) is bool or (type(label) is int and label in (0, 1))):
        return False
    if not looks_like_messages(data["prompt"]) or not looks_like_messages(data["completion"]):
        return False
    draft.attachments = has_attachments(data)
    add_messages(draft, data["prompt"], "/prompt", dialect_of(data["prompt"]))
    add_messages(draft, data["completion"], "/completion", dialect_of(data["completion"]), rejected=not label)
    return True


SHAPES = (
    DrawnShape(
        "openai-preference", "input, preferred_output and non_preferred_output, as OpenAI and Together read them", 10,
        ("input", "preferred_output", "non_preferred_output"), _draw_openai,
    ),
    DrawnShape(
        "preference-chat", "prompt, chosen and rejected, each a list of messages", 20,
        ("prompt", "chosen", "rejected"), _draw_explicit,
    ),
    DrawnShape(
        "preference-sharegpt", "conversations with a chosen and a rejected answer beside them", 24,
        ("conversations", "chosen", "rejected"), _draw_conversations, quick=_quick_conversations, slow=_SLOW,
    ),
    DrawnShape(
        "preference-messages", "messages with a chosen and a rejected answer beside them", 25,
        ("messages", "chosen", "rejected"), _draw_messages, quick=_quick_messages, slow=_SLOW,
    ),
    DrawnShape(
        "preference-implicit", "chosen and rejected, each a whole conversation", 28, ("chosen", "rejected"), _draw_implicit
    ),
    DrawnShape(
        "preference-named", "chosen_messages and rejected_messages, each a whole conversation", 29,
        ("chosen_messages", "rejected_messages"), _draw_named,
    ),
    DrawnShape(
        "preference-transcript", "chosen and rejected texts with Human: and Assistant: turns in them", 30,
        ("chosen", "rejected"), _draw_transcripts,
    ),
    DrawnShape(
        "rejected-response", "messages with a rejected_response, as ms-swift reads it", 46,
        ("messages", "rejected_response"), _draw_rejected_response,
    ),
    DrawnShape("kto-chat", "prompt and completion as messages, and a true or false label", 52, ("prompt", "completion", "label"), _draw_kto),
    DrawnShape(
        "kto-messages", "messages and a true or false label", 53, ("messages", "label"), _draw_label,
        quick=_quick_label, slow=_SLOW,
    ),
    DrawnShape(
        "kto-sharegpt", "conversations (or messages) and kto_tag", 54, ("conversations", "kto_tag"), _draw_tag,
        heads=(("conversations", "kto_tag"), ("messages", "kto_tag")),
    ),
)  # fmt: skip
