"""The command line as config: options split, checked, and laid over what the config files say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import regex

from datalint.config_keys import Key, Table, convert
from datalint.errors import ConfigError, UsageError

_ADDED = ("ignore", "extend_ignore", "extend_select", "extend_exclude", "unfixable", "extend_safe_fixes",
          "extend_unsafe_fixes", "plugins_on", "plugins_off")  # fmt: skip
_SELECTING = ("select", "ignore", "extend_select", "extend_ignore")


def from_cli(cli: Mapping[str, Any], keys: Mapping[str, Key], cwd: Path) -> dict[str, Any]:
    """What the command line says, by field, as config files would have it."""
    by_field = {k.field: k for k in keys.values()}
    made: dict[str, Any] = {}
    for name, value in cli.items():
        if name == "paths":
            made[name] = tuple(map(str, value))
        elif name == "plugins":
            made["plugins_off"] = tuple(v.removeprefix("no:") for v in value if v.startswith("no:"))
            made["plugins_on"] = tuple(v for v in value if not v.startswith("no:"))
        else:
            made[name] = _cli_value(value, by_field[name], cwd)
    return made


def _cli_value(value: Any, k: Key, cwd: Path) -> Any:
    try:
        return convert(
            _pairs(value, k, cwd) if k.kind == "table" else _split(value, k), k, cwd, lambda at: "", (k.name,)
        )
    except ConfigError as error:
        raise UsageError(f"{k.cli}: {error.message.removeprefix(k.name + ': ')}", hint=error.hint) from error


def _split(value: Any, k: Key) -> Any:
    """Lists are repeatable and may hold commas; a glob's braces may hold commas of their own."""
    if k.kind not in ("list", "globs") or not isinstance(value, (str, list, tuple, frozenset)):
        return value
    texts = [value] if isinstance(value, str) else sorted(value) if isinstance(value, frozenset) else value
    parts = [p.strip() for text in texts for p in (regex.split(r",(?![^{]*\})", text))]
    return [p for p in parts if p]


def _pairs(value: Any, k: Key, cwd: Path) -> Any:
    """GLOB:SEL and FORMAT=PATH as tables."""
    if isinstance(value, Mapping):
        return value
    made: dict[str, Any] = {}
    sign = ":" if k.of == "list" else "="
    for text in [value] if isinstance(value, str) else value:
        name, found, right = text.rpartition(sign) if sign == ":" else text.partition(sign)
        if not found or not name or not right:
            raise ConfigError(f"{text!r} is not of the form {'GLOB:SELECTORS' if sign == ':' else 'FORMAT=PATH'}")
        made[name] = [*made.get(name, ()), *(right.split(",") if sign == ":" else (right,))]
    return made


def with_cli(made: Mapping[str, Any], cli: Mapping[str, Any]) -> dict[str, Any]:
    """The command line over the config. ``--select`` starts afresh: nothing the config selects or ignores is left."""
    both = dict(made)
    if "select" in cli:
        both = {f: v for f, v in both.items() if f not in _SELECTING}
        both["overrides"] = tuple(Table({c: v for c, v in o.items() if c not in _SELECTING[::2]})
                                  for o in made.get("overrides", ()))  # fmt: skip
    if "format" in cli:
        both["overrides"] = tuple(
            Table({c: v for c, v in o.items() if c != "format"}) for o in both.get("overrides", ())
        )
    wanted = set(cli.get("extend_select", ()))
    for name in ("ignore", "extend_ignore"):
        both[name] = tuple(s for s in both.get(name, ()) if s not in wanted)
    for name, value in cli.items():
        if name in _ADDED:
            value = (*both.get(name, ()), *value)
        elif isinstance(value, Table) and name != "format":
            value = Table({**both.get(name, {}), **value})
        both[name] = value
    return both
