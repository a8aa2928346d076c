"""How one config key is declared, checked and frozen. The keys themselves are the fields of ``config.Settings``."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar

from datalint.errors import ConfigError
from datalint.globs import literal, mistake

Kind = Literal[
    "bool",
    "int",
    "float",
    "str",
    "list",
    "globs",
    "path",
    "paths",
    "table",
    "tables",
    "jobs",
    "format",
    "date",
    "template",
]
T = TypeVar("T")
META = "datalint"


class Table(Mapping[str, Any]):
    """A frozen, hashable, picklable mapping; its values are scalars, tuples and tables."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self._items = {name: freeze(value) for name, value in (items or {}).items()}

    def __getitem__(self, name: str) -> Any:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    def __repr__(self) -> str:
        return f"Table({self._items!r})"

    def __reduce__(self) -> tuple[type[Table], tuple[dict[str, Any]]]:
        return Table, (self._items,)


def freeze(value: Any) -> Any:
    """``value`` with lists as tuples and mappings as tables, all the way down."""
    if isinstance(value, Table):
        return value
    if isinstance(value, Mapping):
        return Table(value)
    if isinstance(value, (list, tuple)):
        return tuple(freeze(v) for v in value)
    return value


def thaw(value: Any) -> Any:
    """The inverse of ``freeze``: plain lists and dicts, paths as text."""
    if isinstance(value, Mapping):
        return {name: thaw(v) for name, v in value.items()}
    if isinstance(value, (tuple, list, frozenset)):
        return [thaw(v) for v in (sorted(value) if isinstance(value, frozenset) else value)]
    return value.as_posix() if isinstance(value, Path) else value


@dataclass(frozen=True)
class Key:
    """One key: what it may hold and what it means. ``of``: the kind of a table's values, or the keys of its tables."""

    name: str
    kind: Kind
    doc: str
    default: Any = None
    cli: str = ""
    file: bool = True  # may stand in a config file
    per_file: bool = False  # the config nearest to a data file decides, not the project's
    choices: tuple[str, ...] = ()
    least: float | None = None  # the smallest number
    of: Kind | tuple[Key, ...] | None = None
    globs: bool = False  # the names of a table are globs
    required: bool = False
    example: str = ""

    @property
    def field(self) -> str:
        """The name of the field of ``Settings``."""
        return self.name.replace("-", "_")


def key(kind: Kind, default: T, doc: str, **more: Any) -> T:
    """A field of ``Settings`` that is a config key as well."""
    made: T = dataclasses.field(
        default=default, metadata={META: {"kind": kind, "doc": doc, "default": default, **more}}
    )
    return made


def keys_of(settings: type) -> dict[str, Key]:
    """All keys that the fields of ``settings`` declare, by their name in a config file."""
    fields = dataclasses.fields(settings)
    made = (Key(f.name.replace("_", "-"), **f.metadata[META]) for f in fields if META in f.metadata)
    return {k.name: k for k in made}


Place = Callable[[Sequence[str | int]], str]  # keys and positions that lead to a value -> "file:line"


def convert_table(raw: Mapping[str, Any], keys: Mapping[str, Key], base: Path, place: Place) -> dict[str, Any]:
    """The values of ``raw`` by key name, checked and frozen. Raises ConfigError with the place of the first mistake."""
    return _known_keys(raw, keys, base, place, ())


def _known_keys(
    raw: Mapping[str, Any], keys: Mapping[str, Key], base: Path, place: Place, at: tuple[str | int, ...]
) -> dict[str, Any]:
    for name in raw:
        if name not in keys:
            raise ConfigError(f"unknown key {name!r}", place=place((*at, name)), hint=_hint(name, keys, at))
    for k in keys.values():
        if k.required and k.name not in raw:
            raise ConfigError(f"no {k.name!r} in [[{at[0]}]]", place=place(at))
    return {name: convert(value, keys[name], base, place, (*at, name)) for name, value in raw.items()}


def _hint(name: str, keys: Mapping[str, Key], at: tuple[str | int, ...]) -> str:
    near = get_close_matches(name.replace("_", "-").lower(), keys, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known here: {', '.join(keys)}" if at else "`datalint config` lists all keys"


def convert(value: Any, k: Key, base: Path, place: Place, at: tuple[str | int, ...]) -> Any:
    """``value`` as ``Settings`` keeps it: frozen, with paths and globs made absolute from ``base``."""
    if k.kind == "tables":
        return tuple(_entries(value, k, base, place, at))
    if k.kind == "table":
        return _table(value, k, base, place, at)
    problem, made = _CONVERTERS[k.kind](value, base)
    if problem:
        raise ConfigError(f"{k.name}: expected {problem}, got {_shown(value)}", place=place(at))
    if k.least is not None and made < k.least:
        raise ConfigError(f"{k.name}: expected {k.least:g} or more, got {_shown(value)}", place=place(at))
    for part in made if isinstance(made, tuple) else (made,):
        if k.choices and part not in k.choices:
            near = get_close_matches(str(part), k.choices, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(k.choices)}"
            raise ConfigError(f"{k.name}: {part!r} is not a choice", place=place(at), hint=hint)
    return made


def _entries(value: Any, k: Key, base: Path, place: Place, at: tuple[str | int, ...]) -> Iterator[Table]:
    if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value):
        raise ConfigError(
            f"{k.name}: expected tables, got {_shown(value)}", place=place(at), hint=f"write [[{k.name}]]"
        )
    columns = {c.name: c for c in k.of} if isinstance(k.of, tuple) else {}
    for n, entry in enumerate(value):
        yield (Table(_known_keys(entry, columns, base, place, (*at, n))) if columns else Table(entry))


