"""Calls of tools: every way to write them, and what schemas make of their arguments."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import running
from datalint_rules.schema._tools import mismatches, plain_schema

WHOLE = ("SCH301", "SCH302", "SCH303", "SCH304", "SCH305")
WEATHER = {
    "name": "weather",
    "description": "Tells the weather.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"],
    },
}
TOOLS = [{"type": "function", "function": WEATHER}]
ASKED = {"role": "user", "content": "Will it rain?"}
SAID = {"role": "assistant", "content": "No."}


def found(folder: Path, record: Any) -> list[str]:
    """The codes of the findings in one record."""
    running.write(folder, {"a.jsonl": json.dumps(record, ensure_ascii=False).encode()})
    outcome = running.scan(running.settings(folder, "a.jsonl", select=WHOLE))
    assert outcome.not_checked == []
    return [f.code for f in outcome.findings]


def openai(arguments: Any, name: str = "weather", **more: Any) -> dict[str, Any]:
    """A call and its result, as OpenAI has it."""
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    result = {"role": "tool", "tool_call_id": "call_1", "content": "dry"}
    return {"messages": [ASKED, {"role": "assistant", "content": None, "tool_calls": [call]}, result, SAID], **more}


WRITTEN = json.dumps([WEATHER])


def sharegpt(call: str, tools: Any = WRITTEN) -> dict[str, Any]:
    """A call and its observation, as LLaMA-Factory reads it."""
    turns = [("human", "Rain?"), ("function_call", call), ("observation", "dry"), ("gpt", "No.")]
    return {"conversations": [{"from": f, "value": v} for f, v in turns], "tools": tools}


def hermes(call: str) -> dict[str, Any]:
    """A call in the text of the answer, its result in a user's turn."""
    system = f"Your tools:\n<tools>\n{json.dumps(TOOLS[0])}\n</tools>\nAnswer <tool_call>\n{{name}}\n</tool_call>."
    return {
        "messages": [
            {"role": "system", "content": system},
            ASKED,
            {"role": "assistant", "content": f"Let me look.\n<tool_call>\n{call}\n</tool_call>"},
            {"role": "user", "content": "<tool_response>\ndry\n</tool_response>"},
            SAID,
        ]
    }


def glaive(call: str) -> dict[str, Any]:
    """A call in a transcript."""
    system = (
        f"SYSTEM: You have access to the following functions. Use them if required -\n{json.dumps(WEATHER, indent=4)}"
    )
    return {
        "system": system,
        "chat": f"USER: Rain?\n\n\nASSISTANT: <functioncall> {call} <|endoftext|>\n\n\nFUNCTION RESPONSE: dry",
    }


def xlam(call: str) -> dict[str, Any]:
    """A query with its calls."""
    tools = [{"name": "weather", "parameters": {"city": {"type": "str"}, "days": {"type": "int, optional"}}}]
    return {"id": 1, "query": "Rain?", "tools": json.dumps(tools), "answers": f"[{call}]"}


def anthropic(arguments: Any, name: str = "weather") -> dict[str, Any]:
    """A call and its result as parts."""
    return {
        "messages": [
            ASKED,
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": name, "input": arguments}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "dry"}]},
            SAID,
        ],
        "tools": [{"name": "weather", "input_schema": WEATHER["parameters"]}],
    }


def swift(call: str) -> dict[str, Any]:
    """Calls and results as roles of messages."""
    turns = [("user", "Rain?"), ("tool_call", call), ("tool_response", "dry"), ("assistant", "No.")]
    return {"messages": [{"role": r, "content": c} for r, c in turns], "tools": json.dumps(TOOLS)}


def parts(call: str) -> dict[str, Any]:
    """A call as a part with a value, as LLaMA-Factory writes it since its version 1."""
    said = [{"type": "reasoning", "value": "I ask."}, {"type": "tool_call", "value": call}]
    return {
        "messages": [
            {"role": "user", "content": [{"type": "text", "value": "Rain?"}]},
            {"role": "assistant", "content": said},
            {"role": "tool", "content": [{"type": "text", "value": "dry"}]},
            {"role": "assistant", "content": [{"type": "text", "value": "No."}]},
        ],
        "tools": json.dumps(TOOLS),
    }


TEXTUAL = [sharegpt, hermes, glaive, xlam, swift, parts]
RIGHT = '{"name": "weather", "arguments": {"city": "Oslo", "days": 2}}'


