"""What rules on annotations keep of each record; only their ends differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from datalint import Annotation, Batch, Move

if TYPE_CHECKING:
    from datalint_rules.annotation._said import State


class OfAnnotations:
    """The annotations that the config names."""

    def __init__(self, annotation: Annotation | None = None) -> None:
        self._wanted = annotation or Annotation()

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """All annotations, as hashes."""
        from datalint_rules.annotation import _said

        return _said.said(batch, self._wanted)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        from datalint_rules.annotation import _said

        return _said.moved(state, self._wanted)
