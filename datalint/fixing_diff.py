"""A change of one line as a piece of a unified diff: windowed, masked, with nothing invisible left."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher

from datalint.edits import shared_ends
from datalint.patterns import pattern

Mask = Callable[[str], str]
AROUND = 60  # characters shown beside a change
LONG = 240  # a longer change is shown by its two ends
_WORD = pattern(r"\w+\s*|\W")
_MANY_WORDS = 2000  # more are not compared one by one
_Change = tuple[int, int, int, int]  # start and end in the old text, start and end in the new one


def unmasked(text: str) -> str:
    """The mask that hides nothing."""
    return text


def diff(path: str, before: bytes, after: bytes | None, line: int, mask: Mask = unmasked) -> str:
    """The change of one line with the header of its file. ``after`` is None for a line that goes."""
    return header(path) + hunk(before, after, line, mask)


def header(path: str) -> str:
    """The two lines that name the file."""
    return f"--- {visible(path)}\n+++ {visible(path)}\n"


def hunk(before: bytes, after: bytes | None, line: int, mask: Mask = unmasked, shift: int = 0) -> str:
    """The change of one line. ``shift``: how many lines further down it stands in the new file."""
    old = mask(before.decode("utf-8", "surrogateescape"))
    if after is None:
        end = "…" if len(old) > 2 * AROUND else ""
        return f"@@ -{line} +{line + shift - 1},0 @@\n-{visible(old[: 2 * AROUND])}{end}\n"
    new = mask(after.decode("utf-8", "surrogateescape"))
    lines = [f"@@ -{line} +{line + shift} @@"]
    for a, b, c, d in changes(old, new):
        lines += "-" + _window(old, a, b), "+" + _window(new, c, d)
    if len(lines) == 1:
        lines.append(" (only masked text changes)")
    return "\n".join(lines) + "\n"


def changes(old: str, new: str) -> list[_Change]:
    """Where two texts differ, near differences taken together."""
    if old == new:
        return []
    first, last = shared_ends(old, new)
    a, b = old[first : len(old) - last], new[first : len(new) - last]
    found = [(0, len(a), 0, len(b))]
    if max(len(a), len(b)) > LONG:
        found = _by_words(a, b) or found
    return [(first + s, first + t, first + u, first + v) for s, t, u, v in found]


def _by_words(old: str, new: str) -> list[_Change]:
    words, others = _WORD.findall(old), _WORD.findall(new)
    if max(len(words), len(others)) > _MANY_WORDS:
        return []
    a, b = _starts(words), _starts(others)
    found: list[_Change] = []
    for op, i, j, k, m in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if op == "equal":
            continue
        if found and a[i] - found[-1][1] <= 2 * AROUND:
            found[-1] = (found[-1][0], a[j], found[-1][2], b[m])
        else:
            found.append((a[i], a[j], b[k], b[m]))
    return found


def _starts(words: list[str]) -> list[int]:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    return starts


def _window(text: str, start: int, end: int) -> str:
    middle = visible(text[start:end])
    if end - start > LONG:
        middle = visible(text[start : start + LONG // 2]) + "…" + visible(text[end - LONG // 2 : end])
    before = ("…" if start > AROUND else "") + visible(text[max(start - AROUND, 0) : start])
    return before + middle + visible(text[end : end + AROUND]) + ("…" if end + AROUND < len(text) else "")


def visible(text: str) -> str:
    """``text`` with every character that does not print by its number; a byte that is no UTF-8 by its value."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _number(ord(char)) for char in text)


def _number(code: int) -> str:
    return f"<{code - 0xDC00:02X}>" if 0xDC80 <= code <= 0xDCFF else f"<U+{code:04X}>"
