"""Small closed questions: what is asked, and every right answer, computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import regex
from datalint_rules.answer._asked import items_of
from datalint_rules.answer._conversions import conversion, notation, percentage
from datalint_rules.answer._expected import DIGIT, DIGITS, END, Expected, N
from datalint_rules.answer._figures import figure
from datalint_rules.answer._formula import Parser
from datalint_rules.answer._linear import equation
from datalint_rules.answer._numbers import FULL_WIDTH
from datalint_rules.answer._order import number
from datalint_rules.answer._statistics import CUES, OTHER, named_in
from datalint_rules.answer._tokens import Unread, tokens
from datalint_rules.answer._value import Way, evaluate, square_root

from datalint import pattern

LONGEST_TASK = 300
MOST_NUMBERS = 200
_LIST = pattern(
    rf"(?<![A-Za-z\d_.])({N})(?:\s*(?:,\s*(?:and\s+)?|\s(?:and|&)\s|、|和)\s*({N}))+(?![A-Za-z\d_%°]|[.,]\d|\s*[-+*/^])"
)
_NUMBER = pattern(N)
_BRACKETS = pattern(r"[\[({]([-\d\s,.]+)[\])}]")
_LABEL = pattern(r"(?i)(?:expression|equation|problem|input|calculate)s?\s*:\s*")
_VALUE = pattern(
    r"(?i)\b(?:calculat|comput|evaluat|solv|simplif|result|answer|multipl|perform|work out|equation"
    r"|expression|sum|arithmetic)"
)
_CALCULATES = pattern(
    r"(?is)\s*(?:(?:please|can you|could you|kindly)\s+)*(?:calculate|compute|evaluate|solve|simplify|find"
    r"|determine|what(?:'s| is| does)"
    r"|how much (?:is|are|does)|give|work out|perform|output|report|return|tell me|print|show)?(?: me)?\s*"
    r"(?:the |this |a |an |of |following |given |result |value |answer |expression|sum |math |maths "
    r"|mathematical |arithmetic |simple "
    r"|problem|equation |operation|calculation|calculate |to |for |in |input |below |multiplication "
    r"|addition |division |subtraction "
    r"|exponential |without using a calculator,? )*"
    r"[:：.]?\s*(?P<rest>[^\n]*?)\s*(?:equals?|equal to|come to)?\s*=?\s*[?.]*\s*"
)
_NO_VALUE = pattern(
    r"(?i)\b(?:convert|infix|postfix|prefix|notation|steps|explain|property|equivalent|graph|form of"
    r"|symbol|code|true|rewrite|table"
    r"|story|problem to|word problem|written|sequence|series|pattern|next)\b"
)
_OPERATION = pattern(
    r"[\d)%²³]\s?(?:[-+*/xX×÷^−–·]|plus|minus|times|(?:multiplied|divided) by|% of)\s?[-$(√]{0,3}[.\d]|\)\("
)
_DATE = pattern(r"\d{1,4}([-/])\d{1,2}\1\d{1,4}")
_VERBS = pattern(
    r"(?i)\s*(?:please )?(?:(?P<verb>add|multiply|divide|subtract)|what (?:is"
    r"|do you get)(?: the result)?(?: of|when you)?"
    rf" (?P<verb2>multiplying|dividing|adding|subtracting))\s+(?:the )?(?:two )?(?:numbers? )?(?P<a>{N})\s+"
    rf"(?P<how>and|to|by|from|with)\s+(?P<b>{N})\s*[?.]*\s*"
)
_PERCENT = pattern(rf"(?i)(?P<a>\d+(?:\.\d+)?)\s?(?:%|percent) of (?P<b>{N}){END}")
_NO_PERCENT = pattern(r"(?i)\b(?:more|less|increase|decrease|discount|tax|off|tip|after)\b")
_ROOT = pattern(rf"(?i)square root (?:of|for) (?:the number )?(?P<a>{N}){END}|(?P<a2>\d+)的平方根")
_FACTORIAL = pattern(rf"(?i)factorial (?:of|for) (?:the number )?(?P<a>\d{{1,3}}){END}|(?P<a2>\d{{1,3}})的阶乘")
_PRIME = pattern(
    r"(?i)\b(?:is|whether|if)\s+(?:the\s+)?(?:number\s+|integer\s+)?(?P<a>\d{1,9})\s+(?:is\s+)?(?:an?\s+)?prime\b"
    r"|(?P<a2>\d{1,9})是(?:否是|不是)?(?:一个)?质数"
)
_PRIME_GIVEN = pattern(r"(?i)\b(?:is|whether|if|detect)\b.{0,40}\b(?:number|item|integer|this)\b.{0,20}\bprime\b")
_ONE_NUMBER = pattern(r"\D{0,12}(\d{1,9})\.?")
_OF_EXTREMES = ("greatest common divisor", "least common multiple", "median", "range")
_EXTREMES = pattern(
    r"(?i)\b(?:pairs?|greatest|largest|max\w*|smallest|min(?:imum)?|highest|lowest|sub\w+|sum\b.*\bbetween"
    r"|all the numbers)\b"
)


def expected(task: str, given: str) -> Expected | None:
    """What the answer must be; None where the question is not understood as a whole."""
    if len(task) > LONGEST_TASK or not (DIGIT.search(task) or DIGIT.search(given)):
        return None
    task, given = task.translate(FULL_WIDTH), given.translate(FULL_WIDTH)
    if not given and "\n" in task:
        task, _, given = task.partition("\n")
    whole = f"{task} {given}".lower()
    for cues, solve in _SOLVERS:
        if any(cue in whole for cue in cues):
            try:
                found = solve(task.strip(), given.strip())
            except (Unread, ValueError):
                continue
            if found is not None:
                return found if found.values or found.texts or found.yes is not None else None
    return None


def _numbers(text: str) -> list[Fraction] | None:
    """The numbers of a text that is a list of numbers and nothing else."""
    items = items_of(text)
    if items is None or len(items) > MOST_NUMBERS:
        return None
    try:
        return [number(i.replace(",", "")) for i in items]
    except ValueError:
        return None


def _list(task: str, given: str) -> list[Fraction] | None:
    """The one list of numbers the task is about, if no other number is in it."""
    if given:
        found = _numbers(given) or _numbers(given.partition(":")[2]) or _run(_LIST.fullmatch(given.rstrip(".")))
        inside = set(DIGITS.findall(given))
        return found if found and all(n in inside or n == str(len(found)) for n in DIGITS.findall(task)) else None
    head, _, rest = task.partition(":")
    if rest.strip() and not DIGIT.search(head):
        return _numbers(rest)
    brackets = _BRACKETS.search(task)
    if brackets:
        return _numbers(brackets[1]) if _holds_all(task, brackets[1]) else None
    runs = list(_LIST.finditer(task))
    return _run(runs[0]) if len(runs) == 1 and _holds_all(task, runs[0].group()) else None


def _holds_all(task: str, part: str) -> bool:
    return len(DIGITS.findall(task)) == len(DIGITS.findall(part))


def _run(match: regex.Match[str] | None) -> list[Fraction] | None:
    return [number(n.replace(",", "")) for n in _NUMBER.findall(match.group())] if match is not None else None


def _statistic(task: str, given: str) -> Expected | None:
    named = named_in(task)
    if len(named) != 1 or OTHER.search(task) or (named[0][0] not in _OF_EXTREMES and _EXTREMES.search(task)):
        return None
    name, compute = named[0]
    numbers = _list(task, given)
    if not numbers or len(numbers) < 2:
        return None
    return Expected(f"the {name} of {len(numbers)} numbers", compute(numbers))


def _formula(task: str, given: str) -> Expected | None:
    if not _OPERATION.search(f"{task}\n{given}") or _NO_VALUE.search(task):
        return None
    if given and not DIGIT.search(task):
        if not _VALUE.search(task):
            return None
        return _value(_LABEL.sub("", given, count=1).rstrip("=?. "))
    match = _CALCULATES.fullmatch(task) if not given or given in task else None
    return _value(match["rest"].strip("\"'“”$ ")) if match is not None else None


def _value(text: str) -> Expected | None:
    line = tokens(text)
    if len(line) < 3 or _DATE.fullmatch(text) or any(t.kind in ("rel", "weak", "word", "other") for t in line):
        return None
    named = any(t.text.isalpha() and len(t.text) > 1 for t in line)
    if named and len(line) > 3:  # is two plus three times four twenty?
        return None
    parser = Parser(line, 0)
    side = parser.side()
    if parser.at != len(line) or not side.node.operators:
        return None
    values = (evaluate(side.node, way).low for way in (Way(), Way(relative=True), Way(tight=True)))
    return Expected(text, tuple(dict.fromkeys(values)))


def _verbs(task: str, given: str) -> Expected | None:
    match = _VERBS.fullmatch(task)
    if match is None or given:
        return None
    verb, how = (match["verb"] or match["verb2"]).lower()[:3], match["how"].lower()
    a, b = number(match["a"].replace(",", "")), number(match["b"].replace(",", ""))
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
    if match and _alone(task, match) and not _NO_PERCENT.search(task):
        return Expected(match.group(), (number(match["a"]) * number(match["b"].replace(",", "")) / 100,))
    match = _ROOT.search(task)
    if match and _alone(task, match):
        root = square_root(number((match["a"] or match["a2"]).replace(",", "")))
        return Expected(match.group(), (root, -root))
    match = _FACTORIAL.search(task)
    if match and _alone(task, match):
        return Expected(match.group(), (_factorial(int(match["a"] or match["a2"])),))
    return None


def _factorial(n: int) -> Fraction:
    if n > 170:
        raise Unread
    value = 1
    for factor in range(2, n + 1):
        value *= factor
    return Fraction(value)


def _alone(task: str, match: regex.Match[str]) -> bool:
    """Whether there are no other numbers in the task."""
    return not DIGIT.search(task[: match.start()] + task[match.end() :])


def _prime(task: str, given: str) -> Expected | None:
    match = _PRIME.search(task)
    if match is not None and _alone(task, match):
        n = int(match["a"] or match["a2"])
    else:
        match = _ONE_NUMBER.fullmatch(given)
        if match is None or not _PRIME_GIVEN.search(task):
            return None
        n = int(match[1])
    prime = n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))
    return Expected(f"whether {n} is a prime number", yes=prime)


def _figure(task: str, given: str) -> Expected | None:
    found = figure(f"{task}\n{given}" if given else task)
    return Expected(found[0], found[1], loose=Fraction(1, 100)) if found else None


# The questions, each with words of which one is in it.
_SOLVERS: Sequence[tuple[tuple[str, ...], Callable[[str, str], Expected | None]]] = (
    (("prime", "质数"), _prime),
    (("binary", "octal", "hex", "decimal", "roman", "base"), notation),
    (("convert", "how many", "number of"), conversion),
    (("percent", "decimal"), percentage),
    (("%", "percent", "root", "factorial", "平方根", "阶乘"), _single),
    (("add", "multipl", "divid", "subtract"), _verbs),
    (CUES, _statistic),
    (("area", "perimeter", "volume", "circumference"), _figure),
    (("=",), equation),
    (("+", "-", "*", "/", "×", "÷", "−", "–", "^", "x", "plus", "minus", "times", "by", "%"), _formula),
)
