"""The value of a formula: exact, in every way it can be read, and bounded in time and size.

No value comes from ``eval``. Whatever has no value, or would grow beyond bounds, raises Unread.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from datalint_rules.answer._formula import Node
from datalint_rules.answer._numbers import read
from datalint_rules.answer._tokens import Unread

MOST_BITS = 4096  # of a numerator or denominator
_HIGHEST_POWER = 1000


class Way(NamedTuple):
    """How to read a formula where there are several ways."""

    comma: bool = False  # decimal comma
    relative: bool = False  # 200 + 10 % is 220
    tight: bool = False  # 8 / 2(2 + 2) is 1, and -2² is -4
    spread: bool = False  # decimals may have been rounded


class Range(NamedTuple):
    """A value between two bounds; both are the same where it is exact."""

    low: Fraction
    high: Fraction


def evaluate(node: Node, way: Way) -> Range:
    """The value of ``node``, read in one ``way``. Raises Unread for what has none or is too large."""
    value = _evaluate(node, way)
    for bound in value:
        if bound.numerator.bit_length() > MOST_BITS or bound.denominator.bit_length() > MOST_BITS:
            raise Unread
    return value


def _evaluate(node: Node, way: Way) -> Range:
    if node.kind == "number":
        return _number(node.text, way)
    if node.kind in ("mixed", "fraction"):
        return _mixed(node, way)
    if node.kind == "sum":
        return _sum(node, way)
    if node.kind == "product":
        return _product(node, way)
    inner = node.parts[0][1]
    if node.kind == "power":
        return _power(evaluate(inner, way), evaluate(node.parts[1][1], way))
    if node.kind == "minus":
        if inner.kind == "power" and not way.tight:
            base, exponent = inner.parts[0][1], inner.parts[1][1]
            return _power(_minus(evaluate(base, way)), evaluate(exponent, way))
        return _minus(evaluate(inner, way))
    value = evaluate(inner, way)
    if node.kind == "percent":
        return Range(value.low / 100, value.high / 100)
    if node.kind == "factorial":
        if value.low != value.high or value.low.denominator != 1 or not 0 <= value.low <= 170:
            raise Unread
        return _exact(Fraction(math.factorial(int(value.low))))
    return Range(square_root(value.low), square_root(value.high))


def _exact(value: Fraction) -> Range:
    return Range(value, value)


def _minus(value: Range) -> Range:
    return Range(-value.high, -value.low)


def _number(text: str, way: Way) -> Range:
    number = read(text, way.comma)
    if number is None:
        raise Unread
    if way.spread and number.step < 1:
        return Range(number.value - number.step / 2, number.value + number.step / 2)
    return _exact(number.value)


def _mixed(node: Node, way: Way) -> Range:
    if node.kind == "fraction":
        if int(node.more) == 0 or len(node.text + node.more) > 30:
            raise Unread
        return _exact(Fraction(int(node.text), int(node.more)))
    whole, part = read(node.text), read(node.more)
    if part is None:
        top, _, bottom = node.more.partition("/")
        value = Fraction(int(top), int(bottom))
    else:
        value = part.value
    if whole is None:
        raise Unread
    return _exact(whole.value + value)


def _sum(node: Node, way: Way) -> Range:
    total = evaluate(node.parts[0][1], way)
    for operator, part in node.parts[1:]:
        value = evaluate(part, way)
        if part.kind == "percent" and way.relative:
            value = _times(total, value)
        if operator == "minus":
            value = _minus(value)
        total = Range(total.low + value.low, total.high + value.high)
    return total


def _product(node: Node, way: Way) -> Range:
    factors: list[tuple[str, Range]] = []
    for operator, part in node.parts:
        value = evaluate(part, way)
        if operator in ("touching", "fraction") and way.tight:
            before, other = factors.pop()
            factors.append((before, _times(other, value if operator == "touching" else _inverse(value))))
        else:
            factors.append((operator, value))
    total = factors[0][1]
    for operator, value in factors[1:]:
        total = _times(total, _inverse(value) if operator in ("divide", "fraction") else value)
    return total


def _times(one: Range, other: Range) -> Range:
    if one.low == one.high and other.low == other.high:
        return _exact(one.low * other.low)
    products = [a * b for a in one for b in other]
    return Range(min(products), max(products))


def _inverse(value: Range) -> Range:
    if value.low <= 0 <= value.high:
        raise Unread
    return Range(1 / value.high, 1 / value.low)


def _power(base: Range, exponent: Range) -> Range:
    if exponent.low != exponent.high or base.low < 0 < base.high:
        raise Unread
    power = exponent.low
    if power == Fraction(1, 2):
        return Range(square_root(base.low), square_root(base.high))
    if power.denominator != 1 or abs(power) > _HIGHEST_POWER or (base.low == 0 and power < 0):
        raise Unread
    size = max(b.numerator.bit_length() + b.denominator.bit_length() for b in base)
    if size * abs(int(power)) > MOST_BITS:
        raise Unread
    ends = [b ** int(power) for b in base]
    return Range(min(ends), max(ends))


def square_root(value: Fraction) -> Fraction:
    """The root of ``value``, exact where there is an exact one, else to twenty digits. Raises Unread for negative values."""
    if value < 0 or value.numerator.bit_length() > MOST_BITS // 2:
        raise Unread
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    scale = 10**20
    return Fraction(math.isqrt(value.numerator * scale * scale // value.denominator), scale)
