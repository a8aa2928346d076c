"""Arithmetic in answers: equations that hold and that do not, what is left alone, closed questions, and bounds of time."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from pathlib import Path

import pytest
import running
from datalint_rules.answer._closed import expected
from datalint_rules.answer._equations import wrong_equations
from datalint_rules.answer._formula import Parser
from datalint_rules.answer._measures import converted, from_base, in_base
from datalint_rules.answer._numbers import read, written
from datalint_rules.answer._shown import shown_numbers, wrong_claim
from datalint_rules.answer._simple import without_proved
from datalint_rules.answer._tokens import Unread, tokens
from datalint_rules.answer._unknowns import unsolved
from datalint_rules.answer._value import Way, evaluate, square_root
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = [
    ("12", False, "12", "1"),
    ("1,234.50", False, "1234.5", "1/100"),
    ("12,34,567", False, "1234567", "1"),
    ("1 234 567", False, "1234567", "1"),
    ("1'234.5", False, "1234.5", "1/10"),
    ("1.5e3", False, "1500", "100"),
    ("½", False, "1/2", "0"),
    ("1.234,5", True, "1234.5", "1/10"),
    ("0,75", True, "3/4", "1/100"),
]
NO_NUMBERS = [("1,23", False), ("12,345,6", False), ("1.2.3", False), ("", False), ("9" * 50, False)]

VALUES = [
    ("2 + 3 * 4", "14"),
    ("(2 + 3) * 4", "20"),
    ("2(3 + 4)", "14"),
    ("(1 + 2)(3 + 4)", "21"),
    ("2^3^2", "512"),
    ("2 ** 10", "1024"),
    ("5²", "25"),
    ("√16", "4"),
    ("5!", "120"),
    ("-3 + 5", "2"),
    ("1 1/2 + 2 1/4", "15/4"),
    ("½ + ¼", "3/4"),
    (r"\frac{3}{4} \times 2", "3/2"),
    ("12 apples + 4 pears", "16"),
    ("$5 per hour * 8 hours", "40"),
    ("15% of 80", "12"),
    ("7 divided by 2", "7/2"),
    ("9 − 4 × 2", "1"),
    ("3乘以5", "15"),
]
UNKNOWN = [
    "9 ** 9 ** 9", "9^9^9^9", "9^999999999", "200!", "1 / 0", "1 / (3 - 3)", "0 ^ -1", "(((((((((((((1)))))))))))))",
    "17 % 5", "2 +", "10 ^ 5000",
]  # fmt: skip

WRONG = [
    ("12 * 4 = 46", "48"),
    ("48/2 = <<48/2=23>>24", "24"),
    ("so 12*4=48 and 7 x 8 = 54.", "56"),
    ("x = (57 - 7) / 5 = 11", "10"),
    ("3/4 + 1/4 = 2", "1"),
    ("| 3 | 3 + 4 = 8 |", "7"),
    ("- 3 + 4 = 8", "7"),
    ("**3 + 4 = 8**", "7"),
    ("1. 3 + 4 = 8", "7"),
    ("The sum is 3 plus 4, that is 3 plus 4 equals 8.", "7"),
    ("15% of $80 is $14.", "12"),
    ("$1,250.50 + $749.50 = $2,100.00", "2000"),
    ("1.250,50 + 749,50 = 2.100,00", "2000"),
    ("12 + 3 = 15 * 2 = 32", "30"),
    ("４＋５＝１０", "9"),
    ("12 / 5 = 2.5", "12/5"),
    ("5 cm x 3 cm = 16 cm²", "15"),
    ("\\(12 \\times 4 = 46\\)", "48"),
    ("10 + 5 = 16 (carry the one)", "15"),
    ("2! = 3", "2"),
]
SILENT = [
    "12 * 4 = 48", "10 / 3 = 3.33", "2 / 3 = 0.66", "2/3 = 0.67", "7/2 = 3 remainder 1", "22 / 7 ≈ 3", "19 * 52 ≈ 1,000",
    "3.14 * 5 * 5 = 78.54", "66.67% of 300 = 200", "12 + 3 = 15 * 2 = 30", "200 + 10% = 220", "12 / 80 = 15%",
    "8 / 2(2 + 2) = 1", "8 / 2(2 + 2) = 16", "-2^2 = -4", "-2^2 = 4", "1 1/2 / 1/2 = 3", "2x + 3 = 9", "3x = 12 - 4 + x = 2",
    "x + 12 / 4 = 9", "4s + 16 = 2s + 32", "H2 + O2 = 2", "x2 + 3 = 9", "f(2) + 3 = 9", "5 = 3 + 4", "Step 2 + 3 = 9",
    "8-10 = 2 points", "2010-2015 = 7 years", "9:30 + 0:45 = 20:15", "1/2/2020 = 9", "3 to 5 + 2 = 9", "2 and 3 + 5 = 10",
    "25 boys + his 1 sister + 1 friend = 27", "2 hours + 30 minutes = 150 minutes", "5 feet + 6 inches = 66 inches", "8 * 25 cents = $2",
    "2/5 = 12 hectares", "0900 - 0130 = 0730", "9 + 5 = 2 (mod 12)", "1 + 1 = 10 in binary", "3 + 4 = 8 is wrong", "if 3 + 4 = 8",
    "3 + 4 != 8", "3 + 4 == 8 or x", "a => 3 + 4 => 8", "v1.2.3 + 4 = 9", "1 + 2 + ... + 10 = 55", "500,000 + 500,000 = 1 million",
    "= 3 + 4 = 7x", "3 + 4 = 7 times 8", "3 + 4 = 8/n", "3 * 4 = 5 feet 6 inches", "sin 30 + 1 = 9", "5 ± 2 = 9", "",
    "Numbers: 3 + 4, 5 = 6", "16,0000/10 = 16000", "2 * π = 9", "10 - 4 = 6 - 2 = 4", "50% + 25% = 75%",
]  # fmt: skip


@pytest.mark.parametrize(("text", "comma", "value", "step"), NUMBERS)
def test_numbers_are_read_as_they_are_written(text: str, comma: bool, value: str, step: str) -> None:
    """With the separators of several places, exactly."""
    assert read(text, comma) == (Fraction(value), Fraction(step))


@pytest.mark.parametrize(("text", "comma"), NO_NUMBERS)
def test_other_texts_are_no_numbers(text: str, comma: bool) -> None:
    """Mixed separators, versions and what is too long."""
    assert read(text, comma) is None


@given(st.integers(-(10**9), 10**9), st.sampled_from([("", ""), (",", "1,000"), (".", "1.000,5")]))
def test_what_is_written_is_read_again(value: int, style: tuple[str, str]) -> None:
    """The same number, in the style of another one."""
    separator, like = style
    text = written(Fraction(value), like).lstrip("-")
    number = read(text, comma=separator == ".")
    assert number is not None
    assert number.value == abs(value)


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_formulas_have_their_value(text: str, value: str) -> None:
    """With everything people write in them."""
    assert value_of(text) == Fraction(value)


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_has_no_value_or_a_huge_one_is_not_understood(text: str) -> None:
    """At once."""
    start = time.perf_counter()
    with pytest.raises(Unread):
        value_of(text)
    assert time.perf_counter() - start < 1


def value_of(text: str) -> Fraction:
    line = tokens(text)
    parser = Parser(line, 0)
    node = parser.side().node
    if parser.at < len(line) and line[parser.at].kind != "word":
        raise Unread
    return evaluate(node, Way()).low


@given(st.integers(0, 10**12))
def test_square_roots_are_near_or_exact(n: int) -> None:
    """Exact for squares."""
    assert square_root(Fraction(n * n)) == n
    root = square_root(Fraction(n))
    assert abs(root * root - n) < Fraction(1, 10**6)


@pytest.mark.parametrize(("text", "value"), WRONG)
def test_wrong_equations_are_found_with_the_right_value(text: str, value: str) -> None:
    """Exactly one each."""
    found = wrong_equations(text)
    assert [w.value for w in found] == [Fraction(value)]
    (start, end), (a, b) = found[0].span, found[0].shown
    assert start <= a < b == end <= len(text)


@pytest.mark.parametrize("text", SILENT)
def test_right_and_unclear_equations_are_left_alone(text: str) -> None:
    """Also among other words."""
    assert wrong_equations(text) == []
    assert wrong_equations(f"We know:\n{text}\nand more.") == []


@given(
    st.lists(st.tuples(st.sampled_from("+-*"), st.integers(1, 999)), min_size=1, max_size=5),
    st.integers(1, 999),
    st.integers(-3, 3),
)
def test_sums_and_products_are_judged_exactly(steps: list[tuple[str, int]], first: int, off: int) -> None:
    """A result is found if, and only if, it is wrong."""
    text = str(first) + "".join(f" {sign} {n}" for sign, n in steps)
    value = eval(text)
    found = wrong_equations(f"{text} = {value + off}")
    ranged = len(steps) == 1 and steps[0][0] == "-" and value < 0 < value + off
    assert bool(found) == (off != 0 and not ranged)
    assert all(w.value == value for w in found)


@given(st.integers(1, 10**6), st.integers(1, 999), st.integers(0, 6))
def test_quotients_may_be_rounded_or_cut(top: int, bottom: int, places: int) -> None:
    """To any number of digits."""
    scaled = top * 10**places
    for digits in (scaled // bottom, (2 * scaled + bottom) // (2 * bottom)):
        whole, part = divmod(digits, 10**places)
        shown = f"{whole}.{part:0{places}d}" if places else str(whole)
        assert wrong_equations(f"{top} / {bottom} = {shown}") == []


@given(st.text(alphabet="0123456789+-*/^()=.,% $xX<>!½√²\n\\{}abc是", max_size=120))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever it is, spans lie in it."""
    for wrong in wrong_equations(text):
        assert 0 <= wrong.span[0] <= wrong.shown[0] <= wrong.shown[1] <= len(text)


