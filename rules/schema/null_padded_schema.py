"""SCH304: nulls that a table format left in the schemas of tools and in arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datalint_rules.schema._definitions import with_definitions

from datalint import Batch, Edit, Finding, Fix, Judged, Record, bad, good, rule

_FREE = frozenset({"default", "const", "example", "examples"})  # where null is a value
_DEPTH = 30
Null = tuple[str, str]  # pointer, name


def _tools(properties: Any, **more: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, **more}
    said = [{"role": "user", "content": "Rain?"}, {"role": "assistant", "content": "No."}]
    return {"messages": said, "tools": [{"type": "function", "function": {"name": "weather", "parameters": schema}}]}


@rule(
    "SCH304",
    "null-padded-schema",
    category="suspicious",
    fix="safe",
    fix_safety="""
    Removes keys whose value is null from the schemas of tools. JSON Schema gives such a key no meaning; null as a default
    or as a constant, and in lists of values, stays.
    """,
    known_problems="Schemas that are written as one string cannot have been padded like that and are not looked at.",
    references=(
        "https://github.com/modelscope/ms-swift/issues/6467",
        "https://huggingface.co/docs/trl/dataset_formats",
    ),
    examples=(
        bad(
            _tools({"city": {"type": "string"}, "query": None, "amount": None}),
            fixed=_tools({"city": {"type": "string"}}),
            name="the parameters of other tools",
        ),
        bad(
            _tools({"city": {"type": "string", "items": None, "enum": None}}, required=None),
            fixed=_tools({"city": {"type": "string"}}),
            name="keywords of other schemas",
        ),
        good(
            _tools({"city": {"type": "string", "default": None, "enum": ["Oslo", None]}}), name="null that is a value"
        ),
        good(_tools({"city": {"type": "string"}})),
        good(
            {
                "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}],
                "tools": None,
            },
            name="no tools at all",
        ),
    ),
    judged=Judged(0, 0, "nothing found in 46 public sets, whose tools are all written as strings"),
)
def check_null_padded_schema(batch: Batch) -> Iterator[Finding]:
    """The schema of a tool holds nulls that a table format put there

    Arrow and Parquet give every record the columns of all: loaded and written again, each tool has the parameters of every
    other tool in the set, all of them null. The model reads them as parameters, and strict templates stop at them.
    """
    for k in with_definitions(batch):
        data = batch.datas[k]
        for key in ("tools", "functions"):
            if type(data.get(key)) is list and (found := list(_in_tools(data[key], f"/{key}"))):
                yield _finding(batch.record(k), found)


def _finding(record: Record, found: list[Null]) -> Finding:
    names = list(dict.fromkeys(name for _, name in found))
    told = ", ".join(f"`{n}`" for n in names[:4]) + (" …" if len(names) > 4 else "")
    much = "a null" if len(found) == 1 else f"{len(found)} nulls"
    fix = Fix("remove the nulls", "safe", tuple(Edit("remove", pointer) for pointer, _ in found))
    return record.finding(f"{much} in the schemas of the tools: {told}", pointer=found[0][0], fix=fix)


def _in_tools(tools: list[Any], pointer: str) -> Iterator[Null]:
    for n, tool in enumerate(tools):
        inner, place = tool, f"{pointer}/{n}"
        if type(tool) is dict and type(tool.get("function")) is dict:
            inner, place = tool["function"], f"{place}/function"
        for key in ("parameters", "input_schema"):
            if type(inner) is dict and type(inner.get(key)) is dict:
                yield from _in_schema(inner[key], f"{place}/{key}", _DEPTH)


def _in_schema(schema: dict[str, Any], pointer: str, depth: int) -> Iterator[Null]:
    """Keys of a schema whose value is null, and those of the schemas within it."""
    for key, value in schema.items():
        place = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        if value is None and key not in _FREE:
            yield place, key
        elif depth and type(value) is dict and key not in _FREE:
            yield from _in_schema(value, place, depth - 1)
        elif depth and type(value) is list and key not in (*_FREE, "enum"):
            for n, item in enumerate(value):
                if type(item) is dict:
                    yield from _in_schema(item, f"{place}/{n}", depth - 1)
