"""On which line of a TOML file a value stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import regex

_HEADER = regex.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_ASSIGNED = regex.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = regex.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def line_of(text: str, keys: Sequence[str | int]) -> tuple[int, bool]:
    """The line that sets what ``keys`` lead to (1 if none does), and whether it is more than an enclosing table's."""
    wanted = tuple(keys)
    best, depth = 1, 0
    for number, at in _lines(text):
        shared = len(at) if at == wanted[: len(at)] else 0
        if at[: len(wanted)] == wanted:
            return number, True
        if shared > depth:
            best, depth = number, shared
    return best, depth == len(wanted)


def _lines(text: str) -> Iterator[tuple[int, tuple[str | int, ...]]]:
    """Each line that opens a table or sets a key, with the keys that lead there."""
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            names = _parts(header[2])
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
            table = _numbered(names, counts)
            yield number, table
        elif assigned := _ASSIGNED.match(line):
            yield number, (*table, *_parts(assigned[1]))


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _numbered(names: tuple[str, ...], counts: Mapping[tuple[str, ...], int]) -> tuple[str | int, ...]:
    made: list[str | int] = []
    for n, name in enumerate(names, 1):
        made.append(name)
        if names[:n] in counts:
            made.append(counts[names[:n]])
    return tuple(made)
