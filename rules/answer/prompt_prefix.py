"""QLT603: labels in front of prompts."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Batch, Finding, Judged, Message, Option, bad, good, pattern, rule

_LABELS = ("Instruction:", "Prompt:", "User:", "Human:", "Question:", "Q:", "Query:")
_LABELLED = pattern(r"(?m)(?:^|[.?!] +)[^\w\n]{0,3}[A-Za-z][\w ]{0,20}:(?=\s|$)|\\n|\bAnswer\W*\Z")


@rule(
    "QLT603",
    "prompt-prefix",
    category="suspicious",
    options={
        "prefixes": Option(
            "list[str]", list(_LABELS), "What no prompt may begin with, because the prompts in use will not."
        )
    },
    fix="unsafe",
    fix_safety="Deletes the prefix. Wrong where the prompts in use have it too.",
    known_problems="""
    Prompts that are built of several labels (a question, a context, options) are left alone. Where the prompts in use begin
    with a label too, set `prefixes` to those that they do not have.
    """,
    examples=(
        bad(
            {"prompt": "Question: Is ice wet?", "completion": " When it melts."},
            fixed={"prompt": "Is ice wet?", "completion": " When it melts."},
            name="a label",
        ),
        bad(
            {"messages": [{"role": "user", "content": "[BOT] Is ice wet?"}, {"role": "assistant", "content": "No."}]},
            fixed={"messages": [{"role": "user", "content": "Is ice wet?"}, {"role": "assistant", "content": "No."}]},
            options={"prefixes": ["[BOT]"]},
            name="a prefix that was declared",
        ),
        good({"prompt": "Is ice wet?", "completion": " When it melts."}),
        good({"prompt": "Question: Is ice wet?\nAnswer:", "completion": " When it melts."}, name="a prompt of labels"),
        good(
            {"instruction": "Go on.", "input": "User: Is ice wet?", "output": "When it melts."},
            name="a text to work on",
        ),
        good({"prompt": "Questions: are they needed?", "completion": " Yes."}, name="another word"),
    ),
    judged=Judged(66, 66, "46 public sets, 74,000 records: 66 of its 109 findings"),
)
def check_prompt_prefix(batch: Batch, prefixes: list[str]) -> Iterator[Finding]:
    """The prompt begins with a label that people do not type

    Prompts in use begin with what is asked. A label that was put in front of the training prompts is part of what the model
    was tuned to answer, and the same question without it is answered worse.
    """
    wanted, texts = tuple(p for p in prefixes if p), batch.texts
    if not wanted:
        return
    for i in [i for i in batch.numbers("user").tolist() if texts[i].startswith(wanted)]:
        message = batch.message(i)
        prefix = next(p for p in wanted if message.text.startswith(p))
        end = len(prefix) + len(message.text[len(prefix) :]) - len(message.text[len(prefix) :].lstrip())
        if _stands_alone(message, end):
            fix = message.replace([((0, end), "")], "delete the prefix")
            yield message.finding((0, len(prefix)), f"the prompt begins with {prefix!r}", fix=fix)


def _stands_alone(message: Message, end: int) -> bool:
    """Whether what follows the prefix is the whole of the first prompt."""
    first = not message.history.strip() or all(
        m.role == "system" for m in message.record.messages[: message.turn.slots[0]]
    )
    whole = not any(m.text.strip() for m in message.siblings)
    return first and whole and bool(message.text[end:].strip()) and not _LABELLED.search(message.text, end)
