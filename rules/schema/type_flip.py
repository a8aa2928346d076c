"""SCH107: a field that is of one type here and of another there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from datalint_rules.schema import _types

from datalint import Batch, Finding, Judged, Move, Records, bad, good, rule

HI = {"instruction": "Say hi.", "input": "", "output": "Hi."}


@rule(
    "SCH107",
    "type-flip",
    category="correctness",
    tags=("file",),
    examples=(
        bad([{**HI, "score": 4}, {**HI, "score": 5}, {**HI, "score": "4"}], name="a number that is a string once"),
        bad([{**HI, "tags": ["a"]}, {**HI, "tags": ["b"]}, {**HI, "tags": "a"}]),
        bad([{**HI, "meta": {"id": 1}}, {**HI, "meta": {"id": "x1"}}], name="inside an object"),
        good([{**HI, "score": 4}, {**HI, "score": 4.5}], name="whole and other numbers"),
        good([{**HI, "score": 4}, {**HI, "score": None}, HI], name="null, or not there"),
        good([{**HI, "meta": {"id": 1}}, {**HI, "other": {"id": "x1"}}], name="two fields"),
        good([HI, {**HI, "output": ["Hi."]}], name="wrong-type speaks of fields that the shape knows"),
    ),
    known_problems="Items of lists are not compared, nor what lies deeper than three objects. Each file is judged by itself.",
    references=("https://arrow.apache.org/docs/python/json.html", "https://huggingface.co/docs/datasets/loading#json"),
    judged=Judged(0, 0, "38 public sets that load without errors: nothing is found in them"),
)
class TypeFlip:
    """A field is of one type in most records and of another in some

    Loaders that build a table decide on the type of a column by the first block they read. A record further down with a
    string where there were numbers stops the load with an error that names no line, or turns the column into something
    that no script expects. One finding for each other type, at its first record.
    """

    def map(self, batch: Batch, picked: Sequence[int]) -> _types.Types:
        """How often which field is of which type."""
        return _types.types(batch)

    def merge(self, one: _types.Types, other: _types.Types) -> _types.Types:
        """Both."""
        return _types.merged(one, other)

    def moved(self, state: _types.Types, to: Move) -> _types.Types:
        """The same of records elsewhere."""
        return _types.moved(state, to)

    def finish(self, state: _types.Types, records: Records) -> Iterator[Finding]:
        """One finding a field and type."""
        for (_, path), group in groupby(sorted(state.items()), key=lambda item: item[0][:2]):
            kinds = sorted((-count, key, kind) for (_, _, kind), (count, key) in group)
            total = -sum(count for count, _, _ in kinds)
            usual, most = kinds[0][2], -kinds[0][0]
            for _, key, kind in kinds[1:]:
                record, pointer = records.record(key), _types.pointer(path)
                if any(p.kind == "wrong-type" and p.pointer == pointer for p in record.layout.problems):
                    continue
                said = f"{pointer} is a{'n' if kind == 'object' else ''} {kind} here and a{'n' if usual == 'object' else ''} {usual}"
                yield record.finding(f"{said} in {most:,} of {total:,} records", pointer=pointer)
