"""Globs as in .gitignore: ``*`` and ``?`` within one name, ``**`` across folders, ``[…]``, and ``{a,b}``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import regex

from datalint.patterns import pattern

_TOKENS = pattern(r"/\*\*/|\*\*/|/\*\*|\*\*|\*|\?|\[!?\]?[^\]]*\]|\{[^{}]*\}|.", regex.S)
_SPECIAL = {"/**/": "/(?:.*/)?", "**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def fits(path: Path, globs: Iterable[str], root: Path) -> bool:
    """Whether one of ``globs`` fits the absolute ``path`` or a folder it lies in.

    A bare name fits any part of the path below ``root``; parts above never count.
    """
    return any(_fits(path, glob, root) for glob in globs)


def _fits(path: Path, glob: str, root: Path) -> bool:
    pattern = compiled(glob.rstrip("/"))
    if glob.startswith("/") or "/" in glob.rstrip("/"):
        text = path.as_posix()
        return bool(pattern.fullmatch(text)) or any(pattern.fullmatch(p.as_posix()) for p in path.parents)
    parts = path.relative_to(root).parts if path.is_relative_to(root) else (path.name,)
    return any(pattern.fullmatch(part) for part in parts)


@lru_cache(maxsize=1024)
def compiled(glob: str) -> regex.Pattern[str]:
    """``glob`` as a pattern for the whole of a path."""
    return regex.compile("".join(_translated(token) for token in _TOKENS.findall(glob)), regex.S)


def mistake(glob: str) -> str:
    """What is wrong with ``glob``, "" if nothing is."""
    for sign in ("[", "{"):
        if sign in _TOKENS.findall(glob):
            return f"{sign!r} is never closed; [{sign}] means the character"
    try:
        compiled(glob)
    except regex.error as error:
        return str(error)
    return ""


def literal(text: str) -> str:
    """A glob for nothing but ``text``."""
    return "".join(f"[{c}]" if c in "[*?{" else c for c in text)


def _translated(token: str) -> str:
    if token in _SPECIAL:
        return _SPECIAL[token]
    if len(token) > 1 and token[0] == "[":
        inner = token[1:-1].replace("\\", "\\\\")
        return f"[^{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
    if len(token) > 1 and token[0] == "{":
        return "(?:" + "|".join(compiled(part).pattern for part in token[1:-1].split(",")) + ")"
    escaped: str = regex.escape(token)
    return escaped
