"""How many tokens texts have, without a tokenizer: an estimate from runs of letters, digits, marks and scripts.

Byte-pair tokenizers of today cut a text into runs of one kind (a word with the blank before it, up to three digits, marks)
and each run into pieces. So the count is, nearly, a sum over runs: what a run of this kind and length costs on average.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from datalint.estimate_costs import COSTS, FIRST, KINDS, LONGEST

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_NUMBER = {kind: n for n, kind in enumerate(KINDS)}
_ENGLISH = "the and of to in is it for on as was are be by at or an not you his her has had can its we if so no do"
_WESTERN = (
    "de la le les et des en un une du que qui est pas ne se au sur il los el las con por del es no su al der die das und "
    "den zu ist von mit dem ein im auf di che per non da do os um na em com dos het een van te dat op met"
)
_AHEAD = 4 << 20  # bytes looked at together


def lengths(joined: bytes, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Tokens of each text of ``joined`` (UTF-8, texts parted by one line feed), estimated."""
    import numpy as np

    made = np.zeros(len(starts), dtype=np.int64)
    ends = np.append(starts[1:], len(joined) + 1) - 1
    first = 0
    while first < len(starts):  # some texts at a time: what is worked out of them stays in the cache
        last = max(first + 1, int(np.searchsorted(ends, starts[first] + _AHEAD, side="right")))
        part = joined[starts[first] : ends[last - 1]]
        made[first:last] = _lengths(part, starts[first:last] - starts[first])
        first = last
    return made


def _lengths(joined: bytes, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    import numpy as np

    kinds, sizes, at = runs(joined, starts)
    table, more = _tables()
    costs = table[kinds, np.minimum(sizes, LONGEST)] + more[kinds] * np.maximum(sizes - LONGEST, 0)
    # Whole numbers: sums do not depend on what else is in the batch.
    sums = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(costs)))
    bounds = np.append(np.searchsorted(at, starts), len(at))
    made: npt.NDArray[np.int64] = (np.diff(sums[bounds]) + 999) // 1000
    return made


