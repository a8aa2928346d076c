"""SCH303: calls of tools that the record does not define, or not like that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from datalint_rules.schema._calls import TRIGGERS, Call, read_json, trade, trades
from datalint_rules.schema._tools import Tool, defined, mismatches

from datalint import Finding, Judged, Record, bad, good, rule

_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}, "unit": {"enum": ["C", "F"]}},
    "required": ["city"],
}
_TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": _SCHEMA}}]


def _call(name: str, arguments: Any, tools: Any = _TOOLS) -> dict[str, Any]:
    call = {"id": "a", "type": "function", "function": {"name": name, "arguments": arguments}}
    said = [{"role": "user", "content": "Rain?"}, {"role": "assistant", "content": None, "tool_calls": [call]}]
    return {"messages": said, "tools": tools}


@rule(
    "SCH303",
    "undefined-tool",
    category="correctness",
    gate=trades,
    triggers=TRIGGERS,
    known_problems="""
    Arguments that a schema neither names nor forbids are found: models invent them. Schemas are read in the words of JSON
    Schema, Python types and Gemini's capitals; what cannot be read is taken as right. References to other files are
    never followed. A record that defines no tools at all is left alone.
    """,
    references=("https://json-schema.org/understanding-json-schema/reference/object",),
    examples=(
        bad(_call("wether", '{"city": "Oslo"}'), name="a tool that is not there"),
        bad(_call("weather", '{"days": 2}'), name="an argument is missing"),
        bad(_call("weather", {"city": "Oslo", "days": "two"}), name="an argument of the wrong type"),
        bad(_call("weather", '{"city": "Oslo", "unit": "K"}'), name="a value that is not on the list"),
        bad(_call("weather", '{"city": "Oslo", "wind": true}'), name="an argument that the tool does not have"),
        bad(_call("weather", '{"city": "Oslo"}', []), name="no tools"),
        bad(
            {
                "query": "Rain?",
                "tools": '[{"name": "weather", "parameters": {"city": {"type": "str", "description": "where"}}}]',
                "answers": '[{"name": "weather", "arguments": {"city": 7}}]',
            },
            name="xLAM",
        ),
        bad(
            {
                "messages": [
                    {
                        "role": "system",
                        "content": 'Your tools: <tools>\n{"name": "weather", "parameters": {}}\n</tools>',
                    },
                    {"role": "user", "content": "Rain?"},
                    {"role": "assistant", "content": '<tool_call>\n{"name": "rain", "arguments": {}}\n</tool_call>'},
                ]
            },
            name="Hermes",
        ),
        good(_call("weather", '{"city": "Oslo", "days": 2, "unit": "C"}')),
        good(_call("weather", {"city": "Oslo", "days": None}), name="null for an argument that may be left out"),
        good({k: v for k, v in _call("weather", "{}").items() if k != "tools"}, name="no definitions"),
        good(
            _call(
                "weather", '{"city": "Oslo"}', [{"name": "weather", "input_schema": {"$ref": "https://example.com/x"}}]
            ),
            name="a schema that lies elsewhere",
        ),
        good(
            {
                "query": "Rain?",
                "tools": '[{"name": "weather", "parameters": {"city": {"type": "str, optional"}, "days": {"type": "int"}}}]',
                "answers": '[{"name": "weather", "arguments": {"city": "Oslo", "days": 2}}]',
            },
            name="types of Python",
        ),
    ),
    judged=Judged(1, 1, "all its findings in 211 calls of 46 public sets: a list where a number belongs"),
)
def check_undefined_tool(record: Record) -> Iterator[Finding]:
    """A call of a tool that the record does not define, or with arguments that the tool does not take

    The model learns to call what is not there. In use the call fails, or a program takes arguments that nobody checked.
    """
    calls = [c for c in trade(record).all_calls() if c.name is not None]
    tools = defined(record) if calls else None
    if tools is None:
        return
    known = {tool.name: tool for tool in tools}
    for call in calls:
        said = _judge(call, known)
        if said:
            yield record.finding(said, pointer=call.place or call.pointer, span=call.span)


def _judge(call: Call, known: Mapping[str, Tool]) -> str:
    """What is wrong with a call, "" if nothing is."""
    name = call.name or ""
    tool = known.get(name)
    if tool is None:
        near = get_close_matches(name, known, n=1)
        told = f"; is `{near[0]}` meant?" if near else ("" if known else ": no tool is defined")
        return f"the tool `{name[:60]}` is not defined{told}"
    arguments = read_json(call.arguments)[0] if type(call.arguments) is str else call.arguments
    if type(arguments) is not dict or tool.parameters is None:
        return ""
    wrong = mismatches(tool.parameters, arguments)
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return f"the arguments do not fit `{name[:60]}`: {wrong[0]}{more}" if wrong else ""
