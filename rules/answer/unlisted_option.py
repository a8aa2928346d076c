"""QLT514: an answer that is none of the options given."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.constraints._options import agrees, chosen, options, yes_or_no
from datalint_rules.constraints._request import is_code, request, task_of

from datalint import Finding, Judged, Message, bad, good, rule

_LONGEST = 60  # characters of an answer that is a choice and nothing else

_EXAMPLES = [
    bad(
        {
            "instruction": "Classify the sentence as positive or negative.",
            "input": "It is a chair.",
            "output": "Neutral",
        },
        name="two classes",
    ),
    bad(
        {"instruction": "Is it a fruit or not? Answer with yes or no.", "input": "Pear", "output": "Pear"},
        name="yes or no",
    ),
    bad(
        {
            "instruction": "What is the mood of the text?\nOptions: calm, angry, sad",
            "input": "The sea lay still.",
            "output": "Joyful",
        },
        name="a list of options",
    ),
    good(
        {"instruction": "Classify the sentence as positive or negative.", "input": "I like it.", "output": "Positive"},
        name="one of them",
    ),
    good(
        {
            "instruction": "Classify the change as physical or chemical.",
            "input": "Rust",
            "output": "It is a chemical change.",
        },
        name="in a sentence",
    ),
    good(
        {
            "instruction": "Classify the sentence as a question or a statement. Output 1 for a question, 0 for a statement.",
            "input": "Why?",
            "output": "1",
        },
        name="a code for it",
    ),
    good(
        {"instruction": "Classify these animals as mammals or birds.", "input": "Cow, hen", "output": "Cow, hen"},
        name="several things",
    ),
    good(
        {"instruction": "Choose a number between one and ten.", "input": "", "output": "7"},
        name="a range",
    ),
    good(
        {"instruction": "Classify the dish as vegan or vegetarian.", "input": "Ham", "output": "Neither"},
        name="none of them, said so",
    ),
    good(
        {
            "instruction": "Is it true? Answer with true or false.",
            "input": "Ice is warm.",
            "output": "That is incorrect.",
        },
        name="in other words",
    ),
]


@rule(
    "QLT514",
    "unlisted-option",
    category="suspicious",
    roles=["user"],
    triggers=(
        r"(?i)\b(classify|categori[sz]e|label|determine|decide|identify|tell|rate|say|state|predict|indicate|specify|mark|choose"
        r"|judge|evaluate) ",
        r"(?i)^(options|choices|labels|categories|classes|candidates|possible answers)",
        r"(?i)(yes|true).{0,4}(or|and|/).{0,4}(no|false)",
    ),
    known_problems="""
        Only answers of at most sixty characters that share no stem with any option are found. Options with letters before them are not
        looked at.
    """,
    judged=Judged(2, 2, "all findings in 26 public sets; some 500 more choices there are right"),
    examples=_EXAMPLES,
)
def check_unlisted_option(message: Message) -> Iterator[Finding]:
    """The answer is none of the options given.

    A classifier learns its labels from the answers. A label that the prompt does not list, such as "neutral" where the choice is
    positive or negative, or neither yes nor no, breaks whatever reads it. "None", "neither" and "both" are left alone.
    """
    head = task_of(message)
    wanted, place = options(head), yes_or_no(head)
    if wanted is None and place is None:
        return
    task = request(message)
    if task is None or len(task.text) > _LONGEST or is_code(task):
        return
    if wanted is not None and not chosen(task.text, wanted.names):
        names = ", ".join(wanted.names)
        yield task.broken(wanted.span, f"none of the options: {names}")
        return
    if place is not None and not agrees(task.text):
        yield task.broken(place, "neither yes nor no")
