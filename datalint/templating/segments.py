"""A rendered conversation as a row of segments, each with what it is: for showing it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from datalint.templating import Rendered


class Segment(NamedTuple):
    """Some of the text. ``own``: the template's, not the record's; ``trained``: the assistant says it."""

    text: str
    own: bool
    trained: bool


class Loss(NamedTuple):
    """A text of the record that is not, or not whole, in the rendered text."""

    slots: tuple[int, ...]
    role: str
    what: str


def segments(rendered: Rendered) -> Iterator[Segment]:
    """The whole text, in order."""
    spans = [part.span for part in rendered.parts if part.span is not None]
    edges = sorted({0, len(rendered.text), *(e for span in (*spans, *rendered.trained) for e in span)})
    for start, end in pairwise(edges):
        own = not any(a <= start < b for a, b in spans)
        trained = any(a <= start < b for a, b in rendered.trained)
        yield Segment(rendered.text[start:end], own, trained)


def losses(rendered: Rendered) -> Iterator[Loss]:
    """What of the record's texts is not there."""
    for piece, part in zip(rendered.pieces, rendered.parts, strict=False):
        if part.state == "dropped" and piece.kind != "call":
            yield Loss(piece.slots, piece.role, f"its {piece.kind} is left out")
        elif part.lost:
            yield Loss(piece.slots, piece.role, f"its reasoning is left out ({len(part.lost):,} characters)")
        elif part.state == "trimmed":
            yield Loss(piece.slots, piece.role, "the space around it is cut off")
