"""SCH103: a field that the shape of the record cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Judged, Layout, Record, bad, good, rule


def _lacking(layout: Layout) -> bool:
    return any(p.kind == "missing-field" for p in layout.problems)


@rule(
    "SCH103",
    "missing-field",
    category="correctness",
    gate=_lacking,
    known_problems="A prompt without an answer is a shape of its own (prompt-only), so a lone `prompt` is not found here.",
    references=("https://huggingface.co/docs/trl/dataset_formats",),
    judged=Judged(
        0,
        0,
        "nothing found in 46 public sets, 67,000 records, 2,700 of them conversations, where nothing is wrong of this kind",
    ),
    examples=(
        bad({"instruction": "Name a river.", "input": ""}, name="no output"),
        bad({"prompt": "Name a river.", "chosen": "The Rhine."}, name="nothing rejected"),
        bad({"messages": [{"role": "user", "content": "Name a river."}, {"role": "assistant"}]}, name="no content"),
        bad(
            {"messages": [{"content": "Name a river."}, {"role": "assistant", "content": "The Rhine."}]}, name="no role"
        ),
        good({"instruction": "Name a river.", "output": "The Rhine."}, name="input is optional"),
        good({"prompt": "Name a river."}, name="a prompt alone"),
        good(
            {
                "messages": [
                    {"role": "user", "content": "Name a river."},
                    {
                        "role": "assistant",
                        "tool_calls": [{"id": "a", "function": {"name": "rivers", "arguments": "{}"}}],
                    },
                ]
            },
            name="a call of a tool needs no content",
        ),
    ),
)
def check_missing_field(record: Record) -> Iterator[Finding]:
    """A field that this shape requires is absent

    Trainers read every record by the same keys. A record without one of them ends the run with a KeyError, or is padded
    with null when the file is loaded as a table, and then trains on nothing.
    """
    for problem in record.layout.problems:
        if problem.kind == "missing-field":
            yield record.finding(problem.message, pointer=problem.pointer or None)
