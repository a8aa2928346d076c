"""The nouns: frozen values that every layer shares. No I/O, no behaviour beyond small questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Severity = Literal["error", "warning", "info"]
Category = Literal["correctness", "safety", "suspicious", "style", "pedantic"]
Applicability = Literal["safe", "unsafe", "display-only"]
Status = Literal["preview", "stable", "deprecated"]
Span = tuple[int, int]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
CATEGORY_SEVERITY: dict[str, Severity] = {
    "correctness": "error",
    "safety": "error",
    "suspicious": "warning",
    "style": "info",
    "pedantic": "info",
}

# Roles a rule can aim at. "rejected" is the assistant's answer that a preference record marks as the worse one:
# rules about the quality of answers leave it alone unless they name it.
ROLES = ("system", "user", "assistant", "tool", "text", "unknown", "rejected")
ROLE_BIT: dict[str, int] = {role: 1 << i for i, role in enumerate(ROLES)}
ALL_ROLES = (1 << len(ROLES)) - 1


class Ref(NamedTuple):
    """Where a record lies: source number, byte offset and length, 1-based line, and 0-based number of the line or array
    element in its source (blank lines counted)."""

    source: int
    offset: int
    length: int
    line: int
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody wants of a place

    @property
    def key(self) -> int:
        """Source and offset in 64 bits: what states keep instead of a record."""
        return self.source << 48 | self.offset


class Edit(NamedTuple):
    """One change to one record.

    op              pointer of        span                      value
    replace-text    a string          code points in it         the new text
    set             any value         –                         the new JSON value
    remove          a key or item     –                         –
    rename-key      a key's value     –                         the new key
    delete-record   –                 –                         –
    delete-line     –                 –                         –
    replace-bytes   –                 bytes of the raw line     the new bytes, as latin-1 text

    delete-record moves the record to the quarantine file; delete-line drops a blank line with its line feed.
    """

    op: Literal["replace-text", "set", "remove", "rename-key", "delete-record", "delete-line", "replace-bytes"]
    pointer: str = ""
    span: Span | None = None
    value: Any = None


class Fix(NamedTuple):
    """A bundle of edits that is applied whole or not at all.

    ``whole_file`` names a change of the file's layout instead of edits: ``strip-bom``, ``lf-endings``, ``final-newline``.
    """

    title: str
    applicability: Applicability
    edits: tuple[Edit, ...] = ()
    whole_file: str = ""


class Related(NamedTuple):
    """Another place that explains a finding (the record kept, the constraint in the prompt)."""

    ref: Ref
    message: str
    pointer: str | None = None
    span: Span | None = None


class Finding(NamedTuple):
    """What a rule saw and where. Rules make it with ``message.finding(…)`` and its like; the engine adds ``code``.

    ``span`` counts code points of the decoded string at ``pointer``; ``raw_span`` counts bytes of the raw line and is
    for findings on the JSON itself. ``ref`` is None for findings on a file (``source`` set) or on the whole data set.
    """

    message: str
    ref: Ref | None = None
    pointer: str | None = None
    span: Span | None = None
    fix: Fix | None = None
    score: float | None = None
    related: tuple[Related, ...] = ()
    raw_span: Span | None = None
    severity: Severity | None = None
    source: int | None = None
    code: str = ""


class Problem(NamedTuple):
    """What a shape found wrong with the structure of a record; the SCH rules turn problems into findings."""

    kind: Literal["unknown-shape", "not-an-object", "missing-field", "wrong-type", "unknown-role", "rival-keys"]
    message: str
    pointer: str = ""
    value: str = ""  # unknown-role: the role this one stands for, if it is a known alias of another shape


@dataclass(frozen=True, slots=True)
class Slot:
    """One text of a layout: its place, and what part it plays. ``turn`` indexes ``Layout.turns``."""

    role: str
    pointer: str
    turn: int
    kind: Literal["content", "reasoning"] = "content"
    rejected: bool = False

    @property
    def bit(self) -> int:
        """The role as a bit of ``ROLE_BIT``; a rejected answer has a bit of its own."""
        return ROLE_BIT["rejected"] if self.rejected else ROLE_BIT.get(self.role, ROLE_BIT["unknown"])


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation. ``slots`` indexes its texts; ``calls``: it calls tools; ``attached``: it carries an image
    or another part that is no text, so an empty text is no defect."""

    role: str
    pointer: str
    slots: tuple[int, ...] = ()
    calls: bool = False
    attached: bool = False
    rejected: bool = False
    spoken_role: str = ""  # as written in the record ("human", "gpt"), "" where the shape has no role key

    def holds(self, pointer: str) -> bool:
        """Whether the value at ``pointer`` is this turn or lies within it."""
        return bool(self.pointer) and (pointer + "/").startswith(self.pointer + "/")

    @property
    def removable(self) -> bool:
        """Whether the turn is an item of a list of messages, which stays whole without it."""
        return bool(self.spoken_role) and self.pointer.rpartition("/")[2].isdigit()


@dataclass(frozen=True, eq=False)
class Layout:
    """The structure of a record without its texts; interned, so equal structures are one object.

    ``conversations`` lists turn indices, one tuple a branch: a preference record has two (chosen, rejected), a tree one a
    leaf, most records one. ``problems`` are structural defects.
    """

    shape: str
    slots: tuple[Slot, ...] = ()
    turns: tuple[Turn, ...] = ()
    conversations: tuple[tuple[int, ...], ...] = ()
    problems: tuple[Problem, ...] = ()
    attachments: bool = False  # the record brings images, audio or other files
    open: bool = False  # an answer is not expected: prompts on purpose, messages of larger trees
    bits: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bits", tuple(s.bit for s in self.slots))

    @property
    def known(self) -> bool:
        """Whether a shape read this record."""
        return self.shape != "unknown"

    @property
    def branches(self) -> tuple[tuple[Turn, ...], ...]:
        """The conversations, turn by turn; none at all where a broken field may have cost one of its turns."""
        for problem in self.problems:
            if problem.kind in ("missing-field", "wrong-type") and not any(
                t.holds(problem.pointer) for t in self.turns
            ):
                return ()
        return tuple(tuple(self.turns[t] for t in branch) for branch in self.conversations)


class Reading(NamedTuple):
    """What a shape makes of one record: its layout and, slot by slot, the texts."""

    layout: Layout
    texts: Sequence[str]


def role_mask(roles: Sequence[str]) -> int:
    """The bits of these roles together."""
    return sum(ROLE_BIT[role] for role in set(roles))
