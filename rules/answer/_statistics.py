"""What can be asked of a list of numbers: its mean, median, sum, greatest common divisor and the like."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

from datalint_rules.answer._value import square_root

from datalint import pattern

Values = tuple[Fraction, ...]  # every value that is right


def _mean(numbers: Sequence[Fraction]) -> Values:
    return (sum(numbers, Fraction(0)) / len(numbers),)


def _median(numbers: Sequence[Fraction]) -> Values:
    ordered, half = sorted(numbers), len(numbers) // 2
    return ((ordered[half] + ordered[~half]) / 2,)


def _mode(numbers: Sequence[Fraction]) -> Values:
    counts = Counter(numbers)
    most = max(counts.values())
    return tuple(n for n, count in counts.items() if count == most) if most > 1 else ()


def _range(numbers: Sequence[Fraction]) -> Values:
    return (max(numbers) - min(numbers),)


def _sum(numbers: Sequence[Fraction]) -> Values:
    return (sum(numbers, Fraction(0)),)


def _product(numbers: Sequence[Fraction]) -> Values:
    return (math.prod(numbers, start=Fraction(1)),) if len(numbers) <= 20 else ()


def _difference(numbers: Sequence[Fraction]) -> Values:
    return (numbers[0] - numbers[1], numbers[1] - numbers[0]) if len(numbers) == 2 else ()


def _quotient(numbers: Sequence[Fraction]) -> Values:
    return (numbers[0] / numbers[1],) if len(numbers) == 2 and numbers[1] else ()


def _deviation(numbers: Sequence[Fraction]) -> Values:
    mean = _mean(numbers)[0]
    squares = sum(((n - mean) ** 2 for n in numbers), Fraction(0))
    return (square_root(squares / len(numbers)), square_root(squares / (len(numbers) - 1)))


def _variance(numbers: Sequence[Fraction]) -> Values:
    mean = _mean(numbers)[0]
    squares = sum(((n - mean) ** 2 for n in numbers), Fraction(0))
    return (squares / len(numbers), squares / (len(numbers) - 1))


def _divisor(numbers: Sequence[Fraction]) -> Values:
    return (Fraction(math.gcd(*(int(n) for n in numbers))),) if _whole(numbers) else ()


def _multiple(numbers: Sequence[Fraction]) -> Values:
    return (Fraction(math.lcm(*(int(n) for n in numbers))),) if _whole(numbers) and len(numbers) <= 8 else ()


def _whole(numbers: Sequence[Fraction]) -> bool:
    return all(n.denominator == 1 and 0 < n < 10**12 for n in numbers)


# What each is called, and how it is computed.
_KINDS: tuple[tuple[str, str, Callable[[Sequence[Fraction]], Values]], ...] = (
    ("median", r"\bmedian\b|中位数|中值", _median),
    ("standard deviation", r"\bstandard deviation\b|标准差", _deviation),
    ("variance", r"\bvariance\b|方差", _variance),
    ("mode", r"\b(?:the|its) mode\b|\bmode of\b|众数", _mode),
    (
        "greatest common divisor",
        r"\b(?:greatest|highest|largest) common (?:factor|divisor|denominator)\b|\b(?:gcd|gcf|hcf)\b|最大公[约因]数",
        _divisor,
    ),
    (
        "least common multiple",
        r"\b(?:least|lowest|smallest) common (?:multiple|denominator)\b|\blcm\b|最小公倍数",
        _multiple,
    ),
    ("range", r"\brange of\b|极差", _range),
    ("mean", r"\bmean\b(?! that)|\baverage\b|平均(?:值|数)", _mean),
    ("product", r"\bproduct\b|乘积|之积", _product),
    ("quotient", r"\bquotient\b", _quotient),
    ("difference", r"\bdifference\b|之差|差值", _difference),
    ("sum", r"\b(?:sum|total)\b|总和|之和|的和", _sum),
)
_NAMED = pattern("(?i)" + "|".join(f"({words})" for _, words, _ in _KINDS))


def named_in(task: str) -> list[tuple[str, Callable[[Sequence[Fraction]], Values]]]:
    """The figures a task names; a sum or total beside another one is none."""
    numbers = sorted({m.lastindex for m in _NAMED.finditer(task) if m.lastindex})
    found = [(_KINDS[n - 1][0], _KINDS[n - 1][2]) for n in numbers]
    return [f for f in found if f[0] != "sum"] if len(found) > 1 else found


CUES = (
    "median", "deviation", "variance", "mode", "common", "gcd", "gcf", "hcf", "lcm", "range", "mean", "average", "product",
    "quotient", "difference", "sum", "total", "中位", "标准差", "方差", "众数", "最大公", "最小公", "平均", "积", "和",
)  # fmt: skip
# More than the plain figure of the whole list is asked for.
OTHER = pattern(
    r"(?i)\b(?:weighted|moving|geometric|harmonic|cumulative|running|squares?|squared|cubes?|odd|even"
    r"|prime|digits?|first|consecutive|series|sequence of"
    r"|each|every|between .{1,20} and .{1,20} inclusive|multiples|absolute|percent\w*"
    r"|product of (?:the )?(?:sum|digits)|unique|distinct|excluding|except|only|dot"
    r"|cross|matri(?:x|ces)|vectors?|fractions? in|polynomials?|estimate|probability|word|letters?"
    r"|interest|cost|price|velocity|speed|rate|positive|negative"
    r"|geometric\w*|tool|reciprocals?|roots?|temperature difference|age difference|time|date|days?"
    r"|minutes?|hours?|angle|sides?|triangle)\b|几何|加权|质数|奇数|偶数|平方"
)
