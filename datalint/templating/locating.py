"""Where the texts of a record stand in the text a template made of them.

A template is asked once, for each structure of a conversation, to render words that occur nowhere else. What comes back
tells the fixed parts around the texts. A record whose rendered text is just those parts with its own texts between them
is located beyond doubt; any other is searched, text after text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import regex

Span = tuple[int, int]
_MARK = regex.compile(r"<[^<>\s]{1,40}>|\[[^\[\]\s]{1,40}\]")
State = Literal["whole", "trimmed", "changed", "dropped", "empty"]
BEFORE, AFTER = "\t\n", "\n\t"  # around the words: whether a template trims


class Part(NamedTuple):
    """What became of one string. ``span``: where it stands in the rendered text; ``lost``: reasoning that does not."""

    state: State
    span: Span | None
    lost: str = ""


@dataclass(frozen=True)
class Frame:
    """The fixed parts of one structure. ``order``: which string follows each but the last; ``trims``: left and right."""

    fixed: tuple[str, ...]
    order: tuple[int, ...]
    trims: tuple[tuple[bool, bool], ...]

    @property
    def head(self) -> str:
        """What stands before the first text."""
        return self.fixed[0]

    @property
    def tail(self) -> str:
        """What stands after the last text."""
        return self.fixed[-1]


def word(number: int) -> str:
    """A word that no template and no record has."""
    return f"Qz{number:03d}vX"


def probe(number: int) -> str:
    """The word with space around it."""
    return f"{BEFORE}{word(number)}{AFTER}"


def frame_of(text: str, count: int) -> Frame:
    """What a text rendered of the probes 0 to ``count`` shows."""
    found = sorted((text.find(word(n)), n) for n in range(count) if word(n) in text)
    fixed, order, trims = [], [], []
    cursor = 0
    for start, n in found:
        end = start + len(word(n))
        left, right = not text[:start].endswith(BEFORE), not text.startswith(AFTER, end)
        fixed.append(text[cursor : start - (0 if left else len(BEFORE))])
        cursor = end + (0 if right else len(AFTER))
        order.append(n)
        trims.append((left, right))
    return Frame((*fixed, text[cursor:]), tuple(order), tuple(trims))


def locate(text: str, strings: Sequence[str], frame: Frame | None) -> list[Part]:
    """What became of each string."""
    if frame is not None:
        parts = _framed(text, strings, frame)
        if parts is not None:
            return parts
    return _searched(text, strings, frame)


def _framed(text: str, strings: Sequence[str], frame: Frame) -> list[Part] | None:
    """The parts, if the text is the fixed parts and the strings and nothing else."""
    parts = [_DROPPED if s else _EMPTY for s in strings]
    made: list[str] = []
    cursor = 0
    for fixed, n, (left, right) in zip(frame.fixed, frame.order, frame.trims, strict=False):
        string = strings[n]
        shown = string
        if left:
            shown = shown.lstrip()
        if right:
            shown = shown.rstrip()
        cursor += len(fixed)
        end = cursor + len(shown)
        if string:
            parts[n] = Part("whole" if len(shown) == len(string) else "trimmed", (cursor, end))
        cursor = end
        made += (fixed, shown)
    made.append(frame.tail)
    return parts if len(text) == cursor + len(frame.tail) and "".join(made) == text else None


def _searched(text: str, strings: Sequence[str], frame: Frame | None) -> list[Part]:
    """The parts, string after string. One that is found far off, with the next one before it, is not what is meant."""
    before = dict(zip(frame.order, frame.fixed, strict=False)) if frame is not None else {}
    parts: list[Part] = []
    cursor = 0
    for n, string in enumerate(strings):
        fixed = before.get(n, "")
        part = _find(text, string, cursor, fixed[-24:]) if string else _EMPTY
        if part.span is not None and part.span[0] - cursor > (len(fixed) or _HEADER):
            following = next((s.strip() for s in strings[n + 1 :] if s.strip()), "")
            at = text.find(following, cursor, part.span[0]) if following else -1
            if at >= 0:
                part = _find(text[:at], string, cursor, fixed[-24:])
        if part.span is not None:
            cursor = part.span[1]
        parts.append(part)
    return parts


def _find(text: str, string: str, cursor: int, before: str) -> Part:
    """The string, or what is left of it, from ``cursor`` on; where it follows ``before`` if it does anywhere."""
    stripped = string.strip()
    if not stripped:
        return _EMPTY
    for state in _FORMS:
        shown = string if state == "whole" else stripped
        at = _after(text, shown, cursor, before)
        if at >= 0:
            return Part(state, (at, at + len(shown)))
    if "</think>" in string:
        return _find_thought(text, string, cursor, before)
    escaped = json.dumps(string, ensure_ascii=False)[1:-1]
    at = text.find(escaped, cursor) if escaped != string else -1
    return Part("changed", (at, at + len(escaped))) if at >= 0 else _DROPPED


def _after(text: str, shown: str, cursor: int, before: str) -> int:
    """Where ``shown`` stands from ``cursor`` on, right after ``before`` if that is anywhere."""
    at = text.find(before + shown, max(0, cursor - len(before))) if before else -1
    return at + len(before) if at >= 0 else text.find(shown, cursor)


def _find_thought(text: str, string: str, cursor: int, before: str) -> Part:
    """An answer that a template takes apart at its reasoning: what stands before the answer, or nothing of it."""
    thought, _, said = string.rpartition("</think>")
    thought, said = thought.rpartition("<think>")[2].strip(), said.strip()
    start = text.find(thought, cursor) if thought else -1
    at = _after(text, said, cursor, before) if said else -1
    if start >= 0 and (at < 0 or at >= start or said in before):
        end = start + len(thought)
        at = text.find(said, end) if said else end
        return Part("changed", (start, at + len(said) if at >= 0 else end))
    return Part("changed", (at, at + len(said)), thought) if at >= 0 else _DROPPED


def terminator(gap: str, tail: str) -> int:
    """How many characters of ``gap``, which follows an answer, end it: those that also follow the last answer, whole
    markers only."""
    least = min(len(gap), len(tail))
    same = gap[: next((n for n in range(least) if gap[n] != tail[n]), least)]
    if len(same) == len(tail) or len(same) == len(gap):
        return len(same)
    for opening, closing in (("<", ">"), ("[", "]")):
        at = same.rfind(opening)
        if at >= 0 and closing not in same[at:]:
            same = same[:at]
    if not same and tail.strip() and (mark := _MARK.match(gap)) is not None:
        return len(mark.group())  # an earlier answer may end in another mark than the last one
    return len(same)


_FORMS: tuple[State, ...] = ("whole", "trimmed")
_HEADER = 120  # characters that a header has at most, where nothing is known of it
_DROPPED = Part("dropped", None)
_EMPTY = Part("empty", None)
