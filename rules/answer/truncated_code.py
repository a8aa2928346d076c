"""QLT511: code that stops before its end."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.code._judging import PROMPT_TRIGGERS, TRIGGERS, judged

from datalint import Finding, Judged, Message, bad, good, rule

_EXAMPLES = [
    bad(
        {
            "instruction": "Write a Python function that greets.",
            "input": "",
            "output": 'def greet(name):\n    text = "Hello"\n    print(text + name',
        },
        name="an open bracket",
    ),
    bad(
        {
            "instruction": "Write a loop.",
            "input": "",
            "output": "```python\ntotal = 0\nfor n in range(9):\n    total += n\nif total > 9:\n```",
        },
        name="a missing block",
    ),
    bad(
        {"instruction": "Describe Ann.", "input": "", "output": '```json\n{"name": "Ann", "born": {"year": 1990}\n```'},
        name="an open brace in JSON",
    ),
    bad(
        {
            "instruction": "Write an HTML page.",
            "input": "",
            "output": "<!DOCTYPE html>\n<html>\n<body>\n<h1>Hello</h1>\n<p>The",
        },
        name="half a page",
    ),
    bad(
        {"instruction": "List a book.", "input": "", "output": "```xml\n<books>\n<book>Emma</book>\n```"},
        name="an open element",
    ),
    good(
        {"instruction": "Write a loop in Python.", "input": "", "output": "for n in range(9):\n    print(n)"},
        name="whole",
    ),
    good(
        {"instruction": "What does a header look like?", "input": "", "output": "```python\ndef add(a, b):\n```"},
        name="a header",
    ),
    good(
        {"instruction": "Write a page in HTML.", "input": "", "output": "<!DOCTYPE html>\n<p>One\n<p>Two"},
        name="tags that need no end",
    ),
    good(
        {"instruction": "Show the idea in Python.", "input": "", "output": "def add(a,\n        b,\n        ..."},
        name="an ellipsis",
    ),
]


@rule(
    "QLT511",
    "truncated-code",
    category="suspicious",
    roles=["user", "assistant"],
    triggers=(*TRIGGERS, *PROMPT_TRIGGERS),
    known_problems="""
        The languages that `unparsable-code` needs the extra `code` for need it here. Code that stops between two whole statements
        cannot be seen. A fence that is never closed is `unbalanced-fence`.
    """,
    judged=Judged(
        4,
        4,
        "26 public sets: all its findings; of 2,310 answers there cut at random, 1,696 are found; most others stop after a statement",
    ),
    examples=_EXAMPLES,
)
def check_truncated_code(message: Message) -> Iterator[Finding]:
    """Code in an answer stops before its end.

    Code that a length limit cut off teaches to stop in the middle of a function. Found are blocks, and answers that are code as a
    whole, with a bracket, a string, a tag or a block still open at their end. The finding stands at what was opened last.
    """
    for answer, found in judged(message):
        if found.flaw.cut:
            yield answer.finding(found.span, found.told("stops before its end"))
