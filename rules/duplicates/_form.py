"""The precise form in which texts are the same but for case, white space and punctuation."""

from __future__ import annotations

import unicodedata

import regex
from datalint_rules.duplicates._content import extras

from datalint import Batch, prose

# What is no word and still says something: signs of arithmetic and of code, currencies, symbols. A minus stands before a
# digit, an asterisk between factors; bullets, emphasis, dashes and quotation marks are form.
_PARTS = regex.compile(
    r"[\p{L}\p{M}\p{N}]+|[+/=<>%^&|~@$€£¥₹÷×±√≤≥≠≈\\{}\[\]]|(?<![\p{L}\p{N}])[-−–](?=[\d.])|(?<=[\d)] ?)[-−–*](?= ?[\d(])"
    r"|(?<=[\p{L}\d)])\*(?=[\p{L}\d(])|(?<=\p{L})#|\p{So}|\p{Sm}"
)
_MARKS = regex.compile(r"(?m)^[ \t]*(?:[-*+•·]|\#{1,6}|>)[ \t]+|\*\*|__|~~")
_SPACE = regex.compile(r"\s+")


def form(text: str) -> str:
    """The words of ``text`` and its meaningful signs, folded. Of code only the white space is left out."""
    text = unicodedata.normalize("NFKC", text)
    if prose.has_code(text):
        return _SPACE.sub("", text)
    return " ".join(_PARTS.findall(_MARKS.sub(" ", text).casefold()))


def forms(batch: Batch) -> list[int]:
    """What each record says but for form, as one number that only holds within this process."""
    more = extras(batch)
    some = [0] * len(batch) if more is None else more.tolist()
    made = []
    for k, layout in enumerate(batch.layouts):
        texts = map(form, batch.texts[batch.first[k] : batch.first[k + 1]])
        made.append(hash((some[k], *((bit, t) for bit, t in zip(layout.bits, texts, strict=True) if t))))
    return made
