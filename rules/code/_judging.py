"""What is wrong with the code of an answer, where it is understood and nobody wanted it wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex
from datalint_rules.code import _data, _grammars, _html, _python, _sql
from datalint_rules.code._flaw import Flaw, Parser, bounded, line_of
from datalint_rules.code._languages import SHOWN
from datalint_rules.code._snippets import Snippet, bare, fenced

from datalint import Message, pattern

TRIGGERS = (
    r"^[ \t]*(```|~~~)",
    r"^(#include [<]|<[?](php|xml)|#!|<!DOCTYPE|<!doctype|<html|def [a-z]|(import|from) [a-z]|SELECT |INSERT INTO |CREATE (TABLE"
    r"|DATABASE|VIEW) "
    r"|DELETE FROM |UPDATE )",
)
PROMPT_TRIGGERS = (
    r"(?i)\b(python|java ?script|typescript|java|node\.?js|react|jquery|php|golang|rust|ruby|flask|django|pandas|numpy|sql"
    r"|mysql|html|html5|json|xml"
    r"|yaml|toml|bash|shell)\b",
    r"(?i)\bc([+][+]|#)|\b(in|using) (c|go)\b|\b(c|go) (program|function|code|language)|\.net\b|\bc sharp",
)
_PROMPTS = tuple(pattern(source) for source in PROMPT_TRIGGERS)
_PARSERS: dict[str, Parser] = {
    "python": _python.parse,
    "json": _data.parse_json,
    "toml": _data.parse_toml,
    "yaml": _data.parse_yaml,
    "xml": _data.parse_xml,
    "html": _html.parse,
    "sql": _sql.parse,
}
# Words of tasks and comments about code that is wrong on purpose, or not code yet.
_WRONG = pattern(
    r"(?i)\b(?:wrong|invalid|incorrect|errors?|mistakes?|bugs?|buggy|broken|malformed|fails?|bad|not valid|don't|do not|avoid"
    r"|instead of|obfuscated"
    r"|pseudo-?code|template|skeleton|fill in|blanks?|incomplete|placeholders?|missing|unfinished|complete the (?:code|function"
    r"|following))\b"
    r"|错误|伪代码|模板|填空"
)
# Signs of an excerpt: left out, to be filled in, a difference, a template, what a program printed.
_EXCERPT = pattern(
    r"\.{3}|…|<(?:your|my|the|insert|enter|some|name|path|url|api|password|username|user|host|id|token|key|value|file)[^<>\n]{0,40}>"
    r"|\[(?:your|insert|enter|the)\b[^\]\n]*\]|\{\{|\{%|<%|(?m:^(?:[+-]{3} |@@ |[+-][^\s+-]|>>> |\$ \w))|\b(?:YOUR"
    r"|your)[_ ][A-Za-z]+ here\b"
    r"|(?im:^\s*(?:output|result|console|expected|input|usage|note|explanation|example)s?\b[\w ]{0,20}:)"
)


class Found(NamedTuple):
    """A flaw and the code it is in."""

    snippet: Snippet
    flaw: Flaw

    @property
    def span(self) -> tuple[int, int]:
        """The place in the answer."""
        at = self.snippet.start + min(self.flaw.at, max(len(self.snippet.code) - 1, 0))
        return at, at + 1

    def told(self, what: str) -> str:
        """The language, ``what`` it does, why and where."""
        of = "block" if self.snippet.fenced else "answer"
        line = line_of(self.snippet.code, self.flaw.at)
        return f"{SHOWN[self.snippet.language]} that {what}: {self.flaw.said} (line {line} of the {of})"


def judged(message: Message) -> Iterator[tuple[Message, Found]]:
    """The first flaw of each piece of code in an answer, or in the answer to a prompt."""
    answer = _answer(message) if message.role == "user" else message
    if answer is None or (message.role == "user") != _asked_by_name(answer):
        return
    if "code" not in answer.cache:
        answer.cache["code"] = tuple(_judged(answer))
    for found in answer.cache["code"]:
        yield answer, found


def _asked_by_name(answer: Message) -> bool:
    """Whether the prompt leads to this answer: it has no fence, and the prompt names a language."""
    if "```" in answer.text or "~~~" in answer.text:
        return False
    turn = next((t for t in _turns_before(answer)), None)
    return turn is not None and any(p.search(turn.text) for p in _PROMPTS)


def _turns_before(answer: Message) -> Iterator[Message]:
    """The first text of each user turn that this message answers."""
    for message in answer.record.messages:
        if message.role == "user" and _is_first(message) and _answer(message) is answer:
            yield message


def _is_first(message: Message) -> bool:
    slots = message.turn.slots
    return len(slots) <= 1 or message.record.layout.slots[slots[0]] is message.slot


def _answer(message: Message) -> Message | None:
    if not _is_first(message):
        return None
    return next(
        (
            m
            for m in message.record.messages
            if m.role == "assistant" and not m.rejected and m.slot.kind == "content" and message.text in m.prompt
        ),
        None,
    )


def _judged(answer: Message) -> Iterator[Found]:
    whole = bare(answer)
    snippets = [whole] if whole is not None else list(fenced(answer))
    for snippet in snippets:
        if not bounded(snippet.code):
            continue
        flaw = _flaw(snippet)
        if flaw is not None and not _meant(answer, snippet):
            yield Found(snippet, flaw)


def _flaw(snippet: Snippet) -> Flaw | None:
    parser = _PARSERS.get(snippet.language)
    flaw = parser(snippet.code) if parser is not None else _grammars.parse(snippet.code, snippet.language)
    return flaw if flaw is not None or snippet.language not in ("python", "javascript") else _half_word(snippet.code)


_LAST_WORD = pattern(r"(?:^|\n)(?<line>[^\n]*(?<![\w.\"'$/-]))(?<word>[A-Za-z_]\w{2,})\Z")


def _half_word(code: str) -> Flaw | None:
    """A last word that stands nowhere else, and starts another one of the code: ``retu`` of ``return total`` is none of it,
    ``tot`` is."""
    match = _LAST_WORD.search(code)
    if match is None or "#" in match["line"] or "//" in match["line"]:
        return None
    word, rest = match["word"], code[: match.start("word")]
    if word not in rest or regex.search(rf"\b{word}\b", rest):
        return None
    longer = regex.search(rf"\b{word}\w+", rest)
    return Flaw(match.start("word"), f"{word!r} is half of {longer.group()!r}", True) if longer else None


def _meant(answer: Message, snippet: Snippet) -> bool:
    """Whether the code is an excerpt, wrong on purpose, or the prompt's own."""
    if _EXCERPT.search(snippet.code) or snippet.code.strip() in answer.prompt:
        return True
    before = answer.text[max(0, snippet.start - 300) : snippet.start].rsplit("\n\n", 2)
    return _WRONG.search(answer.prompt) is not None or _WRONG.search(" ".join(before[-2:])) is not None
