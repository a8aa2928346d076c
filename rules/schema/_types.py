"""Which fields records have and of which types they are, counted by structure: few structures stand for many records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from datalint import Batch

Path = tuple[str, ...]
Seen = tuple[int, int]  # how many records, key of the first
Types = dict[tuple[int, Path, str], Seen]  # by source, path and type
KeySets = dict[tuple[int, Path], Seen]  # by source and the keys of a record, in order of the alphabet
MOST = 2000  # fields, or sets of keys, that are remembered
_DEEP = 3  # how far into objects it is looked
_NAMES = {str: "string", bool: "boolean", int: "number", float: "number", list: "list", dict: "object"}
_Structure = tuple[tuple[str, ...], tuple[type, ...]]


def types(batch: Batch) -> Types:
    """How often which field is of which type; null is none."""
    found: Types = {}
    rows = _structures(batch)
    _add(batch, (), rows, found)
    return _cut(found)


def key_sets(batch: Batch) -> KeySets:
    """How often which keys come together."""
    found: KeySets = {}
    for (names, _), lines in _structures(batch).items():
        place = batch.source, tuple(sorted(names))
        found[place] = both(found.get(place), (len(lines), batch.ref(lines[0]).key))
    return _cut(found)


def both(one: Seen | None, other: Seen) -> Seen:
    """Records of two places together."""
    return (one[0] + other[0], min(one[1], other[1])) if one is not None else other


def merged(one: Mapping[Any, Seen], other: Mapping[Any, Seen]) -> dict[Any, Seen]:
    """Both, as many as are remembered."""
    made = dict(one)
    for place, seen in other.items():
        made[place] = both(made.get(place), seen)
    return _cut(made)


def _cut(found: dict[Any, Seen]) -> dict[Any, Seen]:
    """The first in order, which any way of merging leaves the same."""
    return found if len(found) <= MOST else {place: found[place] for place in sorted(found)[:MOST]}


def _structures(batch: Batch) -> dict[_Structure, list[int]]:
    found: dict[_Structure, list[int]] | None = batch.cache.get("structures")
    if found is None:
        found = batch.cache["structures"] = _by_structure(enumerate(batch.datas))
    return found


def _by_structure(rows: Iterable[tuple[int, Any]]) -> dict[_Structure, list[int]]:
    found: dict[_Structure, list[int]] = {}
    for k, data in rows:
        if type(data) is dict:
            structure = tuple(data), tuple(map(type, data.values()))
            try:
                found[structure].append(k)
            except KeyError:
                found[structure] = [k]
    return found


def _add(batch: Batch, path: Path, rows: Mapping[_Structure, Sequence[int]], found: Types) -> None:
    deeper: dict[str, list[int]] = {}
    for (names, kinds), lines in rows.items():
        seen = len(lines), batch.ref(lines[0]).key
        for name, kind in zip(names, kinds, strict=True):
            if kind in _NAMES:
                place = batch.source, (*path, name), _NAMES[kind]
                found[place] = both(found.get(place), seen)
            if kind is dict and len(path) + 1 < _DEEP:
                deeper.setdefault(name, []).extend(lines)
    for name, lines in deeper.items():
        inner = (*path, name)
        _add(batch, inner, _by_structure((k, _at(batch.datas[k], inner)) for k in sorted(lines)), found)


def _at(data: Any, path: Path) -> Any:
    for name in path:
        data = data[name]
    return data


def pointer(path: Path) -> str:
    """The path as a JSON pointer."""
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in path)
