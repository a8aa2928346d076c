"""Where the values of one JSON line lie in its bytes: pointers and spans of texts become spans of bytes.

Everything here expects valid JSON (UTF-8, a byte order mark in front is passed over); other bytes give a ValueError or
spans without meaning. Spans are half open. No I/O, no recursion.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import regex

from datalint.model import Span

_MARK = regex.compile(rb"[\[{]|[\]}]|[-+.0-9A-Za-z]+")
_ESCAPE = regex.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", regex.DOTALL
)
_ASCII_STYLE = regex.compile(rb"\\u(?!00[0-7])[0-9a-fA-F]{4}")
_OPEN, _CLOSE = b"[{", b"]}"
_SEPARATORS = frozenset((b": ", b", ", b":", b","))


class _Container:
    """An object or array: its items in the order of the bytes."""

    __slots__ = ("ends", "froms", "inner", "names", "starts")

    def __init__(self, names: list[bytes] | None) -> None:
        self.names = names  # insides of the key literals, None for an array
        self.froms: list[int] = []  # where the key literals start
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.inner: dict[int, _Container] = {}


class Duplicate(NamedTuple):
    """A key that stands more than once in the object at ``pointer``; spans in the order of the bytes."""

    pointer: str
    key: str
    keys: tuple[Span, ...]
    values: tuple[Span, ...]
    members: tuple[Span, ...]


class Index:
    """Byte spans of everything in one line of JSON. Where a key stands twice, its last value counts."""

    __slots__ = ("_escaped", "_objects", "_root")

    def __init__(self, root: _Container, objects: list[_Container], escaped: bool) -> None:
        self._root = root
        self._objects = objects
        self._escaped = escaped

    def value(self, pointer: str) -> Span:
        """The value at ``pointer``, quotes and brackets included. Raises KeyError where there is none."""
        at, n = self._find(pointer)
        return at.starts[n], at.ends[n]

    def key(self, pointer: str) -> Span:
        """The literal of the key whose value is at ``pointer``. Raises KeyError for items and the root."""
        at, n = self._find(pointer)
        if at.names is None:
            raise KeyError(pointer)
        return _key(at, at.names, n)

    def keys(self, pointer: str) -> list[Span]:
        """The literals of all keys that are spelled or escaped like the one at ``pointer``."""
        at, n = self._find(pointer)
        if at.names is None:
            raise KeyError(pointer)
        return [_key(at, at.names, k) for k in _namesakes(at.names, n)]

    def member(self, pointer: str) -> Span:
        """The bytes to cut when the member or item at ``pointer`` goes, one comma beside it included."""
        at, n = self._find(pointer)
        if at is self._root:
            raise KeyError(pointer)
        return _cuts(at, [n])[0]

    def cuts(self, pointers: Iterable[str]) -> list[Span]:
        """The bytes to cut when all these members and items go together, every namesake of a key included."""
        gone: dict[int, tuple[_Container, set[int]]] = {}
        for pointer in pointers:
            at, n = self._find(pointer)
            if at is self._root:
                raise KeyError(pointer)
            numbers = [n] if at.names is None else _namesakes(at.names, n)
            gone.setdefault(id(at), (at, set()))[1].update(numbers)
        return [cut for at, numbers in gone.values() for cut in _cuts(at, sorted(numbers))]

    @property
    def duplicates(self) -> list[Duplicate]:
        """The keys that stand more than once in their object, however they are escaped."""
        found: list[Duplicate] = []
        for at in self._objects:
            names = at.names or []
            if self._escaped and b"\\" in b"".join(names):
                names = [_plain(name) for name in names]
            if len(set(names)) != len(names):
                found.extend(_duplicates(at, names, _pointer(self._root, at)))
        return found

    def _find(self, pointer: str) -> tuple[_Container, int]:
        at, n = self._root, 0
        for token in _tokens(pointer):
            inner = at.inner.get(n)
            if inner is None:
                raise KeyError(pointer)
            at, n = inner, _number(inner, token)
            if n < 0:
                raise KeyError(pointer)
        return at, n


def locate(raw: bytes) -> Index:
    """Index one line of JSON. Raises ValueError where brackets or quotes do not pair."""
    escaped = b"\\" in raw
    parts = iter(raw.split(b'"'))
    root = here = _Container(None)
    around: list[_Container] = []
    objects: list[_Container] = []
    names, starts, ends = here.names, here.starts, here.ends
    at = 0
    for outside in parts:
        if outside not in _SEPARATORS:
            for kind, start, end in _marks(outside) if len(outside) < 64 else _marks.__wrapped__(outside):
                if kind == "value":
                    starts.append(at + start)
                    ends.append(at + end)
                    continue
                if kind == "close":
                    if not around:
                        raise ValueError("a bracket closes that was never opened")
                    here = around.pop()
                    names, starts, ends = here.names, here.starts, here.ends
                    ends.append(at + end)
                    continue
                names = [] if kind == "object" else None
                child = here.inner[len(starts)] = _Container(names)
                around.append(here)
                starts.append(at + start)
                here, starts, ends = child, child.starts, child.ends
                if names is not None:
                    objects.append(here)
        at += len(outside)
        inside = next(parts, None)
        if inside is None:
            break
        end = at + len(inside) + 2
        while escaped and inside[-1:] == b"\\" and (len(inside) - len(inside.rstrip(b"\\"))) % 2:
            inside = next(parts, b"")  # that quote was escaped: the string goes on
            end += len(inside) + 1
        if names is None or len(names) > len(starts):
            starts.append(at)
            ends.append(end)
        else:
            names.append(raw[at + 1 : end - 1])
            here.froms.append(at)
        at = end
    if here is not root or len(ends) != 1 or at != len(raw):
        raise ValueError("not one JSON value")
    return Index(root, objects, escaped)


@lru_cache(maxsize=4096)
def _marks(outside: bytes) -> tuple[tuple[str, int, int], ...]:
    """What stands between two strings: brackets, numbers and words, with their places."""
    found = []
    for match in _MARK.finditer(outside):
        byte = match[0][:1]
        kind = ("object" if byte == b"{" else "array") if byte in _OPEN else "close" if byte in _CLOSE else "value"
        found.append((kind, *match.span()))
    return tuple(found)


def _key(at: _Container, names: list[bytes], n: int) -> Span:
    return at.froms[n], at.froms[n] + len(names[n]) + 2


def _cuts(at: _Container, gone: list[int]) -> list[Span]:
    """One span a run of neighbours: up to the next member, or from the end of the one before for the last run."""
    froms = at.starts if at.names is None else at.froms
    runs: list[list[int]] = []
    for n in gone:
        if runs and runs[-1][1] == n - 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    cuts: list[Span] = []
    for first, last in runs:
        if last + 1 < len(froms):
            cuts.append((froms[first], froms[last + 1]))
        else:
            cuts.append((at.ends[first - 1] if first else froms[first], at.ends[last]))
    return cuts


def _plain(name: bytes) -> bytes:
    """The inside of a key literal without its escapes."""
    if b"\\" not in name:
        return name
    text: str = json.loads(b'"' + name + b'"')
    return text.encode("utf-8", "surrogatepass")


def _namesakes(names: list[bytes], n: int) -> list[int]:
    wanted = _plain(names[n])
    return [k for k, name in enumerate(names) if name == wanted or _plain(name) == wanted]


def _number(at: _Container, token: str) -> int:
    """Which item of ``at`` a pointer's token names, -1 if none."""
    if at.names is None:
        good = token.isascii() and token.isdigit() and (token == "0" or token[0] != "0") and len(token) < 19
        return int(token) if good and int(token) < len(at.starts) else -1
    wanted = token.encode("utf-8", "surrogatepass")
    for n in range(len(at.names) - 1, -1, -1):
        if at.names[n] == wanted or (b"\\" in at.names[n] and _plain(at.names[n]) == wanted):
            return n
    return -1


