"""Definitions of tools, and whether arguments fit them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from importlib import import_module
from itertools import islice
from typing import Any, NamedTuple

import orjson
import regex
from datalint_rules.schema._calls import read_json, read_tools

from datalint import Record, pattern

LIMIT = 100_000  # characters of a schema or of arguments that are looked at
_DEPTH = 30
_STEPS = 20_000  # of one validation
_TYPES = {
    "str": "string", "text": "string", "int": "integer", "long": "integer", "float": "number", "double": "number",
    "decimal": "number", "bool": "boolean", "dict": "object", "map": "object", "list": "array", "tuple": "array",
    "set": "array", "none": "null",
}  # fmt: skip
_KNOWN = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})
_SORTS: dict[type, str] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    dict: "object",
    list: "array",
}
_MAPS = ("properties", "$defs", "definitions")
_SCHEMAS = ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_KEPT = ("enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems",
         "minLength", "maxLength", "minProperties", "maxProperties", "pattern")  # fmt: skip
_PLAIN = frozenset({"type", "items", "enum", "properties", "required"})
_CLOSED = frozenset({"type", "properties", "required", "$defs", "definitions"})  # nothing here lets other names in
_HERMES = pattern(r"(?s)<tools>\s*(.*?)\s*</tools>")
_GLAIVE = pattern(r"(?s)access to the following functions\b[^{\[]*(?P<said>[{\[].*)")


class Tool(NamedTuple):
    """One tool that the record defines. ``parameters``: its schema, None if it has none."""

    name: str
    parameters: Any


class TooMuch(Exception):
    """A schema that would take too long."""


def defined(record: Record) -> list[Tool] | None:
    """The tools of a record; None where it defines none, or not in a form that is known."""
    data = record.data
    if type(data) is dict:
        for key in ("tools", "functions"):
            value = data.get(key)
            if type(value) is str and value.strip():
                return _written(value)
            if type(value) in (list, dict):
                return _all(value if type(value) is list else [value])
    for message in record.messages:
        if message.role == "system" and (found := _told(message.text)) is not None:
            return found
    return None


@lru_cache(maxsize=512)
def _written(text: str) -> list[Tool] | None:
    value, fault = read_tools(text)
    return None if fault or type(value) not in (list, dict) else _all(value if type(value) is list else [value])


def _all(items: list[Any]) -> list[Tool] | None:
    tools = [_tool(item) for item in items]
    return None if any(t is None for t in tools) else [t for t in tools if t is not None]


def _tool(item: Any) -> Tool | None:
    """A tool in the form of OpenAI, Anthropic or a bare function; a text that holds one."""
    if type(item) is str:
        item, fault = read_json(item)
        if fault:
            return None
    inner = item.get("function") if type(item) is dict and type(item.get("function")) is dict else item
    if type(inner) is not dict or type(inner.get("name")) is not str:
        return None
    schema = next((inner[k] for k in ("parameters", "input_schema", "inputSchema", "arguments") if k in inner), None)
    if type(schema) is str:
        schema = read_json(schema)[0]
    return Tool(inner["name"], schema)


def _told(text: str) -> list[Tool] | None:
    """Tools that a system text tells of, as for Hermes and Glaive."""
    hermes = _HERMES.search(text)
    said = hermes[1] if hermes is not None else ""
    if not said and (glaive := _GLAIVE.search(text)) is not None:
        said = glaive["said"]
    values: list[Any] = []
    decoder, at = json.JSONDecoder(), 0
    while at < len(said) and len(values) < 500:
        try:
            value, at = decoder.raw_decode(said, at)
        except (ValueError, RecursionError):
            break
        values.extend(value if type(value) is list else [value])
        at += len(said[at:]) - len(said[at:].lstrip(" \t\r\n,"))
    whole = bool(values) and (hermes is None or at >= len(said))
    return _all(values) if whole else None


# ---- schemas ----


def plain_schema(schema: Any, depth: int = 0) -> Any:
    """A schema in the words of JSON Schema, whatever dialect it was written in, with nothing that reaches beyond it."""
    if depth > _DEPTH:
        raise TooMuch
    if type(schema) is not dict:
        return schema if type(schema) is bool else {}
    if depth == 0 and _is_bare(schema):
        schema = {"type": "object", "properties": schema}
    made: dict[str, Any] = {}
    kinds = _types(schema.get("type"), nullable=schema.get("nullable") is True)
    if kinds:
        made["type"] = kinds
    reference = schema.get("$ref")
    if type(reference) is str and reference.startswith("#"):
        made["$ref"] = reference
    for key in _MAPS:
        if type(schema.get(key)) is dict:
            made[key] = {str(k): plain_schema(v, depth + 1) for k, v in schema[key].items() if v is not None}
    for key in _SCHEMAS:
        if type(schema.get(key)) in (dict, bool):
            made[key] = plain_schema(schema[key], depth + 1)
    for key in _LISTS:
        if type(schema.get(key)) is list and schema[key]:
            made[key] = [plain_schema(s, depth + 1) for s in schema[key]]
    made.update({k: schema[k] for k in _KEPT if _fits(k, schema.get(k))})
    if type(schema.get("required")) is list:
        made["required"] = [k for k in schema["required"] if type(k) is str]
    if schema.get("nullable") is True and "enum" in made:
        made["enum"] = [*made["enum"], None]
    return made


def _is_bare(schema: dict[str, Any]) -> bool:
    """Whether it lists the parameters and nothing else, one of which may be called "type"."""
    words = {"type", "properties", "$ref", *_LISTS}
    return (
        bool(schema) and "properties" not in schema and (not words & schema.keys() or type(schema.get("type")) is dict)
    )


def _fits(key: str, value: Any) -> bool:
    if key in ("enum", "const"):
        return value is not None and (key == "const" or (type(value) is list and bool(value)))
    return type(value) is str if key == "pattern" else type(value) in (int, float)


def _types(spoken: Any, *, nullable: bool) -> list[str]:
    """The types that are meant: "str, optional" and "STRING" are strings. Nothing where one is not known."""
    found: list[str] = []
    for one in spoken if type(spoken) is list else [spoken]:
        if type(one) is not str:
            return []
        head = regex.split(r"[,\[(<|]", one.strip().lower(), maxsplit=1)[0].strip()
        kind = _TYPES.get(head, head)
        if kind not in _KNOWN or "|" in one or " or " in one:
            return []
        found.append(kind)
        nullable |= "optional" in one.lower()
    return [*found, "null"] if nullable and found and "null" not in found else found


def mismatches(parameters: Any, arguments: Mapping[str, Any]) -> list[str]:
    """What the schema says against the arguments, in words; nothing where it cannot be told."""
    try:
        written = orjson.dumps(parameters, option=orjson.OPT_SORT_KEYS)
        large = len(written) > LIMIT or len(orjson.dumps(arguments)) > LIMIT
    except TypeError:  # nested too deep, or a number of more than 64 bits
        return []
    judge = None if large else _judge_of(written)
    if judge is None:
        return []
    needed = judge.schema.get("required", ()) if type(judge.schema) is dict else ()
    said = {k: v for k, v in arguments.items() if v is not None or k in needed}  # null stands for left out
    return [] if _fits_plainly(judge.schema, said) else judge.judge(said)


def _fits_plainly(schema: Any, arguments: Mapping[str, Any]) -> bool:
    """Whether arguments fit a schema so plain that it takes no library to see: most do."""
    if (
        type(schema) is not dict
        or not schema.keys() <= _CLOSED
        or not arguments.keys() >= set(schema.get("required", ()))
    ):
        return False
    known = schema.get("properties", {})
    return all(k in known and _is_plainly(known[k], v) for k, v in arguments.items())


def _is_plainly(schema: Any, value: Any) -> bool:
    if type(schema) is not dict or not schema.keys() <= _PLAIN:
        return False
    kinds = schema.get("type", ())
    if _SORTS.get(type(value)) not in kinds and not (type(value) is int and "number" in kinds):
        return False
    if "enum" in schema:
        return type(value) is str and value in schema["enum"]
    if type(value) is dict and "properties" in schema:
        return _fits_plainly(schema, value)
    return type(value) is not list or all(_is_plainly(schema.get("items"), v) for v in value)


class _Judge:
    """A schema that judges arguments, in a bounded number of steps and without leaving the record."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema

    @cached_property
    def _validator(self) -> Any:
        from referencing import Registry

        return _kind()(self.schema, registry=Registry())

    def judge(self, arguments: Mapping[str, Any]) -> list[str]:
        """What is wrong, in words."""
        from referencing.exceptions import Unresolvable

        _left[0] = _STEPS
        try:
            errors = list(islice(self._validator.iter_errors(arguments), 50))
        except (TooMuch, Unresolvable, RecursionError, TimeoutError, regex.error):
            return []
        return [*(_worded(e) for e in errors), *_unknown(self.schema, arguments)]


