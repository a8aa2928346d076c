"""Versions: what a requirement allows."""

from __future__ import annotations

import pytest

from datalint.errors import UsageError
from datalint.versions import requirement, satisfies


@pytest.mark.parametrize(
    ("version", "wanted", "allowed"),
    [
        ("0.3.1", "", True),
        ("0.3.1", ">=0.3,<0.4", True),
        ("0.4.0", ">=0.3,<0.4", False),
        ("0.10", ">0.9", True),
        ("1.0", "==1.0.0", True),
        ("1.0.1", "==1.0.*", True),
        ("1.1", "==1.0.*", False),
        ("1.1", "!=1.0.*", True),
        ("1.0rc1", ">=1.0", False),
        ("1.0rc2", ">1.0rc1", True),
        ("1.4.9", "~=1.4.2", True),
        ("1.5.0", "~=1.4.2", False),
        ("1.5", "~=1.4", True),
        ("2.0", "~=1.4", False),
        ("1.2+local", "==1.2", True),
    ],
)
def test_satisfies(version: str, wanted: str, allowed: bool) -> None:
    assert satisfies(version, wanted) is allowed


@pytest.mark.parametrize(
    ("text", "name", "versions"),
    [("acme", "acme", ""), ("Data_Lint.acme >= 1.2", "data-lint-acme", ">= 1.2"), ("a~=1,<2", "a", "~=1,<2")],
)
def test_requirement(text: str, name: str, versions: str) -> None:
    assert requirement(text) == (name, versions)


@pytest.mark.parametrize("wanted", ["0.3", ">=x", "=>1"])
def test_nonsense(wanted: str) -> None:
    with pytest.raises(UsageError):
        satisfies("1.0", wanted)


def test_no_requirement() -> None:
    with pytest.raises(UsageError):
        requirement(">=1")
