"""What a prompt asks and what it gives: the task, its data, the answer, and lists in all three."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from datalint_rules.answer._arithmetic_words import words

from datalint import Message, pattern, prose

LONGEST_GIVEN = 4000
# Words of prompts for programs and texts rather than results; those of the first list only beside one of the second.
_MAKES = words(
    "write create design develop implement build generate construct devise come code give provide make outline compose would",
)
_THINGS = words(
    "function functions program programs script scripts code algorithm algorithms query queries method methods procedure",
    "procedures class regex formula formulas command steps plan app application story poem problem",
)
_PROGRAMS = words(
    "python java javascript typescript c++ c# ruby golang rust sql php perl bash excel pandas numpy haskell kotlin scala matlab",
    "algorithm pseudocode pseudo-code explain describe discuss debug complexity why",
)
_WORDS = pattern(r"[a-z][a-z+#-]*")
_PHRASES = pattern(
    r"\bfunction (?:to|that|which|for|in)\b|\bhow (?:do|would|can|to)\b|\bwhat (?:is"
    r"|are) (?:the )?(?:process|method|difference (?!between \S*\d))"
    r"|代码|函数|程序|算法|编写|解释"
)
_LABEL = pattern(r"\s*\p{Lu}?[\p{L}\d _-]{0,30}\s*[:=：]\s*")
_BRACKETS = pattern(r"[\[({]([^\[\](){}]*)[\])}]")
_MARKED = pattern(r"\s*(?:[-*•·+]|\(?\d{1,3}[.)、]|\(?[A-Za-z][.)])\s+")
_COMMA = pattern(r"\s*[,，、;；]\s*(?:(?:and|or|和)\s+)?")
_AND = pattern(r"\s+(?:and|&)\s+|\s*和\s*")
_QUOTES = "\"'“”‘’`*_«»「」"
_NUMBER = r"(?<![\w.,])[-−]?[$€£¥]?\d+(?:\.\d+)?(?:/\d+)?%?(?![\w%]|[.,]\d)"
_NUMBERS = pattern(rf"{_NUMBER}(?:\s*(?:,\s*(?:and\s+)?|\band\s+|\s)\s*{_NUMBER})++")


_NUMBER_ONLY = pattern(_NUMBER)
_THOUSANDS = pattern(r"\d,\d{3}(?!\d)")
_SPACED = pattern(r",\s+(?:and\s+)?")
_SHORT = pattern(r"(?<!\d)\d,\d|\d,\d{1,2}(?!\d)")


class Asked(NamedTuple):
    """A prompt and the answer to it. ``given`` is the data beside the task, or within it; "" if none is set off."""

    task: str
    given: str
    answer: Message


def asked(message: Message) -> Asked | None:
    """The task that starts with ``message``; None if nobody answers it, it is about code, or it is the data of one."""
    text, slots = message.text, message.turn.slots
    if len(text) > LONGEST_GIVEN or (len(slots) > 1 and message.record.layout.slots[slots[0]] is not message.slot):
        return None
    if _wants_text(text.lower()):
        return None
    given = "\n".join(m.text for m in message.siblings).strip() if len(slots) > 1 else ""
    if len(given) > LONGEST_GIVEN:
        return None
    answer = next((m for m in message.record.messages if m.role == "assistant" and _answers(m, message)), None)
    return Asked(text.strip(), given, answer) if answer is not None and answer.text.strip() else None


def _wants_text(text: str) -> bool:
    used = set(_WORDS.findall(text))
    return bool(used & _PROGRAMS or (used & _MAKES and used & _THINGS)) or _PHRASES.search(text) is not None


def _answers(message: Message, prompt: Message) -> bool:
    return not message.rejected and message.slot.kind == "content" and prompt.text in message.prompt


def is_code(text: str) -> bool:
    """Whether an answer is a program rather than a result."""
    return bool(prose.fences(text)) or prose.has_code(text)


def data_of(task: str, given: str) -> str:
    """The data of a task: what stands beside it, or in it after a colon, in brackets, in quotes or as a run of numbers."""
    if given:
        return given
    _, colon, rest = task.partition(":")
    if not colon:
        _, colon, rest = task.partition("：")
    if colon and len(rest.strip()) > 2:
        return rest.strip()
    _, line, rest = task.partition("\n")
    if line and rest.strip():
        return rest.strip()
    brackets = _BRACKETS.search(task)
    if brackets:
        return brackets[1]
    runs = _NUMBERS.findall(task)
    return max(runs, key=len) if runs else ""


def items_of(text: str, *, words: bool = False) -> list[str] | None:
    """The items of a list in ``text``; ``words``: of a sentence. None where it is not clear what they are."""
    text = text.strip()
    label = _LABEL.match(text)
    if label and len(text) - label.end() > 2 and "\n" not in label.group().strip():
        text = text[label.end() :].strip()
    brackets = _BRACKETS.fullmatch(text.rstrip(".。 "))
    if brackets:
        text = brackets[1]
    if any(mark in text for mark in "[]{}"):
        return None
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > 1:
        return _lines(lines)
    if not lines:
        return None
    line = lines[0]
    if words:
        return [bare(w) for w in line.split()] if bare(line) else None
    thousands = _THOUSANDS.search(line) is not None
    if thousands and _SPACED.search(line):
        parts = _SPACED.split(line)
    elif thousands and not _SHORT.search(line):
        return None
    else:
        parts = _COMMA.split(line)
    if len(parts) == 1:
        parts = line.split() if all(_NUMBER_ONLY.fullmatch(p) for p in line.split()) else _AND.split(line)
    elif _AND.search(parts[-1]) and len(_AND.split(parts[-1])) == 2:
        parts[-1:] = _AND.split(parts[-1])
    return _clean(parts)


def _lines(lines: Sequence[str]) -> list[str] | None:
    if all(_MARKED.match(line) for line in lines):
        return _clean([_MARKED.sub("", line, count=1) for line in lines])
    if any("," in line or ":" in line for line in lines):
        return None
    return _clean(list(lines))


def _clean(parts: list[str]) -> list[str] | None:
    items = [bare(p) for p in parts]
    if items and not items[-1]:
        items.pop()
    if len(items) < 2 or not all(items) or max(map(len, items)) > 60:
        return None
    return items


def bare(text: str) -> str:
    """An item without the quotes, full stops and spaces around it."""
    text = text.strip().strip(_QUOTES).strip()
    return text.rstrip(".。,;；!?").strip(_QUOTES).strip()
