"""SEC102."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from collections.abc import Iterator

from datalint_rules._pseudonyms import SEED, finding, tag
from datalint_rules.secrets._judging import entropy, stands_for_one

from datalint import Finding, Judged, Message, Option, bad, good, pattern, rule

_BLOCK = pattern(
    r"(?i)-----BEGIN(?P<kind>[ A-Z0-9_-]{0,40})PRIVATE KEY(?: BLOCK)?-----(?P<body>(?:(?!-----)[\s\S]){0,20000})"
    r"(?:-----END[ A-Z0-9_-]{0,40}PRIVATE KEY(?: BLOCK)?-----)?|"
    r"PuTTY-User-Key-File-\d:(?P<putty>(?:(?!Private-MAC)[\s\S]){0,8000})(?:Private-MAC: ?[0-9a-f]{40,64})?"
)
_HEADER = pattern(r"(?m)^[A-Za-z-]+: .*$|\\n|\\r|\\|[\"'+,]")
_NOT_BASE64 = pattern(r"[^A-Za-z0-9+/]")
_SHORTEST = 40  # characters of base64: an Ed25519 key has 64


@rule(
    "SEC102",
    "private-key",
    category="safety",
    triggers=[r"(?i)-----BEGIN[ A-Z0-9_-]{0,40}PRIVATE KEY", r"PuTTY-User-Key-File-\d"],
    tags=["secret"],
    options={
        "min-score": Option(
            "float",
            0.5,
            "The lowest score that is reported: 1 for a block that decodes, 0.7 for one that looks like it.",
        ),
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The whole block is replaced by a pseudonym. Replace the key too: taking it out of the text does "
    "not help where it is known.",
    sensitive=True,
    known_problems="A key that was shortened in its middle for show is reported where enough of it is left.",
    references=["https://www.rfc-editor.org/rfc/rfc7468"],
    examples=[
        bad(
            {
                "prompt": "Which kind?\n-----BEGIN PRIVATE "
                "KEY-----\nMC4CAQAwBQYDK2VwBCIEIHw7rYc1QpVn5tG0aXbL9sUe3Zk8iDfJm2oRyW6hTqNA\n-----END "
                "PRIVATE KEY-----",
                "completion": " Ed25519.",
            },
            fixed={"prompt": "Which kind?\n<PRIVATE_KEY_fffd6c26>", "completion": " Ed25519."},
            name="a block",
        ),
        good(
            {
                "prompt": "What is it?",
                "completion": " -----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
            },
            name="left out",
        ),
        good(
            {
                "prompt": "What is it?",
                "completion": " -----BEGIN PRIVATE "
                "KEY-----\nYOUR_PRIVATE_KEY_CONTENT_GOES_HERE_AND_ON\n-----END PRIVATE KEY-----",
            },
            name="a placeholder",
        ),
        good(
            {
                "prompt": "How?",
                "completion": " Look for '-----BEGIN PRIVATE KEY-----' in each file and stop at its end marker.",
            },
            name="the marker alone",
        ),
        good(
            {
                "prompt": "And this?",
                "completion": " -----BEGIN PUBLIC "
                "KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END "
                "PUBLIC KEY-----",
            },
            name="a public key",
        ),
    ],
    judged=Judged(0, 0, "none in 67,000 records of instruction data, Alpaca and code included"),
)
def check_private_key(message: Message, min_score: float, seed: str) -> Iterator[Finding]:
    """Private key.

    A private key signs and decrypts in the name of its owner. Blocks that were left out, shortened to dots or filled with
    words are fine.
    """
    for match in _BLOCK.finditer(message.text, timeout=1):
        score = _score(match["body"] or match["putty"] or "")
        if score >= min_score:
            new = tag("PRIVATE_KEY", match.group(), seed)
            yield finding(message, match.span(), "private key", new, score=score)


def _score(block: str) -> float:
    if "..." in block or "…" in block or "<" in block:
        return 0.0
    body = _NOT_BASE64.sub("", _HEADER.sub("", block))
    if len(body) < _SHORTEST or entropy(body) < 3.5 or stands_for_one(body[:200]):
        return 0.0
    try:
        raw = b64decode(body + "=" * (-len(body) % 4))
    except Error:
        raw = b""
    sound = raw.startswith((b"\x30", b"openssh-key-v1", b"\x95", b"\x94", b"\xc5"))
    return 1.0 if sound else 0.7 if any(c.isdigit() for c in body) else 0.0
