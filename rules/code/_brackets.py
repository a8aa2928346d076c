"""Brackets that do not match, in languages whose strings and comments look like those of C."""

from __future__ import annotations

from typing import NamedTuple

from datalint import pattern

_CLOSES = {")": "(", "]": "[", "}": "{"}
CLOSED_BY = {opened: closing for closing, opened in _CLOSES.items()}
_STRINGS = r'"(?:[^"\\\n]|\\.|\\\n)*+(?:"|(?P<open>\n|\Z))'
_CHARS = r"'(?:[^'\\\n]|\\.)*+'"
_SLASHES = r"//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|(?P<comment>\Z))"
_REGEX = r"(?<=[=(,:[!&|?{};]\s*+|return\s)/(?![*/])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*+\])++/[a-z]*"
_TEMPLATE = r"`(?:[^`\\]|\\.)*+(?:`|(?P<template>\Z))"
_TOKENS = {
    "java": rf"{_SLASHES}|\"\"\"(?:[^\"]|\"(?!\"\"))*+\"\"\"|{_STRINGS}|{_CHARS}|[()\[\]{{}}]",
    "c": rf"{_SLASHES}|{_STRINGS}|{_CHARS}|[()\[\]{{}}]",
    "csharp": rf"{_SLASHES}|\$?@\$?\"(?:[^\"]|\"\")*+\"|{_STRINGS}|{_CHARS}|[()\[\]{{}}]",
    "go": rf"{_SLASHES}|`[^`]*+`|{_STRINGS}|{_CHARS}|[()\[\]{{}}]",
    "rust": rf"{_SLASHES}|r(#*)\".*?\"\1|\"(?:[^\"\\]|\\.|\\\n)*+\"|'(?:[^'\\\n]|\\.[^'\n]*)'|[()\[\]{{}}]",
    "javascript": rf"{_SLASHES}|{_REGEX}|{_TEMPLATE}|{_STRINGS}|{_CHARS}|[()\[\]{{}}]",
    "php": rf"\#(?!\[)[^\n]*|<<<['\"]?(\w+)['\"]?\n.*?\n\s*\1"
    rf"|{_SLASHES}|\"(?:[^\"\\]|\\.)*+(?:\"|(?P<open>\Z))|'(?:[^'\\]|\\.)*+(?:'|(?P<open>\Z))|[()\[\]{{}}]",
}
_TOKENS["cpp"] = _TOKENS["c"]
_TOKENS["typescript"] = _TOKENS["javascript"]
_COMPILED = {language: pattern(f"(?s:{source})") for language, source in _TOKENS.items()}


class Brackets(NamedTuple):
    """What is left of the brackets: ``open`` ones with their offsets, and the first that closes what is not open."""

    open: tuple[tuple[int, str], ...]
    stray: tuple[int, str] | None = None
    text: int | None = None  # a string, comment or template that never ends


def brackets(code: str, language: str) -> Brackets | None:
    """The brackets of a piece of code, strings and comments left out; None for a language without such brackets."""
    tokens = _COMPILED.get(language)
    if tokens is None:
        return None
    opened: list[tuple[int, str]] = []
    unended: int | None = None
    for match in tokens.finditer(code):
        token, groups = match.group(), match.groupdict()
        if any(groups.get(name) is not None for name in ("comment", "template", "open")):
            unended = match.start() if unended is None else unended
        elif token in CLOSED_BY:
            opened.append((match.start(), token))
        elif token in _CLOSES:
            if not opened or opened[-1][1] != _CLOSES[token]:
                return Brackets(tuple(opened), (match.start(), token), unended)
            opened.pop()
    return Brackets(tuple(opened), None, unended)
