"""What an answer says the result is, and whether that is one of the right ones."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import regex
from datalint_rules.answer._expected import Expected
from datalint_rules.answer._numbers import FULL_WIDTH, read, written

from datalint import pattern

LONGEST_ANSWER = 600
_SHOWN = pattern(
    r"(?<![A-Za-z\d_.]|\d,|\d[-−/:]|\^)(?P<sign>[-−](?=[$€£¥]?\d))?[$€£¥]?(?P<n>(?:\d{1,3}(?:,\d{3})+"
    r"|\d{1,40})(?:\.\d{1,40})?|\.\d{1,20})"
    r"(?:[eE](?P<e>[+-]?\d{1,3}))?(?:\s(?P<top>\d{1,3})/(?P<over>\d{1,3})|/(?P<under>\d{1,6}))?"
    r"(?:\s?[x×*]\s?10\s?(?:\^|\*\*)\s?[({]?(?P<ten>[-−]?\d{1,2}))?(?:\s(?P<scale>(?i:thousand|million|billion)))?"
)
_COMMA = pattern(r"(?<![A-Za-z\d_.,])[-−]?\d{1,9},\d{1,2}(?![\d,])")
_ENDS = pattern(r"\d\s*(?:to|-|–|and)\s*-?\d")  # of a range
_NEAR = 30  # characters before a number that say what it is
_TENTH = Fraction(1, 10)
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_STATED = pattern(
    r"(?i)(?:\b(?:is|are|be|was|equals?|(?:equal|equivalent|equals|comes?|amounts?) to|gives|approximately|about|roughly|around)|[=≈:→])"
    r"\s*[-−$€£¥(\"'*]*\s*\Z"
)
_SYMBOLIC = pattern(r"\d\s?(?:π|pi\b|√|\\pi|\\sqrt|\*\s?(?:π|pi\b))|\w\((?:['\"]|\w+\()")  # 49π, tool('area')
_DOUBTED = pattern(
    r"(?i)\b(?:cannot|can't|undefined|impossible|not possible|not enough|unable|sorry|error|depends"
    r"|between|no solution|remainder|infinite\w*|repeating)\b|无法|不能|余"
)
_NUMBER_WORD = pattern(
    r"(?i)\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|half)\b"
)
_YES = pattern(r"(?i)\A\W*(?:yes|true|correct|prime\b|是)|\bis (?:indeed )?an? prime\b|(?<!不)是(?:一个)?质数")
_NO = pattern(
    r"(?i)\A\W*(?:no|not|false|incorrect|composite|不)\b|\bis(?: not|n't) an? prime\b|\bis not prime\b|不是(?:一个)?质数"
)


class Claim(NamedTuple):
    """A wrong result: where it stands, what it says and what it should be."""

    span: tuple[int, int]
    said: str
    right: str


class _Shown(NamedTuple):
    value: Fraction
    step: Fraction
    span: tuple[int, int]


def wrong_claim(answer: str, prompt: str, wanted: Expected) -> Claim | None:
    """The wrong result that ``answer`` gives; None if it gives a right one, or none that is understood."""
    if len(answer) > LONGEST_ANSWER:
        return None
    if wanted.yes is not None:
        claim = _truth(answer, wanted.yes)
    elif wanted.texts:
        claim = _text(answer, prompt, wanted)
    else:
        claim = _number(answer, prompt, wanted)
    return claim if claim is not None and not _DOUBTED.search(answer) and not _SYMBOLIC.search(answer) else None


def _truth(answer: str, right: bool) -> Claim | None:
    yes, no = _YES.search(answer), _NO.search(answer)
    if no and yes and not no.start() <= yes.start():
        return None
    said = no or yes
    if said is None or (no is None) == right:
        return None
    return Claim(said.span(), said.group().strip(), "yes" if right else "no")


def _text(answer: str, prompt: str, wanted: Expected) -> Claim | None:
    flags = "" if "ivx" in wanted.alphabet else "(?i)"
    alphabet = wanted.alphabet.upper() if not flags else wanted.alphabet
    squeezed = regex.sub(r"(?<=\b[01]{4}) (?=[01]{4}\b)", "", answer) if "[01]" in alphabet else answer
    found = list(regex.finditer(rf"{flags}(?<![A-Za-z\d_.,])(?:{alphabet})(?![\w]|[.,]\d)", squeezed))
    found = [m for m in found if any(c.isdigit() for c in m.group()) or m.group().isupper()]
    rest = [m for m in found if m.group() not in prompt and (len(m.group()) > 1 or len(found) == 1)]
    if squeezed != answer or any(_plain(m.group()) in map(_plain, wanted.texts) for m in found) or not rest:
        return None
    if len({_plain(m.group()) for m in rest}) > 1:
        return None
    return Claim(rest[-1].span(), rest[-1].group(), wanted.texts[0].upper())


def _plain(text: str) -> str:
    text = text.lower()
    return text[2:].lstrip("0") if text[:2] in ("0x", "0b", "0o") else text.lstrip("0")


def _number(answer: str, prompt: str, wanted: Expected) -> Claim | None:
    shown = list(shown_numbers(answer))
    if not shown:
        return None
    at_end = _stated(answer, shown[-1]) or (len(shown) == 1 and not answer[: shown[0].span[0]].strip(" $€£¥(\"'*"))
    if at_end and _right(shown[-1], wanted):
        return None
    given = {s.value for s in shown_numbers(prompt)}
    own = [s for s in shown if s.value not in given]
    told = shown[-1:] if at_end else shown
    if any(_right(s, wanted) for s in (*own, *told)) or (wanted.unit and len(own) > 1) or _NUMBER_WORD.search(answer):
        return None
    if wanted.asks.startswith("the range") and _ENDS.search(answer):
        return None
    if any(
        abs(Fraction(n.replace("−", "-").replace(",", ".")) - v) <= _TENTH
        for n in _COMMA.findall(answer)
        for v in wanted.values
    ):
        return None
    stated = [s for s in shown if _stated(answer, s)]
    claim = next((s for s in (*stated, *own[::-1]) if s in own), shown[-1] if at_end else None)
    if claim is None:
        return None
    text = answer[slice(*claim.span)]
    right = " or ".join(
        dict.fromkeys(
            written(v, text.strip("$€£¥-−").split(" ")[0]) for v in wanted.values if v >= 0 or len(wanted.values) == 1
        )
    )
    return Claim(claim.span, text, right)


def _stated(answer: str, shown: _Shown) -> bool:
    """Whether the words before a number say that this is the result."""
    return _STATED.search(answer[max(0, shown.span[0] - _NEAR) : shown.span[0]]) is not None


def _right(shown: _Shown, wanted: Expected) -> bool:
    """Whether a number is a right value, to the digits it shows."""
    for value in wanted.values:
        off = abs(shown.value - value)
        if off * 2 <= shown.step or (shown.step < 1 and off < shown.step) or off <= abs(value) * wanted.loose:
            return True
        if (
            value and shown.step == Fraction(1, 1000) and shown.value * 1000 == value
        ):  # 2.469, where a point parts the thousands
            return True
        if off * 10**6 <= abs(value):
            return True
    return False


def shown_numbers(text: str) -> Iterator[_Shown]:
    """Every number in ``text``: its value, one in its last digit, and where it stands."""
    for match in _SHOWN.finditer(text.translate(FULL_WIDTH)):
        whole = read(match["n"])
        if whole is None:
            continue
        value, step = whole
        if match["over"] and int(match["over"]):
            value, step = value + Fraction(int(match["top"]), int(match["over"])), Fraction(0)
        elif match["under"] and int(match["under"]):
            value, step = value / int(match["under"]), Fraction(0)
        power = int((match["ten"] or match["e"] or "0").replace("−", "-"))
        factor = Fraction(10) ** power * _SCALES.get((match["scale"] or "").lower(), 1)
        value, step = value * factor, step * factor
        yield _Shown(-value if match["sign"] else value, step, match.span())
