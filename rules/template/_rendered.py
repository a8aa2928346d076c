"""Text that a chat template has rendered already, and the turns it was made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import regex

from datalint import Message, families, pattern

_MOST = 1_000  # turns of a text that is read back
_LIMIT = 400_000  # characters of a text that is read back
ROLES = {
    "system": "system", "developer": "system", "user": "user", "human": "user", "assistant": "assistant", "model": "assistant",
    "ai": "assistant", "gpt": "assistant", "chatbot": "assistant", "bot": "assistant",
}  # fmt: skip


class Part(NamedTuple):
    """One turn of a rendered text. ``role``: system, user, assistant, or what it says."""

    role: str
    text: str
    open: bool = False  # nothing closes it, as at the end of a prompt


class Rendering(NamedTuple):
    """What a text was rendered by. ``parts``: its turns, None where it cannot be read back without loss."""

    family: str
    parts: tuple[Part, ...] | None
    end: int = 0  # where its first header ends
    tokens: bool = True  # by tokens of its own, not by words
    certain: bool = True  # nobody writes like that: it has tokens, or the words that such prompts begin with


_BOS = pattern(
    r"\s*(?:<\|begin_of_text\|>|<s>|<bos>|<\|startoftext\|>|<｜begin▁of▁sentence｜>|<BOS_TOKEN>|\[gMASK\]<sop>|\[gMASK\]sop|<\|endoftext\|>|\]~!b\[|<｜hy_begin▁of▁sentence｜>)?\s*"
)
_INST = pattern(r"\[INST\](?=(?s:.)*?\[/INST\])")
_EXCHANGE = pattern(
    r"(?:<s>)?[ ]*\[INST\][ ]*(?:<<SYS>>\n?(?P<system>(?:(?!<</SYS>>|\[/?INST\]).)*+)<</SYS>>\s*)?"
    r"(?P<user>(?:(?!\[/?INST\]|</?s>).)*+)\[/INST\](?P<assistant>(?:(?!\[/?INST\]|</?s>).)*+)(?P<end></s>\s*)?",
    regex.S,
)
_PREAMBLE = (
    r"Below is an instruction that describes a task(?:, paired with an input that provides further context)?"
    r"[^\n]{0,60}\.[ ]Write a response that appropriately completes the request\.[^\n]{0,80}\n+"
)
_ALPACA = pattern(
    rf"\s*(?P<preamble>{_PREAMBLE})?#{{2,3}}[ ]Instruction:\s?\n?(?P<user>(?:(?!^#{{2,3}}[ ]\w).)*+)"
    r"(?:^#{2,3}[ ]Input:\s?\n?(?P<input>(?:(?!^#{2,3}[ ]\w).)*+))?"
    r"^#{2,3}[ ]Response:[ ]?(?P<assistant>.*)\Z",
    regex.S | regex.M,
)
_VICUNA = pattern(
    r"\s*(?:(?P<system>A chat between a curious (?:user|human) and an artificial intelligence assistant\.[^\n]{0,120}?)\s+)?"
    r"(?P<first>USER|Human|### Human):[ ](?P<rest>.*)\Z",
    regex.S,
)
_SOLAR = pattern(r"\s*### (?P<role>User|System):\n", regex.S)
_SOLAR_TURN = families.Grammar(r"### (?P<role>User|Assistant|System):[ ]?\n", r"\Z", loose=True)


@cache
def grammars() -> tuple[tuple[str, families.Grammar], ...]:
    """Each grammar once, with the name of the first family that has it."""
    found: dict[families.Grammar, str] = {}
    for family in families.FAMILIES.values():
        if family.grammar is not None:
            found.setdefault(family.grammar, family.name)
    return tuple((name, grammar) for grammar, name in found.items())


@cache
def headers() -> regex.Pattern[str]:
    """The header of a turn of any family."""
    patterns = (grammar.header.replace("(?P<role>", "(?:") for _, grammar in grammars())
    return regex.compile("|".join(f"(?:{h})" for h in patterns))


@cache
def tokens() -> regex.Pattern[str]:
    """Every control token but those that data holds on purpose."""
    known = {t for family in families.FAMILIES.values() for t in (*family.marks, *family.edges)}
    return regex.compile("|".join(regex.escape(t) for t in sorted(known, key=len, reverse=True)))


def rendering(message: Message) -> Rendering | None:
    """What the text of a message was rendered by: None for a text that begins as people write."""
    text = message.text
    if len(text) > _LIMIT or not _HINT.search(text[:4000]):
        return None
    return _rendering(text)


_HINT = pattern(r"<\||<｜|_turn>|\[INST\]|\[\||\]~|GPT4 Correct|<seed:|### |Human: |USER: |Below is an inst")


@lru_cache(maxsize=64)
def _rendering(text: str) -> Rendering | None:
    ways: tuple[Callable[[str], Rendering | None], ...] = (_by_header, _by_inst, _by_alpaca, _by_words, _by_solar)
    return next((found for way in ways if (found := way(text)) is not None), None)


def _by_header(text: str) -> Rendering | None:
    start = _after_bos(text)
    fits: list[Rendering] = []
    for name, grammar in grammars():
        header = pattern_of(grammar.header).match(text, start)
        if header is None and grammar.lead and start and not text[:start].isspace():
            header = pattern_of(grammar.header).search(text, start)
        if header is not None:
            fits.append(Rendering(name, _clean(_turns(text, start, grammar)), header.end()))
    return max(fits, key=lambda r: r.parts is not None, default=None)


def _clean(parts: Sequence[Part] | None) -> tuple[Part, ...] | None:
    """The turns, None where a token would stay in one of them."""
    return None if parts is None or any(tokens().search(p.text) for p in parts) else tuple(parts)


@lru_cache(maxsize=256)
def pattern_of(source: str) -> regex.Pattern[str]:
    """The compiled pattern."""
    return regex.compile(source)


def _after_bos(text: str) -> int:
    match = _BOS.match(text)
    return match.end() if match is not None else 0


def _turns(text: str, at: int, grammar: families.Grammar) -> tuple[Part, ...] | None:
    """All turns from ``at`` on; None where something is left over or a token stays in a text."""
    header, end = pattern_of(grammar.header), pattern_of(grammar.end)
    parts: list[Part] = []
    closing: regex.Match[str] | None = None
    ended = False  # nothing closes a turn from here on
    if grammar.lead:
        first = header.search(text, at)
        if first is not None and text[at : first.start()].strip():
            parts.append(Part("system", text[at : first.start()]))
        at = first.start() if first is not None else at
    while at < len(text):
        opened = header.match(text, at)
        if opened is None or len(parts) > _MOST:
            return None
        if not ended and (closing is None or closing.start() < opened.end()):
            closing = end.search(text, opened.end())
            ended = closing is None
        following = header.search(text, opened.end())
        stop = closing.start() if closing is not None else len(text)
        at = closing.end() if closing is not None else len(text)
        if following is not None and following.start() < stop:
            if not grammar.loose:
                return None
            stop = at = following.start()
        said = text[opened.end() : stop]
        whole = closing is not None or following is not None
        parts.append(Part(_role(opened["role"]), said, not whole))
    return tuple(_trimmed(p, grammar) for p in parts)


def _role(spoken: str) -> str:
    return ROLES.get(spoken.lower(), spoken.lower())


def _trimmed(part: Part, grammar: families.Grammar) -> Part:
    """A text without the line feeds that templates of loose turns put around it."""
    return part._replace(text=part.text.strip("\n")) if grammar.loose or part.open else part


def _by_inst(text: str) -> Rendering | None:
    start = _after_bos(text)
    first = _INST.match(text, start)
    if first is None:
        return None
    parts: list[Part] = []
    at = text.index("[INST]", 0, start + 6)
    while at < len(text):
        exchange = _EXCHANGE.match(text, at)
        if exchange is None:
            return Rendering("llama2", None, first.end())
        if exchange["system"] is not None:
            parts.append(Part("system", exchange["system"].strip("\n")))
        parts.append(Part("user", exchange["user"].strip(" ")))
        if exchange["assistant"].strip() or exchange["end"] is not None:
            parts.append(Part("assistant", exchange["assistant"].strip(" \n"), exchange["end"] is None))
        at = exchange.end()
    return Rendering("llama2", _clean(parts), first.end())


def _by_alpaca(text: str) -> Rendering | None:
    match = _ALPACA.match(text)
    if match is None or not match["user"].strip():
        return None
    user = match["user"].strip()
    given = (match["input"] or "").strip()
    answer = match["assistant"].strip()
    if "### Instruction:" in answer:
        return Rendering("alpaca", None, match.start("user"), tokens=False, certain=match["preamble"] is not None)
    parts = [Part("user", user), *([Part("input", given)] if given else []), Part("assistant", answer, open=True)]
    return Rendering("alpaca", _clean(parts), match.start("user"), tokens=False, certain=match["preamble"] is not None)


def _by_words(text: str) -> Rendering | None:
    """Vicuna's prompt, and the transcripts that base models get: with the whole preamble, or ending in the open answer."""
    match = _VICUNA.match(text)
    if match is None:
        return None
    user = match["first"]
    assistant = {"USER": "ASSISTANT", "Human": "Assistant", "### Human": "### Assistant"}[user]
    if f"{assistant}:" not in match["rest"]:
        return None
    if match["system"] is None and not text.rstrip().endswith(f"{assistant}:"):
        return None
    pieces = regex.split(
        r"\s*(?:</s>)?\s*\b(?:(USER|Human)|(ASSISTANT|Assistant)):[ ]?|\s*(?:(### Human)|(### Assistant)):[ ]?",
        text[match.start("first") :],
    )
    parts = [Part("system", match["system"].strip())] if match["system"] else []
    for n in range(1, len(pieces), 5):
        role = "user" if pieces[n] or pieces[n + 2] else "assistant"
        parts.append(Part(role, (pieces[n + 4] or "").removesuffix("</s>").strip(), n + 5 >= len(pieces)))
    turns = [p.role for p in parts if p.role != "system"]
    plain = turns == ["user", "assistant"] * (len(turns) // 2) + ["user"] * (len(turns) % 2)
    name, certain = ("vicuna" if user == "USER" else "transcript"), match["system"] is not None
    return Rendering(name, _clean(parts) if plain else None, match.start("rest"), tokens=False, certain=certain)


def _by_solar(text: str) -> Rendering | None:
    if _SOLAR.match(text) is None or "### Assistant:" not in text:
        return None
    start = len(text) - len(text.lstrip())
    return Rendering("solar", _clean(_turns(text, start, _SOLAR_TURN)), start, tokens=False, certain=False)
