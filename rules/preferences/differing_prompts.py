"""PRF102: the two sides of a pair answer different prompts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from datalint_rules.preferences._pairs import is_pair, pair

from datalint import Finding, Judged, Layout, Record, bad, good, rule

SPIDER = {"role": "user", "content": "How many legs has a spider?"}
ANT = {"role": "user", "content": "How many legs has an ant?"}
EIGHT = {"role": "assistant", "content": "Eight."}
SIX = {"role": "assistant", "content": "Six."}


def _compares(layout: Layout) -> bool:
    """Revisions have prompts of their own on both sides by design."""
    return layout.shape != "revision" and is_pair(layout)


@rule(
    "PRF102",
    "differing-prompts",
    category="correctness",
    gate=_compares,
    references=("https://huggingface.co/docs/trl/dataset_formats", "https://huggingface.co/datasets/Anthropic/hh-rlhf"),
    examples=(
        bad({"chosen": [SPIDER, EIGHT], "rejected": [ANT, SIX]}),
        bad({"chosen": [SPIDER, EIGHT], "rejected": [SPIDER, SIX, SPIDER, EIGHT]}, name="one side goes on"),
        bad(
            {"chosen": "\n\nHuman: Hi\n\nAssistant: Hello.", "rejected": "\n\nHuman: Hello\n\nAssistant: Hm."},
            name="conversations as text",
        ),
        good({"chosen": [SPIDER, EIGHT], "rejected": [SPIDER, SIX]}),
        good({"prompt": "How many legs has a spider?", "chosen": "Eight.", "rejected": "Six."}, name="one prompt"),
        good(
            {"chosen": "\n\nHuman: Hi\n\nAssistant: Hello.", "rejected": "\n\nHuman: Hi\n\nAssistant: Hm."},
            name="conversations as text with one prompt",
        ),
    ),
    judged=Judged(0, 0, "none of 1,410 pairs in three public sets answers two prompts"),
)
def check_differing_prompts(record: Record) -> Iterator[Finding]:
    """The chosen and the rejected answer do not share their prompt

    A preference says which of two answers to one prompt is better. Trainers take the prompt from the chosen side and set
    the rejected answer under it, so an answer to another prompt is compared to it: the model learns to prefer what fits
    the prompt, which it knew, and nothing of what makes an answer good.
    """
    both = pair(record)
    for n, (one, other) in enumerate(zip_longest(both.chosen.prompt, both.rejected.prompt)):
        if one != other:
            role = (one or other)[0]
            yield record.finding(
                f"the prompts of the two answers differ from turn {n + 1} ({role}) on",
                pointer=both.rejected.turn.pointer,
            )
            return
