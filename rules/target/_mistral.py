"""mistral-finetune with mistral-common 1.13.1: what their checks say of a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from datalint_rules.target._facts import Prediction, Target, named

from datalint import pattern

_FILE = "mistralai/mistral-finetune, finetune/data/tokenize.py"
_COMMON = "mistral_common/protocol/instruct/validator.py, MistralRequestValidatorV3"
_ROLES = ("system", "user", "assistant", "tool")
_ID = pattern(r"[a-zA-Z0-9]{9}")
_AFTER = {
    "user": ("assistant", "user"), "assistant": ("assistant", "user", "tool"), "tool": ("assistant", "tool", "user"),
}  # fmt: skip


def predict(data: Mapping[str, Any]) -> Prediction | None:
    """What mistral-finetune does with a record, None: it trains on it."""
    keys = [key for key in ("messages", "interactions") if key in data]
    if not keys:
        return None
    if len(keys) == 2:
        return Prediction("stops", "it has both messages and interactions", "", _FILE)
    return next(_conversation(data, keys[0]), None)


def _conversation(data: Mapping[str, Any], key: str) -> Iterator[Prediction]:
    messages, at = data[key], f"/{key}"
    if not isinstance(messages, list):
        yield Prediction("stops", f"{key} is {named(messages)}, not a list", at, _FILE)
        return
    if "tools" in data and "available_tools" in data:
        yield Prediction("stops", "it has both tools and available_tools", "", _FILE)
    yield from _tools(
        data.get("tools") or data.get("available_tools"), "tools" if data.get("tools") else "available_tools"
    )
    systems = 0
    for n, message in enumerate(messages):
        yield from _message(message, n, f"{at}/{n}", last=n == len(messages) - 1)
        systems += isinstance(message, dict) and message.get("role") == "system"
        if systems > 1:
            yield Prediction("stops", "it has two system texts", f"{at}/{n}", _FILE)
    yield from _order([m for m in messages if isinstance(m, dict) and m.get("role") != "system"], at)


def _message(message: Any, n: int, at: str, *, last: bool) -> Iterator[Prediction]:
    if not isinstance(message, dict) or "role" not in message:
        yield Prediction("stops", f"message {n + 1} has no role", at, _FILE)
        return
    role, called = message["role"], message.get("tool_calls") is not None
    if "content" in message and "text" in message:
        yield Prediction("stops", f"message {n + 1} has both content and text", at, _FILE)
    content = message.get("content") if message.get("content") is not None else message.get("text")
    if content is None and not called:
        yield Prediction("stops", f"message {n + 1} has no content", at, _FILE)
    unread = isinstance(content, list) and not all(map(_is_part, content))
    if unread or not isinstance(content, (str, list, type(None))):
        said = "a list with parts it cannot read" if unread else named(content)
        yield Prediction("stops", f"the content of message {n + 1} is {said}", at, _COMMON)
    if role not in _ROLES:
        yield Prediction("stops", f"the role {role!r} is not among {', '.join(_ROLES)}", at, _FILE)
    elif role == "tool":
        call = message.get("tool_call_id")
        if not isinstance(call, str) or not _ID.fullmatch(call):
            yield Prediction("stops", f"the tool_call_id {call!r} is not nine letters and digits", at, _COMMON)
    elif role == "assistant":
        if bool(content) == bool(message.get("tool_calls")):
            said = "both content and tool calls" if content else "neither content nor tool calls"
            yield Prediction("stops", f"message {n + 1} has {said}", at, _COMMON)
        if message.get("weight") not in (None, 0, 1):
            yield Prediction(
                "stops", f"the weight of message {n + 1} is {message['weight']!r}, not 0 or 1", at, _COMMON
            )
        yield from _calls(message.get("tool_calls"), at, last=last)


def _is_part(part: Any) -> bool:
    if not isinstance(part, dict) or part.get("type") not in ("text", "image_url", "image", "thinking"):
        return False
    return isinstance(part.get("text"), str) if part["type"] == "text" else True


def _calls(calls: Any, at: str, *, last: bool) -> Iterator[Prediction]:
    for n, call in enumerate(calls if isinstance(calls, list) else ()):
        place = f"{at}/tool_calls/{n}"
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or "id" not in call:
            yield Prediction("stops", "a tool call has no id or no function", place, _FILE)
        elif "name" not in function or not isinstance(function.get("arguments"), str):
            said = named(function.get("arguments"))
            yield Prediction("stops", f"the arguments of a tool call are {said}, not JSON in a text", place, _FILE)
        elif not (_ID.fullmatch(str(call["id"])) or (call["id"] == "null" and last)):
            yield Prediction(
                "stops", f"the id {call['id']!r} of a tool call is not nine letters and digits", place, _COMMON
            )


def _tools(tools: Any, key: str) -> Iterator[Prediction]:
    for n, tool in enumerate(tools if isinstance(tools, list) else ()):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict):
            yield Prediction("stops", f"tool {n + 1} has no function", f"/{key}/{n}", _FILE)
            continue
        lacking = [name for name in ("name", "description", "parameters") if name not in function]
        if lacking or not isinstance(function["parameters"], dict):
            said = f"has no {lacking[0]}" if lacking else "has parameters that are no object"
            yield Prediction("stops", f"the function of tool {n + 1} {said}", f"/{key}/{n}/function", _FILE)


def _order(messages: list[Mapping[str, Any]], at: str) -> Iterator[Prediction]:
    if not messages:
        yield Prediction("stops", "it has no messages", at, _COMMON)
        return
    if len(messages) == 1:
        yield Prediction("stops", "it has no message beside that of the assistant", at, _COMMON)
    if messages[-1].get("role") != "assistant":
        yield Prediction("stops", "the last message is not the assistant's", at, _COMMON)
    open_calls = 0
    for n, message in enumerate(messages):
        role = message.get("role")
        if n and role not in _AFTER.get(str(messages[n - 1].get("role")), ()):
            said = f"{role!r} follows {messages[n - 1].get('role')!r}"
            yield Prediction("stops", said, at, _COMMON)
        if not n:
            continue  # calls of a first message are not counted
        if role == "tool":
            open_calls -= 1
        elif role == "assistant":
            if open_calls:
                yield Prediction("stops", "there are not as many tool results as tool calls", at, _COMMON)
            calls = message.get("tool_calls")
            open_calls = len(calls) if isinstance(calls, list) else 0
    if open_calls < 0:
        yield Prediction("stops", "there are more tool results than tool calls", at, _COMMON)


MISTRAL = Target(
    "mistral", "mistral-finetune (mistral-common 1.13.1)", _FILE,
    takes=frozenset({"messages", "text"}), formats="messages (or interactions), or text",
    predict=predict, reads_weight=True, over="cuts", limit_key="seq_len",
)  # fmt: skip
