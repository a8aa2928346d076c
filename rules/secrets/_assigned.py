"""Values given to a name that says they are secret: ``api_key = "…"``, ``"token": "…"``, ``SECRET=…``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from datalint_rules.secrets._judging import entropy, is_random, is_uuid

from datalint import pattern

# Services whose keys have no form of their own: a value given to one of these names is one.
SERVICES = (
    r"adafruit|adobe|airtable|algolia|alibaba|asana|atlassian|confluence|jira|beamer|bitbucket|bittrex|clojars|"
    r"cloudflare|codecov|cohere|coinbase|confluent|contentful|"
    r"datadog|discord|droneci|dropbox|etsy|facebook|fastly|finicity|finnhub|flickr|freshbooks|gitter|gocardless|"
    r"heroku|hubspot|intercom|jfrog|artifactory|kraken|kucoin|"
    r"launchdarkly|linear|linked[_-]?in|lob|mailchimp|mailgun|mapbox|mattermost|meraki|message[_-]?bird|netlify|"
    r"new[_-]?relic|nytimes|okta|plaid|private[_-]?ai|rapidapi|"
    r"sendbird|sentry|snyk|sonar|square(?:space)?|sumo(?:logic)?|telegram|travis|twilio|twitch|twitter|typeform|"
    r"yandex|zendesk|openai|anthropic|stripe|sendgrid|aws|azure"
)
_KEYS = (
    r"api|access|auth|secret|private|encrypt\w*|signing|master|service|account|app|application|client|consumer|license|"
    r"storage|shared|session|deploy"
)
_SERVICE = pattern(rf"(?i)(?<![a-z])(?:{SERVICES})")
_WORD = pattern(
    rf"(?i)(?:{_KEYS})[ _.-]?keys?|apikey|secrets?|tokens?|passw(?:or)?d|passphrase|pwd|credentials?|creds?|"
    rf"auth(?:orization)?(?![a-z])|(?<![a-z])key(?![a-z])"
)
_VALUE = pattern(
    r"(?:::?=|=>|[:=,>(])[ \t]{0,4}(?P<quote>[\"'`]?)(?P<value>[A-Za-z0-9][\w.=/+~-]{14,250}+|"
    r"[A-Za-z0-9][\w.=/+~-]{9,14}+(?=[\"'`]))(?=(?P=quote)(?:[\s,;)}\]\\\"'`<&]|\Z))"
)
_NAME = pattern(r"(?P<name>[\w.-]{2,60}(?: [\w.-]{2,20}){0,2})[\"'`\]\)]{0,3}[ \t]{0,4}\Z")
_NOT_SECRET = pattern(
    r"(?i)public|pub[_.-]?key|primary|foreign|partition|sort[_.-]?key|key[_.-]?(?:id|name|pair|word|board|press|"
    r"code|size|length|type|file|path|alias|hash|fingerprint)|keyring|monkey|"
    r"turkey|(?:token|secret|credential)s?[_.-]?(?:name|type|id|url|uri|endpoint|length|limit|count|file|path|"
    r"expir\w*|ttl|index|class)|tokeniz|max[_.-]?tokens?|csrf|author(?!iz)|"
    r"hash|digest|checksum|sha\d*|md5|etag|integrity|commit|revision|nonce|uuid|guid|client[_.-]?id|"
    r"user[_.-]?id|image|model|version|endpoint|vault|keystore|secrets?id|build[_.-]?number"
)


# Triggers: what follows the sign. The names before it are many, and looking for them costs a hundred times as much.
TRIGGERS = (r"[=:>][ \t]{0,4}[A-Za-z0-9][\w.=/+~-]{14}", r"[=:,>(][ \t]{0,4}[\"'`][A-Za-z0-9][\w.=/+~-]{9}")


class Assigned(NamedTuple):
    """A secret value, where it stands, and what its name says."""

    start: int
    end: int
    service: str
    word: str

    @property
    def is_key(self) -> bool:
        """Whether it is a key of a service, rather than a token or a password."""
        return bool(self.service) or "key" in self.word


@lru_cache(maxsize=256)
def assigned(text: str) -> tuple[Assigned, ...]:
    """All values that are random enough and whose names call them secret, or name a service; two rules ask."""
    return tuple(_assigned(text))


def _assigned(text: str) -> Iterator[Assigned]:
    for match in _VALUE.finditer(text, timeout=1):
        value = match["value"].rstrip(".")
        if not (any(map(str.isdigit, value)) and (is_uuid(value) or is_random(value, 3.0))):
            continue
        named = _NAME.search(text[max(0, match.start() - 110) : match.start()], timeout=1)
        name = named["name"] if named else ""
        word, service = (found.group().lower() if (found := p.search(name)) else "" for p in (_WORD, _SERVICE))
        if not (word or service) or _NOT_SECRET.search(name):
            continue
        least = 3.0 if service and len(value) <= 32 else 3.3 if len(value) < 20 else 3.5
        if (service and word) if is_uuid(value) else entropy(value) >= least:
            yield Assigned(match.start("value"), match.start("value") + len(value), service, word)
