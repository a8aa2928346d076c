"""LEN101: answers below a length that the config sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint import Batch, Finding, Option, bad, good, rule

TEN = {"words": 10}


@rule(
    "LEN101",
    "short-answer",
    category="pedantic",
    options={
        "words": Option("int", 0, "Words an answer must have; 0: any number."),
        "characters": Option("int", 0, "Characters it must have; 0: any number."),
        "roles": Option("list[str]", ["assistant"], "Roles whose texts are meant."),
    },
    known_problems="Empty texts are the business of empty-message. Good answers may be short: labels, numbers, names.",
    references=("https://arxiv.org/abs/2402.04833",),
    examples=(
        bad({"instruction": "Describe a sunset.", "output": "It is red."}, options=TEN),
        bad({"instruction": "Describe a sunset.", "output": "It is red."}, options={"characters": 20}),
        bad({"instruction": "Sunset.", "output": "It is red."}, options={"words": 2, "roles": ["user"]}),
        good(
            {"instruction": "Describe a sunset.", "output": "It is red."}, name="without the option any length is fine"
        ),
        good(
            {"instruction": "Describe a sunset.", "output": "The sky turns red, then violet, and then all is dark."},
            options=TEN,
        ),
        good(
            {"instruction": "描述日落。", "output": "天空先变成红色，然后变成紫色，最后一切都暗下来了。"}, options=TEN
        ),
        good({"instruction": "Describe a sunset.", "output": ""}, options=TEN, name="empty"),
    ),
)
def check_short_answer(batch: Batch, words: int, characters: int, roles: Sequence[str]) -> Iterator[Finding]:
    """An answer is shorter than the data set wants its answers to be.

    Whoever wants detailed answers should not train on brief ones: models take their length from what they see. How short
    is too short depends on the task, so the rule is silent until `words` or `characters` is set.
    """
    from datalint_rules.length import _bounds

    yield from _bounds.beyond(batch, {"words": words, "characters": characters}, roles, 1)
