"""Which fields records have and of which types they are, counted by structure: few structures stand for many records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from datalint import Batch, Layout, Move

Path = tuple[str, ...]
Seen = tuple[int, int]  # how many records, key of the first
Types = dict[tuple[int, Path, str], Seen]  # by source, path and type
KeySets = dict[tuple[int, Path], Seen]  # by source and the keys of a record, in order of the alphabet
MOST = 2000  # fields, or sets of keys, that are remembered
_DEEP = 3  # how far into objects it is looked
_NAMES = {str: "string", bool: "boolean", int: "number", float: "number", list: "list", dict: "object"}


def types(batch: Batch) -> Types:
    """How often which field is of which type; null is none."""
    found: Types = {}
    plain, others = _by_keys(batch)
    for names, (count, first) in plain.items():
        for name in names:
            place = batch.source, (name,), "string"
            found[place] = both(found.get(place), (count, batch.ref(first).key))
    _add(batch, (), others, batch.datas, found)
    return _cut(found)


def key_sets(batch: Batch) -> KeySets:
    """How often which keys come together."""
    found: KeySets = {}
    plain, others = _by_keys(batch)
    told = [*plain.items(), *((names, (len(lines), lines[0])) for names, lines in others.items())]
    for names, (count, first) in told:
        place = batch.source, tuple(sorted(names))
        found[place] = both(found.get(place), (count, batch.ref(first).key))
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


def _by_keys(batch: Batch) -> tuple[dict[Path, Seen], dict[Path, list[int]]]:
    """Records by their keys: how many and the first line of those whose values are all texts, the lines of all others."""
    found: tuple[dict[Path, Seen], dict[Path, list[int]]] | None = batch.cache.get("lines by keys")
    if found is None:
        found = batch.cache["lines by keys"] = _sorted_out(batch)
    return found


def _sorted_out(batch: Batch) -> tuple[dict[Path, Seen], dict[Path, list[int]]]:
    sizes = {layout: len(_texts(layout)) or -1 for layout in batch.distinct}
    wanted = map(sizes.__getitem__, batch.layouts)
    others = [
        k
        for k, (data, n) in enumerate(zip(batch.datas, wanted, strict=True))
        if type(data) is not dict or len(data) != n
    ]
    plain: dict[Path, Seen] = {}
    odd = set(others)
    for layout in batch.distinct if len(others) < len(batch) else ():
        lines = (
            [k for k, one in enumerate(batch.layouts) if one is layout and k not in odd]
            if odd or len(sizes) > 1
            else range(len(batch))
        )
        if lines:
            plain[_texts(layout)] = both(plain.get(_texts(layout)), (len(lines), lines[0]))
    return plain, _grouped((k, batch.datas[k]) for k in others)


@lru_cache(maxsize=4096)
def _texts(layout: Layout) -> Path:
    """The keys of a record that the shape has read as texts; none where something is wrong with it. A record with just as
    many keys has no others."""
    names = {slot.pointer[1:] for slot in layout.slots if "/" not in slot.pointer[1:] and "~" not in slot.pointer}
    return () if layout.problems or len(names) < len(layout.slots) else tuple(sorted(names))


def _grouped(rows: Iterable[tuple[int, Any]]) -> dict[Path, list[int]]:
    found: dict[Path, list[int]] = {}
    for k, data in rows:
        if type(data) is dict:
            names = tuple(data)
            if names in found:
                found[names].append(k)
            else:
                found[names] = [k]
    return found


def _add(
    batch: Batch,
    path: Path,
    groups: Mapping[Path, Sequence[int]],
    datas: Mapping[int, Any] | Sequence[Any],
    found: Types,
) -> None:
    """Count the types of the values in ``datas``, the objects at ``path`` by line, and go into those that are objects."""
    deeper: dict[str, dict[int, Any]] = {}
    for names, lines in groups.items():
        rows = [datas[k] for k in lines]
        for name in names:
            kinds = list(map(type, map(itemgetter(name), rows)))
            for kind in set(kinds).intersection(_NAMES):
                place = batch.source, (*path, name), _NAMES[kind]
                seen = kinds.count(kind), batch.ref(lines[kinds.index(kind)]).key
                found[place] = both(found.get(place), seen)
                if kind is dict and len(path) + 1 < _DEEP:
                    inner = ((k, row[name]) for k, row, one in zip(lines, rows, kinds, strict=True) if one is dict)
                    deeper.setdefault(name, {}).update(inner)
    for name, objects in deeper.items():
        _add(batch, (*path, name), _grouped(sorted(objects.items(), key=itemgetter(0))), objects, found)


def pointer(path: Path) -> str:
    """The path as a JSON pointer."""
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in path)


def moved(found: Mapping[Any, Seen], to: Move) -> dict[Any, Seen]:
    """The same of records elsewhere."""
    return {(to.source, *place[1:]): (count, first + to.keys) for place, (count, first) in found.items()}