def _table(value: Any, k: Key, base: Path, place: Place, at: tuple[str | int, ...]) -> Table:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{k.name}: expected a table, got {_shown(value)}", place=place(at), hint=f"write [{k.name}]")
    if isinstance(k.of, tuple):
        return Table(_known_keys(value, {c.name: c for c in k.of}, base, place, at))
    for name in value:
        if k.choices and name not in k.choices:
            raise ConfigError(
                f"{k.name}: {name!r} is not a choice", place=place((*at, name)), hint=", ".join(k.choices)
            )
    if k.of is None:
        return Table(value)
    for name in value if k.globs else ():
        if why := mistake(name):
            raise ConfigError(f"{k.name}: {name!r} is no glob: {why}", place=place((*at, name)))
    named = {anchored(name, base) if k.globs else name: name for name in value}
    one = {name: dataclasses.replace(k, name=f"{k.name}.{name}", kind=k.of, of=None, choices=()) for name in value}
    return Table({made: convert(value[name], one[name], base, place, (*at, name)) for made, name in named.items()})


def _shown(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


Converted = tuple[str, Any]  # what was expected ("" if all is well), the value


def _scalar(kind: type, said: str) -> Callable[[Any, Path], Converted]:
    def check(value: Any, base: Path) -> Converted:
        numeric = kind is float and isinstance(value, int)
        fits = (isinstance(value, kind) or numeric) and (kind is bool or not isinstance(value, bool))
        return ("", kind(value)) if fits else (said, None)

    return check


def _list(value: Any, base: Path) -> Converted:
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not all(isinstance(p, str) for p in parts):
        return "a list of strings", None
    return "", tuple(parts)


def _globs(value: Any, base: Path) -> Converted:
    said, parts = _list(value, base)
    wrong = said or next((f"a glob ({why})" for why in map(mistake, parts) if why), "")
    return (wrong, None) if wrong else ("", tuple(anchored(p, base) for p in parts))


def _path(value: Any, base: Path) -> Converted:
    return ("", base / Path(value).expanduser()) if isinstance(value, (str, Path)) else ("a path", None)


def _paths(value: Any, base: Path) -> Converted:
    said, parts = _list(value, base)
    return (said, None) if said else ("", tuple(base / Path(p).expanduser() for p in parts))


def _jobs(value: Any, base: Path) -> Converted:
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    fits = value == "auto" or (isinstance(value, int) and not isinstance(value, bool) and value > 0)
    return ("", value) if fits else ('"auto" or a number above 0', None)


def _format(value: Any, base: Path) -> Converted:
    if isinstance(value, str):
        return "", value
    fits = isinstance(value, Mapping) and all(isinstance(v, (str, list, tuple)) for v in value.values())
    return ("", freeze(value)) if fits else ("the name of a format, or a table of its fields", None)


def _date(value: Any, base: Path) -> Converted:
    fits = isinstance(value, date) and not isinstance(value, datetime)
    return ("", value) if fits else ("a day, as 2030-01-31 without quotes", None)


def _template(value: Any, base: Path) -> Converted:
    """The name of a family stays; what is, or looks like, a path becomes absolute."""
    if not isinstance(value, str):
        return "the name of a family, or the path of a template", None
    path = base / Path(value).expanduser()
    named = "/" in value or "\\" in value or value.endswith((".jinja", ".json"))
    return "", path.as_posix() if value and (named or path.exists()) else value


_CONVERTERS: dict[str, Callable[[Any, Path], Converted]] = {
    "bool": _scalar(bool, "true or false"),
    "int": _scalar(int, "a whole number"),
    "float": _scalar(float, "a number"),
    "str": _scalar(str, "a string"),
    "list": _list,
    "globs": _globs,
    "path": _path,
    "paths": _paths,
    "jobs": _jobs,
    "format": _format,
    "date": _date,
    "template": _template,
}


def anchored(glob: str, base: Path) -> str:
    """``glob`` as an absolute pattern if it names folders; a bare name stays bare and fits at any depth."""
    if glob.startswith("/") or "/" not in glob.rstrip("/"):
        return glob
    return f"{literal(base.as_posix().rstrip('/'))}/{glob.removeprefix('./')}"
