"""Shapes whose texts are fields of the record: a table of field names is all there is to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

from datalint.model import Layout, Reading
from datalint.shapes.building import (
    ATTACHMENTS,
    Draft,
    Keys,
    Lacking,
    Read,
    escaped,
    has_attachments,
    lacking,
    quoted,
    type_name,
)


@dataclass(frozen=True)
class Text:
    """A field that holds a text. ``keys``: names it goes by, the first that is present counts."""

    keys: tuple[str, ...]
    role: str
    optional: bool = False
    branch: int = 0  # 0: part of every conversation; 1, 2: of that one alone
    rejected: bool = False
    rivals: tuple[str, ...] = ()  # other names of the same thing, a defect when both are there

    def key_in(self, keys: Sequence[str] | dict[str, Any]) -> str:
        """The name this field has among ``keys``, "" if it is absent."""
        return next((k for k in self.keys if k in keys), "")


@dataclass(frozen=True)
class FlatShape:
    """Records with one text a field.

    ``history`` names a field of earlier turns, pairs of user and assistant text. ``unless``: keys whose value, if there
    is one, says that the record is of another shape; ``without``: keys whose mere presence does. ``heads``: incomplete
    key sets that make the shape plain enough for a missing field to be a defect. ``label``: keys of a true or false
    that marks the answers as wanted or not.
    """

    name: str
    summary: str
    order: int
    fields: tuple[Text, ...]
    history: str = ""
    unless: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    heads: tuple[tuple[str, ...], ...] = ()
    label: tuple[str, ...] = ()
    open: bool = False  # an answer is not expected

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every key this shape knows."""
        own = {k for f in self.fields for k in f.keys}
        return frozenset({*own, *self.label, *([self.history] if self.history else [])})

    def reader(self, keys: Keys) -> Read | None:
        """How to read records with these keys, None if they cannot be of this shape."""
        if isinstance(keys, type) or not self._claims(keys):
            return None
        if not all(f.optional or f.key_in(keys) for f in self.fields):
            return Lacking(self._draw)
        present = [k for f in self.fields if (k := f.key_in(keys))]
        rivals = [r for f in self.fields for r in f.rivals if r in keys]
        empty = [k for k in (self.history, *self.unless, *ATTACHMENTS) if k in keys]
        quick = partial(self._quick, present, rivals, empty)
        label = next((k for k in self.label if k in keys), "")
        return _by_label(label, quick({label: True}), quick({label: False}), self._draw) if label else quick({})

    def read(self, data: Any) -> Reading | None:
        """Layout and texts of ``data``, None if it is not of this shape."""
        return self._draw(data) if type(data) is dict and self._claims(data) else None

    def lacks(self, data: Any) -> tuple[int, str]:
        """How many of its keys ``data`` has, and which are missing."""
        needs = [f for f in self.fields if not f.optional]
        return lacking([f.key_in(data) or f.keys[0] for f in needs] if isinstance(data, dict) else (), data)

    def _claims(self, keys: Sequence[str] | dict[str, Any]) -> bool:
        if any(k in keys for k in self.without) or (self.label and not any(k in keys for k in self.label)):
            return False
        whole = all(f.optional or f.key_in(keys) for f in self.fields)
        return whole or any(all(k in keys for k in head) for head in self.heads)

    def _has_text(self, data: dict[str, Any]) -> bool:
        """Whether a field holds a text. If not, but lists or objects, the record is of a shape with more structure."""
        values = [data[key] for f in self.fields for key in f.keys if key in data]
        return any(type(v) is str for v in values) or not any(type(v) in (list, dict) for v in values)

    def _quick(self, present: list[str], rivals: list[str], empty: list[str], label: dict[str, bool]) -> Read:
        """A reader for records that have strings in these fields, and nothing under the keys that should be empty."""
        like = self._draw({**dict.fromkeys([*present, *rivals], ""), **label})
        if like is None:
            return self._draw
        quick = _all_strings(present, rivals, like.layout, self._draw)
        return _where_empty(empty, quick, self._draw) if empty else quick

    def _draw(self, data: dict[str, Any]) -> Reading | None:
        if any(data.get(k) for k in self.unless) or not self._has_text(data):
            return None
        draft = Draft(self.name, open=self.open)
        wanted = self._wanted(data, draft)
        if wanted is None:
            return None
        draft.attachments = has_attachments(data)
        drawn = _Drawn(draft, data, wanted)
        for part in self.fields:
            if part.role != "system":
                self._earlier(data, drawn)
            drawn.add(part)
        draft.conversations = drawn.conversations()
        return draft.reading()

    def _earlier(self, data: dict[str, Any], drawn: _Drawn) -> None:
        """The turns of the history field, once, before the first field that is not the system text."""
        if self.history and not drawn.told:
            drawn.told = True
            drawn.history(self.history, data.get(self.history))

    def _wanted(self, data: dict[str, Any], draft: Draft) -> bool | None:
        """What the label says, True where the shape has none, None if the label is none of this shape."""
        key = next((k for k in self.label if k in data), "")
        if not key:
            return True
        label = data[key]
        if type(label) is bool or (type(label) is int and label in (0, 1)):
            return bool(label)
        if key == "label":
            return None
        draft.mistyped(f"/{key}", key, label, "true or false")
        return True


