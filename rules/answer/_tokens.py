"""The tokens of a line of arithmetic: numbers, signs, words that can be units."""

from __future__ import annotations

from typing import NamedTuple

import regex
from datalint_rules.answer._numbers import VULGAR

from datalint import pattern

MOST_TOKENS = 400  # of a line

TOKEN = pattern(
    rf"""[\s\u200b]*+(?:
      (?P<num>(?:(?<![\p{{Latin}}\p{{Greek}}_\d])|(?<=[\d)][xX]))
        \d(?:\d|[.,'’](?=\d)|[ \u00a0\u202f](?=\d{{3}}(?![\d.,]?\d)))*+(?:[eE][+-]?\d{{1,2}}(?![\p{{L}}\d]))?)
    | (?P<times>[xX](?<=[\d)\p{{L}}%]\ ?[xX])(?<!\p{{L}}[xX])(?=\ ?[$€£¥]?[\d(.])|\*\*(?<=[\d)\s]\*\*)(?=[\s\d(]))
    | (?P<word>[\p{{Latin}}\p{{Cyrillic}}\p{{Greek}}_°][\p{{Latin}}\p{{Cyrillic}}\p{{Greek}}\p{{M}}\d_'’]*+(?:-\p{{Latin}}+)*+
        (?:\^\{{?[23]\}}?|[²³])?)
    | (?P<rel>={{1,3}}(?![>=])(?<![<>!:+*/~-]=))
    | (?P<sign>[-+*/^%()\[\]$€£¥₹₽₩×·∙⋅✕✖✗÷∕−–‒√≈≃≅])
    | (?P<small>\.\d+(?<![\w.,]\.\d+)|[{VULGAR}])
    | (?P<sup>[⁰¹²³⁴-⁹]+) | (?P<bang>!(?![=\w]))
    | (?P<skip>\\[,;! ]|\\text\{{|\\[()\[\]])
    | (?P<latex>\\(?:d?frac\{{(?P<top>\d+)\}}\{{(?P<bottom>\d+)\}}|(?:approx|times|cdot|div|left\(|right\)|%|\$)(?![a-z])))
    | (?P<han>等于|加上?|减去?|乘以?|除以|得|(?:(?!等于|加|减|乘|除以|得)\p{{Han}})+|\p{{L}}\p{{M}}*)
    | (?P<other>\S))""",
    regex.X,
)
_SIGNS = {
    sign: kind
    for kind, signs in {
        "plus": "+", "minus": "-−–‒", "times": "*×·∙⋅✕✖✗", "divide": "/÷∕", "power": "^", "percent": "%", "open": "([",
        "close": ")]", "currency": "$€£¥₹₽₩", "root": "√", "rel": "≈≃≅",
    }.items()
    for sign in signs
}  # fmt: skip
_WORDS = {
    "plus": "plus", "minus": "minus", "times": "times", "percent": "percent", "is": "weak", "are": "weak", "makes": "weak",
    "gives": "weak", "becomes": "weak", "equals": "rel", "equal": "rel", "等于": "rel", "得": "weak", "加": "plus", "加上": "plus",
    "减": "minus", "减去": "minus", "乘": "times", "乘以": "times", "除以": "divide", "\\approx": "rel", "\\times": "times",
    "\\cdot": "times", "\\div": "divide", "\\left(": "open", "\\right)": "close", "\\%": "percent", "\\$": "currency",
}  # fmt: skip
_PHRASES = {("multiplied", "by"): "times", ("divided", "by"): "divide", ("equals", "to"): "rel", ("equal", "to"): "rel",
            ("is", "equal"): "rel", ("are", "equal"): "rel", ("is equal", "to"): "rel", ("are equal", "to"): "rel"}  # fmt: skip
_KINDS = {"small": "num", "bottom": "frac", "top": "frac"}
OPERATORS = ("plus", "minus", "times", "divide", "power")
STARTS = frozenset(("num", "frac", "currency", "open", "minus", "root"))  # what a formula can start with


class Unread(Exception):
    """This is no arithmetic that can be judged."""


class Token(NamedTuple):
    """A piece of a line."""

    kind: str
    text: str
    start: int
    end: int


def tokens(line: str) -> list[Token]:
    """The tokens of a line without spaces. Raises Unread when there are very many."""
    found: list[Token] = []
    for match in TOKEN.finditer(line):
        kind = match.lastgroup or "other"
        start, end = match.span(kind)
        text = line[start:end]
        if kind == "sign":
            kind = _SIGNS[text]
        elif kind == "word":
            kind = _WORDS.get(text.lower(), "word")
            if found and text in ("by", "to", "equal"):
                before = found[-1]
                phrase = _PHRASES.get((before.text.lower(), text))
                if phrase is not None:
                    found[-1] = Token(phrase, line[before.start : end], before.start, end)
                    continue
        elif kind in ("han", "latex"):
            kind = "frac" if match["top"] else _WORDS.get(text, "word")
        elif kind == "skip":
            continue
        else:
            kind = _KINDS.get(kind, kind)
        found.append(Token(kind, text, start, end))
        if len(found) > MOST_TOKENS:
            raise Unread
    return found
