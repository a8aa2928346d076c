"""SEC104."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.secrets._judging import entropy, is_random, is_uuid

from datalint import Finding, Message, Option, bad, good, pattern, rule

_QUOTED = pattern(r"(?P<q>[\"'`])(?P<value>[A-Za-z0-9+/=_-]{20,200}+)(?P=q)")
_BARE = pattern(r"(?:=|: )(?P<value>[A-Za-z0-9+/=_-]{20,200}+)(?=\s|\Z)")
_HEX = pattern(r"(?i)[0-9a-f]+")
_NAMED = pattern(
    r"(?i)(?:sha\d*|md5|hash|digest|checksum|commit|integrity|etag|fingerprint|uuid|guid|nonce|revision|"
    r"base64,)[\w\"' :=(-]{0,20}\Z"
)


@rule(
    "SEC104",
    "high-entropy-string",
    category="pedantic",
    triggers=[r"[\"'`][A-Za-z0-9+/=_-]{20}", r"(?:=|: )[A-Za-z0-9+/=_-]{20}"],
    tags=["secret"],
    options={
        "base64-bits": Option(
            "float", 4.3, "The least entropy of a string of letters and digits, in bits a character."
        ),
        "hex-bits": Option("float", 3.2, "The least entropy of a string of hexadecimal digits, in bits a character."),
    },
    sensitive=True,
    known_problems="Hashes, identifiers and encoded data are as random as keys. The rule is for data sets that "
    "should hold none of them.",
    references=["https://en.wikipedia.org/wiki/Entropy_(information_theory)"],
    examples=[
        bad({"prompt": "value = 'q8Zt3LxW0vRk7NcYb2HdMf5Jp9Gs'", "completion": " ok"}, name="quoted"),
        bad({"prompt": "X=9c1f7be20a64d3588e1b70c2f4d96a35", "completion": " ok"}, name="hexadecimal"),
        good({"prompt": "id = '3f2b8c1e-9d47-4a60-b5f1-7c2e8d9a0b13'", "completion": " ok"}, name="a UUID"),
        good(
            {"prompt": "sha256 = '9c1f7be20a64d3588e1b70c2f4d96a35'", "completion": " ok"},
            name="a hash that is called one",
        ),
        good({"prompt": "title = 'the_quick_brown_fox_jumps_over'", "completion": " ok"}, name="words"),
    ],
)
def check_high_entropy_string(message: Message, base64_bits: float, hex_bits: float) -> Iterator[Finding]:
    """String that is random enough to be a secret.

    Where nothing but chance explains a string, it may be a key of a form that nobody knows. Without a name or a prefix this
    is a guess: the rule is off unless asked for.
    """
    text = message.text
    for match in (*_QUOTED.finditer(text, timeout=1), *_BARE.finditer(text, timeout=1)):
        value = match["value"]
        least = hex_bits if _HEX.fullmatch(value) else base64_bits
        if (
            is_uuid(value)
            or not is_random(value, least)
            or _NAMED.search(text[max(0, match.start() - 40) : match.start("value")])
        ):
            continue
        bits = entropy(value)
        yield message.finding(match.span("value"), f"random string of {len(value)} characters, {bits:.1f} bits each")
