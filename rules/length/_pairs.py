"""The lengths of both answers of preference records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from datalint_rules.preferences._pairs import branches

from datalint import Batch, lengths

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]


def sizes(batch: Batch) -> tuple[Numbers, Numbers]:
    """Characters of the chosen and of the rejected answer of each pair; pairs with an empty side left out."""
    first = np.array(batch.first[:-1], dtype=np.int64)
    columns: tuple[list[Numbers], list[Numbers]] = ([], [])
    for layout in sorted(batch.distinct, key=batch.layouts.index):
        both = branches(layout)
        if both is None or layout.shape == "revision":
            continue
        lines = first[[k for k, one in enumerate(batch.layouts) if one is layout]]
        characters = lengths.characters(batch)
        for column, branch in zip(columns, both, strict=True):
            slots = [s for s in layout.turns[branch[-1]].slots if layout.slots[s].kind == "content"]
            column.append(sum((characters[lines + s] for s in slots), np.zeros(len(lines), dtype=np.int64)))
    chosen, rejected = (np.concatenate([np.zeros(0, dtype=np.int64), *column]) for column in columns)
    full = (chosen > 0) & (rejected > 0)
    return chosen[full], rejected[full]
