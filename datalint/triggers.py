"""Triggers: one multi-pattern scan of a whole batch says which rules must look at which texts.

hyperscan does it where it has wheels; ``regex`` gives identical hits elsewhere. Triggers only select: the rule confirms.
Patterns are hyperscan's dialect over UTF-8 bytes, ``^`` and ``$`` at line ends; keep them short and bounded.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import regex

from datalint import cache_folder
from datalint.batch import Batch
from datalint.errors import RuleError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_TAIL = b"\n" * 64  # hyperscan misses some matches in the last bytes of a buffer
_LITERAL = 3  # plain characters in a row that let hyperscan leap
_NO_LITERAL = regex.compile(r"\\[bsdwWSD]|\[[^\]]*\]|\{[^}]*\}|[()?+*.^$|]")
_MOST = 256 << 20  # bytes of all compiled databases together
Hits = tuple[list[int], list[int]]  # pattern numbers, end offsets


class Engine(Protocol):
    """Scans bytes for many patterns at once."""

    def scan(self, data: bytes) -> Hits:
        """Pattern number and end offset of every match; one pattern may report several ends."""


class TriggerSet:
    """The triggers of all selected rules, compiled into one scanner.

    ``wanted``: rule number -> (patterns, role bits). ``pick`` gives, per rule, the sorted numbers of the texts in which
    one of its patterns ends and whose role it judges.
    """

    def __init__(self, wanted: Mapping[int, tuple[Sequence[str], int]], *, engine: str = "auto") -> None:
        patterns: dict[str, int] = {}
        self._rules: dict[int, list[int]] = {}
        self._masks: dict[int, int] = {}
        for rule, (triggers, mask) in wanted.items():
            self._masks[rule] = mask
            for trigger in triggers:
                number = patterns.setdefault(trigger, len(patterns))
                self._rules.setdefault(number, []).append(rule)
        self._engine = make_engine(tuple(patterns), engine) if patterns else None

    def pick(self, batch: Batch) -> dict[int, npt.NDArray[np.int64]]:
        """Texts to look at, by rule."""
        import numpy as np

        if self._engine is None or not batch.texts:
            return {}
        numbers, ends = self._engine.scan(batch.joined)
        if not numbers:
            return {}
        ids = np.array(numbers, dtype=np.int64)
        texts = np.searchsorted(batch.starts, np.array(ends, dtype=np.int64) - 1, side="right") - 1
        keys = np.sort(ids * len(batch.texts) + texts)
        keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]  # np.unique is far slower on 64-bit integers
        ids, texts = np.divmod(keys, len(batch.texts))
        bits = batch.bits[texts]
        picked: dict[int, list[npt.NDArray[np.int64]]] = {}
        bounds = np.flatnonzero(np.concatenate(([True], ids[1:] != ids[:-1], [True])))
        for a, b in pairwise(bounds):
            for rule in self._rules[int(ids[a])]:
                picked.setdefault(rule, []).append(texts[a:b][(bits[a:b] & self._masks[rule]) != 0])
        return {rule: _union(parts) for rule, parts in picked.items()}


def _union(parts: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    import numpy as np

    if len(parts) == 1:
        return parts[0]
    merged = np.sort(np.concatenate(parts))
    return merged[np.concatenate(([True], merged[1:] != merged[:-1]))] if len(merged) else merged


def make_engine(patterns: Sequence[str], engine: str = "auto") -> Engine:
    """A scanner for ``patterns``. ``engine``: auto, hyperscan or regex (also by ``DATALINT_TRIGGER_ENGINE``)."""
    engine = os.environ.get("DATALINT_TRIGGER_ENGINE", engine) if engine == "auto" else engine
    if engine in ("auto", "hyperscan"):
        try:
            return HyperscanEngine(patterns)
        except ImportError:
            if engine == "hyperscan":
                raise
    return RegexEngine(patterns)


class RegexEngine:
    """The same hits with ``regex``, pattern after pattern: slower, everywhere.

    As in hyperscan, a pattern of ASCII characters only is about bytes, any other about code points.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._bytes = [(n, _compile(p.encode(), p)) for n, p in enumerate(patterns) if p.isascii()]
        self._texts = [(n, _compile(p, p)) for n, p in enumerate(patterns) if not p.isascii()]

    def scan(self, data: bytes) -> Hits:
        """Ends of all matches, overlapping ones included, so that no text is missed that hyperscan would report."""
        numbers: list[int] = []
        ends: list[int] = []
        for number, pattern in self._bytes:
            found = [match.end() for match in pattern.finditer(data, overlapped=True)]
            numbers.extend([number] * len(found))
            ends.extend(found)
        text = data.decode() if self._texts else ""
        for number, pattern in self._texts:
            for match in pattern.finditer(text, overlapped=True):
                numbers.append(number)
                ends.append(len(text[: match.end()].encode()))
        return numbers, ends


