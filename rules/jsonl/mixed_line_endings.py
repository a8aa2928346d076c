"""JSN202: carriage returns at the ends of lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from datalint import Batch, Finding, Fix, Judged, Move, Records, bad, good, rule

State = Mapping[int, tuple[int, int]]  # by source: lines that end in CR LF, and all lines that end


@rule(
    "JSN202",
    "mixed-line-endings",
    category="style",
    tags=("file",),
    fix="safe",
    fix_safety="A carriage return before a line feed is white space between records; those inside texts are escaped.",
    references=("https://jsonlines.org/",),
    judged=Judged(2, 2, "two public files with CR LF throughout; 46 other sets end all lines in LF"),
    examples=(
        bad(
            '{"text": "one"}\r\n{"text": "two"}\r\n',
            fixed='{"text": "one"}\n{"text": "two"}\n',
            name="CR LF throughout",
        ),
        bad(
            '{"text": "one"}\r\n{"text": "two"}\n', fixed='{"text": "one"}\n{"text": "two"}\n', name="both in one file"
        ),
        good('{"text": "one"}\n{"text": "two"}'),
        good('{"text": "one\\r\\ntwo"}', name="within a text"),
    ),
)
class MixedLineEndings:
    """Lines end in CR LF, or some do

    JSON parsers take a carriage return for white space, but tools that count bytes, hash lines or cut files at line feeds
    see two different records where there is one. Git may change such files on checkout.
    """

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Count the endings."""
        if batch.facts.content != "jsonl" or not len(batch):
            return {}
        ended = batch.raws if batch.ends else batch.raws[:-1]
        return {batch.source: (sum([raw[-1:] == b"\r" for raw in ended]), len(ended))}

    def merge(self, one: State, other: State) -> State:
        """Add the counts."""
        both = dict(one)
        for source, (carried, ended) in other.items():
            known = both.get(source, (0, 0))
            both[source] = (known[0] + carried, known[1] + ended)
        return both

    def moved(self, state: State, to: Move) -> State:
        """The same of another source."""
        return dict.fromkeys([to.source], *state.values()) if state else {}

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a file."""
        for source, (carried, ended) in sorted(state.items()):
            if not carried:
                continue
            said = f"{carried:,} of {ended:,} lines end in CR LF, the others in LF"
            if carried == ended:
                said = "all lines end in CR LF, not LF"
            yield Finding(said, source=source, fix=Fix("end lines in LF", "safe", whole_file="lf-endings"))
