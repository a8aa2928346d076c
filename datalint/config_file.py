"""Config files: where they are, what they say, and on which line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import regex

from datalint import __version__
from datalint.config_keys import Key, Place, Table, convert_table
from datalint.errors import ConfigError, UsageError
from datalint.toml_lines import line_of
from datalint.versions import satisfies

NAMES = (".datalint.toml", "datalint.toml", "pyproject.toml")
INLINE = "--config"


@dataclass(frozen=True)
class Layer:
    """What one config file (or one inline text) sets: values by key name, and where each stands."""

    path: Path | None
    values: Mapping[str, Any]
    places: Mapping[str, str]


def find(directory: Path) -> Path | None:
    """The config file that holds in ``directory``: the nearest one, going up."""
    for folder in (directory, *directory.parents):
        for name in NAMES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or _own_table(path) is not None):
                return path
    return None


def _own_table(path: Path) -> Mapping[str, Any] | None:
    text = path.read_text(encoding="utf-8", errors="replace")
    if "datalint" not in text:
        return None
    tool = parse(text, str(path)).get("tool", {})
    table = tool.get("datalint") if isinstance(tool, Mapping) else None
    return table if isinstance(table, Mapping) else None


def layers(path: Path, keys: Mapping[str, Key]) -> list[Layer]:
    """The file at ``path`` and all it extends, the furthest ancestor first."""
    return list(_layers(path, keys, ()))


def _layers(path: Path, keys: Mapping[str, Key], seen: tuple[Path, ...]) -> Iterator[Layer]:
    if path in seen:
        raise ConfigError("config files extend each other", place=" -> ".join(map(str, (*seen, path))))
    layer = _read(path, keys)
    parent = layer.values.get("extend")
    if parent is not None:
        if not parent.is_file():
            raise ConfigError(f"extend: {parent} does not exist", place=layer.places["extend"])
        yield from _layers(parent.resolve(), keys, (*seen, path))
    yield layer


def _read(path: Path, keys: Mapping[str, Key]) -> Layer:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the config: {error}", place=str(path)) from error
    data = parse(text, str(path))
    prefix: tuple[str, ...] = ()
    if path.name == "pyproject.toml":
        prefix = ("tool", "datalint")
        data = data.get("tool", {}).get("datalint", {})
    return _layer(path, text, data, keys, path.parent, prefix)


def inline(text: str, keys: Mapping[str, Key], cwd: Path) -> Layer:
    """The layer of ``--config 'key = value'``."""
    return _layer(None, text, parse(text, INLINE), keys, cwd, ())


def _layer(
    path: Path | None, text: str, data: Mapping[str, Any], keys: Mapping[str, Key], base: Path, prefix: tuple[str, ...]
) -> Layer:
    place = partial(_place, str(path) if path is not None else INLINE, text, prefix)
    _check_version(data.get("required-version", ""), place(("required-version",)))
    known = {name: k for name, k in keys.items() if k.file}
    for name in data:
        if name in keys and name not in known:
            hint = f"use {keys[name].cli} on the command line" if keys[name].cli else ""
            raise ConfigError(f"{name!r} cannot be set in a config", place=place((name,)), hint=hint)
    values = convert_table(data, known, base, place)
    _check_where(values.get("overrides", ()), place)
    return Layer(path, values, {name: place((name,)) for name in values})


def _check_version(wanted: Any, place: str) -> None:
    """Before anything else: a config for another version may hold keys that this one does not know."""
    try:
        fitting = not isinstance(wanted, str) or satisfies(__version__, wanted)
    except UsageError as error:
        raise ConfigError(f"required-version: {error.message}", place=place, hint=error.hint) from error
    if not fitting:
        raise ConfigError(f"this config is for datalint {wanted}, and this is {__version__}", place=place)


def _check_where(overrides: Sequence[Table], place: Place) -> None:
    """Which rules run is decided once for a file, so a condition on records can only silence them."""
    for n, override in enumerate(overrides):
        for name in override if "where" in override else ():
            if name not in ("files", "where", "ignore"):
                message = f"an override with 'where' only ignores rules; it cannot set {name!r}"
                raise ConfigError(message, place=place(("overrides", n, name)))


def parse(text: str, origin: str) -> dict[str, Any]:
    """The TOML ``text``. Raises ConfigError with line and column."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        data: dict[str, Any] = tomllib.loads(text)
        return data
    except tomllib.TOMLDecodeError as error:
        said, _, at = str(error).partition(" (at ")
        where = regex.search(r"line (\d+), column (\d+)", at)
        place = f"{origin}:{where[1]}:{where[2]}" if where else f"{origin}:{len(text.splitlines()) or 1}"
        raise ConfigError(f"not valid TOML: {said[:1].lower()}{said[1:]}", place=place) from error


def merged(older: Mapping[str, Any], newer: Mapping[str, Any], keys: Mapping[str, Key]) -> dict[str, Any]:
    """Both layers as one: the newer wins; tables are joined, extend-… lists and arrays of tables appended."""
    made = dict(older)
    for name, value in newer.items():
        kind = keys[name].kind
        if name in made and (kind == "tables" or name.startswith("extend-")):
            made[name] = (*made[name], *value)
        elif name in made and kind == "table":
            made[name] = joined(made[name], value)
        else:
            made[name] = value
    return made


def joined(older: Table, newer: Table) -> Table:
    """Both tables as one, all the way down; the newer value wins."""
    both = dict(older)
    for name, value in newer.items():
        old = both.get(name)
        both[name] = joined(old, value) if isinstance(old, Table) and isinstance(value, Table) else value
    return Table(both)


def place_of(path: Path, keys: Sequence[str | int]) -> str:
    """``file:line`` of the value that ``keys`` lead to in the config at ``path`` or one it extends, else ""."""
    seen: set[Path] = set()
    current: Path | None = path
    while current is not None and current not in seen and current.is_file():
        seen.add(current)
        text = current.read_text(encoding="utf-8")
        prefix = ("tool", "datalint") if current.name == "pyproject.toml" else ()
        line, exact = line_of(text, (*prefix, *keys))
        if exact:
            return f"{current}:{line}"
        data = parse(text, str(current))
        table = data.get("tool", {}).get("datalint", {}) if prefix else data
        current = (current.parent / table["extend"]).resolve() if "extend" in table else None
    return ""


def _place(origin: str, text: str, prefix: tuple[str, ...], keys: Sequence[str | int]) -> str:
    return f"{origin}:{line_of(text, (*prefix, *keys))[0]}"