@pytest.mark.parametrize("write", TEXTUAL)
def test_a_right_call_is_right_in_every_form(tmp_path: Path, write: Any) -> None:
    assert found(tmp_path, write(RIGHT)) == []


@pytest.mark.parametrize("write", TEXTUAL)
@pytest.mark.parametrize(
    ("call", "code"),
    [
        ('{"name": "weather", "arguments": {"city": "Oslo"}', "SCH301"),
        ("{'name': 'weather', 'arguments': {'city': 'Oslo'}}", "SCH301"),
        ('{"name": "weather", "arguments": "Oslo"}', "SCH301"),
        ('{"name": "wether", "arguments": {"city": "Oslo"}}', "SCH303"),
        ('{"name": "weather", "arguments": {"city": 7}}', "SCH303"),
        ('{"name": "weather", "arguments": {"city": "Oslo", "days": "two"}}', "SCH303"),
        ('{"name": "weather", "arguments": {"city": "Oslo", "wind": 1}}', "SCH303"),
    ],
)
def test_a_wrong_call_is_wrong_in_every_form(tmp_path: Path, write: Any, call: str, code: str) -> None:
    assert found(tmp_path, write(call)) == [code]


def test_a_missing_argument_is_missed(tmp_path: Path) -> None:
    for write in (sharegpt, hermes, glaive, swift, parts):
        assert found(tmp_path, write('{"name": "weather", "arguments": {}}')) == ["SCH303"]


@pytest.mark.parametrize(
    ("record", "codes"),
    [
        (openai('{"city": "Oslo"}', tools=TOOLS), []),
        (openai({"city": "Oslo"}, tools=TOOLS), []),
        (openai({"city": "Oslo"}, tools=json.dumps(TOOLS)), []),
        (openai('{"city": "Oslo"}'), []),
        (openai('"{\\"city\\": \\"Oslo\\"}"', tools=TOOLS), ["SCH301"]),
        (openai("[1]", tools=TOOLS), ["SCH301"]),
        (openai(None, tools=TOOLS), ["SCH301"]),
        (openai('{"city": "Oslo"}', name="rain", tools=TOOLS), ["SCH303"]),
        (openai('{"city": "Oslo"}', tools="[{'name': 'weather'}]"), ["SCH301"]),
        (anthropic({"city": "Oslo"}), []),
        (anthropic({"town": "Oslo"}), ["SCH303"]),
        (anthropic({"city": "Oslo"}, name="rain"), ["SCH303"]),
        (glaive('{"name": "weather", "arguments": \'{"city": "Oslo"}\'}'), []),
        (glaive('{"name": "weather", "arguments": \'{"town": "Oslo"}\'}'), ["SCH303"]),
        (sharegpt('<think>\nOslo.\n</think>\n\n{"name": "weather", "arguments": {"city": "Oslo"}}'), []),
        (sharegpt(f"[{RIGHT}, {RIGHT}]"), []),
        (sharegpt(RIGHT, tools=""), []),
        (sharegpt(RIGHT, tools="[]"), ["SCH303"]),
        (hermes("<function=weather>\n<parameter=city>\nOslo\n</parameter>\n</function>"), []),
        (hermes("<function=rain>\n<parameter=city>\nOslo\n</parameter>\n</function>"), ["SCH303"]),
        (hermes("weather\n<arg_key>city</arg_key>\n<arg_value>Oslo</arg_value>"), []),
        ({"messages": [ASKED, SAID], "functions": [WEATHER]}, ["SCH305"]),
        ({"messages": [ASKED, SAID], "tools": None}, []),
        (
            {
                "messages": [ASKED, SAID],
                "tools": [{**WEATHER, "parameters": {"type": "object", "properties": {"x": None}}}],
            },
            ["SCH304"],
        ),
        (
            {
                "prompt": [ASKED],
                "chosen": [SAID],
                "rejected": [{"role": "assistant", "content": "<tool_call>\n{broken\n</tool_call>"}],
            },
            [],
        ),
    ],
)
def test_forms_and_their_corners(tmp_path: Path, record: Any, codes: list[str]) -> None:
    assert found(tmp_path, record) == codes


def test_a_call_without_content_is_a_call(tmp_path: Path) -> None:
    record = openai("{}", tools=[{"name": "weather", "parameters": {}}])
    del record["messages"][1]["content"]
    assert found(tmp_path, record) == []
    assert found(tmp_path, {"messages": [*record["messages"][:2], SAID]}) == ["SCH302"]


