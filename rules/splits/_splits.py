"""Which split each record belongs to, and what it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from datalint_rules.duplicates import _content, _words
from datalint_rules.duplicates._minhash import shingles, signature
from datalint_rules.duplicates._places import Place, State, table

from datalint import Batch, Layout, Splits, split_called

if TYPE_CHECKING:
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]
    Ranks = npt.NDArray[np.uint8]

FIELD = "split"  # the key under which records name their split, unless a rule is told another
KINDS = ("", "train", "validation", "test", "evaluation")  # by rank


def ranks(batch: Batch, splits: Splits | None, field: str) -> Ranks:
    """The rank of the split of each record (see ``Split.rank``), 0 for none: that of its file, else of its own field."""
    declared = splits.of(batch.source) if splits is not None else None
    if declared is not None:
        return np.full(len(batch), declared.rank, dtype=np.uint8)
    made = np.zeros(len(batch), dtype=np.uint8)
    if field and field in _content.keys_of(batch):
        known: dict[str, int] = {}
        for k, data in enumerate(batch.datas):
            said = data.get(field) if type(data) is dict else None
            if type(said) is str:
                if said not in known:
                    found = split_called(said)
                    known[said] = found.rank if found is not None else 0
                made[k] = known[said]
    return made


Columns = Callable[[Batch, "Splits | None", str], State]
Parts = Callable[["Hashes"], "Ranks"]  # the rank of the part that each of some keys stands in


def parted(state: State, parts: Parts | None) -> dict[str, Any]:
    """The columns of a state with the ranks of other parts; where there are none yet, each record is one by itself."""
    found = table(state)
    if found:
        keys = found["keys"]
        found["ranks"] = parts(keys) if parts is not None else np.arange(1, len(keys) + 1, dtype=np.int64)
    return found


def members(batch: Batch, splits: Splits | None, field: str) -> State:
    """Key and rank of each record that is in a split."""
    return _some(batch, splits, field, dict)


def hashed(batch: Batch, splits: Splits | None, field: str) -> State:
    """The same with hashes of the record and of its prompt."""
    return _some(batch, splits, field, lambda: _hashes(batch))


def sketched(batch: Batch, splits: Splits | None, field: str) -> State:
    """The same with bands, whether there are any shingles, and what must be equal in near-duplicates."""
    return _some(batch, splits, field, lambda: {**_hashes(batch), **_sketch(batch)})


def _some(batch: Batch, splits: Splits | None, field: str, more: Callable[[], dict[str, Any]]) -> State:
    found = ranks(batch, splits, field)
    some = np.flatnonzero(found)
    if not len(some):
        return ()
    made = {"keys": _words.keys(batch), "ranks": found, **more()}
    return ({name: column[..., some] for name, column in made.items()},)


def _hashes(batch: Batch) -> dict[str, Any]:
    return {"normal": _content.normal(batch), "prompts": prompts(batch)}


def _sketch(batch: Batch) -> dict[str, Any]:
    made = shingles(batch)
    return {"bands": signature(made).bands, "some": np.diff(made.first) > 0, "kinds": _content.kinds(batch)}


def beside(splits: Splits | None, field: str, columns: Columns) -> Iterator[dict[str, Any]]:
    """The columns of the files that are not checked."""
    if splits is not None:
        for batch in splits.read(lambda number: not splits.is_checked(number)):
            yield from columns(batch, splits, field)


def prompts(batch: Batch) -> Hashes:
    """A hash of what each record asks: all that stands before its last answer; 0 where nothing is asked."""
    known = {layout: np.array(_asks(layout), dtype=np.bool_) for layout in batch.distinct}
    marks = [known[layout] for layout in batch.layouts]
    return _content.of_texts(batch, _words.text_hashes(batch), np.concatenate([np.zeros(0, dtype=np.bool_), *marks]))


def _asks(layout: Layout) -> list[bool]:
    asked = [False] * len(layout.slots)
    for branch in layout.conversations[:1]:
        turns = [layout.turns[t] for t in branch]
        answers = [n for n, turn in enumerate(turns) if turn.role == "assistant"]
        for turn in turns[: answers[-1]] if answers else turns:
            for slot in turn.slots:
                asked[slot] = turn.role in ("user", "assistant", "system", "tool")
    return asked


def asked_form(batch: Batch) -> list[tuple[int, int]]:
    """Of each record its precise form, and that of its prompt, as numbers of this process."""
    from datalint_rules.duplicates import _form

    made = []
    for k, whole in enumerate(_form.forms(batch)):
        layout = batch.layouts[k]
        texts = batch.texts[batch.first[k] : batch.first[k + 1]]
        made.append((whole, hash(tuple(_form.form(t) for t, asks in zip(texts, _asks(layout), strict=True) if asks))))
    return made


def overlap(found: dict[str, Any], tested: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Records that are the same as one of those marked, or ask the same."""
    same = np.zeros(len(tested), dtype=np.bool_)
    for column in ("normal", "prompts"):
        values = found[column]
        same |= (values != 0) & np.isin(values, values[tested])
    return same


def apart(hashes: Hashes, batch: Batch, splits: Splits | None) -> Hashes:
    """Hashes of records that differ from split to split: what two of them share is the business of other rules."""
    found = ranks(batch, splits, FIELD)
    if not found.any():
        return hashes
    made: Hashes = np.where(found > 0, _words.mixed(hashes ^ found), hashes)
    return made


def called(splits: Splits | None, place: Place, rank: int) -> str:
    """The name of the split of a record."""
    declared = splits.of(place.ref.source) if splits is not None else None
    return declared.name if declared is not None else KINDS[rank]


def is_checked(splits: Splits | None, key: int) -> bool:
    """Whether the record at ``key`` is among those that are checked."""
    return splits is None or splits.is_checked(key >> 48)
