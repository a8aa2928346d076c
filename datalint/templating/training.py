"""Which characters of a rendered text the assistant says, for templates that do not mark them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from datalint.templating.conversation import Plan
from datalint.templating.jobs import Answer, Job
from datalint.templating.locating import Part, Span, terminator, word

Ask = Callable[[Sequence[Job]], list[Answer]]


class Served(NamedTuple):
    """What a model that is served reads between a question and its own first token."""

    after_user: str = ""
    prompt: str = ""  # the end of it, which the template adds to go on from
    end: str = ""  # what stands after the last answer


def served_by(ask: Ask, tokens: dict[str, str]) -> Served:
    """Ask a template."""
    asked = [{"role": "user", "content": word(0)}]
    answered = [*asked, {"role": "assistant", "content": word(1)}]
    bare, served, whole = ask([
        Job(asked, variables=tokens), Job(asked, variables=tokens, prompt=True), Job(answered, variables=tokens),
    ])  # fmt: skip
    if bare.error or served.error or word(0) not in served.text:
        return Served()
    prompt = served.text[len(bare.text) :] if served.text.startswith(bare.text) else ""
    end = whole.text.rpartition(word(1))[2] if word(1) in whole.text else ""
    return Served(served.text.rpartition(word(0))[2], prompt, end)


def by_prefixes(ask: Ask, job: Job, text: str) -> tuple[Span, ...] | None:
    """The assistant's turns as what each adds to the text before it; None where earlier text changes with later turns."""
    numbers = [n for n, message in enumerate(job.messages) if message.get("role") == "assistant"]
    answers = iter(ask([
        one for n in numbers
        for one in (job._replace(messages=job.messages[:n], prompt=True), job._replace(messages=job.messages[: n + 1]))
    ]))  # fmt: skip
    made: list[Span] = []
    for before, after in zip(answers, answers, strict=True):
        if before.error or after.error or not (text.startswith(before.text) and text.startswith(after.text)):
            return None
        made.append((len(before.text), len(after.text)))
    return tuple(made)


def by_place(text: str, plan: Plan, parts: Sequence[Part], served: Served) -> Iterator[Span]:
    """The assistant's turns by where their texts stand: from the end of what is served before them to the end of the turn."""
    here = [(piece, part.span) for piece, part in zip(plan.pieces, parts, strict=True) if part.span is not None]
    if not here:
        return
    tail = text[here[-1][1][1] :] if here[-1][0].role == "assistant" else served.end
    start, before, asked = -1, 0, ""
    for n, (piece, (first, end)) in enumerate(here):
        if piece.role == "assistant":
            start = _start(text[before:first], asked, served) + before if start < 0 else start
            following = here[n + 1] if n + 1 < len(here) else None
            if following is None or following[0].message != piece.message:
                gap = text[end : following[1][0]] if following is not None else tail
                yield start, end + terminator(gap, tail)
                start = -1
        before, asked = end, piece.role


def _start(gap: str, asked: str, served: Served) -> int:
    """How much of what stands before an answer the model is served."""
    if asked == "user" and served.after_user and gap.startswith(served.after_user):
        return len(served.after_user)
    at = gap.rfind(served.prompt) if served.prompt else -1
    return at + len(served.prompt) if at >= 0 else len(gap)
