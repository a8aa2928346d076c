"""Axes: how records differ, as columns of a batch. Cheap classifiers, each a pure function of one record.

``column(batch, "topic")`` gives the value of every record on an axis. An axis is one of ``AXES``, or a field of the
records: a top-level key or a JSON pointer. Only the first ``HEAD`` characters of a text are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from datalint import language, lengths
from datalint.axes_text import form, task
from datalint.axes_topics import ANSWERED, ASKED, AT_LEAST, CONTEXT, CONTEXT_CHARACTERS, TOPICS, Sign
from datalint.batch import UNREAD, Batch
from datalint.model import Layout
from datalint.profile import Profile
from datalint.triggers import TriggerSet

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]

AXES = (
    "language", "script", "topic", "task", "format", "instruction-length", "answer-length", "turns", "system",
)  # fmt: skip
HEAD = 300  # characters of a text that tell its topic
BANDS = (0, 1, 5, 10, 20, 50, 100, 200, 500, 1000)  # words: where the bands of lengths start
BAND_NAMES = (
    "0", "1-4", "5-9", "10-19", "20-49", "50-99", "100-199", "200-499", "500-999", "1000-up",
)  # fmt: skip
TURNS = ("0", "1", "2", "3-4", "5-9", "10-up")
_TURN_BAND = (0, 1, 2, 3, 3, 4, 4, 4, 4, 4, 5)
ABSENT = "absent"  # the value of a field where a record has none
_LONGEST = 80  # characters of a field's value that are kept


class Column(NamedTuple):
    """The values of an axis: ``values[codes[k]]`` is that of line ``k``, which has none where its code is -1."""

    values: tuple[str, ...]
    codes: Numbers

    def of(self, k: int) -> str | None:
        """The value of line ``k``."""
        code = int(self.codes[k])
        return self.values[code] if code >= 0 else None

    def counts(self) -> dict[str, int]:
        """How many lines have which value."""
        import numpy as np

        found = np.bincount(self.codes[self.codes >= 0], minlength=len(self.values)).tolist()
        return {value: n for value, n in zip(self.values, found, strict=True) if n}


def column(batch: Batch, axis: str) -> Column:
    """The values of the records of ``batch`` on ``axis``, worked out when somebody first asks."""
    name = f"axis {axis}"
    found: Column | None = batch.cache.get(name)
    if found is None:
        make = _COLUMNS.get(axis)
        found = batch.cache[name] = make(batch) if make is not None else field(batch, axis)
    return found


def tally(batch: Batch, axes: Iterable[str]) -> Profile:
    """How many records of ``batch`` have which value on each of ``axes``."""
    return Profile(int(_read(batch).sum()), {axis: column(batch, axis).counts() for axis in axes})


def _read(batch: Batch) -> npt.NDArray[np.bool_]:
    """Which lines hold a record."""
    import numpy as np

    if UNREAD not in batch.distinct:
        return np.ones(len(batch), dtype=np.bool_)
    return np.fromiter((layout is not UNREAD for layout in batch.layouts), dtype=np.bool_, count=len(batch))


# ---- who asks what, and who answers ----


class Parts(NamedTuple):
    """The texts that matter of records of one layout, by slot; -1 where there is none."""

    asked: int  # the first text of the first user turn
    given: int  # the text beside it, such as an input
    answer: int  # the last answer
    user_turns: int
    system: bool


@lru_cache(maxsize=4096)
def parts(layout: Layout) -> Parts:
    """Which texts of a layout are question, given text and answer. The first branch counts where there are several."""
    branch = layout.conversations[0] if layout.conversations else tuple(range(len(layout.turns)))
    turns = [layout.turns[t] for t in branch]
    users = [t for t in turns if t.role == "user" and t.slots]
    answers = [t for t in turns if t.role in ("assistant", "text") and not t.rejected and t.slots]
    contents = [s for t in answers[-1:] for s in t.slots if layout.slots[s].kind == "content"]
    asked = users[0].slots if users else ()
    return Parts(
        asked[0] if asked else -1,
        asked[1] if len(asked) > 1 else -1,
        contents[-1] if contents else -1,
        len(users),
        any(t.role == "system" for t in turns),
    )


class Places(NamedTuple):
    """For each line the numbers of its texts in the batch, -1 for none, and what its layout tells."""

    asked: Numbers
    given: Numbers
    answer: Numbers
    user_turns: Numbers
    system: Numbers
    read: npt.NDArray[np.bool_]


def places(batch: Batch) -> Places:
    """Where the parts of each record stand."""
    import numpy as np

    found: Places | None = batch.cache.get("places of parts")
    if found is None:
        known = {layout: n for n, layout in enumerate(batch.distinct)}
        kinds = np.array([parts(layout) for layout in known], dtype=np.int64).reshape(-1, 5)
        table = kinds[np.fromiter(map(known.__getitem__, batch.layouts), dtype=np.int64, count=len(batch))]
        first = np.array(batch.first[:-1], dtype=np.int64)
        slots = [np.where(table[:, n] >= 0, table[:, n] + first, -1) for n in range(3)]
        found = Places(slots[0], slots[1], slots[2], table[:, 3], table[:, 4], _read(batch))
        batch.cache["places of parts"] = found
    return found


def _texts(batch: Batch, numbers: Numbers) -> list[str]:
    texts = batch.texts
    return [texts[i] if i >= 0 else "" for i in numbers.tolist()]


# ---- the axes ----


def _named(values: Sequence[str | None]) -> Column:
    """A column of values as they come."""
    import numpy as np

    known: dict[str, int] = {}
    codes = [-1 if value is None else known.setdefault(value, len(known)) for value in values]
    return Column(tuple(known), np.array(codes, dtype=np.int64))


def _task(batch: Batch) -> Column:
    asked = places(batch).asked
    texts = batch.texts
    return _named([task(texts[i]) if i >= 0 else None for i in asked.tolist()])


def _format(batch: Batch) -> Column:
    answers = places(batch).answer
    texts = batch.texts
    return _named([form(texts[i]) if i >= 0 else None for i in answers.tolist()])


def _band(batch: Batch, *numbers: Numbers) -> Column:
    import numpy as np

    words = np.append(lengths.words(batch), 0)  # a text that is not there has none
    total = words[numbers[0]]
    for more in numbers[1:]:
        total = total + words[more]
    codes = np.searchsorted(np.array(BANDS), total, side="right") - 1
    return Column(BAND_NAMES, np.where(numbers[0] >= 0, codes, -1))


def _instruction_length(batch: Batch) -> Column:
    found = places(batch)
    return _band(batch, found.asked, found.given)


def _answer_length(batch: Batch) -> Column:
    return _band(batch, places(batch).answer)


def _turns(batch: Batch) -> Column:
    import numpy as np

    found = places(batch)
    codes = np.array(_TURN_BAND)[np.minimum(found.user_turns, len(_TURN_BAND) - 1)]
    return Column(TURNS, np.where(found.read, codes, -1))


def _system(batch: Batch) -> Column:
    import numpy as np

    found = places(batch)
    return Column(("without", "with"), np.where(found.read, found.system, -1))


def _foreign(batch: Batch) -> set[int]:
    found: set[int] | None = batch.cache.get("perhaps not English")
    if found is None:
        found = set(language.not_plainly_english(batch, ("user", "assistant", "text")))
        batch.cache["perhaps not English"] = found
    return found


def _language(batch: Batch) -> Column:
    foreign = _foreign(batch)
    found = places(batch)
    texts = batch.texts
    return _named(
        [
            "en"
            if a >= 0 and a not in foreign and q not in foreign and _opens_latin(texts[a])
            else _language_of(batch, foreign, (a, q))
            for a, q in zip(found.answer.tolist(), found.asked.tolist(), strict=True)
        ]
    )


def _opens_latin(text: str) -> bool:
    return "A" <= text[:1] <= "z" and text[:1].isalpha()


def _language_of(batch: Batch, foreign: set[int], pair: Sequence[int]) -> str | None:
    """The language of the answer, that of the question where it has none, "unknown" where neither tells."""
    there = [i for i in pair if i >= 0]
    if not there:
        return None
    for i in there:
        if i in foreign:
            code = language.identify(batch.texts[i]).language
            if code is not None:
                return code
    return "en" if any(i not in foreign and _has_latin(batch.texts[i]) for i in there) else "unknown"


def _has_latin(text: str) -> bool:
    """Whether there are letters of ASCII; the first character mostly tells."""
    return _opens_latin(text) or any(c.isascii() and c.isalpha() for c in text[:HEAD])


def _script(batch: Batch) -> Column:
    found = places(batch)
    texts = batch.texts
    return _named(
        [
            "Latin"
            if a >= 0 and texts[a].isascii() and _opens_latin(texts[a])
            else _script_of([texts[i] for i in (a, q) if i >= 0])
            for a, q in zip(found.answer.tolist(), found.asked.tolist(), strict=True)
        ]
    )


def _script_of(there: Sequence[str]) -> str | None:
    for text in there:
        script = "Latin" if text.isascii() and _has_latin(text) else language.script_of(text)
        if script is not None:
            return script
    return "none" if there else None


# ---- topics ----


class _Heads:
    """The heads of some texts, as much of a batch as triggers look at."""

    def __init__(self, texts: list[str]) -> None:
        import numpy as np

        self.texts = texts
        encoded = [text.encode() for text in texts]
        self.joined = b"\n".join(encoded)
        sizes = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
        self.starts = np.cumsum(sizes + 1) - sizes - 1
        self.bits = np.ones(len(texts), dtype=np.uint8)


@lru_cache(maxsize=2)
def _scanner(signs: tuple[Sign, ...], plain: bool) -> TriggerSet:
    """Looks for the signs with letters of ASCII only, or for the others."""
    wanted = {n: tuple(p for p in sign.patterns if p.isascii() == plain) for n, sign in enumerate(signs)}
    return TriggerSet({n: (patterns, 1) for n, patterns in wanted.items() if patterns})


@lru_cache(maxsize=1)
def _scanners() -> dict[tuple[int, bool], TriggerSet]:
    pairs = ((n, plain) for n in (0, 1) for plain in (True, False))
    return {(n, plain): _scanner((ASKED, ANSWERED)[n], plain) for n, plain in pairs}


def _topic(batch: Batch) -> Column:
    import numpy as np

    found = places(batch)
    there = np.flatnonzero((found.asked >= 0) | (found.answer >= 0))
    codes = np.full(len(batch), -1, dtype=np.int64)
    if len(there):
        asked = [text[:HEAD] for text in _texts(batch, found.asked[there])]
        answers = [text[:HEAD] for text in _texts(batch, found.answer[there])]
        size = np.append(lengths.characters(batch), 0)
        given = np.where(found.given[there] >= 0, size[found.given[there]], 0)
        codes[there] = _topics(asked, answers, given >= CONTEXT_CHARACTERS)
    return Column(TOPICS, codes)


def _topics(asked: list[str], answers: list[str], given: npt.NDArray[np.bool_]) -> Numbers:
    import numpy as np

    scores = np.zeros((len(TOPICS), len(asked)), dtype=np.int64)
    for n, texts in enumerate((asked, answers)):
        heads: Any = _Heads(texts)
        signs = (ASKED, ANSWERED)[n]
        for plain in (True, False):
            if plain or not heads.joined.isascii():
                for number, hits in _scanners()[n, plain].pick(heads).items():
                    scores[TOPICS.index(signs[number].topic), hits] += signs[number].weight
    for topic, weight in CONTEXT.items():
        scores[TOPICS.index(topic), given] += weight
    best = scores.argmax(axis=0)
    made: Numbers = np.where(scores.max(axis=0) >= AT_LEAST, best, TOPICS.index("knowledge"))
    return made


# ---- fields ----


def field(batch: Batch, name: str) -> Column:
    """The values of a field as text: a top-level key, or a JSON pointer where the name starts with a slash."""
    path = path_of(name)
    return _named([_said(at(data, path)) if layout is not UNREAD else None
                   for data, layout in zip(batch.datas, batch.layouts, strict=True)])  # fmt: skip


@lru_cache(maxsize=1024)
def path_of(name: str) -> tuple[str, ...]:
    """The keys that lead to a field."""
    if name[:1] != "/":
        return (name,)
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in name.split("/")[1:])


def at(data: Any, path: Sequence[str]) -> Any:
    """The value of a parsed record at a path of keys, None where there is none."""
    for key in path:
        if type(data) is dict:
            data = data.get(key)
        elif type(data) is list and key.isdigit() and int(key) < len(data):
            data = data[int(key)]
        else:
            return None
    return data


def _said(value: Any) -> str:
    if type(value) is str:
        return value[:_LONGEST] or ABSENT
    if value is None or value == [] or value == {}:
        return ABSENT
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) in (int, float):
        return str(value)
    if type(value) is list and all(type(v) is str for v in value):
        return ", ".join(value)[:_LONGEST]
    return "nested"


_COLUMNS: dict[str, Callable[[Batch], Column]] = {
    "language": _language,
    "script": _script,
    "topic": _topic,
    "task": _task,
    "format": _format,
    "instruction-length": _instruction_length,
    "answer-length": _answer_length,
    "turns": _turns,
    "system": _system,
}
