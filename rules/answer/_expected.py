"""The right answers to a closed question."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from datalint import pattern

N = r"[-−]?[$€£¥]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"  # a number
END = r"(?![A-Za-z\d_%]|[.,]\d)"  # of one
DIGIT = pattern(r"\d")
DIGITS = pattern(r"\d+")


class Expected(NamedTuple):
    """A question and its right answers: numbers, or texts in one alphabet, or yes and no."""

    asks: str  # "the median of 5 numbers"
    values: tuple[Fraction, ...] = ()
    texts: tuple[str, ...] = ()
    alphabet: str = ""  # a pattern of texts of this kind
    yes: bool | None = None
    loose: Fraction = Fraction(0)  # share by which a value may be off
    unit: str = ""
