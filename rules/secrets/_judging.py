"""What a secret looks like, and what only stands for one."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

from datalint import pattern

_STANDS_FOR = pattern(
    r"(?i)example|sample|placeholder|your|change[_-]?me|changeit|dummy|fake|insert|replace|redacted|removed|"
    r"hidden|masked|secret|passw|token|api[_-]?key|"
    r"mykey|my[_-]?key|here|todo|xxxx|foobar|foo[_-]|abcdef|bcdefg|uvwxyz|qwerty|asdf|0123456|1234567|654321|"
    r"deadbeef|cafebabe|lorem|ipsum|test(?:test|ing|[_-]|er)|"
    r"none|null|undefined|default|\.\.\.|…|\*\*\*|<|>|\$\{|\{\{|%s|%\(|process\.env|os\.environ|getenv|environ\["
)
_NAMES = pattern(
    r"[A-Za-z]*\d{0,3}(?:[_.-][A-Za-z]*\d{0,3})+|(?:[A-Z]?[a-z]{2,}){2,}\d{0,4}|[a-z]+(?:[_.-][a-z0-9]+){2,}|"
    r"[A-Z]+(?:_[A-Z0-9]+)+"
)
_WORDS = pattern(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}")
_UUID = pattern(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def entropy(text: str) -> float:
    """Shannon's entropy of the characters, in bits each."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values()) if text else 0.0


def stands_for_one(value: str) -> bool:
    """Whether ``value`` is a placeholder: words that say so, one character over and over, a run through the "
    "alphabet."""
    if _STANDS_FOR.search(value):
        return True
    plain = "".join(c for c in value.lower() if c.isalnum())
    if len(set(plain)) < 5:
        return True
    parts = (plain, "".join(filter(str.isalpha, plain)), "".join(filter(str.isdigit, plain)))
    return _repeats(plain) or _runs(parts[0]) > 0.45 * len(plain) or sum(map(_runs, parts[1:])) > 0.7 * len(plain)


def _runs(plain: str) -> int:
    """How many characters follow the one before in the alphabet, or repeat it."""
    return sum(1 for a, b in pairwise(plain) if ord(b) - ord(a) in (0, 1))


def _repeats(plain: str) -> bool:
    """Whether a group of at most eight characters fills most of it."""
    return any(plain[n:].startswith(plain[:-n][: len(plain) - n]) for n in range(1, min(9, len(plain) // 2 + 1)))


def is_random(value: str, least: float = 3.5) -> bool:
    """Whether a machine made this up: letters and digits, much entropy, no words."""
    if not (any(c.isdigit() for c in value) and any(c.isalpha() for c in value)):
        return False
    if entropy(value) < least or _NAMES.fullmatch(value) or stands_for_one(value):
        return False
    return sum(len(w) for w in _WORDS.findall(value)) < 0.8 * len(value)


def is_uuid(value: str) -> bool:
    """A UUID names things and is no secret by itself."""
    return _UUID.fullmatch(value) is not None
