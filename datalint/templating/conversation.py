"""Records of every shape as the messages a chat template takes, and which of their strings are texts of the record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from datalint.model import Layout, Turn
from datalint.templating.jobs import Job

JOINT = "\n"  # between the texts of one turn, such as instruction and input
_RESERVED = frozenset({"messages", "tools", "documents", "add_generation_prompt"})
_CALLING = frozenset({"function_call", "tool_call"})


class Piece(NamedTuple):
    """One string of the messages. ``slots``: the texts of the record it is made of, joined by ``JOINT``."""

    message: int
    role: str
    kind: str  # content, reasoning, or call: the JSON text of one
    slots: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """How records of one layout become messages."""

    turns: tuple[Turn, ...]
    pieces: tuple[Piece, ...]
    calls: bool  # an assistant's turn calls tools
    plain: bool  # every message is a role and a content

    def job(self, data: Any, texts: Sequence[str], variables: Mapping[str, Any], *, prompt: bool = False) -> Job:
        """What to render of one record."""
        messages = [self._message(turn, data, texts) for turn in self.turns]
        if type(data) is not dict:
            return Job(messages, None, None, prompt, variables)
        more = data.get("chat_template_kwargs")
        if type(more) is dict:
            variables = {**variables, **{k: v for k, v in more.items() if k not in _RESERVED}}
        documents = data.get("documents")
        return Job(
            messages, tools_of(data), documents if type(documents) is list else None, prompt, variables
        )  # fmt: skip

    def role(self, n: int) -> str:
        """The role of message ``n`` as the template is told it."""
        turn = self.turns[n]
        return turn.spoken_role if turn.role == "unknown" and turn.spoken_role else turn.role

    @staticmethod
    def _spoken(turn: Turn) -> str:
        return turn.spoken_role if turn.role == "unknown" else turn.role

    def strings(self, texts: Sequence[str]) -> list[str]:
        """The strings of the pieces."""
        return [texts[p.slots[0]] if len(p.slots) == 1 else _joined(p.slots, texts) for p in self.pieces]

    def _message(self, turn: Turn, data: Any, texts: Sequence[str]) -> Any:
        if not turn.spoken_role:
            return {"role": turn.role, "content": _joined(turn.slots, texts)}
        item = _at(data, turn.pointer)
        if "content" not in item and turn.slots and "value" not in item:
            return {"role": self._spoken(turn), "content": _joined(turn.slots, texts)}
        if "role" not in item:
            return _converted(item, self._spoken(turn), turn.spoken_role in _CALLING)
        if "content" not in item:
            return item
        return item if type(item["content"]) is not list else _flat(item)


def plan_of(layout: Layout, number: int) -> Plan | None:
    """The plan of conversation ``number``, None if it is no conversation or a field of it is broken."""
    if not layout.branches:
        return None
    turns = tuple(layout.turns[t] for t in layout.conversations[number])
    if not turns or any(t.role == "text" for t in turns):
        return None
    pieces: list[Piece] = []
    for n, turn in enumerate(turns):
        if turn.spoken_role and len(turn.slots) > 1:
            pieces += [Piece(n, turn.role, layout.slots[s].kind, (s,)) for s in turn.slots]
        elif turn.slots:
            kind = "call" if turn.spoken_role in _CALLING else layout.slots[turn.slots[0]].kind
            pieces.append(Piece(n, turn.role, kind, turn.slots))
    calls = any(t.calls for t in turns)
    plain = not calls and all(len(t.slots) == 1 or not t.spoken_role for t in turns)
    return Plan(turns, tuple(pieces), calls, plain)


def tools_of(data: Mapping[str, Any]) -> list[Any] | None:
    """The tools a record brings: a list, or the JSON text of one; functions of old are wrapped."""
    tools = data.get("tools")
    if type(tools) is str and tools.strip():
        try:
            tools = json.loads(tools)
        except ValueError:
            return None
    if type(tools) is list and tools:
        wrapped = all(type(t) is dict for t in tools)
        return [t if "function" in t or "type" in t else _tool(t) for t in tools] if wrapped else None
    functions = data.get("functions")
    if type(functions) is list and functions and all(type(f) is dict for f in functions):
        return [_tool(f) for f in functions]
    return None


def _tool(function: Any) -> dict[str, Any]:
    return {"type": "function", "function": function}


def _joined(slots: Sequence[int], texts: Sequence[str]) -> str:
    """The texts of one turn that say anything, joined."""
    return JOINT.join([texts[s] for s in slots if texts[s]])


def _at(data: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        data = data[int(token)] if type(data) is list else data[token.replace("~1", "/").replace("~0", "~")]
    return data


def _converted(item: Mapping[str, Any], role: str, calling: bool) -> dict[str, Any]:
    """A message of ``from`` and ``value``."""
    rest = {k: v for k, v in item.items() if k not in ("from", "value")}
    value = item.get("value")
    call = _call(value) if calling else None
    if call is not None:
        return {"role": role, "content": "", "tool_calls": call, **rest}
    return {"role": role, "content": value, **rest}


def _flat(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """A message of parts; those whose text stands under ``value`` no template reads, so whoever trains joins them."""
    parts = item["content"]
    if parts and all(type(p) is dict and type(p.get("value")) is str and "text" not in p for p in parts):
        return {**item, "content": "".join(p["value"] for p in parts)}
    return item


def _call(value: Any) -> list[Any] | None:
    """A call written as JSON text."""
    try:
        said = json.loads(value) if type(value) is str else value
    except ValueError:
        return None
    calls = said if type(said) is list else [said]
    if not calls or not all(type(c) is dict and "name" in c for c in calls):
        return None
    return [_tool({"name": c["name"], "arguments": c.get("arguments", c.get("parameters", {}))}) for c in calls]
