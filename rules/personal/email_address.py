"""PII101."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from datalint_rules._pseudonyms import SEED, finding, number, style, tag
from datalint_rules.personal._presidio import hits, part

from datalint import Finding, Judged, Message, Option, bad, good, pattern, rule

_AROUND_AT = pattern(r"[\w.!#$%&'*+/=?^_`{|}~-]{1,64}@[\w-][\w.-]{1,252}")
_EXAMPLE = pattern(
    r"(?i)(?:^|\.)(?:examples?|your|my|the|some)?-?(?:example|sample|test|demo|dummy|fake|domain|company|"
    r"companyname|organi[sz]ation|email|"
    r"emailaddress|mail|mailprovider|provider|website|site|business|university|school|host|server|somewhere|"
    r"anywhere|nowhere|somedomain|"
    r"foo|bar|baz|abc|xyz|xxx+|acme|placeholder)-?(?:company|domain|corp|mail|org|"
    r"site)?\d*(?:\.[a-z]{2,3})?\.[a-z]{2,12}$|\.(?:example|test|invalid|localhost|local|internal|lan)$"
)
_NOBODY = pattern(
    r"(?i)(?:your|my|their|some|any|the|user|sample|example|test|dummy|fake|valid|invalid)[._-]?(?:e?mail|name|"
    r"full[._-]?name|first[._-]?name|"
    r"user(?:name)?|id|address|account|e-?mail[._-]?address|handle|here)?[\d._-]*|(?:user|some|any|no)(?:name|"
    r"one|body)?\d*|"
    r"(?:first|last|full|given|family|nick)[._-]?name(?:[._-]?(?:first|last)?[._-]?name)?|(?:john|jane|j|jon|"
    r"joe|mary)[._-]?(?:[a-z][._-]?)?(?:doe|bloggs|public)\d*|"
    r"foo|bar|baz|foo[._-]?bar|abc\d*|xyz\d*|x{2,}|a{2,}|e?mail|address|me|you|name|someone[._-]?else|recipient|"
    r"sender|receiver|to|from"
)
_ROLE = pattern(
    r"(?i)(?:info|information|support|contact(?:s|us|-us|_us|\.us)?|sales|admin|administrator|help|help-?desk|"
    r"office|service|services|customer[._-]?"
    r"(?:service|care|support|relations|success)|client[._-]?services?|hr|human[._-]?resources|jobs|careers?|"
    r"recruit(?:ing|ment|er)?|hiring|press|media|marketing|billing|"
    r"accounts?|accounting|invoices?|payments?|feedback|enquir(?:y|ies)|inquir(?:y|ies)|questions?|no-?reply|"
    r"do-?not-?reply|webmaster|postmaster|hostmaster|abuse|root|hello|hi|"
    r"team|newsletters?|orders?|returns?|refunds?|security|privacy|legal|compliance|editors?|editorial|"
    r"reservations?|bookings?|events?|tickets?|subscribe|"
    r"unsubscribe|subscriptions?|notifications?|alerts?|news|reception|partners?|partnerships?|donations?|"
    r"donate|volunteers?|members?|membership|admissions?|"
    r"registrar|registration|secretary|community|business|general|mail|mailer-daemon|tech|it|ops|dev|"
    r"developers?|api|github|bugs?|rsvp|submissions?|tips|letters|git)"
    r"(?:[+._-][\w.-]*)?|[a-z]{2,12}[._-](?:info|support|sales|office|contact|service|admin|press|media)"
)
_USER_OF_URL = pattern(r"://[^\s/?#@]*\Z")
_GMAIL = 6  # no name at Gmail is shorter


@rule(
    "PII101",
    "email-address",
    category="safety",
    triggers=[r"[^\s@]@[^\s@]"],
    tags=["pii"],
    options={
        "allow-domains": Option("list[str]", [], "Domains whose addresses are fine, their subdomains included."),
        "role-addresses": Option("bool", False, "Report mailboxes of an office (info@, support@) too."),
        "min-score": Option("float", 0.5, "The lowest score that is reported; an address with a public suffix has 1."),
        "style": style("user-3f9a2c1b@example.com"),
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The address is replaced by a pseudonym, the same for the same address. The text no longer says "
    "whom to write to.",
    sensitive=True,
    known_problems="Addresses written out (name at host dot com) are not recognised. A name before a real "
    "provider of mail is "
    "reported even where somebody made it up: there may be a mailbox behind it.",
    references=["https://www.rfc-editor.org/rfc/rfc2606", "https://microsoft.github.io/presidio/supported_entities/"],
    examples=[
        bad(
            {"instruction": "Write a reply.", "input": "", "output": "Reach me at tamsin.okafor@brightmail.net today."},
            fixed={"instruction": "Write a reply.", "input": "", "output": "Reach me at <EMAIL_c4749755> today."},
            name="an address",
        ),
        bad(
            {
                "instruction": "Who wrote it? Ilse.Brandt@uni-koeln.de",
                "input": "",
                "output": "ilse.brandt@uni-koeln.de did.",
            },
            fixed={
                "instruction": "Who wrote it? user-31915c81@example.com",
                "input": "",
                "output": "user-31915c81@example.com did.",
            },
            options={"style": "fake", "seed": "autumn"},
            name="the same address, the same pseudonym",
        ),
        bad(
            {"prompt": "Ask the shop.", "completion": " support@lampwerk.de"},
            fixed={"prompt": "Ask the shop.", "completion": " <EMAIL_eec8abbf>"},
            options={"role-addresses": True},
            name="a mailbox of an office, where asked for",
        ),
        good(
            {
                "instruction": "Fill in the form.",
                "input": "",
                "output": "jane@example.com, bob@shop.example, a@your-company.com",
            },
            name="domains for documentation",
        ),
        good(
            {"instruction": "Sign it.", "input": "", "output": "John Doe, john.doe@gmail.com, or your_name@gmail.com"},
            name="nobody's name",
        ),
        good({"instruction": "Where to ask?", "input": "", "output": "Write to info@lampwerk.de."}, name="an office"),
        good(
            {
                "instruction": "Clone it.",
                "input": "",
                "output": "git clone git@github.com:a/b.git; ssh root@10.0.0.7; pip i x@1.2.3",
            },
            name="remotes and versions",
        ),
        good(
            {"instruction": "Follow us.", "input": "", "output": "@tern@mastodon.social, icon@2x.png"},
            name="handles and files",
        ),
        good(
            {"instruction": "Who?", "input": "", "output": "ilse@uni-koeln.de"},
            options={"allow-domains": ["uni-koeln.de"]},
            name="a domain that is allowed",
        ),
    ],
    judged=Judged(
        61,
        61,
        "58 of sentences labelled by hand, 3 in 67,000 records of instruction data: Dolly and sentences of the web",
    ),
)
def check_email_address(
    message: Message, allow_domains: list[str], role_addresses: bool, min_score: float, style: str, seed: str
) -> Iterator[Finding]:
    """E-mail address of a person.

    A model repeats the addresses it was trained on, and their owners have not been asked. Domains that are set aside for
    documentation, names that stand for nobody and mailboxes of an office are fine.
    """
    text = message.text
    for near in _AROUND_AT.finditer(text, timeout=1):
        if _is_fine(near.group(), role_addresses, allow_domains) or _is_no_mail(text, near.start()):
            continue
        for hit in hits(_recogniser(), text, *near.span()):
            value = text[hit.start : hit.end]
            if hit.score >= min_score and not _is_fine(value, role_addresses, allow_domains):
                key = value.lower()
                fake = f"user-{number(key, seed):08x}@example.com"
                new = fake if style == "fake" else tag("EMAIL", key, seed)
                yield finding(message, (hit.start, hit.end), "e-mail address", new, score=hit.score)


@cache
def _recogniser() -> Any:
    """presidio's recogniser with the list of public suffixes that comes with tldextract; it would fetch a "
    "newer one."""
    base = part("generic.email_recognizer", "EmailRecognizer")
    from tldextract import TLDExtract

    suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)
    own = type("EmailRecognizer", (base,), {"validate_result": lambda _, value: suffixes(value).fqdn != ""})
    return own()


def _is_fine(address: str, role_addresses: bool, allowed: list[str]) -> bool:
    local, _, domain = address.strip(".").rpartition("@")
    local, domain = local.lstrip(".'\"`*_<{(-"), domain.lower()
    if any(domain == d.lower() or domain.endswith("." + d.lower()) for d in allowed):
        return True
    if "." not in domain or _EXAMPLE.search(domain) or _NOBODY.fullmatch(local):
        return True
    if domain in ("gmail.com", "googlemail.com") and len(local.partition("+")[0].replace(".", "")) < _GMAIL:
        return True
    return not role_addresses and _ROLE.fullmatch(local) is not None


def _is_no_mail(text: str, start: int) -> bool:
    """A handle of the fediverse, or the user and password of a web address."""
    return text[max(0, start - 1) : start] == "@" or _USER_OF_URL.search(text[max(0, start - 100) : start]) is not None
