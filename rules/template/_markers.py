"""Control tokens typed in texts: where they stand, and whether somebody meant to write them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

import regex
from datalint_rules.template._rendered import headers, rendering, tokens
from datalint_rules.template._talk import talk_start

from datalint import Fix, Message, Option, families, pattern, prose

FAMILY = Option(
    "str",
    "",
    "The family of the template that the data will be rendered with; empty: not known.",
    choices=("", *families.FAMILIES),
)
ROLES = ("system", "user", "assistant", "tool", "text", "unknown", "rejected")
TRIGGERS = (
    r"<\|[A-Za-z]",
    r"<(turn|channel)\|>|<(start|end)_of_turn>|<[be]os>|</?s>|<seed:[be]os>|<BOS_TOKEN>|<sop>",
    r"\[/?(INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS)\]|\[(TOOL_CALLS|CALL_ID|TOOL_CONTENT|gMASK|BOS|EOS)\]|<</?SYS>>",
    r"\[\|[a-z]{4,9}\|\]|\]~!?b[\[\]]|\[e~\[",
    "<｜",
)
_ABOUT = pattern(
    r"(?i)\b(?:(?:chat|prompt|conversation) ?(?:templates?|formats?|formatting|engineering|injections?)|jinja2?|chatml|"
    r"(?:special|control|stop|eos|bos|end|start|separator|delimiter|role|header|padding|sentinel|mask)[ -](?:tokens?|markers?|sequences?)|"
    r"(?:end|start|begin\w*)[- ]of[- ](?:sequence|sentence|turn|text|string|message|stream)|tokeni[sz]\w+|token ids?|"
    r"vocab\w*|apply_chat_template|eos|bos|seq2seq|pretrain\w*|pre-training|detokeni\w+|delimiters?|jailbreak\w*)\b|"
    r"分词|特殊标记|特殊符号|对话模板|聊天模板|提示词模板|токениз|спецтокен|トークナイ|特殊トークン"
)
_QUOTED = pattern(r"[\"'`“”‘’«»「」『』|(（]")
_PAIR = pattern(r"<s(?:\s[^<>]*)?>(?:(?!</?s\b).)*+</s>", regex.S)
_MARKUP_BEFORE = pattern(r"</?[a-zA-Z][^<>]{0,80}>\s*\Z")
_MOST = 200  # tokens of a text that are looked at
# Tokens that markup, music and corpora know too: they count only where a template would put them.
WEAK = frozenset({"<s>", "</s>", "<bos>", "<eos>", "[BOS]", "[EOS]", "[INST]"})
PLAIN_EDGES = frozenset({"<|endoftext|>", "<|end_of_text|>", "<|startoftext|>", "<BOS_TOKEN>"})
_OPENING = frozenset({"<s>", "<bos>", "[BOS]"})
# Shapes whose texts most trainers take as they are: there, what a template writes may be written by hand.
UNRENDERED = frozenset({
    "text", "segments", "transcript", "preference-transcript", "prompt-completion", "prompt-only", "preference", "kto",
    "inputs-targets", "input-output", "stepwise", "code-problem",
})  # fmt: skip


class Mark(NamedTuple):
    """A control token in a text; the span takes in the name of the role that it opens."""

    token: str
    span: tuple[int, int]


def marks(message: Message, own: Iterable[str] = ()) -> list[Mark]:
    """The control tokens that nobody meant to write in this text.

    ``own``: those of the template that will render the text; they do harm wherever they stand, code and markup included.
    """
    text = message.text
    found = [Mark(m.group(), _whole(text, m.start(), m.end())) for m in islice(tokens().finditer(text), _MOST)]
    if not found or rendering(message) is not None or is_by_hand(message):
        return []
    cut = talk_start(message) if message.role == "assistant" and not message.rejected else None
    if cut is not None:  # the other rule's: what follows goes with it
        found = [m for m in found if m.span[1] <= cut]
    kept = [m for m in found if not _is_authors(message, m) and (m.token in own or _stands_out(message, m))]
    return [] if kept and is_about(message, found) else kept


def is_by_hand(message: Message) -> bool:
    """Whether the record is rendered by hand, in a shape that no trainer renders again."""
    record = message.record
    if record.shape not in UNRENDERED:
        return False
    return any(rendering(m) is not None or headers().search(m.text) for m in record.messages)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    header = headers().match(text, start)
    return (start, header.end()) if header is not None and header.end() > end else (start, end)


def _stands_out(message: Message, mark: Mark) -> bool:
    """Whether a token of no known template is a leftover here: not quoted, not code, not markup."""
    text, (start, end) = message.text, mark.span
    before, after = text[:start], text[end:]
    if before and after and _QUOTED.match(before[-1]) and _QUOTED.match(after[0]):
        return False
    if mark.token in ("<s>", "</s>") and text.startswith("<s> ") and text.endswith(" </s>"):
        return True
    if mark.token in WEAK and not _is_placed(message, mark, before, after):
        return False
    return not prose.in_code(message, mark.span)


def _is_authors(message: Message, mark: Mark) -> bool:
    """Whether whoever wrote the text, in a shape that is trained on as it is, put the token there to end or part it."""
    if message.role == "text" and mark.token in PLAIN_EDGES | WEAK:
        return True
    before, after = message.text[: mark.span[0]], message.text[mark.span[1] :]
    return message.record.shape in UNRENDERED and _ends_text(mark, before, after)


def _ends_text(mark: Mark, before: str, after: str) -> bool:
    """A token at the very edge of a text that is trained on as it is: the author's own end of text."""
    return not after.strip() or (not before.strip() and mark.token in _OPENING | PLAIN_EDGES)


