"""Words that the rules on text share."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """ "1 character", "3 characters"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
