"""JSN101: lines that no JSON parser takes."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Judged, Line, bad, good, rule


@rule(
    "JSN101",
    "invalid-json",
    category="correctness",
    lines="refused",
    known_problems="""
    A line is judged up to its first mistake; others behind it show when that one is mended. Nesting deeper than 1024
    levels is refused, which the standard allows a parser to do.
    """,
    references=("https://www.rfc-editor.org/rfc/rfc8259", "https://jsonlines.org/"),
    judged=Judged(
        2,
        2,
        "public instruction sets: two lines with escapes that JSON does not have; every other line of 46 sets is read",
    ),
    examples=(
        bad('{"instruction": "Name a colour.", "output": "Blue",}', name="a trailing comma"),
        bad("{'instruction': 'Name a colour.', 'output': 'Blue'}", name="a Python dict, printed"),
        bad('{"instruction": "Add 1 and 1.", "output": 2, "score": NaN}', name="NaN"),
        bad('{"instruction": "Where is it?", "output": "In C:\\Users\\me"}', name="a lone backslash"),
        bad('{"instruction": "Name a colour.", "output": "Bl', name="cut off"),
        bad('{"text": "one"}{"text": "two"}', name="two records on one line"),
        bad('{"text": "a\tb"}', name="a raw tab in a string"),
        bad('{"text": "She said "no" to me."}', name="quotation marks that are not escaped"),
        good('{"instruction": "Where is it?", "output": "In C:\\\\Users\\\\me"}'),
        good('{"text": "a\\tb \\u00e9 \\"c\\""}', name="escapes of JSON"),
        good('{"text": "one\u2028two\u0085three"}', name="line separators inside a string are text"),
    ),
)
def check_invalid_json(line: Line) -> Iterator[Finding]:
    """This line is not valid JSON

    Loaders stop at the first line they cannot parse, or skip it and train on less than you think. The message says what
    stands at the place where the parser gave up; usually a program wrote the line that did not use a JSON library.
    """
    refusal = line.refusal
    if refusal is not None and refusal.kind == "json":
        end = min(refusal.column + 1, len(line.raw))
        yield line.finding((min(refusal.column, end), end), f"invalid JSON: {refusal.message}")
