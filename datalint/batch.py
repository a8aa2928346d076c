"""A batch of records: flat lists and columns, computed once for all rules. Read-only for rules."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from datalint.model import Layout, Ref, Slot, role_mask
from datalint.views import Line, Message, Record

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
        return self.record(k).message(i - self.first[k])

    def place(self, i: int) -> tuple[Ref, Slot]:
        """Record and slot of the text number ``i``: all that a finding needs, without a view."""
        k = bisect_right(self.first, i) - 1
        return self.ref(k), self.layouts[k].slots[i - self.first[k]]

    @cached_property
    def feeds(self) -> npt.NDArray[np.int64]:
        """Places of all line feeds in ``joined``, those between two texts included."""
        import numpy as np

        return np.flatnonzero(np.frombuffer(self.joined, dtype=np.uint8) == 10)

    def release(self) -> None:
        """Forget all views, which refer to each other, so that their memory is freed without the garbage collector."""
        for view in self._views.values():
            for message in view._messages.values():
                message.cache.clear()
            view._messages.clear()
            view.cache.clear()
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
