"""Who speaks: the role names of the chat formats and what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CALLERS = frozenset({"function_call", "tool_call"})  # turns of the assistant that hold nothing but a call

_MESSAGES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "function": "tool",
    "ipython": "tool",
    "tool_call": "assistant",
    "tool_response": "tool",
    "pretrain": "text",  # xtuner: plain text to go on with
}
_SHAREGPT = {
    "system": "system",
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
    "model": "assistant",
    "assistant": "assistant",
    "function_call": "assistant",
    "tool_call": "assistant",
    "observation": "tool",
    "function_response": "tool",
    "tool_response": "tool",
    "tool": "tool",
}
_ALIASES = {
    **_MESSAGES,
    **_SHAREGPT,
    "prompter": "user",
    "customer": "user",
    "student": "user",
    "ai": "assistant",
    "bot": "assistant",
    "chatbot": "assistant",
    "claude": "assistant",
    "gemini": "assistant",
    "gpt4": "assistant",
    "gpt-4": "assistant",
    "function-response": "tool",
    "tool_result": "tool",
    "tool_results": "tool",
    "tool-response": "tool",
}


@dataclass(frozen=True)
class Dialect:
    """How the messages of a list are written."""

    role: str  # key of the role
    text: str  # key of the text
    roles: Mapping[str, str]  # role as written -> canonical role
    spelling: Mapping[str, str]  # canonical role -> how this dialect writes it


OPENAI = Dialect("role", "content", _MESSAGES, {})
SHAREGPT = Dialect("from", "value", _SHAREGPT, {"user": "human", "assistant": "gpt", "tool": "observation"})
BLEND = Dialect("role", "content", {**_MESSAGES, **_SHAREGPT}, {})


def alias_of(spoken: str) -> str:
    """The canonical role that an unaccepted name plainly stands for, "" if that is not plain."""
    name = spoken.strip().casefold()
    return "" if name in CALLERS else _ALIASES.get(name, "")
