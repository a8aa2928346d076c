"""SEC103."""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64decode
from binascii import Error
from collections.abc import Iterator

from datalint_rules._pseudonyms import SEED, finding, tag
from datalint_rules.secrets._assigned import TRIGGERS, assigned
from datalint_rules.secrets._judging import is_random, stands_for_one
from datalint_rules.secrets._vendors import keys_in

from datalint import Finding, Judged, Message, Option, bad, good, pattern, rule

Found = tuple[int, int, str, float]
_JWT = pattern(
    r"(?<![\w.-])(?P<head>ey[A-Za-z0-9_-]{10,})\.(?P<body>ey[A-Za-z0-9_-]{10,})\.(?:[A-Za-z0-9_-]{10,})?={0,2}(?![\w-])"
)
_BEARER = pattern(r"(?i)\b(?:bearer|(?:api-?)?token)[ :]{1,2}[\"']?(?P<value>[A-Za-z0-9][\w.~+/=-]{11,400})")
_BASIC = pattern(r"(?i)\bbasic (?P<value>[A-Za-z0-9+/]{12,200}={0,2})")
_CURL = pattern(
    r"\bcurl\b[^\n]{0,300}?\s(?:-u|"
    r"--user)[ =]{1,3}(?P<q>[\"']?)(?P<user>[^\s:\"']{1,60}):(?P<value>[^\s\"'@]{6,80})(?P=q)(?=\s|\Z)"
)
_URL = pattern(
    r"(?i)://(?P<user>[^\s:@/?#\"'<>{}$]{0,80}):(?P<value>[^\s@/\"'<>{}$]{3,100})@(?P<host>[\w.-]{1,200}|\[[0-9a-f:]+\])"
)
_SCHEME = pattern(r"(?i)[a-z][a-z0-9+.-]{1,20}\Z")
_CONNECTION = pattern(
    r"(?i)(?:server|data source|host|address|addr|database|initial catalog|user id|uid|"
    r"username)\s?=[^;\n\"']{1,100};[^\n\"']{0,300}?\b(?:password|pwd)\s?=\s?(?P<value>[^;\s\"'<>{}$]{6,100})"
)
_COMMON = pattern(
    r"(?i)(?:my|the|your|some|user|db|database|admin|root|test|guest|default|super|top)?[_-]?(?:password|"
    r"passwort|passwd|pass(?:phrase)?|pwd|pw|secret|admin|root|guest|test|user|changeme|"
    r"letmein|welcome|qwerty|demo|example|postgres|mysql|mongo(?:db)?|redis|rabbitmq|postgresql|minio|elastic|"
    r"oracle|foo|bar|baz|hunter2|token|key|default)[_-]?(?:here|name|word)?[\d!@#$*._-]{0,6}|"
    r"p[@a4][s$5]{2}w[o0]rd\W{0,3}\d{0,4}\W{0,3}|x{3,}|\*+|\.+|[\d.]{1,8}|abc\d*|\[.*|:.*|%[\w()]*|\\\w+.*|port|(?:\w+:)?anon\w*"
)
_DOCUMENTS = pattern(
    r"(?i)(?:^|\.)(?:example|test|invalid|localhost|local|(?:your|my)?-?(?:company|domain|site)|foo|bar)(?:\.\w{2,4})?$|^(?:host(?:name)?|server|my-?host|ip|"
    r"address)$"
)


