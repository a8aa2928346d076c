"""Where a formula begins and ends in a line: what stands around it must not be a part of it."""

from __future__ import annotations

from collections.abc import Sequence

from datalint_rules.answer._arithmetic_words import AFTER, BEFORE, JOINING, LABELS, SMALL_UNITS
from datalint_rules.answer._tokens import OPERATORS, Token

_COMPARED = frozenset(("more", "less", "fewer", "greater", "higher", "lower", "larger", "smaller"))


def clean_left(line: Sequence[Token], at: int) -> bool:
    """Whether a formula can begin at token ``at``: nothing before it belongs to it."""
    if at == 0:
        return True
    token, before = line[at], line[at - 1]
    older = line[at - 2] if at > 1 else None
    if token.kind == "minus" and not (before.kind in ("rel", "open") or before.text in (",", ":", "：")):
        return False
    if before.kind in ("rel", "weak"):
        return True
    if before.kind == "word":
        return _clean_word(line, at - 1)
    if before.kind == "open":
        return older is None or (
            older.kind not in OPERATORS and (older.end < before.start or older.kind in ("rel", "other"))
        )
    if before.kind == "close":
        return (
            at <= 3 and all(t.kind in ("word", "num", "open", "close") for t in line[:at]) and before.end < token.start
        )
    if before.kind in OPERATORS:
        if before.text.startswith("*"):
            start = at - 1
            while start and line[start - 1].text.startswith("*"):
                start -= 1
            return (
                start == 0
                or line[start - 1].kind not in ("num", "close", "word", "percent")
                or (before.end == token.start and line[start - 1].end < line[start].start)
            )
        return at == 1 and before.text in ("-", "–", "+") and before.end < token.start
    if before.text in ".,'’" and before.end == token.start and older is not None:
        return False
    if before.kind != "other" or before.text in "±<&^∑∏∫\\_@":
        return False
    if older is None or older.kind != "num":
        return True
    return before.text not in ",，:：/" or (before.text in ":：" and before.end < token.start)


def _clean_word(line: Sequence[Token], at: int) -> bool:
    word = line[at].text.lower()
    if word in BEFORE or word in LABELS or (len(word) == 1 and word.isalpha() and word.isascii() and word not in "ai"):
        return False
    if word in JOINING and any(_is_operand(line, n) for n in range(max(0, at - 5), at)):
        return False
    return not _in_formula(line, at)


def _is_operand(line: Sequence[Token], at: int) -> bool:
    """Whether token ``at`` is a number that is no result of an equation before."""
    return line[at].kind in ("num", "frac") and (at == 0 or line[at - 1].kind not in ("rel", "weak"))


def _in_formula(line: Sequence[Token], at: int) -> bool:
    """Whether an operator stands before token ``at`` in its clause: a longer formula, with words in it, has begun."""
    for token in reversed(line[max(0, at - 12) : at]):
        if token.kind in ("rel", "weak") or (token.kind == "other" and token.text in ".,;:。，；："):
            return False
        if token.kind in OPERATORS and not token.text.startswith("*"):
            return True
    return False


def clean_right(line: Sequence[Token], at: int) -> bool:
    """Whether a formula can end before token ``at``."""
    if at >= len(line):
        return True
    token, last = line[at], line[at - 1]
    later = line[at + 1] if at + 1 < len(line) else None
    if token.kind == "word":
        return _clean_after(line, at)
    if token.kind in ("close", "bang"):
        return True
    if token.kind == "open":
        return token.start > last.end
    if token.kind == "divide":
        return later is not None and later.kind == "word" and len(later.text) > 1
    if token.kind == "times" and token.text.startswith("*"):
        return token.start == last.end and (later is None or later.kind not in ("num", "open", "currency"))
    if token.kind in ("rel", "weak"):
        return True
    if token.kind != "other" or token.text in "±\\&^_<π":
        return False
    return not (later is not None and later.kind == "num" and token.text in ":：'’./" and later.start == token.end)


def _clean_after(line: Sequence[Token], at: int) -> bool:
    """Whether the words after a number are its unit, or go on with the sentence."""
    for n, token in enumerate(line[at : at + 4]):
        word = token.text.lower()
        if token.kind in ("num", "frac", "currency"):
            return n > 0 and line[at].text in "rR余"
        if token.kind != "word":
            return token.kind not in ("plus", "minus", "times") or n == 0 or token.text.startswith("*")
        if n == 0 and (word in AFTER or (word in _COMPARED and "than" in (t.text for t in line[at : at + 4]))):
            return False
        if len(word) == 1 and word.isascii() and n == 0 and token.text not in SMALL_UNITS and token.text not in "rRaIb":
            return False
    return True
