"""Shapes: what a record means. Each shape turns parsed data into a layout and its texts; the detector finds the shape."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, Protocol

from datalint.errors import UsageError
from datalint.model import Layout, Reading
from datalint.shapes.building import Draft, Keys, Read, quoted, remember, type_name
from datalint.shapes.renaming import Renaming


class Shape(Protocol):
    """A way to write records.

    A shape may also offer ``reader(keys)``: how to read records with exactly these keys, None if they cannot be its own.
    """

    @property
    def name(self) -> str:
        """What the config and the reports call it."""

    @property
    def summary(self) -> str:
        """One line for the list of formats."""

    @property
    def order(self) -> int:
        """Place in the detection, smaller first."""

    def read(self, data: Any) -> Reading | None:
        """Layout and texts of ``data``, None if it is not of this shape."""

    def lacks(self, data: Any) -> tuple[int, str]:
        """How many of its own keys ``data`` has, and in words which it lacks."""


@cache
def builtin() -> tuple[Shape, ...]:
    """The shapes of every module of this folder that defines SHAPES, in the order of detection."""
    modules = sorted(m.name for m in pkgutil.iter_modules(__path__))
    found = [s for m in modules for s in getattr(importlib.import_module(f"{__name__}.{m}"), "SHAPES", ())]
    return tuple(sorted(found, key=lambda s: (s.order, s.name)))


class Detector:
    """Finds the shape of each record and reads it. What it says depends on the record alone, never on earlier ones.

    ``forced`` names the one shape to read, ``fields`` maps field names of the shapes to those the data uses.
    """

    def __init__(self, shapes: Sequence[Shape], forced: str = "auto", fields: Mapping[str, str] | None = None) -> None:
        self._shapes = tuple(sorted(shapes, key=lambda s: (s.order, s.name)))
        self._forced = forced
        if forced != "auto":
            self._shapes = (_named(self._shapes, forced),)
        self._routes: dict[Keys, tuple[Read, ...]] = {}
        self._renaming = Renaming(fields) if fields else None

    def read(self, data: Any) -> Reading:
        """Layout and texts of one record; the layout of a record of no known shape says what is wrong."""
        if self._renaming is not None:
            return self._renaming.restored(self._read(self._renaming.renamed(data)))
        return self._read(data)

    def _read(self, data: Any) -> Reading:
        keys: Keys = tuple(data) if type(data) is dict else type(data)
        readers = self._routes.get(keys)
        if readers is None:
            readers = self._route(keys)
        kept: Reading | None = None
        for read in readers:
            reading = read(data)
            if reading is not None:
                if not reading[0].problems or not _is_weak(reading[0]):
                    return reading
                if kept is None or len(reading[0].problems) < len(kept[0].problems):
                    kept = reading
        return kept if kept is not None else self._unknown(data)

    def _route(self, keys: Keys) -> tuple[Read, ...]:
        readers: list[Read] = []
        for shape in self._shapes:
            reader = getattr(shape, "reader", None)
            read = reader(keys) if reader is not None else shape.read
            if read is not None:
                readers.append(read)
        remember(self._routes, keys, tuple(readers))
        return tuple(readers)

    def _unknown(self, data: Any) -> Reading:
        draft = Draft("unknown")
        draft.conversations = []
        if type(data) is not dict and not (type(data) is list and any(type(m) is dict for m in data)):
            draft.problem("not-an-object", f"the line holds {type_name(data)}, not an object")
        else:
            draft.problem("unknown-shape", self._nearest(data))
        return draft.reading()

    def _nearest(self, data: Any) -> str:
        if self._forced != "auto":
            return f"the record is not of the shape {self._forced}: it lacks {self._shapes[0].lacks(data)[1] or 'its structure'}"
        if type(data) is list:
            return "the list is no list of messages"
        if not data:
            return "the record is empty"
        near = [(count, text, shape.name) for shape in self._shapes for count, text in (shape.lacks(data),) if count and text]
        if not near:
            keys = list(data)
            told = quoted(keys[:5]) + (" …" if len(keys) > 5 else "")
            return f"no known shape fits the keys {told}"
        _, text, name = max(near, key=lambda n: n[0])
        return f"no known shape fits; the nearest is {name}, which lacks {text}"


def _is_weak(layout: Layout) -> bool:
    """Whether the record is of this shape only if a field of it is missing or of the wrong type."""
    return any(p.kind in ("missing-field", "wrong-type") and p.pointer.count("/") <= 1 for p in layout.problems)


def _named(shapes: Sequence[Shape], name: str) -> Shape:
    for shape in shapes:
        if shape.name == name:
            return shape
    near = get_close_matches(name, [s.name for s in shapes], n=1)
    hint = f"did you mean {near[0]!r}?" if near else "`datalint formats` lists them"
    raise UsageError(f"no shape is named {name!r}", hint=hint)
