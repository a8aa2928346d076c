"""The views of a batch that rules judge: line, record, conversation, message. Read-only, made when a rule asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from datalint.model import (
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
    from datalint.batch import Batch, Refusal


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
        self._messages: dict[int, Message] = {}
        self.cache: dict[str, Any] = {}  # record-scope fixtures

    @property
    def batch(self) -> Batch:
        """The batch this record is part of."""
        return self._batch

    @property
    def number(self) -> int:
        """Number of this record in its batch."""
        return self._k

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
        return tuple([self.message(slot) for slot in range(len(self.layout.slots))])

    def message(self, slot: int) -> Message:
        """The text in this slot as a message; whoever asks for the same one shares it."""
        view = self._messages.get(slot)
        if view is None:
            view = self._messages[slot] = Message(self, slot)
        return view

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
        pointer = self.pointer
        return Fix(title, applicability, tuple([Edit("replace-text", pointer, span, new) for span, new in edits]))

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
