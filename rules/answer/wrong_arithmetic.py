"""QLT501: an equation that does not hold."""

from __future__ import annotations

from collections.abc import Iterator

import regex
from datalint_rules.answer._equations import TRIGGERS, Wrong, wrong_equations
from datalint_rules.answer._numbers import written

from datalint import Finding, Judged, Message, bad, good, prose, rule

_MOST_SHOWN = 60  # characters of a formula in a message
# Prompts about other numbers than everyday ones, or about what is not true.
_OTHER_NUMBERS = regex.compile(
    r"(?i)\b(?:binary|octal|hex(?:adecimal)?|base[- ](?:\w+|\d+)|modul(?:o|ar|us)|mod|clock|boolean"
    r"|bitwise|xor|concatenat\w*"
    r"|strings?|matri(?:x|ces)|vectors?|joke|funny|(?:wrong|incorrect|false) (?:answer|equation|statement|calculation)"
    r"|find the (?:error|mistake)|operator precedence|new operation|defined as|code|program\w*)\b|二进制|八进制|十六进制|进制|笑话|错误"
)
_EXAMPLES = [
    bad({"instruction": "What is 12 times 4?", "output": "12 * 4 = 46"}, name="a product"),
    bad({"question": "How many are left?", "answer": "Half are left: 48/2 = <<48/2=23>>24."}, name="an annotation"),
    bad({"instruction": "Add the fractions.", "output": "3/4 + 1/4 = 2"}, name="fractions"),
    bad({"instruction": "How much is the tip?", "output": "15% of $80 is $14."}, name="a percentage in words"),
    bad({"instruction": "What is the total?", "output": "The total is $5.25 + $5.30 = $10.45."}, name="money"),
    bad({"instruction": "Add them.", "output": "1.250,50 + 749,50 = 2.100,00"}, name="decimal comma"),
    bad({"instruction": "Calculate.", "output": "10 + 6 * 7 - 58 = 48"}, name="left to right"),
    bad({"instruction": "How many in all?", "output": "12 + 3 = 15 * 2 = 32"}, name="the last step of a chain"),
    bad({"instruction": "Solve it.", "output": "x = (57 - 7) / 5 = 11"}, name="after a variable"),
    bad({"instruction": "一共多少钱？", "output": "2.25 元 + 1.13 元 = 4.45 元"}, name="Chinese"),
    bad({"instruction": "What is five factorial?", "output": "5! = 60"}, name="a factorial"),
    bad({"instruction": "Multiply.", "output": r"\(12 \times 4 = 46\)"}, name="LaTeX"),
    bad({"instruction": "Divide.", "output": "7 divided by 2 equals 4.5."}, name="words"),
    good({"instruction": "What is 12 times 4?", "output": "12 * 4 = 48"}, name="right"),
    good(
        {"instruction": "Divide.", "output": "10 / 3 = 3.33, and 2/3 = 0.66"}, name="rounded or cut to the digits shown"
    ),
    good({"instruction": "Divide.", "output": "17 / 5 = 3 remainder 2"}, name="a remainder"),
    good({"instruction": "Area?", "output": "A = 3.14 x 5 x 5 = 78.54"}, name="a number that was rounded itself"),
    good({"instruction": "How many in all?", "output": "12 + 3 = 15 * 2 = 30"}, name="a running total"),
    good({"instruction": "Tip?", "output": "$200 + 10% = $220 and 12/80 = 15%"}, name="percent of what stands before"),
    good({"instruction": "Add.", "output": "1 1/2 + 2 1/4 = 3 3/4 and ½ + ¼ = 0.75"}, name="mixed numbers"),
    good({"instruction": "How long?", "output": "2 hours + 30 minutes = 150 minutes"}, name="other units"),
    good({"instruction": "How much?", "output": "8 * 25 cents = $2"}, name="cents and dollars"),
    good(
        {"instruction": "Add.", "output": "1.250,50 + 749,50 = 2.000,00; 1 200 + 300 = 1 500"},
        name="thousands of several places",
    ),
    good({"instruction": "Roughly?", "output": "19 * 52 ≈ 1,000"}, name="nearly"),
    good({"instruction": "Solve it.", "output": "2x + 3 = 7, so 4s + 16 = 2s + 32"}, name="algebra"),
    good({"instruction": "What is 9 + 5 on a clock?", "output": "9 + 5 = 2"}, name="a clock"),
    good({"instruction": "Add in binary.", "output": "1 + 1 = 10"}, name="other number systems"),
    good({"instruction": "Is it true?", "output": "No, 3 + 4 = 8 is not true."}, name="denied"),
    good(
        {"instruction": "If 1 + 4 = 5 and 2 + 5 = 12, what is 3 + 6?", "output": "2 + 5 = 12, so the rule is …"},
        name="given",
    ),
    good({"instruction": "Write it.", "output": "```\nx = 5 + 3 = 9\n```"}, name="code"),
    good({"instruction": "Grades?", "output": "90-100 = 4 points, 80–89 = 3 points"}, name="ranges"),
    good({"instruction": "Power?", "output": "9 ** 9 ** 9 = 5 and 9^9^9^9 = 1"}, name="too large to know"),
    good({"instruction": "Shares?", "output": "2/5 = 12 hectares"}, name="a share of something"),
]


