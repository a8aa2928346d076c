"""The tokens of a line of arithmetic: numbers, signs, words that can be units."""

from __future__ import annotations

from typing import NamedTuple

import regex

from datalint_rules.answer._numbers import VULGAR

MOST_TOKENS = 400  # of a line

TOKEN = regex.compile(
    rf"""(?P<space>[\s\u200b]+)
    | (?P<rel>\\approx\b|={{1,3}}(?![>=])(?<![<>!:+*/~-]=)|＝|≈|≃|≅|(?:is|are)\ (?:exactly\ |approximately\ |about\ )?equal\ to\b|equals?(?:\ to)?\b|等于)
    | (?P<weak>(?:is|are|makes|gives|becomes)\b|得)
    | (?P<num>(?<![\p{{Latin}}\p{{Greek}}_\d])\d(?:\d|[.,'’](?=\d)|[ \u00a0\u202f](?=\d{{3}}(?![\d.,]?\d)))*+(?:[eE][+-]?\d{{1,2}}(?![\p{{L}}\d]))?
        | (?<![\w.,])\.\d+ | [{VULGAR}])
    | (?P<frac>\\d?frac\{{(?P<top>\d+)\}}\{{(?P<bottom>\d+)\}})
    | (?P<times>(?<=[\d)\p{{L}}%]\ ?)[xX](?=\ ?[$€£¥]?[\d(.])(?<!\p{{L}}[xX])|\*\*(?=[\s\d(])(?<=[\d)\s]\*\*)|[*×·∙⋅✕✖✗]|\\times\b|\\cdot\b
        |(?:multiplied\ by|times)\b|乘以?)
    | (?P<divide>[/÷∕]|\\div\b|divided\ by\b|除以)
    | (?P<plus>\+|plus\b|加上?) | (?P<minus>[-−–‒]|minus\b|减去?)
    | (?P<power>\^) | (?P<sup>[⁰¹²³⁴-⁹]+) | (?P<root>√) | (?P<bang>!(?![=\w]))
    | (?P<percent>\\?%|percent\b) | (?P<currency>(?:US|A|C|HK|NZ)?\\?\$|[€£¥₹₽₩])
    | (?P<open>\\left\(|[(\[]) | (?P<close>\\right\)|[)\]])
    | (?P<skip>\\[,;! ]|\\text\{{|\\\(|\\\)|\\\[|\\\])
    | (?P<word>(?:(?!等于|加|减|乘|除以|得)\p{{Han}})+|[\p{{L}}_°](?:[\p{{Latin}}\p{{Cyrillic}}\p{{Greek}}\p{{M}}\d_'’]|-(?=\p{{Latin}}))*(?:\^\{{?[23]\}}?|[²³])?)
    | (?P<other>.)""",
    regex.X | regex.S,
)
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
        if match["frac"]:
            kind = "frac"
        if kind not in ("space", "skip"):
            found.append(Token(kind, match.group(), match.start(), match.end()))
            if len(found) > MOSTTOKENS:
                raise Unread
    return found
