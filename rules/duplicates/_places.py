"""States of columns, and where the records of a finding lie."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from datalint import Batch, Finding, Fix, Records, Ref, Related

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]

State = tuple[dict[str, Any], ...]  # columns of numbers, one table a batch; "keys" is always among them


def table(state: State) -> dict[str, npt.NDArray[Any]]:
    """All tables as one, in the order of the records. Columns of several lines run along their last axis."""
    if not state:
        return {}
    made = {name: np.concatenate([part[name] for part in state], axis=-1) for name in state[0]}
    order = np.argsort(made["keys"], kind="stable")
    if (order[1:] > order[:-1]).all():
        return made
    return {name: column[..., order] for name, column in made.items()}


def groups(hashes: Hashes) -> Iterator[Numbers]:
    """The numbers of those records that share a hash with another, each group in order, by its first record."""
    order = np.argsort(hashes, kind="stable")
    same = hashes[order][1:] == hashes[order][:-1]
    starts = np.flatnonzero(same & ~np.insert(same, 0, False)[:-1])
    ends = np.flatnonzero(same & ~np.append(same, False)[1:]) + 2
    for n in np.argsort(order[starts], kind="stable"):
        yield order[starts[n] : ends[n]]


def first(hashes: Hashes, among: Numbers) -> Numbers:
    """The first of each hash among these records."""
    order = among[np.argsort(hashes[among], kind="stable")]
    values = hashes[order]
    made: Numbers = np.sort(order[np.append(True, values[1:] != values[:-1])])
    return made


class Place(NamedTuple):
    """Where a record lies, and what was asked of it."""

    ref: Ref
    path: str
    told: Any = None

    def beside(self, other: Place) -> str:
        """How to call this place in a finding at ``other``."""
        return f"line {self.ref.line}" if self.ref.source == other.ref.source else f"{self.path}:{self.ref.line}"


class Places:
    """Where many records lie, in columns: a tenth of the memory of a place each."""

    def __init__(self) -> None:
        self._keys, self._lengths, self._lines, self._indices = (array("q") for _ in range(4))  # in order of the keys
        self._told: list[Any] = []
        self._paths: dict[int, str] = {}

    def add(self, ref: Ref, path: str, told: Any = None) -> None:
        """Take in the next record; they come in the order of their keys."""
        self._keys.append(ref.key)
        self._lengths.append(ref.length)
        self._lines.append(ref.line)
        self._indices.append(ref.index)
        self._paths[ref.source] = path
        if told is not None:
            self._told.append(told)

    def __getitem__(self, key: int) -> Place:
        row = bisect_left(self._keys, key)
        source, offset = key >> 48, key & ((1 << 48) - 1)
        ref = Ref(source, offset, self._lengths[row], self._lines[row], self._indices[row])
        return Place(ref, self._paths[source], self._told[row] if self._told else None)


def places(records: Records, keys: Iterable[int], ask: Callable[[Batch], Sequence[Any]] | None = None) -> Places:
    """The place of each record by its key. ``ask`` gives what is to be known of each record of a batch, never None."""
    found = Places()
    if ask is None:
        for ref, path in records.located(keys):
            found.add(ref, path)
        return found
    for batch in records.batches(keys):
        for k, one in enumerate(ask(batch)):
            found.add(batch.ref(k), batch.path, one)
    return found


def copy(found: Place, kept: Place, message: str, fix: Fix) -> Finding:
    """A finding on a record that repeats another, which is kept."""
    return Finding(message, found.ref, fix=fix, related=(Related(kept.ref, "this one is kept"),))


def clipped(text: str, most: int = 100) -> str:
    """The start of a text on one line."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
