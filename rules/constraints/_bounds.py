"""How many words, sentences or paragraphs a prompt asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from datalint import pattern

_NAMES = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100,
}  # fmt: skip
_N = rf"(?:\d{{1,2}},\d{{3}}|\d{{1,4}}|{'|'.join(_NAMES)})"
NUMBER = _N
_LOW = r"at least|(?:a )?minimum(?: of)?|no (?:less|fewer) than|not (?:less|fewer) than|more than|over"
_HIGH = (
    r"at most|(?:a )?max(?:imum)?(?: of)?|(?:no|not) (?:more|longer|greater) than|up to|within|under|fewer than|less than"
    r"|below|(?:not|don't|doesn't) exceed(?:ing)?|limit(?:ed)? (?:of|to)|shorter than"
)
_ABOUT = r"about|around|approximately|roughly|nearly|almost|circa|some|~|≈|approx\.?"
_PHRASE = pattern(
    rf"(?i)(?<lead>(?<![\w-])(?:(?<low>{_LOW})|(?<high>{_HIGH})|(?<about>{_ABOUT})|(?<exact>exactly|precisely|only|just)"
    rf"|(?<between>between)"
    rf"|(?<in>in|into|using|with|of|to|containing|contains|contain|has|have|having|consisting of|be|is|use|uses)"
    rf"|(?<verb>write|compose|create|generate|provide|give|give me|produce|make)|(?<article>an?|the|this|these|those))[ \t]+)?"
    rf"(?<![\w.,$-])(?<n>{_N})(?:[ \t]*(?:-|–|to|and|or)[ \t]*(?<m>{_N}))?(?<glue>-|[ \t]+)(?:(?:full|complete|different|short|long|simple"
    rf"|separate|unique|distinct|original|concise|brief|coherent|English|or (?:less|fewer|more))[ \t]+)?(?<unit>words?|sentences?"
    rf"|paragraphs?)(?!\w|['’])(?![ -](?:pairs?|combinations?|problems?|games?|puzzles?|lists?|spans?|counts?|search\w*|clouds?)\b)"
    rf"(?:[ \t]+(?:or (?<fewer>less|fewer)|or (?<more>more)|(?<top>max(?:imum)?|at most|limit)|(?<least>minimum|at least)))?"
)
_OTHER = pattern(
    r"(?i)\b(?:each|every|per|both|apiece|respectively|outline|structure|prompts?|instructions?|questions?|templates?|program|function"
    r"|algorithm|script|command|how (?:to|do|can|many)|tips|titles?|headlines?|keywords?|pun|jokes?|rhym\w+|identify|find|extract|select"
    r"|pick|choose|count|sort|arrange|which|remove|delete|replace|translate|missing|fill|combine them|passwords?|acronyms?|anagrams?"
    r"|synonyms?|prefix|suffix|sentences? (?:with|containing) (?:\w+ ){0,2}errors?|dialogues?|conversations?|scripts?|poems?|haiku|songs?"
    r"|lyrics|verses?|limerick|code|regex|what is an?|compare|difference|edit|correct|punctuat\w+|proofread|typing|reading speed|rate"
    r"|multiple|vocabulary|the process|list of|bullet|following (?:\w+ )?sentences?|letters?|e-?mails?)\b"
)
_SHORTENS = pattern(r"(?i)\b(?:summar\w+|shorten|compress|condense|reduce|cut down|abridge)\b")
_THINKS = pattern(r"(?i)\b(?:think of|come up with|start(?:s|ing)? with|begin(?:s|ning)? with|end(?:s|ing)? with)\s+\Z")
_UNITS = pattern(r"(?i)word|sentence|paragraph")


class Bound(NamedTuple):
    """So many words, sentences or paragraphs: at least ``low``, at most ``high``. ``span``: where the prompt says so."""

    unit: str
    low: int
    high: int
    said: str
    span: tuple[int, int]


def number_of(text: str) -> int:
    """The value of a number in digits or in words."""
    return _NAMES.get(text.lower()) or int(text.replace(",", ""))


def bounds(bare: str) -> Iterator[Bound]:
    """The amounts that a task without its quotations sets for its answer; none where it may set them for something else."""
    if _UNITS.search(bare) is None or _OTHER.search(bare) is not None:
        return
    found = list(_PHRASE.finditer(bare))
    units = [m["unit"].lower().rstrip("s") for m in found]
    for match, unit in zip(found, units, strict=True):
        if units.count(unit) == 1 and (bound := _bound(match, unit)) is not None:
            yield bound


def _bound(match: regex.Match[str], unit: str) -> Bound | None:
    n = number_of(match["n"])
    m = number_of(match["m"]) if match["m"] else n
    said, span = match.group().strip(), (match.start(), match.end())
    plural = match["unit"].lower().endswith("s") or n == 1
    if match["high"] or match["fewer"] or match["top"] or "or less" in said or "or fewer" in said:
        low, high = 0, m
    elif match["low"] or match["more"] or match["least"] or "or more" in said:
        low, high = n, 10**9
    elif match["m"]:
        low, high = min(n, m), max(n, m)
    elif match["about"]:
        low, high = _loose(n, 0.5, 1.7)
    elif _is_asked(match, unit, plural):
        low, high = (n, n) if unit != "word" or n <= 20 else _loose(n, 0.6, 1.5)
        if (match["in"] or "").lower() in ("to", "into") or (
            n > 20 and unit == "word" and _SHORTENS.search(match.string)
        ):
            low = 0  # to shorten is to stay below
    else:
        return None
    if n == 0 or (unit == "word" and n < 2 and low):
        return None
    return Bound(unit, low, high, said, span)


def _is_asked(match: regex.Match[str], unit: str, plural: bool) -> bool:
    """Whether a plain number is that of the answer: "in 5 words", "a 5-word sentence", "write 5 sentences"."""
    if match["in"] and _THINKS.search(match.string, endpos=match.start("n")):
        return False
    if match["exact"] or match["in"]:
        return plural or match["glue"] == "-" or unit == "word"
    if match["verb"]:
        return unit != "word" or not plural
    return match["article"] is not None and match["article"].lower() in ("a", "an") and not (plural and unit != "word")


def _loose(n: int, low: float, high: float) -> tuple[int, int]:
    return int(n * low), int(n * high + 1)


_HAN_WORDS = pattern(
    r"(?<before>至少|不少于|不低于|最少|不超过|不多于|少于|最多|不得超过|控制在|约|大约|左右|用|在|写一篇|一篇|写)?\s*(?<n>\d{2,4})\s*个?(?:字|汉字)(?<after>以内|以上|之内|内|左右"
    r"|以下)?(?![母符节体典])"
)


_HAN_OTHER = pattern(r"每|各|标题|代码|函数|程序|这篇|这段|该文|\d\s*(?:到|至|[-–~～])\s*\d")


def han_bounds(bare: str) -> Iterator[Bound]:
    """The same for Chinese: so many characters."""
    found = list(_HAN_WORDS.finditer(bare)) if "字" in bare else []
    if len(found) != 1 or _HAN_OTHER.search(bare):
        return
    match, n = found[0], int(found[0]["n"])
    before, after = match["before"] or "", match["after"] or ""
    if before in ("至少", "不少于", "不低于", "最少") or after == "以上":
        low, high = n, 10**9
    elif before in ("不超过", "不多于", "少于", "最多", "不得超过") or after in ("以内", "之内", "内", "以下"):
        low, high = 0, n
    else:
        low, high = _loose(n, 0.5, 1.7)
    yield Bound("character", low, high, match.group().strip(), match.span())
