"""PII102."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import regex
from datalint_rules._pseudonyms import SEED, digits, finding, number, style, tag
from datalint_rules.personal._presidio import CONTEXT_GAIN, hits, part, patterns
from datalint_rules.personal._values import in_url, made_up, only_digits

from datalint import DatalintError, Finding, Judged, Message, Option, bad, good, pattern, rule

_SHAPE = pattern(
    r"(?<![\w$€£¥%*^+(/\[]|[^\p{L}_]=|\d[.,:-]|[\w)][-–])\+?\(?\d[\d ().\-–/]{4,22}\d(?:\)? ?(?:x|ext\.?|"
    r"extension) ?\d{1,6})?(?![\w%$€£°]|[.,:]\d|[-–/]\d|[ ]?[=*×÷<>+^]|[\\\[\]{|])"
)
_EXTENSION = pattern(r" ?(?:x|ext\.?|extension) ?\d+\Z")
_LINK = r"(?:[ _-]?(?:numbers?|nos?|nr|#))?(?: (?:is|was|now|at|on))?[ .:=#(–-]{0,3}(?:\n[ \t]*)?\Z"
_LABEL = pattern(
    r"(?i)(?:(?<![\p{L}])(?:(?:tele|cell|mobile |smart)?phones?|tel|t[ée]l[ée]phone|tel[eé]fono?|telefone|telefax|tele?faks|fax|"
    r"handynummer|rufnummer|whatsapp|hotline|ph(?=[.:#])|телефон\w*|тел|моб|\$?phone[\w\[\]'\"]{0,12}|"
    r"(?:my|your|his|her|our|their|whose)(?: (?:new|old|other|private|registered))? number)(?![\p{L}])|"
    r"电话|手机|联系方式|電話|携帯|전화|फ़ोन|फोन|هاتف)(?:[ _-]?(?:numbers?|nos?|nr|#))?[^\d\n!?;|]{0,30}(?:\n[ \t]*)?\Z|"
    r"(?<![\p{L}])(?:cell|cellular|mobile|mob|m[oó]vil|m[oó]bil|portable|handy|celular|cellulare|viber|telegram|sms|landline|"
    rf"registered|(?:contact|office|home|work)(?= (?:number|no|#))){_LINK}|"
    r"(?<![\p{L}]|\b(?:the|an?) )(?:dial|ring|call(?:ing|ed)?|text|message|reach|answering|phone|contact)(?: (?:me|us|him|her|"
    r"them|you|back|"
    r"now|today|directly|at|on|the|this|number|phone|cell|by|anytime|tomorrow|tonight|or|text|via))*[ :,(–-]{1,3}\Z"
)
_AFTER = pattern(
    r"(?i)[ \t]*[-–(,]?[ \t]*(?:office|fax|mobile|home|work|cell|tel(?:ephone)?|phone|landline|direct|handy|"
    r"portable)(?![\p{L}])(?!\)?[.:]? ?[\d(+])"
)
_NANP = pattern(r"(?:\+?1[ .-]?)?(?:\([2-9]\d\d\)[ -]{0,2}|[2-9]\d\d(?P<by>[ .-]))[2-9]\d\d(?(by)(?P=by)|[ .-])\d{4}")
_NATIONAL = pattern(r"\(?0\d{1,4}\)?[ /-] ?\d{2,8}(?:[ -]\d{2,5}){0,4}")
_DATE = pattern(
    r"(?:(?:1[5-9]|20)\d\d[-/. ](?:0?[1-9]|1[0-2])[-/. ][0-3]?\d|[0-3]?\d[-/. ][0-3]?\d[-/. ](?:1[5-9]|"
    r"20)\d\d)(?:[ T]\d.*)?"
)
_YEARS = pattern(r"\(?(?:1[0-9]|20)\d\d ?[-–/] ?(?:(?:1[0-9]|20)\d\d|\d\d)\)?")
_CODE = pattern(r"\d{3}-\d\d-\d{4}|\d{5}-\d{4}")  # of Social Security, and of a postal address
_SUM = pattern(r" [-–/] |\A[1-9]\d*/\d+\Z")
_FICTION = pattern(
    r"1?(?:[2-9]\d\d)?555\d{4}|1?555\d{7}|(?:44|0)(?:1632960|2079460|7700900|8081570|9098790|3069990|"
    r"1\d1[48]960|113496|114496|115496|116496|117496|118496|121496|131496|141496|151496|161496|20"
    r"79460)\d{3,4}|(?:61|0)(?:[2378](?:5550|7010)|49157)\d{4}|(?:33|0)(?:19900|26191|35301|46571|53649|"
    r"63998)\d{4}|(?:49|0)30231(?:25)\d{3}"
)
_SERVICE = pattern(r"\+?1?8(?:00|22|33|44|55|66|77|88)\d{7}|\+?1?900\d{7}|0?[89]00\d{4,8}")
_DEFAULT = ["US", "GB", "DE", "FR", "IL", "IN", "CA", "BR"]


@rule(
    "PII102",
    "phone-number",
    category="safety",
    triggers=[r"\d\d[ ).-]{1,2}\d\d\d?[ .-]?\d\d", r"\+\d\d", r"\d{7}", r"0\d{2,4}/\d{3}"],
    tags=["pii"],
    options={
        "countries": Option(
            "list[str]",
            _DEFAULT,
            "Countries (ISO 3166, two letters) whose numbers are recognised without a country code.",
        ),
        "min-score": Option(
            "float", 0.4, "The lowest score that is reported: 0.4 for a valid number, 0.75 where the text calls it one."
        ),
        "service-numbers": Option("bool", False, "Report toll-free and premium numbers too."),
        "style": style("(372) 555-0144, from the numbers set aside for fiction"),
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The number is replaced by a pseudonym, the same for the same digits. Numbers of one area are "
    "not alike any more.",
    sensitive=True,
    known_problems="A local number without area code is reported only where the text calls it a number to phone.",
    references=["https://github.com/daviddrysdale/python-phonenumbers", "https://www.rfc-editor.org/rfc/rfc3966"],
    examples=[
        bad(
            {"instruction": "Answer.", "input": "", "output": "Call me: 732-830-9763, or (732) 830-9763."},
            fixed={"instruction": "Answer.", "input": "", "output": "Call me: <PHONE_259c24bd>, or <PHONE_259c24bd>."},
            name="the same number, the same pseudonym",
        ),
        bad(
            {"instruction": "Answer.", "input": "", "output": "+44 20 7183 8750 or 030 901820"},
            fixed={"instruction": "Answer.", "input": "", "output": "+1 405-555-0193 or (701) 555-0172"},
            options={"style": "fake"},
            name="with a country code, and with an area code",
        ),
        bad(
            {
                "messages": [
                    {"role": "user", "content": "Phone: 785 8949\nFax: 62 08 17"},
                    {"role": "assistant", "content": "ok"},
                ]
            },
            fixed={
                "messages": [
                    {"role": "user", "content": "Phone: <PHONE_36ea5f3b>\nFax: <PHONE_413cafdb>"},
                    {"role": "assistant", "content": "ok"},
                ]
            },
            name="short ones, by their labels",
        ),
        bad(
            {"prompt": "电话：13581327964", "completion": "好"},
            fixed={"prompt": "电话：<PHONE_d0cb49e8>", "completion": "好"},
            name="in Chinese",
        ),
        good(
            {
                "instruction": "A number?",
                "input": "",
                "output": "(212) 555-0147, 123-456-7890, 234-567-8901, 555-1234, +44 7700 900123",
            },
            name="numbers for fiction and made up ones",
        ),
        good(
            {"instruction": "Whom to call?", "input": "", "output": "Call 1-800-273-8255, 988 or 911."}, name="services"
        ),
        good(
            {
                "instruction": "Compute.",
                "input": "",
                "output": "23786 - 17509 = 6277, $1,250,000.00, 0.0295735, 3.14159265359, 350 000 x 5",
            },
            name="arithmetic and prices",
        ),
        good(
            {
                "instruction": "Dates?",
                "input": "",
                "output": "2024-03-19, 19.03.2024 10:30, (1642-1726), 1599–1641, 1633972405",
            },
            name="dates, years and times",
        ),
        good(
            {
                "instruction": "Codes?",
                "input": "",
                "output": "ISBN 978-3-16-148410-0, 192.168.255.0, https://a.org/49983610",
            },
            name="other numbers",
        ),
    ],
    judged=Judged(
        142,
        141,
        "133 of sentences labelled by hand, 9 in 67,000 records of instruction data; wrong: one that a model "
        "gave as not in use",
    ),
)
def check_phone_number(
    message: Message, countries: list[str], min_score: float, service_numbers: bool, style: str, seed: str
) -> Iterator[Finding]:
    """Phone number of a person.

    A model repeats the numbers it was trained on, and somebody answers. Numbers set aside for fiction, made-up ones and
    those of services anybody may call are fine; so are prices, dates and long numbers.
    """
    text = message.text
    for near in _SHAPE.finditer(text, timeout=1):
        start, end = _trimmed(text, *near.span())
        shown = text[start:end]
        plain = only_digits(_EXTENSION.sub("", shown))
        if not 6 <= len(plain) <= 15 or _is_other(shown, plain) or in_url(text, start):
            continue
        score = _score(text, start, end, tuple(countries))
        if score < min_score or (not service_numbers and _is_service(shown, plain)):
            continue
        key = plain[1:] if len(plain) == 11 and plain[0] == "1" else plain
        new = _fake(shown, key, seed) if style == "fake" else tag("PHONE", key, seed)
        yield finding(message, (start, end), "phone number", new, score=score)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a closing parenthesis that was not opened within, nor an opening one that is not closed."""
    shown = text[start:end]
    if shown[0] == "(" and ")" not in shown:
        start += 1
    return start, end


