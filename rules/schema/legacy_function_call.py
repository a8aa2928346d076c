"""SCH305: the older way to write tools and their calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datalint_rules.schema._definitions import with_definitions

from datalint import Batch, Edit, Finding, Fix, Judged, Layout, Record, bad, good, rule

_LISTS = ("messages", "prompt", "completion")
_FUNCTION = {"name": "weather", "parameters": {"type": "object", "properties": {}}}
_ASKED = {"role": "user", "content": "Rain?"}
_ANSWERED = {"role": "assistant", "content": "No."}


@rule(
    "SCH305",
    "legacy-function-call",
    category="style",
    fix="unsafe",
    fix_safety="Writes `tools` and `tool_calls`, with ids made up in order. Unsafe, for the code that reads the old keys must follow.",
    known_problems="The roles `function_call` and `observation` of ShareGPT are in use and not found.",
    references=("https://platform.openai.com/docs/guides/function-calling",),
    examples=(
        bad(
            {
                "messages": [
                    _ASKED,
                    {"role": "assistant", "content": None, "function_call": {"name": "weather", "arguments": "{}"}},
                    {"role": "function", "name": "weather", "content": "dry"},
                    _ANSWERED,
                ],
                "functions": [_FUNCTION],
            },
            name="functions, a call and its result",
            fixed='{"messages": [{"role": "user", "content": "Rain?"}, {"role": "assistant", "content": null, "tool_calls": '
            '[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{}"}}]}, '
            '{"role":"tool","tool_call_id":"call_1","name":"weather","content":"dry"}, {"role": "assistant", "content": "No."}], '
            '"tools": [{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{}}}}]}',
        ),
        bad({"messages": [_ASKED, _ANSWERED], "functions": [_FUNCTION], "tools": []}, name="both keys", remaining=1),
        good({"messages": [_ASKED, _ANSWERED], "tools": [{"type": "function", "function": _FUNCTION}]}),
        good({"messages": [_ASKED, _ANSWERED], "functions": []}, name="none defined"),
        good(
            {
                "conversations": [
                    {"from": "human", "value": "Rain?"},
                    {"from": "function_call", "value": '{"name": "weather", "arguments": {}}'},
                    {"from": "observation", "value": "dry"},
                    {"from": "gpt", "value": "No."},
                ]
            },
            name="ShareGPT",
        ),
    ),
    judged=Judged(0, 0, "nothing found in 46 public sets"),
)
def check_legacy_function_call(batch: Batch) -> Iterator[Finding]:
    """Functions and calls are written in the older way

    `functions` and `function_call` were replaced by `tools` and `tool_calls`: many templates know only the new keys and drop
    the old ones without a word.
    """
    known = batch.cache.setdefault("legacy_calls", {})
    gated = {layout for layout in batch.distinct if _calls(layout, known)}
    lines = {k for k, layout in enumerate(batch.layouts) if layout in gated} if gated else set()
    for k in sorted(lines.union(with_definitions(batch))):
        data = batch.datas[k]
        places = list(_places(data)) if type(data) is dict else []
        if places:
            yield _finding(batch.record(k), places)


def _calls(layout: Layout, known: dict[Layout, bool]) -> bool:
    if layout not in known:
        known[layout] = any(t.calls or t.spoken_role == "function" for t in layout.turns)
    return known[layout]


def _places(data: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Pointer, kind and value of everything written in the older way."""
    if type(data.get("functions")) is list and data["functions"]:
        yield "/functions", "functions", data["functions"]
    for key in _LISTS:
        items = data.get(key)
        for n, item in enumerate(items if type(items) is list else ()):
            if type(item) is not dict or "role" not in item:
                continue
            if type(item.get("function_call")) is dict:
                yield f"/{key}/{n}", "function_call", item
            elif item["role"] == "function":
                yield f"/{key}/{n}", "function", item


def _finding(record: Record, places: list[tuple[str, str, Any]]) -> Finding:
    kinds = list(dict.fromkeys(f"`{kind}`" for _, kind, _ in places))
    edits = _edits(record.data, places)
    fix = Fix("write `tools` and `tool_calls`", "unsafe", tuple(edits)) if edits else None
    return record.finding(f"the older way to call tools: {', '.join(kinds)}", pointer=places[0][0], fix=fix)


def _edits(data: dict[str, Any], places: list[tuple[str, str, Any]]) -> list[Edit]:
    """The same in the new way; nothing where both ways are mixed or a result has no call."""
    edits: list[Edit] = []
    number, waiting = 0, False
    for pointer, kind, value in places:
        if kind == "functions":
            if "tools" in data or not all(type(f) is dict and "name" in f for f in value):
                return []
            edits += [
                Edit("set", pointer, value=[{"type": "function", "function": f} for f in value]),
                Edit("rename-key", pointer, value="tools"),
            ]
        elif kind == "function_call":
            if "tool_calls" in value:
                return []
            number, waiting = number + 1, True
            call = {"id": f"call_{number}", "type": "function", "function": value["function_call"]}
            edits += [
                Edit("set", f"{pointer}/function_call", value=[call]),
                Edit("rename-key", f"{pointer}/function_call", value="tool_calls"),
            ]
        else:
            if not waiting or "tool_call_id" in value:
                return []
            waiting = False
            rest = {k: v for k, v in value.items() if k != "role"}
            edits.append(Edit("set", pointer, value={"role": "tool", "tool_call_id": f"call_{number}", **rest}))
    return edits