def _compile(pattern: Any, shown: str) -> Any:
    try:
        return regex.compile(pattern, regex.M | (regex.A if isinstance(pattern, bytes) else 0))
    except regex.error as error:
        raise RuleError(f"trigger does not compile: {error}: {shown}") from error


class HyperscanEngine:
    """A pass over the data for each kind of pattern; the compiled databases are cached on disk.

    One pass with patterns of all kinds takes twice the time: hyperscan makes one automaton of those that start with no
    literal, and it grows beyond what is quick where digits and capitals meet, or where UTF-8 must be decoded.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        hyperscan: Any = import_module("hyperscan")
        kinds: dict[str, list[int]] = {}
        for number, pattern in enumerate(patterns):
            kinds.setdefault(_kind(pattern), []).append(number)
        self._databases = [_database(patterns, numbers, hyperscan) for numbers in kinds.values()]

    def scan(self, data: bytes) -> Hits:
        """Ends of all matches."""
        numbers: list[int] = []
        ends: list[int] = []
        number, end = numbers.append, ends.append
        size = len(data)
        data += _TAIL

        def hit(pattern: int, start: int, stop: int, flags: int, context: Any) -> None:
            if stop <= size:
                number(pattern)
                end(stop)

        for database in self._databases:
            database.scan(data, match_event_handler=hit)
        return numbers, ends


def _kind(pattern: str) -> str:
    if not pattern.isascii():
        return "wide"
    if pattern.startswith("(?i)"):
        return "caseless"
    if any(len(run) >= _LITERAL for run in _NO_LITERAL.split(pattern)):
        return "literal"
    return "digits" if r"\d" in pattern and "A-Z" not in pattern else "classes"


def _database(patterns: Sequence[str], numbers: Sequence[int], hyperscan: Any) -> Any:
    wanted = [patterns[n] for n in numbers]
    key = "\0".join((hyperscan.__version__, *map(str, numbers), *wanted)).encode()
    path = cache_folder.root() / cache_folder.TRIGGERS / cache_folder.digest(key).hex()
    loaded = _load(path, hyperscan)
    if loaded is None:
        loaded = _compiled(wanted, numbers, hyperscan)
        _store(path, hyperscan.dumpb(loaded))
    loaded.scratch = hyperscan.Scratch(loaded)
    return loaded


def _compiled(patterns: Sequence[str], numbers: Sequence[int], hyperscan: Any) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    expressions = [p.encode() for p in patterns]
    flags = [_flags(p, hyperscan) for p in patterns]
    try:
        database.compile(expressions=expressions, ids=list(numbers), elements=len(patterns), flags=flags)
    except hyperscan.error as error:
        raise RuleError(f"a trigger does not compile: {error}: {_culprit(patterns, hyperscan)}") from error
    return database


def _flags(pattern: str, hyperscan: Any) -> int:
    return int(hyperscan.HS_FLAG_MULTILINE | (0 if pattern.isascii() else hyperscan.HS_FLAG_UTF8))


def _culprit(patterns: Sequence[str], hyperscan: Any) -> str:
    for pattern in patterns:
        try:
            single = {"expressions": [pattern.encode()], "ids": [0], "elements": 1}
            hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK).compile(**single, flags=[_flags(pattern, hyperscan)])
        except hyperscan.error:
            return pattern
    return "together they are too large"


def _load(path: Path, hyperscan: Any) -> Any:
    body = cache_folder.read(path)
    try:
        return hyperscan.loadb(body, hyperscan.HS_MODE_BLOCK) if body is not None else None
    except hyperscan.error:
        return None


def _store(path: Path, body: bytes) -> None:
    """Keep the database for the next run; a cache that cannot be written is no error."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        cache_folder.write(path, body)
        cache_folder.tidy(path.parent, _MOST)