def _facts(message: Message) -> tuple[bool, list[tuple[int, int]]]:
    """Whether it is all about markup, and the pairs of tags that strike something through; worked out once."""
    if "markup" not in message.cache:
        pairs = [m.span() for m in islice(_PAIR.finditer(message.text), _MOST)]
        message.cache["markup"] = prose.in_markup_task(message, (0, 0)), pairs
    known: tuple[bool, list[tuple[int, int]]] = message.cache["markup"]
    return known


def _is_placed(message: Message, mark: Mark, before: str, after: str) -> bool:
    """Whether a token that other languages know too stands where a template puts it."""
    if mark.token == "[INST]":
        return "[/INST]" in after or (message.role == "user" and not before.strip())
    if _facts(message)[0]:
        return False
    if mark.token in _OPENING:
        opens = not before.strip() or before.rstrip().endswith(("</s>", "<eos>", "[EOS]"))
        return opens and (after.startswith((" ", "[INST]", "\n")) or after.rstrip().endswith(("<eos>", "[EOS]")))
    if any(start <= mark.span[0] < end for start, end in _facts(message)[1]):
        return False
    said = bool(before.strip()) and not _MARKUP_BEFORE.search(before[-100:])
    if mark.token == "</s>":
        return said and (not after.strip() or after[0].isspace() or after.startswith(("<s>", "[INST]")))
    return said and (not after.strip() or before.rstrip()[-1] in ".!?。！？")


def is_about(message: Message, found: list[Mark]) -> bool:
    """Whether prompt or text speaks of templates and their tokens."""
    rest, at = [], 0
    for mark in found:
        rest.append(message.text[at : mark.span[0]])
        at = max(at, mark.span[1])
    rest.append(message.text[at:])
    beside = "\n".join(m.text for m in message.siblings)
    answer = message.answer if message.role != "assistant" else ""
    return any(_ABOUT.search(t) is not None for t in (message.prompt, beside, answer, " ".join(rest)))


def told(found: list[Mark]) -> str:
    """The tokens and how often they occur: '<|im_end|>' (3 times), '</s>'."""
    counts: dict[str, int] = {}
    for mark in found:
        counts[mark.token] = counts.get(mark.token, 0) + 1
    said = [f"{t!r} ({n} times)" if n > 1 else repr(t) for t, n in counts.items()]
    return ", ".join(said[:4]) + (" …" if len(said) > 4 else "")


def known_from(token: str) -> str:
    """Families that have this token, in words."""
    names = [f.name for f in families.holders(token)]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


def deletion(message: Message, found: list[Mark]) -> Fix:
    """Take the tokens out, and the white space that only they held apart."""
    text = message.text
    spans: list[tuple[int, int]] = []
    for _, (start, end) in found:
        if not text[end:].strip():
            start, end = len(text[:start].rstrip()), len(text)
        elif not text[:start].strip():
            start, end = 0, len(text) - len(text[end:].lstrip())
        elif text[start - 1].isspace() and text[end].isspace():
            start -= text[end] == "\n" or text[start - 1] == " "
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return message.replace([(span, "") for span in spans], "delete the tokens")
