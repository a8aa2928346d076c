"""JSON Lines cut where their content says so, not where they happen to lie.

A line ends a chunk by what stands in it alone. So a line that comes, goes or changes moves the ends near it, and all other
chunks hold what they held before.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import IO, TYPE_CHECKING, NamedTuple

from datalint.readers import Shard, Source

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DIGEST = 16  # bytes
_STEP = 1 << 20
_A, _B = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9
_WINDOW = 8  # bytes of a line that are looked at in one place
_PLACES = 4  # in which they are


class Sizes(NamedTuple):
    """Bytes: no chunk is shorter than ``least`` but the last one; behind that the next end is ``spread`` away on average;
    from ``most`` on the best end so far is taken."""

    least: int
    spread: int
    most: int


SIZES = Sizes(768 << 10, 512 << 10, 4 << 20)


def chunks(source: Source, sizes: Sizes = SIZES, *, told: bool) -> Iterator[Shard]:
    """The source in chunks. ``told``: with the digest of each, for which all of it must be read."""
    total = source.stamp.size
    start = 3 if source.facts.bom else 0
    with open(source.path, "rb") as f:
        while start < total:
            stop = _end(f, start, total, sizes)
            digest = _digest(f, start, stop) if told else b""
            yield Shard(source.number, start, stop, 1, 0, stop >= total, relative=True, digest=digest)
            start = stop


def _digest(f: IO[bytes], start: int, stop: int) -> bytes:
    made = blake2b(digest_size=DIGEST)
    f.seek(start)
    while start < stop and (data := f.read(min(_STEP, stop - start))):
        made.update(data)
        start += len(data)
    return made.digest()


def _end(f: IO[bytes], start: int, total: int, sizes: Sizes) -> int:
    """Where the chunk ends that starts at ``start``."""
    floor = start + sizes.least
    if floor >= total:
        return total
    back = max(start, floor - sizes.spread)
    f.seek(back)
    feed = f.read(floor - back).rfind(b"\n", 0, floor - back - 1)
    if feed < 0 and back > start:  # a line as long as that ends a chunk whatever stands in it
        return line_end(f, floor, total)
    at = back + feed + 1  # the start of the line that holds the last byte a chunk must have
    best, rank = total, 1.0
    while at < total:
        f.seek(at)
        data = f.read(sizes.spread)
        last = data.rfind(b"\n")
        if last < 0:
            return line_end(f, at + max(len(data), 1), total)
        ends, ranks = _ranks(data[: last + 1], sizes.spread)
        under = (ranks < 1).nonzero()[0]
        if len(under):
            return at + int(ends[under[0]])
        least = int(ranks.argmin())
        if best == total or ranks[least] < rank:
            best, rank = at + int(ends[least]), float(ranks[least])
        at += last + 1
        if at - start >= sizes.most:
            return best
    return total


def _ranks(data: bytes, spread: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Where each line ends, and how apt it is to end a chunk: one below 1 does. The odds grow with the size of a line, so
    that chunks are as long in short lines as in long ones."""
    import numpy as np

    stops = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10)
    starts = np.append(0, stops[:-1] + 1)
    sizes = stops - starts
    eight: npt.NDArray[np.uint64] = np.ndarray(
        (len(data),), dtype=np.dtype("<u8"), buffer=data + bytes(8), strides=(1,)
    )
    keep = np.array([(1 << 8 * n) - 1 for n in range(_WINDOW + 1)], dtype=np.uint64)[np.minimum(sizes, _WINDOW)]
    made = sizes.astype(np.uint64) * np.uint64(_A)
    for n in range(_PLACES):
        places = np.maximum(np.minimum(starts + sizes * n // (_PLACES - 1), stops - _WINDOW), starts)
        made ^= eight[places] & keep
        made *= np.uint64(_B)
        made ^= made >> np.uint64(29)
    made *= np.uint64(_A)
    return stops + 1, (made >> np.uint64(11)) / float(1 << 53) * spread / (sizes + 1)


def line_end(f: IO[bytes], position: int, total: int) -> int:
    """Where the line ends that holds the byte before ``position``."""
    position -= 1
    f.seek(position)
    while more := f.read(1 << 14):
        feed = more.find(b"\n")
        if feed >= 0:
            return position + feed + 1
        position += len(more)
    return total
