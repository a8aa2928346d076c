"""The words of a batch as numbers: folded, hashed and counted once for all rules that compare texts.

Letters are compared without regard to case and Unicode form; punctuation and white space only part words. In scripts
that are written without spaces every character is a word.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from datalint import Batch

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]
    Bytes = npt.NDArray[np.uint8]
    Flags = npt.NDArray[np.bool_]

_SPACE = 0x20
_FOLDED = bytes(c if c >= 0x80 else ord(chr(c).lower()) if chr(c).isalnum() else _SPACE for c in range(256))
_WIDE_MARKS = tuple(zip("，：；！？（）…～", ",:;!?().~", strict=True))
_KEEP = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype=np.uint64)  # the first bytes of eight
_ARABIC, _DANDA = (0x8C, 0x9B, 0x9F), (0xA4, 0xA5)  # last bytes of marks
_FAR = 256  # bytes of one word that are looked at
_A, _B, _C = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_HALF, _THIRD = np.uint64(32), np.uint64(29)


@dataclass(frozen=True)
class Words:
    """All words of a batch in the order of its texts. ``first[i]`` is the first word of text ``i``. The last bit of a hash
    says that the word starts with a digit."""

    hashes: Hashes
    first: Numbers
    wide: Flags | None  # words that are characters of a script without spaces; None: there are none


def words(batch: Batch) -> Words:
    """The words of ``batch``, worked out when the first rule asks."""
    found: Words | None = batch.cache.get("words")
    if found is None:
        found = batch.cache["words"] = _words(batch)
    return found


def text_hashes(batch: Batch) -> Hashes:
    """A hash of the words of each text, in their order; 0 for a text without words."""
    found: Hashes | None = batch.cache.get("word hashes")
    if found is None:
        made = words(batch)
        found = batch.cache["word hashes"] = sequence_hashes(made.hashes, made.first)
    return found


def raw_hashes(batch: Batch) -> Hashes:
    """A hash of each text as it is; 0 for an empty one."""
    found: Hashes | None = batch.cache.get("text hashes")
    if found is None:
        found = batch.cache["text hashes"] = _raw_hashes(batch)
    return found


def keys(batch: Batch) -> Hashes:
    """The key of each record (see ``Ref.key``)."""
    found: Hashes | None = batch.cache.get("keys")
    if found is None:
        offsets = np.array(batch.offsets, dtype=np.uint64)
        found = batch.cache["keys"] = offsets | np.uint64(batch.source << 48)
    return found


def mixed(values: Hashes) -> Hashes:
    """Every bit of the result depends on every bit of the value. In place."""
    values ^= values >> _HALF
    values *= _B
    values ^= values >> _THIRD
    values *= _C
    values ^= values >> _HALF
    return values


def sums(values: Hashes, first: Numbers) -> Hashes:
    """The sum of each run of values, modulo 2**64: those from ``first[i]`` to ``first[i + 1]``."""
    total = np.zeros(len(values) + 1, dtype=np.uint64)
    np.cumsum(values, out=total[1:])
    made: Hashes = np.diff(total[first])
    return made


def sequence_hashes(values: Hashes, first: Numbers) -> Hashes:
    """A hash of each run of values that depends on their order; 0 for an empty run."""
    sizes = np.diff(first)
    places = np.arange(len(values), dtype=np.uint64)
    places -= np.repeat(first[:-1].astype(np.uint64), sizes)
    places *= _A
    places += values
    places ^= places >> _HALF  # a sum of these is mixed once more: one round is enough here
    places *= _B
    made = sums(places, first)
    return mixed(made + sizes.astype(np.uint64) * _A)


def _words(batch: Batch) -> Words:
    text, starts = _text(batch)
    data = np.frombuffer(b"".join((b" ", text.translate(_FOLDED), b" " * 9)), dtype=np.uint8)
    if text.isascii():
        word = data != _SPACE
        edges = np.flatnonzero(word[1:] != word[:-1]) + 1
        begins, ends, wide = edges[0::2], edges[1::2], None
    else:
        data = data.copy()
        begins, ends, wide = _edges(data)
    return Words(_hashes(data, begins, ends), _firsts(begins, starts + 1), wide)


def _firsts(begins: Numbers, starts: Numbers) -> Numbers:
    made = np.empty(len(starts) + 1, dtype=np.int64)
    made[:-1] = np.searchsorted(begins, starts)
    made[-1] = len(begins)
    return made


def _text(batch: Batch) -> tuple[bytes, Numbers]:
    """All texts with their Unicode form and case folded, and where each starts. ASCII is folded later, in one go."""
    joined, starts = batch.joined, batch.starts
    if joined.isascii():
        return joined, starts
    beyond = np.flatnonzero(np.frombuffer(joined, dtype=np.uint8) >= 0x80)
    changed = np.searchsorted(starts, beyond, side="right") - 1
    changed = changed[np.flatnonzero(np.diff(changed, prepend=-1))]
    parts = batch.encoded.copy()
    grown = np.zeros(len(parts), dtype=np.int64)
    for i in changed.tolist():
        new = fold(batch.texts[i]).encode()
        grown[i] = len(new) - len(parts[i])
        parts[i] = new
    return b"\n".join(parts), starts + np.cumsum(grown) - grown


def fold(text: str) -> str:
    """``text`` in compatible form and without case."""
    if not unicodedata.is_normalized("NFKC", text):
        for wide, narrow in _WIDE_MARKS:  # ten times as fast as normalising a text that has nothing else
            text = text.replace(wide, narrow)
        if not unicodedata.is_normalized("NFKC", text):
            text = unicodedata.normalize("NFKC", text)
    return text.casefold()


def _edges(data: Bytes) -> tuple[Numbers, Numbers, Flags]:
    """Where words begin and end, and which are single characters. Blanks out punctuation beyond ASCII."""
    single = _singles(data)
    word = data != _SPACE
    begin = word.copy()
    begin[1:] &= ~word[:-1]
    begin[single] = True
    begin[single + 3] = word[single + 3]
    end = ~word | begin
    end[1:] &= word[:-1]
    end[0] = False
    begins = np.flatnonzero(begin)
    wide = np.zeros(len(begins), dtype=np.bool_)
    wide[np.searchsorted(begins, single)] = True
    return begins, np.flatnonzero(end), wide


@cache
def _are(values: tuple[int, ...]) -> Flags:
    """For each byte, whether it is one of these."""
    table = np.zeros(256, dtype=np.bool_)
    table[list(values)] = True
    return table


def _singles(data: Bytes) -> Numbers:
    """Where characters of scripts without spaces start. Turns punctuation of two and three bytes into spaces."""
    at = np.flatnonzero(data >= 0xC2)  # first bytes of characters beyond ASCII
    lead, second = data[at], data[at + 1]
    two = (lead == 0xC2) | ((lead == 0xD8) & _are(_ARABIC)[second])
    three = ((lead == 0xE2) & (second <= 0x81)) | ((lead == 0xE3) & (second == 0x80))
    southern = lead == 0xE0
    if southern.any():
        three |= southern & (second == 0xA5) & _are(_DANDA)[data[at + 2]]
    for place in (at[two], at[three]):
        data[place] = data[place + 1] = _SPACE
    data[at[three] + 2] = _SPACE
    single = (lead >= 0xE3) & (lead <= 0xE9) & ~three  # kana and ideographs
    single |= southern & (second >= 0xB8) & (second <= 0xBB)  # Thai and Lao
    found: Numbers = at[single]
    return found


def _windows(data: Bytes) -> Hashes:
    """Eight bytes from every place on, as one number."""
    made: Hashes = np.ndarray((len(data) - 7,), dtype=np.dtype("<u8"), buffer=data.data, strides=(1,))
    return made


def _hashes(data: Bytes, begins: Numbers, ends: Numbers) -> Hashes:
    """A hash of the bytes of each word."""
    eight = _windows(data)
    sizes = ends - begins
    made = eight[begins] & _KEEP[np.minimum(sizes, 8)]
    more, at = np.flatnonzero(sizes > 8), 8
    while len(more):
        made[more] = made[more] * _A + (eight[begins[more] + at] & _KEEP[np.minimum(sizes[more] - at, 8)])
        at += 8
        if at >= _FAR:
            made[more] += sizes[more].astype(np.uint64)
            break
        more = more[sizes[more] > at]
    digit = data[begins] - np.uint8(0x30) < 10
    made = mixed(made)
    made &= ~np.uint64(1)
    made |= digit
    return made


def _raw_hashes(batch: Batch) -> Hashes:
    """Hashes of the bytes, eight at a time."""
    data = np.frombuffer(batch.joined + b"\0" * 8, dtype=np.uint8)
    starts = batch.starts
    sizes = np.diff(np.append(starts, len(batch.joined) + 1)) - 1
    counts = (sizes + 7) >> 3
    first = np.zeros(len(starts) + 1, dtype=np.int64)
    np.cumsum(counts, out=first[1:])
    at = np.arange(int(first[-1]), dtype=np.int64)
    at <<= 3
    at += np.repeat(starts - (first[:-1] << 3), counts)
    values = _windows(data)[at]
    some = counts > 0
    values[first[1:][some] - 1] &= _KEEP[sizes[some] - ((counts[some] - 1) << 3)]
    return sequence_hashes(values, first)
