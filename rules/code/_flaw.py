"""What is wrong with a piece of code: where, and whether it stops there."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

LONGEST = 40_000  # characters; longer code is not judged
DEEPEST = 60  # brackets within brackets; no parser is asked beyond
LONGEST_LINE = 4_000
MOST_LINES = 1_500


class Flaw(NamedTuple):
    """The first flaw of a piece of code, at an offset in it. ``cut``: the code stops before its end."""

    at: int
    said: str
    cut: bool = False


Parser = Callable[[str], Flaw | None]


def bounded(code: str) -> bool:
    """Whether a parser may be asked: neither too long nor too deep."""
    lines = code.split("\n")
    if len(code) > LONGEST or len(lines) > MOST_LINES or max(map(len, lines)) > LONGEST_LINE:
        return False
    depth = most = 0
    for char in code:
        if char in "([{":
            depth += 1
            most = max(most, depth)
        elif char in ")]}":
            depth = max(0, depth - 1)
    return most <= DEEPEST


def line_of(code: str, at: int) -> int:
    """The 1-based line of an offset."""
    return code.count("\n", 0, at) + 1


def offset_of(code: str, line: int, column: int) -> int:
    """The offset of a 1-based line and 0-based column."""
    start = 0
    for _ in range(line - 1):
        end = code.find("\n", start)
        if end < 0:
            return len(code)
        start = end + 1
    return min(start + max(column, 0), len(code))


def at_end(code: str, at: int) -> bool:
    """Whether nothing but white space follows an offset."""
    return not code[at:].strip()
