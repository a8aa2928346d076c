"""Which texts are long enough, and prose enough, for their language to mean anything."""

from __future__ import annotations

from datalint import language, pattern, prose

_LONG, _SHORT = (
    40,
    20,
)  # letters a text needs where it could be in another language of its script, and where it could not
_QUOTABLE = 120  # characters: longer quotations are answers
_LIKELY = 0.75  # what a guess without a function word to back it must be worth
_DENSE = frozenset(("zh", "ja", "ko", "th"))  # a letter of these says as much as two
_QUOTED = pattern(r"\s*[\"“„«「『'‘]+[^\"“”„«»「」『』]+[\"”“»」』'’]+\s*[.!?。]?\s*")
WORDS = pattern(r"[\p{L}\p{M}'’-]+")


def is_prose(text: str, verdict: language.Verdict, other: str) -> bool:
    """Whether a text is more than code, a quotation, a few words or a list of names, so that it is for certain not in
    ``other``."""
    code = verdict.language
    if code is None or prose.is_code(text) or (len(text) < _QUOTABLE and _QUOTED.fullmatch(text)):
        return False
    words = WORDS.findall(text)
    letters = sum(map(len, words))
    if sum(w[0].isupper() for w in words) > 0.6 * len(words):
        return False
    if language.apart(code, other):
        return letters >= _SHORT // 2 if code in _DENSE else letters >= _SHORT and len(words) >= 4
    if letters < _LONG or len(words) < 6:
        return False
    return verdict.by != "model" or verdict.confidence >= _LIKELY or bool(language.own_words(text, code))