def test_long_and_deep_texts_take_no_time() -> None:
    """Hostile texts are given up, not worked through."""
    start = time.perf_counter()
    for text in (
        "9**9**9**9 = 1\n" * 500,
        "(" * 5000 + "1" + ")" * 5000 + " = 2",
        "1+" * 5000 + "1 = 2",
        "1" * 100_000 + " + 1 = 2",
        "2 ^ 1000 * " * 100 + "1 = 2",
        "= " * 50_000 + "3",
    ):
        wrong_equations(text)
    assert time.perf_counter() - start < 5


def test_simple_equations_that_hold_are_passed_over() -> None:
    """The quick look takes away nothing else."""
    assert without_proved("so 12 + 3 = 15 apples").split() == ["so", "apples"]
    for text in ("12 + 3 = 16", "2x + 3 = 5", "12 + 3 = 15 * 2", "1 + 12 * 3 = 15", "5 - 12 + 3 = 15"):
        assert without_proved(text) == text


QUESTIONS = [
    ("Find the median of the list.", "9, 2, 7, 4", ["5.5"]),
    ("What is the average of 2, 5 and 11?", "", ["6"]),
    ("Find the mode of the numbers.", "[1, 2, 2, 3]", ["2"]),
    ("Find the greatest common divisor of 12 and 18.", "", ["6"]),
    ("What is the LCM of 4 and 6?", "", ["12"]),
    ("Evaluate the expression: (6 + 2) * (2 - 2)", "", ["0"]),
    ("Multiply 12 and 11.", "", ["132"]),
    ("Subtract 5 from 12.", "", ["7"]),
    ("What is 20% of 800?", "", ["160"]),
    ("Find the square root of 144.", "", ["12", "-12"]),
    ("Convert 3 hours to minutes.", "", ["180"]),
    ("How many feet are there in 2 miles?", "", ["10560"]),
    ("Convert 68 Fahrenheit to Celsius.", "", ["20"]),
    ("Convert 0.45 to a percentage.", "", ["45"]),
    ("Solve the equation 3x + 2 = 11.", "", ["3"]),
    ("Solve for y.", "2(y + 1) = 3y - 4", ["6"]),
    ("Calculate the area of a rectangle with length 8 cm and width 5 cm.", "", ["40"]),
    ("Convert the binary number 1011 to decimal.", "", ["11"]),
    ("Calculate the average speed of a car that drives 60 miles in 2 hours.", "", None),
    ("Calculate the sum of the even numbers.", "1, 2, 3, 4", None),
    ("What is the sum of all numbers between 1 and 10?", "", None),
    ("Solve x + y = 5.", "", None),
    ("Solve x^2 = 9.", "", None),
    ("Write about the year 1984.", "", None),
    ("What is 9 ** 9 ** 9?", "", None),
    ("Find the factorial of 5000.", "", None),
    ("Convert 5 apples to minutes.", "", None),
]
CLAIMS = [
    ("What is the average of 2, 5 and 10?", "The average of 2, 5 and 10 is 5.67.", None),
    ("What is the average of 2, 5 and 10?", "6", None),
    ("What is the average of 2, 5 and 10?", "The average is 6.5, as 17 / 3 shows.", "5.67"),
    ("Is 91 a prime number?", "Yes, it is a prime number.", "no"),
    ("Is 91 a prime number?", "No, 91 = 7 * 13.", None),
    ("Convert 18 to binary.", "10010", None),
    ("Convert 18 to binary.", "The binary form is 10110.", "10010"),
    ("Convert 255 to hexadecimal.", "0xFF", None),
    ("Write 42 in Roman numerals.", "XLII", None),
    ("Write 42 in Roman numerals.", "XXXXII", "XLII"),
    ("Convert 2 miles to kilometers.", "about 3.2 km", None),
    ("What is 7 times 8?", "fifty-six", None),
    ("Divide 17 by 5.", "3 remainder 2", None),
    ("Multiply 1000 by 2.", "2.000", None),
    ("Multiply 1000 by 2.", "2000.5", "2000"),
]  # fmt: skip


