"""Where the values lie in JSON that goes over several lines.

Only brackets, commas and line feeds outside strings are looked at, piece by piece, so memory does not depend on the
size of a record. What does not belong there (a comma without a value, a bracket that closes nothing, two values without
a comma) is given out as an element of its own, which no parser accepts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt

from datalint.patterns import bytes_pattern
from datalint.readers import HEAD_BYTES

_STEP = 1 << 20
_WINDOW = 1 << 16
_BLANK = b" \t\r\n"
_RETRIES = 64  # damaged records after which a walk starts again; then the rest is one element
_QUOTE, _FEED, _COMMA, _OBJECT, _ARRAY, _END_OBJECT, _END_ARRAY = range(1, 8)
_KINDS = bytes(b'\0"\n,{[}]'.find(bytes([byte])) if bytes([byte]) in b'"\n,{[}]' else 0 for byte in range(256))
_DELTA = np.array([0, 0, 0, 0, 1, 1, -1, -1], dtype=np.int64)
_INDENT = bytes_pattern(rb"(?:^|\n)([ \t]*)\Z")


class Element(NamedTuple):
    """One record: bytes ``start`` to ``stop`` of the file, first line ``line``."""

    start: int
    stop: int
    line: int


class Mark(NamedTuple):
    """A bracket or comma that no value holds. ``within``: it closes a value."""

    at: int
    kind: int
    line: int
    within: bool


class Marks(NamedTuple):
    """Many marks, column by column."""

    places: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint8]
    lines: npt.NDArray[np.int64]
    within: npt.NDArray[np.bool_]


def walk(f: IO[bytes], start: int, *, array: bool) -> Iterator[Element]:
    """All values of a file from byte ``start`` on: those of an array, or those that follow each other.

    Where brackets do not pair, the walk starts again at the next line that looks like the start of a record.
    """
    line = 1
    if array:
        f.seek(start)
        before = f.read(HEAD_BYTES).partition(b"[")[0]
        start, line = start + len(before) + 1, line + before.count(b"\n")
    again: tuple[int, int] | None = (start, line)
    tries = 0
    while again is not None:
        one = _Walk(f, *again, array=array, patient=tries >= _RETRIES)
        yield from one.elements()
        again, tries = one.again, tries + 1


class _Walk:
    """One walk, from a place between two values to the end or to damage. ``again``: where the next one starts."""

    def __init__(self, f: IO[bytes], start: int, line: int, *, array: bool, patient: bool) -> None:
        self.again: tuple[int, int] | None = None
        self._f = f
        self._at = start
        self._line = line
        self._array = array
        self._patient = patient
        self._level = 0
        self._inside = 0  # 1 within a string
        self._value: Mark | None = None  # the bracket that opened the value we are in
        self._loose: Element | None = None  # a value without brackets, as far as it was seen
        # The bracket that closed the last value, or opened or closed the array; None behind other values.
        self._edge: Element | None = Element(start - 1, start, line)
        self._comma: Element | None = None  # the comma behind the last value
        self._filled = False  # a value stands where a comma must come before the next
        self._closed = not array
        self._newest = -1  # where the newest element starts
        self._found: list[Element] = []

    def elements(self) -> Iterator[Element]:
        """The values in order."""
        kept = b""
        while self.again is None:
            self._f.seek(self._at + len(kept))  # looking for where to start again moves the place
            more = self._f.read(_STEP)
            piece = kept + more
            kept = b"\\" if more and (len(piece) - len(piece.rstrip(b"\\"))) % 2 else b""
            if kept:
                piece = piece[:-1]  # what this backslash escapes comes with the next piece
            self._take(piece)
            self._at += len(piece)
            if not more and self.again is None:
                self._end()
                yield from self._found
                return
            yield from self._found
            self._found.clear()

    def _take(self, piece: bytes) -> None:
        marks = self._marks(piece)
        number = seen = wait = 0
        while number < len(marks.kinds) and self.again is None:
            mark = Mark(*(column[number].item() for column in marks))
            here = mark.at - self._at
            if self._value is None:
                self._between(piece, seen, here)
                self._flush()
            seen, number, wait = here + 1, number + 1, wait - 1
            if mark.kind == _COMMA:
                self._on_comma(mark)
            elif mark.kind in (_OBJECT, _ARRAY):
                self._on_open(mark)
            elif not mark.within:
                self._on_stray(mark)
            else:
                self._on_close(mark)
                if wait <= 0 and self.again is None:
                    passed, wait = self._run(piece, marks, number), 64
                    if passed:
                        number += passed
                        seen = self._found[-1].stop - self._at
        if self._value is None and self.again is None:
            self._between(piece, seen, len(piece))

    def _run(self, piece: bytes, marks: Marks, first: int) -> int:
        """Take in all objects from mark ``first`` on that follow each other as they should; how many marks that were."""
        if self._array and self._closed:
            return 0
        between, wanted = (b",", [_COMMA, _OBJECT, _END_OBJECT]) if self._array else (b"", [_OBJECT, _END_OBJECT])
        each = len(wanted)
        count = (len(marks.kinds) - first) // each
        fits = (marks.kinds[first : first + count * each].reshape(count, each) == wanted).all(axis=1)
        count = count if fits.all() else int(fits.argmin())
        if not count:
            return 0
        last = first + count * each
        closes = (marks.places[first - 1 : last - 1 : each] + 1 - self._at).tolist()
        starts = marks.places[first + each - 2 : last : each].tolist()
        if any(
            gap.strip() != between for gap in {piece[a : b - self._at] for a, b in zip(closes, starts, strict=True)}
        ):
            return 0
        stops = (marks.places[first + each - 1 : last : each] + 1).tolist()
        lines = marks.lines[first + each - 2 : last : each].tolist()
        self._found.extend(map(Element, starts, stops, lines))
        self._edge = Element(stops[-1] - 1, stops[-1], int(marks.lines[last - 1]))
        self._newest = starts[-1]
        return count * each

    def _marks(self, piece: bytes) -> Marks:
        """Brackets and commas at the level of the records."""
        if b"\\" in piece:
            piece = piece.replace(b"\\\\", b"__").replace(b'\\"', b"__")
        kinds = np.frombuffer(piece.translate(_KINDS), dtype=np.uint8)
        places = np.flatnonzero(kinds != 0)  # four times as fast as without the comparison
        kinds = kinds[places]
        feeds = places[kinds == _FEED]
        inside = _inside(kinds, self._inside)
        if len(inside):
            self._inside = int(inside[-1])
        outside = (inside == 0) & (kinds > _FEED)
        places, kinds = places[outside], kinds[outside]
        level = self._level + np.cumsum(_DELTA[kinds])
        level -= np.minimum(np.minimum.accumulate(level), 0)  # a bracket that closes nothing leaves the level at 0
        before = np.concatenate(([self._level], level[:-1]))
        flat = (before == 0) | (level == 0)
        lines = self._line + np.searchsorted(feeds, places[flat])
        self._line += len(feeds)
        if len(level):
            self._level = int(level[-1])
        return Marks(places[flat] + self._at, kinds[flat], lines, before[flat] > 0)

    def _give(self, element: Element) -> None:
        """Note an element, unless one at that place or behind it was given: then the damage there is told already."""
        if element.start > self._newest:
            self._newest = element.start
            self._found.append(element)

    def _between(self, piece: bytes, first: int, last: int) -> None:
        """Note text between brackets and commas: a value without brackets, or something that is no JSON."""
        text = piece[first:last]
        bare = text.strip()
        if not bare:
            return
        start = first + len(text) - len(text.lstrip())
        line = self._line - piece.count(b"\n", start)
        stop = self._at + start + len(bare)
        began = self._loose or Element(self._at + start, stop, line)
        self._loose = began._replace(stop=stop)

    def _flush(self) -> None:
        if self._loose is not None:
            self._give(self._loose)
            self._edge, self._filled, self._loose = None, True, None

    def _on_comma(self, mark: Mark) -> None:
        comma = Element(mark.at, mark.at + 1, mark.line)
        if self._filled and not self._closed:
            self._filled, self._comma = False, comma
        else:
            self._comma = None
            self._give(comma)

    def _on_open(self, mark: Mark) -> None:
        if self._array and (self._filled or self._closed) and self._edge is not None:
            # No comma between two values, or more after the end of the array.
            self._give(self._edge._replace(stop=mark.at + 1))
        if self._array and self._closed and mark.kind == _ARRAY and not self._patient:
            self.again = (mark.at + 1, mark.line)
        self._value = mark

    def _on_close(self, mark: Mark) -> None:
        opened = self._value
        if opened is None:
            return
        paired = mark.kind - opened.kind == _END_OBJECT - _OBJECT
        if not paired and self._restarts(opened, mark.at):
            return
        self._give(Element(opened.at, mark.at + 1, opened.line))
        self._edge = Element(mark.at, mark.at + 1, mark.line) if paired else None
        self._filled, self._value = True, None

    def _on_stray(self, mark: Mark) -> None:
        here = Element(mark.at, mark.at + 1, mark.line)
        if self._closed or mark.kind == _END_OBJECT:
            self._give(here)
            return
        if self._comma is not None and not self._filled:
            self._give(self._comma)
        self._closed = True
        self._edge = here

    def _end(self) -> None:
        self._flush()
        opened = self._value
        if opened is not None:
            stop = self._bare_end(opened.at, self._at, _BLANK)
            if not self._restarts(opened, stop):
                self._give(Element(opened.at, stop, opened.line))
        elif not self._closed and self._comma is not None and not self._filled:
            self._give(self._comma)
        elif not self._closed and self._edge is not None:
            self._give(self._edge)

    def _bare_end(self, first: int, last: int, bare: bytes) -> int:
        """The end of the bytes from ``first`` to ``last`` without those of ``bare`` at their end; at least one stays."""
        start = max(first, last - _WINDOW)
        self._f.seek(start)
        return max(start + len(self._f.read(last - start).rstrip(bare)), first + 1)

    def _restarts(self, opened: Mark, stop: int) -> bool:
        """Whether a record starts on a line of its own within the damaged value; then the value ends before it, and the
        walk starts again there."""
        if self._patient:
            return False
        wanted = b"\n" + self._indent(opened.at) + (b"{" if opened.kind == _OBJECT else b"[")
        at, line, kept = opened.at, opened.line, b""
        self._f.seek(at)
        while at < stop and (more := self._f.read(min(_STEP, stop - at))):
            text = kept + more
            found = text.find(wanted)
            if found >= 0:
                feed = at - len(kept) + found
                cut = self._bare_end(opened.at, feed, b" \t\r\n,")
                self._give(Element(opened.at, cut, opened.line))
                self.again = (feed + len(wanted) - 1, line + text.count(b"\n", 0, found + 1))
                return True
            kept = text[1 - len(wanted) :]
            line += text.count(b"\n", 0, len(text) - len(kept))
            at += len(more)
        return False

    def _indent(self, at: int) -> bytes:
        """The blanks before ``at`` on its line; none where something else stands there."""
        first = max(0, at - _WINDOW)
        self._f.seek(first)
        found = _INDENT.search(self._f.read(at - first))
        return bytes(found.group(1)) if found else b""


def _inside(kinds: npt.NDArray[np.uint8], inside: int) -> npt.NDArray[np.int64]:
    """Of each mark, whether it stands within a string (a quote: whether it opens one). No string goes over a line's
    end, so one left open ends there."""
    quotes = kinds == _QUOTE
    parity = (np.cumsum(quotes) + inside) & 1
    feeds = np.flatnonzero(kinds == _FEED)
    at_feeds = parity[feeds]
    if not at_feeds.any():
        return parity
    odd = feeds[np.diff(at_feeds, prepend=0) != 0]
    quotes[odd] = True
    return (np.cumsum(quotes) + inside) & 1
