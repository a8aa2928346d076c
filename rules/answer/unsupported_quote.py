"""QLT505: words or sentences that were to be taken from the input and are not in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from datalint_rules.answer._asked import Asked, asked

from datalint import Finding, Judged, Message, Related, bad, good, pattern, rule

_SHORTEST_GIVEN = 3  # words
_LONGEST_ANSWER = 600
_KINDS = (
    r"adjectives?|nouns?|verbs?|adverbs?|pronouns?|prepositions?|conjunctions?|proper (?:nouns?|names?)"
    r"|(?:named )?entit(?:y|ies)|names?|subject"
    r"|(?:direct |indirect )?object|predicate|terms?|words?|phrases?|people|persons|places?|locations?"
    r"|organi[sz]ations?|dates?|numbers?|(?:longest|shortest|first|last|rhyming|capitali[sz]ed) words?"
)
_WORDS = pattern(
    rf"(?i)\A\W*(?:please )?(?:find|identify|extract|list|select|pick|underline|highlight|locate|give|name"
    rf"|spot|what (?:is|are)|which (?:word )?(?:is|are)|output|circle)"
    rf"(?: out)?(?: me)?\s+(?:all\s+)?(?:of\s+)?(?:the\s+|any\s+|an?\s+|two\s+|three\s+"
    rf"|\d\s+)?(?:\w+\s+){0, 2}?(?P<kind>{_KINDS})"
    r"(?:\s+(?:used|present|found|mentioned|contained|that)\b[^.:\n]{0,50}?)?\s+(?:in|from|of"
    r"|within)\s+(?:the|this|a|these)\s+(?:\w+\s+)?"
    r"(?:sentence|text|paragraph|passage|phrase|article|list|input|headline|statement)s?\b"
)
_SENTENCES = pattern(
    r"(?i)\A\W*(?:please )?(?:find|extract|select|pick|underline|highlight|locate|quote"
    r"|copy)(?: out)?\s+(?:the\s+|an?\s+|one\s+|two\s+|all\s+)?"
    r"(?:[\w-]+\s+){0,2}(?:sentences?|quotes?|quotations?|lines?)\b.{0,80}\b(?:in|from|of|within)\s+(?:the"
    r"|this)\s+(?:\w+\s+)?"
    r"(?:text|paragraph|passage|article|story|essay|poem|document|input|excerpt)\b"
)
_MORE = pattern(
    r"(?i)\b(?:explain|classif\w*|replac\w*|rewrit\w*|synonyms?|antonyms? (?:of|for) (?!each)|types?"
    r"|kinds?|suggest\w*|correct\w*|mistakes?|errors?|missing|definitions?|defin\w*|meanings?"
    r"|translat\w*|change|convert|similar|opposite|and describe|create|write|generat\w*|add|complete|fill"
    r"|summar\w*|form of|tense|infer\w*|implied|improv\w*|author|movie|song|book"
    r"|category|label|main (?:idea|point)|keywords?|topic|theme|tone|past|plural|singular|base|root|should"
    r"|would|could|best|paraphras\w*|idea|thesis|conclu\w*|misspell\w*|spelling"
    r"|given (?:a|an)|scientific|chemical|full|nationality|country|capital|city)\b"
)
_QUOTED = pattern(r"(?:[\"“]|(?<!\w)['‘`])([^\"“”\n]{1,300}?)(?:[\"”]|['’`](?!\w))")
_LED = pattern(r"(?is)\A.{0,120}?(?:\b(?:is|are|include)\b\s*:?|:)\s*")
_LABEL = pattern(r"(?i)^\s*(?:[-*•]\s*|\d+[.)]\s*)?(?:\w+\s){0,2}\w+\s*(?:\(s\))?:\s*")
_SPLIT = pattern(r"\s*(?:[,;\n]|\band\b|&)\s*")
_TOKEN = pattern(r"[\p{L}\d]+(?:['’][\p{L}]+)?")
_BRACKETS = pattern(r"\([^()\n]*\)")
_NONE = pattern(r"(?i)\b(?:no|none|not|there (?:is|are) no|n/a|cannot|n't|implied|understood|omitted)\b")
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "by",
        "with",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "he",
        "she",
        "they",
        "you",
        "i",
        "we",
        "his",
        "her",
        "their",
        "our",
        "my",
        "your",
        "as",
        "from",
        "into",
        "than",
        "then",
        "there",
        "here",
        "sentence",
        "text",
        "word",
        "words",
        "noun",
        "nouns",
        "verb",
        "verbs",
        "adjective",
        "adjectives",
        "adverb",
        "adverbs",
        "pronoun",
        "pronouns",
        "preposition",
        "prepositions",
        "object",
        "subject",
        "paragraph",
        "passage",
        "both",
        "two",
        "three",
        "one",
    ]
)

_EXAMPLES = [
    bad(
        {
            "instruction": "Find the adjectives in the sentence.",
            "input": "The old boat left the quiet harbour.",
            "output": "The adjectives are old and tiny.",
        },
        name="a word that is not there",
    ),
    bad(
        {
            "instruction": "Extract the sentence about the weather from the text.",
            "input": "We left at nine. Rain fell all day. Nobody minded.",
            "output": '"A storm was raging over the coast."',
        },
        name="a sentence that is not there",
    ),
    good(
        {
            "instruction": "Find the adjectives in the sentence.",
            "input": "The old boat left the quiet harbour.",
            "output": 'The adjectives are "old" and "quiet".',
        },
        name="right",
    ),
    good(
        {"instruction": "Find the verbs in the sentence.", "input": "She is eating and ran off.", "output": "eat, run"},
        name="base forms",
    ),
    good(
        {
            "instruction": "Find the adjectives in the sentence and suggest synonyms.",
            "input": "The old boat left.",
            "output": "old: ancient",
        },
        name="more than words of the text",
    ),
    good(
        {"instruction": "Find the subject of the sentence.", "input": "Close the door!", "output": "you (implied)"},
        name="an implied word",
    ),
]


@rule(
    "QLT505",
    "unsupported-quote",
    category="suspicious",
    status="preview",
    roles=["user"],
    triggers=(
        r"(?i)^.{0,12}(find|identify|extract|list|select|pick|underline|highlight|locate|give|name|spot"
        r"|what (is|are)|which|output|circle).{0,40}"
        r"(adjective|noun|verb|pronoun|preposition|conjunction|entit|names? |subject|object|predicate|words? )",
        r"(?i)^.{0,12}(find|extract|select|pick|underline|highlight|locate|quote|copy).{0,40}(sentence|quote"
        r"|quotation|line)",
    ),
    known_problems="Inflected forms count as the word, and an item is only found where one of its words is like none of the input.",
    judged=Judged(1, 1, "all findings in 23 public sets: too few to trust it"),
    examples=_EXAMPLES,
)
def check_unsupported_quote(message: Message) -> Iterator[Finding]:
    """Something that was to be taken from the input is not in it.

    Tasks that ask for words of a sentence, or for a sentence of a text, have answers made of the input. A word or sentence
    that the input does not have teaches to make evidence up. Inflections, labels, brackets and answers that say there is
    none are left alone.
    """
    if len(message.text) > 300 or _MORE.search(message.text):
        return
    words, sentences = _WORDS.search(message.text), _SENTENCES.search(message.text)
    if words is None and sentences is None:
        return
    task = asked(message)
    if task is None or len(task.answer.text) > _LONGEST_ANSWER or _NONE.search(task.answer.text):
        return
    given = _given(task)
    tokens = [t.casefold() for t in _TOKEN.findall(given)]
    if len(tokens) < _SHORTEST_GIVEN or not given.isascii():
        return
    for item in _items(task.answer.text) if words is not None else _quoted(task.answer.text):
        strange = _strange(item, tokens) if words is not None else _strange_sentence(item, tokens)
        if strange:
            start = task.answer.text.find(item)
            told = (Related(message.record.ref, "asked for here", message.pointer, (0, len(message.text))),)
            yield task.answer.finding((start, start + len(item)), f"the input has no {strange!r}", related=told)
            return


def _given(task: Asked) -> str:
    return task.given or task.task.partition(":")[2] or task.task.partition("\n")[2]


def _items(text: str) -> list[str]:
    """The words or phrases an answer gives."""
    quoted = [m[1] for m in _QUOTED.finditer(text)]
    if quoted:
        return quoted
    led = _LED.match(text)
    if "\n" in text.strip():
        lines = [_LABEL.sub("", line) for line in text.split("\n") if line.strip()]
        body = "\n".join(lines)
    elif led and not text.rstrip().endswith(":"):
        body = text[led.end() :]
    else:
        body = text
    items = [i.strip(" .'\"*[]") for i in _SPLIT.split(_BRACKETS.sub("", body))]
    return [i for i in items if i] if all(len(i.split()) <= 4 for i in items) else []


def _quoted(text: str) -> list[str]:
    quoted = [m[1] for m in _QUOTED.finditer(text) if len(m[1].split()) >= 4]
    return quoted or ([text.strip()] if len(text.split()) >= 4 and "\n" not in text.strip() and ":" not in text else [])


def _strange(item: str, given: Sequence[str]) -> str:
    """The first word of ``item`` that is like none of the given ones."""
    word: str
    for word in (t.casefold() for t in _TOKEN.findall(item)):
        if len(word) < 3 or word in _SMALL or any(_like(word, g) for g in given):
            continue
        return word
    return ""


def _like(one: str, other: str) -> bool:
    if one == other or (min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one))):
        return True
    if one[:3] == other[:3] and min(len(one), len(other)) >= 4:
        return True
    return SequenceMatcher(None, one, other).ratio() > 0.6


def _strange_sentence(item: str, given: Sequence[str]) -> str:
    """The sentence itself where more than a third of its words are not in the text."""
    words = [t.casefold() for t in _TOKEN.findall(item)]
    missing = sum(w not in given for w in words)
    shown: str = item if len(item) <= 60 else item[:59] + "…"
    return shown if missing * 3 > len(words) >= 4 else ""
