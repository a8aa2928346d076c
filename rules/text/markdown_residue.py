"""TXT403: Markdown in data that is declared plain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import regex
from datalint_rules.text._wording import count

from datalint import Finding, Judged, Message, Option, bad, good, pattern, prose, rule

Edit = tuple[tuple[int, int], str]

# What to take out around the words of each sign, and its name.
_SIGNS = (
    ("fence", pattern(r"^[ \t]*(?:`{3,}|~{3,})[^\n`]*(?:\n|\Z)", regex.M)),
    ("heading", pattern(r"^ {0,3}#{1,6}[ \t]+(?=\S)(?![-+$€£¥\d.,/% ]+$)", regex.M)),
    ("rule", pattern(r"^ {0,3}(?:-{3,5}|\*{3,5}|_{3,5})[ \t]*(?:\n|\Z)", regex.M)),
    ("quote", pattern(r"^ {0,3}>[ \t]?(?=\S)", regex.M)),
)
_PAIRS = (
    ("bold", pattern(r"(?<![\w*])(\*\*|__)(?=\S)(?:(?!\1)[^\n]){1,300}?(?<=\S)(\1)(?![\w*])")),
    (
        "italic",
        pattern(
            r"(?<![\w*])(\*)(?=[^\s*])[^*\n]{1,300}?(?<=[^\s*])(\*)(?![\w*])|(?<![\w_])(_)(?=[^\s_])[^_\n]{1,300}?(?<=[^\s_])(_)(?![\w_])"
        ),
    ),
    ("code", pattern(r"(?<!`)(`)(?=[^`\n])[^`\n]{1,300}?(`)(?!`)")),
    ("struck out", pattern(r"(?<!~)(~~)(?=\S)[^~\n]{1,300}?(~~)(?!~)")),
)
_LINK = pattern(r"(!?\[)([^\[\]\n]{1,300})(\]\([^()\s]{1,500}(?:\([^()\s]*\)[^()\s]*)?(?:\s\"[^\"\n]*\")?\))")
_ASKED = pattern(r"(?i)\bmarkdown\b|\bREADME\b|\bformat(?:ted|ting)?\b|\bbold\b|\bitalics?\b|\btable\b|\bgithub\b")


@rule(
    "TXT403",
    "markdown-residue",
    category="pedantic",
    roles=["assistant", "text"],
    triggers=[
        r"\*\*[^ *]",
        r"__[^ _]",
        r"^[ ]{0,3}#{1,6}[ \t]",
        r"`[^ `]",
        r"\]\([^ )]",
        r"^[ ]{0,3}(---|\*\*\*)",
        r"(^|[ (])[*_][a-zA-Z]",
        r"^[ ]{0,3}> ?[^ ]",
        r"~~[^ ~]",
    ],
    options={
        "plain-text": Option(
            "bool", False, "The answers of this data set are meant to be plain text: report Markdown in them."
        )
    },
    fix="unsafe",
    fix_safety="Takes the signs out and leaves the words; the target of a link is lost. Lists keep their marks.",
    known_problems="Text between two asterisks or underscores that is no Markdown is taken for it.",
    references=["https://spec.commonmark.org/current/"],
    examples=[
        bad(
            {
                "instruction": "Who won?",
                "input": "",
                "output": "## Result\nThe **red** team, see [the report](https://example.com/a_(b)), won *at last*.",
            },
            fixed={
                "instruction": "Who won?",
                "input": "",
                "output": "Result\nThe red team, see the report, won at last.",
            },
            name="a heading, bold, a link, italics",
            options={"plain-text": True},
        ),
        bad(
            {"instruction": "How?", "input": "", "output": "Run `ls`:\n```sh\nls\n```\n> It lists files."},
            fixed={"instruction": "How?", "input": "", "output": "Run ls:\nls\nIt lists files."},
            name="code and a quotation",
            options={"plain-text": True},
        ),
        good({"instruction": "Who won?", "input": "", "output": "The **red** team won."}, name="not declared plain"),
        good(
            {
                "instruction": "What is 2 * 3 * 4?",
                "input": "",
                "output": "2 * 3 * 4 = 24, and 2**3 = 8 (#1 in snake_case_names).\n#### 24",
            },
            name="products, powers and the mark of a final answer",
            options={"plain-text": True},
        ),
        good(
            {"instruction": "Write a README in Markdown.", "input": "", "output": "# Use\nRun **it**."},
            name="asked for",
            options={"plain-text": True},
        ),
        good(
            {"instruction": "List.", "input": "", "output": "- one\n- two"},
            name="a plain list",
            options={"plain-text": True},
        ),
    ],
    judged=Judged(
        36, 35, "findings with plain-text on 7 public sets, at most six a set; the wrong one is a rule in a drawing"
    ),
)
def check_markdown_residue(message: Message, plain_text: bool) -> Iterator[Finding]:
    """Markdown in an answer of a data set that is declared plain.

    Where answers are spoken or shown as they are, asterisks and number signs are noise, and taking them out cuts the tokens of
    scraped data a good deal. Only a data set that says so (`plain-text = true`) is judged.
    """
    text = message.text
    if not plain_text or _ASKED.search(message.prompt) or prose.is_code(text):
        return
    found = list(_found(text))
    if found:
        saved = count(sum(b - a for _, (a, b) in found), "character")
        kinds = ", ".join(name for name, _ in Counter(name for name, _ in found).most_common(4))
        edits: list[Edit] = [(span, "") for _, span in sorted(found, key=lambda f: f[1])]
        yield message.finding(
            edits[0][0], f"Markdown in plain text: {kinds}", fix=message.replace(edits, f"remove {saved} of Markdown")
        )


def _found(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every sign that is to go, with its name; signs within code stay."""
    taken: list[tuple[int, int]] = [*prose.fences(text)]
    for name, sign in _SIGNS:
        for match in sign.finditer(text):
            if name == "fence" or not prose.covered(match.span(), prose.fences(text)):
                yield name, match.span()
    for match in _LINK.finditer(text):
        if not prose.covered(match.span(), prose.code(text)):
            yield "link", match.span(1)
            yield "link", match.span(3)
            taken.append(match.span(3))
    for name, pair in (_PAIRS[2], *_PAIRS[:2], _PAIRS[3]):
        for match in pair.finditer(text):
            marks = [match.span(g) for g in range(1, (pair.groups or 0) + 1) if match.span(g) != (-1, -1)]
            if not any(prose.covered(mark, taken) for mark in marks):
                yield from ((name, mark) for mark in marks)
                taken += [match.span()] if name == "code" else marks
