"""CHT101: a conversation without messages."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Judged, Layout, Record, bad, good, rule


def _empty(layout: Layout) -> bool:
    return not all(layout.branches)


@rule(
    "CHT101",
    "empty-conversation",
    category="correctness",
    gate=_empty,
    references=("https://github.com/openai/openai-cookbook/blob/main/examples/Chat_finetuning_data_prep.ipynb",),
    judged=Judged(
        0,
        0,
        "nothing found in 46 public sets, 67,000 records, 2,700 of them conversations, where nothing is wrong of this kind",
    ),
    examples=(
        bad({"messages": []}),
        bad({"conversations": [], "id": "x1"}, name="ShareGPT"),
        bad({"conversation": []}, name="xtuner"),
        good({"messages": [{"role": "user", "content": "Hello?"}, {"role": "assistant", "content": "Hello."}]}),
        good({"instruction": "Say hello.", "input": "", "output": "Hello."}),
        good({"input_ids": [1, 15043, 2]}, name="token ids hold no conversation"),
    ),
)
def check_empty_conversation(record: Record) -> Iterator[Finding]:
    """The conversation holds no messages

    There is nothing to train on. Some trainers stop at such a record, others count it and pad it to an empty example.
    """
    yield record.finding("the conversation is empty")
