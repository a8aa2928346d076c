"""CHT102: the same speaker twice in a row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from datalint import Edit, Finding, Fix, Judged, Layout, Record, Turn, bad, good, rule


def _runs(layout: Layout) -> list[tuple[Turn, ...]]:
    """Turns of one speaker that follow each other, each run once however many branches share it.

    Only where the record names its roles: in a record of fields, instruction and input may be turns of one speaker.
    """
    found: dict[str, tuple[Turn, ...]] = {}
    for turns in layout.branches:
        for role, run in groupby(turns, key=lambda t: t.role if not t.calls else t.pointer):
            same = tuple(run)
            if len(same) > 1 and role in ("user", "assistant") and all(t.spoken_role for t in same):
                found.setdefault(same[1].pointer, same)
    return list(found.values())


@rule(
    "CHT102",
    "consecutive-roles",
    category="correctness",
    gate=lambda layout: bool(_runs(layout)),
    fix="unsafe",
    fix_safety="Joins the texts with a blank line. Wrong where a message between them was lost, or one was meant to replace the other.",
    known_problems="""
    A speaker may mean to send two messages; templates that render that well exist. Several calls of tools in a row, and
    several results, are fine and not found.
    """,
    references=(
        "https://github.com/pytorch/torchtune/blob/main/torchtune/data/_messages.py",
        "https://docs.together.ai/docs/fine-tuning-data-preparation",
    ),
    judged=Judged(
        0,
        0,
        "nothing found in 46 public sets, 67,000 records, 2,700 of them conversations, where nothing is wrong of this kind",
    ),
    examples=(
        bad(
            {
                "messages": [
                    {"role": "user", "content": "I have a cat."},
                    {"role": "user", "content": "What does it eat?"},
                    {"role": "assistant", "content": "Meat."},
                ]
            },
            fixed={
                "messages": [
                    {"role": "user", "content": "I have a cat.\n\nWhat does it eat?"},
                    {"role": "assistant", "content": "Meat."},
                ]
            },
            name="two prompts",
        ),
        bad(
            {
                "conversations": [
                    {"from": "human", "value": "What does a cat eat?"},
                    {"from": "gpt", "value": "Meat."},
                    {"from": "gpt", "value": "Also fish."},
                    {"from": "gpt", "value": "No onions."},
                ]
            },
            fixed={
                "conversations": [
                    {"from": "human", "value": "What does a cat eat?"},
                    {"from": "gpt", "value": "Meat.\n\nAlso fish.\n\nNo onions."},
                ]
            },
            name="three answers",
        ),
        bad(
            {
                "messages": [
                    {"role": "user", "content": "I have a cat."},
                    {"role": "user", "content": [{"type": "text", "text": "What does it eat?"}]},
                    {"role": "assistant", "content": "Meat."},
                ]
            },
            remaining=1,
            name="parts are not merged",
        ),
        good(
            {
                "messages": [
                    {"role": "user", "content": "What does a cat eat?"},
                    {"role": "assistant", "content": "Meat."},
                ]
            }
        ),
        good(
            {
                "conversations": [
                    {"from": "human", "value": "Feed the cats."},
                    {"from": "function_call", "value": '{"name": "feed", "arguments": {"cat": 1}}'},
                    {"from": "function_call", "value": '{"name": "feed", "arguments": {"cat": 2}}'},
                    {"from": "observation", "value": "fed"},
                    {"from": "observation", "value": "fed"},
                    {"from": "gpt", "value": "Both are fed."},
                ]
            },
            name="two calls, two results",
        ),
        good({"prompt": "What does a cat eat?", "chosen": "Meat.", "rejected": "Stones."}, name="branches"),
        good(
            {"instruction": "Name its food.", "instances": [{"input": "cat", "output": "Meat."}]},
            name="instruction and input",
        ),
    ),
)
def check_consecutive_roles(record: Record) -> Iterator[Finding]:
    """The same speaker twice in a row

    Chat templates and trainers expect user and assistant to take turns: some raise, some drop the record, and the rest
    teach the model that a turn may follow itself. Mostly a message between the two was lost, or one text was cut in two.
    """
    for run in _runs(record.layout):
        much = "two" if len(run) == 2 else str(len(run))
        yield record.finding(f"{much} {run[0].role} messages in a row", pointer=run[1].pointer, fix=_merge(record, run))


def _merge(record: Record, run: tuple[Turn, ...]) -> Fix | None:
    """Joins the texts of plain messages; None where one holds more than a role and a text."""
    slots = record.layout.slots
    if not all(_is_plain(record.data, turn, [slots[s].pointer for s in turn.slots]) for turn in run):
        return None
    merged = "\n\n".join(record.texts[turn.slots[0]].strip("\n") for turn in run)
    gone = (Edit("remove", turn.pointer) for turn in run[1:])
    return Fix("join the messages", "unsafe", (Edit("set", slots[run[0].slots[0]].pointer, value=merged), *gone))


def _is_plain(data: Any, turn: Turn, pointers: list[str]) -> bool:
    """Whether the turn is an item of a list that holds a role and a text and nothing else."""
    if not turn.removable or len(pointers) != 1 or pointers[0].count("/") != turn.pointer.count("/") + 1:
        return False
    for token in turn.pointer.split("/")[1:]:
        data = data[int(token)] if isinstance(data, list) else data[token]
    return len(data) == 2
