"""Who said what of which item, as columns of hashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from datalint_rules.annotation._alpha import Annotations

from datalint import Annotation, Batch, axes

if TYPE_CHECKING:
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]

MOST = 1000  # different labels, and annotators, whose names are remembered
_LONG = 60  # characters of a name
_NOBODY = 0


class State(NamedTuple):
    """By label: item, annotator and value of each annotation; names of values and annotators; how many records there
    are, how many have annotations, and fields they have."""

    columns: Mapping[str, Hashes] = {}
    names: Mapping[int, str] = {}
    records: int = 0
    having: int = 0
    keys: frozenset[str] = frozenset()

    def __add__(self, other: object) -> State:
        if not isinstance(other, State):
            return NotImplemented
        labels = {**self.columns, **other.columns}
        columns = {name: _both(self.columns.get(name), other.columns.get(name)) for name in labels}
        keys = frozenset(sorted(self.keys | other.keys)[:200])
        names = _few({**self.names, **other.names})
        return State(columns, names, self.records + other.records, self.having + other.having, keys)


def _both(one: Hashes | None, other: Hashes | None) -> Hashes:
    parts = [part for part in (one, other) if part is not None]
    made: Hashes = np.concatenate(parts, axis=1)
    return made


def _few(names: dict[int, str]) -> dict[int, str]:
    return names if len(names) <= 2 * MOST else {number: names[number] for number in sorted(names)[: 2 * MOST]}


def said(batch: Batch, wanted: Annotation) -> State:
    """All annotations of a batch."""
    from datalint_rules.duplicates._content import keys_of, read

    if not wanted.labels and not wanted.annotations:
        return State()
    found: State | None = batch.cache.get("annotations")
    if found is None:
        rows: dict[str, list[tuple[int, int, int]]] = {}
        names: dict[int, str] = {}
        having = 0
        for k in read(batch).tolist():
            before = sum(map(len, rows.values()))
            for label, item, annotator, value in _of_record(batch, k, wanted):
                numbers = [_number(part) if part is not None else _NOBODY for part in (item, annotator, value)]
                names.update({n: _name(part) for n, part in zip(numbers[1:], (annotator, value), strict=True) if n})
                rows.setdefault(label, []).append((numbers[0], numbers[1], numbers[2]))
            having += sum(map(len, rows.values())) > before
        columns = {label: np.array(some, dtype=np.uint64).T for label, some in rows.items()}
        keys = frozenset(sorted(keys_of(batch))[:200])
        found = State(columns, _few(names), len(read(batch)), having, keys)
        batch.cache["annotations"] = found
    return found


def _of_record(batch: Batch, k: int, wanted: Annotation) -> Iterator[tuple[str, Any, Any, Any]]:
    data = batch.datas[k]
    item = axes.at(data, axes.path_of(wanted.item)) if wanted.item else batch.ref(k).key
    if item is None:
        return
    if not wanted.annotations:
        annotator = axes.at(data, axes.path_of(wanted.annotator)) if wanted.annotator else None
        for label in wanted.labels:
            value = axes.at(data, axes.path_of(label))
            if value is not None:
                yield label, item, annotator, value
        return
    entries = axes.at(data, axes.path_of(wanted.annotations))
    pairs = entries.items() if isinstance(entries, dict) else enumerate(entries) if isinstance(entries, list) else ()
    for name, entry in pairs:
        own = name if isinstance(entries, dict) else None
        if isinstance(entry, dict):
            annotator = axes.at(entry, axes.path_of(wanted.annotator)) if wanted.annotator else own
            for label in wanted.labels or ("label",):
                value = axes.at(entry, axes.path_of(label))
                if value is not None:
                    yield label, item, annotator, value
        elif entry is not None:
            yield wanted.annotations, item, own, entry


def _name(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:_LONG]


def _number(value: Any) -> int:
    number = int.from_bytes(
        blake2b(repr(_plain(value)).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little"
    )
    return number or 1


def _plain(value: Any) -> Any:
    """One value for 3 and 3.0, and another one for true."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def labelled(state: State, label: str, scale: str) -> Annotations | str:
    """The annotations with one label, or why they are of no use. One and the same annotation counts once."""
    columns = state.columns[label]
    known = columns[1] != _NOBODY
    order = np.lexsort(columns[::-1])
    columns, known = columns[:, order], known[order]
    new = np.ones(columns.shape[1], dtype=bool)
    new[1:] = (columns[:, 1:] != columns[:, :-1]).any(axis=0) | ~known[1:]  # of nobody all are kept
    columns = columns[:, new]
    numbers = np.sort(columns[2])
    numbers = numbers[np.concatenate(([True], numbers[1:] != numbers[:-1]))]
    if len(numbers) > MOST:
        return f"{label!r} has {len(numbers):,} different values: agreement needs labels, not texts"
    if scale == "nominal":
        values = np.arange(len(numbers), dtype=np.float64)
    else:
        try:
            values = np.array([float(state.names[n]) for n in numbers.tolist()])
        except ValueError:
            odd = next(state.names[n] for n in numbers.tolist() if not _is_number(state.names[n]))
            return f"{label!r} is {scale} and has the value {odd!r}, which is no number"
    by_worth = np.argsort(values, kind="stable")
    rank = np.empty_like(by_worth)
    rank[by_worth] = np.arange(len(by_worth))
    codes = rank[np.searchsorted(numbers, columns[2])]
    return Annotations(_ranked(columns[0]), _ranked(columns[1]), codes, values[by_worth])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _ranked(hashes: Hashes) -> npt.NDArray[np.int64]:
    distinct = np.sort(hashes)
    distinct = distinct[np.concatenate((np.ones(min(1, len(distinct)), dtype=bool), distinct[1:] != distinct[:-1]))]
    made: npt.NDArray[np.int64] = np.searchsorted(distinct, hashes)
    return made


def annotators(state: State, label: str) -> list[str]:
    """The names of the annotators of a label, in the order of their numbers."""
    numbers = sorted(set(state.columns[label][1].tolist()))
    return [state.names.get(number, "nobody named") for number in numbers]


def missing(state: State, wanted: Annotation) -> str:
    """What to say if no record has the annotations that the config names, "" if some have."""
    if not wanted.labels and not wanted.annotations:
        return ""
    if not state.records:
        return "there are no records: agreement cannot be told"
    if state.having:
        nameless = wanted.annotator and not any(columns[1].any() for columns in state.columns.values())
        return f"no annotation names its annotator: none has the field {wanted.annotator!r}" if nameless else ""
    fields = [name for name in (wanted.item, wanted.annotations, *wanted.labels) if name]
    near = [n for field in fields for n in get_close_matches(field.strip("/"), sorted(state.keys - {field}), n=1)]
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"no record has the annotations that [annotation] names ({', '.join(map(repr, fields))}){hint}"


def moved(state: State, wanted: Annotation) -> State:
    """The same of records elsewhere. Raises ValueError where items go by their place, for want of names."""
    if (wanted.labels or wanted.annotations) and not wanted.item:
        raise ValueError("items go by their place")
    return state
