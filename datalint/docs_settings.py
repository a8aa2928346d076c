"""Config keys as words, and as a JSON schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import regex

from datalint.card import Card, Option
from datalint.config_keys import Key, Kind, thaw

_TYPE: dict[str, str] = {
    "bool": "true or false", "int": "number", "float": "number", "str": "string", "list": "list of strings",
    "globs": "list of globs", "path": "path", "paths": "list of paths", "table": "table", "tables": "tables",
    "jobs": 'number or "auto"', "format": "name or table", "template": "name or path",
}  # fmt: skip
_STRINGS = {"type": "array", "items": {"type": "string"}}
_SCHEMA: dict[str, dict[str, Any]] = {
    "bool": {"type": "boolean"}, "int": {"type": "integer"}, "float": {"type": "number"}, "str": {"type": "string"},
    "list": _STRINGS, "globs": _STRINGS, "path": {"type": "string"}, "paths": _STRINGS, "table": {"type": "object"},
    "tables": {"type": "array", "items": {"type": "object"}},
    "jobs": {"anyOf": [{"type": "integer", "minimum": 1}, {"const": "auto"}]},
    "format": {"anyOf": [{"type": "string"}, {"type": "object"}]}, "template": {"type": "string"},
}  # fmt: skip
_OPTION: dict[str, dict[str, Any]] = {
    "bool": {"type": "boolean"}, "int": {"type": "integer"}, "float": {"type": "number"}, "str": {"type": "string"},
    "list[str]": _STRINGS, "table": {"type": "object"},
}  # fmt: skip


def type_of(key: Key) -> str:
    """What a key holds, in words."""
    if isinstance(key.of, str):
        return f"table of {_plural(key.of)}"
    return _TYPE[key.kind]


def _plural(kind: Kind) -> str:
    return {"list": "lists", "table": "tables", "path": "paths"}.get(kind, kind)


def default_of(key: Key) -> str:
    """The default of a key as it stands in a config, "" if it has none."""
    value = sorted(key.default) if isinstance(key.default, frozenset) else thaw(key.default)
    return "" if value in (None, "", [], {}) else toml(value)


def toml(value: Any) -> str:
    """``value`` as it stands in a config."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {toml(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, (int, float)):
        return str(value)
    return json.dumps(str(value), ensure_ascii=False)


def _key(name: str) -> str:
    return name if regex.fullmatch(r"[\w-]+", name) else json.dumps(name, ensure_ascii=False)


def describe(key: Key) -> str:
    """All about one key, as Markdown."""
    return "\n".join([f"## {key.name}", "", key.doc, "", *(f"- {name}: {text}" for name, text in _facts(key) if text)])


def _facts(key: Key) -> Iterator[tuple[str, str]]:
    yield "Type", type_of(key)
    yield "Default", f"`{default_of(key)}`" if default_of(key) else ""
    yield "Choices", ", ".join(f"`{c}`" for c in key.choices)
    yield "Command line", f"`{key.cli}`" if key.cli else ""
    yield "Config file", "" if key.file else "no"
    yield "Holds for", "data files: the nearest config decides" if key.per_file and key.file else ""
    yield "Example", f"`{key.name} = {key.example}`" if key.example else ""
    if isinstance(key.of, tuple):
        yield "Keys", "".join(f"\n  - `{k.name}` ({type_of(k)}): {k.doc}" for k in key.of)


def settings_page(keys: Mapping[str, Key]) -> str:
    """The page of all keys that may stand in a config."""
    head = (
        "# Settings\n\nThe keys of `datalint.toml`, `.datalint.toml` and `[tool.datalint]` in `pyproject.toml`. "
        "`datalint config KEY` shows one of them, `datalint config --show` what holds here and where it comes from."
    )
    return "\n\n".join([head, *(describe(key) for key in keys.values() if key.file)]) + "\n"


def schema(keys: Mapping[str, Key], cards: Iterable[Card]) -> dict[str, Any]:
    """The JSON schema of a config file, with the options of these rules."""
    properties = {key.name: _of_key(key) for key in keys.values() if key.file}
    rules = {name: _of_rule(card) for card in cards for name in (card.name, card.code) if card.options}
    properties["rules"] |= {"properties": rules}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#", "title": "datalint", "type": "object",
        "additionalProperties": False, "properties": properties,
    }  # fmt: skip


def _of_key(key: Key) -> dict[str, Any]:
    made = dict(_SCHEMA[key.kind])
    if isinstance(key.of, tuple):
        required = [k.name for k in key.of if k.required]
        entry = {"type": "object", "additionalProperties": False, "properties": {k.name: _of_key(k) for k in key.of}}
        made["items"] = {**entry, "required": required}
    elif isinstance(key.of, str):
        named = {"propertyNames": {"enum": list(key.choices)}} if key.choices else {}
        made |= {"additionalProperties": _SCHEMA[key.of], **named}
    elif key.choices:
        made = {**made, "items": {"enum": list(key.choices)}} if key.kind == "list" else {"enum": list(key.choices)}
    return {"description": key.doc, **made}


def _of_rule(card: Card) -> dict[str, Any]:
    options = {name: _of_option(option) for name, option in card.options.items()}
    return {"description": card.summary, "type": "object", "additionalProperties": False, "properties": options}


def _of_option(option: Option) -> dict[str, Any]:
    choices = {"enum": list(option.choices)} if option.choices else {}
    return {"description": option.doc, "default": option.default, **_OPTION[option.type], **choices}
