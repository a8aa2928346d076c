"""axolotl 0.19.0: what its prompt strategies do with a record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from datalint_rules.target._facts import BESIDE, CHAT, FLAT, LABELLED, PREFERENCES, Prediction, Target, named

_CHAT = "axolotl/prompt_strategies/chat_template.py"
_ALPACA = "axolotl/prompt_tokenizers.py, AlpacaPromptTokenizingStrategy"
_DROP = "axolotl/utils/trainer.py, process_datasets_for_packing"
_ROLES = {
    "human": "user",
    "user": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "system": "system",
    "tool": "tool",
}


def predict(data: Mapping[str, Any]) -> Prediction | None:
    """What axolotl does with a record, None: it trains on it."""
    if "chosen" in data or "rejected" in data or "kto_tag" in data or "label" in data:
        return None
    for key, role in (("messages", "role"), ("conversations", "from")):
        if key in data:
            return _conversation(data, key, role)
    return None


def _conversation(data: Mapping[str, Any], key: str, role: str) -> Prediction | None:
    messages, at = data[key], f"/{key}"
    if messages is None:
        return Prediction("stops", f"{key} is null: ValueError, Messages is null", at, f"{_CHAT}, _get_messages")
    if isinstance(messages, str):
        try:
            messages = json.loads(messages)
        except ValueError:
            return Prediction("stops", f"{key} is a text that is no JSON", at, f"{_CHAT}, _get_messages")
    if not isinstance(messages, list):
        return Prediction("stops", f"{key} is {named(messages)}, not a list", at, f"{_CHAT}, _get_messages")
    if not messages:
        return Prediction("stops", f"{key} is empty: IndexError on its first message", at,
                          f"{_CHAT}, get_conversation_thread")  # fmt: skip
    for n, message in enumerate(messages):
        if not isinstance(message, dict):
            return Prediction("stops", f"message {n + 1} is {named(message)}, not an object", f"{at}/{n}",
                              f"{_CHAT}, transform_message")  # fmt: skip
        found = _calls(message, f"{at}/{n}")
        if found is not None:
            return found
        if message.get(role) is None and message.get("role") is None:
            return Prediction(
                "stops", f"message {n + 1} has no {role}: KeyError", f"{at}/{n}", f"{_CHAT}, transform_message"
            )
    return _tools(data.get("tools")) or _untrained(messages, at, role)


def _calls(message: Mapping[str, Any], at: str) -> Prediction | None:
    calls = message.get("tool_calls")
    for n, call in enumerate(calls if isinstance(calls, list) else ()):
        function = call.get("function") if isinstance(call, dict) else None
        arguments = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(arguments, str):
            try:
                json.loads(arguments)
            except ValueError:
                return Prediction("stops", "the arguments of a tool call are a text that is no JSON",
                                  f"{at}/tool_calls/{n}/function/arguments", f"{_CHAT}, transform_message")  # fmt: skip
    return None


def _tools(tools: Any) -> Prediction | None:
    where = f"{_CHAT}, _get_tools"
    if isinstance(tools, str):
        try:
            tools = json.loads(tools)
        except ValueError:
            return Prediction("stops", "tools is a text that is no JSON", "/tools", where)
    if tools is not None and not isinstance(tools, list):
        return Prediction("stops", f"tools is {named(tools)}, not a list: Unknown tools format", "/tools", where)
    return None


def _untrained(messages: list[Any], at: str, role: str) -> Prediction | None:
    """Only turns of the assistant are trained; a record without any has no label left."""
    content = "value" if role == "from" else "content"
    empty = False
    for message in messages:
        said = message.get(role) or message.get("role")
        if isinstance(said, str) and _ROLES.get(said, said) == "assistant":
            if _has_text(message.get(content)) or message.get("tool_calls"):
                return None
            empty = True
    why = "no turn of the assistant has a text" if empty else "no turn is the assistant's"
    return Prediction("drops", f"{why}, so no token is trained (roles_to_train)", at, _DROP)


def _has_text(content: Any) -> bool:
    return any(isinstance(part, dict) for part in content) if isinstance(content, list) else bool(content)


AXOLOTL = Target(
    "axolotl", "axolotl 0.19.0", _CHAT,
    takes=CHAT | FLAT | PREFERENCES | LABELLED
    | BESIDE
    | {"segments", "text", "pretokenized", "prompt-completion-chat", "preference-named", "kto-messages"},
    formats="messages, conversations, instruction and output under many names, segments, text, preferences",
    predict=predict, limit_key="sequence_len", over="drops", mask_key="train_on_inputs",
)  # fmt: skip
