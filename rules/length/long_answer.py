"""LEN102: answers above a length that the config sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint import Batch, Finding, Option, bad, good, rule

FIVE = {"words": 5}


@rule(
    "LEN102",
    "long-answer",
    category="pedantic",
    options={
        "words": Option("int", 0, "Words an answer may have; 0: any number."),
        "characters": Option("int", 0, "Characters it may have; 0: any number."),
        "roles": Option("list[str]", ["assistant"], "Roles whose texts are meant."),
    },
    known_problems="What a trainer cuts is a matter of tokens, not of words.",
    examples=(
        bad({"instruction": "Name a river.", "output": "The Rhine is a river in Europe."}, options=FIVE),
        bad({"instruction": "Name a river.", "output": "The Rhine."}, options={"characters": 5}),
        bad({"instruction": "Name a river.", "output": "Rhine"}, options={"words": 2, "roles": ["user", "assistant"]}),
        good({"instruction": "Name a river.", "output": "The Rhine."}, options=FIVE),
        good(
            {"instruction": "Name a river.", "output": "The Rhine is a river in Europe."},
            name="without the option any length is fine",
        ),
    ),
)
def check_long_answer(batch: Batch, words: int, characters: int, roles: Sequence[str]) -> Iterator[Finding]:
    """An answer is longer than the data set wants its answers to be.

    Answers that go on cost time and money at every call of the model that learned from them. How long is too long depends
    on the task, so the rule is silent until `words` or `characters` is set.
    """
    from datalint_rules.length import _bounds

    yield from _bounds.beyond(batch, {"words": words, "characters": characters}, roles, -1)
