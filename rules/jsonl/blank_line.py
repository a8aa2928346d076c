"""JSN201: lines without a record."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Edit, Finding, Fix, Judged, Line, bad, good, rule


@rule(
    "JSN201",
    "blank-line",
    category="style",
    lines="blank",
    fix="safe",
    fix_safety="A blank line holds nothing.",
    references=("https://jsonlines.org/",),
    judged=Judged(0, 0, "nothing found in 46 public sets"),
    examples=(
        bad('{"text": "one"}\n\n{"text": "two"}', fixed='{"text": "one"}\n{"text": "two"}'),
        bad('{"text": "one"}\n\n\n', fixed='{"text": "one"}\n', name="at the end"),
        bad('{"text": "one"}\n \t\n{"text": "two"}', fixed='{"text": "one"}\n{"text": "two"}', name="only spaces"),
        good('{"text": "one"}\n{"text": "two"}'),
        good('{"text": "one\\n\\ntwo"}', name="a blank line within a text"),
    ),
)
def check_blank_line(line: Line) -> Iterator[Finding]:
    """A line without a record

    Readers of JSON Lines stop at a blank line, skip it or count it, so that line numbers and record numbers part ways.
    """
    fix = Fix("delete the blank line", "safe", (Edit("delete-line"),))
    yield line.finding((0, len(line.raw)), "a blank line", fix=fix)
