"""Linear equations with one unknown."""

from __future__ import annotations

from fractions import Fraction

from datalint_rules.answer._expected import DIGIT, Expected
from datalint_rules.answer._formula import Parser
from datalint_rules.answer._tokens import Unread, tokens
from datalint_rules.answer._value import Way, evaluate

from datalint import pattern

_ASKED = pattern(
    r"(?i)\bsolv|\bfind (?:the (?:value of )?)?[a-z]\b|\bvalue of [a-z]\b|\bsolution|\bunknown|求解|解方程"
)
_PREAMBLE = pattern(r"(?i)^.*?(?=[-(]?(?:\d|\b[a-z]\b(?!\s[a-z]{2})))")
_BOTH = pattern(r"(?P<left>[^=\n:]{1,60})=(?P<right>[^=\n:]{1,60})")
_REST = pattern(r"(?i)[\s.,?]+(?:for|where|and find)\b.*|[.?,\s]+\Z")
_PLAIN = pattern(r"[-+*/().\d\sA-Za-z−]+")
_LETTER = pattern(r"[A-Za-z]")


def equation(task: str, given: str) -> Expected | None:
    """The solution of the equation that a task gives; None if it is not linear in one letter."""
    text = given or task
    if text.count("=") != 1 or not _ASKED.search(task):
        return None
    match = _BOTH.search(text if given else _PREAMBLE.sub("", text, count=1))
    return _solved(match["left"], _REST.sub("", match["right"])) if match is not None else None


def _solved(left: str, right: str) -> Expected | None:
    letters = set(_LETTER.findall(left + right))
    if len(letters) != 1 or not DIGIT.search(left + right) or not _PLAIN.fullmatch(left + right):
        return None
    letter = letters.pop()
    if letter in (left.strip(), right.strip()):
        return None
    zero, one, two = (_side(left, letter, n) - _side(right, letter, n) for n in range(3))
    if one == zero or two - one != one - zero:
        return None
    return Expected(f"{letter} in {left.strip()} = {right.strip()}", (zero / (zero - one),))


def _side(side: str, letter: str, value: int) -> Fraction:
    """One side with ``value`` in place of the letter. Raises Unread."""
    parts: list[str] = []
    for part in (p.strip() for p in side.replace(letter, f" {letter} ").split(" ") if p.strip()):
        touching = parts and (parts[-1][-1].isdigit() or parts[-1][-1] == ")")
        if part == letter:
            parts.append(f"*({value})" if touching else f"({value})")
        else:
            parts.append(f"*{part}" if touching and (part[0].isdigit() or part[0] == "(") else part)
    parser = Parser(tokens("".join(parts)), 0)
    node = parser.side().node
    if parser.at != len(parser.line):
        raise Unread
    return evaluate(node, Way()).low
