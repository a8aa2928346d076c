"""The answers that a prompt lets one choose from."""

from __future__ import annotations

from typing import NamedTuple

from datalint import pattern

_ITEM = r"[\"'“‘]?[\p{L}\d][\p{L}\d'’ -]{0,40}?[\"'”’]?"
# "Classify the text as positive, negative or neutral."
_CLASSES = pattern(
    rf"(?i)\b(?:classify|categori[sz]e|label|determine|decide|identify|tell|rate|say|state|predict|indicate|specify|mark|choose|judge"
    rf"|evaluate)\b[^.?!\n]{{0,120}}?"
    rf"\b(?:as|whether (?:it|this|the \w+) (?:is|has)|if (?:it|this|the \w+) is|is|between|either|into)\s+(?:(?:either|being|a|an"
    rf"|one of|the|having)\s+)*"
    rf"(?<options>{_ITEM}(?:\s*,\s*(?:an? )?{_ITEM}){{0,6}}\s*,?\s+(?:or|and)\s+(?:an? )?{_ITEM})\b[\"'”’]?(?=\s*(?:[.?!:(\n]|\Z"
    rf"|for\b|based\b|according\b|in (?:the|terms)\b|to\b|of\b|on\b|with\b|by\b))"
)
# "Positive or negative?" "Sentiment: positive / negative / neutral" "Options: a, b, c"
_CHOICES = pattern(
    rf"(?im)^(?:options|choices|labels|categories|classes|candidates"
    rf"|possible answers)\s*:\s*\[?(?<options>{_ITEM}(?:\s*[,/|;]\s*(?:or )?{_ITEM}){{1,9}})\]?\s*\.?\s*$"
)
_ANSWERED = pattern(
    r"(?i)\b(?:answer|respond|reply|output|return)\b[^.\n]{0,30}\b(?:with|in|either|is)?\s*(?:only |just |a |either "
    r"|simply )*[\"'“‘]?(?<one>yes|true)[\"'”’]?\s*(?:or|/|and)\s*[\"'“‘]?(?<other>no|false)[\"'”’]?"
    r"|\A\s*(?<one>true|yes)\s*(?:or|/)\s*(?<other>false|no)\s*[:?]"
)
_SPLIT = pattern(r"\s*(?:,|;|/|\|)\s*(?:or\s+|and\s+)?|\s+(?:or|and)\s+")
_LEAD = pattern(r"(?i)\A(?:an?|the|either|being|as)\s+")
_SEVERAL = pattern(
    r"(?i)\b(?:all that apply|each|every|following (?:\w+ )*?(?:words|items|sentences|statements|animals|list|things|objects|numbers"
    r"|foods|phrases|terms)"
    r"|these|list of|lists?|multiple labels|one or more|any of|rows|reviews|why|explain|such as|e\.g|for example|like|items|groups"
    r"|two categories|output|respond|return|print|write|if it|number|between \w+ and|not|answer (?:with|by|in)"
    r"|scale|degree|percentage|score|probability|\d+ (?:to|-) \d+)\b"
)
_COLON = pattern(r":\s")  # what follows is material
_NONE = pattern(r"(?i)\b(?:none|neither|both|either|cannot|can't|unclear|unknown|not enough|undetermined|depends)\b")
_WORD = pattern(r"[\p{L}\d]+")
_AGREES = pattern(
    r"(?i)\b(?:yes|no|not|true|false|correct|incorrect|right|wrong|accurate|inaccurate|yeah|nope|cannot|can't|isn't|doesn't|never"
    r"|untrue|never|is|are|does|do|can|was|were)\b"
)


class Options(NamedTuple):
    """What may be chosen, and where the prompt says so."""

    names: tuple[str, ...]
    span: tuple[int, int]


def options(task: str) -> Options | None:
    """The options of a task that lets one choose a single one."""
    joined = " or " in task or " and " in task or "," in task  # no pattern is needed to see that there is no list
    found = [m for m in (_CLASSES.finditer(task) if joined else ()) if not _COLON.search(task, 0, m.start("options"))]
    found.extend(_CHOICES.finditer(task))
    if len(found) != 1 or _SEVERAL.search(task):
        return None
    match = found[0]
    names = tuple(_LEAD.sub("", part.strip(" \"'“”‘’")) for part in _SPLIT.split(match["options"]))
    if len(names) < 2 or not all(len(n) > 1 and len(n.split()) <= 3 for n in names):
        return None
    return Options(names, match.span("options"))


def chosen(text: str, names: tuple[str, ...]) -> bool:
    """Whether a text names one of the options, in any form of its words."""
    if _NONE.search(text):
        return True
    said = [w.casefold() for w in _WORD.findall(text)]
    return any(_alike(word, part.casefold()) for name in names for part in _WORD.findall(name) for word in said)


def _alike(word: str, part: str) -> bool:
    stem = max(3, len(part) - 3)
    return word[:stem] == part[:stem] or (len(part) > 3 and part[:4] in word) or (len(word) > 3 and word in part)


def yes_or_no(task: str) -> tuple[int, int] | None:
    """Where a task says that it is answered by yes or no, or by true or false."""
    match = _ANSWERED.search(task)
    return match.span() if match is not None else None


def agrees(text: str) -> bool:
    """Whether a text says yes, no, true, false or the like."""
    return _AGREES.search(text) is not None
