"""The numbers by which states know people: how each looks, whose recogniser checks it, and what must stand near it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import regex
from datalint_rules.personal._presidio import part, patterns

from datalint import pattern

_SSN = ("ssn", "ssns", "social security", "social security number")
_PASSPORT = ("passport", "passport number", "passport no", "passport #", "passport:")


class Identity(NamedTuple):
    """One kind of number. ``home``: module and class of presidio's recogniser, without what
    all of them have, or a check of our own. ``alone``: its form is proof."""

    country: str
    what: str
    kind: str
    shape: str
    home: tuple[str, str] | Callable[[str], bool]
    words: tuple[str, ...]
    alone: bool = False


def _mod(text: str, weights: tuple[int, ...], modulus: int) -> int:
    return sum(int(d) * w for d, w in zip(text, weights, strict=False)) % modulus


def _french(value: str) -> bool:
    """Thirteen characters (2A and 2B for Corsica) and a key."""
    plain = "".join(c for c in value.upper() if c.isalnum())
    body = plain[:13].replace("2A", "19").replace("2B", "18")
    return len(plain) == 15 and body.isdigit() and 97 - int(body) % 97 == int(plain[13:])


def _brazilian(value: str) -> bool:
    plain = "".join(c for c in value if c.isdigit())
    checks = [_mod(plain[:n], tuple(range(n + 1, 1, -1)), 11) for n in (9, 10)]
    return len(set(plain)) > 1 and plain[9:] == "".join("0" if c < 2 else str(11 - c) for c in checks)


def _chinese(value: str) -> bool:
    """Six digits of a place, a date of birth, three digits and a check character."""
    try:
        born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return 1900 <= born.year <= date.today().year and "10X98765432"[_mod(value, weights, 11)] == value[17].upper()


def _dutch(value: str) -> bool:
    plain = "".join(c for c in value if c.isdigit())
    return len(plain) == 9 and _mod(plain, (9, 8, 7, 6, 5, 4, 3, 2, -1), 11) == 0 and len(set(plain)) > 2


IDENTITIES = (
    Identity("US", "Social Security number", "SSN", r"\d{3}-\d{2}-\d{4}", ("us.us_ssn", "UsSsn"), _SSN, True),
    Identity("US", "Social Security number", "SSN", r"\d{3}(?:\d\d| \d\d |\.\d\d\.)\d{4}", ("us.us_ssn", "UsSsn"), _SSN),
    Identity("US", "taxpayer number", "ITIN", r"9\d\d[- ]?[5-9]\d[- ]?\d{4}", ("us.us_itin", "UsItin"),
             ("itin", "taxpayer identification", "tax id")),
    Identity("US", "passport number", "PASSPORT", r"[A-Z]?\d{8,9}", ("us.us_passport", "UsPassport"), _PASSPORT),
    Identity("US", "Medicare number", "MBI", r"[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d\d",
             ("us.us_mbi", "UsMbi"),
             ("mbi", "medicare")),
    Identity("GB", "National Insurance number", "NINO", r"(?i:[a-z]{2} ?\d\d ?\d\d ?\d\d ?[a-d])",
             ("uk.uk_nino", "UkNino"),
             ("national insurance", "ni number", "nino", "ni no", "nin")),
    Identity("GB", "NHS number", "NHS", r"\d{10}|\d{3} \d{3} \d{4}|\d{3}-\d{3}-\d{4}", ("uk.uk_nhs", "Nhs"),
             ("nhs", "national health service", "health service number")),
    Identity("GB", "passport number", "PASSPORT", r"[A-Z]{2}\d{7}", ("uk.uk_passport", "UkPassport"), _PASSPORT),
    Identity("CA", "Social Insurance number", "SIN", r"\d{3}[- ]?\d{3}[- ]?\d{3}", ("canada.ca_sin", "CaSin"),
             ("social insurance", "sin number", "sin:", "s.i.n", "nas", "assurance sociale")),
    Identity("DE", "tax number", "TAX_ID", r"[1-9]\d{10}", ("germany.de_tax_id", "DeTaxId"),
             ("steuer-id", "steueridentifikationsnummer", "steuer-idnr", "idnr", "steuerid",
              "steuerliche identifikationsnummer", "tax id")),
    Identity("DE", "pension insurance number", "RVNR", r"\d{8}[A-Z]\d{3}", ("germany.de_social_security",
             "DeSocialSecurity"), (), True),
    Identity("DE", "number of an identity card", "ID_CARD", r"[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{7}\d",
             ("germany.de_id_card", "DeIdCard"),
             ("personalausweis", "ausweisnummer", "personalausweisnummer", "ausweis", "reisepass", "passnummer", "identity card")),
    Identity("FR", "social security number", "NIR",
             r"[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d", _french, (), True),
    Identity("ES", "identity number", "NIF", r"\d{7,8}-?[A-Z]", ("spain.es_nif", "EsNif"), ("dni", "nif",
             "d.n.i", "documento nacional", "identificación")),
    Identity("ES", "number of a foreign resident", "NIE", r"[XYZ]-?\d{7}-?[A-Z]", ("spain.es_nie", "EsNie"),
             ("nie", "extranjero", "n.i.e", "identificación")),
    Identity("IT", "tax code", "CODICE_FISCALE", r"(?i:[a-z]{6}\d\d[a-ehlmprst]\d\d[a-z]\d{3}[a-z])",
             ("italy.it_fiscal_code", "ItFiscalCode"), (), True),
    Identity("IN", "Aadhaar number", "AADHAAR", r"[2-9]\d{3}[- :]?\d{4}[- :]?\d{4}", ("india.in_aadhaar",
             "InAadhaar"), ("aadhaar", "aadhar", "uidai", "आधार")),
    Identity("IN", "Permanent Account number", "PAN", r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", ("india.in_pan",
             "InPan"), ("pan", "pan card", "permanent account", "income tax")),
    Identity("IN", "passport number", "PASSPORT", r"[A-Z][1-9]\d ?\d{4}[1-9]", ("india.in_passport",
             "InPassport"), _PASSPORT),
    Identity("CN", "identity number", "RESIDENT_ID",
             r"[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx]", _chinese, (), True),
    Identity("KR", "registration number", "RRN", r"\d{6}-[1-4]\d{6}", ("korea.kr_rrn", "KrRrn"), (), True),
    Identity("BR", "CPF number", "CPF", r"\d{3}\.\d{3}\.\d{3}-\d\d", _brazilian, (), True),
    Identity("NL", "citizen number", "BSN", r"\d{9}|\d{4}\.\d\d\.\d{3}", _dutch, ("bsn", "burgerservicenummer",
             "sofinummer")),
    Identity("PL", "PESEL number", "PESEL", r"\d{11}", ("poland.pl_pesel", "PlPesel"), ("pesel",)),
    Identity("SE", "personal number", "PERSONNUMMER", r"(?:\d\d)?\d{6}[-+]?\d{4}", ("sweden.se_personnummer",
             "SePersonnummer"),
             ("personnummer", "personnr", "samordningsnummer")),
    Identity("FI", "identity code", "HETU", r"\d{6}[-+A]\d{3}[0-9A-Y]", ("finland.fi_personal_identity_code",
             "FiPersonalIdentityCode"), (), True),
    Identity("SG", "identity number", "NRIC", r"[STFGM]\d{7}[A-Z]", ("singapore.sg_fin", "SgFin"), ("nric",
             "fin", "identity card", "ic number", "ic no")),
    Identity("AU", "tax file number", "TFN", r"\d{3} ?\d{3} ?\d{3}", ("australia.au_tfn", "AuTfn"), ("tfn",
             "tax file number")),
    Identity("AU", "Medicare number", "MEDICARE", r"[2-6]\d{3} ?\d{5} ?\d", ("australia.au_medicare",
             "AuMedicare"), ("medicare",)),
    Identity("TR", "identity number", "TCKN", r"[1-9]\d{10}", ("turkey.tr_national_id", "TrNationalId"),
             ("tc kimlik", "t.c. kimlik", "kimlik no", "tckn")),
    Identity("ZA", "identity number", "ZA_ID", r"\d{13}", ("south_africa.za_id_number", "ZaIdNumber"),
             ("id number", "identity number", "south african id", "rsa id")),
    Identity("TH", "identity number", "TNIN", r"[1-9]\d{12}", ("thai.th_tnin", "ThTnin"), ("thai id",
             "เลขประจำตัวประชาชน", "เลขบัตรประชาชน")),
)  # fmt: skip
COUNTRIES = tuple(sorted({i.country for i in IDENTITIES}))


@cache
def shapes(countries: tuple[str, ...]) -> tuple[tuple[Identity, regex.Pattern[str]], ...]:
    """What to look for in the numbers of these countries."""
    chosen = [i for i in IDENTITIES if i.country in countries]
    return tuple(
        (i, pattern(rf"(?<![\p{{L}}\d])(?<!\d[.,-]|[$€£#/=_+-])(?:{i.shape})(?![\p{{L}}\d]|[.,-]\d|[_=/%])"))
        for i in chosen
    )


@cache
def recogniser(identity: Identity) -> Any:
    """presidio's recogniser, or one of our own made of its parts."""
    home = identity.home
    if isinstance(home, tuple):
        return part(f"country_specific.{home[0]}_recognizer", f"{home[1]}Recognizer")()
    base = type(
        "CheckedRecognizer", (part("", "PatternRecognizer"),), {"validate_result": lambda _, value: home(value)}
    )
    return patterns(f"{identity.country}_{identity.kind}", [(identity.what, identity.shape, 0.5)], base=base)
