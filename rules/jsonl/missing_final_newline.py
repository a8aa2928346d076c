"""JSN203: a last line without an end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint import Batch, Finding, Fix, Judged, Move, Records, bad, good, rule

State = frozenset[int]  # the sources whose last line does not end


@rule(
    "JSN203",
    "missing-final-newline",
    category="style",
    tags=("file",),
    fix="safe",
    fix_safety="A line end after the last record adds nothing to it.",
    known_problems="One JSON value in a `.json` file needs no line end and is left alone, and so is an array.",
    references=("https://jsonlines.org/",),
    judged=Judged(0, 0, "a fact about bytes"),
    examples=(
        bad('{"text": "one"}\n{"text": "two"}', fixed='{"text": "one"}\n{"text": "two"}\n', verbatim=True),
        good('{"text": "one"}\n{"text": "two"}\n'),
        good("", name="an empty file", verbatim=True),
    ),
)
class MissingFinalNewline:
    """The last line does not end in a line feed

    Whatever is appended next is glued to the last record, and both are lost; `cat a.jsonl b.jsonl` does it as well. It
    may also tell that writing was cut short.
    """

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Note the source if its end is here and bare."""
        lines = batch.facts.content == "jsonl" and batch.facts.suffix != ".json"
        return frozenset((batch.source,)) if lines and batch.last and len(batch) and not batch.ends else frozenset()

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one | other

    def moved(self, state: State, to: Move) -> State:
        """The same of another source."""
        return frozenset([to.source] * len(state))

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a file."""
        for source in sorted(state):
            fix = Fix("end the last line", "safe", whole_file="final-newline")
            yield Finding("the last line does not end in a line feed", source=source, fix=fix)
