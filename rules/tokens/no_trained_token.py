"""TOK102: after cutting at the limit nothing of the answer is left."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.tokens._shares import shares
from datalint_rules.tokens.over_length import SURE

from datalint import Batch, Finding, Judged, Tokens, bad, good, rule

ASKED = {
    "instruction": "Which of oak, ash, elm, beech, lime, birch and yew is the tallest tree?",
    "output": "The lime.",
}


@rule(
    "TOK102",
    "no-trained-token",
    category="correctness",
    known_problems="A trainer that cuts the prompt before the answer (LLaMA-Factory) keeps some of the answer.",
    references=("https://github.com/huggingface/trl/issues/6668", "https://github.com/unslothai/unsloth/issues/3019"),
    examples=(
        bad(ASKED, settings={"max-tokens": 20}),
        good(ASKED, settings={"max-tokens": 30}, name="a part of the answer is left"),
        good(ASKED, name="no limit is set"),
        good({"prompt": ASKED["instruction"]}, settings={"max-tokens": 10}, name="a prompt, and meant to be one"),
    ),
    judged=Judged(0, 0, "counted, not judged: with the tokenizer of the model it is exact up to what a template adds"),
)
def check_no_trained_token(batch: Batch, tokens: Tokens, max_tokens: int | None) -> Iterator[Finding]:
    """Cut at max-tokens, nothing of the answer is left

    The prompt alone fills the limit. Of such a record nothing is trained: the loss of a batch of them is no number, and
    trainers that know it leave the record out in silence.
    """
    if max_tokens is None:
        return
    found = shares(batch, tokens)
    for k in ((found.before >= max_tokens) & (found.answer > 0)).nonzero()[0].tolist():
        count = int(found.before[k])
        sure = tokens.exact or count > SURE * max_tokens
        yield batch.record(k).finding(
            f"the prompt alone has {tokens.said(count)}: of {max_tokens:,} none is left for the answer",
            severity=None if sure else "warning",
        )
