"""Shapes whose texts are fields of the record: a table of field names is all there is to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from datalint.model import Layout, Reading
from datalint.shapes.building import ATTACHMENTS, Draft, Keys, Read, escaped, has_attachments, lacking, quoted, type_name


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

    ``history`` names a field of earlier turns, pairs of user and assistant text. ``unless``: keys whose value, if there is
    one, says that the record is of another shape; ``without``: keys whose mere presence does. ``heads``: incomplete key
    sets that make the shape plain enough for a missing field to be a defect. ``label``: keys of a true or false that
    marks the answers as wanted or not.
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
    _special: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rivals = {r for f in self.fields for r in f.rivals}
        object.__setattr__(self, "_special", frozenset({*rivals, *self.unless, *self.label, *ATTACHMENTS}))

    def reader(self, keys: Keys) -> Read | None:
        """How to read records with these keys, None if they cannot be of this shape."""
        if isinstance(keys, type) or not self._claims(keys):
            return None
        present = [k for f in self.fields if (k := f.key_in(keys))]
        whole = all(f.optional or f.key_in(keys) for f in self.fields)
        if not whole or not self._special.isdisjoint(keys):
            return self._draw
        plain = self._draw(dict.fromkeys(present, ""))
        history = self.history if self.history in keys else ""
        return _quick(present, history, plain.layout, self._draw) if plain is not None else self._draw

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

    def _draw(self, data: dict[str, Any]) -> Reading | None:
        if any(data.get(k) is not None for k in self.unless):
            return None
        draft = Draft(self.name)
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


def _quick(present: Sequence[str], history: str, layout: Layout, slow: Read) -> Read:
    """A reader of records whose fields are all strings; hands all others to ``slow``."""
    new: Callable[..., Reading] = tuple.__new__
    if len(present) == 1:
        only = present[0]

        def read_one(data: dict[str, Any]) -> Reading | None:
            text = data[only]
            return new(Reading, (layout, (text,))) if type(text) is str else slow(data)

        return slow if history else read_one
    get = itemgetter(*present)

    def read(data: dict[str, Any]) -> Reading | None:
        texts = get(data)
        for text in texts:
            if type(text) is not str:
                return slow(data)
        return new(Reading, (layout, texts))

    def read_with_history(data: dict[str, Any]) -> Reading | None:
        return slow(data) if data[history] else read(data)

    return read_with_history if history else read


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
            tuple(t for t, branch in enumerate(self._branches) if branch in (0, wanted)) for wanted in range(1, last + 1)
        ]

    def _turn(self, part: Text, pointer: str) -> int:
        """The turn this field is said in: fields of one role that follow each other share one."""
        if self._last == (part.role, part.branch):
            return len(self._draft) - 1
        self._last = (part.role, part.branch)
        self._branches.append(part.branch)
        rejected = part.rejected or (not self._wanted and part.role == "assistant")
        return self._draft.turn(part.role, pointer, rejected=rejected)
