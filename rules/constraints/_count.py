"""How many words, sentences, paragraphs and items a text has, each between the fewest and the most one may count."""

from __future__ import annotations

from datalint import pattern

_MARK = pattern(r"(?m)^\s*(?:[-*•·+#>]+|\(?\d{1,3}[.)]|[A-Za-z][.)])\s+")
_WORD = pattern(r"[^\s\p{Han}—–/]*[\p{L}\p{N}][^\s\p{Han}—–/]*|\p{Han}")
_PART = pattern(r"[\p{L}\p{N}'’]+")
_ABBREVIATED = pattern(
    r"(?i)\b(?:mr|mrs|ms|dr|prof|st|jr|sr|vs|etc|e\.g|i\.e|no|inc|ltd|co|u\.s|u\.k|u\.n|a\.m|p\.m|ph\.d|approx|dept|gen|gov|fig|cf"
    r"|al)\.|\b\p{Lu}\.(?=\s*\p{Lu})"
)
_END = pattern(r"(?<=[\p{L}\p{N}%)\]\"”'’°])[.!?…]+[\"”'’)]*(?=\s+[\"“'‘(]?[\p{Lu}\p{N}]|\s*\Z)|[。！？]+[”」’』]?")
_ANY_END = pattern(r"[.!?…。！？;:]+")


def words(text: str) -> tuple[int, int]:
    """The words of a text: with hyphenated ones as one, and as several."""
    body = _MARK.sub(" ", text)
    found = [m.group() for m in _WORD.finditer(body)]
    low = sum(any(map(str.isalpha, w)) for w in found)
    if "," in body and low < 30:  # the last "and" of a list of words
        low -= sum(w in ("and", "or") for w in found[-2:])
    return low, max(low, len(_PART.findall(body)), len(body.split()))


def sentences(text: str) -> tuple[int, int]:
    """The sentences of a text: those that surely end, and all that may be taken for one."""
    body = _ABBREVIATED.sub(lambda m: m.group().replace(".", "·"), _MARK.sub("", text.strip()))
    low = len(_END.findall(body))
    lines = [line for line in body.split("\n") if line.strip()]
    high = len(_ANY_END.findall(body)) + sum(not _ANY_END.search(line.rstrip("\"”'’) ")[-1:]) for line in lines)
    return max(1, min(low, high)), max(1, low, high)


def paragraphs(text: str) -> tuple[int, int]:
    """The paragraphs of a text: by blank lines and by line breaks."""
    blocks = [b for b in text.strip().split("\n\n") if b.strip()]
    lines = [line for line in text.split("\n") if line.strip()]
    long = [b for b in blocks if len(b) > 80]
    return max(1, min(len(long), len(blocks))), max(1, len(lines))


def characters(text: str) -> tuple[int, int]:
    """The Chinese characters of a text, without and with all others."""
    return len(_CHINESE.findall(text)), len("".join(text.split()))


_CHINESE = pattern(r"\p{Han}")
COUNTS = {"word": words, "sentence": sentences, "paragraph": paragraphs, "character": characters}
