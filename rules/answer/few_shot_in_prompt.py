"""QLT601: worked examples in a prompt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from datalint import Finding, Judged, Message, Option, bad, good, pattern, rule

_ASKS = "input|question|q|text|sentence|review|tweet|problem|word|passage|example|premise|english|query"
_TELLS = "output|expected output|answer|a|label|sentiment|summary|result|solution|translation|response|category|class"
_LABEL = pattern(
    rf"(?im)^[^\w\n]{{0,3}}(?:(?P<asks>{_ASKS})|(?P<tells>{_TELLS}))s?[ ]?[\d]{{0,2}}[ ]?(?:\*\*)?:(?:\*\*)?[ \t]*(?P<said>[^\n]*)"
)
_EXAMPLE = pattern(r"(?i)\b(?:examples?|for instance|demonstrations?|few-?shot)\b")
_ABOUT = pattern(
    r"(?i)\b(?:quiz|flash ?cards?|which of (?:these|the following)|test cases?|faq|interview|survey|exam|program|function|algorithm|"
    r"array|string|leetcode|competitive|dialog\w*|conversation|transcript)\b"
)


class _Shown(NamedTuple):
    """The worked examples of a text."""

    number: int
    span: tuple[int, int]


@rule(
    "QLT601",
    "few-shot-in-prompt",
    category="suspicious",
    roles=["system", "user"],
    triggers=(rf"(?i)^[^\w\n]{{0,3}}({_TELLS})s? ?[0-9]{{0,2}} ?(\*\*)?:",),
    options={
        "min-examples": Option(
            "int", 2, "Worked examples from which on a prompt is found; one, where it calls them that."
        )
    },
    known_problems="""
    Only examples with labels ("Input:" and "Output:", "Q:" and "A:") in English are known. Examples inside tasks about
    programs, quizzes and conversations are left alone, for they belong to the task.
    """,
    examples=(
        bad(
            {
                "prompt": "Say if it is warm.\n\nInput: ice\nOutput: no\n\nInput: fire\nOutput: yes\n\nInput: snow\nOutput:",
                "completion": " no",
            },
            name="two examples and a question",
        ),
        bad(
            {
                "instruction": "Say if it is warm. One example:\nInput: ice\nOutput: no",
                "input": "snow",
                "output": "no",
            },
            name="an example, and the input in its own field",
        ),
        good({"prompt": "Is it warm?\nInput: snow\nOutput:", "completion": " no"}, name="labels, no example"),
        good(
            {"instruction": "Write a quiz.", "input": "Q: Is ice warm?\nA: no\nQ: Is fire?\nA: yes", "output": "Done."},
            name="questions and answers to work on",
        ),
        good(
            {
                "instruction": "Write a function.\nExample 1:\nInput: 2\nOutput: 4\nExample 2:\nInput: 3\nOutput: 9",
                "input": "",
                "output": "def f(x): return x * x",
            },
            name="test cases of a program",
        ),
    ),
    judged=Judged(12, 12, "46 public sets, 74,000 records: all its findings"),
)
def check_few_shot_in_prompt(message: Message, min_examples: int) -> Iterator[Finding]:
    """The prompt holds worked examples

    Examples teach a model that was not tuned what is wanted. Tuning does that once and for all: what stays in the prompt costs
    its tokens in every step and every call, and the tuned model may come to need them.
    """
    shown = _shown(message, min_examples)
    if shown is None or _ABOUT.search(message.text) or any(_ABOUT.search(m.text) for m in message.siblings):
        return
    start, end = shown.span
    much = "a worked example" if shown.number == 1 else f"{shown.number} worked examples"
    yield message.finding(shown.span, f"{much} in the prompt (est. {max(1, (end - start) // 4):,} tokens)")


def _shown(message: Message, least: int) -> _Shown | None:
    """The examples of a text that asks something else after them."""
    text = message.text
    count, start, end = 0, -1, 0
    asked = -1  # where the question begins that has no answer yet
    for match in _LABEL.finditer(text):
        if match["asks"] is not None:
            asked = match.start() if asked < 0 else asked
            continue
        following = _LABEL.search(text, match.end())
        said = text[match.start("said") : following.start() if following is not None else len(text)]
        if asked >= 0 and said.strip():
            count += 1
            start = asked if start < 0 else start
            end = match.start("said") + len(said.rstrip())
            asked = -1
    named = start >= 0 and _EXAMPLE.search(text[:start]) is not None
    open_question = asked >= 0 or text[end:].strip() or any(m.text.strip() for m in message.siblings)
    enough = count >= least or (count > 0 and named)
    return _Shown(count, (start, end)) if enough and open_question else None