def _duplicates(at: _Container, names: list[bytes], pointer: str) -> list[Duplicate]:
    numbers: dict[bytes, list[int]] = {}
    for n, name in enumerate(names):
        numbers.setdefault(name, []).append(n)
    raw_names = at.names or []
    return [
        Duplicate(
            pointer,
            name.decode("utf-8", "surrogatepass"),
            tuple(_key(at, raw_names, n) for n in twice),
            tuple((at.starts[n], at.ends[n]) for n in twice),
            tuple(_cuts(at, [n])[0] for n in twice),
        )
        for name, twice in numbers.items()
        if len(twice) > 1
    ]


def _pointer(root: _Container, wanted: _Container) -> str:
    heads = [(root, [""])]
    while heads:
        at, path = heads.pop()
        if at is wanted:
            return "/".join(path)
        for n, inner in at.inner.items():
            heads.append((inner, [*path, _token(at, n)] if at is not root else path))
    raise ValueError("a container of another line")


def _token(at: _Container, n: int) -> str:
    if at.names is None:
        return str(n)
    return _plain(at.names[n]).decode("utf-8", "surrogatepass").replace("~", "~0").replace("/", "~1")


def _tokens(pointer: str) -> list[str]:
    if pointer and pointer[0] != "/":
        raise KeyError(pointer)
    return [t.replace("~1", "/").replace("~0", "~") for t in pointer.split("/")[1:]]


