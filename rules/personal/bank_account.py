"""PII302."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import regex
from datalint_rules._pseudonyms import SEED, digits, finding, style, tag
from datalint_rules.personal._presidio import hits, part

from datalint import Finding, Judged, Message, Option, bad, good, pattern, rule

_IBAN = pattern(
    r"(?<![A-Za-z0-9])(?:[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?|"
    r"[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,4})?)"
    r"(?![A-Za-z0-9])"
)
_UPPER = {lower: lower - 32 for lower in range(ord("a"), ord("z") + 1)}  # one code point each, so that places stay true
# What banks, standards and textbooks print.
_PRINTED = {
    "GB82WEST12345698765432", "GB29NWBK60161331926819", "GB33BUKB20201555555555", "GB94BARC10201530093459",
    "GB98MIDL07009312345678",
    "DE89370400440532013000", "DE75512108001245126199", "DE91100000000123456789", "DE12500105170648489890",
    "DE02120300000000202051",
    "DE27100777770209299700", "FR1420041010050500013M02606", "FR7630006000011234567890189",
    "NL91ABNA0417164300", "NL20INGB0001234567",
    "BE68539007547034", "BE71096123456769", "ES9121000418450200051332", "ES7921000813610123456789",
    "IT60X0542811101000000123456",
    "CH9300762011623852957", "CH5604835012345678009", "AT611904300234573201", "AT483200000012345864",
    "SE4550000000058398257466",
    "NO9386011117947", "DK5000400440116243", "FI2112345600000785", "PL61109010140000071219812874",
    "PT50000201231234567890154",
    "IE29AIBK93115212345678", "IE64IRCE92050112345678", "SA0380000000608010167519", "AE070331234567890123456",
    "TR330006100519786457841326",
    "GR1601101250000000012300695", "CZ6508000000192000145399", "HU42117730161111101800000000",
    "LU280019400644750000", "BR1800360305000010009795493C1",
}  # fmt: skip
_SET_ASIDE = "WEST123456"  # bank and branch of invented numbers


@rule(
    "PII302",
    "bank-account",
    category="safety",
    triggers=[r"[A-Z]{2}\d{2}[ -]?[A-Z0-9]{4}[ -]?[A-Z0-9]{2}", r"[a-z]{2}\d{2}[ -]?[a-z0-9]{4}[ -]?[a-z0-9]{2}"],
    tags=["pii"],
    options={
        "min-score": Option("float", 0.4, "The lowest score that is reported; a number with right check digits has 1."),
        "style": style("GB24 WEST 1234 5612 3456 78, of a bank that does not exist"),
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The number is replaced by a pseudonym, the same for the same number. A fake is British, "
    "whatever the country was.",
    sensitive=True,
    known_problems="Account numbers without check digits, such as those of banks in the United States, are not "
    "recognised.",
    references=["https://www.swift.com/standards/data-standards/iban-international-bank-account-number"],
    examples=[
        bad(
            {"instruction": "Refund me.", "input": "Send it to DE44 5001 0517 5407 3249 31.", "output": "Done."},
            fixed={"instruction": "Refund me.", "input": "Send it to <IBAN_661b8f94>.", "output": "Done."},
            name="in groups",
        ),
        bad(
            {"prompt": "iban nl39rabo0300065264", "completion": " ok"},
            fixed={"prompt": "iban gb54west12345651596388", "completion": " ok"},
            options={"style": "fake"},
            name="in lower case",
        ),
        good(
            {"instruction": "Show one.", "input": "", "output": "GB82 WEST 1234 5698 7654 32, DE89370400440532013000"},
            name="numbers out of textbooks",
        ),
        good(
            {"instruction": "Pay.", "input": "", "output": "DE44 5001 0517 5407 3249 32, AB12 CDEF 3456 7890"},
            name="wrong check digits",
        ),
        good(
            {"instruction": "Part?", "input": "", "output": "Order SN42-8831-QX77-0042 and be20 8891 it."},
            name="other codes",
        ),
    ],
    judged=Judged(28, 28, "sentences labelled by hand; none in 67,000 records of instruction data"),
)
def check_bank_account(message: Message, min_score: float, style: str, seed: str) -> Iterator[Finding]:
    """Number of a bank account (IBAN).

    An International Bank Account Number names one account. Its country, its length and its check digits must be right; the
    numbers that banks and standards print as examples are fine.
    """
    text = message.text
    for near in _IBAN.finditer(text, timeout=1):
        for hit in _checked(near):
            plain = "".join(c for c in text[hit[0] : hit[1]].upper() if c.isalnum())
            if plain in _PRINTED or _SET_ASIDE in plain or hit[2] < min_score:
                continue
            new = _fake(text[hit[0] : hit[1]], plain, seed) if style == "fake" else tag("IBAN", plain, seed)
            yield finding(message, (hit[0], hit[1]), "number of a bank account", new, score=hit[2])


def _checked(near: regex.Match[str]) -> Iterator[tuple[int, int, float]]:
    for hit in hits(_recogniser(), near.group().translate(_UPPER)):
        yield hit.start + near.start(), hit.end + near.start(), hit.score


@cache
def _recogniser() -> Any:
    return part("generic.iban_recognizer", "IbanRecognizer")()


def _fake(value: str, plain: str, seed: str) -> str:
    account = _SET_ASIDE + digits(plain, seed, 8)
    checked = "".join(str(int(c, 36)) for c in account + "GB00")
    made = f"GB{98 - int(checked) % 97:02d}{account}"
    if " " in value:
        made = " ".join(made[n : n + 4] for n in range(0, len(made), 4))
    return made.lower() if value.islower() else made
