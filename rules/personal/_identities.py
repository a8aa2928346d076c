"""The numbers by which states know people: how each looks, whose recogniser checks it, and what must stand near it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import regex
from datalint_rules.personal._presidio import part, patterns

_SSN = ("ssn", "ssns", "social security", "social security number")
_PASSPORT = ("passport", "passport number", "passport no", "passport #", "passport:")


class Identity(NamedTuple):
    """One kind of number. ``home``: presidio's module and class, or a check of our own. ``alone``: its form is proof."""

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


_US, _GB, _DE, _IN = ("country_specific." + c for c in ("us.us_", "uk.uk_", "germany.de_", "india.in_"))
IDENTITIES = (
    Identity("US", "Social Security number", "SSN", r"\d{3}-\d{2}-\d{4}", (_US + "ssn_recognizer", "UsSsnRecognizer"), _SSN, True),
    Identity("US", "Social Security number", "SSN", r"\d{3}([ .]?)\d{2}\1\d{4}", (_US + "ssn_recognizer", "UsSsnRecognizer"), _SSN),
    Identity("US", "taxpayer number", "ITIN", r"9\d\d[- ]?[5-9]\d[- ]?\d{4}", (_US + "itin_recognizer", "UsItinRecognizer"),
             ("itin", "taxpayer identification", "tax id")),
    Identity("US", "passport number", "PASSPORT", r"[A-Z]?\d{8,9}", (_US + "passport_recognizer", "UsPassportRecognizer"), _PASSPORT),
    Identity("US", "Medicare number", "MBI", r"[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d\d", (_US + "mbi_recognizer", "UsMbiRecognizer"),
             ("mbi", "medicare")),
    Identity("GB", "National Insurance number", "NINO", r"(?i:[a-z]{2} ?\d\d ?\d\d ?\d\d ?[a-d])", (_GB + "nino_recognizer", "UkNinoRecognizer"),
             ("national insurance", "ni number", "nino", "ni no", "nin")),
    Identity("GB", "NHS number", "NHS", r"\d{3}[- ]?\d{3}[- ]?\d{4}", (_GB + "nhs_recognizer", "NhsRecognizer"),
             ("nhs", "national health service", "health service number")),
    Identity("GB", "passport number", "PASSPORT", r"[A-Z]{2}\d{7}", (_GB + "passport_recognizer", "UkPassportRecognizer"), _PASSPORT),
    Identity("CA", "Social Insurance number", "SIN", r"\d{3}[- ]?\d{3}[- ]?\d{3}", ("country_specific.canada.ca_sin_recognizer", "CaSinRecognizer"),
             ("social insurance", "sin number", "sin:", "s.i.n", "nas", "assurance sociale")),
    Identity("DE", "tax number", "TAX_ID", r"[1-9]\d{10}", (_DE + "tax_id_recognizer", "DeTaxIdRecognizer"),
             ("steuer-id", "steueridentifikationsnummer", "steuer-idnr", "idnr", "steuerid", "steuerliche identifikationsnummer", "tax id")),
    Identity("DE", "pension insurance number", "RVNR", r"\d{8}[A-Z]\d{3}", (_DE + "social_security_recognizer", "DeSocialSecurityRecognizer"), (), True),
    Identity("DE", "number of an identity card", "ID_CARD", r"[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{7}\d", (_DE + "id_card_recognizer", "DeIdCardRecognizer"),
             ("personalausweis", "ausweisnummer", "personalausweisnummer", "ausweis", "reisepass", "passnummer", "identity card")),
    Identity("FR", "social security number", "NIR", r"[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d", _french, (), True),
    Identity("ES", "identity number", "NIF", r"\d{7,8}-?[A-Z]", ("country_specific.spain.es_nif_recognizer", "EsNifRecognizer"), ("dni", "nif", "d.n.i", "documento nacional", "identificación")),
    Identity("ES", "number of a foreign resident", "NIE", r"[XYZ]-?\d{7}-?[A-Z]", ("country_specific.spain.es_nie_recognizer", "EsNieRecognizer"), ("nie", "extranjero", "n.i.e", "identificación")),
    Identity("IT", "tax code", "CODICE_FISCALE", r"(?i:[a-z]{6}\d\d[a-ehlmprst]\d\d[a-z]\d{3}[a-z])", ("country_specific.italy.it_fiscal_code_recognizer", "ItFiscalCodeRecognizer"), (), True),
    Identity("IN", "Aadhaar number", "AADHAAR", r"[2-9]\d{3}[- :]?\d{4}[- :]?\d{4}", (_IN + "aadhaar_recognizer", "InAadhaarRecognizer"), ("aadhaar", "aadhar", "uidai", "आधार")),
    Identity("IN", "Permanent Account number", "PAN", r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", (_IN + "pan_recognizer", "InPanRecognizer"), ("pan", "pan card", "permanent account", "income tax")),
    Identity("IN", "passport number", "PASSPORT", r"[A-Z][1-9]\d ?\d{4}[1-9]", (_IN + "passport_recognizer", "InPassportRecognizer"), _PASSPORT),
    Identity("CN", "identity number", "RESIDENT_ID", r"[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx]", _chinese, (), True),
    Identity("KR", "registration number", "RRN", r"\d{6}-[1-4]\d{6}", ("country_specific.korea.kr_rrn_recognizer", "KrRrnRecognizer"), (), True),
    Identity("BR", "CPF number", "CPF", r"\d{3}\.\d{3}\.\d{3}-\d\d", _brazilian, (), True),
    Identity("NL", "citizen number", "BSN", r"\d{9}|\d{4}\.\d\d\.\d{3}", _dutch, ("bsn", "burgerservicenummer", "sofinummer")),
    Identity("PL", "PESEL number", "PESEL", r"\d{11}", ("country_specific.poland.pl_pesel_recognizer", "PlPeselRecognizer"), ("pesel",)),
    Identity("SE", "personal number", "PERSONNUMMER", r"(?:\d\d)?\d{6}[-+]?\d{4}", ("country_specific.sweden.se_personnummer_recognizer", "SePersonnummerRecognizer"),
             ("personnummer", "personnr", "samordningsnummer")),
    Identity("FI", "identity code", "HETU", r"\d{6}[-+A]\d{3}[0-9A-Y]", ("country_specific.finland.fi_personal_identity_code_recognizer", "FiPersonalIdentityCodeRecognizer"), (), True),
    Identity("SG", "identity number", "NRIC", r"[STFGM]\d{7}[A-Z]", ("country_specific.singapore.sg_fin_recognizer", "SgFinRecognizer"), ("nric", "fin", "identity card", "ic number", "ic no")),
    Identity("AU", "tax file number", "TFN", r"\d{3} ?\d{3} ?\d{3}", ("country_specific.australia.au_tfn_recognizer", "AuTfnRecognizer"), ("tfn", "tax file number")),
    Identity("AU", "Medicare number", "MEDICARE", r"[2-6]\d{3} ?\d{5} ?\d", ("country_specific.australia.au_medicare_recognizer", "AuMedicareRecognizer"), ("medicare",)),
    Identity("TR", "identity number", "TCKN", r"[1-9]\d{10}", ("country_specific.turkey.tr_national_id_recognizer", "TrNationalIdRecognizer"), ("tc kimlik", "t.c. kimlik", "kimlik no", "tckn")),
    Identity("ZA", "identity number", "ZA_ID", r"\d{13}", ("country_specific.south_africa.za_id_number_recognizer", "ZaIdNumberRecognizer"), ("id number", "identity number", "south african id", "rsa id")),
    Identity("TH", "identity number", "TNIN", r"[1-9]\d{12}", ("country_specific.thai.th_tnin_recognizer", "ThTninRecognizer"), ("thai id", "เลขประจำตัวประชาชน", "เลขบัตรประชาชน")),
)  # fmt: skip
COUNTRIES = tuple(sorted({i.country for i in IDENTITIES}))


@cache
def shapes(countries: tuple[str, ...]) -> tuple[tuple[Identity, regex.Pattern[str]], ...]:
    """What to look for in the numbers of these countries."""
    chosen = [i for i in IDENTITIES if i.country in countries]
    return tuple(
        (i, regex.compile(rf"(?<![\p{{L}}\d])(?<!\d[.,-]|[$€£#/=_+-]){i.shape}(?![\p{{L}}\d]|[.,-]\d|[_=/%])"))
        for i in chosen
    )


@cache
def recogniser(identity: Identity) -> Any:
    """presidio's recogniser, or one of our own made of its parts."""
    home = identity.home
    if isinstance(home, tuple):
        return part(*home)()
    base = type(
        "CheckedRecognizer", (part("", "PatternRecognizer"),), {"validate_result": lambda _, value: home(value)}
    )
    return patterns(f"{identity.country}_{identity.kind}", [(identity.what, identity.shape, 0.5)], base=base)
