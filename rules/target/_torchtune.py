"""torchtune 0.6.1: what its message transforms and ``validate_messages`` do with a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from datalint_rules.target._facts import CHAT, FLAT, Prediction, Target, named

_FILE = "torchtune/data/_messages.py"
_CHECK = f"{_FILE}, validate_messages"
_OPENAI = f"{_FILE}, OpenAIToMessages"
_SHAREGPT = f"{_FILE}, ShareGPTToMessages"
_ALPACA = f"{_FILE}, AlpacaToMessages"
_ROLES = {"system": "system", "human": "user", "gpt": "assistant"}


def predict(data: Mapping[str, Any]) -> Prediction | None:
    """What torchtune does with a record, None: it trains on it."""
    if "chosen" in data or "rejected" in data:
        return None
    if "messages" in data:
        return _openai(data["messages"])
    if "conversations" in data:
        return _sharegpt(data["conversations"])
    if "instruction" in data and "output" in data and not isinstance(data["output"], (str, list)):
        return Prediction("stops", f"output is {named(data['output'])}", "/output", _ALPACA)
    return None


def _openai(messages: Any) -> Prediction | None:
    if not isinstance(messages, list):
        return Prediction("stops", f"messages is {named(messages)}, not a list", "/messages", _OPENAI)
    for n, message in enumerate(messages):
        at = f"/messages/{n}"
        if not isinstance(message, dict) or "role" not in message or "content" not in message:
            lacking = next((k for k in ("role", "content") if isinstance(message, dict) and k not in message), "")
            said = f"message {n + 1} has no {lacking}" if lacking else f"message {n + 1} is {named(message)}"
            return Prediction("stops", said, at, _OPENAI)
        if isinstance(message["content"], list) and not all(map(_is_part, message["content"])):
            return Prediction("stops", f"a part of message {n + 1} is neither a text nor an image_url", at, _OPENAI)
        if not isinstance(message["content"], (str, list)):
            if not n:
                return Prediction("stops", f"the first content is {named(message['content'])}", at, _OPENAI)
            said = (
                f"the content of message {n + 1} is {named(message['content'])}: that of the message before stands in"
            )
            return _order([m.get("role") for m in messages if isinstance(m, dict)], "/messages") or Prediction(
                "drops", said, at, _OPENAI
            )
    return _order([message["role"] for message in messages], "/messages")


def _is_part(part: Any) -> bool:
    if not isinstance(part, dict) or "type" not in part:
        return False
    return "text" in part if part["type"] == "text" else True


def _sharegpt(turns: Any) -> Prediction | None:
    if not isinstance(turns, list):
        return Prediction("stops", f"conversations is {named(turns)}, not a list", "/conversations", _SHAREGPT)
    for n, turn in enumerate(turns):
        at = f"/conversations/{n}"
        if not isinstance(turn, dict) or "from" not in turn or "value" not in turn:
            return Prediction("stops", f"turn {n + 1} has no from or no value", at, _SHAREGPT)
        if turn["from"] not in _ROLES:
            return Prediction("stops", f"the role {turn['from']!r} is unknown to it: KeyError", at, _SHAREGPT)
        if not isinstance(turn["value"], (str, list)):
            return Prediction("stops", f"the value of turn {n + 1} is {named(turn['value'])}", at, _SHAREGPT)
    return _order([_ROLES[turn["from"]] for turn in turns], "/conversations")


def _order(roles: Sequence[Any], at: str) -> Prediction | None:
    """What ``validate_messages`` raises on."""
    if len(roles) < 2:
        return Prediction("stops", f"it has {len(roles)} messages, fewer than 2", at, _CHECK)
    last = "assistant"
    for n, role in enumerate(roles):
        if role == "assistant" and last != "user":
            said = f"the assistant speaks in message {n + 1}, {f'after {last!r}' if n else 'first'}, not after the user"
            return Prediction("stops", said, f"{at}/{n}", _CHECK)
        if role == "user" and last == "user":
            return Prediction("stops", f"message {n + 1} is the user's, as the one before", f"{at}/{n}", _CHECK)
        if role == "system" and n:
            return Prediction("stops", f"a system text stands in place {n + 1}, not first", f"{at}/{n}", _CHECK)
        last = role
    return None


TORCHTUNE = Target(
    "torchtune", "torchtune 0.6.1", _FILE,
    takes=CHAT | FLAT | {"text", "preference-implicit", "preference-chat"},
    formats="messages, conversations, instruction and output under any names, text, chosen and rejected as messages",
    predict=predict, limit_key="max_seq_len", over="cuts",
    trains_prompt=frozenset({"alpaca"}), mask_key="train_on_input",
)  # fmt: skip
