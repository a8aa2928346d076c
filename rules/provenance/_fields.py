"""What records say of where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from datalint import Batch, Finding, Provenance, axes


class State(NamedTuple):
    """How many records there are, how many have the field, and some fields they have."""

    records: int = 0
    having: int = 0
    keys: frozenset[str] = frozenset()

    def __add__(self, other: object) -> State:
        if not isinstance(other, State):
            return NotImplemented
        keys = frozenset(sorted(self.keys | other.keys)[:200])
        return State(self.records + other.records, self.having + other.having, keys)


def values(batch: Batch, field: str) -> list[tuple[int, str]]:
    """Line and value of each record, "absent" where it has none."""
    from datalint_rules.duplicates._content import read

    column = axes.column(batch, field)
    return [(k, column.values[column.codes[k]]) for k in read(batch).tolist() if column.codes[k] >= 0]


def counted(batch: Batch, having: int) -> State:
    """What is remembered of a batch."""
    from datalint_rules.duplicates._content import keys_of, read

    return State(len(read(batch)), having, frozenset(sorted(keys_of(batch))[:200]))


def unknown(state: State, field: str, key: str) -> Iterator[Finding]:
    """An error if no record at all has the field."""
    if state.records and not state.having:
        near = get_close_matches(field.strip("/"), sorted(state.keys), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        yield Finding(
            f"no record has the field {field!r}, which [provenance] names as its {key}{hint}", severity="error"
        )


def synthetic(batch: Batch, wanted: Provenance) -> list[tuple[int, bool]]:
    """Line of each record, and whether a model wrote it."""
    if wanted.synthetic:
        yes = {value.lower() for value in (*wanted.synthetic_values, "true")}
        return [(k, value.lower() in yes) for k, value in values(batch, wanted.synthetic)]
    return [(k, value != axes.ABSENT) for k, value in values(batch, wanted.generator)]


def parts(expression: str) -> Sequence[str]:
    """The licences of an SPDX expression: all of those joined by AND, by OR as one."""
    return [part.strip(" ()") for part in expression.split(" AND ")]
