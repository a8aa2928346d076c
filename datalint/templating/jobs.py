"""What a renderer is asked, and what it answers: plain values that travel between processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What a template makes of one conversation. ``error``: what it raised instead; ``kind``: raise, crash, limit."""

    text: str = ""
    generated: tuple[tuple[int, int], ...] = ()  # what stands in {% generation %} blocks
    error: str = ""
    kind: str = ""


class Job(NamedTuple):
    """One conversation to render, as plain JSON values."""

    messages: Sequence[Any]
    tools: Any = None
    documents: Any = None
    prompt: bool = False  # add_generation_prompt
    variables: Mapping[str, Any] = {}