_left = [0]  # steps of the validation at hand


@cache
def _kind() -> Any:
    """The validator of the library, which counts its steps and gives patterns a limit of time."""
    library: Any = import_module("jsonschema")
    words = library.Draft202012Validator.VALIDATORS
    counted = {w: _counted(words[w]) for w in ("$ref", "type", "items", *_LISTS)}
    return library.validators.extend(library.Draft202012Validator, {**counted, "pattern": _pattern})


def _counted(follow: Any) -> Any:
    def step(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
        _left[0] -= 1
        if _left[0] < 0:
            raise TooMuch
        yield from follow(validator, value, instance, schema) or ()

    return step


@lru_cache(maxsize=2048)
def _judge_of(written: bytes) -> _Judge | None:
    """The checker of a schema, None for one that is too deep."""
    try:
        return _Judge(plain_schema(orjson.loads(written)))
    except TooMuch:
        return None


def _pattern(validator: Any, wanted: str, instance: Any, schema: Any) -> Iterator[Any]:
    """The keyword of that name, with a limit of time that the library's own has not."""
    if isinstance(instance, str) and not regex.search(wanted, instance, timeout=0.2):
        library: Any = import_module("jsonschema")
        yield library.ValidationError(f"does not match {wanted!r}")


def _worded(error: Any) -> str:
    """An error of the library in a few words."""
    place = ".".join(str(p) for p in error.absolute_path)
    subject = f"`{place}` " if place else ""
    if error.validator == "required":
        gone = next((k for k in error.validator_value if k not in error.instance), "")
        return f"`{place + '.' if place else ''}{gone}` is missing"
    if error.validator == "type":
        kinds = error.validator_value
        wanted = " or ".join(kinds) if type(kinds) is list else kinds
        return f"{subject}is {_shown(error.instance)}, not of type {wanted}"
    if error.validator == "enum":
        return f"{subject}is {_shown(error.instance)}, none of {', '.join(map(_shown, error.validator_value[:5]))}"
    if error.validator == "additionalProperties":
        extra = [k for k in error.instance if k not in error.schema.get("properties", {})]
        return f"`{place + '.' if place else ''}{extra[0] if extra else ''}` is no parameter"
    return f"{subject}{error.message[:100]}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"


def _unknown(schema: Any, arguments: Mapping[str, Any]) -> Iterator[str]:
    """Arguments that a schema which names its properties does not have."""
    if type(schema) is not dict or not schema.get("properties") or not schema.keys() <= _CLOSED:
        return
    for key in arguments:
        if key not in schema["properties"]:
            yield f"`{key}` is no parameter"
