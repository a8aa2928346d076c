"""What is known of every record before any is picked: its key, a hash of its bytes, its stratum, what it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from datalint import axes
from datalint.batch import UNREAD, Batch
from datalint.card import Card
from datalint.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]

STRATA = 1000  # more are no kinds
Value = tuple[str, ...]  # the values of a stratum, one for each axis


class Part(NamedTuple):
    """The records of some batches. ``tied``: a hash of the value of each field that ties records, 0 for none."""

    keys: Hashes
    hashes: Hashes
    strata: Numbers
    tied: Hashes
    values: tuple[Value, ...]


State = tuple[Part, ...]


class Picker:
    """The state: what is known of the records of each batch. ``strata``: axes or fields; ``ties``: fields."""

    def __init__(self, card: Card, seed: int, strata: Sequence[str] = (), ties: Sequence[str] = ()) -> None:
        self.card = card
        self._seed = seed.to_bytes(16, "big", signed=True)
        self._strata = tuple(strata)
        self._ties = tuple(ties)

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """The records of a batch, in order."""
        import numpy as np

        there = [k for k, layout in enumerate(batch.layouts) if layout is not UNREAD]
        if not there:
            return ()
        keys = [batch.source << 48 | batch.offsets[k] for k in there]
        hashes = [_hash(batch.raws[k].strip(), self._seed) for k in there]
        columns = [axes.column(batch, axis) for axis in self._strata]
        known: dict[Value, int] = {}
        strata = [known.setdefault(tuple(c.of(k) or axes.ABSENT for c in columns), len(known)) for k in there]
        tied = [[_tie(axes.at(batch.datas[k], axes.path_of(field))) for k in there] for field in self._ties]
        return (
            Part(
                np.array(keys, dtype=np.uint64), np.array(hashes, dtype=np.uint64), np.array(strata, dtype=np.int64),
                np.array(tied, dtype=np.uint64).reshape(len(self._ties), len(there)), tuple(known),
            ),
        )  # fmt: skip

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Any) -> Iterable[Any]:
        """Nothing is wrong with any record."""
        return ()


def _hash(data: bytes, seed: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8, key=seed).digest(), "big")


def _tie(value: Any) -> int:
    """A hash of a value, 0 where there is none."""
    import orjson

    if value is None or value == "":
        return 0
    return _hash(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), b"") or 1


def joined(state: State, strata: Sequence[str] = (), ties: Sequence[str] = ()) -> Part:
    """All records in the order of their places. Raises UsageError for fields that no record has, or that tell no kinds."""
    import numpy as np

    values = sorted({value for part in state for value in part.values})
    if len(values) > STRATA:
        raise UsageError(
            f"{' and '.join(strata)} have {len(values):,} different values: too many to keep the share of each",
            hint="stratify by something that has few, such as topic",
        )
    for n, axis in enumerate(strata):
        if axis not in axes.AXES and values and all(value[n] == axes.ABSENT for value in values):
            raise UsageError(f"no record has a field {axis!r}", hint=f"axes are {', '.join(axes.AXES)}, or a field")
    if not state:
        none = np.zeros(0, dtype=np.uint64)
        return Part(none, none, np.zeros(0, dtype=np.int64), np.zeros((len(ties), 0), dtype=np.uint64), ())
    number = {value: n for n, value in enumerate(values)}
    codes = [np.array([number[value] for value in part.values], dtype=np.int64)[part.strata] for part in state]
    keys = np.concatenate([part.keys for part in state])
    places = np.argsort(keys, kind="stable")
    tied = np.concatenate([part.tied for part in state], axis=1)[:, places]
    for field, column in zip(ties, tied, strict=True):
        if not column.any():
            raise UsageError(f"no record has a field {field!r}")
    hashes = np.concatenate([part.hashes for part in state])[places]
    return Part(keys[places], hashes, np.concatenate(codes)[places], tied, tuple(values))
