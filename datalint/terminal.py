"""Text for terminals: colour, width, visible control characters, excerpts with an underline, and the progress line.

Data never reaches a terminal as it is: whatever could move the cursor, reorder the line or hide is spelled out.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TextIO

import click

JOINERS = "\u200c\u200d"  # of emoji and of several scripts: kept, except where they are what was found
SPAN_LINES = 3  # lines shown of a span that runs over many
SEVERITY_COLOR = {"error": "red", "warning": "yellow", "info": "cyan"}


@dataclass(frozen=True, slots=True)
class Look:
    """What the place that text goes to can show."""

    color: bool = False
    encoding: str = "utf-8"
    width: int = 100

    @property
    def unicode(self) -> bool:
        """Whether every character can be written."""
        return self.encoding.lower().replace("_", "-").startswith(("utf", "cp65001"))

    @property
    def ellipsis(self) -> str:
        """What stands for text left out."""
        return "…" if self.unicode else "..."

    def paint(self, text: str, **style: Any) -> str:
        """The text in a colour, if there are colours."""
        return click.style(text, **style) if self.color and text else text

    def severity(self, level: str, said: str = "") -> str:
        """A severity, or what is said of it, in its colour; always in words."""
        return self.paint(said or level, fg=SEVERITY_COLOR[level], bold=True)


def wants_color(choice: str, tty: bool, environ: Mapping[str, str]) -> bool:
    """Whether to use colours: ``--color``, then FORCE_COLOR or CLICOLOR_FORCE, then NO_COLOR, then the terminal."""
    if choice in ("always", "never"):
        return choice == "always"
    if any(environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return not environ.get("NO_COLOR") and tty and environ.get("TERM") != "dumb"


def wants_progress(choice: bool | None, tty: bool, environ: Mapping[str, str]) -> bool:
    """Whether to draw a progress line: only ever on a terminal, and by default on none that is a log."""
    if not tty or choice is False:
        return False
    quiet = environ.get("CI") or environ.get("PRE_COMMIT") == "1" or environ.get("TERM") == "dumb"
    return choice is True or not quiet


@lru_cache(maxsize=4096)
def char_width(char: str) -> int:
    """Columns a character takes in a terminal."""
    if char < "\u0300":
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def text_width(text: str) -> int:
    """Columns a text takes in a terminal."""
    return len(text) if text.isascii() else sum(map(char_width, text))


def pad(text: str, width: int) -> str:
    """The text with blanks up to ``width`` columns."""
    return text + " " * (width - text_width(text))


def visible(text: str, look: Look) -> str:
    """The text on one line, with nothing in it that a terminal would obey or hide."""
    if text.isprintable() and (look.unicode or text.isascii()):
        return text
    return "".join(cell(char, look) for char in text)


def clip(text: str, width: int, look: Look) -> str:
    """``visible``, cut to ``width`` columns."""
    shown = visible(text[: width + 1], look)
    if len(text) <= width and text_width(shown) <= width:
        return shown
    room, kept = width - len(look.ellipsis), 0
    while kept < len(shown) and char_width(shown[kept]) <= room:
        room -= char_width(shown[kept])
        kept += 1
    return shown[:kept] + look.ellipsis


def cell(char: str, look: Look, marked: bool = False) -> str:
    """How one character is shown. ``marked``: it is part of what was found, so that even joiners are spelled out."""
    if not char.isprintable():
        char = _spelled(char, look, marked)
    if look.unicode or char.isascii():
        return char
    try:
        char.encode(look.encoding)
    except (UnicodeEncodeError, LookupError):
        return f"<U+{ord(char):04X}>"
    return char


def _spelled(char: str, look: Look, marked: bool) -> str:
    code = ord(char)
    if code < 0x20 or code == 0x7F:
        if not look.unicode:
            return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char, f"\\x{code:02x}")
        return "↵" if char == "\n" else "␡" if code == 0x7F else chr(0x2400 + code)
    if unicodedata.category(char) == "Zs" or (char in JOINERS and not marked):
        return char
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8
        return f"<{code - 0xDC00:02X}>"
    return f"<U+{code:04X}>"


class Row(NamedTuple):
    """One line of an excerpt and the marks below it, "" where nothing was found on it."""

    text: str
    mark: str = ""


def excerpt(text: str, span: tuple[int, int] | None, room: int, look: Look, *, around: int = 1) -> list[Row]:
    """The lines of ``text`` that hold ``span``, with ``around`` lines before and after, cut to ``room`` columns."""
    start, end = span if span is not None else (0, 0)
    start = max(0, min(start, len(text)))
    end = max(start, min(end, len(text)))
    rows: list[Row] = []
    hits = after = 0
    for a, b in _lines_from(text, start, around):
        last = b == len(text) and (a == b or text[-1] != "\n")
        hit = a <= start < b or (a < end and start < b) or (start == b and last)
        after += bool(hits and not hit)
        if after > around or (after and a == b):
            break
        if hit and hits == SPAN_LINES:
            rows.append(Row(look.ellipsis))
            break
        hits += hit
        focus = (max(a, start), max(a, min(b, end))) if span is not None and hit else None
        rows.append(_window(text, (a, b), focus, room, look))
    return rows


def _lines_from(text: str, start: int, around: int) -> Iterator[tuple[int, int]]:
    """Ranges of lines, each with its line feed, from ``around`` lines before the one that holds ``start``."""
    a = text.rfind("\n", 0, start) + 1
    for _ in range(around):
        a = text.rfind("\n", 0, a - 1) + 1 if a else 0
    while True:
        b = text.find("\n", a) + 1
        yield a, b or len(text)
        if not b:
            return
        a = b


def _window(text: str, line: tuple[int, int], focus: tuple[int, int] | None, room: int, look: Look) -> Row:
    """One line, whole if there is room for it, else what lies around ``focus``."""
    a, b = line
    f0, f1 = focus if focus is not None else (a, a)
    lo, hi = max(a, f0 - 2 * room), min(b, f0 + 2 * room)
    cells = [cell(c, look, f0 <= lo + i < f1) for i, c in enumerate(text[lo:hi])]
    widths = [text_width(c) for c in cells]
    left, right = 0, len(cells)
    if sum(widths) > room or (lo, hi) != (a, b):
        left, right = _fit(widths, f0 - lo, room - 2 * len(look.ellipsis))
    head = look.ellipsis if lo + left > a else ""
    tail = look.ellipsis if lo + right < b else ""
    shown = head + "".join(cells[left:right]) + tail
    if focus is None:
        return Row(shown)
    indent = len(head) + sum(widths[left : f0 - lo])
    return Row(shown, " " * indent + "^" * max(1, sum(widths[max(left, f0 - lo) : min(right, f1 - lo)])))


def _fit(widths: list[int], at: int, room: int) -> tuple[int, int]:
    """The largest slice of at most ``room`` columns around cell ``at``: a third before it, the rest after it."""
    left, used = at, 0
    while left and used + widths[left - 1] <= room // 3:
        left -= 1
        used += widths[left]
    right = at
    while right < len(widths) and used + widths[right] <= room:
        used += widths[right]
        right += 1
    while left and used + widths[left - 1] <= room:
        left -= 1
        used += widths[left]
    return left, right


def count(number: int, noun: str) -> str:
    """``1 record``, ``1,203,444 records``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float) -> str:
    """``0.31 s``, ``41.2 s``, ``3 min 12 s``."""
    if seconds >= 120:
        return f"{int(seconds) // 60} min {int(seconds) % 60} s"
    return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"


