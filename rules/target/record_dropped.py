"""TGT102: the trainer leaves the record out."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.target._predicted import limit_of, predicted
from datalint_rules.target._targets import TARGETS
from datalint_rules.tokens._shares import Flags, Ints, shares

from datalint import Batch, Finding, Judged, Tokens, bad, good, rule

ASKED = {"from": "human", "value": "Which tree bears acorns?"}
OAK = {"from": "gpt", "value": "The oak."}
LONG = {"prompt": "Which tree is that? " * 20, "completion": " An oak."}


@rule(
    "TGT102",
    "record-dropped",
    category="correctness",
    known_problems="""
    The predictions are of one version of each trainer and of its settings as they come, with names of columns and roles
    declared as the data has them. Lengths are estimates unless `tokenizer` is set.
    """,
    references=(
        "https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md",
        "https://docs.axolotl.ai/docs/faq.html",
    ),
    examples=(
        bad({"conversations": [ASKED, ASKED, OAK]}, settings={"target": "llama-factory"}),
        bad(
            {"conversations": [ASKED, OAK, ASKED]}, settings={"target": "llama-factory"}, name="an odd number of turns"
        ),
        bad({"instruction": "Hi", "output": 3}, settings={"target": "llama-factory"}, name="an answer that is no text"),
        bad({"conversations": [ASKED]}, settings={"target": "axolotl"}, name="no answer to train on"),
        bad(LONG, settings={"target": "trl", "max-tokens": 60}, name="the prompt alone fills the limit"),
        bad(
            {"conversations": [ASKED, OAK]},
            settings={"target": "axolotl", "max-tokens": 10},
            name="longer than the limit",
        ),
        good({"conversations": [ASKED, OAK]}, settings={"target": "llama-factory"}),
        good({"conversations": [{"from": "system", "value": "Hi"}, ASKED, OAK]}, settings={"target": "llama-factory"}),
        good({"conversations": [ASKED, ASKED, OAK]}, settings={"target": "axolotl"}, name="it takes any order"),
        good({"conversations": [ASKED, ASKED, OAK]}, name="no target is named"),
    ),
    judged=Judged(0, 0, "compared with the trainers' own code: see docs/targets.md"),
)
def check_record_dropped(batch: Batch, target: str, tokens: Tokens, max_tokens: int | None) -> Iterator[Finding]:
    """The trainer leaves this record, or a part of it, out without stopping

    A line in a log nobody reads, at most, tells that records are missing: turns out of order, an answer of another type, a
    record longer than the limit. With `target` set, what the trainer's own code does with each record is predicted.
    """
    for k, said, found in predicted(batch, target):
        if found.kind == "drops":
            yield batch.record(k).finding(
                f"{said.called} leaves it out: {found.why} ({found.source})", pointer=found.pointer or None
            )
    known = TARGETS.get(target)
    limit = limit_of(known, max_tokens)
    if known is None or not limit:
        return
    columns = shares(batch, tokens)
    long = (
        columns.length > limit if known.over == "drops" else _unanswered(batch, columns.before, columns.answer, limit)
    )
    if known.over == "drops" or target == "trl":
        count = columns.length if known.over == "drops" else columns.before
        what = "" if known.over == "drops" else "its prompt alone has "
        for k in long.nonzero()[0].tolist():
            yield batch.record(k).finding(
                f"{known.called} leaves it out: {what}{tokens.said(int(count[k]))}, "
                f"and {known.limit_key} is {limit:,}{'' if max_tokens else ' unless set'}"
            )


def _unanswered(batch: Batch, before: Ints, answer: Ints, limit: int) -> Flags:
    """Records of which TRL trains the completion only, and has none of it left."""
    import numpy as np

    completed = ("prompt-completion", "preference")
    masked = np.array([layout.shape.startswith(completed) for layout in batch.layouts], dtype=np.bool_)
    return masked & (before >= limit) & (answer > 0)
