"""A portrait: what a data set is like at a glance. Counts that add up in any order, one part for each batch."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from datalint import axes, lengths
from datalint.batch import Batch
from datalint.card import Card
from datalint.errors import UsageError
from datalint.model import ROLE_BIT
from datalint.profile import Profile

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]

TOLD = ("prompt", "given", "answer", "record")  # whose lengths are told; given: what stands beside a prompt
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
VALUES = 1000  # more values than this are no kinds: texts, or ids
OPENING = 3  # words
OPENINGS = 10_000  # records whose openings are told; of larger sets those whose content has the smallest hashes
NAMES = 200  # names of fields that are kept for a hint
_KEPT = 10  # binary digits that are kept of a length
_LONGEST = 24  # characters of a word in an opening


@dataclass(frozen=True)
class Lengths:
    """So many texts of each length. Lengths from 1,024 keep ten binary digits, which is a thousandth of them."""

    counts: Mapping[int, int] = field(default_factory=dict)
    total: int = 0

    def __add__(self, other: Lengths) -> Lengths:
        return Lengths(Counter(self.counts) + Counter(other.counts), self.total + other.total)

    @property
    def texts(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    def at(self, share: float) -> int:
        """The length that this share of the texts does not pass, 0 where there are none."""
        wanted, seen = math.ceil(share * self.texts), 0
        for length, count in sorted(self.counts.items()):
            seen += count
            if seen >= wanted:
                return length
        return 0

    def as_json(self) -> dict[str, Any]:
        """Count, mean and percentiles."""
        texts = self.texts
        made: dict[str, Any] = {"texts": texts, "mean": round(self.total / texts, 1) if texts else 0.0}
        return made | {f"p{round(100 * share)}": self.at(share) for share in SHARES} | {"max": self.at(1)}


def lengths_of(found: Numbers) -> Lengths:
    """Some lengths as counts."""
    import numpy as np

    shift = np.maximum(np.frexp(found.astype(np.float64))[1] - _KEPT, 0)
    values, counts = np.unique(found >> shift << shift, return_counts=True)
    return Lengths(dict(zip(values.tolist(), counts.tolist(), strict=True)), int(found.sum()))


class Opening(NamedTuple):
    """How a record opens, and where it stands in the order of the sample."""

    hash: int
    key: int
    prompt: str
    answer: str


@dataclass(frozen=True)
class Group:
    """The records that have one value of a field."""

    records: int = 0
    prompt: Lengths = Lengths()
    answer: Lengths = Lengths()
    kinds: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # by axis and value

    def __add__(self, other: Group) -> Group:
        kinds = Profile(0, self.kinds) + Profile(0, other.kinds)
        return Group(self.records + other.records, self.prompt + other.prompt, self.answer + other.answer, kinds.axes)


@dataclass(frozen=True)
class Portrait:
    """All that is counted. ``many``: fields with so many values that they are not told one by one."""

    profile: Profile = field(default_factory=Profile)
    lengths: Mapping[str, Lengths] = field(default_factory=dict)
    texts: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[int, int] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, Group]] = field(default_factory=dict)  # by axis and value
    openings: tuple[Opening, ...] = ()
    names: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()

    def __add__(self, other: Portrait) -> Portrait:
        merged = self.profile + other.profile
        many = self.many | other.many | {axis for axis, counts in merged.axes.items() if len(counts) > VALUES}
        kept = {axis: {} if axis in many else counts for axis, counts in merged.axes.items()}
        return Portrait(
            Profile(merged.records, kept),
            _added(self.lengths, other.lengths),
            _added(self.texts, other.texts),
            _added(self.words, other.words),
            _added(self.files, other.files),
            {
                axis: _added(self.groups.get(axis, {}), other.groups.get(axis, {}))
                for axis in {**self.groups, **other.groups}
                if axis not in many
            },
            tuple(sorted((*self.openings, *other.openings))[:OPENINGS]),
            frozenset(sorted(self.names | other.names)[:NAMES]),
            many,
        )

    def most_common(self, what: str) -> list[tuple[str, int]]:
        """The openings of prompts or answers, by frequency; texts that are hardly longer have none."""
        found = Counter(getattr(opening, what) for opening in self.openings)
        del found[""]
        return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _added(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> dict[Any, Any]:
    made = dict(one)
    for name, value in other.items():
        made[name] = made[name] + value if name in made else value
    return made


class Painter:
    """The state: a portrait of each batch. ``fields``: axes beside the common ones; ``by``: the one groups are told of."""

    def __init__(self, card: Card, fields: Sequence[str] = (), by: str = "") -> None:
        self.card = card
        self._axes = tuple(dict.fromkeys((*axes.AXES, *fields, *([by] if by else []))))
        self._by = by
        self._limit = 1 << 64  # no record with a greater hash is among those whose openings are told

    def map(self, batch: Batch, picked: Sequence[int]) -> Portrait:
        """The portrait of a batch."""
        profile = axes.tally(batch, self._axes)
        words = lengths.words(batch)
        names = frozenset().union(*(data for data in batch.datas if type(data) is dict))
        return (
            Portrait(
                profile,
                {name: lengths_of(found) for name, found in _lengths(batch, words).items() if len(found)},
                _by_role(batch, None),
                _by_role(batch, words),
                {batch.source: profile.records} if profile.records else {},
                {self._by: dict(_groups(batch, self._by, words))} if self._by else {},
                tuple(_openings(batch, self._limit)),
                names,
            )
            + Portrait()
        )

    def merge(self, one: Portrait, other: Portrait) -> Portrait:
        """Both."""
        made = one + other
        if len(made.openings) == OPENINGS:
            self._limit = min(self._limit, made.openings[-1].hash)
        return made

    def finish(self, state: Portrait, records: Any) -> Iterable[Any]:
        """Nothing is wrong with a portrait."""
        return ()


def _lengths(batch: Batch, words: Numbers) -> dict[str, Numbers]:
    import numpy as np

    found = axes.places(batch)
    sums = np.concatenate(([0], np.cumsum(words)))[np.array(batch.first, dtype=np.int64)]
    made = [words[numbers[numbers >= 0]] for numbers in (found.asked, found.given, found.answer)]
    made[1] = made[1][made[1] > 0]
    return dict(zip(TOLD, [*made, (sums[1:] - sums[:-1])[found.read]], strict=True))


def _by_role(batch: Batch, words: Numbers | None) -> dict[str, int]:
    """How many texts, or words, there are by role."""
    import numpy as np

    there = lengths.words(batch) > 0
    found = np.bincount(batch.bits[there], weights=words[there] if words is not None else None, minlength=256)
    return {role: int(found[bit]) for role, bit in ROLE_BIT.items() if bit < len(found) and found[bit]}


def _groups(batch: Batch, by: str, words: Numbers) -> Iterator[tuple[str, Group]]:
    import numpy as np

    column = axes.column(batch, by)
    if len(column.values) > VALUES:
        return
    found = axes.places(batch)
    kinds = [(axis, axes.column(batch, axis)) for axis in ("language", "topic", "format")]
    for code, value in enumerate(column.values):
        here = column.codes == code
        if here.any():
            parts = [words[n[here & (n >= 0)]] for n in (found.asked, found.answer)]
            said = {axis: axes.Column(c.values, np.where(here, c.codes, -1)).counts() for axis, c in kinds}
            yield value, Group(int(here.sum()), lengths_of(parts[0]), lengths_of(parts[1]), said)


def _openings(batch: Batch, limit: int) -> Iterator[Opening]:
    found = axes.places(batch)
    texts = batch.texts
    for k in found.read.nonzero()[0].tolist():
        number = int.from_bytes(blake2b(batch.raws[k], digest_size=8).digest(), "big")
        if number <= limit:
            said = (_opening(texts[i]) if i >= 0 else "" for i in (found.asked[k], found.answer[k]))
            yield Opening(number, batch.source << 48 | batch.offsets[k], *said)


def _opening(text: str) -> str:
    """The first words of a text, "" where they are all of it; of scripts without spaces the first characters."""
    words = text[: axes.HEAD].split(None, OPENING)
    if len(words) > OPENING:
        return " ".join(word[:_LONGEST] for word in words[:OPENING])
    head = text[: axes.HEAD].strip()
    return head[: 2 * OPENING] if len(head) > 4 * OPENING and not head.isascii() else ""


def check_fields(portrait: Portrait, fields: Iterable[str]) -> None:
    """Raise UsageError for a field that no record has."""
    profile = portrait.profile
    for name in fields:
        counts = profile.axes.get(name, {})
        if name in axes.AXES or not profile.records or name in portrait.many or set(counts) != {axes.ABSENT}:
            continue
        near = get_close_matches(name.strip("/"), [*axes.AXES, *sorted(portrait.names)], n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"axes are {', '.join(axes.AXES)}, or a field"
        raise UsageError(f"no record has a field {name!r}", hint=hint)