def runs(
    joined: bytes, starts: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Kind, size in bytes and place of each run."""
    import numpy as np

    data = np.frombuffer(joined, dtype=np.uint8)
    single, pairs, widths = _classes()
    kinds = single[data]
    leads = np.flatnonzero(data >= 0xC2)
    if len(leads):
        kind, width = pairs[data[leads], data[leads + 1]], widths[data[leads]]
        kinds[leads] = kinds[leads + 1] = kind
        kinds[leads[width > 2] + 2] = kind[width > 2]
        kinds[leads[width > 3] + 3] = kind[width > 3]
    kinds[starts[1:] - 1] = _NUMBER["between"]
    change = np.empty(len(kinds), dtype=np.bool_)
    change[:1] = True
    np.not_equal(kinds[1:], kinds[:-1], out=change[1:])
    at = np.flatnonzero(change)
    sizes = np.diff(np.append(at, len(kinds)))
    told = _seen_together(kinds[at], sizes)
    _tell_foreign(told, sizes, at, data, starts)
    return told, sizes, at


def _tell_foreign(
    kinds: npt.NDArray[np.uint8], sizes: npt.NDArray[np.int64], at: npt.NDArray[np.int64], data: npt.NDArray[np.uint8],
    starts: npt.NDArray[np.int64],
) -> None:  # fmt: skip
    """Words of texts that lack the short words of English cost more: the vocabularies know English best."""
    import numpy as np

    n = _NUMBER
    small = (kinds == n["lower"]) | (kinds == n["glued"]) | (kinds == n["after-capital"])
    short = np.flatnonzero(small & ((sizes == 2) | (sizes == 3)))
    place = at[short]
    third = np.where(sizes[short] == 3, data[np.minimum(place + 2, len(data) - 1)], 0)
    words = (data[place].astype(np.int64) << 16) | (data[place + 1].astype(np.int64) << 8) | third
    bounds = np.searchsorted(at, starts)
    mine = np.searchsorted(bounds, np.arange(len(at)), side="right") - 1

    def count(which: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.bincount(mine[which], minlength=len(starts))

    known, near = (count(short[np.isin(words, _short_words(said))]) for said in (_ENGLISH, _WESTERN))
    many = count(np.flatnonzero(small))
    marks = count(np.flatnonzero(kinds == n["mark"]))
    foreign = (many >= 8) & (10 * known < many) & (2 * marks < many)
    if foreign.any():
        western = foreign & (5 * near >= many)
        kinds[small & foreign[mine]] = n["foreign"]
        kinds[small & western[mine]] = n["western"]


@cache
def _short_words(said: str) -> npt.NDArray[np.int64]:
    import numpy as np

    padded = [word.encode().ljust(3, b"\0") for word in said.split()]
    return np.sort(np.array([w[0] << 16 | w[1] << 8 | w[2] for w in padded], dtype=np.int64))


def _seen_together(kinds: npt.NDArray[np.uint8], sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Kinds of runs with those told apart that cost something else because of their neighbour."""
    import numpy as np

    n = _NUMBER
    before = np.concatenate((np.array([n["between"]], dtype=np.uint8), kinds[:-1]))
    after = np.concatenate((kinds[1:], np.array([n["between"]], dtype=np.uint8)))
    made: npt.NDArray[np.uint8] = kinds.copy()
    small = kinds == n["lower"]
    one = sizes == 1
    capital = (kinds == n["upper"]) & one & (after == n["lower"])
    made[capital] = n["capital"]
    made[small & (before != n["space"])] = n["glued"]
    made[small & np.concatenate((np.zeros(1, dtype=np.bool_), capital[:-1]))] = n["after-capital"]
    made[(kinds == n["space"]) & one & (after == n["digit"])] = n["space-before-digit"]
    made[(kinds == n["newline"]) & (before == n["mark"])] = n["newline-after-mark"]
    return made


@cache
def _tables() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Thousandths of a token by kind and size of a run, and for each byte beyond the longest."""
    import numpy as np

    table = np.zeros((len(KINDS), LONGEST + 1), dtype=np.int64)
    more = np.zeros(len(KINDS), dtype=np.int64)
    for kind, (*steps, slope) in COSTS.items():
        sizes = [size for size, _ in zip(FIRST, steps, strict=True)]
        grown = np.interp(np.arange(LONGEST + 1), sizes, steps)
        beyond = np.maximum(np.arange(LONGEST + 1) - sizes[-1], 0) * slope
        table[_NUMBER[kind]] = np.round(1000 * (grown + beyond))
        more[_NUMBER[kind]] = round(1000 * slope)
    return table, more


@cache
def _classes() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Kind by byte, kind by the first two bytes of a character beyond ASCII, and its bytes by the first."""
    import numpy as np

    n = _NUMBER
    single = np.full(256, n["mark"], dtype=np.uint8)
    for kind, chars in (("newline", b"\n\r"), ("space", b" \t"), ("digit", b"0123456789")):
        single[list(chars)] = n[kind]
    single[ord("a") : ord("z") + 1] = n["lower"]
    single[ord("A") : ord("Z") + 1] = n["upper"]
    pairs = np.full((256, 256), n["other"], dtype=np.uint8)
    for kind, first, last in _BLOCKS:
        a, b = chr(first).encode(), chr(last).encode()
        for lead in range(a[0], b[0] + 1):
            low = a[1] if lead == a[0] else 0x80
            pairs[lead, low : (b[1] if lead == b[0] else 0xBF) + 1] = n[kind]
    widths = np.full(256, 1, dtype=np.uint8)
    for lead, width in ((0xC2, 2), (0xE0, 3), (0xF0, 4)):
        widths[lead:] = width
    return single, pairs, widths


# Blocks of Unicode by the first two bytes of their characters, later ones over earlier ones.
_BLOCKS = (
    ("lower", 0xC0, 0x27F), ("greek", 0x370, 0x3FF), ("cyrillic", 0x400, 0x52F), ("armenian", 0x530, 0x58F),
    ("hebrew", 0x590, 0x5FF), ("arabic", 0x600, 0x6FF), ("rare", 0x700, 0x7FF), ("rare", 0x800, 0x8FF),
    ("devanagari", 0x900, 0x97F), ("bengali", 0x980, 0x9FF), ("gurmukhi", 0xA00, 0xA7F), ("gujarati", 0xA80, 0xAFF),
    ("rare", 0xB00, 0xB7F), ("tamil", 0xB80, 0xBFF), ("telugu", 0xC00, 0xC7F), ("kannada", 0xC80, 0xCFF),
    ("malayalam", 0xD00, 0xD7F), ("rare", 0xD80, 0xDFF), ("thai", 0xE00, 0xE7F), ("rare", 0xE80, 0x107F),
    ("georgian", 0x1080, 0x10FF), ("hangul", 0x1100, 0x11FF), ("rare", 0x1200, 0x1DFF), ("lower", 0x1E00, 0x1EFF),
    ("greek", 0x1F00, 0x1FFF), ("kana", 0x3040, 0x30FF), ("hangul", 0x3130, 0x318F), ("han", 0x3400, 0x9FFF),
    ("rare", 0xA000, 0xABFF), ("hangul", 0xAC00, 0xD7BF), ("han", 0xF900, 0xFAFF), ("emoji", 0x1F000, 0x1FAFF),
    ("han", 0x20000, 0x2FFFF),
)  # fmt: skip
