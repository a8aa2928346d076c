"""Function calls as sets of their own write them: a query with its calls, and a transcript beside its system text."""

from __future__ import annotations

from typing import Any

from datalint.shapes.building import Draft, DrawnShape


def _draw_answers(data: dict[str, Any], draft: Draft) -> None:
    if type(data["query"]) is str:
        draft.say(draft.turn("user", "/query"), "/query", data["query"])
    else:
        draft.mistyped("/query", "query", data["query"], "a string")
    calls = data["answers"]
    if type(calls) is str:
        draft.say(draft.turn("assistant", "/answers", calls=True), "/answers", calls, role="tool")
    elif type(calls) is list:
        draft.turn("assistant", "/answers", calls=True)
    else:
        draft.mistyped("/answers", "answers", calls, "a list of calls, or one as a string")


def _draw_chat(data: dict[str, Any], draft: Draft) -> None:
    if type(data.get("system")) is str:
        draft.say(draft.turn("system", "/system"), "/system", data["system"])
    draft.say(draft.turn("text", "/chat"), "/chat", data["chat"])


def _is_chat(data: dict[str, Any]) -> bool:
    return type(data["chat"]) is str and "USER:" in data["chat"]


SHAPES = (
    DrawnShape(
        "function-calling", "query, tools, and answers: a list of calls (xLAM)", 105, ("query", "tools", "answers"), _draw_answers
    ),
    DrawnShape(
        "chat-transcript", "system, and a transcript with USER: and ASSISTANT: turns in chat (Glaive)", 162,
        ("chat",), _draw_chat, fits=_is_chat,
    ),
)  # fmt: skip
