"""System prompts as numbers."""

from __future__ import annotations

import numpy as np
from datalint_rules.duplicates._content import read
from datalint_rules.duplicates._words import keys, raw_hashes

from datalint import Batch


def counted(batch: Batch) -> tuple[int, int, frozenset[int], int]:
    """Records, records with a system prompt, two of its hashes at most, and the key of the first record that has one."""
    total = len(read(batch))
    numbers = batch.numbers("system")
    if not len(numbers):
        return total, 0, frozenset(), 1 << 63
    owners = batch.owners[numbers]
    lines = owners[np.flatnonzero(np.diff(owners, prepend=-1))]
    values = np.sort(raw_hashes(batch)[numbers])
    ends = {int(values[0]), int(values[-1])}
    second = values[values != values[0]][:1].tolist()
    return total, len(lines), frozenset(sorted({*ends, *second})[:2]), int(keys(batch)[lines[0]])
