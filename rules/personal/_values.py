"""Values that stand for themselves: made-up digits, and text around a value that says it is something else."""

from __future__ import annotations

from itertools import pairwise

from datalint import pattern

_URL = pattern(r"(?i)(?:[a-z][a-z0-9+.-]{1,15}://|www\.)\S*\Z")


def only_digits(text: str) -> str:
    """The ASCII digits of ``text``."""
    return "".join(c for c in text if "0" <= c <= "9")


def made_up(digits: str) -> bool:
    """Whether nobody has this number: one or two digits over and over, a run up or down, or groups of one "
    "digit each."""
    if len(set(digits)) <= 2:
        return True
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    if steps in ({1}, {9}):
        return True
    return all(len(set(g)) == 1 for g in (digits[-10:-7], digits[-7:-4], digits[-4:]) if g) and len(digits) >= 9


def repeats(digits: str) -> bool:
    """Whether a short group of digits fills the whole number: 12341234, 123123123."""
    return any(digits == (digits[:n] * len(digits))[: len(digits)] for n in range(1, len(digits) // 2 + 1))


def in_url(text: str, start: int) -> bool:
    """Whether a web address runs into this place."""
    return _URL.search(text[max(0, start - 200) : start]) is not None


def luhn(digits: str) -> int:
    """The check digit that Luhn's formula gives ``digits``."""
    total = sum(sum(divmod(int(d) * (2 - n % 2), 10)) for n, d in enumerate(reversed(digits)))
    return -total % 10
