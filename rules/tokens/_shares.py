"""Tokens of each record, told apart by what training does with them: the prompt, and what the assistant says.

Rules of two families ask for them; a batch works them out once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from datalint import Batch, Layout, Tokens

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Ints: TypeAlias = "npt.NDArray[np.int64]"
Flags: TypeAlias = "npt.NDArray[np.bool_]"
HEADER = 4  # tokens of a chat template before a text: start mark, role, end mark, line feed
END = 1  # and after it: the end of the turn, which is trained with an answer
_PLAIN = frozenset({"text", "pretokenized", "segments"})


class Shares(NamedTuple):
    """By record of a batch; of a record with several branches (a preference), those of its longest one."""

    length: Ints  # all tokens, those of a template included
    prompt: Ints  # tokens that no loss is taken on when only answers are trained
    answer: Ints  # tokens of answers
    before: Ints  # tokens before the first answer; as many as there are where there is none


def shares(batch: Batch, tokens: Tokens) -> Shares:
    """The columns of a batch."""
    if "token-shares" not in batch.cache:
        batch.cache["token-shares"] = _shares(batch, tokens.of(batch))
    made: Shares = batch.cache["token-shares"]
    return made


def _shares(batch: Batch, counts: Ints) -> Shares:
    import numpy as np

    made = Shares(*(np.zeros(len(batch), dtype=np.int64) for _ in range(4)))
    where: dict[Layout, list[int]] = {}
    for k, layout in enumerate(batch.layouts):
        if layout.slots:
            where.setdefault(layout, []).append(k)
    first = np.array(batch.first, dtype=np.int64)
    for layout, records in where.items():
        at = np.array(records)
        texts = counts[first[at][:, None] + np.arange(len(layout.slots))]  # one line a record, one column a text
        longest: Ints | None = None
        for branch in layout.conversations or (tuple(range(len(layout.turns))),):
            found = _branch(layout, branch, texts)
            if longest is None:
                longest = found
            else:
                longest = np.where(found[0] > longest[0], found, longest)
        if longest is not None:
            for column, values in zip(made, longest, strict=True):
                column[at] = values
    return made


def _branch(layout: Layout, branch: tuple[int, ...], texts: Ints) -> Ints:
    """Length, prompt, answer and what comes before it, for one branch of all records of a layout."""
    import numpy as np

    prompt = np.zeros(len(texts), dtype=np.int64)
    answer = prompt.copy()
    before = prompt.copy()
    answered = False
    plain = layout.shape in _PLAIN
    for t in branch:
        turn = layout.turns[t]
        said = texts[:, list(turn.slots)].sum(axis=1) if turn.slots else np.zeros(len(texts), dtype=np.int64)
        if turn.role in ("assistant", "text"):
            answer += said + END
            prompt += 0 if plain else HEADER
        else:
            prompt += said + HEADER + END
        if not answered and turn.role in ("assistant", "text"):
            before, answered = prompt.copy(), True
    if not answered:
        before = prompt.copy()
    return np.stack((prompt + answer, prompt, answer, before))
