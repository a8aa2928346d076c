"""The format and case a prompt asks for, and whether an answer has it."""

from __future__ import annotations

from datalint import pattern

_CONVERTS = (
    r"(?:convert|transform|change|rewrite|write|put|format|output|return|print|respond|reply|answer|present|represent|express|provide"
    r"|give|create|generate|display|arrange|organi[sz]e|turn|type|render|encode|parse)"
)
JSON = pattern(
    rf"(?i)\b{_CONVERTS}\b[^.\n]{{0,80}}\b(?:in(?:to)?|as|to|using)\s+(?:an? |the |valid |proper )*JSON\b(?:[ -](?:format|object"
    rf"|array|string|document|structure|notation))?(?!\s*(?:schema|path|web|api|parser|file))"
)
CSV = pattern(
    rf"(?i)\b{_CONVERTS}\b[^.\n]{{0,80}}\b(?:in(?:to)?|as|to)\s+(?:an? |the )?(?:CSV(?: format| string)?|comma[- ]separated(?: list"
    rf"| values| format)?)\b"
)
TABLE = pattern(
    rf"(?i)\b{_CONVERTS}\b[^.\n]{{0,80}}\b(?:in(?:to)?|as)\s+(?:a (?:\w+[ -])?table|tabular form(?:at)?"
    rf"|table form(?:at)?)\b(?!\s*(?:of contents|named|called|tennis))"
)
BULLETS = pattern(
    r"(?i)\b(?:(?:in|as|using|with|into)\s+(?:an? )?(?:(?:\w+|\d+)\s+)?(?:bullet(?:ed)? ?(?:points?|lists?)|bullets|numbered lists?))\b"
)
_WRITES = (
    r"(?:write|output|print|respond|reply|answer|return|give|create|generate|compose|type|express|present|respond)"
)
_TO_END = r"\b(?: (?:letters|text|characters|form))?(?=\s*(?:[.:;!\n]|\Z))"
UPPER = pattern(
    rf"(?i)\b{_WRITES}\b[^.\n]{{0,60}}\b(?:in|using)\s+(?:all\s+)?(?:upper ?case|upper-case|all[ -]caps|capital letters|capitals){_TO_END}"
)
LOWER = pattern(
    rf"(?i)\b{_WRITES}\b[^.\n]{{0,60}}\b(?:in|using)\s+(?:all\s+)?(?:lower ?case|lower-case)(?: letters)?{_TO_END}"
)
CASE_OTHER = pattern(
    r"(?i)\b(?:first|each|every|only|some|words?|title|sentence case|alternate|initial|swap|toggle|function|program|code|names?"
    r"|vowels?|consonants?|letters? (?:of|in)|and (?:lower|upper)|password)\b"
)
OTHER = pattern(
    r"(?i)\b(?:function|program|code|script|query|how (?:to|do|can|would)|explain|what is|why|describe|difference|example of|regex"
    r"|command|class|method|html|xml|sql|algorithm|from json|json to|periodic|round table|on the table)\b"
)
_ROWS = pattern(
    r"\||\t|<t[dr]|&|\\hline| {3,}|(?m:^[^\n,]+,[^\n]+\n[^\n,]+,)|(?m:^[^\n:]{1,40}:)|(?m:^\s*(?:[-*•]|\d+[.)]))|-{3,}|:"
)
_LISTED = pattern(r"(?m)^\s*(?:[-*•·–—●▪◦>+]|\(?\d{1,3}[.):]|\(?[a-zA-Z][.)])|[•●▪◦]|\b1[.)]")
_LOWER_RUN = pattern(r"\p{Ll}{2,}")
_UPPER_RUN = pattern(r"\p{Lu}")


def has_json(text: str) -> bool:
    """Whether a text holds something like an object or an array."""
    return "{" in text or "[" in text or '":' in text


def has_rows(text: str) -> bool:
    """Whether a text may be a table: columns, several lines, or labels."""
    return _ROWS.search(text) is not None or text.strip().count("\n") > 1


def has_list(text: str) -> bool:
    """Whether a text has items set off, or several lines."""
    return _LISTED.search(text) is not None or "\n" in text.strip()


def has_lower(text: str) -> bool:
    """Whether a text has words in small letters."""
    return _LOWER_RUN.search(text) is not None


def has_upper(text: str) -> bool:
    """Whether a text has capitals."""
    return _UPPER_RUN.search(text) is not None