@rule(
    "QLT501",
    "wrong-arithmetic",
    category="correctness",
    roles=["assistant"],
    triggers=TRIGGERS,
    fix="display-only",
    fix_safety="The right value is only shown: later steps may build on the wrong one, or the formula is what is wrong.",
    known_problems="""
        A formula with letters, an unknown word among its numbers or units of one kind in several sizes is not judged, nor one
        whose line speaks of errors, conditions or rounding. In a chain, each step may go on from the value just before it.
    """,
    judged=Judged(
        82,
        82,
        "all equations found in 23 sets of instruction, preference and grade-school mathematics data, rejected answers included; "
        "of 3,819 worked problems of the latter 4 are found",
    ),
    examples=_EXAMPLES,
)
def check_wrong_arithmetic(message: Message) -> Iterator[Finding]:
    """An equation of plain numbers does not hold.

    The model learns the wrong result, and to write steps that do not follow. Both sides are computed exactly: brackets,
    powers, fractions, mixed numbers, percentages, units and currency signs, decimal points and commas. A value rounded or cut
    to the digits shown holds, and so does a chain that goes on from each result (12 + 3 = 15 * 2 = 30). Formulas with
    letters, dates, ranges, code, other number systems, and equations that the prompt gives or the answer denies are left
    alone.
    """
    text = message.text
    found = [w for w in wrong_equations(text) if not prose.covered(w.span, prose.code(text))]
    if not found:
        return
    prompt = message.prompt
    if _OTHER_NUMBERS.search(prompt) or (prose.is_code(text) and prose.asks_for_code(prompt)):
        return
    given = _squeezed(prompt)
    last: int | None = None
    for wrong in found:
        line = text.rfind("\n", 0, wrong.span[0])
        if line != last and _squeezed(text[slice(*wrong.span)]) not in given:
            last = line
            yield _finding(message, wrong)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _finding(message: Message, wrong: Wrong) -> Finding:
    right = written(wrong.value, wrong.right.strip("$€£¥% "))
    left = wrong.left if len(wrong.left) <= _MOST_SHOWN else wrong.left[: _MOST_SHOWN - 1] + "…"
    shown = wrong.right if len(wrong.right) <= _MOST_SHOWN else wrong.right[: _MOST_SHOWN - 1] + "…"
    if wrong.other is not None:
        return message.finding(wrong.span, f"{left} is {right}, but {shown} is {written(wrong.other)}")
    number = regex.search(r"-?[\d.,'’ \u00a0\u202f]*\d", wrong.right)
    fix = None
    if number is not None and "%" not in wrong.right and "/" not in wrong.right:
        start = wrong.shown[0] + number.start()
        edit = ((start, start + len(number.group())), right)
        fix = message.replace([edit], f"Write {right}", "display-only")
    return message.finding(wrong.span, f"{left} is {right}, not {shown}", fix=fix)
