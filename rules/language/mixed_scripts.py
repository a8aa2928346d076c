"""LNG103: a letter of another script inside a word."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Judged, Message, bad, good, pattern, rule

# Letters that look the same, script by script: what stands in the first line is drawn like what stands below it.
_CYRILLIC, _LATIN = "аеорсухіјѕԁһԛԝАВЕКМНОРСТУХІЈЅ", "aeopcyxijsdhqwABEKMHOPCTYXIJS"
_GREEK, _LATIN_OF_GREEK = "οΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oABEZHIKMNOPTYX"
_LIKE_LATIN = dict(zip(_CYRILLIC + _GREEK, _LATIN + _LATIN_OF_GREEK, strict=True))
_LIKE_CYRILLIC = dict(zip(_LATIN, _CYRILLIC, strict=True))
_LIKE_GREEK = dict(zip(_LATIN_OF_GREEK, _GREEK, strict=True))
_WORD = pattern(r"(?<![\p{L}\p{N}_])(?=\p{L}*[a-zA-Z])(?=\p{L}*[\p{Cyrillic}\p{Greek}])\p{L}{3,}(?![\p{L}\p{N}_])")
_INSIDE = pattern(r"[a-zA-Z]\p{Cyrillic}{1,2}[a-zA-Z]|\p{Cyrillic}[a-zA-Z]{1,2}\p{Cyrillic}")
_ROMAN = pattern(r"[IVXLCDM]+")
_ABOUT = pattern(
    r"(?i)homogl|homograph|confusabl|look-?alike|unicode|cyrill|punycode|phishing|spoof|"
    r"obfuscat|leet ?speak|\bIDN\b|код символ|кирилл|латиниц|юникод|транслит"
)
_SCRIPT = {"L": "Latin", "C": "Cyrillic", "G": "Greek"}


@rule(
    "LNG103",
    "mixed-scripts",
    category="suspicious",
    triggers=["[A-Za-z][А-яЁёІіЇїЈјЅѕ]|[А-яЁёІіЇїЈјЅѕ][A-Za-z]", "[A-Za-z][Α-ω]|[Α-ω][A-Za-z]"],
    known_problems="Latin stems with an ending of Cyrillic letters, and words of two parts in two scripts, are taken as meant.",
    references=("https://www.unicode.org/reports/tr39/#Mixed_Script_Detection",),
    examples=(
        bad(
            {"instruction": "Where do I log in?", "input": "", "output": "Go to the pаypal page."},
            name="a Cyrillic а in a Latin word",
        ),
        bad(
            {"instruction": "Что это?", "input": "", "output": "Это обычная тaблица."},
            name="a Latin a in a Cyrillic word",
        ),
        bad({"instruction": "Styles?", "input": "", "output": "Use СSS for that."}, name="a Cyrillic С at the start"),
        bad(
            {"instruction": "Τι είναι;", "input": "", "output": "Είναι ένας μικρoς κήπος."},
            name="a Latin o in a Greek word",
        ),
        bad(
            {"instruction": "Что это?", "input": "", "output": "Это новый комpьютер."},
            name="another letter in the middle of a word",
        ),
        good(
            {"instruction": "Что это?", "input": "", "output": "Это SMS-сообщение, PDFка и видео на YouTube."},
            name="Latin stems",
        ),
        good(
            {"instruction": "Что лучше?", "input": "", "output": "Поговори с iPhoneом в XIXв."},
            name="an ending, a Roman numeral",
        ),
        good(
            {
                "instruction": "What is the change in x?",
                "input": "",
                "output": "It is Δx, measured in μm with αβ-filters; ρgh is the pressure.",
            },
            name="formulas",
        ),
        good(
            {
                "instruction": "What is a homoglyph?",
                "input": "",
                "output": "A letter that looks like another, as in pаypal.",
            },
            name="asked for",
        ),
        good(
            {"instruction": "用Python写一个函数。", "input": "", "output": "使用Python的print函数。"},
            name="scripts without spaces",
        ),
    ),
    judged=Judged(
        18,
        18,
        "all its findings on 6,000 sentences from the web in 75 languages; none in 44 public sets, 63,600 records",
    ),
)
def check_mixed_scripts(message: Message) -> Iterator[Finding]:
    """A letter of another script stands inside a word.

    A Cyrillic "а" in a Latin word, or a Latin "o" in a Greek one, looks right and is another letter: it comes from a wrong
    keyboard layout, from scanned pages, or from somebody who hides a word from filters. A tokenizer takes the word apart, and
    a model learns it as several.
    """
    text = message.text
    found = [(m, said) for m in _WORD.finditer(text) if (said := _stray(m.group(), text))]
    if not found or _ABOUT.search(text) or _ABOUT.search(message.prompt):
        return
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    match, said = found[0]
    yield message.finding(match.span(), f"{match.group()!r} {said}{more}")


def _stray(word: str, text: str) -> str:
    """Which letters of the word are of another script than the rest, "" where that is as it should be."""
    scripts = [_script(c) for c in word]
    kinds = sorted(set(scripts) - {""}, key=lambda s: -scripts.count(s))
    if len(kinds) != 2 or "" in scripts:
        return ""
    most, least = kinds
    stray = [c for c, s in zip(word, scripts, strict=True) if s == least]
    latin = "".join(c for c, s in zip(word, scripts, strict=True) if s == "L")
    if _ROMAN.fullmatch(latin) or _is_ending(word, scripts, text):
        return ""
    alike = _alike(most, least)
    if len(stray) <= max(2, len(word) // 3) and all(c in alike for c in stray):
        if "G" in kinds and len(word) < 4:
            return ""
    elif len(stray) > 2 or len(word) < 5 or not _INSIDE.search(word):
        return ""
    shown = ", ".join(f"{c!r}" for c in dict.fromkeys(stray))
    return (
        f"is {_SCRIPT[most]}, but its {shown} is {_SCRIPT[least]}"
        if len(set(stray)) == 1
        else f"is {_SCRIPT[most]}, but its {shown} are {_SCRIPT[least]}"
    )


def _script(c: str) -> str:
    if c.isascii() or "\u00c0" <= c <= "\u024f":
        return "L"
    if "\u0400" <= c <= "\u052f":
        return "C"
    return "G" if "\u0370" <= c <= "\u03ff" else ""


def _alike(most: str, least: str) -> dict[str, str]:
    if most == "L":
        return _LIKE_LATIN
    if least == "L":
        return _LIKE_CYRILLIC if most == "C" else _LIKE_GREEK
    return {}


def _is_ending(word: str, scripts: list[str], text: str) -> bool:
    """Whether a Latin stem has a Cyrillic ending, in a text that is Cyrillic for the most part."""
    turn = scripts.index("C") if "C" in scripts else 0
    if turn < 2 or set(scripts[:turn]) != {"L"} or set(scripts[turn:]) != {"C"} or not word[turn:].islower():
        return False
    return sum(_script(c) == "C" for c in text) > sum("a" <= c.lower() <= "z" for c in text)
