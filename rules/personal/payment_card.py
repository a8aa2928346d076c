"""PII301."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import regex
from datalint_rules._pseudonyms import SEED, digits, finding, style, tag
from datalint_rules.personal._presidio import hits, part, patterns, speaks_of
from datalint_rules.personal._values import in_url, luhn, made_up, only_digits, repeats

from datalint import Finding, Judged, Message, Option, bad, good, pattern, rule

_CARD = pattern(r"(?<![\w.,+$€£-])(?<!\d )\d(?:[ -]?\d){11,18}(?![\w]|[.,-]?\d| \d)")
_ISSUERS = pattern(
    r"4\d{15}(?:\d{3})?|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|(?:6011|"
    r"65\d\d|64[4-9]\d)\d{12}"
    r"|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|62\d{14,17}"
)
_LESS_KNOWN = pattern(r"(?:4\d{12}|(?:5018|5020|5038|5[6-8]\d\d|6304|6390|67\d\d)\d{8,15}|(?:2131|1800)\d{11})")
_WORDS = (
    "card", "cards", "credit", "debit", "visa", "mastercard", "amex", "american express", "discover", "maestro",
    "jcb", "diners", "unionpay",
    "cc", "ccn", "pan", "payment", "carte", "tarjeta", "kreditkarte", "karte", "cartão", "carta", "信用卡", "银行卡",
    "卡号", "карта", "карты",
)  # fmt: skip
_OTHER = (
    "isbn", "issn", "doi", "arxiv", "imei", "iccid", "meid", "ean", "upc", "gtin", "serial", "tracking",
    "order", "invoice", "oclc", "lccn", "pmid", "asin",
    "timestamp", "twitter", "tweet", "status", "hash", "uuid", "id", "isni", "orcid",
)  # fmt: skip
_GROUPS = (["4"] * 4, ["4", "6", "5"], ["4", "6", "4"], ["4", "4", "4", "4", "3"], ["4", "4", "4", "1"], ["6", "13"])
_TEST = {
    "4111111111111111", "4012888888881881", "4242424242424242", "4007000000027", "4222222222222",
    "4532015112830366", "4916338506082832",
    "5555555555554444", "5105105105105100", "5424000000000015", "5200828282828210", "2223003122003222",
    "2223000048400011",
    "378282246310005", "371449635398431", "378734493671000", "370000000000002", "6011111111111117",
    "6011000990139424", "6011000000000012",
    "30569309025904", "38520000023237", "3530111333300000", "3566002020360505", "3056930009020004",
    "36227206271667", "6200000000000005",
}  # fmt: skip
_SET_ASIDE = "40000"  # a prefix of test cards only; invented numbers start with it


@rule(
    "PII301",
    "payment-card",
    category="safety",
    triggers=[r"\d{12}", r"\d{4}[ -]\d{4}[ -]\d{4}", r"\d{4}[ -]\d{6}[ -]\d{4}"],
    tags=["pii"],
    options={
        "min-score": Option(
            "float", 0.5, "The lowest score that is reported; a number with a right check digit has 1."
        ),
        "style": style("4000 0012 3456 7893, from the numbers set aside for tests"),
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The number is replaced by a pseudonym, the same for the same number.",
    sensitive=True,
    known_problems="One number in ten of the right length and with the first digits of an issuer passes the "
    "check digit by chance.",
    references=["https://www.iso.org/standard/70484.html", "https://docs.stripe.com/testing"],
    examples=[
        bad(
            {"instruction": "Book it.", "input": "My card is 4539 8123 7764 5015, thanks.", "output": "Done."},
            fixed={"instruction": "Book it.", "input": "My card is <CARD_2a5be37c>, thanks.", "output": "Done."},
            name="in groups",
        ),
        bad(
            {"instruction": "Pay.", "input": "Amex 3714-963512-84733 or 5392710468215503", "output": "Paid."},
            fixed={"instruction": "Pay.", "input": "Amex 4000-0141-9844-0623 or 4000037968176044", "output": "Paid."},
            options={"style": "fake"},
            name="two cards, with a fake of each",
        ),
        good(
            {
                "instruction": "Test it.",
                "input": "",
                "output": "4111 1111 1111 1111, 4242424242424242, 378282246310005, 4000 0566 5566 5556",
            },
            name="test cards",
        ),
        good(
            {"instruction": "A card?", "input": "", "output": "1234 5678 9012 3456, 4539 8123 7764 5010"},
            name="wrong check digit",
        ),
        good(
            {
                "instruction": "Cite.",
                "input": "",
                "output": "ISBN 4539812377645015, doi:10.1000/4539812377645015, https://a.org/4539812377645015",
            },
            name="citations and addresses",
        ),
        good(
            {
                "instruction": "Compute.",
                "input": "",
                "output": "4,539,812,377,645,015 and 0.4539812377645015 and 4539812377645015.5",
            },
            name="long numbers",
        ),
    ],
    judged=Judged(212, 212, "sentences labelled by hand; none in 67,000 records of instruction data"),
)
def check_payment_card(message: Message, min_score: float, style: str, seed: str) -> Iterator[Finding]:
    """Number of a payment card.

    A number with the first digits of an issuer, the length of its cards and a right check digit. Numbers that networks and
    payment services publish for tests are fine, and so are citations, web addresses and long numbers in arithmetic.
    """
    text = message.text
    for near in _CARD.finditer(text, timeout=1):
        plain = only_digits(near.group())
        if luhn(plain[:-1]) != int(plain[-1]) or _is_fine(plain) or not _is_card(text, near, plain):
            continue
        for hit in hits(_recogniser(), text, *near.span()):
            if hit.score >= min_score:
                new = _fake(text[hit.start : hit.end], plain, seed) if style == "fake" else tag("CARD", plain, seed)
                yield finding(message, (hit.start, hit.end), "number of a payment card", new, score=hit.score)


@cache
def _recogniser() -> Any:
    base = part("generic.credit_card_recognizer", "CreditCardRecognizer")
    wide = ("Any issuer, any groups", r"\d(?:[ -]?\d){11,18}", 0.3)
    return patterns("CREDIT_CARD", [wide], base=base)


def _is_fine(plain: str) -> bool:
    return (
        plain in _TEST
        or plain.startswith(_SET_ASIDE)
        or made_up(plain)
        or repeats(plain)
        or made_up(plain[:-1])
        or "00000000" in plain
    )


def _is_card(text: str, near: regex.Match[str], plain: str) -> bool:
    """Whether issuer, grouping and the words around speak for a card."""
    groups = [str(len(g)) for g in regex.split("[ -]", near.group())]
    grouped = len(groups) > 1
    if (grouped and groups not in _GROUPS) or in_url(text, near.start()):
        return False
    named = speaks_of(_WORDS, text, near.span(), before=100, after=40)
    if _ISSUERS.fullmatch(plain):
        return named or not speaks_of(_OTHER, text, near.span(), before=40, after=0)
    return named and _LESS_KNOWN.fullmatch(plain) is not None


def _fake(value: str, plain: str, seed: str) -> str:
    made = _SET_ASIDE + digits(plain, seed, 10)
    made += str(luhn(made))
    between = next((c for c in value if c in " -"), "")
    return between.join(made[n : n + 4] for n in range(0, 16, 4))
