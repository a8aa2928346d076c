"""The JSON schema of a config file, for editors: every key, every rule's options, and the words that may stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from datalint.card import Card, Option
from datalint.config_keys import Key, thaw
from datalint.model import CATEGORY_SEVERITY

Schema = dict[str, Any]
TITLE = "The config of datalint: datalint.toml, .datalint.toml, or [tool.datalint] in pyproject.toml"
_STRING: Schema = {"type": "string"}
_STRINGS: Schema = {"type": "array", "items": _STRING}
_ONE_OR_MORE: Schema = {"anyOf": [_STRING, _STRINGS]}
_KIND: dict[str, Schema] = {
    "bool": {"type": "boolean"}, "int": {"type": "integer"}, "float": {"type": "number"}, "str": _STRING,
    "list": _ONE_OR_MORE, "globs": _ONE_OR_MORE, "path": _STRING, "paths": _ONE_OR_MORE, "table": {"type": "object"},
    "tables": {"type": "array", "items": {"type": "object"}},
    "jobs": {"anyOf": [{"type": "integer", "minimum": 1}, {"enum": ["auto"]}]}, "template": _STRING,
}  # fmt: skip
_OPTION: dict[str, Schema] = {
    "bool": {"type": "boolean"}, "int": {"type": "integer"}, "float": {"type": "number"}, "str": _STRING,
    "list[str]": _STRINGS, "table": {"type": "object"},
}  # fmt: skip
# Keys whose strings are selectors of rules; "severity" and "per-file-ignores" are tables of such.
_SELECTORS = (
    "select", "ignore", "extend-select", "extend-ignore", "fixable", "unfixable", "extend-safe-fixes",
    "extend-unsafe-fixes", "severity", "per-file-ignores",
)  # fmt: skip


def schema(keys: Mapping[str, Key], cards: Sequence[Card], shapes: Iterable[str], formats: Iterable[str]) -> Schema:
    """The schema, with these rules, record formats and output formats."""
    properties = {key.name: _of_key(key) for key in keys.values() if key.file}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": TITLE,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "definitions": {
            "selector": _known(selectors(cards)),
            "shape": _known(["auto", *shapes]),
            "output-format": _known(formats),
            "rules": _rules(cards),
        },
    }


def selectors(cards: Sequence[Card]) -> list[str]:
    """What can stand in ``select``: groups, then the starts of codes, codes and names."""
    tags = sorted({f"tag:{tag}" for card in cards for tag in card.tags})
    codes = [card.code for card in cards if not card.local]
    starts = sorted({code[:end] for code in codes for end in range(len(code.rstrip("0123456789")), len(code) - 1)})
    names = sorted({card.name for card in cards})
    return ["ALL", "DEFAULT", *CATEGORY_SEVERITY, *tags, *starts, *codes, *names]


def _known(words: Iterable[str]) -> Schema:
    """One of these words, which an editor offers, or another one: plugins and the project's own rules have more."""
    return {"anyOf": [{"enum": list(words)}, _STRING]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _of_key(key: Key) -> Schema:
    made = _content(key)
    value = thaw(key.default)
    known = value is not None and value not in ("", [], {}) and key.kind not in ("path", "paths")
    return {"description": key.doc, **({"default": value} if known else {}), **made}


def _content(key: Key) -> Schema:
    if key.name == "rules" and key.kind == "table":
        return _ref("rules")
    if key.name == "output-format":
        return _ref("output-format")
    if key.kind == "format":
        fields = {"type": "object", "properties": {"shape": _ref("shape")}, "additionalProperties": _ONE_OR_MORE}
        return {"anyOf": [_ref("shape"), fields]}
    if isinstance(key.of, tuple):
        return _entries(key, key.of)
    if isinstance(key.of, str):
        named = {"propertyNames": {"enum": list(key.choices)}} if key.choices else {}
        return {"type": "object", "additionalProperties": _values(key, key.of), **named}
    if key.kind == "list":
        return _values(key, "list")
    if key.choices:
        return {"enum": list(key.choices)}
    least = {"minimum": key.least} if key.least is not None else {}
    return {**_KIND[key.kind], **least}


def _values(key: Key, kind: str) -> Schema:
    """One string or a list of them, where they are selectors or choices."""
    if kind != "list":
        return _KIND[kind]
    if key.name in _SELECTORS or key.name == "rules":
        one = _ref("selector")
    else:
        one = {"enum": list(key.choices)} if key.choices else _STRING
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _entries(key: Key, columns: Sequence[Key]) -> Schema:
    entry = {
        "type": "object",
        "additionalProperties": False,
        "required": [column.name for column in columns if column.required],
        "properties": {column.name: _of_key(column) for column in columns},
    }
    return {"type": "array", "items": entry} if key.kind == "tables" else entry


def _rules(cards: Sequence[Card]) -> Schema:
    """Options by name, code or old name; a table for a rule that is not known here may hold anything."""
    known = {called: _rule(card, called) for card in cards for called in (card.name, card.code, *card.aliases)}
    return {"type": "object", "properties": known, "additionalProperties": {"type": "object"}}


def _rule(card: Card, called: str) -> Schema:
    if called != card.name:
        return _ref(f"rules/properties/{card.name}")
    options = {name: _option(option) for name, option in card.options.items()}
    said = card.summary if card.local else f"{card.code}: {card.summary}"
    return {"description": said, "type": "object", "additionalProperties": False, "properties": options}


def _option(option: Option) -> Schema:
    choices = {"enum": list(option.choices)} if option.choices else {}
    return {"description": option.doc, "default": option.default, **_OPTION[option.type], **choices}
