"""Near-duplicates: what is kept of each record, and what is made of it in the end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from datalint_rules.duplicates import _content, _words
from datalint_rules.duplicates._clusters import Sketches, clusters
from datalint_rules.duplicates._minhash import shingles, signature
from datalint_rules.duplicates._places import State, first, table
from datalint_rules.splits._splits import apart

from datalint import Batch, Records, Splits


def sketch(batch: Batch, splits: Splits | None) -> State:
    """Of each record that is long enough: its key, its bands, its size and what must be equal."""
    made = shingles(batch)
    counts = np.diff(made.first)
    some = np.flatnonzero(counts > 0)
    if not len(some):
        return ()
    kept = signature(made)
    return (
        {
            "keys": _words.keys(batch)[some],
            "exact": apart(_content.exact(batch), batch, splits)[some],
            "kinds": apart(_content.kinds(batch), batch, splits)[some],
            "sizes": np.minimum(counts[some], (1 << 32) - 1).astype(np.uint32),
            "bands": kept.bands[:, some],
            "marks": kept.marks[some].T,
        },
    )


def alike(state: State, records: Records, percent: int) -> Iterator[tuple[int, int, int]]:
    """Key of the record kept, key of the one like it, and how alike they are in percent."""
    found = table(state)
    if not found:
        return
    among = first(found["exact"], np.arange(len(found["keys"]), dtype=np.int64))
    sizes = found["sizes"][among].astype(np.int64)
    marks = np.ascontiguousarray(found.pop("marks")[:, among].T)
    sketches = Sketches(found["keys"][among], found["kinds"][among], found.pop("bands")[:, among], marks)
    keys = sketches.keys
    pairs = clusters(records, sketches, sizes, percent)
    for pair in pairs:
        yield int(keys[pair.kept]), int(keys[pair.other]), pair.percent
