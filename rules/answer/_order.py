"""Orders a task may ask for, and whether a list has them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import regex
from datalint_rules.answer._numbers import read

from datalint import pattern

_SMALL = r"(?:small|low|few|short|least|min|cheap|young|light)\w*"
_LARGE = r"(?:large|high|great|big|long|most|max|expens|old|heav)\w*"
_KIND = r"(?: value| number| integer)?"
_ASCENDING = pattern(
    rf"(?i)\bascend\w*|(?<!non[- ]?)\bincreasing order|\bnon[- ]?decreasing|\b{_SMALL}{_KIND} to (?:the )?{_LARGE}"
    r"|\bnumerical(?:ly)? order|升序|从小到大|从低到高"
)
_DESCENDING = pattern(
    rf"(?i)\bdescend\w*|(?<!non[- ]?)\bdecreasing order|\bnon[- ]?increasing"
    rf"|\b{_LARGE}{_KIND} to (?:the )?{_SMALL}|降序|从大到小|从高到低"
)
_ALPHABETICAL = pattern(
    r"(?i)\balphabeti\w*|\bby (?:the )?alphabet\b|\blexicographic\w*|\ba to z\b|\ba-z\b|\bdictionary order"
    r"|字母(?:表)?(?:的)?(?:顺序|次序|升序|降序)"
)
_BACKWARDS = pattern(r"(?i)\brevers\w*|\bz to a\b|\bz-a\b|\bbackwards?\b|\bdescending|倒序|降序|相反|逆序")
_LENGTH = pattern(
    r"(?i)\bby (?:their |the |word |string )*(?:length|number of (?:letters|characters))"
    r"|\b(?:shortest to longest|longest to shortest)|按长度"
)
# What else a list can be put in order by: nothing that can be computed from its items.
_OTHER = pattern(
    r"(?i)\b(?:by|based on|according to|in terms of|(?:order|orders|level|size|amount) of)\s+(?:their "
    r"|the |its |a |an )*+"
    r"(?!alphabet|numeric|value|lengths?\b|number of (?:letters|char)|(?:ascend|descend|increas"
    r"|decreas)\w*|\w+ing\b|magnitude|size\b|order\b"
    rf"|(?:following|given|these|this|words?|numbers?|items?|list|{_SMALL}|{_LARGE})\b)\w+"
    r"|\b(?:absolute|frequen\w*|except|ignor\w+|without|even|odd|first (?:two|three|\d)|top|second|last"
    r"|author|surname|third|vowels?|importan\w*|most to least|least to most"
    r"|categor\w+|groups?|least (?:\w+ )?to most \w+)\b|按(?!字母|数字|升|降|从|大小)"
)


_NO_ALPHABET = pattern(r"[\p{Han}\p{Hiragana}\p{Katakana}]")  # their order is that of sounds or strokes


class Order(NamedTuple):
    """An order asked for."""

    name: str  # alphabetical, ascending, descending …
    keys: tuple[Callable[[str], Any], ...]  # in order by one of them is in order
    down: bool


def order_of(task: str) -> Order | None:
    """The order that a task asks for; None where it names none that can be computed, or several."""
    if _OTHER.search(task):
        return None
    up, down = _ASCENDING.search(task) is not None, _DESCENDING.search(task) is not None
    if up and down:
        return None
    if _ALPHABETICAL.search(task):
        backwards = _BACKWARDS.search(task) is not None
        return Order("reverse alphabetical" if backwards else "alphabetical", _LETTERS, backwards)
    if _LENGTH.search(task):
        return (
            None
            if not (up or down or _BACKWARDS.search(task)) and "longest to" in task
            else Order("length", (len, _letters_only), down or "longest to" in task.lower())
        )
    if up or down:
        return Order("descending" if down else "ascending", (number,), down)
    return None


def number(text: str) -> Fraction:
    """The value of an item that is a number, with currency or percent sign. Raises ValueError for all others."""
    match = _ITEM.fullmatch(text)
    if match is None:
        raise ValueError(text)
    value = read(match["n"].replace("−", "-").lstrip("-"))
    if value is None:
        raise ValueError(text)
    whole = value.value
    if match["under"]:
        if int(match["under"]) == 0:
            raise ValueError(text)
        whole /= int(match["under"])
    return -whole if match["sign"] else whole


_ITEM = pattern(r"(?P<sign>[-−])?[$€£¥]?(?P<n>\d[\d,.]*)(?:/(?P<under>\d{1,9}))?%?")


def in_order(items: Sequence[str], order: Order) -> bool | None:
    """Whether ``items`` are in order by one of the keys; None where none applies."""
    if order.keys is _LETTERS and any(_NO_ALPHABET.search(i) for i in items):
        return None
    known = False
    for key in order.keys:
        try:
            values = [key(i) for i in items]
        except ValueError:
            continue
        known = True
        if all((b <= a) if order.down else (a <= b) for a, b in pairwise(values)):
            return True
    return False if known else None


def sorted_by(items: Sequence[str], order: Order) -> list[str]:
    """``items`` in order by the first key."""
    return sorted(items, key=order.keys[0], reverse=order.down)


def first_out_of_order(items: Sequence[str], order: Order) -> tuple[str, str]:
    """Two neighbours that stand the wrong way round by the first key."""
    key = order.keys[0]
    for a, b in pairwise(items):
        if (key(a) < key(b)) if order.down else (key(b) < key(a)):
            return a, b
    return items[0], items[-1]


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _letters_only(text: str) -> int:
    return sum(c.isalpha() for c in text)


_LETTERS: tuple[Callable[[str], Any], ...] = (
    _folded,
    lambda t: t,
    str.casefold,
    lambda t: "".join(c for c in _folded(t) if c.isalnum()),
    lambda t: regex.sub(r"^(?:the|an?)\s+", "", _folded(t)),
    lambda t: regex.split(r"\W+", _folded(t)),
    lambda t: _folded(t).split()[-1] if t.split() else "",
)
