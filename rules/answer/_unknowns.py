"""Solutions put into their equations: with several unknowns, or of more than the first degree."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from datalint_rules.answer._expected import DIGIT
from datalint_rules.answer._formula import Parser
from datalint_rules.answer._numbers import written
from datalint_rules.answer._tokens import Unread, tokens
from datalint_rules.answer._value import Way, evaluate

from datalint import pattern

_LONGEST = 300
_ASKED = pattern(r"(?i)\bsolv|\bsolution|\bvalues? of [a-z]\b|\broots? of|求解|解方程")
_OTHER = pattern(
    r"(?i)\b(?:how many|mod|integers? only|graph|form|inequalit\w+|story|word problem|steps|function|program|code|example)\b|[<>≤≥%$]"
)
_SIDE = r"[-+*/^()\d\sa-z²³.−·]{1,60}?"
_EQUATION = pattern(
    rf"(?<![A-Za-z=])(?P<left>{_SIDE}[a-z\d)²³])\s*=\s*(?P<right>{_SIDE})(?=\s*(?:[,;\n?]|\.(?!\d)|\band\b|\bfor\b|\Z))"
)
_WORD = pattern(r"[A-Za-z]{2,}\s*")
_FACTOR = pattern(r"(?<=[\d)²³a-z])\s*(?=[a-z(])")
_GIVES = pattern(
    r"(?<![\w+*/^=(.-])(?<![-+*/^=] )(?P<letter>[a-z])\s*=\s*(?P<value>[-−]?\d{1,6}(?:/\d{1,4})?)"
    r"(?![\d.,]*\d|\s*[-+*/^=(√±]|[a-z%/]|\s+[a-z](?![a-z]))"
)
_OPEN = pattern(
    r"(?i)\b(?:if|when|let|for example|assum\w+|suppose|infinite\w*|no (?:real )?solutions?|cannot|approximately|about)\b"
    r"|[≈√±i]\s*\d|\d\s*i\b"
)
_MOST = 4  # values of a letter


class Unsolved(NamedTuple):
    """A solution that does not hold: where it stands, and what it makes of the equation."""

    span: tuple[int, int]
    said: str


def unsolved(task: str, given: str, answer: str) -> Unsolved | None:
    """The solution that ``answer`` gives, if the equations of a task do not hold with it."""
    text = f"{task}\n{given}"
    if (
        len(text) > _LONGEST
        or len(answer) > _LONGEST
        or not _ASKED.search(task)
        or _OTHER.search(text)
        or _OPEN.search(answer)
    ):
        return None
    equations = [(_bare(m["left"]), _bare(m["right"])) for m in _EQUATION.finditer(_WORD.sub(" ; ", text))]
    letters = {c for e in equations for side in e for c in side if c.isalpha()}
    found = [m for m in _GIVES.finditer(answer) if m["letter"] in letters]
    values: dict[str, list[Fraction]] = {}
    for match in found:
        values.setdefault(match["letter"], []).append(Fraction(match["value"].replace("−", "-")))
    if text.count("=") != len(equations) or answer.count("=") != len(found) or set(values) != letters or not letters:
        return None
    if (len(letters) > 1 and any(len(v) > 1 for v in values.values())) or max(map(len, values.values())) > _MOST:
        return None
    for chosen in product(*values.values()):
        at = dict(zip(values, chosen, strict=True))
        for left, right in equations:
            if (said := _misses(left, right, at)) is not None:
                return Unsolved((found[0].start(), found[-1].end()), said)
    return None


def _bare(side: str) -> str:
    return side.strip(" ;.\n")


def _misses(left: str, right: str, at: Mapping[str, Fraction]) -> str | None:
    if not DIGIT.search(left + right):
        return None
    try:
        one, other = _value(left, at), _value(right, at)
    except Unread:
        return None
    if one == other:
        return None
    told = " and ".join(f"{letter} = {written(value, '')}" for letter, value in at.items())
    return f"{left} is {written(one, '')} with {told}, not {right if right.isdigit() else written(other, '')}"


def _value(side: str, at: Mapping[str, Fraction]) -> Fraction:
    """A side with values in place of its letters. Raises Unread."""
    text = _FACTOR.sub("*", side)
    for letter, value in at.items():
        text = text.replace(
            letter, f"({value.numerator}/{value.denominator})" if value.denominator > 1 else f"({value.numerator})"
        )
    parser = Parser(tokens(text), 0)
    node = parser.side().node
    if parser.at != len(parser.line):
        raise Unread
    return evaluate(node, Way()).low
