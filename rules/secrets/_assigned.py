"""Values given to a name that says they are secret: ``api_key = "…"``, ``"token": "…"``, ``SECRET=…``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from datalint_rules.secrets._judging import is_random, is_uuid

# Services whose keys have no form of their own: a value given to one of these names is one.
SERVICES = (
    r"adafruit|adobe|airtable|algolia|alibaba|asana|atlassian|confluence|jira|beamer|bitbucket|bittrex|clojars|cloudflare|codecov|cohere|coinbase|confluent|contentful|"
    r"datadog|discord|droneci|dropbox|etsy|facebook|fastly|finicity|finnhub|flickr|freshbooks|gitter|gocardless|heroku|hubspot|intercom|jfrog|artifactory|kraken|kucoin|"
    r"launchdarkly|linear|linked[_-]?in|lob|mailchimp|mailgun|mapbox|mattermost|meraki|message[_-]?bird|netlify|new[_-]?relic|nytimes|okta|plaid|private[_-]?ai|rapidapi|"
    r"sendbird|sentry|snyk|sonar|square(?:space)?|sumo(?:logic)?|telegram|travis|twilio|twitch|twitter|typeform|yandex|zendesk|openai|anthropic|stripe|sendgrid|aws|azure"
)
_KEYS = r"api|access|auth|secret|private|encrypt\w*|signing|master|service|account|app|application|client|consumer|license|storage|shared|session|deploy"
_SERVICE = regex.compile(rf"(?i)(?<![a-z])(?:{SERVICES})")
_WORD = regex.compile(
    rf"(?i)(?:{_KEYS})[ _.-]?keys?|apikey|secrets?|tokens?|passw(?:or)?d|passphrase|pwd|credentials?|creds?|auth(?:orization)?(?![a-z])|(?<![a-z])key(?![a-z])"
)
_ASSIGNED = regex.compile(
    r"(?i)(?<![\w.-])(?P<name>[\w.-]{2,60}(?: [\w.-]{2,20}){0,2})[\"'`\]\)]{0,3}[ \t]{0,4}(?::=|=>|[:=,])[ \t]{0,4}(?P<quote>[\"'`]?)"
    r"(?P<value>[A-Za-z0-9][\w.=/+~-]{14,250}|[A-Za-z0-9][\w.=/+~-]{9,14}(?=[\"'`]))(?=(?P=quote)(?:[\s,;)}\]\\\"'`]|\Z))"
)
_NOT_SECRET = regex.compile(
    r"(?i)public|pub[_.-]?key|primary|foreign|partition|sort[_.-]?key|key[_.-]?(?:id|name|pair|word|board|press|code|size|length|type|file|path|alias|hash|fingerprint)|keyring|monkey|"
    r"turkey|(?:token|secret|credential)s?[_.-]?(?:name|type|id|url|uri|endpoint|length|limit|count|file|path|expir\w*|ttl|index|class)|tokeniz|max[_.-]?tokens?|csrf|author(?!iz)|"
    r"hash|digest|checksum|sha\d*|md5|etag|integrity|commit|revision|nonce|uuid|guid|client[_.-]?id|user[_.-]?id|image|model|version"
)


class Assigned(NamedTuple):
    """A secret value, where it stands, and what its name says."""

    start: int
    end: int
    service: str
    word: str


def assigned(text: str) -> Iterator[Assigned]:
    """All values that are random enough and whose names call them secret, or name a service."""
    for match in _ASSIGNED.finditer(text, timeout=1):
        name, value = match["name"], match["value"].rstrip(".")
        word, service = (found.group().lower() if (found := p.search(name)) else "" for p in (_WORD, _SERVICE))
        if not (word or service) or _NOT_SECRET.search(name):
            continue
        if not is_uuid(value) and not is_random(value, 3.0 if service and len(value) <= 32 else 3.5):
            continue
        if is_uuid(value) and not (service and word):
            continue
        yield Assigned(match.start("value"), match.start("value") + len(value), service, word)
