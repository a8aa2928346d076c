"""QLT506: the answer to a small closed question is not its result."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.answer._asked import asked, is_code
from datalint_rules.answer._closed import LONGEST_TASK, expected
from datalint_rules.answer._equations import wrong_equations
from datalint_rules.answer._expected import DIGIT
from datalint_rules.answer._shown import wrong_claim
from datalint_rules.answer._unknowns import unsolved

from datalint import Finding, Judged, Message, Related, bad, good, rule

_EXAMPLES = [
    bad(
        {"instruction": "Find the median of the list.", "input": "15, 68, 20, 41, 28", "output": "29.5"},
        name="a median",
    ),
    bad(
        {
            "instruction": "What is the average of 4, 7 and 12?",
            "input": "",
            "output": "The average of 4, 7 and 12 is 8.67.",
        },
        name="a mean",
    ),
    bad({"instruction": "Evaluate the expression.", "input": "9 - 4 + 8 * 5", "output": "47"}, name="an expression"),
    bad({"instruction": "Multiply 87 and 183.", "input": "", "output": "15781"}, name="in words"),
    bad({"instruction": "Is 91 a prime number?", "input": "", "output": "Yes, 91 is a prime number."}, name="a prime"),
    bad(
        {"instruction": "What is the greatest common divisor of 108 and 36?", "input": "", "output": "It is 12."},
        name="a divisor",
    ),
    bad(
        {"instruction": "Convert the number 278 to hexadecimal.", "input": "", "output": "278 in hexadecimal is 112."},
        name="a base",
    ),
    bad({"instruction": "Convert 90 minutes to seconds.", "input": "", "output": "540 seconds"}, name="units"),
    bad({"instruction": "Convert 20 Celsius to Fahrenheit.", "input": "", "output": "64 degrees"}, name="temperatures"),
    bad(
        {"instruction": "Solve the equation 3x + 2 = 12.", "input": "", "output": "The value of x is 4."},
        name="a linear equation",
    ),
    bad(
        {"instruction": "Give a solution to the equation 2a + 3b = 20.", "input": "", "output": "a = 7, b = 5"},
        name="two unknowns that do not fit",
    ),
    bad(
        {"instruction": "Solve the equation x^2 - 5x + 6 = 0.", "input": "", "output": "x = 2 or x = 4"},
        name="a root that is none",
    ),
    bad(
        {
            "instruction": "Calculate the area of a circle with a radius of 4.",
            "input": "",
            "output": "The area is 12.57.",
        },
        name="an area",
    ),
    bad({"instruction": "What is 15% of 500?", "input": "", "output": "85"}, name="a percentage"),
    bad({"instruction": "Write 42 in Roman numerals.", "input": "", "output": "XXXXII"}, name="Roman numerals"),
    bad({"instruction": "计算以下数字的平均值。", "input": "2、4、9", "output": "平均值是6。"}, name="Chinese"),
    good(
        {"instruction": "Find the median of the list.", "input": "15, 68, 20, 41, 28", "output": "The median is 28."},
        name="right",
    ),
    good({"instruction": "What is the average of 2, 5 and 10?", "input": "", "output": "About 5.67"}, name="rounded"),
    good(
        {"instruction": "Find the range of 4, 1 and 9.", "input": "", "output": "The range is 1 to 9."},
        name="both ends of a range",
    ),
    good(
        {"instruction": "Find the average speed.", "input": "60 miles in 2 hours", "output": "30 mph"},
        name="no list of numbers",
    ),
    good({"instruction": "Divide 17 by 5.", "input": "", "output": "3 remainder 2"}, name="a remainder"),
    good(
        {"instruction": "Write a program that adds 3 and 4.", "input": "", "output": "print(3 + 5)"}, name="a program"
    ),
    good(
        {"instruction": "Find the sum of the even numbers.", "input": "1, 2, 3, 4", "output": "6"},
        name="a part of the list",
    ),
    good(
        {"instruction": "What is the sum of 12 and 30?", "input": "", "output": "Forty-two"}, name="a number in words"
    ),
    good(
        {"instruction": "Convert 100 minutes to hours.", "input": "", "output": "1 hour and 40 minutes"},
        name="in two units",
    ),
    good(
        {"instruction": "How many cups are in a gallon?", "input": "", "output": "16 cups"},
        name="one of several measures",
    ),
    good({"instruction": "Solve x + y = 12.", "input": "", "output": "x = 5, y = 7"}, name="two unknowns"),
]


@rule(
    "QLT506",
    "wrong-result",
    category="correctness",
    roles=["user"],
    triggers=(
        r"(?i)\b(calculate|compute|evaluate|convert|simplify|multiply|divide|subtract) ",
        r"(?i)\b(mean|median|average|sum|product|mode|range|difference|factorial|square root|deviation"
        r"|quotient) (of|for|between|from) ",
        r"(?i)(what is|what's|how much is|\bfind|\badd|solve:?|(multiply|divid|add|subtract)ing) [-(]?\d",
        r"(?i)(a prime|is prime|common (factor|divisor|multiple|denominator))",
        r"(?i)how many [a-z]{3,12} (are )?(there )?in (\d|an? |one )",
        r"(?i)\bfind (the|its) (average|mean|median|mode|range|sum|total|product|area|perimeter|volume|value)",
        r"(?i)roman numeral|\bsolve |\bsolutions? (to|of|for) |\broots? of |\bvalues? of [a-z]\b"
        r"|\bmaths? (problem|equation)|equations?\b",
        r"(平均|中位数|众数|总和|之和|乘积|最大公约数|最小公倍数|质数|平方根|阶乘)",
    ),
    fix="display-only",
    fix_safety="The right value is only shown: a worked answer has wrong steps too.",
    known_problems="""
        Only questions that are understood as a whole are judged: a list of plain numbers, an expression, a conversion, an
        equation with one unknown, a figure with its sizes. Word problems are not. A result rounded to a whole number counts as right.
        Of equations with several unknowns or powers, solutions in whole numbers and fractions are put in; that none is missing is not
        looked at.
    """,
    judged=Judged(
        62, 62, "all findings in 26 public sets, most of them means and medians; some 260 more answers there are right"
    ),
    examples=_EXAMPLES,
)
def check_wrong_result(message: Message) -> Iterator[Finding]:
    """The answer to a small closed question is not the result that can be computed.

    Mean and median, expressions, percentages, divisors and multiples, primes, conversions of units, temperatures and bases,
    linear equations and the sizes of simple figures have one result. A wrong one teaches to guess where the model should
    compute. The question is computed exactly; rounding, other notations and usual approximations (1 mile = 1.6 km) count as
    right, and a question that is not understood as a whole is left alone.
    """
    if len(message.text) > LONGEST_TASK or not (
        DIGIT.search(message.text) or any(DIGIT.search(m.text) for m in message.siblings)
    ):
        return
    task = asked(message)
    wanted = expected(task.task, task.given) if task is not None else None
    if task is None:
        return
    told = (Related(message.record.ref, "asked for here", message.pointer, (0, len(message.text))),)
    if wanted is None:
        missed = unsolved(task.task, task.given, task.answer.text)
        if missed is not None:
            yield task.answer.finding(missed.span, missed.said, related=told)
        return
    if is_code(task.answer.text):
        return
    claim = wrong_claim(task.answer.text, f"{task.task}\n{task.given}", wanted)
    if claim is None or wrong_equations(task.answer.text):
        return
    fix = task.answer.replace([(claim.span, claim.right)], f"Write {claim.right}", "display-only")
    said = f"{wanted.asks}: {claim.right}, not {claim.said}"
    yield task.answer.finding(claim.span, said, fix=fix, related=told)
