"""TXT301: UTF-8 that was read as another encoding."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

import regex
from datalint_rules.text._wording import count

from datalint import Finding, Judged, Message, bad, good, pattern, rule

Edit = tuple[tuple[int, int], str]

_ENCODINGS = ("cp1250", "cp1251", "cp1253", "cp1257", "iso8859-2", "mac-roman", "cp437")
_SCRIPTS = ((0xCE, 0xCF), (0xD0, 0xD1), (0xD7, 0xD7), (0xD8, 0xD9))  # first bytes of Greek, Cyrillic, Hebrew, Arabic
_PUNCTUATION = "«»…–—“”‘’‚„•№ёіїє\u00a0"  # shown for some bytes, and common beside letters in sound text


def _shown(encoding: str, first: int, last: int, but: str = "") -> str:
    """The characters that an encoding shows for these bytes, as a class; bytes it leaves out become control characters."""
    shown = (bytes([n]).decode(encoding, "ignore") or chr(n) for n in range(first, last + 1))
    return "[" + "".join(regex.escape(c, literal_spaces=True) for c in shown if c not in but) + "]"


def _triggers() -> list[str]:
    """What UTF-8 looks like in each encoding: a letter of the Latin script, one of three bytes, two of another script.

    Windows-1252 and Latin-1 are by far the most common: there any character of two bytes will do, also where the second
    byte was lost.
    """
    found = ["‚Ä|√•", "[\u00c2-\u00f4][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘-„†-•…‰‹›€™]", "[ÂÃÅÎÐÙ] |[âã] [\u0080-\u00bf]"]
    for encoding in _ENCODINGS:
        follower = _shown(encoding, 0x80, 0xBF)
        found.append(_shown(encoding, 0xC2, 0xC5, _PUNCTUATION) + _shown(encoding, 0x80, 0xBF, _PUNCTUATION))
        found.append(_shown(encoding, 0xE0, 0xEF, _PUNCTUATION) + follower + follower)
        for first, last in _SCRIPTS:
            lead = _shown(encoding, first, last)
            found.append(lead + follower + lead)
    return found


_ABOUT = pattern(r"(?i)\bmojibake\b|\bgarbled\b|\bencoding (?:error|issue|problem)s?\b|文字化け|乱码|кракозябр")
_FAR = 400  # characters of one damaged stretch that are compared letter by letter


@rule(
    "TXT301",
    "mojibake",
    category="suspicious",
    triggers=_triggers(),
    fix="unsafe",
    fix_safety="ftfy reads the bytes again; it changes nothing it is not sure of, yet what it makes of a word should be looked at.",
    known_problems="Only UTF-8 read as a one-byte encoding is seen: not Shift-JIS or GBK read as each other.",
    references=["https://ftfy.readthedocs.io/en/latest/heuristic.html"],
    examples=[
        bad(
            {
                "instruction": "Where?",
                "input": "",
                "output": "It\u00e2\u20ac\u2122s in the caf\u00c3\u00a9 \u00e2\u20ac\u201c upstairs.",
            },
            fixed={"instruction": "Where?", "input": "", "output": "It’s in the café – upstairs."},
            name="a quotation mark, a letter, a dash",
        ),
        bad(
            {"instruction": "Привет", "input": "", "output": "РџСЂРёРІРµС‚, РјРёСЂ!"},
            fixed={"instruction": "Привет", "input": "", "output": "Привет, мир!"},
            name="Russian read as Windows-1251",
        ),
        bad(
            {"instruction": "Où ?", "input": "", "output": "VoilÃ la maison."},
            fixed={"instruction": "Où ?", "input": "", "output": "Voilà la maison."},
            name="a non-breaking space that became a space",
        ),
        bad(
            {"instruction": "Name it", "input": "", "output": "A cr\u00c3\u0083\u00c2\u00a8me."},
            fixed={"instruction": "Name it", "input": "", "output": "A crème."},
            name="twice",
        ),
        good(
            {"instruction": "Où ?", "input": "", "output": "À l’hôtel « Étoile », près de l’île d’Yeu… 5 × 3 £"},
            name="French",
        ),
        good(
            {"instruction": "Câu chuyện", "input": "", "output": "Người ta nói: “Âm nhạc là…” – đúng vậy."},
            name="Vietnamese",
        ),
        good({"instruction": "Що?", "input": "", "output": "Київ – «Вікі» та її читачі…"}, name="Ukrainian"),
        good({"instruction": "Nasıl?", "input": "", "output": "ÇOK İYİ™, ŞAHÂNE®"}, name="capitals before a sign"),
        good(
            {"instruction": "What does mojibake look like?", "input": "", "output": "An é may come out as Ã©."},
            name="asked for",
        ),
    ],
    judged=Judged(
        19,
        19,
        "all its findings on 46 public sets, 70,000 records in 75 languages; 16 of the 16 damaged texts of ftfy's "
        "synthetic cases, none of its negative ones",
    ),
)
def check_mojibake(message: Message) -> Iterator[Finding]:
    """UTF-8 that was read as another encoding.

    "Itâ€™s" is what "It’s" becomes when its bytes are read as Windows-1252 and written again. Each such sign is three tokens of
    noise for one that is lost, and a model that learns them writes them. ftfy, which knows these mixtures and leaves a text
    alone unless it is sure, decides and repairs.
    """
    text = message.text
    repaired = _repaired(text)
    if repaired == text or _ABOUT.search(message.prompt) or _ABOUT.search(text):
        return
    edits = _differences(text, repaired)
    if all(
        _is_control(text[a:b]) for (a, b), _ in edits
    ):  # bytes of Windows-1252 as control characters: another rule's
        return
    (a, b), new = edits[0]
    said = f"{text[a:b]!r} for {new!r}" + (f" (and {len(edits) - 1} more)" if len(edits) > 1 else "")
    yield message.finding(
        (a, b), f"mojibake: {said}", fix=message.replace(edits, f"decode {count(len(edits), 'damaged place')}")
    )


def _repaired(text: str) -> str:
    import ftfy
    from ftfy.badness import is_bad

    if not is_bad(text):
        return text
    return ftfy.fix_encoding(text, fix_c1_controls=False)


def _is_control(text: str) -> bool:
    return all("\x80" <= c <= "\x9f" for c in text)


def _differences(text: str, repaired: str) -> list[Edit]:
    """What changed, as edits of the damaged signs alone."""
    edits: list[Edit] = []
    for start, end, new in _stretches(text, repaired):
        if max(end - start, len(new)) > _FAR:
            edits.append(((start, end), new))
            continue
        for tag, a, b, c, d in SequenceMatcher(None, text[start:end], new, autojunk=False).get_opcodes():
            if tag != "equal":
                edits.append(((start + a, start + b), new[c:d]))
    return [_grown(text, edit) for edit in edits]


def _stretches(text: str, repaired: str) -> Iterator[tuple[int, int, str]]:
    """Rows of words that differ."""
    old, new = _WORDS.findall(text), _WORDS.findall(repaired)
    at, places = 0, [0]
    for word in old:
        at += len(word)
        places.append(at)
    if len(old) == len(new):  # word by word
        for n, (one, other) in enumerate(zip(old, new, strict=True)):
            if one != other:
                yield places[n], places[n + 1], other
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield places[a], places[b], "".join(new[c:d])


_WORDS = pattern(r"[^\x00-\x20]*[\x00-\x20]+|[^\x00-\x20]+")


def _grown(text: str, edit: Edit) -> Edit:
    """An insertion as a replacement of the character before it: an edit of nothing has no place to point at."""
    (start, end), new = edit
    if start < end:
        return edit
    return ((start - 1, start), text[start - 1] + new) if start else ((0, 1), new + text[:1])
