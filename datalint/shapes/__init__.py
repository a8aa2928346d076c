"""Shapes: what a record means. Each turns parsed data into a layout and its texts; the detector finds the right one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from itertools import chain
from typing import Any, Protocol

from datalint.errors import UsageError
from datalint.model import Layout, Reading
from datalint.shapes.building import ATTACHMENTS, Cache, Draft, Keys, Lacking, Read, keys_of, quoted, type_name
from datalint.shapes.renaming import Renaming

_CERTAIN = ("/kto_tag", "/labels")  # keys that tell the shape whatever their value
_COMMON_FIELDS = ("system", "tools", "role", "content", "from", "value", "tool_calls", *ATTACHMENTS)


class Shape(Protocol):
    """A way to write records.

    A shape may also offer ``reader(keys)``: how to read records with just these keys, None if they cannot be its own.
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
    ``read(data)`` gives layout and texts of one record; the layout of a record of no known shape says what is wrong.
    """

    read: Callable[[Any], Reading]

    def __init__(self, shapes: Sequence[Shape], forced: str = "auto", fields: Mapping[str, str] | None = None) -> None:
        self._shapes = tuple(sorted(shapes, key=lambda s: (s.order, s.name)))
        self._forced = forced
        if forced != "auto":
            self._shapes = (_named(self._shapes, forced),)
        self._routes: Cache = Cache()
        self._strange: Cache = Cache()
        self.read = self._reader()
        self._renames = bool(fields)
        if fields:
            _check_fields(fields, self._shapes)
            self.read = Renaming(fields).around(self.read)

    def alike(self, datas: Sequence[Any]) -> tuple[Layout, list[tuple[str, ...]]] | None:
        """One layout and the texts of each, if all are flat records with the same keys and a string in every field: a
        quarter of the time of reading one by one. None otherwise."""
        if self._renames or set(map(type, datas)) != {dict}:
            return None
        keys = tuple(datas[0])
        readers = self._routes.get(keys) or self._route(keys)
        get, layout = getattr(readers[0], "columns", (None, None)) if readers else (None, None)
        if get is None or set(map(len, datas)) != {len(keys)}:
            return None
        try:
            texts = list(map(get, datas))
        except KeyError:
            return None
        if len(texts[0]) != len(keys) and list(map(tuple, datas)).count(keys) != len(datas):
            return None
        return (layout, texts) if layout is not None and set(map(type, chain.from_iterable(texts))) == {str} else None

    def _reader(self) -> Callable[[Any], Reading]:
        """The way of every record, as a closure: attributes would cost a fifth of its time."""
        routes, decide = self._routes, self._decide

        def read(data: Any) -> Reading:
            keys: Keys = tuple(data) if type(data) is dict else type(data)
            for nearest in routes.get(keys, ()):
                reading: Reading | None = nearest(data)
                if reading is not None:
                    if reading[0].problems:
                        break
                    return reading
            return decide(data)

        return read

    def _decide(self, data: Any) -> Reading:
        """The first shape that fits without a doubt, else the one that fits with the fewest problems."""
        keys = keys_of(data)
        readers: tuple[Read, ...] | None = self._routes.get(keys)
        if readers is None:
            readers = self._route(keys)
        kept: Reading | None = None
        for read in readers:
            reading = read(data)
            if reading is None:
                continue
            if not _is_weak(reading.layout):
                return reading
            if kept is None or len(reading.layout.problems) < len(kept.layout.problems):
                kept = reading
        return kept if kept is not None else self._unknown(data, keys)

    def _route(self, keys: Keys) -> tuple[Read, ...]:
        readers: list[Read] = []
        for shape in self._shapes:
            reader = getattr(shape, "reader", None)
            read = reader(keys) if reader is not None else shape.read
            if read is not None:
                readers.append(read)
        readers.sort(key=lambda read: isinstance(read, Lacking))
        self._routes.keep(keys, tuple(readers))
        return tuple(readers)

    def _unknown(self, data: Any, keys: Keys) -> Reading:
        listed = type(data) is list and any(type(m) is dict for m in data)
        layout: Layout | None = self._strange.get((keys, listed))
        if layout is None:
            draft = Draft("unknown")
            draft.conversations = []
            if type(data) is dict or listed:
                draft.problem("unknown-shape", self._nearest(data))
            else:
                draft.problem("not-an-object", f"the line holds {type_name(data)}, not an object")
            layout = draft.reading().layout
            self._strange.keep((keys, listed), layout)
        return Reading(layout, ())

    def _nearest(self, data: Any) -> str:
        if type(data) is list:
            return "the list is no list of messages"
        if self._forced != "auto":
            only = self._shapes[0]
            return f"the record is not of the shape {only.name}{_what_lacks(only, only.lacks(data)[1])}"
        if not data:
            return "the record is empty"
        near = [
            (count, -text.count("`"), -n, text) for n, s in enumerate(self._shapes) for count, text in (s.lacks(data),)
        ]
        count, _, n, text = max(near)
        if count:
            return f"no known shape fits; the nearest is {self._shapes[-n].name}{_what_lacks(self._shapes[-n], text)}"
        told = quoted(list(data)[:5]) + (" …" if len(data) > 5 else "")
        return f"no known shape fits the {'keys' if len(data) > 1 else 'key'} {told}"


def _what_lacks(shape: Shape, text: str) -> str:
    return f", which lacks {text}" if text else f", whose keys are there, but not its values ({shape.summary})"


def _is_weak(layout: Layout) -> bool:
    """Whether the record is of this shape only if a field of it is missing or of the wrong type."""
    doubts = [p for p in layout.problems if p.kind in ("missing-field", "wrong-type")]
    return any(p.pointer.count("/") <= 1 and p.pointer not in _CERTAIN for p in doubts)


def _check_fields(fields: Mapping[str, str], shapes: Sequence[Shape]) -> None:
    """Raise UsageError for a field that no shape knows, unless a shape does not tell its fields."""
    if not all(hasattr(s, "vocabulary") for s in shapes):
        return
    known = {*_COMMON_FIELDS, *(k for s in shapes for k in s.vocabulary)}  # type: ignore[attr-defined]
    for name in fields:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise UsageError(f"no shape has a field {name!r}", hint=f"did you mean {near[0]!r}?" if near else "")


def _named(shapes: Sequence[Shape], name: str) -> Shape:
    for shape in shapes:
        if shape.name == name:
            return shape
    near = get_close_matches(name, [s.name for s in shapes], n=1)
    hint = f"did you mean {near[0]!r}?" if near else "`datalint formats` lists them"
    raise UsageError(f"no shape is named {name!r}", hint=hint)
