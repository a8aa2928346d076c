"""Instructions against seed tasks: ROUGE-L by the longest common subsequence of words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import regex
from datalint_rules.duplicates import _words
from datalint_rules.duplicates._places import State

from datalint import Batch, DatalintError, Layout

_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}]|[\p{L}\p{M}\p{N}]+")
_FIRST = 0x100  # code of the first word: every word is a character, which makes texts strings that are compared fast
_UNKNOWN = "\0"


class Seeds(NamedTuple):
    """Seed tasks: their texts, the same with a character a word, and the characters of words."""

    texts: list[str]
    coded: list[str]
    code: dict[str, str]


def seeds(batches: Iterator[Batch]) -> Seeds:
    """The first prompts of all records, each once."""
    texts = list(dict.fromkeys(text for batch in batches for text in _prompts(batch) if text))
    split = [_tokens(text) for text in texts]
    code: dict[str, str] = {}
    for word in (word for words in split for word in words):
        code.setdefault(word, chr(_FIRST + len(code) + (0x800 if len(code) >= 0xD000 else 0)))  # surrogates left out
    return Seeds(texts, ["".join(code[word] for word in words) for words in split], code)


def near(batch: Batch, known: Seeds, percent: int) -> State:
    """The seed that each record is most like, where that is enough."""
    lines, coded = [], []
    for k, text in enumerate(_prompts(batch)):
        if text:
            lines.append(k)
            coded.append("".join(known.code.get(word, _UNKNOWN) for word in _tokens(text)))
    if not lines or not known.coded:
        return ()
    common = _cdist(coded, known.coded).astype(np.int64)
    both = np.array([len(c) for c in coded])[:, None] + np.array([len(c) for c in known.coded])[None, :]
    shares = 200 * common // np.maximum(both, 1)
    best = shares.argmax(axis=1)
    top = shares[np.arange(len(lines)), best]
    some = np.flatnonzero(top >= percent)
    if not len(some):
        return ()
    keys = _words.keys(batch)[np.array(lines, dtype=np.int64)[some]]
    return ({"keys": keys, "seeds": best[some].astype(np.int64), "percent": top[some]},)


def _cdist(coded: list[str], others: list[str]) -> Any:
    try:
        from rapidfuzz.distance import LCSseq
        from rapidfuzz.process import cdist
    except ImportError as error:
        raise DatalintError("seed-copy needs rapidfuzz", hint="pip install llm-datalint[seeds]") from error
    return cdist(coded, others, scorer=LCSseq.similarity)


def _tokens(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _prompts(batch: Batch) -> Iterator[str]:
    for k, layout in enumerate(batch.layouts):
        slot = first_prompt(layout)
        yield batch.texts[batch.first[k] + slot].strip() if slot >= 0 else ""


def first_prompt(layout: Layout) -> int:
    """The number of the first text of the user, -1 if there is none."""
    return next((n for n, slot in enumerate(layout.slots) if slot.role == "user"), -1)


def pointers(batch: Batch) -> list[str]:
    """The pointer of the first prompt of each record."""
    found = (first_prompt(layout) for layout in batch.layouts)
    return [layout.slots[n].pointer if n >= 0 else "" for n, layout in zip(found, batch.layouts, strict=True)]
