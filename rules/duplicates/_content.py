"""What a record says, as one number: equal content gives equal hashes, in whatever shape and order of keys it stands.

Content is texts with their roles, tools, calls, attachments and labels; everything else is metadata.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from datalint_rules.duplicates._words import mixed, raw_hashes, sequence_hashes, text_hashes

from datalint import Batch, Layout

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Hashes = npt.NDArray[np.uint64]
    Flags = npt.NDArray[np.bool_]

CONTENT_KEYS = (
    "tools", "functions", "images", "image", "videos", "video", "audios", "audio", "files", "objects", "label", "labels",
)  # fmt: skip
_CALL_KEYS = ("tool_calls", "function_call", "tool_call", "calls")
SYSTEM = 1  # the bit of the role
_ROLE = np.uint64(0xD6E8FEB86659FD93)


def exact(batch: Batch) -> Hashes:
    """A hash of the content of each record, to the last character."""
    found: Hashes | None = batch.cache.get("exact")
    if found is None:
        found = batch.cache["exact"] = _joined(batch, raw_hashes(batch))
    return found


def normal(batch: Batch) -> Hashes:
    """The same of the words alone, without regard to case, white space and punctuation."""
    found: Hashes | None = batch.cache.get("normal")
    if found is None:
        found = batch.cache["normal"] = _joined(batch, text_hashes(batch))
    return found


def read(batch: Batch) -> Numbers:
    """The lines of the batch that hold a record."""
    found: Numbers | None = batch.cache.get("read")
    if found is None:
        is_read = np.ones(len(batch), dtype=np.bool_)
        is_read[[*batch.refusals, *batch.blanks]] = False
        found = batch.cache["read"] = np.flatnonzero(is_read)
    return found


def with_words(batch: Batch) -> Numbers:
    """The lines of the batch that hold a record with words."""
    made: Numbers = np.flatnonzero(of_texts(batch, text_hashes(batch)) != 0)
    return made


def of_texts(batch: Batch, hashes: Hashes, marked: Flags | None = None) -> Hashes:
    """The hashes of the texts of each record as one, with their roles; 0 where there is none."""
    some = hashes != 0 if marked is None else (hashes != 0) & marked
    values = mixed(hashes[some] + batch.bits[some].astype(np.uint64) * _ROLE)
    before = np.concatenate(([0], np.cumsum(some)))
    return sequence_hashes(values, before[np.array(batch.first, dtype=np.int64)])


def kinds(batch: Batch) -> Hashes:
    """A hash of what must be equal in near-duplicates: system texts, and what is content and no text."""
    system = batch.bits == SYSTEM
    more = extras(batch)
    if not system.any():
        return np.zeros(len(batch), dtype=np.uint64) if more is None else more
    made = of_texts(batch, text_hashes(batch), system)
    return made if more is None else made ^ more


def _joined(batch: Batch, hashes: Hashes) -> Hashes:
    return with_extras(batch, of_texts(batch, hashes))


def with_extras(batch: Batch, made: Hashes) -> Hashes:
    """Hashes of records that tell what is content and no text too. A record without such content has the same hash
    whether or not another one of its batch has some."""
    more = extras(batch)
    if more is None:
        return made
    joined: Hashes = np.where(more != 0, mixed(made ^ more), made)
    return joined


def extras(batch: Batch) -> Hashes | None:
    """A hash of what is content and no text, None if no record has any. Records without texts count whole."""
    if "extras" not in batch.cache:
        batch.cache["extras"] = _extras(batch)
    found: Hashes | None = batch.cache["extras"]
    return found


def _extras(batch: Batch) -> Hashes | None:
    keys = keys_of(batch)
    present = tuple(key for key in CONTENT_KEYS if key in keys)
    special = {layout for layout in batch.distinct if _has_more(layout)}
    bare = np.flatnonzero(_sizes(batch) == 0)
    if not present and not special and not len(bare):
        return None
    made = np.zeros(len(batch), dtype=np.uint64)
    if present or special:
        for k, (data, layout) in enumerate(zip(batch.datas, batch.layouts, strict=True)):
            more = [(key, data[key]) for key in present if data.get(key)] if type(data) is dict else []
            if layout in special:
                more += [(turn.pointer, _calls(_at(data, turn.pointer))) for turn in layout.turns if _tells(turn)]
            if more:
                made[k] = _number(more)
    for k in bare.tolist():
        if batch.datas[k] is not None:
            made[k] = _number(batch.datas[k])
    return made


def keys_of(batch: Batch) -> frozenset[str]:
    """All keys that records of the batch have."""
    found: frozenset[str] | None = batch.cache.get("keys of records")
    if found is None:
        found = frozenset[str]().union(*(data for data in batch.datas if type(data) is dict))
        batch.cache["keys of records"] = found
    return found


def _sizes(batch: Batch) -> Numbers:
    """Bytes of the texts of each record."""
    first = np.array(batch.first, dtype=np.int64)
    starts: Numbers = np.append(batch.starts, len(batch.joined) + 1)[first] - first  # without line feeds
    return starts[1:] - starts[:-1]


def _has_more(layout: Layout) -> bool:
    return any(map(_tells, layout.turns))


def _tells(turn: Any) -> bool:
    """Whether a turn says something besides its texts."""
    return bool(turn.calls or turn.attached)


def _calls(message: Any) -> Any:
    """What a message says besides its text: its calls, and parts that are no text."""
    if not isinstance(message, dict):
        return message
    parts = [value for value in message.values() if isinstance(value, list)]
    return [message.get(key) for key in _CALL_KEYS] + parts


def _at(data: Any, pointer: str) -> Any:
    """The value at a JSON pointer, None where there is none."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(data, dict):
            data = data.get(name)
        elif isinstance(data, list) and name.isdigit() and int(name) < len(data):
            data = data[int(name)]
        else:
            return None
    return data


def _number(value: Any) -> int:
    digest = blake2b(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def contents(batch: Batch) -> list[int]:
    """What each record says, as one number that only holds within this process: for records whose hashes are equal."""
    more = extras(batch)
    some = [0] * len(batch) if more is None else more.tolist()
    made = []
    for k, layout in enumerate(batch.layouts):
        texts = batch.texts[batch.first[k] : batch.first[k + 1]]
        made.append(hash((some[k], *((bit, t) for bit, t in zip(layout.bits, texts, strict=True) if t))))
    return made
