"""Small closed questions: what is asked, and every right answer, computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import regex
from datalint_rules.answer._asked import items_of
from datalint_rules.answer._figures import figure
from datalint_rules.answer._formula import Parser
from datalint_rules.answer._measures import BASES, MEASURES, converted, from_base, in_base
from datalint_rules.answer._numbers import FULL_WIDTH
from datalint_rules.answer._order import number
from datalint_rules.answer._statistics import MEASURES as FIGURES
from datalint_rules.answer._statistics import OTHER
from datalint_rules.answer._tokens import Unread, tokens
from datalint_rules.answer._value import Way, evaluate, square_root

from datalint import pattern

LONGEST_TASK = 300
MOST_NUMBERS = 200
_N = r"[-−]?[$€£¥]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_LIST = pattern(
    rf"(?<![A-Za-z\d_.])({_N})(?:\s*(?:,\s*(?:and\s+)?|\s(?:and|&)\s|、|和)\s*({_N}))+(?![A-Za-z\d_%°]|[.,]\d|\s*[-+*/^])"
)
_ASKS = (
    r"(?:(?:please|can you|could you|kindly)\s+)*(?:calculate|compute|evaluate|solve|simplify|find|determine|what(?:'s| is| does)|how much (?:is|are|does)"
    r"|give|work out|perform|output|report|return|tell me|print|show)?(?: me)?"
)
_CALCULATES = pattern(
    rf"(?is)\s*{_ASKS}\s*(?:the |this |a |an |of |following |given |result |value |answer |expression|sum |math |maths |mathematical |arithmetic |simple |problem"
    r"|equation |operation|calculation|calculate |to |for |in |input |below |multiplication |addition |division |subtraction |equation|exponential |without using a calculator,? )*"
    r"[:：.]?\s*(?P<rest>[^\n]*?)\s*(?:equals?|equal to|come to)?\s*=?\s*[?.]*\s*"
)
_VERBS = pattern(
    rf"(?i)\s*(?:please )?(?:(?P<verb>add|multiply|divide|subtract)|what (?:is|do you get)(?: the result)?(?: of|when you)? (?P<verb2>multiplying|dividing|adding|subtracting))"
    rf"\s+(?:the )?(?:two )?(?:numbers? )?(?P<a>{_N})\s+(?P<how>and|to|by|from|with)\s+(?P<b>{_N})\s*[?.]*\s*"
)
_PERCENT = pattern(rf"(?i)(?P<a>\d+(?:\.\d+)?)\s?(?:%|percent) of (?P<b>{_N})(?![A-Za-z\d_%]|[.,]\d)")
_ROOT = pattern(
    rf"(?i)(?:square|(?P<cube>cube)) root (?:of|for) (?:the number )?(?P<a>{_N})(?![A-Za-z\d_%]|[.,]\d)|(?P<a2>\d+)的平方根"
)
_FACTORIAL = pattern(
    r"(?i)factorial (?:of|for) (?:the number )?(?P<a>\d{1,3})(?![A-Za-z\d_%]|[.,]\d)|(?P<a2>\d{1,3})的阶乘"
)
_PRIME = pattern(
    r"(?i)\b(?:is|whether|if|determine|check)\b.{0,40}?\b(?P<a>\d{1,9})\b.{0,20}?\b(?:an? )?prime\b|(?P<a2>\d{1,9})是(?:否是|不是)?(?:一个)?质数"
)
_PRIME_GIVEN = pattern(r"(?i)\b(?:is|whether|if|detect)\b.{0,40}\b(?:number|item|integer|this)\b.{0,20}\bprime\b")
_BASE = r"(?P<{0}>binary|octal|decimal|hexadecimal|hex|base[- ]?(?:2|8|10|16|two|ten)|roman numerals?)"
_TO_BASE = pattern(
    rf"(?i)\b(?:to|into|in|as|its|base 10 to)\s+(?:an?\s|its\s|the\s)?(?:equivalent\s)?{_BASE.format('to')}"
)
_FROM_BASE = pattern(
    rf"(?i)\b(?:from|the|this|following|given|a)\s+{_BASE.format('source')}(?!\s+(?:equivalent|representation|form|format|value))"
)
_UNIT = r"(?:square |cubic |fluid |degrees? |°)?[A-Za-z°²³℃℉]{1,12}(?:/[a-z]{1,6}|\s?per\s[a-z]+)?"
_CONVERT = pattern(
    rf"(?i)\bconvert\s+(?P<a>{_N}|\d+/\d+)\s?(?P<u>{_UNIT})\s+(?:in)?to\s+(?:degrees? )?(?P<v>{_UNIT})(?=[\s.?!]*\Z)"
)
_HOW_MANY = pattern(
    rf"(?i)\b(?:how many|number of) (?P<v>{_UNIT})(?: are)?(?: there)? in (?P<a>{_N}|an?|one) (?P<u>{_UNIT})(?=[\s.?!]*\Z)"
)
_UNITS_ONLY = pattern(
    rf"(?i)\bconvert\b.{{0,60}}?(?:from (?:degrees? )?(?P<u>{_UNIT}) )?(?:in)?to (?:degrees? )?(?P<v>{_UNIT})(?: from (?:degrees? )?(?P<u2>{_UNIT}))?(?=[\s.?!]*\Z)"
)
_MEASURED = pattern(rf"(?i)(?:[A-Za-z ]{{0,24}}[:=]\s*)?(?P<a>{_N})\s?(?:degrees? |°)?(?P<u>{_UNIT})?\.?")
_EQUATION = pattern(r"(?P<left>[^=\n:]{1,60})=(?P<right>[^=\n:]{1,60})")
_OF_EXTREMES = ("greatest common divisor", "least common multiple", "median", "range")
_EXTREMES = regex.compile(
    r"(?i)\b(?:pairs?|greatest|largest|max\w*|smallest|min(?:imum)?|highest|lowest|sub\w+|sum\b.*\bbetween|all the numbers)\b"
)
_NO_VALUE = regex.compile(
    r"(?i)\b(?:convert|infix|postfix|prefix|notation|steps|explain|property|equivalent|graph|form of|symbol|code|true|rewrite|table|story|problem to|word problem|written)\b"
)
_NUMBER_WORDS = {"a": "1", "an": "1", "one": "1"}


class Expected(NamedTuple):
    """A question and its right answers: numbers, or texts in one alphabet, or yes and no."""

    asks: str  # "the median of the numbers"
    values: tuple[Fraction, ...] = ()
    texts: tuple[str, ...] = ()
    alphabet: str = ""  # a pattern of texts of this kind
    yes: bool | None = None
    loose: Fraction = Fraction(0)  # share by which a value may be off
    unit: str = ""


def expected(task: str, given: str) -> Expected | None:
    """What the answer must be; None where the question is not understood as a whole."""
    task, given = task.translate(FULL_WIDTH), given.translate(FULL_WIDTH)
    if len(task) > LONGEST_TASK:
        return None
    if not given and "\n" in task:
        task, _, given = task.partition("\n")
    for solve in _SOLVERS:
        try:
            found = solve(task.strip(), given.strip())
        except (Unread, OverflowError):
            found = None
        if found is not None:
            return found if found.values or found.texts or found.yes is not None else None
    return None


def numbers_in(text: str) -> list[Fraction] | None:
    """The numbers of a text that is a list of numbers and nothing else."""
    items = items_of(text)
    if items is None or len(items) > MOST_NUMBERS:
        return None
    try:
        return [number(i.replace(",", "")) for i in items]
    except ValueError:
        return None


def _list(task: str, given: str) -> list[Fraction] | None:
    """The one list of numbers the task is about."""
    if given:
        found = numbers_in(given) or numbers_in(given.partition(":")[2])
        if found is None:
            run = _LIST.fullmatch(given.rstrip("."))
            found = _run(run) if run else None
        left = regex.findall(r"\d+", task)
        inside = set(regex.findall(r"\d+", given))
        return found if found and all(n in inside or n in (str(len(found)),) for n in left) else None
    head, _, rest = task.partition(":")
    if rest.strip() and not regex.search(r"\d", head):
        return numbers_in(rest)
    brackets = regex.search(r"[\[({]([-\d\s,.]+)[\])}]", task)
    if brackets:
        return (
            numbers_in(brackets[1])
            if len(regex.findall(r"\d", task)) == len(regex.findall(r"\d", brackets[1]))
            else None
        )
    runs = list(_LIST.finditer(task))
    if len(runs) != 1 or len(regex.findall(r"\d", task)) != len(regex.findall(r"\d", runs[0].group())):
        return None
    return _run(runs[0])


def _run(match: regex.Match[str]) -> list[Fraction]:
    return [number(n) for n in regex.findall(_N, match.group())]


def _statistic(task: str, given: str) -> Expected | None:
    named = [(name, compute) for name, pattern, compute in FIGURES if pattern.search(task)]
    if len(named) > 1 and named[-1][0] in ("sum", "mean"):
        named = [n for n in named if n[0] != "sum"]
    if len(named) != 1 or OTHER.search(task):
        return None
    name, compute = named[0]
    if name not in _OF_EXTREMES and _EXTREMES.search(task):
        return None
    numbers = _list(task, given)
    if not numbers or len(numbers) < 2:
        return None
    return Expected(f"the {name} of {len(numbers)} numbers", compute(numbers))


def _formula(task: str, given: str) -> Expected | None:
    if _NO_VALUE.search(task):
        return None
    rest = given if given and not regex.search(r"\d", task) else ""
    if rest:
        if not regex.search(
            r"(?i)\b(?:calculat|comput|evaluat|solv|simplif|result|answer|multipl|perform|work out|equation|expression|sum|arithmetic)",
            task,
        ):
            return None
        label = regex.match(r"(?i)(?:expression|equation|problem|input|calculate)s?\s*:\s*", rest)
        rest = rest[label.end() :] if label else rest
        rest = rest.rstrip("=?. ")
    else:
        match = _CALCULATES.fullmatch(task)
        if match is None or (given and given not in task):
            return None
        rest = match["rest"].strip("\"'“”$ ")
    return _value(rest)


def _value(text: str) -> Expected | None:
    line = tokens(text)
    if len(line) < 3 or any(t.kind in ("rel", "weak", "word", "other") for t in line):
        return None
    spoken = [
        t for t in line if t.kind in ("plus", "minus", "times", "divide") and t.text.isalpha() and len(t.text) > 1
    ]
    if spoken and len(line) > 3:  # does "two plus three times four" mean twenty?
        return None
    if line[0].kind == "num" and line[1].kind == "percent" and line[2].kind == "num":
        return None
    parser = Parser(line, 0)
    side = parser.side()
    if parser.at != len(line) or not side.node.operators:
        return None
    values = []
    for way in (Way(), Way(relative=True), Way(tight=True)):
        values.append(evaluate(side.node, way).low)
    dates = regex.fullmatch(r"\d{1,4}([-/])\d{1,2}\1\d{1,4}", text.strip())
    return None if dates else Expected(text.strip(), tuple(dict.fromkeys(values)))


def _verbs(task: str, given: str) -> Expected | None:
    match = _VERBS.fullmatch(task)
    if match is None or given:
        return None
    verb = (match["verb"] or match["verb2"]).lower()[:3]
    a, b = number(match["a"].replace(",", "")), number(match["b"].replace(",", ""))
    how = match["how"]
    if verb == "add":
        value = a + b
    elif verb == "mul":
        value = a * b
    elif verb == "div" and b and how == "by":
        value = a / b
    elif verb == "sub" and how == "from":
        value = b - a
    else:
        return None
    return Expected(task.strip(" .?"), (value,))


def _single(task: str, given: str) -> Expected | None:
    """Percentages, roots and factorials."""
    if given and given.strip(".") not in task:
        return None
    match = _PERCENT.search(task)
    if (
        match
        and _alone(task, match)
        and not regex.search(r"(?i)\b(?:more|less|increase|decrease|discount|tax|off|tip|after)\b", task)
    ):
        return Expected(match.group(), (number(match["a"]) * number(match["b"].replace(",", "")) / 100,))
    match = _ROOT.search(task)
    if match and _alone(task, match) and not match["cube"]:
        value = number((match["a"] or match["a2"]).replace(",", ""))
        return Expected(match.group(), (square_root(value), -square_root(value)))
    match = _FACTORIAL.search(task)
    if match and _alone(task, match):
        return _factorial(int(match["a"] or match["a2"]), match.group())
    return None


def _factorial(n: int, name: str) -> Expected | None:
    value = 1
    for factor in range(2, min(n, 170) + 1):
        value *= factor
    return Expected(name, (Fraction(value),)) if n <= 170 else None


def _alone(task: str, match: regex.Match[str]) -> bool:
    """Whether there are no other numbers in the task."""
    return not regex.search(r"\d", task[: match.start()] + task[match.end() :])


def _prime(task: str, given: str) -> Expected | None:
    match = _PRIME.search(task)
    if match and _alone(task, match):
        n = int(match["a"] or match["a2"])
    elif _PRIME_GIVEN.search(task) and regex.fullmatch(r"\D{0,12}\d{1,9}\.?", given):
        n = int(regex.findall(r"\d+", given)[0])
    else:
        return None
    prime = n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))
    return Expected(f"whether {n} is a prime number", yes=prime)


_ALPHABETS = {
    2: r"(?:0b)?[01]{1,64}",
    8: r"(?:0o)?[0-7]{1,30}",
    16: r"(?:0x)?[0-9a-f]{1,30}",
    0: r"[ivxlcdm]{1,20}",
    10: r"\d{1,30}",
}


def _notation(task: str, given: str) -> Expected | None:
    to = _TO_BASE.search(task)
    if (
        to is None
        or regex.search(r"(?i)\b(?:if|otherwise|add|subtract|plus|minus)\b", task)
        or not regex.search(r"(?i)\bconvert|\btranslate|\bwrite|\bexpress|\brepresent|\bchange|\bwhat is", task)
    ):
        return None
    source = next((m for m in _FROM_BASE.finditer(task) if m.start("source") != to.start("to")), None)
    target, base = _base(to["to"]), _base(source["source"]) if source else 10
    text = given or task
    named = regex.findall(r"(?i)\bbase[- ]?\d+", text)
    bare = regex.sub(r"(?i)\bbase[- ]?\d+", " ", text)
    numerals = regex.findall(rf"(?i)(?<![A-Za-z\d_.,-])(?:{_ALPHABETS[base]})(?![\w]|[.,]\d)", bare)
    numerals = [
        n for n in numerals if regex.search(r"\d", n) or (base == 0 and n.isupper()) or (base == 16 and n.isupper())
    ]
    if len(numerals) != 1 or base == target or len(named) > 2 or regex.search(r"\d", bare.replace(numerals[0], "", 1)):
        return None
    value = from_base(numerals[0], base)
    if value is None or (target == 0 and not 0 < value < 4000):
        return None
    if target == 10:
        return Expected(f"{numerals[0]} in decimal", (Fraction(value),))
    right = in_base(value, target)
    name = {2: "binary", 8: "octal", 16: "hexadecimal", 0: "Roman numerals"}[target]
    return Expected(f"{numerals[0]} in {name}", texts=(right,), alphabet=_ALPHABETS[target])


def _base(name: str) -> int:
    name = name.lower()
    for known, base in BASES.items():
        if name.startswith(known):
            return base
    return {"2": 2, "8": 8, "0": 10, "6": 16, "o": 2, "n": 10}[name[-1]]


def _unit(name: str) -> str:
    name = (
        regex.sub(r"(?i)^(?:degrees?|°)\s*(?=\w)", "", name.strip())
        .lower()
        .replace("fluid ", "fluid-")
        .replace("square ", "square-")
    )
    if regex.search(r"\sper\s", name):
        name = {
            "miles per hour": "mph",
            "kilometers per hour": "kph",
            "kilometres per hour": "kph",
            "meters per second": "m/s",
        }.get(name, "")
    return name


def _conversion(task: str, given: str) -> Expected | None:
    match = _CONVERT.search(task) or _HOW_MANY.search(task)
    if match and (not given or given in task):
        amount, source = _NUMBER_WORDS.get(match["a"].lower(), match["a"]), match["u"]
    else:
        match = _UNITS_ONLY.search(task)
        measured = _MEASURED.fullmatch(given)
        if match is None or measured is None or regex.search(r"\d", task):
            return None
        amount, source = measured["a"], measured["u"] or match["u"] or match["u2"] or ""
    if match["v"].lower() == "in" or not source:
        return None
    if _unit(source) in ("c", "f", "k", "g", "s", "h", "m") and not regex.search(r"\d", given + task):
        return None
    values = converted(number(amount.replace(",", "")), _unit(source), _unit(match["v"]))
    exact = _unit(source) in MEASURES and MEASURES[_unit(source)][0] == "time"
    asks, loose = f"{amount} {source} in {match['v']}", Fraction(0) if exact else Fraction(1, 50)
    return Expected(asks, values, loose=loose, unit=match["v"]) if values else None


def _percentage(task: str, given: str) -> Expected | None:
    if not regex.search(
        r"(?i)\b(?:convert|express|change|write)\b.{0,60}\b(?:to|into|as|in) (?:an? |its )?(?:percentage|percent|decimal)",
        task,
    ):
        return None
    numbers = regex.findall(
        r"(?<![A-Za-z\d_.])\d+(?:\.\d+)?(?:/\d+)?%?(?![A-Za-z\d_%]|[./]\d)",
        f"{task} {given if given not in task else ''}",
    )
    if len(numbers) != 1:
        return None
    value = number(numbers[0])
    percent = regex.search(r"(?i)\b(?:to|into|as|in) (?:an? |its )?percent", task) is not None
    if percent == numbers[0].endswith("%"):
        return None
    if percent:
        return Expected(f"{numbers[0]} in percent", (value * 100,))
    return Expected(f"{numbers[0]} as a decimal", (value / 100 if numbers[0].endswith("%") else value,))


def _equation(task: str, given: str) -> Expected | None:
    """A linear equation with one unknown."""
    if not regex.search(
        r"(?i)\bsolv|\bfind (?:the (?:value of )?)?[a-z]\b|\bvalue of [a-z]\b|\bsolution|\bunknown|求解|解方程", task
    ):
        return None
    text = given or task
    match = _EQUATION.search(
        regex.sub(r"(?i)^.*?(?=[-(]?(?:\d|\b[a-z]\b(?!\s[a-z]{2})))", "", text, count=1) if not given else text
    )
    if match is None or len(regex.findall("=", text)) != 1:
        return None
    return linear(match["left"], match["right"])


def linear(left: str, right: str) -> Expected | None:
    """The solution of ``left`` = ``right``, where both are linear in one letter."""
    right = regex.sub(r"(?i)[\s.,?]+(?:for|where|and find)\b.*|[.?,\s]+\Z", "", right)
    letters = set(regex.findall(r"[A-Za-z]", left + right))
    if len(letters) != 1 or not regex.search(r"\d", left + right):
        return None
    letter = letters.pop()
    if not regex.fullmatch(r"[-+*/().\d\sA-Za-z−]+", left + right):
        return None

    def at(value: int) -> Fraction:
        sides = []
        for side in (left, right):
            line = regex.sub(rf"(?<=[\d)])\s*{letter}|(?<=[\d)]){letter}", f"*({value})", side)
            line = regex.sub(rf"{letter}\s*(?=[\d(])", f"({value})*", line)
            parser = Parser(tokens(line.replace(letter, f"({value})").replace(")(", ")*(")), 0)
            node = parser.side().node
            if parser.at != len(parser.line):
                raise Unread
            sides.append(evaluate(node, Way()).low)
        return sides[0] - sides[1]

    if letter in (left.strip(), right.strip()):
        return None
    zero, one, two = at(0), at(1), at(2)
    if one == zero or two - one != one - zero:
        return None
    return Expected(f"{letter} in {left.strip()} = {right.strip()}", (zero / (zero - one),))


def _figure(task: str, given: str) -> Expected | None:
    found = figure(f"{task}\n{given}" if given else task)
    return Expected(found[0], found[1], loose=Fraction(1, 100)) if found else None


_SOLVERS: Sequence[Callable[[str, str], Expected | None]] = (
    _prime, _notation, _conversion, _percentage, _single, _verbs, _statistic, _figure, _equation, _formula,
)  # fmt: skip
