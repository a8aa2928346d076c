"""What rules on lengths keep of each record; only their ends differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Move

if TYPE_CHECKING:
    from datalint_rules.length._fields import State


class OfLengths:
    """Lengths by field in a unit."""

    def __init__(self, unit: str) -> None:
        self._unit = unit

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Histograms of lengths, and the texts at their ends."""
        from datalint_rules.length import _fields

        return _fields.measured(batch, self._unit)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        from datalint_rules.length import _fields

        return _fields.added(one, other)

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        from datalint_rules.length import _fields

        return _fields.moved(state, to)
