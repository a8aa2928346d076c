"""What a template does to all conversations of one structure, found by rendering words that mean nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import regex

from datalint.templating.conversation import Plan
from datalint.templating.jobs import Answer, Job
from datalint.templating.locating import Frame, probe
from datalint.templating.template import Template

_MARKS = regex.compile(r"<[^<>\s]{1,40}>|\[[^\[\]\s]{1,40}\]|<\|[^|]{1,40}\|>|<｜[^｜]{1,40}｜>")
_WORD = regex.compile(r"\p{L}{2,}")


class _Renders(Protocol):
    template: Template

    def answers(self, jobs: Sequence[Job]) -> list[Answer]: ...


class Structure(NamedTuple):
    """One structure under one template."""

    tail: str  # what stands after the last text
    ends: bool  # an answer is the last text
    prompt: str  # what the model is served before the last answer; "" where it cannot be told
    trained: str  # what it is trained on in the same place, as far as ``prompt`` goes
    injected: str  # text before the first message that is neither the record's nor a mark


def probes(plan: Plan) -> list[Any]:
    """Messages that say words found nowhere else."""
    said: dict[int, str] = {}
    for n, piece in enumerate(plan.pieces):
        said[piece.message] = said.get(piece.message, "") + probe(n)
    return [{"role": plan.role(n), "content": said.get(n, "")} for n in range(len(plan.turns))]


def structure_of(renderer: _Renders, plan: Plan, frame: Frame) -> Structure:
    """Ask the template."""
    messages = probes(plan)
    tokens = renderer.template.tokens
    ends = bool(plan.pieces) and messages[-1]["role"] == "assistant" and frame.order[-1:] == (len(plan.pieces) - 1,)
    prompt = trained = ""
    if ends and len(messages) > 1:
        whole, before = renderer.answers([
            Job(messages, variables=tokens), Job(messages[:-1], prompt=True, variables=tokens),
        ])  # fmt: skip
        if not before.error and not whole.error:
            prompt, trained = before.text, whole.text[: len(before.text)]
    return Structure(frame.tail, ends, prompt, trained, injected(frame, tokens.values()))


def injected(frame: Frame, tokens: Sequence[str] | Any) -> str:
    """The words before the first text that no later turn has: those of a system message, or of a date."""
    head = frame.head
    for token in tokens:
        head = head.replace(token, "")
    lines = _MARKS.sub("\n", head).split("\n")
    said = " ".join(" ".join(lines).split())
    return said if len(_WORD.findall(said)) > _ROLE_WORDS else ""


_ROLE_WORDS = 3  # "GPT4 Correct User", "system" and "user": names of speakers, not a text
