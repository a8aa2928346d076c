"""CHT106: system messages that are not the one at the start."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Judged, Layout, Record, bad, good, rule


def _misplaced(layout: Layout) -> dict[str, str]:
    """Where a system message should not be, and why not."""
    found: dict[str, str] = {}
    for turns in layout.branches:
        for n, turn in enumerate(turns):
            if n and turn.role == "system":
                first = not any(t.role == "system" for t in turns[:n])
                why = "the system message is not the first" if first else "more than one system message"
                found.setdefault(turn.pointer, why)
    return found


@rule(
    "CHT106",
    "misplaced-system",
    category="correctness",
    gate=lambda layout: bool(_misplaced(layout)),
    known_problems="Formats in which `developer` and `system` messages stand side by side are found as well.",
    references=(
        "https://github.com/pytorch/torchtune/blob/main/torchtune/data/_messages.py",
        "https://github.com/mistralai/mistral-common",
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
                    {"role": "user", "content": "Good morning"},
                    {"role": "system", "content": "Answer in rhyme."},
                    {"role": "assistant", "content": "Good morning, the day is forming."},
                ]
            },
            name="in the middle",
        ),
        bad(
            {
                "system": "Answer in rhyme.",
                "conversations": [
                    {"from": "system", "value": "Answer briefly."},
                    {"from": "human", "value": "Good morning"},
                    {"from": "gpt", "value": "Morning."},
                ],
            },
            name="one beside the conversation, one in it",
        ),
        good(
            {
                "messages": [
                    {"role": "system", "content": "Answer briefly."},
                    {"role": "user", "content": "Good morning"},
                    {"role": "assistant", "content": "Morning."},
                ]
            }
        ),
        good({"system": "", "conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hi."}]}),
    ),
)
def check_misplaced_system(record: Record) -> Iterator[Finding]:
    """A system message that is not the first, or not the only one

    Most templates print the system text once, at the start. Of a later one some raise, some drop it and some move it, so
    that the model is trained on another conversation than the record shows.
    """
    for pointer, why in _misplaced(record.layout).items():
        yield record.finding(why, pointer=pointer)