@rule(
    "SEC103",
    "token",
    category="safety",
    triggers=[
        r"\bey[A-Za-z0-9_-]{10}[A-Za-z0-9_-]{0,80}\.ey",
        r"(?i)bearer ?[\"']?[A-Za-z0-9][\w.~+/=-]{9}",
        r"(?i)basic [a-z0-9+/]{12}",
        r"\s-u[ =]|--user[ =]",
        r"://[^\s:@/?#\"'<>{}$]{0,80}:[^\s@/\"'<>{}$]{3,80}@",
        r"(?i)(?:password|pwd) ?= ?[^;\s\"']{6}",
        *TRIGGERS,
    ],
    tags=["secret"],
    options={
        "min-score": Option(
            "float",
            0.5,
            "The lowest score that is reported: 1 for a token that decodes, 0.9 for a password in an address, "
            "0.7 for a name.",
        ),
        "seed": SEED,
    },
    fix="unsafe",
    fix_safety="The token or password is replaced by a pseudonym, the same for the same one; what stands around "
    "it is kept.",
    sensitive=True,
    known_problems="A password of plain words that is given to a name is not reported: code for teaching is "
    "full of them.",
    references=[
        "https://www.rfc-editor.org/rfc/rfc7519",
        "https://www.rfc-editor.org/rfc/rfc6750",
        "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
    ],
    examples=[
        bad(
            {"prompt": "postgresql://billing:kV7-qP2x_Ze@db.lampwerk.de:5432/shop", "completion": " ok"},
            fixed={"prompt": "postgresql://billing:<SECRET_eb673f20>@db.lampwerk.de:5432/shop", "completion": " ok"},
            name="a password in an address",
        ),
        bad(
            {
                "prompt": "curl -H 'Authorization: Bearer "
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ0YW1zaW4iLCJpYXQiOjE3MTIzfQ.8tq2Jx0bVn3mLr5sKd7fHg1wQzYcXaUePiOvBnMlKjI' https://a.de",
                "completion": " 403",
            },
            fixed={"prompt": "curl -H 'Authorization: Bearer <SECRET_9f599950>' https://a.de", "completion": " 403"},
            name="a JSON Web Token",
        ),
        bad(
            {"prompt": "Server=sql.lampwerk.de;User Id=app;Password=t7Gq!x92Lm;", "completion": " ok"},
            fixed={"prompt": "Server=sql.lampwerk.de;User Id=app;Password=<SECRET_00353b02>;", "completion": " ok"},
            name="a connection string",
        ),
        bad(
            {"prompt": 'session_token: "Zk3vT9qLw2XbR7nYc5HdJ1"', "completion": " ok"},
            fixed={"prompt": 'session_token: "<SECRET_aab372eb>"', "completion": " ok"},
            name="by its name",
        ),
        good(
            {
                "prompt": "How?",
                "completion": " postgres://user:password@localhost/db, redis://:${PASS}@host, "
                "https://bob:hunter2@example.com",
            },
            name="placeholders and documentation",
        ),
        good(
            {
                "prompt": "How?",
                "completion": ' Authorization: Bearer YOUR_ACCESS_TOKEN, token = "your_token_here_please"',
            },
            name="more placeholders",
        ),
        good(
            {
                "prompt": "How?",
                "completion": " max_tokens = 1024, token_type: access_token_v2, password = input('Password: ')",
            },
            name="other names and code",
        ),
        good(
            {
                "prompt": "Which?",
                "completion": " eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
            },
            name="the token that every manual prints",
        ),
    ],
    judged=Judged(
        4, 4, "files of a scanner's own tests; none in 67,000 records of instruction data, Alpaca and code included"
    ),
)
def check_token(message: Message, min_score: float, seed: str) -> Iterator[Finding]:
    """Token or password in use.

    JSON Web Tokens whose header decodes, credentials in web addresses, in HTTP headers and in connection strings, and random
    values that are given to a name such as "token". Placeholders and documentation hosts are fine.
    """
    text = message.text
    taken = [(key.start, key.end) for key in keys_in(text)]
    taken += [(one.start, one.end) for one in assigned(text) if one.is_key]
    for start, end, what, score in _all(text):
        if score >= min_score and not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            yield finding(message, (start, end), what, tag("SECRET", text[start:end], seed), score=score)


def _all(text: str) -> Iterator[Found]:
    yield from _jwts(text)
    yield from _passwords(text)
    for match in _BEARER.finditer(text, timeout=1):
        if is_random(match["value"], 3.0):
            yield *match.span("value"), "bearer token", 0.8
    for match in _BASIC.finditer(text, timeout=1):
        if _is_basic(match["value"]):
            yield *match.span("value"), "credentials in a header", 1.0
    for one in assigned(text):
        if not one.is_key:
            yield one.start, one.end, f"value of a {one.word}", 0.7


def _jwts(text: str) -> Iterator[Found]:
    for match in _JWT.finditer(text, timeout=1):
        head, body = (_decoded(match[part]) for part in ("head", "body"))
        if isinstance(head, dict) and ("alg" in head or "typ" in head or "enc" in head) and not _is_sample(body):
            yield *match.span(), "JSON Web Token", 1.0


def _decoded(part: str) -> object:
    try:
        found: object = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (Error, ValueError):
        return None
    return found


def _is_sample(body: object) -> bool:
    """The person of manuals."""
    return isinstance(body, dict) and (
        str(body.get("name", "")).lower() in ("john doe", "jane doe") or str(body.get("sub", "")) == "1234567890"
    )


def _passwords(text: str) -> Iterator[Found]:
    for match in _URL.finditer(text, timeout=1):
        scheme = _SCHEME.search(text[max(0, match.start() - 21) : match.start()])
        if scheme and not _is_harmless(match["value"], match["user"]) and not _DOCUMENTS.search(match["host"]):
            yield *match.span("value"), f"password in a {scheme.group().lower()} address", 0.9
    for shape in (_CONNECTION, _CURL):
        for match in shape.finditer(text, timeout=1):
            if not _is_harmless(match["value"], match.groupdict().get("user") or ""):
                yield *match.span("value"), "password of a connection", 0.9


def _is_harmless(password: str, user: str) -> bool:
    return (
        password == user
        or user.lower() == "aladdin"
        or _COMMON.fullmatch(password) is not None
        or (len(password) < 40 and stands_for_one(password))
    )


def _is_basic(value: str) -> bool:
    try:
        user, colon, password = b64decode(value + "=" * (-len(value) % 4)).decode("ascii").partition(":")
    except (Error, UnicodeDecodeError):
        return False
    return bool(colon and user and password.isprintable()) and len(password) > 3 and not _is_harmless(password, user)
