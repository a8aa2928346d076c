"""TXT203: gaps of several blank lines."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.text._wording import count

from datalint import Finding, Judged, Message, bad, good, pattern, prose, rule

_RUN = pattern(r"(?<=\S[ \t]*+)(\r?\n\r?\n)((?:\r?\n)+)(?=\s*\S)")


@rule(
    "TXT203",
    "blank-line-run",
    category="style",
    roles=["system", "user", "assistant", "text", "unknown", "rejected"],
    triggers=[r"\n\n\n", r"\r\n\r\n\r\n"],
    fix="unsafe",
    fix_safety="Leaves one blank line. Unsafe, for the gap may have been meant: space to sign, the parts of a poem.",
    known_problems="Gaps left on purpose, as in forms, are reported too.",
    examples=[
        bad(
            {"instruction": "Write.", "input": "", "output": "The sun rose.\n\n\n\nThe birds sang.\n\n\nNoon came."},
            fixed={"instruction": "Write.", "input": "", "output": "The sun rose.\n\nThe birds sang.\n\nNoon came."},
            name="four line feeds and three",
        ),
        bad(
            {"instruction": "Two.\r\n\r\n\r\nHere.", "input": "", "output": "Yes."},
            fixed={"instruction": "Two.\r\n\r\nHere.", "input": "", "output": "Yes."},
            name="CR LF",
        ),
        good(
            {"instruction": "Write.", "input": "", "output": "The sun rose.\n\nThe birds sang."}, name="one blank line"
        ),
        good(
            {
                "instruction": "Code.",
                "input": "",
                "output": "import os\n\n\ndef here():\n    return os.getcwd()\n\n\nprint(here())",
            },
            name="two blank lines between functions",
        ),
        good(
            {
                "instruction": "Code.",
                "input": "",
                "output": "Like this:\n\n```python\nimport os\n\n\nprint(os.name)\n```\n\nThat is all.",
            },
            name="inside a fence",
        ),
        good(
            {"instruction": "\n\n\nHello.\n\n\n", "input": "", "output": "Hi."},
            name="before and after the text: another rule's",
        ),
    ],
    judged=Judged(
        45, 45, "findings on 9 public sets, at most nine a set; three stand where two records were merged into one"
    ),
)
def check_blank_line_run(message: Message) -> Iterator[Finding]:
    """Two or more blank lines in a row.

    Three or more line feeds in a row are what is left of a page layout. They teach the model to pad, and each run is a token
    of its own. One blank line is the most that prose needs. Code and fences are left alone: there two are good style.
    """
    text = message.text
    found = [m for m in _RUN.finditer(text) if not prose.covered(m.span(), prose.fences(text))]
    if found and not prose.is_code(text):
        number = count(sum(len(m[2]) for m in found), "character")
        fix = message.replace([(m.span(2), "") for m in found], f"leave one blank line: remove {number}")
        lines = count(sum(m[2].count("\n") for m in found), "blank line")
        yield message.finding(found[0].span(), f"{lines} too many", fix=fix)
