"""Field names of the user's own: records are read under the names the shapes know, places told under the user's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from datalint.model import Layout, Problem, Reading
from datalint.shapes.building import Cache, escaped


class Renaming:
    """``fields``: name a shape knows -> name the data uses, for keys at every depth."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._known = {own: known for known, own in fields.items()}
        self._own = {escaped(known): escaped(own) for known, own in fields.items()}
        self._told = {f"`{known}`": f"`{own}`" for known, own in fields.items()}
        self._hidden = frozenset(fields) - frozenset(self._known)  # a known name given away means something else here
        self._layouts = Cache()

    def around(self, read: Callable[[Any], Reading]) -> Callable[[Any], Reading]:
        """``read`` for data under the user's names."""

        def read_renamed(data: Any) -> Reading:
            reading = read(self._renamed(data))
            layout: Layout | None = self._layouts.get(reading.layout)
            if layout is None:
                layout = self._layout(reading.layout)
                self._layouts.keep(reading.layout, layout)
            return Reading(layout, reading.texts)

        return read_renamed

    def _renamed(self, data: Any, depth: int = 64) -> Any:
        """``data`` under the names the shapes know; what is nested deeper than any text stays as it is."""
        if type(data) is dict and depth:
            items = ((k, v) for k, v in data.items() if k not in self._hidden)
            return {self._known.get(k, k): self._renamed(v, depth - 1) for k, v in items}
        if type(data) is list and depth:
            return [self._renamed(v, depth - 1) for v in data]
        return data

    def _layout(self, layout: Layout) -> Layout:
        return replace(
            layout,
            slots=tuple(replace(s, pointer=self._pointer(s.pointer)) for s in layout.slots),
            turns=tuple(replace(t, pointer=self._pointer(t.pointer)) for t in layout.turns),
            problems=tuple(self._problem(p) for p in layout.problems),
        )

    def _pointer(self, pointer: str) -> str:
        return "/".join(self._own.get(token, token) for token in pointer.split("/"))

    def _problem(self, problem: Problem) -> Problem:
        message = problem.message
        for known, own in self._told.items():
            message = message.replace(known, own)
        return problem._replace(message=message, pointer=self._pointer(problem.pointer))
