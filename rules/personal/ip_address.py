"""PII103."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from ipaddress import IPv6Address, ip_interface
from itertools import pairwise
from typing import Any

import regex
from datalint_rules._pseudonyms import SEED, finding, number, style, tag
from datalint_rules.personal._presidio import CONTEXT_GAIN, hits, part, speaks_of

from datalint import Finding, Judged, Message, Option, bad, good, pattern, rule

_FOUR = pattern(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w]|\.\d)")
_SIX = pattern(r"(?i)(?<![\w:.])[23][0-9a-f]{3}:(?:[0-9a-f]{0,4}:){1,6}[0-9a-f]{0,4}(?:/\d{1,3})?(?![\w:])")
_WORDS = (
    "ip",
    "ipv4",
    "ipv6",
    "ips",
    "address",
    "addresses",
    "server",
    "client",
    "host",
    "ping",
    "visitor",
    "remote_addr",
)
_VERSION = pattern(
    r"(?i)(?:\bv|\bver\.?|versions?:?|release[ds]?|build|firmware|driver|update[ds]?( to)?|upgrad\w+( to)?|"
    r"chrome[ /]|edge[ /]|firefox[ /]|"
    r"safari[ /]|\w/|section|sect\.?|§+|chapter|ch\.|clause|paragraph|figure|fig\.|table|step|"
    r"(?:patch|bump|deps|upgrade)\b[^\n]{0,30}|oid|iso|rfc|"
    r"[\w)]\s*[=~<>!^]=|[>=~^]=?)\s*\Z"
)
_MORE_VERSION = pattern(r"\s*(?:version|release|build|update|firmware)\b", regex.I)
_SMALL, _LOW = 40, 20  # four small numbers, or a first one so low, are a version unless a word says otherwise
_PROTOCOLS = "192.0.0."  # assigned to protocols
_RESOLVERS = {
    "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "149.112.112.112", "208.67.222.222",
    "208.67.220.220", "4.2.2.1", "4.2.2.2",
    "2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111", "2606:4700:4700::1001", "2620:fe::fe",
}  # fmt: skip


@rule(
    "PII103",
    "ip-address",
    category="safety",
    triggers=[r"\d\.\d{1,3}\.\d{1,3}\.\d", r"[23][0-9a-fA-F]{3}:[0-9a-fA-F]{0,4}:"],
    tags=["pii"],
    options={
        "allow": Option("list[str]", [], "Addresses that are fine."),
        "min-score": Option(
            "float", 0.5, "The lowest score that is reported: 0.6 for an address, 0.95 where the text speaks of one."
        ),
        "style": style("203.0.113.57 or 2001:db8::3f9a"),
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The address is replaced by a pseudonym, the same for the same address. Networks that were alike "
    "are not any more.",
    sensitive=True,
    known_problems="A version of four numbers that no word announces reads as an address.",
    references=[
        "https://www.rfc-editor.org/rfc/rfc5737",
        "https://www.iana.org/assignments/iana-ipv4-special-registry",
    ],
    examples=[
        bad(
            {
                "instruction": "Read the log.",
                "input": "Login from 91.64.201.17 failed.",
                "output": "91.64.201.17 was refused.",
            },
            fixed={
                "instruction": "Read the log.",
                "input": "Login from <IP_397019d1> failed.",
                "output": "<IP_397019d1> was refused.",
            },
            name="a public address",
        ),
        bad(
            {"instruction": "Whose is it?", "input": "2a02:8109:b6bf:3d1c::41", "output": "That of a home."},
            fixed={"instruction": "Whose is it?", "input": "2001:db8::696b:7214", "output": "That of a home."},
            options={"style": "fake"},
            name="IPv6",
        ),
        good(
            {
                "instruction": "Set it up.",
                "input": "",
                "output": "192.168.1.20, 10.0.0.1, 127.0.0.1, 203.0.113.9, fe80::1, 2001:db8::1",
            },
            name="private, local and documentation addresses",
        ),
        good({"instruction": "Which DNS?", "input": "", "output": "Use 8.8.8.8 or 1.1.1.1."}, name="public resolvers"),
        good(
            {
                "instruction": "Update.",
                "input": "",
                "output": "Version 6.2.14.8, Chrome/91.0.44.72, v2.31.4.5, pip install a==4.3.2.1",
            },
            name="versions",
        ),
        good(
            {"instruction": "Outline?", "input": "", "output": "12.4.3.1 Scope\nSee 3.2.2.5 and section 14.22.3.61."},
            name="numbered headings",
        ),
        good(
            {"instruction": "An address?", "input": "", "output": "1.2.3.4, 11.22.33.44, 123.123.123.123, 5.39.0.0/16"},
            name="made up, or a network",
        ),
    ],
    judged=Judged(12, 12, "8 of sentences labelled by hand, 4 in 67,000 records of instruction data, all in Alpaca"),
)
def check_ip_address(message: Message, allow: list[str], min_score: float, style: str, seed: str) -> Iterator[Finding]:
    """Public IP address.

    The address of a machine on the internet often leads to a household or a company. Private, local and reserved ranges,
    those for documentation, well-known resolvers, whole networks and version numbers are fine.
    """
    text = message.text
    for near in (*_FOUR.finditer(text, timeout=1), *_SIX.finditer(text, timeout=1)):
        if not _is_public(near.group(), allow) or ("." in near.group() and _is_version(text, *near.span())):
            continue
        for hit in hits(_recogniser(), text, *near.span()):
            score = min(1.0, hit.score + CONTEXT_GAIN) if speaks_of(_WORDS, text, near.span()) else hit.score
            if score >= min_score:
                new = _pseudonym(text[hit.start : hit.end], style, seed)
                yield finding(message, (hit.start, hit.end), "public IP address", new, score=score)


@cache
def _recogniser() -> Any:
    return part("generic.ip_recognizer", "IpRecognizer")()


def _is_public(text: str, allowed: list[str]) -> bool:
    """Whether it is the address of one machine on the internet that nobody made up."""
    try:
        found = ip_interface(text)
    except ValueError:
        return False
    address, network = found.ip, found.network
    if (
        not address.is_global
        or address.is_reserved
        or address.is_multicast
        or str(address) in _RESOLVERS
        or str(address) in allowed
    ):
        return False
    if network.prefixlen < address.max_prefixlen and address == network.network_address:
        return False
    if str(address).startswith(_PROTOCOLS):
        return False
    if isinstance(address, IPv6Address):
        return address.packed[2:] != bytes(14)
    return not _is_made_up([int(p) for p in str(address).split(".")])


def _is_made_up(parts: list[int]) -> bool:
    """1.2.3.4, 10.20.30.40, 11.22.33.44, 12.34.56.78, 123.45.67.89, 55.55.55.55."""
    if len(set(parts)) == 1 or len({b - a for a, b in pairwise(parts)}) == 1:
        return True
    joined = "".join(map(str, parts))
    return joined in "1234567890" or all(p in (0, 1, 255) for p in parts[1:])


def _is_version(text: str, start: int, end: int) -> bool:
    """Whether the words around make it a version or the number of a section, or nothing around makes it an address."""
    before = text[max(0, start - 30) : start]
    if _VERSION.search(before) or _MORE_VERSION.match(text, end):
        return True
    parts = list(map(int, text[start:end].partition("/")[0].split(".")))
    usual = parts[0] >= _LOW and max(parts) >= _SMALL
    return not usual and not speaks_of(_WORDS, text, (start, end), before=40, after=12)


def _pseudonym(value: str, style: str, seed: str) -> str:
    address, slash, prefix = value.partition("/")
    if style == "tag":
        return tag("IP", address.lower(), seed)
    chosen = number(address.lower(), seed)
    if ":" in address:
        return f"2001:db8::{chosen >> 16:x}:{chosen & 0xFFFF or 1:x}{slash}{prefix}"
    network = ("192.0.2", "198.51.100", "203.0.113")[chosen % 3]
    return f"{network}.{chosen // 3 % 254 + 1}{slash}{prefix}"
