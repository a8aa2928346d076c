"""PII201."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from datalint_rules._pseudonyms import SEED, digits, finding, style, tag
from datalint_rules.personal._identities import COUNTRIES, Identity, recogniser, shapes
from datalint_rules.personal._presidio import CONTEXT_GAIN, hits, speaks_of
from datalint_rules.personal._values import in_url, made_up, only_digits

from datalint import DatalintError, Finding, Judged, Message, Option, bad, good, pattern, rule

_LIKELY = pattern(r"(?<![\p{L}\d])[A-Za-z]{0,8} ?\d[\w .:+-]{3,400}")  # what may hold a number of any country
_FEWEST = 4  # digits in a number
# Printed on sample cards, in advertisements and in manuals.
_PRINTED = {
    "078051120", "219099999", "457555462", "123456789", "111223333", "123121234", "555555555", "999999999",
    "987654320", "046454286", "130692544",
    "11010519491231002X", "440524188001010014", "86095742719", "12345678903", "15070649C103", "11144477735",
    "12345678909", "52998224725",
    "RSSMRA85T10A562S", "12345678Z", "X1234567L", "S1234567D", "131052308T", "8105151235", "9434765919",
    "2852210311549", "269054958815780", "1EG4TE5MK73", "1EG4TE5MK72",
}  # fmt: skip


@rule(
    "PII201",
    "national-id",
    category="safety",
    triggers=[
        r"\d{9}",
        r"\d{3}[- .]\d{2}[- .]\d{4}",
        r"\d{3}[ -]\d{3}[ -]\d{3}",
        r"\d{4}[ :-]\d{4}[ :-]\d{4}",
        r"\d{3}\.\d{3}\.\d{3}-",
        r"\d{6}[-+A]\d{3}",
        r"[A-Za-z]{2} ?\d\d ?\d\d ?\d\d ?[A-Da-d]",
        r"[A-Za-z]\d{7}",
        r"\d{7}-?[A-Z]",
        r"[A-Z]\d{4}[A-Z]",
        r"\d[A-Z]\d\d|\d[A-Z][A-Z]\d",
        r"\d\d[A-Za-z]\d\d[A-Za-z]",
        r"[C-Z][C-Z0-9]{7}\d",
        r"[12] \d\d [0-9]\d ",
        r"\d{4} \d{5} \d",
        r"\d{4}\.\d\d\.\d{3}",
    ],
    tags=["pii"],
    options={
        "countries": Option(
            "list[str]", list(COUNTRIES), "Countries (ISO 3166, two letters) whose numbers are recognised."
        ),
        "min-score": Option(
            "float",
            0.4,
            "The lowest score that is reported: 1 where check digits are right, 0.35 more where the text names "
            "the number.",
        ),
        "style": style("000-48-1593 for a Social Security number; for all others a tag"),
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The number is replaced by a pseudonym, the same for the same number.",
    sensitive=True,
    known_problems="A number without check digits is reported only where the text names it near by, in the "
    "language of the country or in English.",
    references=[
        "https://microsoft.github.io/presidio/supported_entities/",
        "https://www.ssa.gov/employer/randomization.html",
    ],
    examples=[
        bad(
            {"instruction": "File it.", "input": "Mara Quinn, SSN 536-32-3165", "output": "Filed, SSN 536 32 3165."},
            fixed={
                "instruction": "File it.",
                "input": "Mara Quinn, SSN <SSN_83e3d4d8>",
                "output": "Filed, SSN <SSN_83e3d4d8>.",
            },
            name="a Social Security number, written in two ways",
        ),
        bad(
            {"instruction": "File it.", "input": "Social Security: 416-58-9027", "output": "Filed."},
            fixed={"instruction": "File it.", "input": "Social Security: 000-84-6410", "output": "Filed."},
            options={"style": "fake"},
            name="with a fake that was never given out",
        ),
        bad(
            {"prompt": "Meine Steuer-ID ist 65929970489.", "completion": " Danke."},
            name="Germany, where the text names it",
            fixed={"prompt": "Meine Steuer-ID ist <TAX_ID_5bd5d315>.", "completion": " Danke."},
        ),
        bad(
            {"prompt": "身份证号 320311198806187422", "completion": "好"},
            name="China, by its check digit",
            fixed={"prompt": "身份证号 <RESIDENT_ID_06799451>", "completion": "好"},
        ),
        good(
            {
                "instruction": "A sample?",
                "input": "",
                "output": "SSN: 123-45-6789, 078-05-1120, 000-12-3456, 987-65-4321",
            },
            name="numbers nobody has",
        ),
        good(
            {
                "instruction": "Codes?",
                "input": "",
                "output": "Part 65929970489, order AB123456C, call 536-32-31651, id 40-4512-8890",
            },
            name="other numbers",
        ),
        good(
            {"prompt": "Mijn BSN is 111222333", "completion": " ok"},
            options={"countries": ["US"]},
            name="a country that was not asked for",
        ),
    ],
    judged=Judged(
        44, 44, "sentences labelled by hand, all of the United States; none in 67,000 records of instruction data"
    ),
)
def check_national_id(
    message: Message, countries: list[str], min_score: float, style: str, seed: str
) -> Iterator[Finding]:
    """Number by which a state knows a person.

    Social security, tax, identity card and passport numbers open bank accounts and cannot be changed. What has check digits
    must have the right ones; what has none must be named near by. Numbers that were never given out are fine.
    """
    text = message.text
    taken: list[tuple[int, int]] = []
    windows = [w.span() for w in _LIKELY.finditer(text, timeout=1) if len(only_digits(w.group())) >= _FEWEST]
    for identity, shape in shapes(_known(tuple(countries))) if windows else ():
        for near in (m for a, b in windows for m in shape.finditer(text, a, b + 4, timeout=1)):
            start, end = near.span()
            plain = "".join(c for c in near.group() if c.isalnum()).upper()
            if any(start < b and a < end for a, b in taken) or _is_fine(plain, identity) or in_url(text, start):
                continue
            score = _score(text, start, end, identity)
            if score >= min_score:
                taken.append((start, end))
                new = (
                    _fake(plain, seed)
                    if style == "fake" and identity.kind == "SSN"
                    else tag(identity.kind, plain, seed)
                )
                yield finding(message, (start, end), f"{identity.what} ({identity.country})", new, score=score)


@cache
def _known(countries: tuple[str, ...]) -> tuple[str, ...]:
    for country in countries:
        if country not in COUNTRIES:
            near = get_close_matches(country.upper(), COUNTRIES, n=1, cutoff=0.5)
            meant = f"did you mean {near[0]}? " if near else ""
            raise DatalintError(
                f"no numbers are known of the country {country!r}",
                place="[rules.national-id] countries",
                hint=f"{meant}known: {', '.join(COUNTRIES)}",
            )
    return countries


def _is_fine(plain: str, identity: Identity) -> bool:
    figures = only_digits(plain)
    return (
        plain in _PRINTED
        or made_up(figures)
        or made_up(figures[:9])
        or (identity.kind == "SSN" and plain.startswith("98765432"))
    )


def _score(text: str, start: int, end: int, identity: Identity) -> float:
    named = bool(identity.words) and speaks_of(identity.words, text, (start, end))
    sure = identity.alone and not (identity.kind == "SSN" and text[start] == "9")
    if not (named or sure):
        return 0.0
    found = [h for h in hits(recogniser(identity), text, start, end) if h.end - h.start == end - start]
    return round(min(1.0, found[0].score + CONTEXT_GAIN * named), 2) if found else 0.0


def _fake(plain: str, seed: str) -> str:
    made = digits(plain, seed, 6)
    return f"000-{made[:2]}-{made[2:]}"
