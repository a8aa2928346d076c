"""How long the texts of a batch are: a number for each text, in the unit that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datalint.batch import Batch
from datalint.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]

UNITS = ("characters", "words")
_SPACE = 0x20
_WIDE = (0xE3, 0xE9)  # first bytes of kana and ideographs, which are written without spaces
_PER_WORD = 2  # so many of these make a word


def of(batch: Batch, unit: str) -> Numbers:
    """The length of each text in ``unit``, worked out when the first rule asks. Raises UsageError for an unknown one."""
    known = {"characters": characters, "words": words}
    if unit not in known:
        raise UsageError(f"lengths in {unit!r} are not known", hint=f"one of {', '.join(known)}")
    return known[unit](batch)


def characters(batch: Batch) -> Numbers:
    """Characters of each text."""
    import numpy as np

    found: Numbers | None = batch.cache.get("characters")
    if found is None:
        bounds = np.append(batch.starts, len(batch.joined) + 1)
        found = np.diff(bounds) - 1
        if not batch.joined.isascii():
            data = np.frombuffer(batch.joined, dtype=np.int8)
            wide = np.flatnonzero(data < 0)
            later = wide[data[wide] < -64]  # all bytes of a character but its first
            found -= np.diff(np.searchsorted(later, bounds))
        batch.cache["characters"] = found
    return found


def words(batch: Batch) -> Numbers:
    """Words of each text: what white space sets apart; of scripts without spaces two characters are one."""
    found: Numbers | None = batch.cache.get("lengths in words")
    if found is None:
        found = batch.cache["lengths in words"] = _words(batch.joined, batch.starts)
    return found


def _words(joined: bytes, starts: Numbers) -> Numbers:
    import numpy as np

    if not len(starts):
        return np.zeros(0, dtype=np.int64)
    data = np.frombuffer(b"\n" + joined + b"\n", dtype=np.uint8)
    dark = data > _SPACE
    begins = np.flatnonzero(dark[1:] & ~dark[:-1])
    bounds = np.append(starts, len(joined) + 1)
    made: Numbers = np.diff(np.searchsorted(begins, bounds))
    if not joined.isascii():
        wide = np.flatnonzero((data[1:] >= _WIDE[0]) & (data[1:] <= _WIDE[1]))
        made += np.diff(np.searchsorted(wide, bounds)) // _PER_WORD
    return made
