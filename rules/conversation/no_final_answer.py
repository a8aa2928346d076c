"""CHT104: the conversation breaks off before the answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from datalint import Edit, Finding, Fix, Judged, Layout, Record, Turn, bad, good, rule


def _endings(layout: Layout) -> list[tuple[Turn, ...]]:
    """The turns after the last answer of each branch that has one and does not end with it."""
    if layout.open:
        return []
    found: dict[str, tuple[Turn, ...]] = {}
    for turns in layout.branches:
        after = tuple(takewhile(lambda t: t.role not in ("assistant", "text", "unknown"), reversed(turns)))[::-1]
        if after and any(t.role == "assistant" for t in turns):
            found.setdefault(after[-1].pointer, after)
    return list(found.values())


@rule(
    "CHT104",
    "no-final-answer",
    category="suspicious",
    gate=lambda layout: bool(_endings(layout)),
    fix="unsafe",
    fix_safety="Removes the messages after the last answer. Wrong where the answer is to be written yet.",
    known_problems="Conversations that are prompts on purpose are only known as such by their shape (prompt-only).",
    references=("https://github.com/mistralai/mistral-finetune",),
    judged=Judged(2, 2, "all its findings on 46 public sets, 67,000 records: both end with the result of a tool"),
    examples=(
        bad(
            {
                "messages": [
                    {"role": "user", "content": "Is it raining?"},
                    {"role": "assistant", "content": "Yes."},
                    {"role": "user", "content": "Thanks!"},
                ]
            },
            fixed={
                "messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "Yes."}]
            },
            name="thanks at the end",
        ),
        bad(
            {
                "conversations": [
                    {"from": "human", "value": "Is it raining?"},
                    {"from": "function_call", "value": '{"name": "rain"}'},
                    {"from": "observation", "value": "yes"},
                ]
            },
            fixed={
                "conversations": [
                    {"from": "human", "value": "Is it raining?"},
                    {"from": "function_call", "value": '{"name": "rain"}'},
                ]
            },
            name="the result of a tool at the end",
        ),
        good({"messages": [{"role": "user", "content": "Is it raining?"}, {"role": "assistant", "content": "Yes."}]}),
        good({"prompt": [{"role": "user", "content": "Is it raining?"}]}, name="a prompt, and meant to be one"),
        good({"messages": [{"role": "user", "content": "Is it raining?"}]}, name="no answer at all is CHT105"),
    ),
)
def check_no_final_answer(record: Record) -> Iterator[Finding]:
    """The conversation does not end with the assistant

    What follows the last answer is never learnt from, and a template that expects an answer there may raise. Either the
    last answer was lost, or the messages after it are of no use.
    """
    for after in _endings(record.layout):
        edits = tuple(Edit("remove", t.pointer) for t in after if t.removable)
        fix = Fix("remove what follows the last answer", "unsafe", edits) if len(edits) == len(after) else None
        last = after[-1]
        who = {"user": "the user", "tool": "the result of a tool", "system": "a system message"}[last.role]
        yield record.finding(f"the conversation ends with {who}", pointer=last.pointer, fix=fix)
