"""CHT103: the assistant speaks before anyone has asked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import dropwhile, takewhile

from datalint import Edit, Finding, Fix, Judged, Layout, Record, Turn, bad, good, rule


def _openings(layout: Layout) -> list[tuple[tuple[Turn, ...], tuple[Turn, ...]]]:
    """Where the assistant begins: its turns at the start and all that follow them, once however many branches share it."""
    found: dict[str, tuple[tuple[Turn, ...], tuple[Turn, ...]]] = {}
    for turns in layout.branches:
        said = tuple(dropwhile(lambda t: t.role == "system", turns))
        first = tuple(takewhile(lambda t: t.role == "assistant", said))
        if first and first[0].spoken_role:  # a record of fields may do without a prompt
            found.setdefault(first[0].pointer, (first, said[len(first) :]))
    return list(found.values())


@rule(
    "CHT103",
    "assistant-first",
    category="suspicious",
    gate=lambda layout: bool(_openings(layout)),
    fix="unsafe",
    fix_safety="Removes what the assistant says before the first prompt. Wrong where a greeting is part of the product.",
    known_problems="Characters and services that greet first are found as well: `ignore` the rule for such data.",
    references=("https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md",),
    judged=Judged(2, 2, "all its findings on 46 public sets, 67,000 records"),
    examples=(
        bad(
            {
                "messages": [
                    {"role": "system", "content": "You sell shoes."},
                    {"role": "assistant", "content": "Welcome!"},
                    {"role": "user", "content": "Size 42?"},
                    {"role": "assistant", "content": "Of course."},
                ]
            },
            fixed={
                "messages": [
                    {"role": "system", "content": "You sell shoes."},
                    {"role": "user", "content": "Size 42?"},
                    {"role": "assistant", "content": "Of course."},
                ]
            },
            name="a greeting",
        ),
        bad({"conversations": [{"from": "gpt", "value": "We have size 42."}]}, name="nobody else speaks", remaining=1),
        good({"messages": [{"role": "user", "content": "Size 42?"}, {"role": "assistant", "content": "Of course."}]}),
        good({"chosen": "Of course.", "rejected": "No idea."}, name="preferences without a prompt"),
    ),
)
def check_assistant_first(record: Record) -> Iterator[Finding]:
    """The assistant speaks first

    The model learns to open a conversation that in use it never opens. Some templates refuse such a record, and some
    loaders drop it. Often the prompt was lost.
    """
    for first, rest in _openings(record.layout):
        whole = {"user", "assistant"} <= {t.role for t in rest} and rest[0].role != "tool"
        edits = tuple(Edit("remove", t.pointer) for t in first if t.removable)
        fix = (
            Fix("remove what is said before the first prompt", "unsafe", edits)
            if whole and len(edits) == len(first)
            else None
        )
        yield record.finding("the assistant speaks before the user", pointer=first[0].pointer, fix=fix)
