"""TOK101: a record has more tokens than max-tokens."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.tokens._shares import shares

from datalint import Batch, Finding, Judged, Tokens, bad, good, rule

LONG = {"instruction": "Name trees.", "output": "Oak, ash, elm, beech, lime, birch, alder, maple, rowan and yew."}
SHORT = {"instruction": "Name a tree.", "output": "The oak."}
SURE = 1.15  # an estimate that is this far over is over


@rule(
    "TOK101",
    "over-length",
    category="correctness",
    known_problems="""
    Tools that a record declares are not counted, nor is the default system text of some templates: a record near the
    limit may be over it all the same. Without `tokenizer` counts are estimates; one less than 15 % over the limit is a
    warning.
    """,
    references=("https://huggingface.co/docs/trl/sft_trainer", "https://docs.axolotl.ai/docs/config-reference.html"),
    examples=(
        bad(LONG, settings={"max-tokens": 20}),
        bad(
            {"prompt": "Name trees.", "chosen": LONG["output"], "rejected": "None."},
            settings={"max-tokens": 20},
            name="the longer branch of a preference",
        ),
        good(SHORT, settings={"max-tokens": 20}),
        good(LONG, name="no limit is set"),
    ),
    judged=Judged(0, 0, "counted, not judged: with the tokenizer of the model it is exact up to what a template adds"),
)
def check_over_length(batch: Batch, tokens: Tokens, max_tokens: int | None) -> Iterator[Finding]:
    """The record has more tokens than max-tokens

    What a trainer does with a record that is longer than its limit differs: some cut its end, which is where the answer
    stands, some leave the record out, and hardly any says so. `max-tokens` is that limit (`max_length`, `sequence_len`,
    `cutoff_len`, `max_seq_length`). All texts count, with some tokens a turn for the marks of a chat template.
    """
    if max_tokens is None:
        return
    length = shares(batch, tokens).length
    for k in (length > max_tokens).nonzero()[0].tolist():
        count = int(length[k])
        sure = tokens.exact or count > SURE * max_tokens
        yield batch.record(k).finding(
            f"{tokens.said(count)}, {count - max_tokens:,} more than max-tokens {max_tokens:,}",
            severity=None if sure else "warning",
        )