# ---- inside one string literal ----


def text_span(raw: bytes, value_span: Span, span: Span) -> Span:
    """The bytes of code points ``span`` of the string whose literal is at ``value_span``. Raises ValueError outside."""
    first = value_span[0] + 1
    inner = raw[first : value_span[1] - 1]
    start, end = span
    if not 0 <= start <= end:
        raise ValueError(f"span {start}:{end} is no span")
    if b"\\" not in inner and inner.isascii():
        if end > len(inner):
            raise ValueError(f"span {start}:{end} ends after the text")
        return first + start, first + end
    text = inner.decode()
    a, b = _literal_places(text, (start, end))
    return first + len(text[:a].encode()), first + len(text[:b].encode())


def _literal_places(text: str, points: Span) -> Span:
    """Where in the literal's ``text`` the code points of the decoded string stand."""
    found: list[int] = []
    read = decoded = 0  # places in the literal and in the decoded string behind the last escape
    wanted = iter(points)
    point = next(wanted)
    for match in _ESCAPE.finditer(text):
        plain = match.start() - read
        while point <= decoded + plain:
            found.append(read + point - decoded)
            if len(found) == 2:
                return found[0], found[1]
            point = next(wanted)
        read, decoded = match.end(), decoded + plain + 1
    found.extend(read + p - decoded for p in points[len(found) :])
    if found[1] > len(text):
        raise ValueError(f"span {points[0]}:{points[1]} ends after the text")
    return found[0], found[1]


def encode_text(new: str, literal: bytes, line: bytes = b"") -> bytes:
    """``new`` as the inside of a JSON string, escaped to ASCII or not as ``literal`` is, or ``line`` if that is mute.

    Raises ValueError for half a surrogate pair.
    """
    mute = literal.isascii() and not _ASCII_STYLE.search(literal)
    return encode_value(new, line if mute else literal)[1:-1]


def encode_value(new: Any, line: bytes) -> bytes:
    """``new`` as compact JSON, escaped to ASCII or not as ``line`` is. Raises ValueError or TypeError for no JSON."""
    encoded = json.dumps(new, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    if line.isascii() and _ASCII_STYLE.search(line):
        return json.dumps(new, separators=(",", ":")).encode()
    return encoded


def column(raw: bytes, byte: int) -> int:
    """1-based column, in code points, of the character that ``byte`` is part of; a byte that is no UTF-8 counts one."""
    byte = min(byte, len(raw))
    for lead in range(max(byte - 3, 0), byte):
        try:
            whole = raw[lead : lead + _width(raw[lead])].decode()
        except UnicodeDecodeError:
            continue
        if len(whole) == 1 and lead + len(whole.encode()) > byte:
            byte = lead
            break
    return len(raw[:byte].decode("utf-8", "surrogateescape")) + 1


def _width(lead: int) -> int:
    return 1 if lead < 0xC0 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4


def canonical(value: Any) -> bytes:
    """``value`` as JSON with sorted keys and no blanks."""
    import orjson

    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # integers over 64 bits, lone surrogates
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
