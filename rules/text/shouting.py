"""TXT501: prose in capitals."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Batch, Finding, Judged, Message, bad, good, pattern, prose, rule

_WORD = pattern(r"(?<![\w@#$/._-])\p{Lu}[\p{Lu}'’]+(?![\w/._-])|(?<=\s)[AIÀEОИЯВУКСЕ](?=\s)")
_ABOUT = pattern(
    r"(?i)\b(?:upper[- ]?case[ds]?|capital(?:s|i[sz]\w+|ised|ized)?|all[- ]caps|caps(?: lock)?|majuscules?"
    r"|mayúsculas?|maiúsculas?|maiuscol\w|Großbuchstaben|"
    r"scream\w*|shout\w*|yell\w*|acronyms?|abbreviations?|headlines?|titles?|headings?|banner|morse|telegram|sign(?:s|board)?|slogans?|poster|ticker\w*|stocks?|"
    r"codes?|cipher|decrypt|decode|encode|anagram|sort|spell\w*|grammar|lower[- ]?case|rewrite|correct|DNA|RNA"
    r"|sequence)\b|заглавн|прописн|大写|大文字|대문자"
)


@rule(
    "TXT501",
    "shouting",
    category="suspicious",
    roles=["user", "assistant", "text", "unknown"],
    known_problems="Only texts without any small letter are seen, in scripts that have capitals.",
    examples=[
        bad(
            {
                "instruction": "How do I reset it?",
                "input": "",
                "output": "HOLD THE BUTTON FOR TEN SECONDS UNTIL THE LIGHT GOES OUT.",
            },
            name="an answer in capitals",
        ),
        bad(
            {
                "instruction": "PLEASE TELL ME HOW I CAN GET MY MONEY BACK NOW!!",
                "input": "",
                "output": "You can ask the bank.",
            },
            name="a prompt in capitals",
        ),
        good(
            {
                "instruction": "Write it in capital letters.",
                "input": "",
                "output": "HOLD THE BUTTON FOR TEN SECONDS UNTIL THE LIGHT GOES OUT.",
            },
            name="asked for",
        ),
        good(
            {"instruction": "Give me a title.", "input": "", "output": "THE LONG WAY HOME FROM THE NORTH SEA COAST"},
            name="a heading",
        ),
        good(
            {
                "instruction": "Agencies?",
                "input": "",
                "output": "NASA, ESA, JAXA, CNSA, ISRO, ROSCOSMOS, CSA, ASI, CNES",
            },
            name="acronyms",
        ),
        good(
            {
                "instruction": "Query?",
                "input": "",
                "output": "SELECT A, B, C, D FROM T WHERE X AND Y AND Z ORDER BY A LIMIT 5",
            },
            name="code",
        ),
        good({"instruction": "Hello", "input": "", "output": "HELLO THERE!"}, name="a few words"),
        good(
            {"instruction": "你好", "input": "", "output": "你好，今天天气很好，我们一起去公园散步吧。OK"},
            name="a script without capitals",
        ),
    ],
    judged=Judged(
        0, 0, "46 public sets, 70,000 records: no prose in capitals but where it was asked for, and no finding"
    ),
)
def check_shouting(batch: Batch) -> Iterator[Finding]:
    """Prose in capitals throughout.

    Text in capitals has other tokens than the same words in small letters, many more of them, and its tone is passed on with
    it. Headings, acronyms, code, and tasks that ask for capitals are left alone.
    """
    if not batch.joined:
        return
    import numpy as np

    data = np.frombuffer(batch.joined, dtype=np.uint8)
    capital = np.ones(len(batch.starts), dtype=bool)
    for k in range(4):  # a small letter at the start rules out nearly all texts
        letters = data[np.minimum(batch.starts + k, len(data) - 1)]
        capital &= (letters < 97) | (letters > 122)
    for i in np.flatnonzero(capital).tolist():
        if batch.texts[i].isupper():
            yield from _shouts(batch.message(i))


def _shouts(message: Message) -> Iterator[Finding]:
    text, slot = message.text, message.slot
    if slot.role in ("system", "tool") or slot.rejected:
        return
    words = [w for w in _WORD.findall(text) if len(w) < 20]
    if len(words) < 8 or len(set(words)) < 6 or not _runs_on(text, words) or prose.is_code(text):
        return
    asked = (
        [message.prompt]
        if message.role == "assistant"
        else [message.prompt, text, message.answer, *(s.text for s in message.siblings)]
    )
    if any(map(_ABOUT.search, asked)) or (message.role == "assistant" and message.prompt.isupper()):
        return
    yield message.finding((0, len(text)), f"{len(words)} words in capitals")


def _runs_on(text: str, words: list[str]) -> bool:
    """Whether the words stand in sentences: few commas, line breaks and figures between them."""
    breaks = (
        text.count(",") + text.count("\n") + text.count("|") + text.count("/") + sum(c.isdigit() for c in text) // 2
    )
    return breaks * 3 <= len(words)
