"""LNG101: the answer is in another language than its prompt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from datalint_rules.language import _requests, _texts

from datalint import Batch, Conversation, Finding, Judged, Message, Record, bad, good, language, pattern, rule

_ROLES = ("user", "assistant")
_ASKED = 15  # letters a prompt needs
_SURE = 0.6
_QUOTATION = pattern(r"[\"“„«「『][^\"“”„«»「」『』\n]{2,80}[\"”»」』]")
_LATIN = pattern(r"\p{Latin}+")
_PROPER = pattern(
    r"(?i)\b(?:lyrics|song|verse|proverb|saying|motto|slogan|quot(?:e|ation)s?|prayer|mantra|chant|hymn|anthem|palindrome|pangram"
    r"|lorem ipsum|gibberish|nonsense|encod\w*|decod\w*|cipher|encrypt\w*|anagram)\b"
)


class Exchange(NamedTuple):
    """An answer, the texts it answers, and all that was said before that could allow a language."""

    answer: Message
    asked: tuple[str, ...]
    said: str


@rule(
    "LNG101",
    "language-mismatch",
    category="suspicious",
    known_problems="""
        Between languages that a machine cannot keep apart, such as Danish and Norwegian or Croatian and Serbian, nothing is
        reported, nor on answers of less than some forty letters where both sides share a script. Latin-script answers without
        accents in languages of few speakers may pass.
    """,
    references=("https://fasttext.cc/docs/en/language-identification.html", "https://github.com/Mimino666/langdetect"),
    examples=(
        bad(
            {
                "instruction": "Give three tips for staying healthy.",
                "input": "",
                "output": "Essen Sie viel Obst und Gemüse, bewegen Sie sich jeden Tag und schlafen Sie genug.",
            },
            name="English asked, German answered",
        ),
        bad(
            {
                "instruction": "Which planet is the largest of them all?",
                "input": "",
                "output": "太阳系中最大的行星是木星，它的质量超过其他行星的总和。",
            },
            name="another script",
        ),
        bad(
            {
                "messages": [
                    {"role": "user", "content": "Peux-tu m'expliquer pourquoi le ciel est bleu pendant la journée ?"},
                    {
                        "role": "assistant",
                        "content": "The air scatters blue light more than red light, so blue reaches us from all sides.",
                    },
                ]
            },
            name="French asked, English answered",
        ),
        good(
            {
                "instruction": "Translate to German: The house is old and the garden is wild.",
                "input": "",
                "output": "Das Haus ist alt und der Garten ist wild.",
            },
            name="a translation",
        ),
        good(
            {
                "instruction": "Write one sentence about the sea in Spanish.",
                "input": "",
                "output": "El mar está tranquilo y los barcos vuelven al puerto por la tarde.",
            },
            name="the language is named",
        ),
        good(
            {
                "messages": [
                    {"role": "system", "content": "You are a tutor. Answer in French."},
                    {"role": "user", "content": "What does the word water mean to a fisherman?"},
                    {"role": "assistant", "content": "Pour un pêcheur, l'eau est le lieu où il vit et dont il vit."},
                ]
            },
            name="named in the system text",
        ),
        good(
            {
                "instruction": "Correct the grammar of this sentence.",
                "input": "Die Kinder spielt im Garten und sie hat viel Spaß.",
                "output": "Die Kinder spielen im Garten und sie haben viel Spaß.",
            },
            name="the prompt is in two languages itself",
        ),
        good(
            {
                "instruction": "¿Cómo se imprime un saludo en Python? Quiero ver solamente el programa.",
                "input": "",
                "output": "```python\nprint('this is the hello of the day')\n```",
            },
            name="code",
        ),
        good(
            {
                "instruction": "Name five famous dishes from the south of Europe.",
                "input": "",
                "output": "Bouillabaisse, Ratatouille, Paella Valenciana, Saltimbocca alla Romana, Pastéis de Nata",
            },
            name="a list of names",
        ),
        good(
            {
                "instruction": "What is the motto of the city?",
                "input": "",
                "output": '"Fluctuat nec mergitur et semper resurgit"',
            },
            name="a quotation",
        ),
        good(
            {"instruction": "What is the capital of Greece called there?", "input": "", "output": "Αθήνα"},
            name="a single word",
        ),
    ),
    judged=Judged(
        8,
        8,
        "all its findings on 44 public sets, 63,600 records: English answers in Chinese sets; none in the 57,000 English records",
    ),
)
def check_language_mismatch(batch: Batch) -> Iterator[Finding]:
    """An answer is in another language than its prompt.

    Someone asks in one language and is answered in another: the answer belongs to another record, was left out of a
    translation, or comes from a model that slipped. A model trained on it slips as well. Prompts that ask for a
    translation, name a language, or are in two languages themselves are left alone; so are code, names, quotations, and
    texts too short to tell.
    """
    open_ = language.not_plainly_english(batch, _ROLES)
    if open_:
        for k in dict.fromkeys(batch.owners[open_].tolist()):
            yield from _judge(batch.record(k))


def _judge(record: Record) -> Iterator[Finding]:
    seen: set[str] = set()
    for conversation in record.conversations:
        for exchange in _exchanges(conversation):
            if exchange.answer.pointer not in seen:
                seen.add(exchange.answer.pointer)
                yield from _compare(exchange)


def _exchanges(conversation: Conversation) -> Iterator[Exchange]:
    asked: list[str] = []
    said: list[str] = []
    answered = False
    for message in conversation.messages:
        if message.role == "assistant":
            answered = True
            if asked and not message.rejected and message.slot.kind == "content":
                yield Exchange(message, tuple(asked), "\n".join(said))
        elif message.role in ("user", "system"):
            said.append(message.text)
            if message.role == "user":
                asked, answered = ([] if answered else asked), False
                asked.append(message.text)


def _compare(exchange: Exchange) -> Iterator[Finding]:
    text, asked = exchange.answer.text, exchange.asked
    whole = "\n".join(asked)
    answer = language.identify(text)
    if answer.language is None or answer.confidence < _SURE or len(language.own_words(whole, answer.language)) >= 2:
        return
    prompt = language.identify(whole)
    if prompt.language is None or prompt.confidence < _SURE or language.same(prompt.language, answer.language):
        return
    if not _texts.is_prose(text, answer, prompt.language) or not _is_told(whole, prompt):
        return
    if _requests.allows(exchange.said, answer.language) or _PROPER.search(exchange.said) or _uses_words(whole, text):
        return
    if any(language.speaks(t, answer.language) for t in asked) or language.speaks(text, prompt.language):
        return
    if language.confirmed(text, answer, prompt.language) and not language.doubted(whole, prompt, answer.language):
        names = language.name_of(answer.language), language.name_of(prompt.language)
        said = f"the answer is in {names[0]}, the prompt in {names[1]}"
        yield exchange.answer.finding(None, said, score=round(min(prompt.confidence, answer.confidence), 2))


def _is_told(prompt: str, verdict: language.Verdict) -> bool:
    return verdict.by == "script" or sum(map(str.isalpha, prompt)) >= _ASKED


def _uses_words(prompt: str, answer: str) -> bool:
    """Whether the answer uses a word that the prompt quotes, or has in small letters amid another script, as in "make a
    sentence with …"."""
    quoted = {w for q in _QUOTATION.findall(prompt) for w in _texts.WORDS.findall(q)}
    if language.script_of(prompt) not in ("Latin", language.script_of(answer)):
        quoted.update(w for w in _LATIN.findall(prompt) if w.islower())
    spoken = answer.lower()
    return any(len(w) > 3 and w.lower() in spoken for w in quoted)
