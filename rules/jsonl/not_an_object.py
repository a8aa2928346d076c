"""JSN102: JSON that is no record."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Judged, Layout, Record, bad, good, rule


def _no_object(layout: Layout) -> bool:
    return any(p.kind == "not-an-object" for p in layout.problems)


@rule(
    "JSN102",
    "not-an-object",
    category="correctness",
    gate=_no_object,
    references=("https://jsonlines.org/", "https://huggingface.co/docs/datasets/loading#json"),
    judged=Judged(0, 0, "nothing found in 46 public training sets"),
    examples=(
        bad('"Name three colours."', name="a string"),
        bad("42", name="a number"),
        bad("null", name="null"),
        bad('["Name a colour.", "Blue"]', name="a list of strings"),
        good({"instruction": "Name a colour.", "output": "Blue"}),
        good(
            '[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]', name="a list of messages"
        ),
        good({"full_text": "Blue"}, name="an object of unknown shape is SCH101"),
    ),
)
def check_not_an_object(record: Record) -> Iterator[Finding]:
    """This line is valid JSON, but no object

    A record is an object that names its texts (or, in some formats, a list of messages). Loaders that expect columns stop
    at anything else, or make a column without a name of it.
    """
    for problem in record.layout.problems:
        if problem.kind == "not-an-object":
            yield record.finding(problem.message)
