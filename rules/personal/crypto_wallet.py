"""PII303."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import regex
from datalint_rules._pseudonyms import SEED, finding, tag
from datalint_rules.personal._presidio import CONTEXT_GAIN, Hit, hits, part, patterns, speaks_of

from datalint import Finding, Judged, Message, Option, bad, good, pattern, rule

_BITCOIN = pattern(r"(?<![\w/+=-])(?:bc1[02-9ac-hj-np-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})(?![\w/+=-])")
_ETHER = pattern(r"(?<![\w/])0x[0-9a-fA-F]{40}(?!\w)")
_WORDS = (
    "wallet", "wallets", "btc", "bitcoin", "crypto", "eth", "ether", "ethereum", "metamask", "donate",
    "donation", "donations", "send", "deposit", "withdraw",
    "payment", "pay", "payable",
)  # fmt: skip
_CONTRACT = (
    "contract",
    "token",
    "deployed",
    "erc20",
    "erc-20",
    "erc721",
    "nft",
    "router",
    "factory",
    "null address",
    "zero address",
)
_PRINTED = {
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "1CounterpartyXXXXXXXXXXXXXXXUWLpVr",
    "1BitcoinEaterAddressDontSendf59kuE", "16UwLL9Risc3QfPqBUvKofHmBQ7wMtjvM", "17VZNX1SN5NtKa8UQFxwQbFeFc3iqRYhem",
}  # fmt: skip


@rule(
    "PII303",
    "crypto-wallet",
    category="safety",
    triggers=[r"\bbc1[02-9ac-hj-np-z]{11}", r"\b[13][1-9A-HJ-NP-Za-km-z]{25}", r"0x[0-9a-fA-F]{40}"],
    tags=["pii"],
    options={
        "min-score": Option(
            "float", 0.5, "The lowest score that is reported: 1 with a right checksum, 0.85 for an Ethereum address."
        ),
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The address is replaced by a pseudonym, the same for the same address.",
    sensitive=True,
    known_problems="An Ethereum address is reported only where the text speaks of a wallet or a payment: its "
    "form alone says too little.",
    references=["https://en.bitcoin.it/wiki/Address", "https://eips.ethereum.org/EIPS/eip-55"],
    examples=[
        bad(
            {"instruction": "Thank me.", "input": "", "output": "Tips: 1LgcBePbBe9fdkPV5BPYe13U3BKohMzcYJ"},
            fixed={"instruction": "Thank me.", "input": "", "output": "Tips: <WALLET_aa11e9d7>"},
            name="Bitcoin",
        ),
        bad(
            {
                "instruction": "Pay me.",
                "input": "",
                "output": "Send it to my wallet 0x8f2A55949038A9610F50Fb23B5883Af3b4ecb3C3 today.",
            },
            fixed={"instruction": "Pay me.", "input": "", "output": "Send it to my wallet <WALLET_c3d148a2> today."},
            name="Ethereum, where the text says so",
        ),
        good(
            {"instruction": "The first?", "input": "", "output": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa got it."},
            name="known to everybody",
        ),
        good(
            {"instruction": "Hash?", "input": "", "output": "1LgcBePbBe9fdkPV5BPYe13U3BKohMzcYK"}, name="wrong checksum"
        ),
        good(
            {
                "instruction": "Where?",
                "input": "",
                "output": "The token contract is deployed at 0x8f2A55949038A9610F50Fb23B5883Af3b4ecb3C3.",
            },
            name="a contract",
        ),
    ],
    judged=Judged(0, 0, "none in 67,000 records of instruction data"),
)
def check_crypto_wallet(message: Message, min_score: float, seed: str) -> Iterator[Finding]:
    """Address of a cryptocurrency wallet.

    All payments of a wallet are public: whoever knows whose address it is knows them all. Addresses that are known to
    everybody are fine.
    """
    text = message.text
    for near in (*_BITCOIN.finditer(text, timeout=1), *_ETHER.finditer(text, timeout=1)):
        if near.group() in _PRINTED or len(set(near.group()[2:].lower())) < 6:
            continue
        for hit in _judged(text, near):
            if hit.score >= min_score:
                new = tag("WALLET", text[hit.start : hit.end], seed)
                yield finding(message, (hit.start, hit.end), "address of a wallet", new, score=hit.score)


def _judged(text: str, near: regex.Match[str]) -> Iterator[Hit]:
    if not near.group().startswith("0x"):
        yield from hits(_bitcoin(), text, *near.span())
    elif speaks_of(_WORDS, text, near.span()) and not speaks_of(_CONTRACT, text, near.span()):
        for hit in hits(_ether(), text, *near.span()):
            yield hit._replace(score=min(1.0, hit.score + CONTEXT_GAIN))


@cache
def _bitcoin() -> Any:
    return part("generic.crypto_recognizer", "CryptoRecognizer")()


@cache
def _ether() -> Any:
    return patterns("CRYPTO", [("Ethereum", _ETHER.pattern, 0.5)])
