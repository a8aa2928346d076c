"""SCH301: arguments of tools that are no object, or not written as one."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any

from datalint_rules.schema._calls import MISSING, TRIGGERS, UNREAD, Call, read_json, read_tools, trade, trades

from datalint import Edit, Finding, Fix, Judged, Record, bad, good, rule

_LITERAL = 20_000  # characters of a Python literal that is read


def _calling(*arguments: Any) -> dict[str, Any]:
    calls = [
        {"id": f"c{n}", "type": "function", "function": {"name": "weather", "arguments": a}}
        for n, a in enumerate(arguments)
    ]
    return {"messages": [{"role": "user", "content": "Rain?"}, {"role": "assistant", "tool_calls": calls}]}


@rule(
    "SCH301",
    "tool-arguments-json",
    category="correctness",
    gate=trades,
    triggers=TRIGGERS,
    fix="unsafe",
    fix_safety="Writes the arguments as the JSON they stand for. Unsafe, for what a broken text stands for is a guess.",
    known_problems="""
    Calls in texts are known in the forms of Hermes, Qwen, Glaive, LLaMA-Factory and xLAM; those of other frameworks are not
    read. Answers marked as rejected are left alone.
    """,
    references=(
        "https://platform.openai.com/docs/guides/function-calling",
        "https://huggingface.co/docs/trl/dataset_formats",
    ),
    examples=(
        bad(_calling('{"city": "Oslo"'), name="cut off"),
        bad(
            _calling("{'city': 'Oslo', 'wind': True}"),
            fixed=_calling('{"city": "Oslo", "wind": true}'),
            name="a Python literal",
        ),
        bad(_calling('"{\\"city\\": \\"Oslo\\"}"'), fixed=_calling('{"city": "Oslo"}'), name="encoded twice"),
        bad(_calling(""), fixed=_calling("{}"), name="an empty string"),
        bad(_calling('["Oslo"]'), name="a list"),
        bad(
            _calling('{"city": "Oslo"}', {"city": "Rome"}, {"city": "Bonn"}),
            fixed=_calling('{"city": "Oslo"}', '{"city": "Rome"}', '{"city": "Bonn"}'),
            name="a string here, objects there",
        ),
        bad(
            {
                "conversations": [
                    {"from": "human", "value": "Rain?"},
                    {"from": "function_call", "value": "weather(city='Oslo')"},
                    {"from": "observation", "value": "yes"},
                    {"from": "gpt", "value": "Take a coat."},
                ]
            },
            name="ShareGPT, a call that is no JSON",
        ),
        bad(
            {
                "messages": [
                    {"role": "user", "content": "Rain?"},
                    {
                        "role": "assistant",
                        "content": '<tool_call>\n{"name": "weather", "arguments": {"city": "Oslo"}\n</tool_call>',
                    },
                ]
            },
            name="a call in a text, a brace short",
        ),
        bad(
            {"query": "Rain?", "tools": '[{"name": "weather"}]', "answers": "[{'name': 'weather', 'arguments': {}}]"},
            name="xLAM, single quotes",
        ),
        bad({**_calling("{}"), "tools": "[{'name': 'weather'}]"}, name="tools that are no JSON"),
        good(_calling('{"city": "Oslo"}'), name="a string with an object"),
        good(_calling({"city": "Oslo"}, {}), name="objects"),
        good(
            {
                "conversations": [
                    {"from": "human", "value": "Rain?"},
                    {
                        "from": "function_call",
                        "value": '<think>\nOslo?\n</think>\n{"name": "weather", "arguments": {}}',
                    },
                    {"from": "observation", "value": "yes"},
                    {"from": "gpt", "value": "Take a coat."},
                ]
            },
            name="ShareGPT, after some thinking",
        ),
        good(
            {
                "chat": 'USER: Rain?\n\n\nASSISTANT: <functioncall> {"name": "weather", "arguments": '
                '\'{"city": "Oslo"}\'} <|endoftext|>\n\n\nFUNCTION RESPONSE: yes'
            },
            name="Glaive",
        ),
        good(
            {
                "messages": [
                    {
                        "role": "system",
                        "content": 'Write <tool_call>\n{"name": <name>, "arguments": <object>}\n</tool_call>.',
                    },
                    {"role": "user", "content": "Rain?"},
                    {
                        "role": "assistant",
                        "content": "<tool_call>\n<function=weather>\n<parameter=city>\nOslo\n</parameter>\n"
                        "</function>\n</tool_call>",
                    },
                ]
            },
            name="a format told in the system text, and another one in use",
        ),
    ),
    judged=Judged(0, 0, "nothing found in 211 calls of 46 public sets, where nothing is wrong of this kind"),
)
def check_tool_arguments_json(record: Record) -> Iterator[Finding]:
    """The arguments of a tool call are no JSON object

    Templates and trainers read the arguments as JSON: text that does not parse stops them, and text that was encoded twice
    is rendered with all its backslashes, which the model then learns to write. A set in which they are strings here and
    objects there does not load as one table.
    """
    calls = list(trade(record).all_calls())
    for call in calls:
        said, value = _judge(call)
        if said:
            yield _finding(record, call, said, value)
    yield from _mixed(record, [c for c in calls if c.place and not _judge(c)[0]])
    tools = record.data.get("tools") if type(record.data) is dict else None
    if calls and type(tools) is str and tools.strip():
        fault = read_tools(tools)[1]
        if fault:
            yield record.finding(f"`tools` is no valid JSON: {fault}", pointer="/tools")


def _judge(call: Call) -> tuple[str, Any]:
    """What is wrong with the arguments of a call, and what they should be, MISSING if that is not known."""
    if call.fault:
        return call.fault, MISSING
    value = call.arguments
    if type(value) is dict or value is UNREAD:
        return "", MISSING
    if value is MISSING:
        return "the call has no arguments", MISSING
    if type(value) is not str:
        return f"the arguments are {_named(value)}, not an object", {} if value is None else MISSING
    decoded, fault = read_json(value)
    if fault:
        return f"the arguments are no valid JSON: {fault}", _literal(value)
    if type(decoded) is str:
        inner, _ = read_json(decoded)
        return "the arguments are encoded twice", decoded if type(inner) is dict else MISSING
    return ("", MISSING) if type(decoded) is dict else (f"the arguments are {_named(decoded)}, not an object", MISSING)


def _named(value: Any) -> str:
    kinds = {list: "a list", bool: "true or false", int: "a number", float: "a number", str: "a string"}
    return "null" if value is None else kinds.get(type(value), "no object")


def _literal(text: str) -> Any:
    """The JSON of a Python literal, MISSING if the text is none."""
    if not text.strip():
        return "{}"
    if len(text) > _LITERAL or text.count("{") + text.count("[") > 200:
        return MISSING
    try:
        value = ast.literal_eval(text.strip())
        return json.dumps(value, ensure_ascii=False, allow_nan=False) if type(value) is dict else MISSING
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return MISSING


def _finding(record: Record, call: Call, said: str, value: Any) -> Finding:
    edits = (Edit("set", call.place, value=value),) if value is not MISSING and call.place else ()
    fix = Fix("write the arguments as JSON", "unsafe", edits) if edits else None
    named = f" (call of {call.name})" if call.name else ""
    return record.finding(said + named, pointer=call.place or call.pointer, span=call.span, fix=fix)


def _mixed(record: Record, calls: list[Call]) -> Iterator[Finding]:
    """Arguments that are strings in some calls of the record and objects in others."""
    strings = [c for c in calls if type(c.arguments) is str]
    objects = [c for c in calls if type(c.arguments) is dict]
    if not strings or not objects:
        return
    edits = [Edit("set", c.place, value=json.dumps(c.arguments, ensure_ascii=False, allow_nan=False)) for c in objects]
    fix = Fix("write all arguments as strings", "unsafe", tuple(edits))
    said = f"the arguments are strings in {len(strings)} of {len(calls)} calls and objects in the others"
    yield record.finding(said, pointer=objects[0].place, fix=fix)
