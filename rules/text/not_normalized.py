"""TXT302: one character written in two ways."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from datalint_rules.text._wording import count

from datalint import Batch, Finding, Judged, Message, bad, good, pattern, rule

_CLUSTER = pattern(r"\X")


@rule(
    "TXT302",
    "not-normalized",
    category="pedantic",
    fix="unsafe",
    fix_safety="Canonically equivalent, so it looks the same; unsafe, for a few CJK characters lose a variant of their shape.",
    known_problems="Hindi, Bengali and Hebrew keep some letters apart in NFC too; such texts are reported when they were composed.",
    references=["https://www.unicode.org/reports/tr15/"],
    examples=[
        bad(
            {"instruction": "Where?", "input": "", "output": "In the cafe\u0301 of Zu\u0308rich."},
            fixed={"instruction": "Where?", "input": "", "output": "In the caf\u00e9 of Z\u00fcrich."},
            name="letters and accents apart",
        ),
        bad(
            {"instruction": "이름", "input": "", "output": "\u1112\u1161\u11ab 250 \u212a"},
            fixed={"instruction": "이름", "input": "", "output": "\ud55c 250 K"},
            name="a Hangul syllable in pieces, the sign for kelvin",
        ),
        good({"instruction": "Where?", "input": "", "output": "In the caf\u00e9 of Z\u00fcrich."}, name="composed"),
        good({"instruction": "नाम", "input": "", "output": "क्षेत्र और त्रुटि"}, name="Devanagari"),
        good(
            {"instruction": "Chord", "input": "", "output": "x\u0304 and n\u0303"[:8]},
            name="a letter that has no composed form",
        ),
    ],
    judged=Judged(
        7,
        7,
        "findings on 2 public sets; each is not NFC by definition, most are letters of Bengali that NFC keeps apart",
    ),
)
def check_not_normalized(batch: Batch) -> Iterator[Finding]:
    """Text that is not in NFC.

    The same letter can be written as one code point or as a letter and an accent. Both look alike, but tokens, duplicates and
    string comparisons differ, and NFC is what nearly all text uses.
    """
    for i, text in enumerate(batch.texts):
        if not text.isascii() and not unicodedata.is_normalized("NFC", text):
            yield from _decomposed(batch.message(i))


def _decomposed(message: Message) -> Iterator[Finding]:
    text = message.text
    composed = unicodedata.normalize("NFC", text)
    edits = []
    for match in _CLUSTER.finditer(text):
        new = unicodedata.normalize("NFC", match.group())
        if new != match.group():
            edits.append((match.span(), new))
    if _applied(text, edits) != composed:  # marks that join across clusters
        edits = [((0, len(text)), composed)]
    number = count(len(edits), "character")
    said = f"{number} not in NFC: {text[slice(*edits[0][0])]!r}"
    yield message.finding(edits[0][0], said[:80], fix=message.replace(edits, f"compose {number}"))


def _applied(text: str, edits: list[tuple[tuple[int, int], str]]) -> str:
    for (start, end), new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text