def _all_strings(present: Sequence[str], rivals: Sequence[str], layout: Layout, slow: Read) -> Read:
    """A reader of records whose fields are all strings; hands all others to ``slow``."""
    new: Callable[..., Reading] = tuple.__new__
    if rivals:
        get, get_rivals = _getter(present), _getter(rivals)

        def read_rivals(data: dict[str, Any]) -> Reading | None:
            texts = get(data)
            for text in (*texts, *get_rivals(data)):
                if type(text) is not str:
                    return slow(data)
            return new(Reading, (layout, texts))

        return read_rivals
    get = _getter(present)

    def read(data: dict[str, Any]) -> Reading | None:
        texts = get(data)
        for text in texts:
            if type(text) is not str:
                return slow(data)
        return new(Reading, (layout, texts))

    read.columns = get, layout  # type: ignore[attr-defined]  # lets the detector read a block of such records at once
    return read


def _getter(keys: Sequence[str]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    if len(keys) > 1:
        return itemgetter(*keys)
    only = keys[0]
    return lambda data: (data[only],)


def _where_empty(keys: Sequence[str], quick: Read, slow: Read) -> Read:
    def read(data: dict[str, Any]) -> Reading | None:
        for key in keys:
            if data[key]:
                return slow(data)
        return quick(data)

    return read


def _by_label(key: str, yes: Read, no: Read, slow: Read) -> Read:
    def read(data: dict[str, Any]) -> Reading | None:
        label = data[key]
        return yes(data) if label is True else no(data) if label is False else slow(data)

    return read


class _Drawn:
    """The turns of one flat record, as they are added to its draft."""

    def __init__(self, draft: Draft, data: dict[str, Any], wanted: bool) -> None:
        self.told = False
        self._draft = draft
        self._data = data
        self._wanted = wanted
        self._branches: list[int] = []  # of each turn
        self._last: tuple[str, int] | None = None

    def add(self, part: Text) -> None:
        """Add the text of one field."""
        data, draft = self._data, self._draft
        key = next((k for k in part.keys if data.get(k) is not None), "") or part.key_in(data)
        value = data.get(key)
        if not key:
            if not part.optional:
                draft.problem("missing-field", f"the record has no {quoted(part.keys[:1])}")
            return
        if type(value) is not str:
            if value is not None or not part.optional:
                draft.mistyped(f"/{escaped(key)}", key, value, "a string")
            return
        pointer = f"/{escaped(key)}"
        draft.say(self._turn(part, pointer), pointer, value)
        for rival in part.rivals:
            if type(data.get(rival)) is str:
                draft.problem("rival-keys", f"both `{key}` and `{rival}` hold a text", f"/{escaped(rival)}")

    def history(self, key: str, pairs: Any) -> None:
        """Add earlier turns: pairs of user and assistant text."""
        if pairs is None:
            return
        if type(pairs) is not list:
            self._draft.mistyped(f"/{key}", key, pairs, "a list of pairs")
            return
        for i, pair in enumerate(pairs):
            if type(pair) is not list or len(pair) != 2 or not all(type(t) is str for t in pair):
                what = "no pair of strings" if type(pair) is list else f"{type_name(pair)}, not a pair of strings"
                self._draft.problem("wrong-type", f"item {i + 1} of `{key}` is {what}", f"/{key}/{i}")
                continue
            for j, role in enumerate(("user", "assistant")):
                turn = self._draft.turn(role, f"/{key}/{i}/{j}")
                self._branches.append(0)
                self._draft.say(turn, f"/{key}/{i}/{j}", pair[j])

    def conversations(self) -> list[tuple[int, ...]] | None:
        """One conversation a branch, None if there is but one."""
        last = max(self._branches, default=0)
        if not last:
            return None
        return [
            tuple(t for t, branch in enumerate(self._branches) if branch in (0, wanted))
            for wanted in range(1, last + 1)
        ]

    def _turn(self, part: Text, pointer: str) -> int:
        """The turn this field is said in: fields of one role that follow each other share one."""
        if self._last == (part.role, part.branch):
            return len(self._draft) - 1
        self._last = (part.role, part.branch)
        self._branches.append(part.branch)
        rejected = part.rejected or (not self._wanted and part.role == "assistant")
        return self._draft.turn(part.role, pointer, rejected=rejected)
