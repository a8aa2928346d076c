"""QLT513: an answer that has not the format asked for."""

from __future__ import annotations

from collections.abc import Iterator

import regex
from datalint_rules.constraints import _shape
from datalint_rules.constraints._request import Request, readings, request

from datalint import Finding, Judged, Message, bad, good, rule

_EXAMPLES = [
    bad(
        {"instruction": "Write a slogan for a baker in all caps.", "input": "", "output": "Bread and more"},
        name="capitals",
    ),
    bad(
        {"instruction": "Answer in lowercase. Where is Rome?", "input": "", "output": "In Italy"},
        name="small letters",
    ),
    bad(
        {"instruction": "Return the person as JSON.", "input": "Ann, 31", "output": "The person is Ann, who is 31."},
        name="JSON",
    ),
    bad(
        {
            "instruction": "Summarize the text in bullet points.",
            "input": "Rain fell.",
            "output": "Rain fell and we stayed in.",
        },
        name="a list",
    ),
    bad(
        {"instruction": "Put the data into a table.", "input": "Ann 31", "output": "Ann is 31 years old"},
        name="a table",
    ),
    good(
        {
            "instruction": "Convert the text to uppercase.",
            "input": "plain words",
            "output": "The text in uppercase: PLAIN WORDS",
        },
        name="with a label",
    ),
    good(
        {
            "instruction": "Write the first letter of each word in uppercase.",
            "input": "plain words",
            "output": "Plain Words",
        },
        name="a part of it",
    ),
    good(
        {
            "instruction": "Write a function that converts text to uppercase.",
            "input": "",
            "output": "Use the method upper.",
        },
        name="a program",
    ),
    good(
        {"instruction": "Explain how to write a list in JSON.", "input": "", "output": "In brackets."},
        name="a question about it",
    ),
    good(
        {"instruction": "Return the person as JSON.", "input": "Ann, 31", "output": '{"name": "Ann", "age": 31}'},
        name="as asked",
    ),
    good(
        {"instruction": "Sum up the table in a table.", "input": "Ann 31", "output": "| Ann | 31 |"},
        name="a row",
    ),
]


@rule(
    "QLT513",
    "wrong-format",
    category="suspicious",
    roles=["user"],
    triggers=(
        r"(?i)(as|in|into|to|using) ((an?|the|valid|proper) )?json\b",
        r"(?i)(\bcsv|comma.separated|\btable\b|bullet|numbered list)",
        r"(?i)(upper.?case|lower.?case|all.caps|capital letters|in capitals|to capitals)",
    ),
    known_problems="""
        Only an answer with no sign at all of the format is found: one brace counts as JSON, several lines as a table or a list. Texts
        that were to be converted to capitals are the matter of `wrong-letters`.
    """,
    judged=Judged(2, 2, "all findings in 26 public sets"),
    examples=_EXAMPLES,
)
def check_wrong_format(message: Message) -> Iterator[Finding]:
    """The answer has not the format asked for.

    Found are answers without any JSON, commas, table or list where the prompt asks for one, and letters of the wrong case where all
    of it is to be in capitals or in small letters. Prompts for programs and questions about formats are left alone.
    """
    task = request(message)
    if task is None or "```" in task.text or _shape.OTHER.search(task.bare):
        return
    for wanted, said in _broken(task):
        yield task.broken(wanted.span(), said)
        return


def _broken(task: Request) -> Iterator[tuple[regex.Match[str], str]]:
    text, texts = task.text, readings(task.text)
    if (wanted := _shape.JSON.search(task.bare)) and not _shape.has_json(text):
        yield wanted, "no JSON, which the prompt asks for"
    if (wanted := _shape.CSV.search(task.bare)) and "," not in text and len(text.split()) > 3:
        yield wanted, "nothing separated by commas, which the prompt asks for"
    if (wanted := _shape.TABLE.search(task.bare)) and not _shape.has_rows(text):
        yield wanted, "no table, which the prompt asks for"
    if (wanted := _shape.BULLETS.search(task.bare)) and not _shape.has_list(text):
        yield wanted, "no list, which the prompt asks for"
    if _shape.CASE_OTHER.search(task.bare):
        return
    if (wanted := _shape.UPPER.search(task.bare)) and all(map(_shape.has_lower, texts)):
        yield wanted, "small letters where the prompt asks for capitals"
    if (wanted := _shape.LOWER.search(task.bare)) and all(map(_shape.has_upper, texts)):
        yield wanted, "capitals where the prompt asks for small letters"
