"""A quick look at the simplest equations: those that plainly hold need no closer one."""

from __future__ import annotations

import regex

from datalint import pattern

_NUMBER = r"\$?(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,6})?"
_UNITS = r"(?:\s?[A-Za-z]{2,14}){0,3}+"
_EQUATION = pattern(
    rf"(?<![\w.,)^/*×÷+%-])(?<![\d)^/*×÷+%-]\s)(?<![\d)]\s?=\s?)({_NUMBER}){_UNITS}(?:\s?([-+*/x×÷])\s?({_NUMBER}){_UNITS}){{1,8}}+\s*=\s*({_NUMBER})"
    r"(?![\w^(%/*]|\s?[-+*/×÷=≈]|[.,]\d)"
)
_PLAIN = str.maketrans("", "", "$,")


def without_proved(line: str) -> str:
    """``line`` with spaces in place of each plain equation that holds."""
    return _EQUATION.sub(lambda m: " " * len(m.group()) if _holds(m) else m.group(), line)


def _holds(match: regex.Match[str]) -> bool:
    total, term = 0.0, _value(match[1])
    for sign, number in zip(match.captures(2), match.captures(3), strict=True):
        value = _value(number)
        if sign in "+-":
            total, term = total + term, value if sign == "+" else -value
        elif sign in "/÷":
            if not value:
                return False
            term /= value
        else:
            term *= value
    step = 10.0 ** -len(match[4].partition(".")[2])
    return abs(total + term - _value(match[4])) < step * 0.999


def _value(number: str) -> float:
    return float(number.translate(_PLAIN))
