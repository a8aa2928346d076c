"""Secrets: keys of every vendor, checksums, tokens that decode, and all that only stands for a secret."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from binascii import crc32
from pathlib import Path
from typing import Any

import pytest
import running
from datalint_rules.secrets._judging import entropy, is_random, stands_for_one
from datalint_rules.secrets._vendors import VENDORS, Vendor
from made import made

from datalint.config_keys import Table

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def found(folder: Path, text: str, code: str = "SEC101,SEC102,SEC103", **options: Any) -> list[tuple[str, str, float]]:
    """Code, text and score of each finding in one prompt."""
    running.write(folder, {"a.jsonl": json.dumps({"prompt": text, "completion": " ok"}).encode()})
    rules = Table({code: Table(options)}) if options else Table()
    outcome = running.scan(running.settings(folder, "a.jsonl", select=tuple(code.split(",")), rules=rules))
    assert outcome.not_checked == []
    return [(f.code, text[f.span[0] : f.span[1]], f.score or 0) for f in outcome.findings if f.span]


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda v: f"{v.name}-{v.start or v.begin}"[:40])
def test_keys_of_each_vendor_are_found(tmp_path: Path, vendor: Vendor) -> None:
    """Whole, once, and by their triggers; for Discord a key that is a number in base 64."""
    for seed in range(3):
        key = made(f"{vendor.start}(?:{vendor.rest})", seed)
        if vendor.holds is not None:
            key = b64encode(b"108273645546372819").decode() + ".Gx7fQ2." + key.rpartition(".")[2]
        assert [(c, value) for c, value, _ in found(tmp_path, f'Look: "{key}" it is.')] == [("SEC101", key)]


def test_a_right_checksum_is_certain(tmp_path: Path) -> None:
    body = "q7Zt3LxW0vRk8NcYb2HdMf5Jp9GsTe"
    number, check = crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, 62)
        check = BASE62[digit] + check
    right = f"ghp_{body}{check.rjust(6, '0')}"
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    assert [score for *_, score in found(tmp_path, f"{right} {wrong}")] == [1.0, 0.6]
    assert len(found(tmp_path, f"{right} {wrong}", "SEC101", **{"min-score": 0.9})) == 1


RANDOM = "q8Zt3LxW0vRk7NcYb2HdMf5Jp9Gs"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("SEC101", "DATADOG_API_KEY = '{}'"),
        ("SEC101", '"x-api-key": "{}"'),
        ("SEC101", "new Client('secret_key', \"{}\")"),
        ("SEC101", "my secret key: {}"),
        ("SEC101", "<AlgoliaKey>{}</AlgoliaKey>"),
        ("SEC103", "access_token={}&x=1"),
        ("SEC103", 'client.setToken("{}")'),
        ("SEC103", "PASSWORD := `{}`"),
        ("SEC103", "curl -H 'Authorization: Bearer {}' https://api.lampwerk.de"),
        ("SEC103", "X-Auth-Token: {}"),
        ("SEC103", "https://deploy:{}@git.lampwerk.de/a.git"),
        ("SEC103", "redis://:{}@cache:6379/0"),
        ("SEC103", "Data Source=sql1;Initial Catalog=shop;User ID=sa;Password={};Encrypt=yes"),
        ("SEC103", "curl -u tamsin:{} https://lampwerk.de"),
    ],
)
def test_secrets_are_known_by_their_place(tmp_path: Path, code: str, text: str) -> None:
    secret = RANDOM.replace("&", "")
    assert [(c, value.removesuffix("&x=1")) for c, value, _ in found(tmp_path, text.format(secret))] == [(code, secret)]


def test_credentials_of_a_header_decode(tmp_path: Path) -> None:
    header = b64encode(b"tamsin:kV7-qP2x_Ze").decode()
    assert found(tmp_path, f"Authorization: Basic {header}") == [("SEC103", header, 1.0)]
    assert found(tmp_path, "Authorization: Basic " + b64encode(b"Aladdin:open sesame").decode()) == []
    assert found(tmp_path, "Authorization: Basic " + b64encode(bytes(range(200, 230))).decode()) == []


def part(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_web_tokens_decode(tmp_path: Path) -> None:
    signature = "8tq2Jx0bVn3mLr5sKd7fHg1wQzYcXaUePiOvBnMlKjI"
    token = f"{part({'alg': 'RS256'})}.{part({'sub': 'tamsin'})}.{signature}"
    assert found(tmp_path, f"Set-Cookie: {token};") == [("SEC103", token, 1.0)]
    for head, body in (({"alg": "HS256"}, {"sub": "1234567890"}), ({"color": "blue"}, {"sub": "tamsin"})):
        assert found(tmp_path, f"{part(head)}.{part(body)}.{signature}") == []
    assert found(tmp_path, f"eyJhbGciOiJIUzI1NiIs!.{part({'sub': 'a'})}.{signature}") == []


BODY = b64encode(b"\x30\x2e" + bytes((n * 37 + 11) % 256 for n in range(90))).decode()


@pytest.mark.parametrize(
    ("kind", "body", "score"),
    [
        ("RSA ", f"\n{BODY[:64]}\n{BODY[64:]}\n", 1.0),
        ("", f"\\n{BODY[:64]}\\n{BODY[64:]}\\n", 1.0),
        ("EC ", f"\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n{BODY[1:]}\n", 0.7),
        (
            "OPENSSH ",
            "\n" + b64encode(b"openssh-key-v1\0" + bytes((n * 91 + 5) % 256 for n in range(90))).decode() + "\n",
            1.0,
        ),
        ("", "\n...\n", 0),
        ("", "\n<the key>\n", 0),
        ("", f"\n{BODY[:20]}\n", 0),
        ("", "\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC..." + "\n", 0),
        ("", "\nsomethingLongOfPlainLettersThatStandsForAKeyAndIsNoneAtAll\n", 0),
        ("", "\n" + "A" * 80 + "\n", 0),
    ],
)
def test_private_keys(tmp_path: Path, kind: str, body: str, score: float) -> None:
    block = f"-----BEGIN {kind}PRIVATE KEY-----{body}-----END {kind}PRIVATE KEY-----"
    assert found(tmp_path, f"key: {block} end") == ([("SEC102", block, score)] if score else [])


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE AKIAXXXXXXXXXXXXXXXX AKIA1234567890123456 AKIATESTTESTTESTTEST",
        "sk-... sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "sk_test_4eC39HqLyjWDarjtT1zdp7dc xoxb-your-token-here hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "api_key = 'YOUR_API_KEY_GOES_HERE_1234', token = '<your-token-0123456789>', API_KEY=${API_KEY_FROM_VAULT_2}",
        "api_key: str = field(default_factory=get_api_key_v2), secretKeyRef: my-secret-name-v1, token := parseToken2(input)",
        "public_key = 'q8Zt3LxW0vRk7NcYb2HdMf5Jp9Gs', csrf_token: q8Zt3LxW0vRk7NcYb2HdMf5Jp9Gs, key_id=q8Zt3LxW0vRk7NcYb2HdMf5Jp9Gs",
        "sha256_token_hash = '9c1f7be20a64d3588e1b70c2f4d96a35', commit: 9c1f7be20a64d3588e1b70c2f4d96a3512345678",
        "id = '3f2b8c1e-9d47-4a60-b5f1-7c2e8d9a0b13', session key uuid: 3f2b8c1e-9d47-4a60-b5f1-7c2e8d9a0b13",
        "postgres://postgres:postgres@db:5432/x mysql://root:root@h/x https://user:pass@lampwerk.de ftp://a:****@b.de",
        "https://tamsin:kV7qP2xZe@example.com redis://localhost:6379 http://[::1]:8080/@x see https://a.de:8443/x@y",
        "Server=.;Database=x;Password=<password>;  Server=a;Uid=b;Pwd=${PWD}; password = 'secret123' pwd=input('pw')",
        "Authorization: Bearer YOUR_ACCESS_TOKEN; Authorization: Bearer <token>; Authorization: Bearer ${TOKEN_OF_2024}",
        "class NotificationServiceManagerFactory.module.someVeryLongFunctionNameWithManyParts",
        "monkey=abcdef0123456789abcd, keyboard: 'q8Zt3LxW0vRk7', max_tokens=2048, tokenizer: 'bert-base-uncased-v2-large'",
        "The key: understanding. Secret: nobody_knows_the_trouble_1. Author = JohnRonaldReuelTolkien1892",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
    ],
)  # fmt: skip
def test_silent(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    "text",
    ["sk-" * 40_000, "eyJ" * 40_000, "=" * 100_000, "key=" * 30_000, "a:b@" * 30_000, "://a:" * 30_000, "A" * 150_000,
     "-----BEGIN PRIVATE KEY-----" * 4_000, "curl -u " * 15_000, "server=a;" * 15_000, "q8Zt3LxW0vRk7Nc" * 8_000],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_long_texts_do_not_hold_up(tmp_path: Path, text: str) -> None:
    found(tmp_path, text, "SEC")


@pytest.mark.parametrize(
    ("value", "stands"),
    [("YOUR_TOKEN", True), ("xxxxxxxx9x", True), ("abc123abc123abc123", True), ("a1b2c3d4e5f6", True), (RANDOM, False)],
)
def test_placeholders(value: str, stands: bool) -> None:
    assert stands_for_one(value) is stands
    assert is_random(value) is not stands


def test_entropy_is_in_bits_of_a_character() -> None:
    assert [entropy(t) for t in ("", "aaaa", "abab", "abcd")] == [0, 0, 1, 2]
