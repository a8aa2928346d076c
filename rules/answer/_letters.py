"""Tasks on the letters and words of a short text: what is asked, and whether an answer is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import regex
from datalint_rules.answer._asked import bare

from datalint import pattern

LONGEST_TEXT = 400
_QUOTED = pattern(r"[\"“‘'`]([^\"“”‘’'`\n]{1,200})[\"”’'`](?!\w)")
_AFTER_COLON = pattern(r":\s*([^:\n]{1,200})\Z")
_LABEL = pattern(r"(?i)\s*(?:input |given )?(?:string|word|text|sentence|phrase|input|name)\s*:\s*")
_WORD = pattern(r"[\p{L}\d]+(?:['’-][\p{L}\d]+)*")
_NUMBER = pattern(r"(?<![\d.,])\d{1,4}(?![\d.,]*\d)")
_NUMBER_WORDS = {
    word: n
    for n, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
_SPELT = pattern(r"(?i)\b(?:" + "|".join(_NUMBER_WORDS) + r")\b")

_ANAGRAM = pattern(r"(?i)\banagrams?\b")
_REVERSED_WORDS = pattern(
    r"(?i)\brevers\w*\s+(?:the\s+)?order of (?:the )?words?\b|\bwords? (?:in|of) (?:the "
    r"|this )?\w*\s?(?:in )?reverse(?:d)? order\b"
    r"|\bwords in reverse\b"
)
_REVERSED = pattern(
    r"(?i)\brevers\w*\s+(?:the\s+|this\s+|a\s+)?(?:following\s+|given\s+|input\s+)*(?:letters|characters"
    r"|string|word)\b(?!s)"
    r"|\bgiven a string,? reverse\b|\bspell\b.{0,40}\bbackwards?\b"
)
_WITHOUT_VOWELS = pattern(r"(?i)\b(?:remov|delet|eliminat|omit|strip)\w*\s+(?:all\s+)?(?:of\s+)?(?:the\s+)?vowels\b")
_UPPER = pattern(
    r"(?i)\b(?:convert|change|transform|turn|rewrite|make|put)\b.{0,40}\b(?:to|into"
    r"|in) (?:all )?(?:upper ?-?case|capital letters|caps)\b"
)
_LOWER = pattern(
    r"(?i)\b(?:convert|change|transform|turn|rewrite|make|put)\b.{0,40}\b(?:to|into|in) (?:all )?lower ?-?case\b"
)
_PALINDROME = pattern(r"(?i)\b(?:create|construct|generate|make|form|write|come up with)\b.{0,20}\bpalindrom(?:e|ic)\b")
_NO_PALINDROME = pattern(
    r"(?i)\b(?:minimum|number|how|check|whether|find|insert\w*|delet\w*|determine|detect|longest|function)\b"
)
_COUNTS = pattern(
    r"(?i)\b(?:how many|number of|count(?: of)?(?: all)?(?: how many)?)\b.{0,30}?\b(?P<what>vowels"
    r"|consonants|words|letters|characters)\b"
    r"(?!\s+(?:that|which|containing|with|starting|beginning|ending|longer|of length|start|begin|end|have"
    r"|contain|with))"
)
_OCCURRENCES = pattern(
    r"(?i)\b(?:how many times|number of (?:times|occurrences)|occurrences)\b.{0,30}?\b(?P<what>letter"
    r"|character|word)\s+[\"“‘'`]?(?P<it>[\p{L}']+?)[\"”’'`]?\s"
)
_SELECTIVE = pattern(
    r"(?i)\b(?:each|every|distinct|unique|different|substring|consecutive|capital|upper|lower|except"
    r"|excluding|without|longest|shortest"
    r"|most|least|per|average|frequency|syllables?|alphabet|using|poem|lines?|essay|paragraph|story|regex"
    r"|longer|new sentence|english words?)\b"
)
_SPACES_OUT = pattern(r"(?i)\b(?:excluding|without|not counting|ignoring)\b")


class Slip(NamedTuple):
    """What an answer gets wrong."""

    said: str
    right: str  # "" where it is not one thing
    span: tuple[int, int]


def source_of(task: str, given: str) -> str:
    """The text a task is about: what stands beside it, in quotes, or after a colon; "" if that is not clear."""
    if given:
        text = _LABEL.sub("", given, count=1)
        quoted = _QUOTED.fullmatch(text.strip().rstrip("."))
        return quoted[1] if quoted else text.strip().strip('"“”')
    named = _QUOTED.findall(task)
    if len(named) == 1:
        return str(named[0])
    after = _AFTER_COLON.search(task)
    return after[1].strip() if after and not named else ""


def judged(task: str, given: str, answer: str) -> Slip | None:
    """The slip of ``answer``; None where it is right, or the task or the answer is not understood."""
    for asks, judge in _JUDGES:
        if asks.search(task):
            source = source_of(task, given)
            if not source and asks is not _PALINDROME:
                return None
            return judge(task, source, answer) if len(source) <= LONGEST_TEXT else None
    return None


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _words(text: str) -> list[str]:
    return [w.casefold() for w in _WORD.findall(text)]


def _told(answer: str, source: str) -> tuple[str, tuple[int, int]] | None:
    """The one text an answer gives, without the words around it."""
    quoted = [m for m in _QUOTED.finditer(answer) if _letters(m[1]) != _letters(source)]
    if len(quoted) == 1:
        return quoted[0][1], quoted[0].span(1)
    if quoted or "\n" in answer.strip() or ":" in answer or (source and _letters(source) in _letters(answer)):
        return None
    text = bare(answer)
    start = answer.find(text)
    return (text, (start, start + len(text))) if text else None


def _anagram(task: str, source: str, answer: str) -> Slip | None:
    told = _told(answer, source)
    if (
        told is None
        or len(_WORD.findall(source)) > 3
        or len(told[0].split()) > 4
        or "," in told[0]
        or _SELECTIVE.search(task)
    ):
        return None
    mine, theirs = Counter(_letters(told[0])), Counter(_letters(source))
    if mine == theirs or not theirs or not told[0].isascii():
        return None
    over, missing = "".join((mine - theirs).elements()), "".join((theirs - mine).elements())
    what = " and ".join(filter(None, (missing and f"lacks {missing!r}", over and f"has {over!r} too many")))
    return Slip(f"{told[0]!r} is no anagram of {source!r}: it {what}", "", told[1])


def _reverse(task: str, source: str, answer: str) -> Slip | None:
    told = _told(answer, source)
    if told is None or _SELECTIVE.search(task):
        return None
    backwards = source[::-1]
    usual = (backwards, " ".join(w[::-1] for w in source.split()), " ".join(reversed(source.split())))
    return _compared(told, source, [_letters(u) for u in usual], backwards, f"{source!r} backwards")


def _reverse_words(task: str, source: str, answer: str) -> Slip | None:
    told = _told(answer, source)
    if told is None or _SELECTIVE.search(task) or len(_words(source)) < 3 or source.count(".") > 1:
        return None
    right = " ".join(reversed(source.rstrip(".!?").split()))
    if sorted(_words(told[0])) != sorted(_words(source)):
        return None
    return _compared(told, source, [_letters(right), _letters(source[::-1])], right, "the words in reverse order")


def _without_vowels(task: str, source: str, answer: str) -> Slip | None:
    told = _told(answer, source)
    if told is None:
        return None
    right = "".join(c for c in source if c.lower() not in "aeiou")
    usual = [_letters(right), _letters("".join(c for c in right if c.lower() != "y"))]
    return _compared(told, source, usual, right, "the text without its vowels")


def _cased(task: str, source: str, answer: str) -> Slip | None:
    right = source.upper() if _UPPER.search(task) else source.lower()
    told = _told(answer, "")
    if (
        told is None
        or _letters(told[0]) != _letters(source)
        or _SELECTIVE.search(task.replace("upper", "").replace("lower", "").replace("capital", ""))
    ):
        return None
    wanted, got = ("".join(c for c in t if c.isalpha()) for t in (right, told[0]))
    return None if wanted == got else Slip(f"not all in {'upper' if right.isupper() else 'lower'} case", right, told[1])


def _compared(
    told: tuple[str, tuple[int, int]], source: str, usual: Sequence[str], right: str, name: str
) -> Slip | None:
    """The slip of a text that is nearly one of the ``usual`` ones; another text is another task."""
    got = _letters(told[0])
    if got in usual or not usual[0] or got == _letters(source):
        return None
    wanted, mine = Counter(usual[0]), Counter(got)
    if sum((wanted & mine).values()) * 10 < 7 * max(len(got), len(usual[0])):
        return None
    return Slip(f"{name} is {right!r}, not {told[0]!r}", right, told[1])


def _palindrome(task: str, source: str, answer: str) -> Slip | None:
    told = _told(answer, "") if not _NO_PALINDROME.search(task) else None
    if told is None or not told[0].isascii() or not 2 <= len(_letters(told[0])) <= 60:
        return None
    letters = _letters(told[0])
    return None if letters == letters[::-1] else Slip(f"{told[0]!r} is no palindrome", "", told[1])


def _count(task: str, source: str, answer: str) -> Slip | None:
    match = _COUNTS.search(task)
    if match is None or (_SELECTIVE.search(task) and not _SPACES_OUT.search(task)):
        return None
    what = match["what"].lower()
    letters = [c for c in source.casefold() if c.isalpha()]
    if what == "vowels":
        counts = {
            sum(c in "aeiou" for c in letters),
            sum(c in "aeiouy" for c in letters),
            len(set(letters) & set("aeiou")),
        }
    elif what == "consonants":
        counts = {
            sum(c not in "aeiou" for c in letters),
            sum(c not in "aeiouy" for c in letters),
            len(set(letters) - set("aeiou")),
        }
    elif what == "words":
        counts = {len(source.split()), len(_words(source)), len(source.replace("-", " ").split())}
    else:
        bases = (source, source.strip(" .!?"), source.rstrip("."))
        counts = (
            {len("".join(b.split())) for b in bases}
            | {len(b) for b in bases}
            | {len(letters), sum(c.isalnum() for c in source)}
        )
    if not source.isascii() or ("vowels" in task and "consonants" in task):
        return None
    return _counted(answer, source, counts, f"{what} in {_short(source)!r}")


def _occurrences(task: str, source: str, answer: str) -> Slip | None:
    match = _OCCURRENCES.search(task)
    if match is None or source == match["it"] or not source.isascii():
        return None
    it = match["it"]
    if match["what"].lower() == "word":
        counts = {source.split().count(it), _words(source).count(it.casefold()), source.casefold().count(it.casefold())}
    elif len(it) != 1:
        return None
    else:
        counts = {source.count(it), source.casefold().count(it.casefold())}
    return _counted(answer, source, counts, f"{it!r} in {_short(source)!r}")


def _counted(answer: str, source: str, counts: set[int], name: str) -> Slip | None:
    given = set(_NUMBER.findall(source))
    shown = [m for m in _NUMBER.finditer(answer.replace(source, " " * len(source))) if m.group() not in given]
    spelt = [_NUMBER_WORDS[m.group().lower()] for m in _SPELT.finditer(answer.replace(source, " "))]
    if len(shown) != 1 or (set(spelt) | {int(shown[0].group())}) & counts or len(answer) > len(source) + 200:
        return None
    right = (
        " or ".join(map(str, sorted(counts)))
        if len(counts) < 3
        else str(min(counts, key=lambda c: abs(c - int(shown[0].group()))))
    )
    return Slip(f"{name}: {right}, not {shown[0].group()}", right if right.isdigit() else "", shown[0].span())


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


_JUDGES: Sequence[tuple[regex.Pattern[str], Callable[[str, str, str], Slip | None]]] = (
    (_ANAGRAM, _anagram),
    (_REVERSED_WORDS, _reverse_words),
    (_REVERSED, _reverse),
    (_WITHOUT_VOWELS, _without_vowels),
    (_UPPER, _cased),
    (_LOWER, _cased),
    (_PALINDROME, _palindrome),
    (_OCCURRENCES, _occurrences),
    (_COUNTS, _count),
)
