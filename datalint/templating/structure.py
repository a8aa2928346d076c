"""What a template does to all conversations of one structure, found by rendering words that mean nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

import regex

from datalint.templating.conversation import Plan
from datalint.templating.jobs import Answer, Job
from datalint.templating.locating import Frame, probe
from datalint.templating.template import Template

_MARKS = regex.compile(r"<[^<>\s]{1,40}>|\[[^\[\]\s]{1,40}\]|<\|[^|]{1,40}\|>|<｜[^｜]{1,40}｜>")
_PROBE = regex.compile(r"(?:\t\n)?Qz(?:\d{3}vX(?:\n\t)?|\d{0,3}v?$)")
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
            prompt, trained = _plain(before.text), _plain(whole.text[: len(before.text)])
    return Structure(frame.tail, ends, prompt, trained, injected(frame, tokens.values()))


def _plain(text: str) -> str:
    """``text`` without the words of probes: each is an ellipsis."""
    return _PROBE.sub("…", text)


def injected(frame: Frame, tokens: Iterable[str]) -> str:
    """The words before the first text that are neither marks nor names of speakers: those of a system message, or a date."""
    head = frame.head
    for token in tokens:
        head = head.replace(token, "\n")
    lines = (" ".join(line.split()) for line in _MARKS.sub("\n", head).split("\n"))
    said = " ".join(line for line in lines if " " in line)
    return said if len(_WORD.findall(said)) > _NAME_WORDS else ""


_NAME_WORDS = 3  # "GPT4 Correct User" is the name of a speaker
