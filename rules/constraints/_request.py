"""What a prompt asks of the form of its answer: the words of the task, without what it quotes, and the answer to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from datalint import Finding, Message, Related, pattern, prose

LONGEST = 4_000  # characters; in a longer prompt it is not clear what the task is and what its material
_HEAD = 500
_QUOTED = pattern(r"[\"“„«「『][^\"“”„«»「」『』\n]*[\"”»」』]|(?<![\w])['‘][^'‘’\n]{2,}['’](?!\w)|`[^`\n]*`")
_PREFACE = pattern(r"\A[^\n]{0,160}[:：]\s*\n+(?=\S)")
_TITLE = pattern(r"\A(?:\#+ [^\n]*|\*\*[^\n]*\*\*|[^\n.!?。！？]{1,80})\n\s*\n?(?=\S)")
_LABEL = pattern(r"\A[^\n:：.!?]{1,60}[:：]\s+(?=\S)")
_VERB = pattern(r"\A[^\n\"“]{0,80}\b(?:is|would be|could be)\b:?\s*(?=[\"“A-Z])")


class Request(NamedTuple):
    """A task and its answer. ``task`` is the head of the prompt, as long as what it quotes is blanked out in ``bare``."""

    prompt: Message
    task: str
    bare: str
    given: str
    answer: Message

    @property
    def text(self) -> str:
        """The text of the answer."""
        return self.answer.text

    def broken(self, span: tuple[int, int], said: str, at: tuple[int, int] | None = None) -> Finding:
        """A finding on the answer that shows the words of the prompt at ``span``."""
        told = Related(self.prompt.record.ref, "asked for here", self.prompt.pointer, span)
        return self.answer.finding(at, said, related=(told,))


def request(message: Message) -> Request | None:
    """The task that starts with ``message``; None if nobody answers it, or it is the data of one."""
    if "request" not in message.cache:  # several rules ask
        message.cache["request"] = _request(message)
    found: Request | None = message.cache["request"]
    return found


def task_of(message: Message) -> str:
    """The head of a prompt, whatever answers it; "" where the prompt is too long."""
    return _head(message.text) if len(message.text) <= LONGEST else ""


def _head(text: str) -> str:
    return text if len(text) <= _HEAD else text.partition("\n\n")[0][:_HEAD]


def _request(message: Message) -> Request | None:
    text, slots = message.text, message.turn.slots
    if len(text) > LONGEST or (len(slots) > 1 and message.record.layout.slots[slots[0]] is not message.slot):
        return None
    answer = next(_answers(message), None)
    if answer is None or not answer.text.strip():
        return None
    given = "\n".join(m.text for m in message.siblings) if len(slots) > 1 else ""
    head = _head(text)
    return Request(message, head, blanked(head), given, answer)


def _answers(prompt: Message) -> Iterator[Message]:
    for message in prompt.record.messages:
        if (
            message.role == "assistant"
            and not message.rejected
            and message.slot.kind == "content"
            and prompt.text in message.prompt
        ):
            yield message


def blanked(text: str) -> str:
    """``text`` with blanks in place of what it quotes."""
    return _QUOTED.sub(lambda m: " " * len(m.group()), text)


def is_code(request: Request) -> bool:
    """Whether the answer is a program or holds one."""
    return bool(prose.fences(request.text)) or prose.has_code(request.text)


def readings(text: str) -> list[str]:
    """The answer as it stands, without a title, a preface or a label, and what it quotes: whichever fits counts."""
    text = text.strip()
    found = [text]
    for start in (_PREFACE, _TITLE, _LABEL, _VERB):
        match = start.match(text)
        if match is not None:
            found.append(text[match.end() :].strip())
    found.extend(m.group().strip("\"“”'‘’`„«»「」『』") for m in _QUOTED.finditer(text) if len(m.group()) > 2)
    return [t for t in dict.fromkeys(found) if t]
