"""Questions for the same thing in another unit, base or notation."""

from __future__ import annotations

from fractions import Fraction

from datalint_rules.answer._expected import DIGIT, DIGITS, END, Expected, N
from datalint_rules.answer._measures import BASES, MEASURES, converted, from_base, in_base
from datalint_rules.answer._order import number

from datalint import pattern

_BASE = r"(?P<{0}>binary|octal|decimal|hexadecimal|hex|base[- ]?(?:2|8|10|16|two|ten)|roman numerals?)"
_TO_BASE = pattern(
    rf"(?i)\b(?:to|into|in|as|its|base 10 to)\s+(?:an?\s|its\s|the\s)?(?:equivalent\s)?{_BASE.format('to')}"
)
_FROM_BASE = pattern(
    rf"(?i)\b(?:from|the|this|following|given|a)\s+{_BASE.format('source')}(?!\s+(?:equivalent"
    rf"|representation|form|format|value))"
)
_ASKS_BASE = pattern(r"(?i)\bconvert|\btranslate|\bwrite|\bexpress|\brepresent|\bchange|\bwhat is")
_NO_BASE = pattern(r"(?i)\b(?:if|otherwise|add|subtract|plus|minus)\b")
_NAMED_BASE = pattern(r"(?i)\bbase[- ]?\d+")
_ALPHABETS = {
    2: r"(?:0b)?[01]{1,64}",
    8: r"(?:0o)?[0-7]{1,30}",
    16: r"(?:0x)?[0-9a-f]{1,30}",
    0: r"[ivxlcdm]{1,20}",
    10: r"\d{1,30}",
}
_NUMERALS = {
    base: pattern(rf"(?i)(?<![A-Za-z\d_.,-])(?:{alphabet})(?!\w|[.,]\d)") for base, alphabet in _ALPHABETS.items()
}
_UNIT = r"(?:square |cubic |fluid |degrees? |°)?[A-Za-z°²³℃℉]{1,12}(?:/[a-z]{1,6}|\s?per\s[a-z]+)?"
_CONVERT = pattern(
    rf"(?i)\bconvert\s+(?P<a>{N}|\d+/\d+)\s?(?P<u>{_UNIT})\s+(?:in)?to\s+(?:degrees? )?(?P<v>{_UNIT})(?=[\s.?!]*\Z)"
)
_HOW_MANY = pattern(
    rf"(?i)\b(?:how many|number of) (?P<v>{_UNIT})(?: are)?(?: there)? in (?P<a>{N}|an?"
    rf"|one) (?P<u>{_UNIT})(?=[\s.?!]*\Z)"
)
_UNITS_ONLY = pattern(
    rf"(?i)\bconvert\b.{{0,60}}?(?:from (?:degrees? )?(?P<u>{_UNIT}) )?(?:in)?to (?:degrees? )?(?P<v>{_UNIT})"
    rf"(?: from (?:degrees? )?(?P<u2>{_UNIT}))?(?=[\s.?!]*\Z)"
)
_MEASURED = pattern(rf"(?i)(?:[A-Za-z ]{{0,24}}[:=]\s*)?(?P<a>{N})\s?(?:degrees? |°)?(?P<u>{_UNIT})?\.?")
_DEGREES = pattern(r"^(?:degrees?|°)\s*(?=\w)")
_SPEEDS = {
    "miles per hour": "mph", "kilometers per hour": "kph", "kilometres per hour": "kph", "meters per second": "m/s",
    "metres per second": "m/s",
}  # fmt: skip
_TO_PERCENT = pattern(
    r"(?i)\b(?:convert|express|change|write)\b.{0,60}\b(?:to|into|as|in) (?:an? "
    r"|its )?(?:(?P<percent>percentage|percent)|decimal)"
)
_SHARE = pattern(rf"(?<![A-Za-z\d_.])\d+(?:\.\d+)?(?:/\d+)?%?{END}(?!/\d)")
_ONE = {"a": "1", "an": "1", "one": "1"}


def notation(task: str, given: str) -> Expected | None:
    """A number in another base, or in Roman numerals."""
    to = _TO_BASE.search(task)
    if to is None or _NO_BASE.search(task) or not _ASKS_BASE.search(task):
        return None
    source = next((m for m in _FROM_BASE.finditer(task) if m.start("source") != to.start("to")), None)
    target, base = _base(to["to"]), _base(source["source"]) if source else 10
    text = _NAMED_BASE.sub(" ", given or task)
    numerals = [
        n
        for n in _NUMERALS[base].findall(text)
        if DIGIT.search(n) or (base in (0, 16) and n.isupper() and (len(n) > 1 or given))
    ]
    if base == target or len(numerals) != 1 or DIGIT.search(text.replace(numerals[0], "", 1)):
        return None
    value = from_base(numerals[0], base)
    if value is None or (target == 0 and not 0 < value < 4000):
        return None
    if target == 10:
        return Expected(f"{numerals[0]} in decimal", (Fraction(value),))
    name = {2: "binary", 8: "octal", 16: "hexadecimal", 0: "Roman numerals"}[target]
    return Expected(f"{numerals[0]} in {name}", texts=(in_base(value, target),), alphabet=_ALPHABETS[target])


def _base(name: str) -> int:
    name = name.lower()
    for known, base in BASES.items():
        if name.startswith(known):
            return base
    return {"2": 2, "8": 8, "0": 10, "6": 16, "o": 2, "n": 10}[name[-1]]


def conversion(task: str, given: str) -> Expected | None:
    """An amount in another unit, or a temperature on another scale."""
    match = _CONVERT.search(task) or _HOW_MANY.search(task)
    if match and (not given or given in task):
        amount, source = _ONE.get(match["a"].lower(), match["a"]), match["u"]
    else:
        match, measured = _UNITS_ONLY.search(task), _MEASURED.fullmatch(given)
        if match is None or measured is None or DIGIT.search(task):
            return None
        amount, source = measured["a"], measured["u"] or match["u"] or match["u2"] or ""
    values = converted(number(amount.replace(",", "")), _unit(source), _unit(match["v"]))
    exact = MEASURES.get(_unit(source), ("",))[0] == "time"
    asks, loose = f"{amount} {source} in {match['v']}", Fraction(0) if exact else Fraction(1, 50)
    return Expected(asks, values, loose=loose, unit=match["v"]) if values else None


def _unit(name: str) -> str:
    name = _DEGREES.sub("", name.strip().lower()).replace("fluid ", "fluid-").replace("square ", "square-")
    return _SPEEDS.get(name, name)


def percentage(task: str, given: str) -> Expected | None:
    """A decimal number or a fraction as a percentage, or the other way round."""
    match = _TO_PERCENT.search(task)
    shares: list[str] = _SHARE.findall(task if given in task else f"{task} {given}")
    if match is None or len(shares) != 1 or len(DIGITS.findall(shares[0])) != len(DIGITS.findall(f"{task} {given}")):
        return None
    value, percent = number(shares[0]), shares[0].endswith("%")
    if bool(match["percent"]) == percent:
        return None
    if percent:
        return Expected(f"{shares[0]} as a decimal", (value / 100,))
    return (
        Expected(f"{shares[0]} in percent", (value * 100,))
        if match["percent"]
        else Expected(f"{shares[0]} as a decimal", (value,))
    )
