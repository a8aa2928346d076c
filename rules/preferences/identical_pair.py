"""PRF101: both answers are the same."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.preferences._pairs import is_pair, pair

from datalint import Finding, Judged, Record, bad, good, rule

PAIR = {"prompt": "How many legs has a spider?", "chosen": "Eight.", "rejected": "Six."}
ASKED = {"role": "user", "content": "How many legs has a spider?"}
EIGHT = {"role": "assistant", "content": "Eight."}


@rule(
    "PRF101",
    "identical-pair",
    category="correctness",
    gate=is_pair,
    references=("https://arxiv.org/abs/2305.18290", "https://huggingface.co/docs/trl/dpo_trainer"),
    examples=(
        bad({**PAIR, "rejected": "Eight."}),
        bad({**PAIR, "rejected": "Eight. \n"}, name="white space aside"),
        bad({"chosen": [ASKED, EIGHT], "rejected": [ASKED, EIGHT]}, name="as messages"),
        bad({"chosen": "\n\nHuman: Hi\n\nAssistant: Hello.", "rejected": "\n\nHuman: Hi\n\nAssistant: Hello."}),
        good(PAIR),
        good({**PAIR, "rejected": "eight."}, name="case may be what is preferred"),
        good(
            {
                "Raw Instruction": "Say hi",
                "Raw Response": "Hi.",
                "Revised Instruction": "Say hi.",
                "Revised Response": "Hi.",
            },
            name="the prompt was revised, not the answer",
        ),
        good({"prompt": "Hi", "completion": "Hello.", "label": True}, name="no pair"),
    ),
    judged=Judged(
        6, 6, "all findings in 1,410 pairs of three public sets and 1,718 revisions; all six in one made by models"
    ),
)
def check_identical_pair(record: Record) -> Iterator[Finding]:
    """The chosen and the rejected answer are the same

    The loss of a preference is a function of the difference between two answers: where there is none, the record teaches
    nothing, and it counts in every average over margins and accuracies. It is mostly the trace of a sampler that gave
    the same answer twice.
    """
    both = pair(record)
    if both.chosen[:2] == both.rejected[:2] and both.chosen.answer:
        yield record.finding("the rejected answer is the chosen one", pointer=both.rejected.turn.pointer)
