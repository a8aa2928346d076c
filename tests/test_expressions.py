"""Expressions of ``-k``."""

from __future__ import annotations

import pytest

from datalint.errors import UsageError
from datalint.expressions import compiled

WORDS = ("PII101", "email-address", "safety", "pii")


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("pii", True),
        ("EMAIL", True),
        ("phone", False),
        ("not phone", True),
        ("pii and not email", False),
        ("pii and not phone", True),
        ("phone or pii", True),
        ("not not pii", True),
        ("not (phone or email)", False),
        ("phone or email and safety", True),
        ("(phone or email) and style", False),
        ("email-address", True),
    ],
)
def test_compiled(text: str, fit: bool) -> None:
    assert compiled(text)(WORDS) is fit


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a word, not or a parenthesis at column 1"),
        ("pii and", "expected a word, not or a parenthesis at column 8"),
        ("pii email", "expected the end, and or or at column 5"),
        ("(pii", "expected a closing parenthesis at column 5"),
        ("pii)", "expected the end, and or or at column 4"),
        ("or pii", "expected a word, not or a parenthesis at column 1"),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        compiled(text)
    assert message in str(caught.value)
