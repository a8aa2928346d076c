"""Calls of tools and their results, read from every way to write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from datalint import Layout, Record, Turn, pattern

MISSING: Any = object()
UNREAD: Any = object()
_CALLERS = ("function_call", "tool_call")
_ARGUMENT_KEYS = ("arguments", "parameters", "input", "args")
_TAGGED = pattern(r"<tool_call>\s*(?P<said>(?:(?!</?tool_call>)(?s:.))*+)(?P<end></tool_call>)?")
_GLAIVE = pattern(r"<functioncall>\s*(?P<said>\{(?:(?!<functioncall>|<\|endoftext\|>|\n\n\n)(?s:.))*+)")
_QUOTED = pattern(r"(?s)(\{\s*\"name\"\s*:\s*\"[^\"]*\"\s*,\s*\"arguments\"\s*:\s*)'(.*)'(\s*\})\s*\Z")
_XML = pattern(r"\s*(?:<function=(?P<one>[\w.-]+)>|(?P<other>[\w.-]+)\s*(?=<arg_key>|\Z))")
_THOUGHT = pattern(r"(?s)\s*<think>.*?</think>\s*")
_RESPONSE = "<tool_response>"
TRIGGERS = ("<tool_call>|<functioncall>|<tool_response>",)


class Call(NamedTuple):
    """One call. ``arguments``: as they stand in the record, MISSING if there are none, UNREAD where they are written as
    tags. ``place``: their pointer, where
    they are a value of their own; else ``pointer`` and ``span`` say where the call stands."""

    turn: int
    name: str | None
    arguments: Any
    pointer: str
    span: tuple[int, int] | None = None
    place: str = ""
    id: Any = None
    fault: str = ""  # why it cannot be read


class Result(NamedTuple):
    """One result of a tool."""

    turn: int
    pointer: str
    id: Any = None


class Trade(NamedTuple):
    """All calls and results of a record, turn by turn."""

    calls: dict[int, list[Call]]
    results: dict[int, list[Result]]

    def all_calls(self) -> Iterator[Call]:
        """The calls in order."""
        for turn in sorted(self.calls):
            yield from self.calls[turn]


def trades(layout: Layout) -> bool:
    """Whether a structure has calls or results: the gate of rules on tools."""
    return layout.shape != "moss" and any(t.calls or t.role == "tool" for t in layout.turns)


def trade(record: Record) -> Trade:
    """The calls and results of a record, read once for all rules."""
    known: Trade | None = record.cache.get("trade")
    if known is None:
        calls: dict[int, list[Call]] = {}
        results: dict[int, list[Result]] = {}
        for n in _worth_a_look(record) if record.shape != "moss" else ():
            turn = record.layout.turns[n]
            if made := list(_calls(record, n, turn)):
                calls[n] = made
            if got := list(_results(record, n, turn)):
                results[n] = got
        known = record.cache["trade"] = Trade(calls, results)
    return known


def _worth_a_look(record: Record) -> Iterator[int]:
    """The turns that may hold a call or a result."""
    slots, texts = record.layout.slots, record.texts
    for n, turn in enumerate(record.layout.turns):
        marked = turn.calls or turn.role == "tool" or any(slots[s].role == "tool" for s in turn.slots)
        if not turn.rejected and (
            marked or any("<tool_" in texts[s] or "<functioncall>" in texts[s] for s in turn.slots)
        ):
            yield n


def at(data: Any, pointer: str) -> Any:
    """The value at ``pointer``."""
    for token in pointer.split("/")[1:]:
        data = data[int(token)] if type(data) is list else data[token.replace("~1", "/").replace("~0", "~")]
    return data


# ---- calls ----


def _calls(record: Record, n: int, turn: Turn) -> Iterator[Call]:
    item = at(record.data, turn.pointer) if turn.pointer else None
    if type(item) is dict:
        yield from _structured(item, n, turn)
    elif type(item) is list and record.shape == "function-calling":
        for i, call in enumerate(item):
            yield _of_object(call, n, f"{turn.pointer}/{i}")
    if turn.role not in ("assistant", "text"):
        return
    whole = turn.spoken_role in _CALLERS or record.shape == "function-calling"
    for slot in turn.slots:
        text, pointer = record.texts[slot], record.layout.slots[slot].pointer
        if whole:
            yield from _of_text(text, n, pointer)
        elif "<tool_call>" in text or "<functioncall>" in text:
            yield from _in_text(text, n, pointer)


def _structured(item: dict[str, Any], n: int, turn: Turn) -> Iterator[Call]:
    calls = item.get("tool_calls")
    for i, call in enumerate(calls if type(calls) is list else ()):
        yield _of_object(call, n, f"{turn.pointer}/tool_calls/{i}")
    if item.get("function_call") is not None:
        yield _of_object(item["function_call"], n, f"{turn.pointer}/function_call")
    content = item.get("content")
    for i, part in enumerate(content if type(content) is list else ()):
        if type(part) is not dict or part.get("type") not in ("tool_use", "tool_call", "function", "function_call"):
            continue
        pointer = f"{turn.pointer}/content/{i}"
        if type(part.get("value")) is str:
            yield from _of_text(part["value"], n, f"{pointer}/value")
        else:
            yield _of_object(part, n, pointer)


def _of_object(call: Any, n: int, pointer: str) -> Call:
    if type(call) is not dict:
        return Call(n, None, MISSING, pointer, fault="the call is no object")
    inner = call.get("function")
    at_pointer, inner = (f"{pointer}/function", inner) if type(inner) is dict else (pointer, call)
    key = next((k for k in _ARGUMENT_KEYS if k in inner), "")
    name = inner.get("name")
    return Call(
        n,
        name if type(name) is str else None,
        inner[key] if key else MISSING,
        at_pointer,
        place=f"{at_pointer}/{key}" if key else "",
        id=call.get("id"),
        fault="" if type(name) is str and name.strip() else "the call names no tool",
    )


def _of_text(text: str, n: int, pointer: str, start: int = 0) -> Iterator[Call]:
    """The calls that a text is: an object, or a list of objects, after some thinking perhaps."""
    thought = _THOUGHT.match(text)
    said = text[thought.end() :] if thought is not None else text
    span = (start + len(text) - len(said.lstrip()), start + len(text.rstrip()))
    if "<tool_call>" in said:
        yield from _in_text(text, n, pointer)
        return
    value, fault = read_json(said.strip())
    if fault:
        yield Call(n, None, MISSING, pointer, span, fault=f"the call is no valid JSON: {fault}")
        return
    for call in value if type(value) is list else [value]:
        yield _of_object(call, n, pointer)._replace(pointer=pointer, span=span, place="")


def _in_text(text: str, n: int, pointer: str) -> Iterator[Call]:
    """The calls that a text holds between tags."""
    for match in (*_TAGGED.finditer(text), *_GLAIVE.finditer(text)):
        said = match["said"].strip()
        span = (match.start("said"), match.start("said") + len(match["said"].rstrip()))
        other = _XML.match(said)
        if other is not None and not said.startswith(("{", "[")):
            yield Call(n, other["one"] or other["other"], UNREAD, pointer, match.span())
            continue
        if not said.startswith(("{", "[")):
            continue
        yield from (c._replace(span=span) for c in _of_text(_unquoted(said), n, pointer))


def _unquoted(said: str) -> str:
    """Glaive writes the arguments as JSON between single quotes; the same with the object itself in their place."""
    match = _QUOTED.match(said)
    return f"{match[1]}{match[2]}{match[3]}" if match is not None else said


@lru_cache(maxsize=512)
def read_tools(text: str) -> tuple[Any, str]:
    """The same for definitions, which repeat from record to record and from rule to rule. Nobody may change the value."""
    return read_json(text)


def read_json(text: str) -> tuple[Any, str]:
    """The value of a JSON text, and why there is none."""
    try:
        return orjson.loads(text), ""
    except orjson.JSONDecodeError:
        pass  # the other reader takes more, and says what is wrong in better words
    try:
        return json.loads(text), ""
    except json.JSONDecodeError as error:
        return None, f"{error.msg[0].lower()}{error.msg[1:]} at character {error.pos + 1}" if text else "it is empty"
    except (RecursionError, ValueError):
        return None, "it is nested too deep, or a number in it is too long"


# ---- results ----


def _results(record: Record, n: int, turn: Turn) -> Iterator[Result]:
    item = at(record.data, turn.pointer) if turn.pointer else None
    parts = item.get("content") if type(item) is dict else None
    found = [
        Result(n, f"{turn.pointer}/content/{i}", _id(p, "tool_use_id", "tool_call_id", "call_id"))
        for i, p in enumerate(parts if type(parts) is list else ())
        if type(p) is dict and p.get("type") in ("tool_result", "tool_response", "function_call_output")
    ]
    if found:
        yield from found
    elif turn.role == "tool":
        yield Result(n, turn.pointer, _id(item, "tool_call_id") if type(item) is dict else None)
    elif turn.role == "user":
        for slot in turn.slots:
            for _ in range(record.texts[slot].count(_RESPONSE)):
                yield Result(n, record.layout.slots[slot].pointer)


def _id(item: dict[str, Any], *keys: str) -> Any:
    return next((item[k] for k in keys if item.get(k) is not None), None)