def size(number: float) -> str:
    """``512 MB``, ``1.2 GB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit in ("B", "kB") or number >= 100 else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"


class Progress:
    """One line on a terminal that says how far the run is; silent for the first second."""

    def __init__(
        self,
        stream: TextIO,
        look: Look,
        *,
        clock: Callable[[], float] = time.monotonic,
        delay: float = 1.0,
        every: float = 0.1,
    ) -> None:
        self._stream = stream
        self._look = look
        self._clock = clock
        self._every = every
        self._began = clock()
        self._next = self._began + delay
        self._drawn = False

    def __call__(self, done: int, total: int, records: int) -> None:
        """Bytes done of all bytes, and records so far."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + self._every
        self._drawn = True
        line = progress_line(done, total, records, now - self._began, self._look)
        self._stream.write(f"\r{line}\x1b[K")
        self._stream.flush()

    def close(self) -> None:
        """Take the line away."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False


def progress_line(done: int, total: int, records: int, seconds: float, look: Look) -> str:
    """``[=====     ]  43 %  512 MB of 1.2 GB  31,000 records/s  0:12 left``, cut to the width."""
    share = min(1.0, done / total) if total else 1.0
    filled = round(share * 24)
    bar = ("█" * filled + "░" * (24 - filled)) if look.unicode else f"[{'=' * filled}{' ' * (24 - filled)}]"
    parts = [f"{bar} {share:4.0%}", f"{size(done)} of {size(total)}", f"{records / max(seconds, 0.001):,.0f} records/s"]
    if 0 < share < 1:
        left = int(seconds / share - seconds) + 1
        parts.append(f"{left // 60}:{left % 60:02} left")
    return clip("  ".join(parts), look.width - 4, look)  # room for the ^C that a terminal echoes