@pytest.mark.parametrize(
    ("parameters", "arguments", "said"),
    [
        ({"city": {"type": "str"}}, {"city": 1}, ["`city` is 1, not of type string"]),
        ({"type": "dict", "properties": {"n": {"type": "float"}}}, {"n": 2}, []),
        ({"type": "OBJECT", "properties": {"n": {"type": "NUMBER"}}}, {"n": "2"}, ['`n` is "2", not of type number']),
        ({"type": {"type": "string", "description": "the kind"}}, {"type": "dog"}, []),
        ({"properties": {"n": {"type": ["integer", "null"]}}}, {"n": None}, []),
        ({"properties": {"n": {"type": "integer", "nullable": True}}, "required": ["n"]}, {"n": None}, []),
        ({"properties": {"n": {"type": "integer"}}, "required": ["n"]}, {"n": None}, ["`n` is null, not of type integer"]),
        ({"properties": {"n": {"type": "int or str"}}}, {"n": []}, []),
        ({"properties": {"n": {"type": "List[int]"}}}, {"n": [1]}, []),
        ({"properties": {"n": {"type": "integer", "required": True}}}, {"n": 1}, []),
        ({"properties": {"n": {"enum": ["C", "F"]}}}, {"n": "K"}, ['`n` is "K", none of "C", "F"']),
        ({"properties": {"n": {}}, "additionalProperties": False}, {"m": 1}, ["`m` is no parameter"]),
        ({"properties": {"n": {}}, "additionalProperties": True}, {"m": 1}, []),
        ({"properties": {}}, {"m": 1}, []),
        ({"properties": {"n": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"type": "string"}}}, {"n": 1},
         ["`n` is 1, not of type string"]),
        ({"properties": {"n": {"$ref": "#/$defs/lost"}}}, {"n": 1}, []),
        ({"properties": {"n": {"$ref": "https://example.com/schema.json"}}}, {"n": 1}, []),
        ({"properties": {"n": {"pattern": "^a+$"}}}, {"n": "b"}, ["`n` does not match '^a+$'"]),
        ({"properties": {"n": {"pattern": "("}}}, {"n": "b"}, []),
        ({"properties": {"n": {"type": "array", "items": {"type": "string"}}}}, {"n": ["a", 2]},
         ["`n.1` is 2, not of type string"]),
        ({"properties": {"o": {"type": "object", "properties": {}, "required": ["k"]}}}, {"o": {}}, ["`o.k` is missing"]),
        ("no schema", {"n": 1}, []),
        (True, {"n": 1}, []),
        ({"type": "object", "properties": []}, {"n": 1}, []),
    ],
)  # fmt: skip
def test_what_schemas_say(parameters: Any, arguments: dict[str, Any], said: list[str]) -> None:
    assert mismatches(parameters, arguments) == said


def exponential(depth: int) -> dict[str, Any]:
    """A schema that doubles at each of its references."""
    inner = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(depth)}
    return {"properties": {"n": {"$ref": "#/$defs/d0"}}, "$defs": {**inner, f"d{depth}": {"type": "string"}}}


def nested(depth: int) -> dict[str, Any]:
    """A schema within a schema."""
    made: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        made = {"type": "object", "properties": {"n": made}}
    return made


@pytest.mark.parametrize(
    ("parameters", "arguments"),
    [
        (exponential(40), {"n": 1}),
        ({"properties": {"n": {"$ref": "#"}}, "$ref": "#"}, {"n": {"n": 1}}),
        ({"properties": {"n": {"pattern": "^(a|a)*$"}}}, {"n": "a" * 40 + "b"}),
        ({"properties": {"n": {"pattern": "(x+x+)+y"}}}, {"n": "x" * 5000}),
        (nested(400), {"n": {"n": 1}}),
        ({"properties": {"n": {"items": {"type": "string"}}}}, {"n": list(range(15_000))}),
        ({"properties": {"n": {"enum": ["x" * 200_000]}}}, {"n": 1}),
    ],
)
def test_no_schema_takes_long(parameters: Any, arguments: dict[str, Any]) -> None:
    start = time.process_time()
    mismatches(parameters, arguments)
    assert time.process_time() - start < 2.0


def test_a_schema_that_is_deep_is_left() -> None:
    assert mismatches(nested(400), {"m": 1}) == []
    assert plain_schema({"type": "str, optional"}) == {"type": ["string", "null"]}
