"""TGT103: the trainer cuts the record."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.target._predicted import limit_of
from datalint_rules.target._targets import TARGETS
from datalint_rules.tokens._shares import shares
from datalint_rules.tokens.over_length import SURE

from datalint import Batch, Finding, Judged, Tokens, bad, good, rule

LONG = {"messages": [{"role": "user", "content": "Tell me of oaks."},
                     {"role": "assistant", "content": "An oak grows slowly and lives long. " * 20}]}  # fmt: skip


@rule(
    "TGT103",
    "record-truncated",
    category="correctness",
    known_problems="Lengths are estimates unless `tokenizer` is set: one less than 15 % over the limit is a warning.",
    references=("https://huggingface.co/docs/trl/sft_trainer", "https://github.com/huggingface/trl/issues/2400"),
    examples=(
        bad(LONG, settings={"target": "trl", "max-tokens": 100}),
        bad(LONG, settings={"target": "llama-factory", "max-tokens": 100}),
        bad({"text": "An oak grows slowly and lives long. " * 160}, settings={"target": "trl"}, name="as TRL comes"),
        good(LONG, settings={"target": "trl"}),
        good(LONG, settings={"target": "axolotl", "max-tokens": 100}, name="it leaves long records out: TGT102"),
        good(LONG, settings={"max-tokens": 100}, name="no target is named"),
    ),
    judged=Judged(0, 0, "counted, not judged"),
)
def check_record_truncated(batch: Batch, target: str, tokens: Tokens, max_tokens: int | None) -> Iterator[Finding]:
    """The trainer cuts this record at its limit

    What is cut is the end: the answer stops in the middle, and the model learns to stop there. Few trainers say so. The
    limit is `max-tokens`, or what the trainer comes with: `max_length` of TRL is 1,024, `cutoff_len` of LLaMA-Factory
    2,048.
    """
    known = TARGETS.get(target)
    limit = limit_of(known, max_tokens)
    if known is None or known.over != "cuts" or not limit:
        return
    found = shares(batch, tokens)
    for k in ((found.length > limit) & (found.before < limit)).nonzero()[0].tolist():
        count = int(found.length[k])
        sure = tokens.exact or count > SURE * limit
        yield batch.record(k).finding(
            f"{known.called} cuts it: {tokens.said(count)}, and {known.limit_key} is {limit:,}"
            f"{'' if max_tokens else ' unless set'}",
            severity=None if sure else "warning",
        )
