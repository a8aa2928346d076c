"""Config keys as words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import regex

from datalint.config_keys import Key, Kind, thaw

_TYPE: dict[str, str] = {
    "bool": "true or false", "int": "number", "float": "number", "str": "string", "list": "list of strings",
    "globs": "list of globs", "path": "path", "paths": "list of paths", "table": "table", "tables": "tables",
    "jobs": 'number or "auto"', "format": "name or table", "template": "name or path",
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