def _is_other(shown: str, plain: str) -> bool:
    if (
        _DATE.fullmatch(shown)
        or _CODE.fullmatch(shown)
        or _YEARS.fullmatch(shown)
        or _SUM.search(shown)
        or _FICTION.fullmatch(plain)
    ):
        return True
    groups = [g for g in regex.split(r"\D+", shown) if g]
    if len(groups) > 3 and sum(len(g) == 1 for g in groups) > 1:
        return True
    return (
        made_up(plain)
        or made_up(plain[1:])
        or made_up(plain[:7])
        or made_up(plain[-7:])
        or ("." in shown.replace(". ", "") and len(groups) == 2)
    )


def _score(text: str, start: int, end: int, countries: tuple[str, ...]) -> float:
    """What presidio's recognisers say of the span, more where the text calls it a number to phone."""
    labelled = _LABEL.search(text[max(0, start - 60) : start], timeout=1) or _AFTER.match(text, end)
    if labelled:
        found = hits(_labelled(), text, start, end)
        return min(1.0, found[0].score + CONTEXT_GAIN) if found else 0.0
    shown = _EXTENSION.sub("", text[start:end])
    if not (
        shown.startswith("+") or _NANP.fullmatch(shown) or (_NATIONAL.fullmatch(shown) and len(only_digits(shown)) >= 9)
    ):
        return 0.0
    found = [h for h in hits(_valid(countries), text, max(0, start - 2), end + 2) if h.start < end and start < h.end]
    return max((h.score for h in found), default=0.0)


