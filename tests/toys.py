"""Rules on the data set and on each file, so that the laws are tried on both whatever built-in rules there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from datalint import Batch, Finding, Records, Related, bad, good, rule

TWICE = [bad([{"text": "a"}, {"text": "a"}]), good([{"text": "a"}, {"text": "b"}])]
Seen = Mapping[str, set[int]]
Counts = Mapping[int, int]


@rule("TOY101", "same-text", category="suspicious", examples=TWICE)
class SameText:
    """A text that was there before.

    Tries what rules on the data set can do: keys in states, records read again, related places.
    """

    def map(self, batch: Batch, picked: Sequence[int]) -> Seen:
        seen: dict[str, set[int]] = {}
        for i in picked:
            seen.setdefault(batch.texts[i][:40], set()).add(batch.ref(int(batch.owners[i])).key)
        return seen

    def merge(self, one: Seen, other: Seen) -> Seen:
        return {text: {*one.get(text, ()), *other.get(text, ())} for text in {*one, *other}}

    def finish(self, state: Seen, records: Records) -> Iterator[Finding]:
        for text, keys in sorted(state.items()):
            first, *rest = [records.record(key) for key in sorted(keys)]
            for again in rest:
                yield again.finding(f"{text!r} again", related=(Related(first.ref, "first"),))


@rule("TOY102", "long-file", category="suspicious", tags=("file",), examples=[*TWICE[:1], good({"text": "a"})])
class LongFile:
    """A file with more than one record.

    Tries findings on files.
    """

    def map(self, batch: Batch, picked: Sequence[int]) -> Counts:
        return {batch.source: len(batch)}

    def merge(self, one: Counts, other: Counts) -> Counts:
        return {source: one.get(source, 0) + other.get(source, 0) for source in {*one, *other}}

    def finish(self, state: Counts, records: Records) -> Iterator[Finding]:
        for source, count in sorted(state.items()):
            if count > 1:
                yield Finding(f"{count} lines", source=source)
