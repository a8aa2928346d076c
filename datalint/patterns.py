"""Patterns that are compiled when the first text comes.

Hundreds of rules hold patterns, and a run over a small file needs few of them: compiling all would take a second.
"""

from __future__ import annotations

from typing import Any, cast

import regex

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "pattern", "flags", "groups")


class LazyPattern:
    """Stands for a compiled pattern; its methods are those of the pattern from the first use on."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled: Any = regex.compile(cast(Any, self._source), self._flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return self.__dict__[name]

    def __reduce__(self) -> tuple[Any, ...]:
        return LazyPattern, (self._source, self._flags)


def pattern(source: str, flags: int = 0) -> regex.Pattern[str]:
    """``regex.compile(source, flags)``, put off until it is used. Raises ``regex.error`` then."""
    return cast("regex.Pattern[str]", LazyPattern(source, flags))


def bytes_pattern(source: bytes, flags: int = 0) -> regex.Pattern[bytes]:
    """The same for bytes."""
    return cast("regex.Pattern[bytes]", LazyPattern(source, flags))
