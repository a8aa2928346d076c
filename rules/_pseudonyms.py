"""What takes the place of a value that must go: the same for the same value, in every file and every run with one seed."""

from __future__ import annotations

from hashlib import blake2s

from datalint import Finding, Message, Option

SEED = Option(
    "str",
    "",
    "Key of the pseudonyms. The same value gets the same pseudonym wherever the seed is the same; without a seed of your "
    "own, others can work out the pseudonym of a value they guess.",
)


def style(fake: str) -> Option:
    """The option for what a fix writes; ``fake`` tells what the invented value looks like."""
    doc = f'What a fix writes: a "tag" such as <KIND_3f9a2c1b>, or a "fake" of the same form: {fake}.'
    return Option("str", "tag", doc, ("tag", "fake"))


def number(value: str, seed: str, below: int = 1 << 32) -> int:
    """A number below ``below`` that only the value and the seed decide."""
    key = blake2s(seed.encode("utf-8", "surrogatepass")).digest()
    digest = blake2s(value.encode("utf-8", "surrogatepass"), key=key, digest_size=16).digest()
    return int.from_bytes(digest, "big") % below


def tag(kind: str, value: str, seed: str) -> str:
    """``<EMAIL_3f9a2c1b>``."""
    return f"<{kind}_{number(value, seed):08x}>"


def digits(value: str, seed: str, count: int) -> str:
    """So many digits."""
    return f"{number(value, seed, 10**count):0{count}d}"


def finding(
    message: Message, span: tuple[int, int], what: str, replacement: str, *, score: float | None = None
) -> Finding:
    """A finding on one value, with the fix that replaces it. The report masks the value in every output."""
    value = message.text[span[0] : span[1]]
    fix = message.replace([(span, replacement)], f"replace it by {replacement}")
    return message.finding(span, f"{what} {value}", fix=fix, score=None if score is None else round(score, 2))
