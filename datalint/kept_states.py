"""States of dataset rules as they are kept: without their place, each column once, and moved to where their records lie."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from datalint.rule import DatasetRule, Move

if TYPE_CHECKING:
    import numpy.typing as npt

KEYS = "keys"  # the column of a table that holds keys of records; no other does


class Kept(NamedTuple):
    """One state. A ``table`` holds keys without their place; of all else the rule's own bytes are kept: it may ``move``
    them, or they are ``fixed`` and serve only where they were made. What is ``lost`` could not be kept."""

    kind: Literal["table", "moving", "fixed", "lost"]
    state: Any = None


def packed(states: Mapping[str, Any], rules: Mapping[str, DatasetRule], place: int) -> dict[str, Kept]:
    """States by rule code, ready to be pickled. ``place``: the key of the first byte they speak of."""
    known: dict[Any, Any] = {}
    return {code: _packed(state, rules[code], place, known) for code, state in states.items()}


def _packed(state: Any, rule: DatasetRule, place: int, known: dict[Any, Any]) -> Kept:
    if not hasattr(rule, "moved") and _is_table(state):
        return Kept(
            "table", tuple([{name: _column(name, part[name], place, known) for name in part} for part in state])
        )
    try:
        return Kept("moving" if hasattr(rule, "moved") else "fixed", pickle.dumps(state, 5))
    # A rule may keep anything, and what that raises here is anything; it is asked again next time.
    except Exception:
        return Kept("lost")


def _is_table(state: Any) -> bool:
    """Whether a state is made of columns, so that it is known where its keys are."""
    import numpy as np

    return type(state) is tuple and all(
        type(part) is dict and KEYS in part and all(isinstance(column, np.ndarray) for column in part.values())
        for part in state
    )


def _column(name: str, column: npt.NDArray[Any], place: int, known: dict[Any, Any]) -> Any:
    """A column that several rules have is kept once. Keys are small numbers from the place on."""
    import numpy as np

    if name == KEYS:
        column = column.astype(np.uint64) - np.uint64(place)
        if len(column) and int(column.max()) < 1 << 32:
            column = column.astype(np.uint32)
    column = np.ascontiguousarray(column)
    return known.setdefault((name == KEYS, column.dtype.str, column.shape, column.tobytes()), column)


def unpacked(
    kept: Mapping[str, Kept], rules: Mapping[str, DatasetRule], was: int, place: int
) -> tuple[dict[str, Any], frozenset[str]]:
    """States by rule code where their records lie now, and the codes of those that must be made again. ``was`` and
    ``place``: the key of the first byte, then and now."""
    to = Move(place - was, place >> 48)
    moved: dict[int, Any] = {}
    made: dict[str, Any] = {}
    for code, (kind, state) in kept.items():
        if kind == "table":
            made[code] = tuple([_placed(part, place, moved) for part in state])
            continue
        try:
            if kind == "moving":
                made[code] = rules[code].moved(pickle.loads(state), to)  # type: ignore[attr-defined]
            elif kind == "fixed" and was == place:
                made[code] = pickle.loads(state)
        # As above: a rule that cannot tell any more what it kept is asked again.
        except Exception:
            continue
    return made, frozenset(kept.keys() - made.keys())


def _placed(part: dict[str, Any], place: int, moved: dict[int, Any]) -> dict[str, npt.NDArray[Any]]:
    import numpy as np

    found = moved.get(id(part[KEYS]))
    if found is None:
        keys: npt.NDArray[Any] = part[KEYS].astype(np.uint64)
        keys += np.uint64(place)
        found = moved[id(part[KEYS])] = keys
    return {**part, KEYS: found}
