"""QLT502: code that does not parse."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.code._judging import PROMPT_TRIGGERS, TRIGGERS, judged

from datalint import Finding, Judged, Message, bad, good, rule

_EXAMPLES = [
    bad(
        {"instruction": "Show an assignment.", "input": "", "output": "```python\nx = 3\nif x = 4:\n    print(x)\n```"},
        name="Python in a fence",
    ),
    bad(
        {
            "instruction": "Write a Python function that adds two numbers.",
            "input": "",
            "output": "def add(a, b):\nreturn a + b",
        },
        name="Python without a fence",
    ),
    bad(
        {"instruction": "Describe Ann.", "input": "", "output": '```json\n{"name": "Ann", "age": 31,}\n```'},
        name="a last comma in JSON",
    ),
    bad(
        {"instruction": "Configure the port.", "input": "", "output": "```toml\n[server]\nport = = 8080\n```"},
        name="TOML with two signs",
    ),
    bad(
        {"instruction": "Configure it.", "input": "", "output": "```yaml\nname: [a, b\nport: 8080\n```"},
        name="an open list in YAML",
    ),
    bad(
        {"instruction": "List two books.", "input": "", "output": "```xml\n<books><book>Emma</books>\n<p/>\n```"},
        name="tags of XML that do not match",
    ),
    good(
        {"instruction": "Write hello in Python.", "input": "", "output": '```python\nprint("hello")\n```'}, name="right"
    ),
    good({"instruction": "Write hello in Python.", "input": "", "output": 'print "hello"'}, name="Python 2"),
    good(
        {"instruction": "How do I sum?", "input": "", "output": "```python\n>>> sum([1, 2])\n3\n```"},
        name="a session",
    ),
    good(
        {"instruction": "Show the idea.", "input": "", "output": "```python\ndef add(a, b):\n    ... rest of it\n```"},
        name="an excerpt",
    ),
    good(
        {"instruction": "What is wrong with this code?", "input": "", "output": "```python\nif x = 3: pass\n```"},
        name="wrong on purpose",
    ),
    good(
        {"instruction": "Name two members.", "input": "", "output": '```json\n"name": "Ann",\n"age": 31\n```'},
        name="a piece of JSON",
    ),
    good(
        {"instruction": "Greet by template.", "input": "", "output": "```yaml\nname: {{ name }}: x\n```"},
        name="a template",
    ),
    good(
        {"instruction": "Explain Python lists.", "input": "", "output": "Lists are in brackets: [1, 2"},
        name="prose",
    ),
]


@rule(
    "QLT502",
    "unparsable-code",
    category="suspicious",
    roles=["user", "assistant"],
    triggers=(*TRIGGERS, *PROMPT_TRIGGERS),
    known_problems="""
        C, C++, C#, Go, Java, JavaScript, PHP, Ruby, Rust, shells, SQL and TypeScript are judged only where the extra `code` is
        installed (`pip install llm-datalint[code]`). Code without a fence is judged only if it is the whole answer and the prompt or
        its first line names the language. Code that parses may still be wrong.
    """,
    judged=Judged(
        56,
        56,
        "all its findings in 26 public sets: scripts glued together, lost indentation and angle brackets; 16 are code that was translated",
    ),
    examples=_EXAMPLES,
)
def check_unparsable_code(message: Message) -> Iterator[Finding]:
    """Code in an answer does not parse.

    A model learns from code that cannot run to write code that cannot run. Fenced blocks are parsed by their language, and so
    are answers that are code as a whole. Excerpts with `...`, placeholders, sessions, differences, templates, output, Python 2,
    pieces of a statement and code that is to be wrong are left alone, and so is HTML, which browsers read however it is written.
    """
    for answer, found in judged(message):
        if not found.flaw.cut:
            yield answer.finding(found.span, found.told("does not parse"))
