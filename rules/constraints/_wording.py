"""Words that a prompt wants in its answer, or not in it, at its start or at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex
from datalint_rules.answer._asked import items_of

from datalint import pattern

_Q = r"[\"“”'‘’«»「」]"
_WORD = rf"{_Q}(?<word>[^\"“”«»「」\n]{{1,60}}?)[,.]?{_Q}(?!\w)"
_TEXTS = (
    r"(?:sentence|story|poem|paragraph|tweet|letter|essay|text|response|answer|speech|haiku|limerick|line|tongue twister|headline|title"
    r"|slogan|quote|caption|phrase|question|summary|article|song|dialogue|joke|riddle)"
)
_STARTS = pattern(
    rf"(?i)\b{_TEXTS}\b[^.\n\"“”'‘]{{0,60}}\b(?:start(?:s|ing)?|begin(?:s|ning)?)\s+with\s+(?:the\s+)?(?:(?:word|words|phrase|line"
    rf"|sentence|opening|letters?)s?\s*[,:]?\s+)?{_WORD}"
)
_ENDS = pattern(
    rf"(?i)\b{_TEXTS}\b[^.\n\"“”'‘]{{0,60}}\b(?:end(?:s|ing)?|finish(?:es|ing)?|conclud(?:es|ing))\s+with\s+(?:the\s+)?(?:(?:word"
    rf"|words|phrase|line|sentence)s?\s*[,:]?\s+)?{_WORD}"
)
_AVOIDS = pattern(
    rf"(?i)\b(?:without\s+(?:using|including|mentioning|saying)|(?:do not|don't|must not|should not|never|cannot)\s+(?:use|include"
    rf"|mention|say|contain)|not\s+(?:using|containing|including)"
    rf"|avoid(?:ing)?(?:\s+(?:using|the use of))?)\s+(?:any of\s+)?(?:the\s+)?(?:following\s+)?(?<kind>words?|phrases?|letters?"
    rf"|characters?|terms?)\s*[,:]?\s+{_WORD}"
)
_USES = pattern(
    rf"(?i)\b(?:using|uses?|contain(?:s|ing)?|includ(?:es?|ing)|incorporat(?:es?|ing)|with|featuring|mention(?:s"
    rf"|ing)?)\s+(?:all\s+(?:of\s+)?)?(?:the\s+|both\s+the\s+|each\s+of\s+the\s+|these\s+)?(?:\w+\s+)?"
    rf"(?:words?|phrases?|terms?|keywords?)\s*[,:]?\s+(?<words>{_Q}[^\"“”\n]{{1,40}}?{_Q}(?:\s*(?:,|and|&"
    rf"|,\s*and)\s*{_Q}[^\"“”\n]{{1,40}}?{_Q}){{0,9}})"
)
_LETTER = pattern(
    rf"(?i)\b(?<verb>list|name|give|provide|suggest|think of|come up with|find|generate|state|identify|write|create"
    rf"|make)\b[^.\n\"“”'‘]{{0,60}}\b(?:that\s+|which\s+)?(?:start(?:s|ing)?|begin(?:s"
    rf"|ning)?)\s+with\s+(?:the\s+)?letters?\s+{_Q}?(?<letter>[A-Za-z]){_Q}?(?!\w)"
)
_QUOTED = pattern(rf"{_Q}([^\"“”«»\n]{{1,40}}?)[,.]?{_Q}(?!\w)")
_MAKES = pattern(
    r"(?i)\b(?:write|create|compose|construct|generate|make|come up with|rewrite|produce|form|craft|develop|give|provide|tell"
    r"|describe|design)\b"
)
_ELSE = pattern(
    r"(?i)\b(?:list|words? that|function|program|code|script|query|regex|synonyms?|antonyms?|definition|define|replace|instead"
    r"|explain|meaning|acronym|rhym\w+|identify|find|count|which"
    r"|each|every|all words|replac\w+|substitut\w+|related|associated|describ\w+ the (?:word|phrase|term)|etymology|translate|change"
    r"|complete|fill|edit|correct|incorrect\w*|pun|metaphor|simile|form of|tense|plural|opposite|acrostic|punch ?lines?|continu\w+"
    r"|finish\w*|follow(?:s|ed)? (?:by|up)|next|rest of|ending for|crossword|scrabble|anagram|alliteration)\b"
)
_TOKEN = pattern(r"[\p{L}\p{N}]+")
_GIVEN = pattern(
    r"(?i)\b(?:using|use|containing|contains|including|includes|incorporating|with)\s+(?:all (?:of )?)?(?:the|these)\s+(?:following"
    r"|given|provided|listed)?\s*(?:\w+\s+)?(?:words?|keywords?|terms?)(?=\s*(?:[.:\n]|\Z|below\b|given\b|provided\b|in (?:a"
    r"|the) (?:sentence|story)))"
)


class Wanted(NamedTuple):
    """A word and what is to be done with it."""

    kind: str
    word: str
    span: tuple[int, int]


def wanted(task: str, given: str) -> Iterator[Wanted]:
    """What a task says of the words of its answer; ``given``: what stands beside it."""
    if (match := _AVOIDS.search(task)) and not _AND.match(task, match.end()):
        kind = "letter" if match["kind"].lower().startswith(("letter", "char")) else "avoid"
        if kind == "avoid" or len(match["word"].strip()) == 1:
            yield Wanted(kind, match["word"].strip(), match.span())
    if _ELSE.search(_QUOTED.sub(" ", task)):
        return
    for kind, source in (("start", _STARTS), ("end", _ENDS)):
        if match := source.search(task):
            yield Wanted(kind, match["word"].strip(), match.span())
    if (match := _USES.search(task)) and _MAKES.search(task) and "without" not in task[: match.start()][-12:].lower():
        for word in _QUOTED.findall(match["words"]):
            yield Wanted("use", word.strip(), match.span())
    elif (match := _GIVEN.search(task)) and _MAKES.search(task):
        for item in _short(given or task[match.end() :]):
            yield Wanted("use", item, match.span())


def _short(given: str) -> list[str]:
    """The words of a list that is nothing else."""
    items = items_of(given.strip(" :\n")) or []
    return items if len(items) <= 10 and all(len(i.split()) <= 2 and _LATIN.fullmatch(i) for i in items) else []


_LATIN = pattern(r"[A-Za-z' -]+")


_AND = pattern(rf"\s*(?:,|and|or|&)\s*{_Q}")


def breaks(text: str, texts: list[str], want: Wanted) -> str:
    """How an answer breaks what was wanted of a word, "" if it does not."""
    word = _plain(want.word)
    if not word:
        return ""
    said = [_plain(t) for t in texts]
    lines = [_plain(line) for line in text.split("\n") if line.strip()]
    if want.kind == "start":
        return "" if any(t.startswith(word) for t in (*said, *lines)) else f"does not start with {want.word!r}"
    if want.kind == "end":
        return "" if any(t.endswith(word) for t in (*said, *lines)) else f"does not end with {want.word!r}"
    if want.kind == "letter":
        return f"has the letter {want.word!r}, which the prompt rules out" if _has_letter(said, want.word) else ""
    if want.kind == "avoid":
        return f"has {want.word!r}, which the prompt rules out" if all(f" {word} " in f" {t} " for t in said) else ""
    return "" if _uses(_plain(text), word) else f"{want.word!r} is missing, which the prompt wants used"


def _has_letter(said: list[str], letter: str) -> bool:
    return all(letter.casefold() in t for t in said)


def _plain(text: str) -> str:
    return " ".join(_TOKEN.findall(text.casefold().replace("’", "").replace("'", "")))


def _uses(said: str, phrase: str) -> bool:
    """Whether a text uses a word or the words of a phrase, in any of their forms."""
    squeezed = said.replace(" ", "")
    return all(_form(said, squeezed, word) for word in phrase.split() if len(word) > 3 or len(phrase.split()) == 1)


def _form(said: str, squeezed: str, word: str) -> bool:
    if word[: max(3, min(5, len(word) - 3))] in squeezed:
        return True
    return any(_near(word, other) for other in said.split())


def _near(word: str, other: str) -> bool:
    """Whether two words may be forms of one: "run" and "ran", "good" and "better" are; so is any other short one."""
    return word[:1] == other[:1] and len(word) <= 5 and abs(len(word) - len(other)) <= 3


def lettered(task: str) -> regex.Match[str] | None:
    """The letter that all items of a list are to start with."""
    return _LETTER.search(task)
