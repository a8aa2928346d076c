"""QLT602: one task description before every prompt."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from zlib import crc32

from datalint import Batch, Finding, Judged, Move, Option, Records, bad, good, rule

# Of each prompt that is kept: how its first 40, 80, 160 … characters hash, and the key of its record.
State = dict[int, tuple[tuple[bytes, ...], int]]
_LENGTHS = tuple(40 << n for n in range(8))
_KEPT = 512  # prompts that are kept, those with the smallest hash: the same ones in whatever order they come
_READ = 50  # records that are read again to find where the description ends

_TASK = "Decide if the substance that is named below is wet at room temperature: "
_WORDS = (
    "ice",
    "tea",
    "sand",
    "milk",
    "iron",
    "oil",
    "glass",
    "rain",
    "salt",
    "wine",
    "wood",
    "ink",
    "gold",
    "sap",
    "clay",
    "dew",
)
_SET = [{"prompt": f"{_TASK}{w}", "completion": " yes" if n % 2 else " no"} for n, w in enumerate(_WORDS)]


@rule(
    "QLT602",
    "task-boilerplate",
    category="style",
    roles=["user"],
    tags=("file",),
    options={
        "min-share": Option("float", 0.9, "Share of the prompts that begin alike from which on it is found."),
        "min-records": Option("int", 10, "Different prompts from which on a file is judged."),
    },
    known_problems="""
    Judged by the 512 prompts with the smallest hashes. What the prompts share at their end is not looked at, nor is a system
    text. Descriptions of less than 40 characters are left alone, and so are prompts that are all the same.
    """,
    examples=(
        bad(_SET, name="a description before each word"),
        bad(
            [
                {"instruction": _TASK.strip(), "input": w, "output": "yes" if n % 2 else "no"}
                for n, w in enumerate(_WORDS)
            ],
            name="the same instruction in every record",
        ),
        good([{**r, "prompt": r["prompt"].removeprefix(_TASK)} for r in _SET], name="the words alone"),
        good([{**r, "prompt": f"{r['prompt'][-9:]} {r['prompt']}"} for r in _SET], name="other beginnings"),
        good(_SET[:5], name="too few to tell"),
    ),
    judged=Judged(0, 0, "nothing found in 46 public sets, each of which asks for many things"),
)
class TaskBoilerplate:
    """Every prompt begins with the same task description

    A base model needs to be told its task each time. A tuned one has learnt it: the description costs its tokens in every
    step of training and in every call, and the model comes to need it word for word.
    """

    def __init__(self, min_share: float, min_records: int) -> None:
        self._share = min_share
        self._least = min_records

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """The prompts of this batch that have the smallest hashes. A prompt is a user's text and its siblings."""
        import numpy as np

        numbers = np.asarray(picked[:], dtype=np.int64)
        if not len(numbers):
            return {}
        heads = np.flatnonzero(np.diff(batch.owners[numbers], prepend=-1))
        tails = np.append(heads[1:], len(numbers)) - 1
        encoded = batch.encoded
        hashed = [
            (crc32(encoded[b], crc32(encoded[a])) if a != b else crc32(encoded[a]), a)
            for a, b in zip(numbers[heads].tolist(), numbers[tails].tolist(), strict=True)
        ]
        kept = sorted(hashed)[:_KEPT]
        return {h: (_prefixes(batch.texts[i]), batch.ref(int(batch.owners[i])).key) for h, i in reversed(kept)}

    def merge(self, one: State, other: State) -> State:
        """The smallest hashes of both; of equal ones the earlier record."""
        both = dict(one)
        for h, seen in other.items():
            both[h] = min(seen, both[h], key=lambda s: s[1]) if h in both else seen
        return {h: both[h] for h in heapq.nsmallest(_KEPT, both)}

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        return {h: (prefixes, key + to.keys) for h, (prefixes, key) in state.items()}

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding, if the prompts share a beginning."""
        if len(state) < self._least:
            return
        for level in reversed(range(len(_LENGTHS))):
            counts = Counter(p[level] for p, _ in state.values() if len(p) > level)
            (common, count), *_ = counts.most_common(1) or [(b"", 0)]
            if count >= self._share * len(state) and count > 1:
                keys = sorted(key for p, key in state.values() if len(p) > level and p[level] == common)
                yield from _told(keys, count / len(state), records)
                return


def _prefixes(text: str) -> tuple[bytes, ...]:
    return tuple(blake2b(text[:n].encode(), digest_size=6).digest() for n in _LENGTHS if len(text) >= n)


def _shared(one: str, other: str) -> str:
    """What both texts begin with, to the end of a word."""
    end = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if end == len(one) == len(other) or one[end - 1].isspace() or " " not in one[:end]:
        return one[:end]
    return one[: one.rindex(" ", 0, end) + 1]


def _told(keys: list[int], share: float, records: Records) -> Iterator[Finding]:
    """The finding on the first of these records: how long the description is, and what it costs."""
    some = keys[:: max(1, len(keys) // _READ)]
    read = [records.record(key) for key in some]
    messages = [next(m for m in record.messages if m.role == "user") for record in read]
    texts = [m.text for m in messages]
    shared = _shared(min(texts), max(texts))
    end = len(shared.rstrip())
    shown = " ".join(shared.split())
    shown = shown if len(shown) <= 60 else shown[:59] + "…"
    said = f"{share:.0%} of the prompts begin with the same {end:,} characters (est. {max(1, end // 4):,} tokens each): {shown!r}"
    yield messages[0].finding((0, end), said)
