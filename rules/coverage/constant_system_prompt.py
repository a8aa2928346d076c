"""COV105: one system prompt in all records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from datalint import Batch, Finding, Judged, Move, Records, bad, good, rule

MANY = 50  # records that make a data set


def _chats(prompts: Sequence[str]) -> list[dict[str, object]]:
    said = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]
    return [{"messages": [{"role": "system", "content": text}, *said] if text else said} for text in prompts]


class State(NamedTuple):
    """How many records there are, how many have a system prompt, two hashes of these at most, the first record."""

    records: int = 0
    having: int = 0
    hashes: frozenset[int] = frozenset()
    first: int = 1 << 63


@rule(
    "COV105",
    "constant-system-prompt",
    category="style",
    examples=(
        bad(_chats(["You are Ada."] * 60)),
        good(_chats(["You are Ada."] * 59 + ["You are Bob."])),
        good(_chats(["You are Ada."] * 59 + [""]), name="one record without"),
        good(_chats(["You are Ada."] * 9), name="too few to say"),
        good(_chats([""] * 60), name="no system prompts"),
    ),
    known_problems="Where the model is always served with just this system prompt, the data is as it should be.",
    judged=Judged(1, 1, "the one finding in 38 public sets: a character with one system prompt in 500 conversations"),
)
class ConstantSystemPrompt:
    """All records have the same system prompt

    A text that never changes says nothing to the model: it learns to answer so with this system prompt, and has not
    learned what to do with another one or with none. A tenth of the records without it, or some variants of it, make it
    an instruction instead of a password.
    """

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Hashes of the system prompts."""
        from datalint_rules.coverage import _systems

        return State(*_systems.counted(batch))

    def merge(self, one: State, other: State) -> State:
        """Both."""
        hashes = frozenset(sorted(one.hashes | other.hashes)[:2])
        return State(one.records + other.records, one.having + other.having, hashes, min(one.first, other.first))

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        return state._replace(first=state.first + to.keys) if state.having else state

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding, at the first record."""
        if state.records >= MANY and state.having == state.records and len(state.hashes) == 1:
            message = next(m for m in records.record(state.first).messages if m.role == "system")
            yield message.finding(None, f"all {state.records:,} records have this system prompt and no other")
