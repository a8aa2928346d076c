"""Equations of plain numbers in text, and which of them do not hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from datalint_rules.answer._arithmetic_words import AFTER, DOUBTED, NEARLY, SCALES, SIZES, words
from datalint_rules.answer._edges import clean_left, clean_right
from datalint_rules.answer._formula import Node, Parser, Side
from datalint_rules.answer._numbers import FULL_WIDTH, read
from datalint_rules.answer._simple import without_proved
from datalint_rules.answer._tokens import OPERATORS, STARTS, Token, Unread, tokens
from datalint_rules.answer._value import Range, Way, evaluate

from datalint import pattern

LONGEST_LINE = 2000
_RELATIONS = ("rel", "weak")
# A sign of arithmetic, or the last byte of one, and a number; then a relation and a number. The scanner sees bytes: the
# distances leave room for longer letters, and what the rule asks of a line is in none of them wider.
_SIGN = r"[-+*/xX^\x92\x97\xb7\xd7\xf7]"  # of arithmetic, or the last byte of one
# The scanner sees bytes: the distances leave room for longer letters, and what the rule asks of a line is nowhere wider.
TRIGGERS = (
    rf"{_SIGN} ?[$({{\[]{{0,3}}[.\d][^\n=]{{0,60}}= ?[^\n=\d]{{0,24}}\d",
    r"[!\x80-\xff] ?= ?[$]?\d",
    r"(plus|minus|times|cdot|div|ed by|% of|nt of)( the)? ?[$]?[.\d]",
    rf"{_SIGN} ?[$]?[.\d][\d.,]{{0,9}}\)? (is|equal)",
    r"(加|减|乘|乘以|除以)\d{1,9}(等于|得)\d",
)
_WORTH = pattern(
    r"[-+*/xX^×÷·−] ?[$€£¥({\[]{0,2}[.\d][^\n=]{0,20}= ?[^\n=\d]{0,8}\d|[!²³⁴½⅓⅔¼¾] ?= ?[$]?\d"
    r"|(?:plus|minus|times|\\cdot|\\div|ed by|% of|nt of)(?: the)? ?[$]?[.\d][\d.,]{0,9}\)?(?: [\p{L}]{1,14})?"
    r" ?(?:=|(?:is|are|equal|make|give)s?(?: equal)?(?: to)?) ?[^\n=\d]{0,4}\d"
    r"|[-+*/xX^×÷·−] ?[$]?[.\d][\d.,]{0,9}\)? (?:is|equals?)(?: equal)?(?: to)? [$]?[.\d]|(?:加|减|乘以?"
    r"|除以)\d{1,9}(?:等于|得)\d"
)
_FACTORS = frozenset(  # between units
    map(
        Fraction,
        words(
            "2 3 4 7 8 10 12 14 16 20 24 25 28 30 31 36 48 50 52 60 100 144 365 1000 1440 1760 3600 5280 10000 1000000"
        ),
    )
)
_SEPARATE = pattern(r"<<[^<>\n]*>>")
_DATE = pattern(r"\d{1,4}([/-])\d{1,2}\1\d{1,4}|\d+:\d\d")
_ODD = pattern(r"\d+,\d{4,}")  # neither thousands nor decimals
_CLOCK = pattern(r"0\d{2,}")


class Wrong(NamedTuple):
    """An equation that does not hold."""

    span: tuple[int, int]  # the whole of both sides
    shown: tuple[int, int]  # the side that is wrong
    left: str
    right: str
    value: Fraction
    other: Fraction | None  # value of the right side, where it is a formula too

    def moved(self, by: int) -> Wrong:
        """The same equation in a text that has ``by`` more characters before it."""
        (a, b), (c, d) = self.span, self.shown
        return self._replace(span=(a + by, b + by), shown=(c + by, d + by))


def wrong_equations(text: str) -> list[Wrong]:
    """Every equation in ``text`` that is understood and does not hold, line by line."""
    found: list[Wrong] = []
    done = -1
    for match in _WORTH.finditer(text.translate(FULL_WIDTH) if not text.isascii() else text):
        if match.start() < done:
            continue
        start = text.rfind("\n", 0, match.start()) + 1
        done = text.find("\n", match.end())
        done = len(text) if done < 0 else done
        if done - start <= LONGEST_LINE:
            found.extend(_in_line(text[start:done].translate(FULL_WIDTH), start))
    return found


def _in_line(line: str, offset: int) -> Iterator[Wrong]:
    if "<<" in line:
        for match in _SEPARATE.finditer(line):
            yield from _judged(match.group()[2:-2], offset + match.start() + 2)
        line = _SEPARATE.sub(lambda m: " " * len(m.group()), line)
    yield from _judged(line, offset)


def _judged(line: str, offset: int) -> Iterator[Wrong]:
    rest = without_proved(line)
    if rest != line and not _WORTH.search(rest):
        return
    try:
        found = tokens(rest)
    except Unread:
        return
    at = bullet = int(_bullet(found))
    while at < len(found):
        if found[at].kind not in STARTS or not clean_left(found, at):
            at += 1
            continue
        sides, stop = _chain(found, at)
        wrong = list(_pairs(line, found, sides))
        if wrong and at == bullet == 1:  # or was it a sign?
            wrong = wrong if any(_pairs(line, found, _chain(found, 0)[0])) else []
        yield from (w.moved(offset) for w in wrong)
        at = max(stop, at + 1)


def _bullet(line: Sequence[Token]) -> bool:
    """Whether the line starts with a hyphen that marks an item of a list."""
    return len(line) > 1 and line[0].kind == "minus" and line[0].end < line[1].start


def _chain(line: Sequence[Token], at: int) -> tuple[list[Side], int]:
    """The sides of the equation that starts here, as far as they are understood, and the token after them."""
    sides: list[Side] = []
    while True:
        parser = Parser(line, at)
        try:
            side = parser.side()
        except Unread:
            return sides, at
        goes_on = parser.at < len(line) and line[parser.at].kind in _RELATIONS
        if not goes_on and not clean_right(line, parser.at):
            return sides, parser.at
        sides.append(side)
        if not goes_on:
            return sides, parser.at
        at = parser.at + 1
        while at < len(line) and (
            line[at].text == "~" or line[at].text.lower() in ("about", "approximately", "roughly", "约")
        ):
            at += 1
        if at >= len(line) or line[at].kind not in STARTS:
            return sides, at


def _bare(node: Node) -> bool:
    """Whether the node is a number as it is written, with its sign or percent sign."""
    if node.kind in ("minus", "percent"):
        return _bare(node.parts[0][1])
    return node.kind in ("number", "mixed", "fraction") or (node.kind == "sum" and len(node.parts) == 1)


def _lead(node: Node) -> Node:
    while node.parts and not _bare(node):
        node = node.parts[0][1]
    return node


def _step(node: Node, way: Way) -> Fraction:
    """One in the last digit shown; 0 for a formula, which is exact."""
    while node.kind in ("minus", "percent") or (node.kind == "sum" and len(node.parts) == 1):
        if node.kind == "percent":
            return _step(node.parts[0][1], way) / 100
        node = node.parts[0][1]
    number = read(node.text, way.comma) if node.kind == "number" else None
    return number.step if number is not None else Fraction(0)


def _pairs(line: str, found: Sequence[Token], sides: Sequence[Side]) -> Iterator[Wrong]:
    for n, (one, other) in enumerate(pairwise(sides)):
        if (_bare(one.node) and _bare(other.node)) or (_bare(one.node) and n == 0 and not _after_relation(found, one)):
            continue
        relation = found[one.stop]
        if relation.kind == "weak" and not _spoken(found, one, other):
            continue
        ways = list(_ways(found[one.first : other.stop]))
        if not ways or any(_holds(one.node, other.node, way) for way in ways):
            continue
        if _exempt(line, found, one, other, ways[0]):
            continue
        span = (found[one.first].start, found[other.stop - 1].end)
        shown = (found[other.first].start, span[1])
        value = evaluate(one.node, ways[0]).low
        right = None if _bare(other.node) else evaluate(other.node, ways[0]).low
        yield Wrong(
            span,
            shown,
            line[span[0] : found[one.stop - 1].end].strip(),
            line[shown[0] : shown[1]].strip(),
            value,
            right,
        )


def _after_relation(line: Sequence[Token], side: Side) -> bool:
    return side.first > 0 and line[side.first - 1].kind == "rel"


def _ways(line: Sequence[Token]) -> Iterator[Way]:
    """The ways in which all numbers of these tokens can be read."""
    numbers = [t.text for t in line if t.kind == "num"]
    percent = any(t.kind == "percent" for t in line)
    touching = any(t.kind in ("open", "power", "sup") for t in line) or sum(t.kind == "divide" for t in line) > 1
    for comma in (False, True):
        if all(read(n, comma) is not None for n in numbers) and not (comma and any(_ODD.fullmatch(n) for n in numbers)):
            for relative in (False, True) if percent else (False,):
                for tight in (False, True) if touching else (False,):
                    yield Way(comma, relative, tight)


def _holds(one: Node, other: Node, way: Way) -> bool:
    """Whether both sides are equal to the digits shown; true where that cannot be said."""
    try:
        if _equal(one, other, way) or (not _bare(other) and _equal(one, _lead(other), way)):
            return True
        return _bare(one) and not _bare(other) and _equal(other, one, way)
    except Unread:
        return True


def _equal(one: Node, other: Node, way: Way) -> bool:
    left, right = evaluate(one, way).low, evaluate(other, way).low
    step = max(_step(other, way), _step(one, way) if _bare(one) else Fraction(0))
    if left == right or abs(left - right) < step:
        return True
    if "percent" in _kinds(one) | _kinds(other) and any(
        abs(left * f - right) < max(step * f, step) or left * f == right for f in (Fraction(100), Fraction(1, 100))
    ):
        return True
    if abs(left - right) * 100 > max(abs(left), abs(right)):
        return False
    wide, narrow = evaluate(one, way._replace(spread=True)), evaluate(other, way._replace(spread=True))
    if wide.low == wide.high and narrow.low == narrow.high:
        return False
    return _touch(wide, narrow, step)


def _touch(one: Range, other: Range, step: Fraction) -> bool:
    return one.low - step <= other.high and other.low - step <= one.high


def _kinds(node: Node) -> frozenset[str]:
    return frozenset((node.kind,)).union(*(_kinds(n) for _, n in node.parts))


def _spoken(line: Sequence[Token], one: Side, other: Side) -> bool:
    """Whether 'is' stands for an equals sign here."""
    operators = [t for t in line[one.first : one.stop] if t.kind in OPERATORS]
    clear = one.node.operators & {"of"} or any(
        (t.text.isalpha() and len(t.text) > 1) or t.text in "+×÷*" for t in operators
    )
    if not clear or not _bare(other.node):
        return False
    for token in line[other.stop : other.stop + 4]:
        if token.kind != "word":
            return token.kind in ("other", "close") and token.text in ".,;:!?)\"'。，；”"
        if token.text.lower() in AFTER or token.text.lower() in ("of", "than", "out", "in", "the", "a", "one"):
            return False
    return True


def _exempt(line: str, found: Sequence[Token], one: Side, other: Side, way: Way) -> bool:
    """Whether something about this equation makes it another thing than a plain claim."""
    between = line[found[one.first].start : found[other.stop - 1].end]
    tokens_between = found[one.first : other.stop]
    if (
        _DATE.search(between)
        or DOUBTED.search(line)
        or _letters(found, one.first, other.stop)
        or any(_CLOCK.fullmatch(t.text) for t in tokens_between)
    ):
        return True
    left, right = evaluate(one.node, way).low, evaluate(other.node, way).low
    if NEARLY.search(line) and abs(left - right) * 10 <= max(abs(left), abs(right), Fraction(10)):
        return True
    operators = [t for t in found[one.first : one.stop] if t.kind in OPERATORS]
    if (
        len(operators) == 1 and operators[0].kind == "divide" and 0 < left < 1 <= abs(right)
    ):  # a share: 2/5 is 12 hectares
        return True
    if len(operators) == 1 and operators[0].kind == "minus" and left < 0 < right:  # a range: 8-10 = 2 points
        return True
    after = [
        t.text.lower() if len(t.text) > 1 else t.text for t in found[other.stop : other.stop + 3] if t.kind == "word"
    ]
    units = one.units | other.units | set(after)
    sizes = [SIZES[u] for u in units if u in SIZES]
    money = one.currency or other.currency
    if units & SCALES or len(set(sizes)) < len(sizes) or (money and "money" in sizes):
        return True
    ratio = abs(left / right) if right and left else Fraction(0)
    return bool(
        (units or money)
        and (ratio in _FACTORS or (ratio and 1 / ratio in _FACTORS))
        and (sizes or one.currency != other.currency)
    )


def _letters(line: Sequence[Token], first: int, stop: int) -> bool:
    """Whether single letters make it algebra: they are units only if every number has the same one."""
    letters = {t.text for t in line[first : stop + 1] if t.kind == "word" and len(t.text) == 1 and t.text.isascii()}
    if not letters:
        return False
    numbers = [n for n in range(first, stop) if line[n].kind == "num"]
    return len(letters) > 1 or any(n + 1 >= len(line) or line[n + 1].text not in letters for n in numbers)
