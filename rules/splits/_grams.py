"""Runs of words that training records share with evaluation items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import regex
from datalint_rules.duplicates._words import fold, mixed, words

from datalint import Batch, Records

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]

SHORT = 8  # words in a row that count in items that have no more
BRIEF = 30  # words up to which an item is brief: how tasks are worded fills most of it
FORM = 3  # items from which a run of words is the form of the set, not the content of an item
_SYSTEM, _ANSWER = 1, 4 | 64  # bits of roles
_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}]|[\p{L}\p{M}\p{N}]+")
_FACTORS = mixed(np.arange(1, 1025, dtype=np.uint64))
_TABLE = np.uint64(44)  # bits that are not looked at in the table of what can be there at all


class Index(NamedTuple):
    """Runs of ``size`` words by hash, each with the items (keys) that hold it."""

    size: int
    hashes: Hashes
    items: Hashes
    table: npt.NDArray[np.bool_]


class Run(NamedTuple):
    """Words in a row that two texts share: how many, where in the first, and how many words the item asks with."""

    size: int
    start: int
    end: int
    whole: int

    def tells(self, size: int) -> bool:
        """Whether the run is long enough to say that the item was known: of a brief one it must be most."""
        if self.whole >= BRIEF:
            return self.size >= size
        return self.size >= min(size, SHORT) and 4 * self.size >= 3 * self.whole


NOTHING = Run(0, 0, 0, 0)


def indexes(records: Records, items: Iterable[int], size: int) -> list[Index]:
    """The runs of words of evaluation items: those of items that are long enough, and those of shorter ones."""
    found: dict[int, list[tuple[Hashes, Hashes]]] = {size: [], min(size, SHORT): []}
    for batch in records.batches(items):
        keys = np.array([batch.ref(k).key for k in range(len(batch))], dtype=np.uint64)
        longest = np.zeros(len(batch), dtype=np.int64)
        asked = (batch.bits & _ANSWER) == 0
        np.maximum.at(longest, batch.owners[asked], np.diff(words(batch).first)[asked])
        for n in found:
            hashes, owners = grams(batch, n, asked)
            mine = (longest[owners] >= size) == (n == size)
            found[n].append((hashes[mine], keys[owners[mine]]))
    return [_index(n, parts) for n, parts in found.items() if parts]


def _index(size: int, parts: list[tuple[Hashes, Hashes]]) -> Index:
    hashes, items = np.concatenate([h for h, _ in parts]), np.concatenate([i for _, i in parts])
    order = np.lexsort((items, hashes))
    hashes, items = hashes[order], items[order]
    new = np.append(True, (hashes[1:] != hashes[:-1]) | (items[1:] != items[:-1]))[: len(hashes)]
    hashes, items = hashes[new], items[new]
    start, stop = np.searchsorted(hashes, hashes, "left"), np.searchsorted(hashes, hashes, "right")
    own = stop - start < FORM
    hashes, items = hashes[own], items[own]
    table = np.zeros(1 << (64 - int(_TABLE)), dtype=np.bool_)
    table[hashes >> _TABLE] = True
    return Index(size, hashes, items, table)


def grams(batch: Batch, size: int, wanted: npt.NDArray[np.bool_] | None = None) -> tuple[Hashes, Numbers]:
    """Hashes of all runs of ``size`` words within a wanted text, system texts aside, and the record of each."""
    made = words(batch)
    values, counts = made.hashes, np.diff(made.first)
    total = max(len(values) - size + 1, 0)
    texts = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    hashes = np.zeros(total, dtype=np.uint64)
    for n in range(size):
        hashes += values[n : n + total] * _FACTORS[n % len(_FACTORS)]
    spoken = batch.bits != _SYSTEM if wanted is None else (batch.bits != _SYSTEM) & wanted
    within = (texts[:total] == texts[size - 1 : size - 1 + total]) & spoken[texts[:total]]
    return mixed(hashes[within]), batch.owners[texts[:total][within]]


def hits(records: Records, keys: Iterable[int], known: list[Index]) -> dict[int, int]:
    """Of each record that shares a run with an item: the item it shares most with."""
    best: dict[int, int] = {}
    for batch in records.batches(keys):
        counts: Counter[tuple[int, int]] = Counter()
        for index in known:
            hashes, owners = grams(batch, index.size)
            some = np.flatnonzero(index.table[hashes >> _TABLE])
            start = np.searchsorted(index.hashes, hashes[some], "left")
            stop = np.searchsorted(index.hashes, hashes[some], "right")
            for at, a, b in zip(
                some[stop > start].tolist(), start[stop > start].tolist(), stop[stop > start].tolist(), strict=True
            ):
                counts.update((int(owners[at]), int(item)) for item in index.items[a:b])
        for (k, item), _ in sorted(counts.items(), key=lambda one: (one[0][0], one[1], -one[0][1])):
            best[batch.ref(k).key] = item
    return best


class Spoken(NamedTuple):
    """One text of a record."""

    pointer: str
    text: str
    is_answer: bool


def spoken(batch: Batch) -> list[list[Spoken]]:
    """All texts of each record, system texts aside."""
    return [
        [
            Spoken(slot.pointer, text, slot.role == "assistant")
            for slot, text in zip(layout.slots, batch.texts[batch.first[k] : batch.first[k + 1]], strict=True)
            if slot.role != "system"
        ]
        for k, layout in enumerate(batch.layouts)
    ]


def longest(text: str, other: str) -> Run:
    """The longest run of words that ``text`` shares with ``other``, nothing if most of them are numbers."""
    mine, theirs = _tokens(text), _tokens(other)
    words = [w for w, _, _ in mine]
    found = SequenceMatcher(None, words, [w for w, _, _ in theirs], autojunk=False).find_longest_match()
    shared = words[found.a : found.a + found.size]
    if 2 * sum(word.isnumeric() for word in shared) >= len(shared):
        return NOTHING
    return Run(found.size, mine[found.a][1], mine[found.a + found.size - 1][2], 0)


def _tokens(text: str) -> list[tuple[str, int, int]]:
    return [(fold(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


def longest_of(texts: list[Spoken], item: list[Spoken]) -> tuple[str, Run]:
    """The pointer of the text with the longest run of words that it shares with what an item asks, and the run."""
    asked = [other.text for other in item if not other.is_answer]
    whole = sum(len(_tokens(text)) for text in asked)
    runs = [(mine.pointer, longest(mine.text, text)._replace(whole=whole)) for mine in texts for text in asked]
    return max(runs, key=lambda one: one[1].size, default=("", NOTHING))
