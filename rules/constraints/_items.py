"""Lists in answers, and how many items a prompt asks for."""

from __future__ import annotations

from typing import NamedTuple

from datalint_rules.constraints._bounds import NUMBER, number_of

from datalint import pattern

_VERBS = (
    r"list|name|give(?: me)?|provide(?: me)?(?: with)?|suggest|identify|state|mention|brainstorm|think of|come up with|offer|propose"
    r"|recommend|tell me|generate|create|write|make|describe|explain|outline|discuss|compile|produce|enumerate|cite|show|present|share"
)
_ASKED = pattern(
    rf"(?i)(?:\A|[.!?,:]\s+|\b(?:please|can you|could you|and|then|to)\s+)(?<verb>{_VERBS})\s+(?:(?:me|us|out|down|up)\s+)?(?:(?:with"
    rf"|for me)\s+)?"
    rf"(?:(?:a|the)\s+(?:\w+\s+)?(?:list|set|series|collection|number)\s+of\s+|the\s+)?(?:(?<mod>at least|exactly|up to|at most"
    rf"|a minimum of|top|first|any|only|about|around|just)\s+)?"
    rf"(?<n>{NUMBER})(?<range>\s*(?:-|–|to|or)\s*(?:{NUMBER}|more|less|fewer))?\s+(?<what>(?:[\w'’,-]+\s+){{0,4}}?[\w-]*(?:s|people"
    rf"|children|criteria|phenomena)\b)"
)
_MEASURES = pattern(
    r"(?i)\b(?:sentences?|paragraphs?|lines?|stanzas?|verses?|minutes?|hours?|days?|weeks?|months?|years?|times|dollars|pages?"
    r"|decades?|centur\w+"
    r"|sided|point|percent|step|dimension\w*|\w*digits?|player|person|word sentence|syllables?|parts?|sections?|columns?|rows?|sets?|pairs?"
    r"|lists?|categories|groups|levels?|courses?|meals?|following|words?|phrases?)\b"
)
_ELSE = pattern(
    r"(?i)\b(?:each|every|per|both|respectively|pros|cons|recipes?|dialogue|conversation|poem|story|essay|paragraph|summary|code"
    r"|program|table"
    r"|between|compare|contrast|difference|sort|rank|script|haiku|quiz|multiple.choice|options?|if any|or more|with at least"
    r"|along with|as well as)\b"
)
_OTHER_NUMBER = pattern(rf"(?i)(?<![\w.-]){NUMBER}(?![\w.-])")
_NUMBERED = pattern(r"(?m)^[ \t]*(?:\*\*|\#+ )?\(?(\d{1,3})(?:[.)、:]|\s?[-–])\s*(?=\S)")
_INLINE = pattern(r"(?<![\w.,$/-])\(?(\d{1,2})[.)]\s+(?=[\p{L}\"“*'‘])")
_COMMA = pattern(r"\s*[,，;]\s*(?:(?:and|or)\s+)?|\s*\n\s*")
_BULLET = pattern(r"(?m)^[-*•·]\s*(?=[^\s*-])")
_HAN = dict(zip("一二两三四五六七八九十", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))
_HAN_ASKED = pattern(
    r"(?:\A|[。，,：:请\s])(?:列出|列举|给出|提供|写出|说出|提出|建议|举出|列举出|生成|创建|推荐|想出|描述)(?<n>\d{1,2}|[一二两三四五六七八九十])[个种条项点件款本部首位家]"
)


class Amount(NamedTuple):
    """So many items of a list, and where the prompt says so. ``more``, ``fewer``: it may be so."""

    n: int
    what: str
    span: tuple[int, int]
    more: bool = False
    fewer: bool = False
    makes: bool = False  # the items may be long texts with lists of their own


def amount(bare: str) -> Amount | None:
    """How many items a task asks for, None unless that is one number."""
    found = list(_ASKED.finditer(bare))
    if len(found) == 1 and found[0]["range"] is None:
        match = found[0]
        rest = bare[: match.start("n")] + bare[match.end("n") :]
        if (
            _MEASURES.search(match["what"] + " ".join(bare[match.end() :].split()[:1]))
            or _ELSE.search(bare)
            or _OTHER_NUMBER.search(rest)
        ):
            return None
        mod = (match["mod"] or "").lower()
        n = number_of(match["n"])
        if mod in ("about", "around") or not 2 <= n <= 50:
            return None
        span = (match.start("verb"), match.end())
        return Amount(
            n, " ".join(match["what"].split()), span, mod in ("at least", "a minimum of"), mod in ("up to", "at most"),
            match["verb"].lower() in ("create", "write", "generate", "make", "produce", "describe", "explain", "outline", "discuss"),
        )  # fmt: skip
    if bare.isascii():
        return None
    han = list(_HAN_ASKED.finditer(bare))
    if len(han) == 1 and not _OTHER_DIGIT.search(bare[: han[0].start("n")] + bare[han[0].end("n") :]):
        number = han[0]["n"]
        n = _HAN.get(number) or int(number)
        return Amount(n, "items", (han[0].start("n") - 2, han[0].end()), makes=True) if n > 1 else None
    return None


_OTHER_DIGIT = pattern(r"\d|[二两三四五六七八九十][个种条项点]|每|各|至少|以上")


def listed(text: str) -> int | None:
    """How many items the one list of an answer has; None where there is none, or several."""
    for marks in (_NUMBERED, _INLINE):
        numbers = [int(m[1]) for m in marks.finditer(text)]
        if len(numbers) > 1:
            return len(numbers) if numbers == list(range(1, len(numbers) + 1)) else None
    bullets = _BULLET.findall(text)
    if len(bullets) > 1:
        lines = [line for line in text.split("\n") if line.strip()]
        return len(bullets) if len(lines) - len(bullets) <= 1 else None
    return None


def holds_lists(text: str) -> bool:
    """Whether the items of a list are groups of several things: "Fruit: apples, pears, plums"."""
    return text.count(":") > 1 and text.count(",") >= 2 * text.count(":")


def named(text: str) -> int | None:
    """How many short names an answer consists of, set apart by commas or lines; None where it is anything else."""
    body = text.strip().rstrip(".。")
    if any(c in body for c in ':;.()!?"“/&') or "\n\n" in body:
        return None
    parts = [p for p in _COMMA.split(body) if p]
    if ", and " not in body and ", or " not in body and parts:
        parts[-1:] = parts[-1].split(" and ")
    if len(parts) < 2 or not all(len(p.split()) <= 3 for p in parts) or any(p.lower() in ("and", "or") for p in parts):
        return None
    return (
        len(parts) if body.count(",") + body.count("\n") >= len(parts) - 2 and ("," in body or "\n" in body) else None
    )
