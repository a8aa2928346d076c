"""SEC101."""

from __future__ import annotations

from collections.abc import Iterator

import regex
from datalint_rules._pseudonyms import SEED, finding, tag
from datalint_rules.secrets._assigned import TRIGGERS, assigned
from datalint_rules.secrets._judging import entropy, stands_for_one
from datalint_rules.secrets._vendors import begins, keys_in

from datalint import Finding, Judged, Message, Option, bad, good, pattern, rule

_PRINTED = {"sk_test_4eC39HqLyjWDarjtT1zdp7dc", "sk_test_BQokikJOvBiI2HlWgH4olfQ2", "sk_test_tR3PYbcVNZZ796tH88S4VQ2u"}
_EXAMPLE = pattern(
    r"(?i)example|test(?:test)+|sample|dummy|fake|placeholder|your|xxxx|redacted|1234567890|0123456789|abcdefgh"
)
_LEAST = 2.7  # bits each: less than any key that a machine made


@rule(
    "SEC101",
    "api-key",
    category="safety",
    triggers=[*begins(), *TRIGGERS],
    tags=["secret"],
    options={
        "min-score": Option(
            "float",
            0.5,
            "The lowest score that is reported: 1 with a right checksum, 0.9 for the form of a vendor, 0.7 for a name.",
        ),
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The key is replaced by a pseudonym, the same for the same key. Revoke the key too: taking it "
    "out of the text does not.",
    sensitive=True,
    known_problems="A key of a vendor whose checksum is wrong is reported with a lower score: it was altered, "
    "or made up by hand.",
    references=[
        "https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns"
    ],
    examples=[
        bad(
            {
                "instruction": "Why does it fail?",
                "input": "aws_access_key_id = AKIA3VQ7LJ5RM2XT4WPD",
                "output": "No rights.",
            },
            fixed={
                "instruction": "Why does it fail?",
                "input": "aws_access_key_id = <API_KEY_e2876b78>",
                "output": "No rights.",
            },
            name="by its form",
        ),
        bad(
            {"prompt": "export DATADOG_API_KEY=9c1f7be20a64d3588e1b70c2f4d96a35", "completion": " ok"},
            fixed={"prompt": "export DATADOG_API_KEY=<API_KEY_9b2138f5>", "completion": " ok"},
            name="by the name it is given to",
        ),
        good(
            {
                "instruction": "Show how.",
                "input": "",
                "output": "AKIAIOSFODNN7EXAMPLE, sk-..., api_key = 'YOUR_API_KEY', "
                "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            },
            name="placeholders",
        ),
        good(
            {
                "instruction": "Show how.",
                "input": "",
                "output": "api_key = os.environ['OPENAI_API_KEY']; const apiKey = getApiKeyFromVault(config)",
            },
            name="code that fetches the key",
        ),
        good(
            {
                "instruction": "Which?",
                "input": "",
                "output": "public_key: 9c1f7be20a64d3588e1b70c2f4d96a35, commit "
                "9c1f7be20a64d3588e1b70c2f4d96a3512345678",
            },
            name="public keys and hashes",
        ),
    ],
    judged=Judged(
        2, 2, "files of a scanner's own tests; none in 67,000 records of instruction data, Alpaca and code included"
    ),
)
def check_api_key(message: Message, min_score: float, seed: str) -> Iterator[Finding]:
    """API key.

    Whoever has the key acts for its owner, and a model gives it to anybody. Keys are known by the form their vendor gives
    them, checksum included, or by the name they are given to. Placeholders and keys printed in manuals are fine.
    """
    taken: list[tuple[int, int]] = []
    text = message.text
    for start, end, vendor in keys_in(text):
        value = text[start:end]
        if value in _PRINTED or _stands_for_one(value, vendor.start):
            continue
        score = 0.9 if vendor.sound is None else 1.0 if vendor.sound(value) else 0.6
        if score >= min_score:
            taken.append((start, end))
            yield finding(message, (start, end), f"{vendor.name} key", tag("API_KEY", value, seed), score=score)
    for one in assigned(text):
        if one.is_key and min_score <= 0.7 and not any(one.start < b and a < one.end for a, b in taken):
            new = tag("API_KEY", text[one.start : one.end], seed)
            yield finding(message, (one.start, one.end), f"{one.service or 'secret'} key", new, score=0.7)


def _stands_for_one(value: str, start: str) -> bool:
    """Whether what follows the prefix was typed by hand."""
    begun = regex.match(start, value)
    body = value[begun.end() :] if begun else value
    return (
        _EXAMPLE.search(body) is not None
        or entropy(body) < _LEAST
        or (len(body) < 100 and not any(c.isalnum() for c in body))
        or _is_run(body)
    )


def _is_run(body: str) -> bool:
    return len(body) < 100 and stands_for_one(body) and entropy(body) < 4
