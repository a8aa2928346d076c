"""TXT102: invisible characters where no script needs them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import regex
from datalint_rules.text._wording import count

from datalint import Finding, Judged, Message, bad, good, pattern, rule

_NAMES = {
    "\u200b": "zero-width space", "\u200c": "zero-width non-joiner", "\u200d": "zero-width joiner", "\u2060": "word joiner",
    "\ufeff": "byte-order mark", "\u00ad": "soft hyphen", "\u180e": "Mongolian vowel separator",
    "\u202c": "end of an embedding", "\u2069": "end of an isolate",
}  # fmt: skip
# Scripts whose letters join, or change their shape, by a joiner or a non-joiner beside them.
_JOINING = (
    "Arabic|Syriac|Mandaic|Nko|Mongolian|Phags_Pa|Adlam|Hanifi_Rohingya|Devanagari|Bengali|Gurmukhi|Gujarati|Oriya|Tamil|Telugu|Kannada|"
    "Malayalam|Sinhala|Tibetan|Myanmar|Khmer|Thai|Lao|Balinese|Javanese|Sundanese|Limbu|Chakma|Meetei_Mayek|Brahmi|Kaithi|Newa"
)
_UNSPACED = (
    "Thai|Lao|Khmer|Myanmar|Tibetan|Tai_Le|New_Tai_Lue|Tai_Tham|Tai_Viet|Javanese|Balinese"  # written without spaces
)
_JOINS = pattern("|".join(rf"\p{{Script={s}}}" for s in _JOINING.split("|")))
_BREAKS = pattern("|".join(rf"\p{{Script={s}}}" for s in _UNSPACED.split("|")))
_HIDDEN = pattern("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e]+")
_EMOJI = pattern(r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\u20e3]")
_OPENERS, _CLOSERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"}, "\u202c\u2069"
_OPENERS |= dict.fromkeys("\u2066\u2067\u2068", "\u2069")
_STEERING = pattern("[\u202a-\u202e\u2066-\u2069\n]")
_ABOUT = pattern(
    r"(?i)\b(?:zero[- ]width|invisible (?:character|space)s?|soft hyphens?|byte[- ]order mark|unicode|non-?joiner)\b|零宽|不可见字符"
)


@rule(
    "TXT102",
    "zero-width-character",
    category="suspicious",
    triggers=["\u200b|\u200c|\u200d|\u2060|\ufeff|\u180e|\u202c|\u2069", "\u00ad"],
    fix="safe",
    fix_safety="Takes out characters that are not seen. Where a zero-width space was the only thing between two words they are "
    "joined; in the data it was tested on it always stood beside a space or inside a word.",
    known_problems="A non-joiner that keeps a German ligature apart is reported.",
    references=[
        "https://www.unicode.org/reports/tr31/#Layout_and_Format_Control_Characters",
        "https://www.unicode.org/reports/tr51/",
    ],
    examples=[
        bad(
            {"instruction": "Name a tool\u200b.", "input": "", "output": "Adob\u200b\u200be Photo\u00adshop\ufeff"},
            fixed={"instruction": "Name a tool.", "input": "", "output": "Adobe Photoshop"},
            name="word breaks, a soft hyphen, a byte-order mark",
        ),
        bad(
            {"instruction": "Call them.", "input": "", "output": "Their number is 555 0100\u202c."},
            fixed={"instruction": "Call them.", "input": "", "output": "Their number is 555 0100."},
            name="the end of an embedding that never began",
        ),
        bad(
            {"instruction": "School?", "input": "", "output": "Maple Hall\u200d—\u200ca girls' school."},
            fixed={"instruction": "School?", "input": "", "output": "Maple Hall—a girls' school."},
            name="joiners beside a dash",
        ),
        good(
            {
                "instruction": "Emoji?",
                "input": "",
                "output": "A family: 👨\u200d👩\u200d👧, a flag: 🏳\ufe0f\u200d🌈, 👩🏽\u200d💻.",
            },
            name="emoji",
        ),
        good({"instruction": "سلام", "input": "", "output": "می\u200cخواهم به خانه بروم."}, name="Persian"),
        good({"instruction": "हिन्दी", "input": "", "output": "क्\u200dष और न\u200c और ശ്രീ\u200d"}, name="Indic scripts"),
        good(
            {"instruction": "ทักทาย", "input": "", "output": "สวัสดี\u200bครับ ខ្មែរ\u200bខ្មែរ"},
            name="word breaks of Thai and Khmer",
        ),
        good({"instruction": "ᠮᠣᠩᠭᠣᠯ", "input": "", "output": "ᠬᠠᠷ\u180eᠠ"}, name="Mongolian"),
        good(
            {"instruction": "What does a zero-width space look like?", "input": "", "output": "Like this: |\u200b|."},
            name="asked for",
        ),
    ],
    judged=Judged(48, 48, "all its findings on 46 public sets, 70,000 records; most from machine translation"),
)
def check_zero_width_character(message: Message) -> Iterator[Finding]:
    """Zero-width characters where no script needs them.

    They are left over from web pages, from word processors, and from machine translation. Nobody sees them, but a tokenizer
    does: a word with one inside is another word. Joiners in emoji and in the scripts that need them, and word breaks in
    scripts without spaces, are fine.
    """
    text = message.text
    spans = [s for match in _HIDDEN.finditer(text) for s in _idle(match, text)] + _orphans(text)
    if not spans or _ABOUT.search(message.prompt) or _ABOUT.search(text):
        return
    kinds = Counter(_NAMES[text[a]] for a, b in spans for _ in range(b - a))
    total = count(sum(kinds.values()), "invisible character")
    said = ", ".join(f"{n} × {name}" for name, n in kinds.most_common())
    fix = message.replace([(span, "") for span in spans], f"remove {total}", "safe")
    yield message.finding(min(spans), f"{total}: {said}", fix=fix)


def _idle(match: regex.Match[str], text: str) -> Iterator[tuple[int, int]]:
    """The parts of a run of hidden characters that have no work to do."""
    start, end = match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    kept = _needed(match.group(), before, after)
    if kept is None:
        yield start, end
        return
    place = start + match.group().index(kept)
    if start < place:
        yield start, place
    if place + 1 < end:
        yield place + 1, end


def _needed(run: str, before: str, after: str) -> str | None:
    """The one character of the run that the script around it needs."""
    for character in run:
        if character == "\u200d" and _EMOJI.match(before) and _EMOJI.match(after):
            return character
        if character in "\u200c\u200d\u180e" and (_JOINS.match(before) or _JOINS.match(after)):
            return character
        if character == "\u200b" and (_BREAKS.match(before) or _BREAKS.match(after)):
            return character
        if character == "\u00ad" and "\u00c2" <= before <= "\u00df":  # the second byte of mojibake
            return character
    return None


def _orphans(text: str) -> list[tuple[int, int]]:
    """Ends of embeddings and isolates that were never begun in their line."""
    if "\u202c" not in text and "\u2069" not in text:
        return []
    found: list[tuple[int, int]] = []
    open_: list[str] = []
    for match in _STEERING.finditer(text):
        character = match.group()
        if character == "\n":
            open_.clear()
        elif character in _OPENERS:
            open_.append(_OPENERS[character])
        elif character in open_:
            open_.remove(character)
        else:
            found.append(match.span())
    return found
