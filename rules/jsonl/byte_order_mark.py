"""JSN105: invisible bytes at the start of a file or line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from datalint import Batch, Finding, Fix, Judged, Move, Records, bad, good, rule

State = Mapping[int, tuple[int, int]]  # by source: marks at the start of the file, and of lines


@rule(
    "JSN105",
    "byte-order-mark",
    category="correctness",
    tags=("file",),
    fix="safe",
    fix_safety="The mark is no part of any record: what a parser reads stays the same.",
    known_problems="A mark inside a text is zero-width-character's to find.",
    references=("https://www.rfc-editor.org/rfc/rfc8259#section-8.1",),
    judged=Judged(0, 0, "nothing found in 46 public sets"),
    examples=(
        bad('\ufeff{"text": "one"}\n{"text": "two"}', fixed='{"text": "one"}\n{"text": "two"}'),
        bad(
            '{"text": "one"}\n\ufeff{"text": "two"}', fixed='{"text": "one"}\n{"text": "two"}', name="two files in one"
        ),
        good('{"text": "one"}\n{"text": "two"}'),
        good('{"text": "\ufeffone"}', name="inside a text"),
    ),
)
class ByteOrderMark:
    """The file, or a line in it, starts with a byte-order mark

    UTF-8 needs none, and JSON forbids writers to add one. Many parsers refuse the line or make the mark part of the first
    key. Marks in the middle of a file come from files with marks that were put together.
    """

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Count the marks."""
        first = int(batch.facts.bom and batch.last)
        return {batch.source: (first, len(batch.boms))} if first or batch.boms else {}

    def merge(self, one: State, other: State) -> State:
        """Add the counts."""
        both = dict(one)
        for source, (first, inside) in other.items():
            known = both.get(source, (0, 0))
            both[source] = (known[0] + first, known[1] + inside)
        return both

    def moved(self, state: State, to: Move) -> State:
        """The same of another source."""
        return dict.fromkeys([to.source], *state.values()) if state else {}

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a file."""
        for source, (first, inside) in sorted(state.items()):
            lines = "a line starts" if inside == 1 else f"{inside:,} lines start"
            said = "the file starts with a byte-order mark" if first else f"{lines} with a byte-order mark"
            if first and inside:
                said += f", and so {'does a line' if inside == 1 else f'do {inside:,} lines'} in it"
            yield Finding(said, source=source, fix=Fix("remove byte-order marks", "safe", whole_file="strip-bom"))
