"""CHT105: a conversation in which the assistant says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Judged, Layout, Record, bad, good, rule


def _mute(layout: Layout) -> bool:
    if layout.open:
        return False
    return any(
        turns and not any(t.role in ("assistant", "text", "unknown") for t in turns) for turns in layout.branches
    )


@rule(
    "CHT105",
    "nothing-to-learn",
    category="correctness",
    gate=_mute,
    known_problems="Under `messages` a conversation of prompts is always found; under `prompt` it is a shape of its own.",
    references=("https://github.com/openai/openai-cookbook/blob/main/examples/Chat_finetuning_data_prep.ipynb",),
    judged=Judged(
        0,
        0,
        "nothing found in 46 public sets, 67,000 records, 2,700 of them conversations, where nothing is wrong of this kind",
    ),
    examples=(
        bad({"messages": [{"role": "user", "content": "Which tree is that?"}]}),
        bad({"messages": [{"role": "system", "content": "You know trees."}]}, name="a system text alone"),
        good({"messages": [{"role": "user", "content": "Which tree?"}, {"role": "assistant", "content": "An oak."}]}),
        good({"prompt": [{"role": "user", "content": "Which tree is that?"}]}, name="a prompt, and meant to be one"),
        good({"messages": []}, name="no messages at all is CHT101"),
        good({"instruction": "Which tree is that?", "output": None}, name="an answer that is no text is SCH104"),
        good({"messages": [{"role": "user", "content": "An oak in autumn"}], "label": 3}, name="a class to predict"),
    ),
)
def check_nothing_to_learn(record: Record) -> Iterator[Finding]:
    """The assistant says nothing in this conversation

    Loss is taken on what the assistant says. Without an answer the record costs time and teaches nothing, or, where the
    loss is taken on all tokens, teaches the model to write prompts.
    """
    yield record.finding("no message is the assistant's: nothing to learn from")
