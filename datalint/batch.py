"""A batch of records and the views of it that rules judge: line, record, conversation, message.

A batch holds flat lists; views are made only for the few places a rule asks for. Everything is read-only for rules.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from datalint.model import (
    ROLE_BIT,
    Applicability,
    Edit,
    Finding,
    Fix,
    Layout,
    Ref,
    Related,
    Severity,
    Slot,
    Span,
    Turn,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

UNREAD = Layout("unread")  # the layout of a line that holds no record: blank, or refused by the parser


class Refusal(NamedTuple):
    """Why a line was not parsed."""

    kind: str  # "json", "encoding" or "limit"
    message: str
    column: int  # 0-based byte in the line


class Facts(NamedTuple):
    """What is known of a source before its lines are read. ``content`` that is no "jsonl", "array" or "values" (JSON
    values one after the other, each over several lines) is not read as records at all."""

    suffix: str = ".jsonl"  # the last suffix of the path, lower case, compression aside
    content: str = "jsonl"  # or "array", "values", "empty", or what it is instead: "utf-16", "lfs-pointer", "gzip" …
    bom: bool = False  # starts with a UTF-8 byte-order mark


_PLAIN = Facts()


class Batch:
    """Some consecutive lines of one source.

    Per line k: ``raws[k]`` (bytes without the line feed), ``offsets[k]``, ``datas[k]`` (parsed value or None),
    ``layouts[k]``, and the texts ``texts[first[k]:first[k + 1]]``. ``line`` and ``index`` are those of the first line.
    """

    def __init__(
        self,
        source: int,
        path: str,
        raws: Sequence[bytes],
        offsets: Sequence[int],
        datas: list[Any],
        layouts: list[Layout],
        texts: list[str],
        first: list[int],
        *,
        line: int = 1,
        index: int = 0,
        refusals: dict[int, Refusal] | None = None,
        blanks: Sequence[int] = (),
        lines: Sequence[int] | None = None,
        indices: Sequence[int] | None = None,
        boms: Sequence[int] = (),
        ends: bool = True,
        last: bool = False,
        facts: Facts = _PLAIN,
    ) -> None:
        self.source = source
        self.path = path
        self.raws = raws
        self.offsets = offsets
        self.datas = datas
        self.layouts = layouts
        self.texts = texts
        self.first = first
        self.line = line
        self.index = index
        self.refusals = refusals or {}
        self.blanks = blanks
        self.lines = lines  # absolute line of each record where they are not consecutive (JSON arrays)
        self.indices = indices  # index of each record where they are not consecutive (records picked out)
        self.boms = boms  # lines that start with a byte-order mark
        self.ends = ends  # the last line of the batch ends with a line feed
        self.last = last  # the last batch of its source
        self.facts = facts
        self.cache: dict[str, Any] = {}  # what rules work out of the whole batch and share
        self._views: dict[int, Record] = {}

    def __len__(self) -> int:
        return len(self.raws)

    # ---- columns: computed once, when the first rule asks ----

    @cached_property
    def distinct(self) -> frozenset[Layout]:
        """The layouts that occur."""
        return frozenset(self.layouts)

    @cached_property
    def encoded(self) -> list[bytes]:
        """Each text as UTF-8."""
        return [t.encode() for t in self.texts]

    @cached_property
    def joined(self) -> bytes:
        """All texts as UTF-8, joined by one line feed: what triggers scan."""
        return b"\n".join(self.encoded)

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """Byte offset of each text in ``joined``."""
        import numpy as np

        sizes = np.fromiter(map(len, self.encoded), dtype=np.int64, count=len(self.texts))
        starts = np.empty(len(self.texts), dtype=np.int64)
        if len(starts):
            starts[0] = 0
            np.cumsum(sizes[:-1] + 1, out=starts[1:])
        return starts

    @cached_property
    def bits(self) -> npt.NDArray[np.uint8]:
        """Role bit (``model.ROLE_BIT``) of each text."""
        import numpy as np

        if self.layouts and self.layouts.count(self.layouts[0]) == len(self.layouts):
            return np.tile(np.array(self.layouts[0].bits, dtype=np.uint8), len(self.layouts))
        flat: list[int] = []
        for layout in self.layouts:
            flat.extend(layout.bits)
        return np.array(flat, dtype=np.uint8)

    @cached_property
    def owners(self) -> npt.NDArray[np.int64]:
        """Record number in the batch of each text."""
        import numpy as np

        first = np.array(self.first, dtype=np.int64)
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(first))

    def numbers(self, *roles: str) -> npt.NDArray[np.int64]:
        """Numbers of the texts that have one of these roles; ``rejected`` is a role of its own."""
        import numpy as np

        return np.flatnonzero(self.bits & role_mask(roles))

    # ---- views ----

    def ref(self, k: int) -> Ref:
        """The reference of line ``k`` of the batch."""
        line = self.lines[k] if self.lines is not None else self.line + k
        index = self.indices[k] if self.indices is not None else self.index + k
        return Ref(self.source, self.offsets[k], len(self.raws[k]), line, index)

    def record(self, k: int) -> Record:
        """The record on line ``k`` of the batch; rules that ask for the same one share it."""
        view = self._views.get(k)
        if view is None:
            view = self._views[k] = Record(self, k)
        return view

    def records(self) -> Iterator[Record]:
        """All lines that hold a record."""
        return (self.record(k) for k, layout in enumerate(self.layouts) if layout is not UNREAD)

    def line_view(self, k: int) -> Line:
        """Line ``k`` of the batch as it stands in the file."""
        return Line(self, k)

    def message(self, i: int) -> Message:
        """The text number ``i`` of the batch as a message."""
        k = bisect_right(self.first, i) - 1
        return self.record(k).messages[i - self.first[k]]

    def release(self) -> None:
        """Forget all views, which refer to each other, so that their memory is freed without the garbage collector."""
        for view in self._views.values():
            view._messages = None
        self._views.clear()

    def slice(self, start: int, stop: int) -> Batch:
        """The lines ``start`` to ``stop`` as a batch of their own."""
        a, b = self.first[start], self.first[stop]
        return Batch(
            self.source,
            self.path,
            self.raws[start:stop],
            self.offsets[start:stop],
            self.datas[start:stop],
            self.layouts[start:stop],
            self.texts[a:b],
            [n - a for n in self.first[start : stop + 1]],
            line=self.line + start,
            index=self.index + start,
            refusals={k - start: r for k, r in self.refusals.items() if start <= k < stop},
            blanks=[k - start for k in self.blanks if start <= k < stop],
            lines=self.lines[start:stop] if self.lines is not None else None,
            indices=self.indices[start:stop] if self.indices is not None else None,
            boms=[k - start for k in self.boms if start <= k < stop],
            ends=self.ends or stop < len(self),
            last=self.last and stop == len(self),
            facts=self.facts,
        )


class Line:
    """One line of a source, as it stands in the file: for rules about JSON itself."""

    __slots__ = ("_batch", "_k")

    def __init__(self, batch: Batch, k: int) -> None:
        self._batch = batch
        self._k = k

    @property
    def raw(self) -> bytes:
        """The bytes of the line without its line feed."""
        return self._batch.raws[self._k]

    @property
    def data(self) -> Any:
        """The parsed value, None where the line was not parsed."""
        return self._batch.datas[self._k]

    @property
    def refusal(self) -> Refusal | None:
        """Why the line was not parsed, None where it was."""
        return self._batch.refusals.get(self._k)

    @property
    def number(self) -> int:
        """1-based line number in the source."""
        return self.ref.line

    @property
    def ref(self) -> Ref:
        """The reference of this line."""
        return self._batch.ref(self._k)

    def finding(
        self, raw_span: Span | None, message: str, *, fix: Fix | None = None, pointer: str | None = None
    ) -> Finding:
        """A finding on bytes ``raw_span`` of the raw line."""
        return Finding(message, self.ref, pointer, None, fix, raw_span=raw_span)


class Record:
    """One record: its data, its messages and its conversations."""

    __slots__ = ("_batch", "_k", "_messages", "cache")

    def __init__(self, batch: Batch, k: int) -> None:
        self._batch = batch
        self._k = k
        self._messages: tuple[Message, ...] | None = None
        self.cache: dict[str, Any] = {}  # record-scope fixtures

    @property
    def data(self) -> Any:
        """The parsed JSON value."""
        return self._batch.datas[self._k]

    @property
    def raw(self) -> bytes:
        """The bytes of the line without its line feed."""
        return self._batch.raws[self._k]

    @property
    def layout(self) -> Layout:
        """The structure the shape found."""
        return self._batch.layouts[self._k]

    @property
    def shape(self) -> str:
        """Name of the shape that read this record, "unknown" if none did."""
        return self.layout.shape

    @property
    def ref(self) -> Ref:
        """The reference of this record."""
        return self._batch.ref(self._k)

    @property
    def path(self) -> str:
        """Path of the source as given by the user."""
        return self._batch.path

    @property
    def texts(self) -> Sequence[str]:
        """The texts, slot by slot."""
        return self._batch.texts[self._batch.first[self._k] : self._batch.first[self._k + 1]]

    @property
    def messages(self) -> tuple[Message, ...]:
        """Every text of the record as a message, in slot order."""
        if self._messages is None:
            self._messages = tuple(Message(self, s) for s in range(len(self.layout.slots)))
        return self._messages

    @property
    def conversations(self) -> tuple[Conversation, ...]:
        """The branches of the record: two for a preference pair, else one."""
        return tuple(Conversation(self, n) for n in range(len(self.layout.conversations)))

    def finding(
        self,
        message: str,
        *,
        pointer: str | None = None,
        span: Span | None = None,
        fix: Fix | None = None,
        score: float | None = None,
        related: tuple[Related, ...] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """A finding on the record, or on the value at ``pointer``."""
        return Finding(message, self.ref, pointer, span, fix, score, related, severity=severity)

    def delete(self, title: str) -> Fix:
        """An unsafe fix that moves the whole record to the quarantine file."""
        return Fix(title, "unsafe", (Edit("delete-record"),))


class Message:
    """One text of a record, with its role and its place."""

    __slots__ = ("_slot", "cache", "record")

    def __init__(self, record: Record, slot: int) -> None:
        self.record = record
        self._slot = slot
        self.cache: dict[str, Any] = {}  # message-scope fixtures

    @property
    def slot(self) -> Slot:
        """The slot of the layout this message fills."""
        return self.record.layout.slots[self._slot]

    @property
    def text(self) -> str:
        """The decoded text."""
        return self.record._batch.texts[self.record._batch.first[self.record._k] + self._slot]

    @property
    def role(self) -> str:
        """Canonical role: system, user, assistant, tool, text or unknown."""
        return self.slot.role

    @property
    def rejected(self) -> bool:
        """Whether a preference record marks this answer as the worse one."""
        return self.slot.rejected

    @property
    def pointer(self) -> str:
        """JSON pointer of the text."""
        return self.slot.pointer

    @property
    def turn(self) -> Turn:
        """The turn this text belongs to."""
        return self.record.layout.turns[self.slot.turn]

    @property
    def prompt(self) -> str:
        """What this message answers: all texts since the assistant last spoke (system text included), joined by
        line feeds. Empty for the first message."""
        return "\n".join(self._texts(self._before()))

    @property
    def history(self) -> str:
        """All texts of earlier turns of the conversation, joined by line feeds."""
        return "\n".join(self._texts(self._branch()[: self._position()]))

    @property
    def answer(self) -> str:
        """The first assistant text that follows this message, "" if there is none."""
        turns = self.record.layout.turns
        after = [t for t in self._branch()[self._position() + 1 :] if turns[t].role == "assistant"]
        return "\n".join(self._texts(after[:1]))

    @property
    def siblings(self) -> tuple[Message, ...]:
        """The other texts of the same turn (an Alpaca instruction and its input are siblings)."""
        return tuple(self.record.messages[s] for s in self.turn.slots if s != self._slot)

    def finding(
        self,
        span: Span | None,
        message: str,
        *,
        fix: Fix | None = None,
        score: float | None = None,
        related: tuple[Related, ...] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """A finding on the code points ``span`` of this text, None for the whole text."""
        span = span if span is not None else (0, len(self.text))
        return Finding(message, self.record.ref, self.pointer, span, fix, score, related, severity=severity)

    def replace(self, edits: Sequence[tuple[Span, str]], title: str, applicability: Applicability = "unsafe") -> Fix:
        """A fix that puts each new text in the place of its span of this text."""
        made = tuple(Edit("replace-text", self.pointer, span, new) for span, new in edits)
        return Fix(title, applicability, made)

    def _branch(self) -> tuple[int, ...]:
        """The turns of the first conversation that this message is part of."""
        turn = self.slot.turn
        return next((c for c in self.record.layout.conversations if turn in c), (turn,))

    def _position(self) -> int:
        return self._branch().index(self.slot.turn)

    def _before(self) -> list[int]:
        turns = self.record.layout.turns
        before: list[int] = []
        for t in reversed(self._branch()[: self._position()]):
            if turns[t].role == "assistant":
                break
            before.append(t)
        return before[::-1]

    def _texts(self, turns: Sequence[int]) -> list[str]:
        layout, texts = self.record.layout, self.record.texts
        return [texts[s] for t in turns for s in layout.turns[t].slots]


class Conversation:
    """One branch of a record, turn by turn."""

    __slots__ = ("_n", "record")

    def __init__(self, record: Record, n: int) -> None:
        self.record = record
        self._n = n

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns in order."""
        layout = self.record.layout
        return tuple(layout.turns[t] for t in layout.conversations[self._n])

    @property
    def messages(self) -> tuple[Message, ...]:
        """All texts of these turns."""
        return tuple(self.record.messages[s] for turn in self.turns for s in turn.slots)

    def text(self, turn: Turn) -> str:
        """The texts of one turn, joined by line feeds."""
        return "\n".join(self.record.texts[s] for s in turn.slots)

    def finding(self, turn: Turn | None, message: str, *, fix: Fix | None = None) -> Finding:
        """A finding on one turn, None for the conversation as a whole."""
        pointer = turn.pointer if turn is not None else None
        return Finding(message, self.record.ref, pointer, None, fix)


def role_mask(roles: Sequence[str]) -> int:
    """The bits of these roles together."""
    return sum(ROLE_BIT[role] for role in set(roles))
