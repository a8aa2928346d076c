"""Version numbers and what a requirement like ``>=0.3,<0.4`` says of them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import zip_longest

import regex

from datalint.errors import UsageError

Release = tuple[tuple[int, ...], tuple[int, str]]
_VERSION = regex.compile(r"v?(\d+(?:\.\d+)*)[-_.]?((?:a|b|rc|alpha|beta|dev)[-_.]?\d*)?(?:[-_.+].*)?", regex.I)
_CLAUSE = regex.compile(r"(~=|==|!=|<=|>=|<|>)\s*(\S+)")
_REQUIREMENT = regex.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(.*)")
_COMPARE: dict[str, Callable[[Release, Release], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt,
}  # fmt: skip


def satisfies(version: str, wanted: str) -> bool:
    """Whether ``version`` is one that ``wanted`` (clauses joined by commas) allows. Raises UsageError for nonsense."""
    return all(_holds(version, clause.strip()) for clause in wanted.split(",") if clause.strip())


def requirement(text: str) -> tuple[str, str]:
    """The name and the clauses of a requirement like ``datalint-acme>=1.2``."""
    found = _REQUIREMENT.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} is no requirement", hint="a name, then versions: datalint-acme>=1.2")
    return normal(found[1]), found[2]


def normal(name: str) -> str:
    """The name of a distribution as package indexes compare it."""
    joined: str = regex.sub(r"[-_.]+", "-", name)
    return joined.lower()


def _holds(version: str, clause: str) -> bool:
    found = _CLAUSE.fullmatch(clause)
    if found is None:
        raise UsageError(f"{clause!r} is no version requirement", hint="for example >=0.3,<0.4")
    sign, bound = found[1], found[2]
    if bound.endswith(".*") and sign in ("==", "!="):
        wanted = _numbers(bound[:-2])
        same = _padded(_numbers(version), len(wanted)) == wanted
        return same if sign == "==" else not same
    if sign == "~=":
        prefix = _numbers(bound)[:-1]
        return _release(version) >= _release(bound) and _padded(_numbers(version), len(prefix)) == prefix
    return _COMPARE[sign](_release(version), _release(bound))


def _release(text: str) -> Release:
    """Numbers without trailing zeros, then the pre-release; a final release comes after all of its pre-releases."""
    numbers = _numbers(text)
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers = numbers[:-1]
    found = _VERSION.fullmatch(text)
    pre = (found[2] or "").lower() if found else ""
    return numbers, (0, pre) if pre else (1, "")


def _numbers(text: str) -> tuple[int, ...]:
    found = _VERSION.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} is no version")
    return tuple(int(n) for n in found[1].split("."))


def _padded(numbers: tuple[int, ...], length: int) -> tuple[int, ...]:
    return tuple(n for n, _ in zip_longest(numbers, range(length), fillvalue=0))[:length]
