"""The language of ``-k``: words joined by and, or, not and parentheses; a word fits where it is part of a keyword."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import regex

from datalint.errors import UsageError

_TOKEN = regex.compile(r"\s*(\(|\)|[^\s()]+)")
Test = Callable[[tuple[str, ...]], bool]


def compiled(text: str) -> Callable[[Iterable[str]], bool]:
    """A test of keywords. Raises UsageError with the column of a mistake."""
    tokens = [(m[1], m.start(1) + 1) for m in _TOKEN.finditer(text)]
    test = _Parser(text, tokens).whole()
    return lambda keywords: test(tuple(word.lower() for word in keywords))


class _Parser:
    """Recursive descent; ``not`` binds closest, then ``and``, then ``or``."""

    def __init__(self, text: str, tokens: list[tuple[str, int]]) -> None:
        self._text = text
        self._tokens = tokens
        self._at = 0

    def whole(self) -> Test:
        test = self._either()
        if self._peek():
            self._fail("the end, and or or")
        return test

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _took(self, word: str) -> bool:
        found = self._peek() == word
        self._at += found
        return found

    def _either(self) -> Test:
        parts = [self._both()]
        while self._took("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda words: any(part(words) for part in parts)

    def _both(self) -> Test:
        parts = [self._one()]
        while self._took("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda words: all(part(words) for part in parts)

    def _one(self) -> Test:
        if self._took("not"):
            inner = self._one()
            return lambda words: not inner(words)
        if self._took("("):
            inner = self._either()
            if not self._took(")"):
                self._fail("a closing parenthesis")
            return inner
        word = self._peek().lower()
        if word in ("", "and", "or", ")"):
            self._fail("a word, not or a parenthesis")
        self._at += 1
        return lambda words: any(word in w for w in words)

    def _fail(self, wanted: str) -> None:
        column = self._tokens[self._at][1] if self._at < len(self._tokens) else len(self._text) + 1
        raise UsageError(f"-k {self._text!r}: expected {wanted} at column {column}")
