"""A profile: how many records have which value on which axis. Pure data that adds up in any order and goes to JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from datalint.errors import UsageError

FORMAT = "datalint-profile"
VERSION = 1
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Profile:
    """So many records, and by axis and value how many of them have it. Records without a value are in ``records`` only."""

    records: int = 0
    axes: Mapping[str, Counts] = field(default_factory=dict)

    def __add__(self, other: Profile) -> Profile:
        names = {**self.axes, **other.axes}
        return Profile(
            self.records + other.records,
            {name: _added(self.axes.get(name, {}), other.axes.get(name, {})) for name in names},
        )

    def share(self, axis: str, values: Iterable[str]) -> float:
        """The share of the records that have one of ``values``, 0 where there are no records."""
        return self.count(axis, values) / self.records if self.records else 0.0

    def count(self, axis: str, values: Iterable[str]) -> int:
        """How many records have one of ``values``."""
        counts = self.axes.get(axis, {})
        return sum(counts.get(value, 0) for value in set(values))

    def as_json(self) -> dict[str, Any]:
        """The profile as JSON, values by frequency."""
        axes = {name: dict(sorted(c.items(), key=lambda item: (-item[1], item[0]))) for name, c in self.axes.items()}
        return {FORMAT: VERSION, "records": self.records, "axes": axes}


def _added(one: Counts, other: Counts) -> dict[str, int]:
    made = dict(one)
    for value, count in other.items():
        made[value] = made.get(value, 0) + count
    return made


def read(text: str | bytes, name: str) -> Profile:
    """The profile that JSON text holds, other keys of it ignored. Raises UsageError where it holds none."""
    hint = "`datalint stats --output-format json` writes one"
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UsageError(f"{name} is no JSON: {error}", hint=hint) from error
    if not isinstance(data, dict) or FORMAT not in data:
        raise UsageError(f"{name} is no profile: it has no {FORMAT!r}", hint=hint)
    if data[FORMAT] != VERSION:
        raise UsageError(f"{name} is a profile of version {data[FORMAT]!r}; this datalint reads version {VERSION}")
    records, axes = data.get("records"), data.get("axes")
    if (
        not isinstance(records, int)
        or records < 0
        or not isinstance(axes, dict)
        or not all(map(_are_counts, axes.values()))
    ):
        raise UsageError(f"{name} is a broken profile: records and the values of axes must be whole numbers", hint=hint)
    return Profile(records, axes)


def _are_counts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_count, value.values()))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def shift(one: Profile, other: Profile, axis: str) -> float:
    """How far apart two profiles are on an axis: the share of records that would have to change their value."""
    a, b = _shares(one, axis), _shares(other, axis)
    return math.fsum(abs(a.get(v, 0.0) - b.get(v, 0.0)) for v in sorted({*a, *b})) / 2


def noise(one: Profile, other: Profile, axis: str) -> float:
    """The shift to be expected of two random draws of these sizes from one source."""
    sizes = [sum(p.axes.get(axis, {}).values()) for p in (one, other)]
    if not all(sizes):
        return 1.0
    total = sum(sizes)
    merged = _added(one.axes[axis], other.axes[axis])
    spread = (1 / sizes[0] + 1 / sizes[1]) * 2 / math.pi
    return math.fsum(math.sqrt(spread * c / total * (1 - c / total)) for _, c in sorted(merged.items())) / 2


def _shares(profile: Profile, axis: str) -> dict[str, float]:
    counts = profile.axes.get(axis, {})
    total = sum(counts.values())
    return {value: count / total for value, count in counts.items()} if total else {}
