"""What shapes are built from: a layout in the making, and the table that keeps equal layouts one object."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Literal

from datalint.model import Layout, Problem, Reading, Slot, Turn

Keys = tuple[str, ...] | type  # the keys of an object in their order, or the type of data that is no object
Read = Callable[[Any], "Reading | None"]


class Lacking:
    """A reader of records that lack a field of its shape. What it reads has problems, so others are asked first."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def __call__(self, data: Any) -> Reading | None:
        """What the reader says."""
        return self._read(data)


Quick = Callable[[Any], "tuple[Hashable, Sequence[str]] | None"]
ProblemKind = Literal["unknown-shape", "not-an-object", "missing-field", "wrong-type", "unknown-role", "rival-keys"]

ATTACHMENTS = ("images", "image", "videos", "video", "audios", "audio", "files", "objects")
CACHE_LIMIT = 20_000

_slot = lru_cache(maxsize=1 << 16)(Slot)
_turn = lru_cache(maxsize=1 << 16)(Turn)
_VAGUE = frozenset({"label", "labels", "role", "text", "kto_tag", "topic"})
_TYPE_NAMES = {
    type(None): "null", bool: "a boolean", int: "a number", float: "a number",
    str: "a string", list: "a list", dict: "an object",
}  # fmt: skip


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


class Cache(dict[Hashable, Any]):
    """A table that starts anew when what it holds weighs too much."""

    weight = 0

    def keep(self, key: Hashable, value: Any, weight: int = 1) -> None:
        """Remember ``value``; ``weight`` says how large key and value are."""
        if self.weight + weight > CACHE_LIMIT:
            self.clear()
            self.weight = 0
        self.weight += weight
        self[key] = value


_layouts = Cache()


class Draft:
    """A layout in the making, with its texts."""

    __slots__ = ("_problems", "_slots", "_turns", "attachments", "conversations", "open", "shape", "texts")

    def __init__(self, shape: str, *, open: bool = False) -> None:
        self.shape = shape
        self.open = open
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
        slots = tuple(self._slots)
        turns = tuple([(t[0], t[1], tuple(t[2]), t[3], t[4], t[5], t[6]) for t in self._turns])
        branches = tuple(self.conversations) if self.conversations is not None else (tuple(range(len(turns))),)
        problems = tuple(self._problems)
        key = (self.shape, slots, turns, branches, problems, self.attachments, self.open)
        layout: Layout | None = _layouts.get(key)
        if layout is None:
            made = tuple(_slot(*s) for s in slots), tuple(_turn(*t) for t in turns)
            layout = Layout(self.shape, *made, branches, problems, self.attachments, self.open)
            _layouts.keep(key, layout, 1 + (len(slots) + len(turns)) // 4)
        return Reading(layout, self.texts)


def has_attachments(data: dict[str, Any]) -> bool:
    """Whether the record brings images or other files along."""
    return any(data.get(key) for key in ATTACHMENTS)


def always(data: Any) -> bool:
    """The test of a shape whose keys say enough."""
    return True


@dataclass(frozen=True)
class DrawnShape:
    """A shape whose layout a function draws record by record.

    ``draw`` fills the draft of a record that ``fits``. ``quick`` serves the common plain records: it gives a key that
    decides the layout, and the texts, or None for a record it leaves to ``draw``, with which it must agree.
    """

    name: str
    summary: str
    order: int
    needs: tuple[str, ...]
    draw: Callable[[Any, Draft], None]
    fits: Callable[[Any], bool] = always
    heads: tuple[tuple[str, ...], ...] = ()  # key sets that make a record a candidate; none given: all of ``needs``
    quick: Quick | None = None
    slow: frozenset[str] = frozenset()  # records with one of these keys are not for ``quick``
    takes: type = dict
    open: bool = False  # an answer is not expected
    _known: Cache = field(default_factory=Cache, repr=False, compare=False)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every key this shape knows."""
        return frozenset({*self.needs, *(k for head in self.heads for k in head)})

    def reader(self, keys: Keys) -> Read | None:
        """How to read records with these keys, None if they cannot be of this shape."""
        if isinstance(keys, type):
            return self._read_quickly if keys is self.takes and self.takes is not dict else None
        if self.takes is not dict or not any(all(k in keys for k in head) for head in self.heads or (self.needs,)):
            return None
        return self._draw if self.quick is None or not self.slow.isdisjoint(keys) else self._read_quickly

    def read(self, data: Any) -> Reading | None:
        """Layout and texts of ``data``, None if it is not of this shape."""
        read = self.reader(keys_of(data))
        return read(data) if read is not None else None

    def lacks(self, data: Any) -> tuple[int, str]:
        """How many of its keys ``data`` has, and which are missing."""
        return lacking(self.needs if self.takes is dict else (), data)

    def _draw(self, data: Any) -> Reading | None:
        if not self.fits(data):
            return None
        draft = Draft(self.name, open=self.open)
        self.draw(data, draft)
        return draft.reading()

    def _read_quickly(self, data: Any) -> Reading | None:
        found = self.quick(data) if self.quick is not None else None
        if found is None:
            return self._draw(data)
        try:
            layout = self._known.get(found[0])
        except TypeError:  # a role that is a list or an object
            return self._draw(data)
        if layout is None:
            drawn = self._draw(data)
            if drawn is None:
                return None
            layout = drawn.layout
            if not any(p.kind == "wrong-type" for p in layout.problems):  # of roles, 1 and true would be one key
                self._known.keep(found[0], layout, 1 + len(found[1]) // 4)
        return tuple.__new__(Reading, (layout, found[1]))


def keys_of(data: Any) -> Keys:
    """The keys of an object, the type of all other data."""
    return tuple(data) if type(data) is dict else type(data)


def lacking(needs: Sequence[str], data: Any) -> tuple[int, str]:
    """How many of the needed keys ``data`` has, not counting those that say little, and in words which it lacks."""
    if type(data) is not dict:
        return 0, ""
    missing = [k for k in needs if k not in data]
    told = quoted(missing) if missing else ""
    others = {d.casefold(): d for d in data if d not in needs}
    near = [get_close_matches(k, others, n=1, cutoff=0.8) for k in missing if k not in _VAGUE]
    meant = [others[match[0]] for match in near if match]
    if meant:
        told += f" (is {quoted(meant)} meant for it?)"
    return len([k for k in needs if k in data and k not in _VAGUE]) + len(meant), told
