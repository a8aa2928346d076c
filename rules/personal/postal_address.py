"""PII104."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from datalint_rules._pseudonyms import SEED, finding, tag
from datalint_rules.personal._presidio import hits, patterns

from datalint import Finding, Judged, Message, Option, bad, good, pattern, rule

_KINDS = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|"
    r"Way|Parkway|Pkwy|Circle|Cir|Trail|Close|"
    r"Crescent|Cres|Grove|Gardens|Highway|Hwy|Row|Mews)"
)
_STREET = (
    r"\d{1,5}[A-Za-z]?(?:-\d{1,5})?,? (?:[NSEW]{1,2}\.? |(?:North|South|East|West) )?(?:[\p{Lu}\d][\p{L}\d.'’-]* ){1,4}"
    rf"{_KINDS}\b\.?(?: [NSEW]{{1,2}}\b\.?)?"
)
_UNIT = r"(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|#)\.? ?#?[\w-]{1,6})?"
_TOWN = r"(?:,?\s{1,3}\p{Lu}[\p{L}.'’-]*(?: \p{Lu}[\p{L}.'’-]*){0,3})"
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|"
    r"V[AT]|W[AIVY]|Alabama|Alaska|Arizona|Arkansas|California|"
    r"Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|"
    r"Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|"
    r"Mississippi|Missouri|Montana|Nebraska|Nevada|New \w+|North \w+|Ohio|Oklahoma|Oregon|Pennsylvania|"
    r"Rhode Island|South \w+|Tennessee|Texas|Utah|Vermont|Virginia|"
    r"Washington|West Virginia|Wisconsin|Wyoming|Ontario|ON|Quebec|QC|BC|AB|NSW|VIC|QLD)"
)
_ZIP = r"(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
_ADDRESS = pattern(
    rf"(?<![\w.,$-]){_STREET}{_UNIT}(?:{_TOWN}{{1,2}}?,?\s{{1,3}}(?:{_STATE},? ?{_ZIP}|{_STATE}\b|{_ZIP})(?!\w)|"
    rf",?\s{{1,3}}{_ZIP}(?!\w))"
)
_SAMPLE = pattern(
    r"(?i)(?:1?23|1?234|123456?|456|789|321|555|111|100|999|000) |\d+\w? (?:main|elm|oak|maple|any|some|sample|"
    r"example|fake|your|first|random|park|my|test)\b|anytown|any ?city|some(?:where|town|city|place)|"
    r"\b(?:your|sample|example|fake) ?(?:city|town|street)|springfield|\bxx|12345|00000|99999|1600 pennsylvania|"
    r"10 downing|221b? baker|742 evergreen|4 privet|1 infinite loop|350 (?:5th|fifth) ave"
)


@rule(
    "PII104",
    "postal-address",
    category="safety",
    status="preview",
    triggers=[rf"[a-z.] {_KINDS}\b"],
    tags=["pii"],
    options={
        "min-score": Option(
            "float", 0.5, "The lowest score that is reported: 0.6 for a street with a town and a postal code."
        ),
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The address is replaced by a pseudonym, the same for the same address.",
    sensitive=True,
    known_problems="Only addresses in the order of English are recognised: number, street, town, code. Whether "
    "a person or a shop lives there is not known.",
    references=["https://pe.usps.com/text/pub28/welcome.htm"],
    examples=[
        bad(
            {
                "instruction": "Where?",
                "input": "",
                "output": "Send it to 4417 Larkspur Hollow Lane, Apt. 6, Dayton, OH 45419.",
            },
            fixed={"instruction": "Where?", "input": "", "output": "Send it to <ADDRESS_7a799a59>."},
            name="in the United States",
        ),
        bad(
            {"prompt": "Her address?", "completion": " 38 Fennel Close, Norwich NR3 4QT"},
            fixed={"prompt": "Her address?", "completion": " <ADDRESS_6207000e>"},
            name="in Britain",
        ),
        good(
            {
                "instruction": "Where?",
                "input": "",
                "output": "123 Main Street, Anytown, CA 12345; 742 Evergreen Terrace, Springfield",
            },
            name="samples",
        ),
        good(
            {
                "instruction": "Where?",
                "input": "",
                "output": "It is 40 steps from Abbey Road, and 3 Dunmore Street is next.",
            },
            name="a street without a town",
        ),
    ],
    judged=Judged(24, 5, "67,000 records of instruction data; wrong: 19 addresses of restaurants, shops and schools"),
)
def check_postal_address(message: Message, min_score: float, seed: str) -> Iterator[Finding]:
    """Postal address.

    House number, street, town and postal code together lead to a door. Addresses in examples and those that everybody knows
    are fine.
    """
    text = message.text
    for near in _ADDRESS.finditer(text, timeout=1):
        if _SAMPLE.search(near.group()):
            continue
        for hit in hits(_recogniser(), text, *near.span()):
            if hit.score >= min_score:
                key = " ".join(text[hit.start : hit.end].lower().split())
                yield finding(
                    message, (hit.start, hit.end), "postal address", tag("ADDRESS", key, seed), score=hit.score
                )


@cache
def _recogniser() -> Any:
    return patterns("POSTAL_ADDRESS", [("Street and town", r"\d.*\w", 0.6)])
