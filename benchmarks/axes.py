"""Axes against labels that people gave, and how fast they are.

    python benchmarks/axes.py FILE [--field category] [--axis topic]

Prints a table of the values of a field by the values of an axis, then microseconds of processor time a record for each axis,
and the measures of diversity of the file.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from datalint import axes
from datalint.batch import Batch
from datalint.loading import load_batch
from datalint.readers import reader
from datalint.readers.opening import open_source
from datalint.shapes import Detector, builtin

LIMIT = 1 << 28


def batches(path: Path) -> Iterator[Batch]:
    """The file, a MiB at a time."""
    source = open_source(0, str(path), path.name, limit=LIMIT)
    detector = Detector(builtin())
    cut = reader(source.reader)
    for shard in cut.shards(source, 1 << 30):
        for block in cut.blocks(source, shard, 1 << 20, LIMIT):
            yield load_batch(0, path.name, block, detector, source.facts)


def table(path: Path, field: str, axis: str) -> Iterator[str]:
    """Values of the field by values of the axis, as Markdown."""
    counts: Counter[tuple[str, str]] = Counter()
    for batch in batches(path):
        labels, found = axes.column(batch, field), axes.column(batch, axis)
        counts.update((str(labels.of(k)), str(found.of(k))) for k in range(len(batch)))
    columns = sorted({v for _, v in counts}, key=lambda v: -sum(n for (_, w), n in counts.items() if w == v))
    yield "| | " + " | ".join(columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for label in sorted({label for label, _ in counts}):
        yield f"| {label} | " + " | ".join(str(counts[label, v] or "") for v in columns) + " |"


def speed(path: Path) -> Iterator[str]:
    """Microseconds a record for each axis; what axes share is counted where it is first asked for."""
    spent: Counter[str] = Counter()
    records = 0
    for n, batch in enumerate(batches(path)):
        assert len(batch.starts) == len(batch.bits)  # what all rules share is made
        for axis in axes.AXES:
            start = time.process_time()
            axes.column(batch, axis)
            spent[axis] += int(1e9 * (time.process_time() - start)) if n else 0
        records += len(batch) if n else 0  # the first batch loads what is loaded once
    for axis in axes.AXES:
        yield f"{axis:20}{spent[axis] / 1e3 / max(1, records):8.2f} µs a record"
    yield f"{'all':20}{sum(spent.values()) / 1e3 / max(1, records):8.2f} µs a record, {records:,} records"


def diversity(path: Path) -> Iterator[str]:
    """The measures of low-diversity."""
    from datalint_rules.coverage import _diversity, _sample

    sample, texts = None, {}
    for batch in batches(path):
        part = _sample.sample(batch, most=800)
        sample = part if sample is None else sample + part
        for k in range(len(batch)):
            place, first = axes.parts(batch.layouts[k]), batch.first[k]
            texts[batch.ref(k).key] = [batch.texts[first + s] if s >= 0 else "" for s in (place.asked, place.answer)]
    for n, name in enumerate(("prompts", "answers")):
        yield f"{name}: {_diversity.measured(texts[key][n] for key in sample.picked().keys) if sample else None}"


def main() -> None:
    """Print all three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--field", default="category", help="the field that holds the labels")
    parser.add_argument("--axis", default="topic")
    given = parser.parse_args()
    for lines in (table(given.file, given.field, given.axis), speed(given.file), diversity(given.file)):
        print("\n".join(lines), end="\n\n")


if __name__ == "__main__":
    main()
