"""Which of the records that are gone became which of those that came: by their ids, else by how much their texts share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

from datalint import jsonspan
from datalint.contents import Picked
from datalint.identity import value_at

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

IDS = ("id", "_id", "uuid", "uid", "record_id")  # keys that are taken for ids where the config names none
MOST = 20_000  # records of a side from which on texts are no longer compared
LIKE = 0.3  # so much of two texts together must be in both
_WINDOW, _SKETCH, _COMMON = (
    8,
    64,
    20,
)  # bytes of a piece; pieces of a record that are kept; records a telling piece is in
_SAYING = 16  # characters from which on a string is text, and no role or label


class Loose:
    """A record without a partner on the other side."""

    def __init__(self, picked: Picked, order: int) -> None:
        self.raw = picked.raw
        self.path = picked.source.display
        self.line = picked.line
        self.order = order

    @cached_property
    def data(self) -> Any:
        """The parsed value, None where the line is no JSON."""
        try:
            return orjson.loads(self.raw.strip())
        except orjson.JSONDecodeError:
            return None

    @property
    def leaves(self) -> list[tuple[str, Any]]:
        """Pointers and values of all that holds nothing else."""
        return list(leaves_of(self.data))

    @cached_property
    def text(self) -> str:
        """Its texts, one after the other; the line itself where it holds none."""
        leaves = [value for _, value in self.leaves if isinstance(value, str)]
        return "\n".join([s for s in leaves if len(s) >= _SAYING or " " in s] or leaves) or self.raw.decode(
            errors="replace"
        )

    def id_at(self, field: str) -> str | None:
        """Its id, None if it has none."""
        value, _, lost = value_at(self.data, field if field.startswith("/") else f"/{field}")
        return str(value) if isinstance(value, (str, int)) and not lost else None


def leaves_of(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Pointers and values of all that holds nothing else."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves_of(inner, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from leaves_of(inner, f"{pointer}/{number}")
    else:
        yield pointer, value


def pairs(old: Sequence[Loose], new: Sequence[Loose], id_field: str) -> tuple[list[tuple[Loose, Loose]], str]:
    """Records that changed, before and after, each in one pair only, in the order they have now; and the field that their
    ids were taken from, "" if there is none, and texts were compared."""
    field = next((f for f in ([id_field] if id_field else IDS) if _tells(old, f) and _tells(new, f)), "")
    found: list[tuple[Loose, Loose]] = []
    if field:
        known = {one.id_at(field): one for one in old if one.data is not None}
        found = [(known[own], one) for one in new if one.data is not None and (own := one.id_at(field)) in known]
    elif 0 < len(old) <= MOST and 0 < len(new) <= MOST:
        found = list(_alike(old, new))
    return sorted(found, key=lambda pair: pair[1].order), field


def _tells(side: Sequence[Loose], field: str) -> bool:
    """Whether the field tells all records apart; lines that are no JSON have none."""
    ids = [one.id_at(field) for one in side if one.data is not None]
    return bool(ids) and None not in ids and len(set(ids)) == len(ids)


def _alike(old: Sequence[Loose], new: Sequence[Loose]) -> Iterator[tuple[Loose, Loose]]:
    """The pairs with most in common first; of equals, those nearest to each other."""
    sketches = [[_sketch(one) for one in side] for side in (old, new)]
    holders: dict[int, list[int]] = defaultdict(list)
    for n, pieces in enumerate(sketches[0]):
        for piece in pieces:
            holders[piece].append(n)
    ranked: list[tuple[float, bool, int, int, int]] = []
    for m, pieces in enumerate(sketches[1]):
        shared = Counter(
            n for piece in pieces if len(holders.get(piece, ())) <= _COMMON for n in holders.get(piece, ())
        )
        for n, _ in shared.most_common(_COMMON):
            score = _likeness(sketches[0][n], pieces)
            if score >= LIKE:
                ranked.append((-score, old[n].path != new[m].path, abs(old[n].order - new[m].order), n, m))
    used: tuple[set[int], set[int]] = (set(), set())
    for *_, n, m in sorted(ranked):
        if n not in used[0] and m not in used[1]:
            used[0].add(n)
            used[1].add(m)
            yield old[n], new[m]


def _likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """About how much of two texts together is in both: as much as of the smallest hashes of both."""
    both = {*one} & {*other}
    least = sorted({*one, *other})[:_SKETCH]
    return sum(piece in both for piece in least) / max(1, len(least))


def _sketch(one: Loose) -> list[int]:
    """The smallest hashes of the pieces of a record's texts."""
    import numpy as np

    text = one.text.encode("utf-8", "surrogatepass").ljust(_WINDOW)
    windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(text, dtype=np.uint8), _WINDOW)
    pieces: npt.NDArray[np.uint64] = np.ascontiguousarray(windows).view("<u8").ravel()
    mixed = pieces * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return [int(piece) for piece in np.unique(mixed)[:_SKETCH]]


def changed_fields(old: Loose, new: Loose) -> list[str]:
    """The pointers whose values are not the same in both, in order."""
    before, after = ({pointer: jsonspan.canonical(v) for pointer, v in one.leaves} for one in (old, new))
    return [pointer for pointer in {**before, **after} if before.get(pointer) != after.get(pointer)]
