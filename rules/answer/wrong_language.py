"""QLT515: an answer that is not in the language asked for."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.constraints._request import Request, is_code, request
from datalint_rules.language._texts import is_prose

from datalint import Finding, Judged, Message, bad, good, language, pattern, rule

_NAMES = {name.lower(): code for code, name in (
    ("fr", "French"), ("es", "Spanish"), ("de", "German"), ("it", "Italian"), ("pt", "Portuguese"), ("ru", "Russian"), ("zh", "Chinese"),
    ("ja", "Japanese"), ("ko", "Korean"), ("ar", "Arabic"), ("nl", "Dutch"), ("pl", "Polish"), ("tr", "Turkish"), ("sv", "Swedish"),
    ("hi", "Hindi"), ("el", "Greek"), ("he", "Hebrew"), ("uk", "Ukrainian"), ("vi", "Vietnamese"), ("th", "Thai"), ("cs", "Czech"),
    ("en", "English"), ("fi", "Finnish"), ("da", "Danish"), ("ro", "Romanian"), ("hu", "Hungarian"), ("id", "Indonesian"),
)}  # fmt: skip
_NAMED = "|".join(_NAMES)
_ASKED = pattern(
    rf"(?i)\b(?:translat\w+\b[^.\n\"“”]{{0,120}}?\b(?:in)?to|(?:write|answer|respond|reply|say|compose|generate|create|describe"
    rf"|explain|tell|give|provide|summari[sz]e)\b[^.\n\"“”]{{0,80}}?\bin)"
    rf"\s+(?:the\s+)?(?<name>{_NAMED})(?:\s+language)?(?=\s*(?:[.!:\n]|\Z))"
)
_HAN = pattern(
    r"(?:翻译成|翻译为|译成|译为|用)(?<name>英语|英文|法语|西班牙语|德语|日语|韩语|俄语|意大利语|中文)(?:回答|写|[。.：:\n]|\Z)"
)
_HAN_NAMES = {
    "英语": "en",
    "英文": "en",
    "法语": "fr",
    "西班牙语": "es",
    "德语": "de",
    "日语": "ja",
    "韩语": "ko",
    "俄语": "ru",
    "意大利语": "it",
    "中文": "zh",
}
_SHOWN = pattern(
    r"[\"“«「『'‘][^\"“”«»「」『』]+[\"”»」』'’]|:\s*[^\s:][^:]*\Z|(?<=\bis )\S+\W*\Z|\([^()]+\)|, \w+\.\Z"
)
_MARKS = "\"“”«»「」『』'‘’:., "
_ELSE = pattern(
    r"(?i)\b(?:explain how|how (?:do|would|to|can)|pronunciation|phonetic|romani[sz]\w*|pinyin|romaji|transliterat\w+|and (?:explain"
    r"|then)|function|program|code|from (?:the )?(?:english|french) (?:and|or))\b|[/&]"
)

_EXAMPLES = [
    bad(
        {
            "instruction": "Translate the sentence into French.",
            "input": "Where is the station of this town?",
            "output": "Where can one find the station of the town that we are in?",
        },
        name="English",
    ),
    bad(
        {
            "instruction": "Write a short greeting to a neighbour in Spanish.",
            "input": "",
            "output": "Good morning, how are you today? I hope that all is well with you.",
        },
        name="no translation",
    ),
    bad(
        {"instruction": "翻译成法语。", "input": "我们明天去海边散步。", "output": "我们明天会去海边散步的。"},
        name="Chinese",
    ),
    good(
        {
            "instruction": "Translate the sentence into French.",
            "input": "Where is the station?",
            "output": "Où est la gare ?",
        },
        name="French",
    ),
    good(
        {
            "instruction": 'Translate "station" into French.',
            "input": "",
            "output": 'The French word for station is "gare".',
        },
        name="quoted in a sentence",
    ),
    good(
        {
            "instruction": "How do you say hello in French?",
            "input": "",
            "output": "One would say hello with the word salut to a friend.",
        },
        name="a question",
    ),
    good(
        {"instruction": "Translate the names into German.", "input": "Anna, Otto", "output": "Anna, Otto"},
        name="names",
    ),
    good(
        {
            "instruction": "Write a scene set in Italian gardens.",
            "input": "",
            "output": "The two of them walked under the trees and said nothing at all.",
        },
        name="no language",
    ),
]


@rule(
    "QLT515",
    "wrong-language",
    category="suspicious",
    roles=["user"],
    triggers=(
        rf"(?i)(in|to) (the )?({_NAMED})\b",
        r"(翻译成|翻译为|译成|译为|用)(英|法|西|德|日|韩|俄|意|中)",
    ),
    known_problems="""
        Only languages that the text tells for certain; an answer in the right language among others is right.
    """,
    judged=Judged(1, 1, "the one finding in 26 public sets"),
    examples=_EXAMPLES,
)
def check_wrong_language(message: Message) -> Iterator[Finding]:
    """The answer is not in the language asked for.

    A translation that was never made, or an answer in the language of the prompt where another one was asked for, teaches to ignore
    it. Answers that quote the translation in a sentence about it are left alone.
    """
    task = request(message)
    if task is None or is_code(task) or _ELSE.search(task.bare):
        return
    for asked in (_ASKED, _HAN):
        match = asked.search(task.bare)
        if match is None:
            continue
        code = _NAMES.get(match["name"].lower()) or _HAN_NAMES[match["name"]]
        found = _other(task, code)
        if found:
            yield task.broken(
                match.span(), f"in {language.name_of(found)} where the prompt asks for {language.name_of(code)}"
            )
        return


def _other(task: Request, code: str) -> str | None:
    """The language of an answer that has nothing in ``code``."""
    text = task.text
    if any(q.strip(_MARKS) not in task.prompt.text for q in _SHOWN.findall(text)):
        return None  # the translation is quoted in a sentence about it
    verdict = language.identify(text)
    if verdict.language is None or language.same(verdict.language, code) or language.speaks(text, code):
        return None
    return verdict.language if is_prose(text, verdict, code) and language.confirmed(text, verdict, code) else None
