"""ACM002: an answer that promises a number of things and lists another number of them."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Message, bad, good, pattern, rule

NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
PROMISE = pattern(rf"(?i)\b(?:here are|these are|the following) (\d{{1,2}}|{'|'.join(NUMBERS)}) [^\n:.]{{1,60}}:\s*\n")
ITEM = pattern(r"(?m)^\s{0,3}(?:\d{1,2}[.)]|[-*•])\s")


def answer(text: str) -> dict[str, str]:
    """A record with this answer."""
    return {"prompt": "Give me some fruit.", "completion": text}


@rule(
    "ACM002",
    "miscounted-list",
    category="suspicious",
    roles={"assistant"},
    triggers=[r"(?i)\b(here are|these are|the following) "],
    examples=[
        bad(answer("Here are three fruits:\n1. apple\n2. pear"), name="one is missing"),
        bad(answer("These are 2 fruits you may like:\n- fig\n- plum\n- lime"), name="one too many"),
        good(answer("Here are three fruits:\n1. apple\n2. pear\n3. plum")),
        good(answer("Here are three fruits: apple, pear and plum."), name="no list"),
        good(answer("Here are some fruits:\n- apple\n- pear"), name="no number"),
    ],
)
def check_miscounted_list(message: Message) -> Iterator[Finding]:
    """The answer lists more or fewer things than it promises.

    A model learns to count from what it reads. "Here are three fruits" over a list of two teaches it not to.
    """
    for promise in PROMISE.finditer(message.text, timeout=1):
        promised = NUMBERS.get(promise[1].lower()) or int(promise[1])
        listed = len(ITEM.findall(message.text, promise.end() - 1))
        if listed and listed != promised:
            yield message.finding(promise.span(1), f"promises {promised} and lists {listed}")
