"""Strings made to fit a pattern, for tests that need many values of one form."""

from __future__ import annotations

import random
import string
import sys
from typing import Any

if sys.version_info >= (3, 11):
    from re import _parser as parser
else:
    import sre_parse as parser

WORD = string.ascii_letters + string.digits + "_"


def made(pattern: str, seed: int = 0) -> str:
    """A string that fits ``pattern``: repetitions are short, and what looks around is left out."""
    return _made(parser.parse(pattern), random.Random(seed))


def _made(items: Any, rng: random.Random) -> str:
    return "".join(_one(str(op), arg, rng) for op, arg in items)


def _one(op: str, arg: Any, rng: random.Random) -> str:
    if op == "LITERAL":
        return chr(arg)
    if op == "IN":
        return rng.choice("".join(_set(str(kind), value) for kind, value in arg))
    if op in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, inner = arg
        return "".join(_made(inner, rng) for _ in range(rng.randint(least, min(most, least + 3))))
    if op == "SUBPATTERN":
        return _made(arg[3], rng)
    if op == "BRANCH":
        return _made(rng.choice(arg[1]), rng)
    if op in ("ASSERT", "ASSERT_NOT", "AT"):
        return ""
    raise ValueError(f"made() knows no {op}")


def _set(kind: str, value: Any) -> str:
    if kind == "LITERAL":
        return chr(value)
    if kind == "RANGE":
        return "".join(map(chr, range(value[0], value[1] + 1)))
    return WORD if "WORD" in str(value) else string.digits
