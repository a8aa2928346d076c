"""Keys that say by their form whose they are: prefix, alphabet, length, and a checksum where the vendor has one."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error, crc32
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

import regex

from datalint import pattern

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Vendor(NamedTuple):
    """One kind of key. ``start``: how each begins, ``rest``: what follows."""

    name: str
    start: str
    rest: str
    sound: Callable[[str], bool] | None = None  # whether the checksum is right
    begin: str = ""  # the trigger where there is no prefix
    holds: Callable[[str], bool] | None = None  # what must be true besides, where the form alone says too little


def _github(value: str) -> bool:
    """The last six characters are the CRC-32 of the others, in base 62."""
    body, said = value.rpartition("_")[2][:-6], value[-6:]
    number, digits = crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits.rjust(6, "0") == said


def _numbered(value: str) -> bool:
    """Whether the first part is a number in base 64, as in the tokens of Discord."""
    try:
        return b64decode(value.partition(".")[0] + "==").isdigit()
    except Error:
        return False


_W = r"[\w-]"
_AN = r"[A-Za-z0-9]"
_HEX = r"[0-9a-f]"
_U = rf"{_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}"
VENDORS = (
    Vendor("AWS", r"A(?:KIA|SIA|BIA|CCA|3T[A-Z0-9])", r"[A-Z0-9]{16}"),
    Vendor("AWS Bedrock", r"ABSK", r"[A-Za-z0-9+/]{109,269}={0,2}"),
    Vendor("GitHub", r"gh[pousr]_", rf"{_AN}{{36}}", _github),
    Vendor("GitHub", r"github_pat_", rf"{_AN}{{22}}_{_AN}{{59}}"),
    Vendor("GitLab", r"gl(?:pat|dt|rt|soat|ft|ffct)-", rf"{_W}{{20,300}}(?:\.[0-9a-z]{{9}})?"),
    Vendor("GitLab", r"gl(?:imt|ptt|agent|oas)-", rf"{_W}{{25,1024}}"),
    Vendor("GitLab", r"glcbt-", rf"{_AN}{{1,5}}_{_W}{{20}}"),
    Vendor("GitLab", r"GR1348941", rf"{_W}{{20}}"),
    Vendor("GitLab", r"_gitlab_session=", r"[0-9a-z]{32}"),
    Vendor(
        "Slack", r"xox[abeoprs]-", r"(?:\d-)?(?:\d{8,14}(?:-\d{8,14}){0,3}-[0-9A-Za-z-]{18,40}|[0-9A-Za-z]{16,170})"
    ),
    Vendor("Slack", r"xoxe\.xox[bp]-", r"\d-[A-Za-z0-9]{160,170}"),
    Vendor("Slack", r"xapp-", r"\d-[A-Za-z0-9]{6,20}-\d{6,20}-[a-z0-9]{20,100}"),
    Vendor("Slack webhook", r"hooks\.slack\.com/", r"(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,56}"),
    Vendor("Discord webhook", r"discord(?:app)?\.com/api/webhooks/", rf"\d{{17,20}}/{_W}{{60,72}}"),
    Vendor(
        "Microsoft Teams webhook", r"webhook\.office\.com/webhookb2/", rf"{_U}@{_U}/IncomingWebhook/[0-9a-z]{{32}}/{_U}"
    ),
    Vendor(
        "Discord",
        r"",
        rf"[MNO][A-Za-z]{_W}{{22,26}}\.{_W}{{6}}\.{_W}{{27,38}}",
        begin=r"\.[\w-]{6}\.[\w-]{27}",
        holds=_numbered,
    ),
    Vendor("Stripe", r"[sr]k_(?:live|test|prod)_", rf"{_AN}{{16,99}}"),
    Vendor("Stripe webhook", r"whsec_", r"[A-Za-z0-9+/]{32,64}"),
    Vendor("OpenAI", r"sk-", rf"(?:(?:proj|svcacct|admin|None)-)?{_W}{{16,74}}T3BlbkFJ{_W}{{16,74}}"),
    Vendor("OpenAI", r"sk-proj-", rf"{_W}{{48,160}}"),
    Vendor("OpenAI", r"sk-", rf"{_AN}{{48}}"),
    Vendor("Anthropic", r"sk-ant-", rf"(?:api|admin|sid|oat)\d\d-{_W}{{86,100}}"),
    Vendor("OpenRouter", r"sk-or-v1-", rf"{_HEX}{{64}}"),
    Vendor("Groq", r"gsk_", rf"{_AN}{{52}}"),
    Vendor("xAI", r"xai-", rf"{_AN}{{80}}"),
    Vendor("Perplexity", r"pplx-", rf"{_AN}{{48}}"),
    Vendor("Replicate", r"r8_", rf"{_AN}{{37}}"),
    Vendor("LangSmith", r"lsv2_(?:pt|sk)_", rf"{_HEX}{{32}}_{_HEX}{{10}}"),
    Vendor("Hugging Face", r"hf_", r"[A-Za-z]{34}|[A-Za-z0-9]{34}"),
    Vendor("Hugging Face", r"api_org_", r"[A-Za-z]{34}"),
    Vendor("Google", r"AIza", rf"{_W}{{35}}"),
    Vendor("Google", r"GOCSPX-", rf"{_W}{{28}}"),
    Vendor("Google", r"ya29\.", rf"{_W}{{40,300}}"),
    Vendor("npm", r"npm_", rf"{_AN}{{36}}"),
    Vendor("PyPI", r"pypi-AgE", rf"{_W}{{50,1000}}"),
    Vendor("RubyGems", r"rubygems_", rf"{_HEX}{{48}}"),
    Vendor("Clojars", r"CLOJARS_", rf"{_AN}{{60}}"),
    Vendor("SendGrid", r"SG\.", r"[\w=.-]{66}"),
    Vendor("Brevo", r"xkeysib-", rf"{_HEX}{{64}}-{_AN}{{16}}"),
    Vendor("Mailgun", r"key-", rf"{_HEX}{{32}}"),
    Vendor("Mailchimp", r"", rf"(?<!\w){_HEX}{{32}}-us\d{{1,2}}", begin=r"[0-9a-f]{8}-us\d"),
    Vendor("Twilio", r"SK", rf"{_HEX}{{32}}"),
    Vendor("DigitalOcean", r"do[opr]_v1_", rf"{_HEX}{{64}}"),
    Vendor("Doppler", r"dp\.(?:pt|st|ct|sa)\.", r"[\w.]{40,50}"),
    Vendor("Shopify", r"shp(?:at|ca|pa|ss)_", r"[0-9a-fA-F]{32}"),
    Vendor("Square", r"sq0(?:atp|csp)-", rf"{_W}{{22,60}}"),
    Vendor("Square", r"EAAA", rf"{_W}{{56,60}}"),
    Vendor("Facebook", r"EAA[A-Z]", rf"{_AN}{{80,400}}"),
    Vendor(
        "Facebook", r"", r"(?<!\d)\d{15,16}(?:\||%7C)[0-9A-Za-z_-]{27,40}", begin=r"\d{15}(?:\||%7C)[0-9A-Za-z_-]{14}"
    ),
    Vendor("Databricks", r"dapi", rf"{_HEX}{{32}}(?:-\d)?"),
    Vendor("Heroku", r"HRKU-", rf"(?:{_U}|{_W}{{60}})"),
    Vendor("New Relic", r"NR(?:AK|JS|II|AL|RA|IQ)-", r"[A-Za-z0-9_-]{19,42}"),
    Vendor("Postman", r"PMAK-", rf"{_HEX}{{24}}-{_HEX}{{34}}"),
    Vendor("Pulumi", r"pul-", rf"{_HEX}{{40}}"),
    Vendor("Linear", r"lin_(?:api|oauth)_", rf"{_AN}{{40,64}}"),
    Vendor("Notion", r"ntn_", r"[A-Za-z0-9]{43,50}"),
    Vendor("Figma", r"fig[dou]r?_", rf"{_W}{{40,50}}"),
    Vendor("Airtable", r"pat", rf"{_AN}{{14}}\.{_HEX}{{64}}"),
    Vendor("Atlassian", r"ATATT3", r"[\w=-]{180,200}"),
    Vendor("Atlassian", r"AT(?:CTT3|BB)", r"[\w=-]{24,200}"),
    Vendor("Azure", r"", r"(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{31,34}", begin=r"\dQ~[\w~.-]{16}"),
    Vendor("Azure Storage", r"AccountKey=", r"[A-Za-z0-9+/]{86}=="),
    Vendor("Dropbox", r"sl\.", r"[\w=-]{130,160}"),
    Vendor("Alibaba", r"LTAI", rf"{_AN}{{16,20}}"),
    Vendor("Tencent", r"AKID", rf"{_AN}{{32}}"),
    Vendor("Adobe", r"p8e-", rf"{_AN}{{32}}"),
    Vendor("Adafruit", r"aio_", rf"{_AN}{{28}}"),
    Vendor("age", r"AGE-SECRET-KEY-1", r"[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    Vendor("1Password", r"ops_eyJ", r"[A-Za-z0-9+/]{200,}={0,3}"),
    Vendor("1Password", r"A3-", r"[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}"),
    Vendor(
        "Authress",
        r"(?:sc|ext|scauth|authress)_",
        r"[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}",
    ),
    Vendor("JFrog", r"AKCp", rf"{_AN}{{60,80}}"),
    Vendor("JFrog", r"cmVmdGtuO", rf"{_AN}{{50,60}}"),
    Vendor("Terraform", r"", rf"(?<!\w){_AN}{{14}}\.atlasv1\.[\w=-]{{60,70}}", begin=r"\.atlasv1\.[\w=-]{16}"),
    Vendor("Vault", r"hv[bsr]\.", rf"{_W}{{24,300}}"),
    Vendor("Grafana", r"glsa_", rf"{_AN}{{32}}_[0-9a-fA-F]{{8}}"),
    Vendor("Grafana", r"glc_", r"[A-Za-z0-9+/]{32,400}={0,3}"),
    Vendor("Grafana", r"eyJrIjoi", r"[A-Za-z0-9]{70,400}={0,3}"),
    Vendor("Fly.io", r"fo1_", rf"{_W}{{43}}"),
    Vendor("Fly.io", r"fm(?:1[ar]|2)_", r"[A-Za-z0-9+/]{100,}={0,3}"),
    Vendor("Flutterwave", r"FLW(?:SECK|PUBK)(?:_TEST)?-", r"[a-h0-9]{12}(?:[a-h0-9]{20}-X)?"),
    Vendor("Frame.io", r"fio-u-", r"[\w=-]{64}"),
    Vendor("Duffel", r"duffel_(?:test|live)_", r"[\w=-]{43}"),
    Vendor("Dynatrace", r"dt0[a-z]\d\d\.", rf"{_AN}{{24}}\.{_AN}{{64}}"),
    Vendor("EasyPost", r"EZ[AT]K", rf"{_AN}{{54}}"),
    Vendor("Infracost", r"ico-", rf"{_AN}{{32}}"),
    Vendor("42", r"s-s4t2(?:ud|af)-", rf"{_HEX}{{64}}"),
    Vendor("PlanetScale", r"pscale_(?:tkn|oauth|pw)_", r"[\w=.-]{32,64}"),
    Vendor("Prefect", r"pn[ub]_", rf"{_AN}{{36}}"),
    Vendor("ReadMe", r"rdme_", r"[a-z0-9]{70}"),
    Vendor("Scalingo", r"tk-us-", rf"{_W}{{48}}"),
    Vendor("Sentry", r"sntryu_", rf"{_HEX}{{64}}"),
    Vendor("Sentry", r"sntrys_eyJ", r"[A-Za-z0-9+/=_]{80,500}"),
    Vendor("SettleMint", r"sm_[aps]at_", rf"{_AN}{{16}}"),
    Vendor("Shippo", r"shippo_(?:live|test)_", r"[0-9a-fA-F]{40}"),
    Vendor("Sourcegraph", r"sgp_", r"(?:(?:[0-9a-fA-F]{16}|local)_)?[0-9a-fA-F]{40}"),
    Vendor("Typeform", r"tfp_", r"[\w.=-]{59}"),
    Vendor("Yandex", r"AQVN", rf"{_W}{{35,38}}"),
    Vendor("Yandex", r"t1\.[A-Z0-9a-z_-]", r"[A-Z0-9a-z_-]+={0,2}\.[A-Z0-9a-z_-]{86}={0,2}"),
    Vendor("ClickHouse", r"4b1d", rf"{_AN}{{38}}"),
    Vendor("Cloudflare", r"v1\.0-", rf"{_HEX}{{24}}-{_HEX}{{146}}"),
    Vendor("Octopus", r"API-", r"[A-Z0-9]{26}"),
    Vendor("OpenShift", r"sha256~", rf"{_W}{{43}}"),
    Vendor("Harness", r"[ps]at\.", rf"{_W}{{22}}\.{_AN}{{24}}\.{_AN}{{20}}"),
    Vendor("MaxMind", r"", rf"(?<!\w){_AN}{{6}}_{_AN}{{29}}_mmk", begin=r"[A-Za-z0-9]{8}_mmk"),
    Vendor("Supabase", r"sb[ps]_", rf"{_HEX}{{40}}"),
    Vendor("Tailscale", r"tskey-", r"(?:auth|api|client)-[A-Za-z0-9]{10,20}-[A-Za-z0-9]{20,40}"),
    Vendor("Buildkite", r"bkua_", rf"{_HEX}{{40}}"),
    Vendor("CircleCI", r"CCIPAT_", rf"{_AN}{{22}}_{_HEX}{{40}}"),
    Vendor("Netlify", r"nfp_", rf"{_AN}{{36}}"),
    Vendor("Contentful", r"CFPAT-", rf"{_W}{{43}}"),
    Vendor("Plaid", r"access-(?:sandbox|development|production)-", _U),
    Vendor("Mapbox", r"sk\.eyJ", rf"{_W}{{60,120}}\.{_W}{{20,24}}"),
    Vendor("Telegram", r"", r"(?<![\w:])\d{8,10}:AA[\w-]{33}", begin=r"\d{8}:AA[\w-]{16}"),
    Vendor("Defined Networking", r"dnkey-", r"[\w=-]{26}-[\w=-]{52}"),
    Vendor("Docker", r"dck[rs]_", rf"(?:pat|oat)_{_W}{{27,32}}"),
    Vendor("Razorpay", r"rzp_(?:live|test)_", rf"{_AN}{{14}}"),
    Vendor("Lob", r"(?:live|test)_(?:pub_)?", rf"{_HEX}{{31}}(?:{_HEX}{{4}})?"),
)


def begins() -> tuple[str, ...]:
    """Triggers: each prefix with a run of characters after it, as long as that of the shortest key."""
    return tuple(dict.fromkeys(v.begin or rf"\b{v.start}[\w/+.=-]{{14}}" for v in VENDORS))


class Key(NamedTuple):
    """What has the form of a vendor's key."""

    start: int
    end: int
    vendor: Vendor


_RUN = pattern(r"[\w/+.=~@:|%-]{20,}+")
_LIKELY = pattern(r"\d|(?:hf|org)_[A-Za-z]{34}")  # a key without any digit is rare


@lru_cache(maxsize=256)
def keys_in(text: str) -> tuple[Key, ...]:
    """Everything in ``text`` that has the form of a key; two rules ask."""
    runs = (r for r in _RUN.finditer(text) if _LIKELY.search(r.group()))
    found = (m for run in runs for m in _pattern().finditer(text, run.start(), run.end(), timeout=1))
    keys = ((m, VENDORS[int((m.lastgroup or "v0")[1:])]) for m in found)
    return tuple(Key(*m.span(), v) for m, v in keys if v.holds is None or v.holds(m.group()))


@cache
def _pattern() -> regex.Pattern[str]:
    """All vendors at once, the number of each in the name of its group."""
    parts = (rf"(?P<v{n}>{v.start}(?:{v.rest}))" for n, v in enumerate(VENDORS))
    return pattern(rf"(?<![A-Za-z0-9])(?:{'|'.join(parts)})(?![A-Za-z0-9])")
