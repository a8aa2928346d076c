"""CHT201: messages that say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from datalint import Batch, Finding, Judged, Layout, Message, bad, good, rule


@lru_cache(maxsize=4096)
def _silences(layout: Layout) -> tuple[tuple[int, ...], ...]:
    """For the first text of each turn that has to say something all texts it may be said in; nothing for the others."""
    found: list[tuple[int, ...]] = [()] * len(layout.slots)
    for turn in layout.turns:
        said = tuple(s for s in turn.slots if layout.slots[s].kind == "content")
        needless = turn.calls or turn.attached or (layout.attachments and turn.role == "user")
        if said and not needless and layout.slots[said[0]].role not in ("system", "tool"):
            found[said[0]] = said
    return tuple(found)


@rule(
    "CHT201",
    "empty-message",
    category="correctness",
    known_problems="""
    Completion data for base models may have an empty prompt on purpose (`"prompt": ""`). An empty `input` beside an
    instruction, a blank part beside one that says something, and an empty system text are fine and not found.
    """,
    references=("https://github.com/openai/openai-cookbook/blob/main/examples/Chat_finetuning_data_prep.ipynb",),
    judged=Judged(
        22, 22, "all its findings on 46 public sets, 67,000 records: empty answers, kept by translation and revision"
    ),
    examples=(
        bad({"instruction": "Name a bird.", "input": "", "output": ""}, name="no answer"),
        bad({"instruction": "Name a bird.", "input": "", "output": " \n"}, name="nothing but white space"),
        bad({"instruction": "", "input": "", "output": "A wren."}, name="no prompt"),
        bad({"messages": [{"role": "user", "content": "Name a bird."}, {"role": "assistant", "content": ""}]}),
        bad({"prompt": "Name a bird.", "chosen": "A wren.", "rejected": ""}, name="rejected answers count too"),
        good({"instruction": "Name a bird.", "input": "", "output": "A wren."}, name="an empty input"),
        good({"instruction": "Name a bird.", "input": "", "output": None}, name="an answer that is no text is SCH104"),
        good(
            {
                "messages": [
                    {"role": "system", "content": ""},
                    {"role": "user", "content": "Name a bird."},
                    {"role": "assistant", "content": "", "tool_calls": [{"id": "a", "function": {"name": "bird"}}]},
                    {"role": "tool", "content": ""},
                    {"role": "assistant", "content": "A wren."},
                ]
            },
            name="a call says enough",
        ),
        good(
            {
                "messages": [
                    {
                        "role": "user",
                        "content": [{"type": "image_url", "image_url": {"url": "b.png"}}, {"type": "text", "text": ""}],
                    },
                    {"role": "assistant", "content": "A wren."},
                ]
            },
            name="an image says enough",
        ),
    ),
)
def check_empty_message(batch: Batch) -> Iterator[Finding]:
    """A message is empty or holds only white space

    An empty answer teaches the model to end its turn at once. An empty prompt teaches it to answer nothing. Both are
    mostly left over from a failed export or a generation that ran into an error.
    """
    texts, layouts, first = batch.texts, batch.layouts, batch.first
    k = 0
    known: Layout | None = None
    silences: tuple[tuple[int, ...], ...] = ()
    for i in [i for i, text in enumerate(texts) if not text or text.isspace()]:
        while first[k + 1] <= i:
            k += 1
        if layouts[k] is not known:
            known, silences = layouts[k], _silences(layouts[k])
        start = first[k]
        said = silences[i - start]
        if said and not any(texts[start + s].strip() for s in said[1:]):
            message = batch.message(i)
            yield message.finding(None, _what(message))


def _what(message: Message) -> str:
    what = {"assistant": "the answer", "user": "the prompt", "text": "the text"}.get(message.role, "the message")
    if message.rejected:
        what = "the rejected answer"
    return f"{what} holds only white space" if message.text else f"{what} is empty"
