"""Pieces of code in an answer: fenced blocks, and answers that are code as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from datalint_rules.code._languages import of_fence, of_start, of_task

from datalint import Message, pattern, prose

_OPENING = pattern(r"\A(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)\n")
_SENTENCE = pattern(
    r"(?m)^\s*(?:[A-Z][a-z'’-]*|I|A)(?:,? [\w'’()`-]+){5,}|^\s*(?:[A-Z][a-z'’-]*|I|A)(?:,? [\w'’`-]+){2,}[.:!?]\s*$"
    r"|^\s*(?:\d+\.|[-*]) [A-Z]\w+(?: [\w'’]+){3,}"
)


class Snippet(NamedTuple):
    """A piece of code: its language, and where it starts in the text."""

    language: str
    code: str
    start: int
    fenced: bool


def fenced(message: Message) -> Iterator[Snippet]:
    """The closed fenced blocks whose language is named, by the fence or, where there is one language, by the prompt."""
    text = message.text
    unclosed = prose.unclosed_fence(text)
    for a, b in prose.fences(text):
        opening = _OPENING.match(text[a:b])
        if opening is None or opening["indent"].strip() or a == unclosed:
            continue
        start, code = a + opening.end(), text[a + opening.end() : b].rpartition("\n")[0]
        info = opening["info"].strip()
        language = of_fence(info) if info else of_start(code)
        if language is not None and code.strip():
            yield Snippet(language, code, start, True)


def bare(answer: Message) -> Snippet | None:
    """The whole answer, if it is code without a fence and the prompt or its start tells the language."""
    text = answer.text
    if prose.fences(text) or not text.strip():
        return None
    language = of_task(answer.prompt, text)
    if language is None or not _looks(text, language):
        return None
    return Snippet(language, text, 0, False)


def _looks(text: str, language: str) -> bool:
    """Whether an answer is code from its first line to its last."""
    if language in ("json", "xml", "html"):
        return (
            _SENTENCE.search(text) is None or text.lstrip()[:2] in ("<!", "<?") or text.lstrip()[:5].lower() == "<html"
        )
    if _SENTENCE.search(text):
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) > 1 or text.rstrip().endswith((";", "}", ")"))
