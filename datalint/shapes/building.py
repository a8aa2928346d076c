"""What shapes are built from: a layout in the making, and the table that keeps equal layouts one object."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from datalint.model import Layout, Problem, Reading, Slot, Turn

Keys = tuple[str, ...] | type  # the keys of an object in their order, or the type of data that is no object
Read = Callable[[Any], "Reading | None"]
Quick = Callable[[Any], "tuple[Hashable, Sequence[str]] | None"]
ProblemKind = Literal["unknown-shape", "not-an-object", "missing-field", "wrong-type", "unknown-role", "rival-keys"]

CACHE_LIMIT = 20_000
ATTACHMENTS = ("images", "image", "videos", "video", "audios", "audio", "files", "objects")

_slot = lru_cache(maxsize=1 << 16)(Slot)
_turn = lru_cache(maxsize=1 << 16)(Turn)
_layouts: dict[Hashable, Layout] = {}
_TYPE_NAMES = {type(None): "null", bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}  # fmt: skip


def type_name(value: Any) -> str:
    """The JSON type of ``value`` in words."""
    return _TYPE_NAMES.get(type(value), type(value).__name__)


def quoted(names: Sequence[str], joint: str = "and") -> str:
    """``a``, ``b`` and ``c`` in backquotes."""
    marked = [f"`{n}`" for n in names]
    return marked[0] if len(marked) == 1 else f"{', '.join(marked[:-1])} {joint} {marked[-1]}"


def escaped(key: str) -> str:
    """``key`` as a token of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def remember(cache: dict[Any, Any], key: Hashable, value: Any) -> None:
    """Put ``value`` into a cache that starts anew when it is full."""
    if len(cache) >= CACHE_LIMIT:
        cache.clear()
    cache[key] = value


class Draft:
    """A layout in the making, with its texts."""

    __slots__ = ("shape", "texts", "conversations", "attachments", "_slots", "_turns", "_problems")

    def __init__(self, shape: str) -> None:
        self.shape = shape
        self.texts: list[str] = []
        self.conversations: list[tuple[int, ...]] | None = None  # None: one, of all turns
        self.attachments = False
        self._slots: list[tuple[Any, ...]] = []
        self._turns: list[list[Any]] = []
        self._problems: list[Problem] = []

    def __len__(self) -> int:
        return len(self._turns)

    def turn(
        self,
        role: str,
        pointer: str,
        *,
        calls: bool = False,
        attached: bool = False,
        rejected: bool = False,
        spoken: str = "",
    ) -> int:
        """Begin a turn; gives its number."""
        self._turns.append([role, pointer, [], calls, attached, rejected, spoken])
        return len(self._turns) - 1

    def say(self, turn: int, pointer: str, text: str, *, role: str = "", kind: str = "content") -> None:
        """Add a text to a turn. ``role`` where it differs from the turn's."""
        row = self._turns[turn]
        row[2].append(len(self.texts))
        self._slots.append((role or row[0], pointer, turn, kind, row[5]))
        self.texts.append(text)

    def mark(self, turn: int, *, calls: bool = False, attached: bool = False, role: str = "") -> None:
        """Say more of a turn already begun."""
        row = self._turns[turn]
        row[0] = role or row[0]
        row[3] = row[3] or calls
        row[4] = row[4] or attached

    def problem(self, kind: ProblemKind, message: str, pointer: str = "", value: str = "") -> None:
        """Note a defect of the structure."""
        self._problems.append(Problem(kind, message, pointer, value))

    def mistyped(self, pointer: str, name: str, value: Any, wanted: str) -> None:
        """Note a value of the wrong type."""
        self.problem("wrong-type", f"`{name}` is {type_name(value)}, not {wanted}", pointer)

    def reading(self) -> Reading:
        """The finished layout, interned, with the texts."""
        turns = tuple([(r[0], r[1], tuple(r[2]), r[3], r[4], r[5], r[6]) for r in self._turns])
        branches = tuple(self.conversations) if self.conversations is not None else (tuple(range(len(turns))),)
        key = (self.shape, tuple(self._slots), turns, branches, tuple(self._problems), self.attachments)
        layout = _layouts.get(key)
        if layout is None:
            slots = tuple(_slot(*s) for s in key[1])
            layout = Layout(
                self.shape, slots, tuple(_turn(*t) for t in turns), branches, key[4], attachments=self.attachments
            )
            remember(_layouts, key, layout)
        return Reading(layout, self.texts)


def has_attachments(data: dict[str, Any]) -> bool:
    """Whether the record brings images or other files along."""
    return any(data.get(key) for key in ATTACHMENTS)


@dataclass(frozen=True)
class DrawnShape:
    """A shape whose layout a function draws record by record.

    ``draw`` fills the draft and says whether the record is of this shape. ``quick`` serves the common plain records: it
    gives the texts and a key that decides the layout, or None, and must agree with ``draw``.
    """

    name: str
    summary: str
    order: int
    needs: tuple[str, ...]
    draw: Callable[[Any, Draft], bool]
    heads: tuple[tuple[str, ...], ...] = ()  # key sets that make a record a candidate; none given: all of ``needs``
    quick: Quick | None = None
    slow: frozenset[str] = frozenset()  # records with one of these keys are not for ``quick``
    takes: type = dict
    _known: dict[Hashable, Layout] = field(default_factory=dict, repr=False, compare=False)

    def reader(self, keys: Keys) -> Read | None:
        """How to read records with these keys, None if they cannot be of this shape."""
        if isinstance(keys, type):
            return self.read if keys is self.takes else None
        if self.takes is not dict or not any(all(k in keys for k in head) for head in self.heads or (self.needs,)):
            return None
        return self._draw if self.quick is None or not self.slow.isdisjoint(keys) else self._read_quickly

    def read(self, data: Any) -> Reading | None:
        """Layout and texts of ``data``, None if it is not of this shape."""
        if type(data) is not self.takes:
            return None
        read = self.reader(tuple(data)) if self.takes is dict else self._read_quickly
        return read(data) if read is not None else None

    def lacks(self, data: Any) -> tuple[int, str]:
        """How many of its keys ``data`` has, and which are missing."""
        return lacking(self.needs if self.takes is dict else (), data)

    def _draw(self, data: Any) -> Reading | None:
        draft = Draft(self.name)
        return draft.reading() if self.draw(data, draft) else None

    def _read_quickly(self, data: Any) -> Reading | None:
        found = self.quick(data) if self.quick is not None else None
        if found is None:
            return self._draw(data)
        key, texts = found
        layout = self._known.get(key)
        if layout is None:
            drawn = self._draw(data)
            if drawn is None:
                return None
            layout = drawn.layout
            remember(self._known, key, layout)
        return tuple.__new__(Reading, (layout, texts))


def lacking(needs: Sequence[str], data: Any) -> tuple[int, str]:
    """How many of the needed keys ``data`` has, and in words which it lacks."""
    if not isinstance(data, dict):
        return 0, ""
    missing = [k for k in needs if k not in data]
    return len(needs) - len(missing), quoted(missing) if missing else ""
