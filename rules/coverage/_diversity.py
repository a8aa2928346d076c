"""How diverse texts are, measured on the same number of words so that sets of any size compare."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from datalint import pattern

WORDS = 6000  # words that are measured
EACH = 40  # words of one text that count
_WORD = pattern(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]|[\p{L}\p{M}\p{N}'’_]+")
_GRAM = 4


class Measures(NamedTuple):
    """compression: how many times smaller the words are when compressed (high: they repeat). distinct: share of three words
    in a row that occur once or are counted once. shared: share of four words in a row that another text has too.
    entropy: bits of the first word of a text, as a share of what they could be."""

    compression: float
    distinct: float
    shared: float
    entropy: float


def measured(texts: Iterable[str]) -> Measures | None:
    """The measures of the first texts that have enough words together, None where all have too few."""
    some = list(_budget(texts))
    if not some:
        return None
    return Measures(_compression(some), _distinct(some), _shared(some), _entropy(some))


def _budget(texts: Iterable[str]) -> Iterator[list[str]]:
    """Texts as words until there are enough of them; none at all if there are too few."""
    taken: list[list[str]] = []
    left = WORDS
    for text in texts:
        words = _WORD.findall(text[: EACH * 12].lower())[: min(EACH, left)]
        if words:
            taken.append(words)
            left -= len(words)
        if not left:
            return iter(taken)
    return iter(())


def _compression(texts: Sequence[Sequence[str]]) -> float:
    data = "\n".join(map(" ".join, texts)).encode()
    return len(data) / len(zlib.compress(data, 9))


def _grams(words: Sequence[str], n: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[i:] for i in range(n)), strict=False)


def _distinct(texts: Sequence[Sequence[str]]) -> float:
    grams = [gram for words in texts for gram in _grams(words, 3)]
    return len(set(grams)) / len(grams) if grams else 1.0


def _shared(texts: Sequence[Sequence[str]]) -> float:
    found = Counter(gram for words in texts for gram in set(_grams(words, _GRAM)))
    total = sum(found.values())
    return sum(n for n in found.values() if n > 1) / total if total else 0.0


def _entropy(texts: Sequence[Sequence[str]]) -> float:
    firsts = sorted(Counter(words[0] for words in texts).values())
    total = len(texts)
    if total < 2:
        return 1.0
    return math.fsum(-n / total * math.log2(n / total) for n in firsts) / math.log2(total)
