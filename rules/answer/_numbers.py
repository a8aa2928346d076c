"""Numbers as people write them: thousands and decimals of several places, exactly, and how precise they are."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import regex

from datalint import pattern

LONGEST = 40  # characters of a number that is read
_POINT = pattern(
    r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+|\d{1,2}(?:,\d\d)+,\d{3}|\d+)?"
    r"(?:\.(?P<part>\d+))?(?:[eE](?P<ten>[+-]?\d{1,2}))?"
)
_COMMA = pattern(r"(?:\d{1,3}(?:\.\d{3})+|\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+|\d+)(?:,(?P<part>\d+))?")
_GROUPS = " \u00a0\u202f'’"
_PARTS = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip
VULGAR = "".join(_PARTS)
FULL_WIDTH = str.maketrans("０１２３４５６７８９＋－＝（）％．，＊／＜＞：", "0123456789+-=()%.,*/<>:")


class Number(NamedTuple):
    """A number and its precision."""

    value: Fraction
    step: Fraction  # one in the last digit written


@lru_cache(maxsize=4096)
def read(text: str, comma: bool = False) -> Number | None:
    """The number that ``text`` writes with a decimal point, or a decimal ``comma``; None if it does not."""
    if len(text) > LONGEST:
        return None
    if text in _PARTS:
        return Number(Fraction(*_PARTS[text]), Fraction(0))
    match = (_COMMA if comma else _POINT).fullmatch(text)
    if match is None or not text:
        return None
    part = match["part"] or ""
    plain = text.replace("," if not comma else ".", "").replace("," if comma else ".", ".")
    for mark in _GROUPS:
        plain = plain.replace(mark, "")
    step = Fraction(1, 10 ** len(part))
    if not comma and match["ten"]:
        step *= Fraction(10) ** int(match["ten"])
    return Number(Fraction(plain), step)


def written(value: Fraction, like: str = "", places: int = 2) -> str:
    """``value`` as a decimal number, with the separators and about the decimals of the number ``like``."""
    comma = read(like) is None and read(like, comma=True) is not None
    point, separator = (",", ".") if comma else (".", ",")
    shown = (_COMMA if comma else _POINT).fullmatch(like)
    decimals = len(shown["part"] or "") if shown is not None else 0
    if value.denominator == 1:
        decimals = 2 if decimals == 2 else 0
    else:
        decimals = next((d for d in range(1, 5) if value * 10**d % 1 == 0), max(decimals, places))
    whole, part = divmod(round(abs(value) * 10**decimals), 10**decimals)
    grouped = regex.search(rf"\d[{separator}]\d{{3}}(?!\d)", like) is not None
    digits = f"{whole:,}".replace(",", separator) if grouped else str(whole)
    tail = point + str(part).zfill(decimals) if decimals else ""
    return ("-" if value < 0 else "") + digits + tail