@cache
def _labelled() -> Any:
    return patterns(
        "PHONE_NUMBER", [("Called a phone number", r"\(?\+?\(?\d[\d ().\-–/]{4,22}\d(?:\)? ?\D{1,10}\d{1,6})?", 0.4)]
    )


@cache
def _valid(countries: tuple[str, ...]) -> Any:
    recogniser = part("generic.phone_recognizer", "PhoneRecognizer")
    import phonenumbers

    for country in countries:
        if country not in phonenumbers.SUPPORTED_REGIONS:
            raise DatalintError(
                f"no country has the code {country!r}",
                place="[rules.phone-number] countries",
                hint="two capitals: US, DE, IN",
            )
    return recogniser(supported_regions=countries, leniency=1)


def _is_service(shown: str, plain: str) -> bool:
    """Whether anybody may call it: toll-free, premium or shared-cost."""
    if _SERVICE.fullmatch(plain):
        return True
    if not shown.startswith("+"):
        return False
    import phonenumbers
    from phonenumbers import PhoneNumberType as Type

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(shown, None))
    except phonenumbers.NumberParseException:
        return False
    return kind in (Type.TOLL_FREE, Type.PREMIUM_RATE, Type.SHARED_COST, Type.UAN, Type.VOICEMAIL)


def _fake(shown: str, plain: str, seed: str) -> str:
    area = 200 + number("area" + plain, seed, 800)
    made = f"555-01{digits(plain, seed, 2)}"
    return f"+1 {area}-{made}" if shown.startswith("+") else f"({area}) {made}"
