"""QLT503: words that the prompt wants in the answer, at its start or end, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.answer._asked import items_of
from datalint_rules.constraints._request import Request, is_code, readings, request
from datalint_rules.constraints._wording import breaks, lettered, wanted

from datalint import Finding, Message, bad, good, pattern, rule

_NAME = pattern(r"(?i)\A(?:\W|an? |the )*(?<name>[\p{L}][^:(–—]*)")

_EXAMPLES = [
    bad(
        {
            "instruction": 'Write a sentence that starts with the word "despite".',
            "input": "",
            "output": "The rain fell.",
        },
        name="a start",
    ),
    bad(
        {
            "instruction": 'Write a story that ends with "and so it was".',
            "input": "",
            "output": "It rained, and we left.",
        },
        name="an end",
    ),
    bad(
        {
            "instruction": 'Write a sentence using the words "harbour" and "lantern".',
            "input": "",
            "output": "The lantern shone.",
        },
        name="a word that is missing",
    ),
    bad(
        {
            "instruction": "Make a sentence with the following words.",
            "input": "harbour, lantern",
            "output": "The lantern shone.",
        },
        name="words beside the task",
    ),
    bad(
        {
            "instruction": 'Rewrite it without using the word "very".',
            "input": "It is very cold.",
            "output": "It is very chilly.",
        },
        name="a word ruled out",
    ),
    bad(
        {"instruction": 'Name two fruits that start with the letter "p".', "input": "", "output": "Pear, apple"},
        name="a letter",
    ),
    good(
        {
            "instruction": 'Write a sentence that starts with the word "despite".',
            "input": "",
            "output": "Sentence: Despite the rain, we left.",
        },
        name="with a label",
    ),
    good(
        {
            "instruction": 'Write a sentence using the words "run" and "explore".',
            "input": "",
            "output": "We ran on, exploring the bay.",
        },
        name="other forms of a word",
    ),
    good(
        {"instruction": 'Write an acrostic poem using the word "sea".', "input": "", "output": "Sand\nEbb\nAir"},
        name="letters of a word",
    ),
    good(
        {
            "instruction": 'Replace the word "cold" using the phrase "of ice".',
            "input": "A cold hand",
            "output": "A hand like frozen water",
        },
        name="another task",
    ),
    good(
        {"instruction": 'Find the words that start with the letter "b".', "input": "bee, ant", "output": "bee"},
        name="none invented",
    ),
    good(
        {
            "instruction": 'Continue a story that starts with "It rained".',
            "input": "",
            "output": "Then the sun came out.",
        },
        name="what follows a start",
    ),
]


@rule(
    "QLT503",
    "broken-constraint",
    category="suspicious",
    status="preview",
    roles=["user"],
    triggers=(
        r"(?i)(start|begin|end|finish|conclud)(s|ing|ning|es)? with ",
        r"(?i)(without|avoid|not) [a-z ]{0,24}(word|phrase|letter|character|term)",
        r"(?i)(us|contain|includ|incorporat|with|featur|mention)(e|es|ing|s)? .{0,24}(word|phrase|term)",
    ),
    known_problems="""
        A word counts as used if the answer has anything like it, also in another form, so a different word with the same first letters
        hides one that is missing. In 26 public sets the rule found nothing: all of 440 prompts it understands there are obeyed. Of their
        answers given to another of them, it finds 353.
    """,
    examples=_EXAMPLES,
)
def check_broken_constraint(message: Message) -> Iterator[Finding]:
    """The answer lacks a word the prompt wants, or has one it rules out.

    Found are words and phrases that the prompt quotes and wants used, ruled out, or at the start or the end of a text, and lists
    whose items do not begin with a given letter. Any form of a word counts, and so does a text after a title or a label.
    """
    task = request(message)
    if task is None:
        return
    for want in wanted(task.task, task.given):
        said = breaks(task.text, readings(task.text), want)
        if said:
            if not is_code(task):
                yield task.broken(want.span, said)
            return
    yield from _lettered(task)


def _lettered(task: Request) -> Iterator[Finding]:
    match = lettered(task.task)
    items = items_of(task.text) if match is not None and ";" not in task.text else None
    if match is None or items is None or not all(len(i.split()) <= 4 for i in items):
        return
    letter = match["letter"].casefold()
    for item in items:
        name = _NAME.match(item)
        if name is not None and not any(w.casefold().startswith(letter) for w in name["name"].split()):
            yield task.broken(match.span(), f"{item!r} does not start with {match['letter']!r}")
            return