@pytest.mark.parametrize(("task", "data", "values"), QUESTIONS)
def test_closed_questions_have_computed_answers(task: str, data: str, values: list[str] | None) -> None:
    """And open ones have none."""
    wanted = expected(task, data)
    assert (wanted and list(wanted.values)) == (values and [Fraction(v) for v in values])


@pytest.mark.parametrize(("task", "answer", "right"), CLAIMS)
def test_answers_are_held_against_them(task: str, answer: str, right: str | None) -> None:
    """In any notation."""
    wanted = expected(task, "")
    assert wanted is not None
    claim = wrong_claim(answer, task, wanted)
    assert (claim and claim.right) == right


def test_numbers_in_answers() -> None:
    """With their signs, scales and fractions."""
    shown = [s.value for s in shown_numbers("-3, $1,200.50, 2 1/4, 3/4, 1.5 million, 6.02 x 10^3, 2e-1")]
    assert shown == [Fraction(v) for v in ("-3", "1200.5", "9/4", "3/4", "1500000", "6020", "1/5")]


@given(st.integers(0, 3999), st.sampled_from([2, 8, 16, 10]))
def test_bases_are_read_as_they_are_written(value: int, base: int) -> None:
    """Roman numerals too."""
    assert from_base(in_base(value, base), base) == value
    if value:
        assert from_base(in_base(value, 0), 0) == value


