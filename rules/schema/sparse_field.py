"""SCH108: a field that hardly any record has, or that hardly any lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from datalint_rules.schema import _types

from datalint import Batch, Finding, Judged, Move, Option, Record, Records, bad, good, rule

HI = {"instruction": "Say hi.", "input": "", "output": "Hi.", "id": 1}
KNOWN = frozenset((
    "tools", "functions", "images", "image", "videos", "video", "audios", "audio", "files", "objects", "label", "labels", "system",
    "history", "weight", "parallel_tool_calls",
))  # fmt: skip  # rare by nature


@rule(
    "SCH108",
    "sparse-field",
    category="suspicious",
    tags=("file",),
    options={
        "share": Option("float", 0.01, "Share of the records below which a field is rare, or its absence."),
        "records": Option("int", 200, "Records a file must have for a share to say anything."),
    },
    examples=(
        bad([HI] * 299 + [{**HI, "soruce": "web"}], name="a misspelt key"),
        bad([{**HI, "source": "web"}] * 299 + [HI], name="one record without it"),
        good([HI] * 150 + [{**HI, "source": "web"}] * 150),
        good([HI] * 99 + [{**HI, "note": "new"}], name="too few records to say"),
        good(
            [{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho."}]}] * 299
            + [{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho."}], "tools": []}],
            name="optional by nature",
        ),
    ),
    known_problems="Only keys of the record itself are looked at. Notes on single records, made on purpose, are found.",
    references=("https://huggingface.co/docs/datasets/loading#json",),
    judged=Judged(1, 1, "the one finding in 38 public sets: a misspelt key in one of 7,673 records"),
)
class SparseField:
    """A field is there in hardly any record, or missing in hardly any

    A key that three records of ten thousand have is mostly misspelt, or left over from a script. One that three records
    lack is what somebody will trip over: a filter by it drops them, a template prints "None". Columns of a table are
    filled with nulls in both cases, and nobody is told.
    """

    def __init__(self, share: float, records: int) -> None:
        self._share = share
        self._records = records

    def map(self, batch: Batch, picked: Sequence[int]) -> _types.KeySets:
        """How often which keys come together."""
        return _types.key_sets(batch)

    def merge(self, one: _types.KeySets, other: _types.KeySets) -> _types.KeySets:
        """Both."""
        return _types.merged(one, other)

    def moved(self, state: _types.KeySets, to: Move) -> _types.KeySets:
        """The same of records elsewhere."""
        return _types.moved(state, to)

    def finish(self, state: _types.KeySets, records: Records) -> Iterator[Finding]:
        """One finding a field, at the first record that has it or lacks it."""
        if len(state) >= _types.MOST:
            return  # keys that are data: every record has its own
        for _, group in groupby(sorted(state.items()), key=lambda item: item[0][0]):
            sets = [(frozenset(keys), seen) for (_, keys), seen in group]
            total = sum(count for _, (count, _) in sets)
            if total >= self._records:
                yield from self._rare(sets, total, records)

    def _rare(self, sets: list[tuple[frozenset[str], _types.Seen]], total: int, records: Records) -> Iterator[Finding]:
        counts: Counter[str] = Counter()
        for keys, (count, _) in sets:
            counts.update(dict.fromkeys(keys, count))
        for name, count in sorted(counts.items()):
            if count < self._share * total:
                record = records.record(min(key for keys, (_, key) in sets if name in keys))
                if name not in KNOWN and not _is_read(record, name):
                    yield record.finding(
                        f"{name!r} is a field of {count:,} of {total:,} records only", pointer=_types.pointer((name,))
                    )
            elif 0 < total - count < self._share * total:
                record = records.record(min(key for keys, (_, key) in sets if name not in keys))
                if name not in KNOWN and not any(p.kind == "missing-field" for p in record.layout.problems):
                    yield record.finding(f"{name!r} is missing here; {count:,} of {total:,} records have it")


def _is_read(record: Record, name: str) -> bool:
    """Whether the shape reads the field."""
    at = _types.pointer((name,)) + "/"
    pointers = [slot.pointer for slot in record.layout.slots] + [turn.pointer for turn in record.layout.turns]
    return any((pointer + "/").startswith(at) for pointer in pointers)