@given(
    st.fractions(1, 10**6), st.sampled_from([("km", "mile"), ("celsius", "f"), ("kg", "pounds"), ("hours", "seconds")])
)
def test_conversions_lead_back(value: Fraction, units: tuple[str, str]) -> None:
    """From one unit to the other and back."""
    there = converted(value, *units)
    assert [converted(v, *reversed(units)) for v in there] == [(value,)]


def test_a_record_is_found_once(tmp_path: Path) -> None:
    """An equation that is the wrong result of a question is one finding, and a fix shows the value without writing it."""
    records = [
        {"instruction": "What is 12 * 4?", "input": "", "output": "12 * 4 = 46"},
        {"instruction": "What is 12 * 4?", "input": "", "output": "46"},
        {"instruction": "What is 12 * 4?", "input": "", "output": "48"},
    ]
    running.write(tmp_path, {"a.jsonl": "\n".join(map(json.dumps, records)).encode() + b"\n"})
    outcome = running.scan(running.settings(tmp_path, "a.jsonl", select=("QLT501", "QLT506")))
    found = [
        (f.code, f.ref.line, f.fix.applicability, f.fix.edits[0].value) for f in outcome.findings if f.fix and f.ref
    ]
    assert found == [("QLT501", 1, "display-only", "48"), ("QLT506", 2, "display-only", "48")]


UNKNOWNS = [
    ("Solve 2a + 3b = 20.", "a = 7, b = 2", ""),
    ("Solve 2a + 3b = 20.", "a = 7, b = 5", "2a + 3b is 29 with a = 7 and b = 5, not 20"),
    ("Solve 2a + 3b = 20.", "a = 7", ""),
    ("Solve 2a + 3b = 20.", "a = 7 or a = 1, b = 2", ""),
    ("Solve 2a + 3b = 20.", "b = (20 - 2a) / 3", ""),
    ("Solve 2a + 3b = 20.", "If a = 7, b = 5", ""),
    ("Solve x + y = 5 and x - y = 1.", "x = 3 and y = 2", ""),
    ("Solve x + y = 5 and x - y = 1.", "x = 3 and y = 1", "x + y is 4 with x = 3 and y = 1, not 5"),
    ("Solve the equations.\nx + y = 5\nx - y = 1", "x = 4 and y = 1", "x - y is 3 with x = 4 and y = 1, not 1"),
    ("Solve x^2 - 5x + 6 = 0.", "x = 2 or x = 3", ""),
    ("Solve x^2 - 5x + 6 = 0.", "x = 2 or x = 4", "x^2 - 5x + 6 is 2 with x = 4, not 0"),
    ("Find the roots of 4x² - 1 = 0.", "x = 1/2 and x = -1/2", ""),
    ("Solve 2(x + 1)y = 12.", "x = 2, y = 2", ""),
    ("Solve 2(x + 1)y = 12.", "x = 1, y = 2", "is 8 with"),
    ("Solve x^2 = 2.", "x = ±1.414", ""),
    ("Solve x^2 = -1.", "x = 1i", ""),
    ("Solve x + y > 12.", "x = 5, y = 3", ""),
    ("Write a story with x + y = 12.", "x = 5, y = 8", ""),
    ("Solve 9^9^9 x + y = 1.", "x = 1, y = 1", ""),
    ("Draw the graph of y = 2x.", "y = 2, x = 2", ""),
]


@pytest.mark.parametrize(("task", "answer", "said"), UNKNOWNS)
def test_solutions_are_put_into_their_equations(task: str, answer: str, said: str) -> None:
    """All values of all letters, or none is judged."""
    found = unsolved(task, "", answer)
    assert (found is not None) == bool(said), found
    assert found is None or said in found.said
