"""DUP105: one answer to many prompts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Option, Records, Related, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import State

SHOWN = 5  # other records that a finding points to
WORDS = 8  # shorter answers repeat by nature
MANY = 100  # records from which a share says something
CANNOT = "I am a language model and cannot look at pictures."
THINGS = ("house", "boat", "tree", "lamp", "bridge")


@rule(
    "DUP105",
    "repeated-answer",
    category="suspicious",
    options={
        "prompts": Option(
            "int", 5, "Different prompts from which an answer of eight words or more counts as repeated."
        ),
        "share": Option("int", 75, "Share of all answers, in percent, from which a shorter one counts too."),
    },
    known_problems="Where one question is asked in many words on purpose, its answer is found; DUP103 finds the records.",
    references=("https://github.com/gururise/AlpacaDataCleaned",),
    examples=(
        bad([{"prompt": f"Describe the {t} in the picture.", "completion": CANNOT} for t in THINGS]),
        bad(
            [{"prompt": f"Is {n} a number?", "completion": "Yes." if n % 10 else "No."} for n in range(1, 121)],
            name="nearly all answers are one short answer",
        ),
        good(
            [{"prompt": f"Describe the {t} in the picture.", "completion": CANNOT} for t in THINGS[:4]],
            name="a few times",
        ),
        good([{"prompt": f"Is a {t} alive?", "completion": "No."} for t in THINGS], name="labels repeat by nature"),
        good([{"prompt": "Look here.", "completion": CANNOT}] * 9, name="one prompt: DUP101 finds it"),
        good(
            [
                {
                    "messages": [
                        {"role": "user", "content": f"What is a {t}?"},
                        {"role": "assistant", "content": f"You know what a {t} is."},
                        {"role": "user", "content": "Thanks!"},
                        {
                            "role": "assistant",
                            "content": "You are welcome! If there is anything else, feel free to ask.",
                        },
                    ]
                }
                for t in THINGS
            ],
            name="a friendly end of a conversation",
        ),
    ),
    judged=Judged(
        51,
        51,
        "all findings in GPTeacher, FastChat and 26 other sets: identity phrases, and questions asked in up to 24 ways",
    ),
)
class RepeatedAnswer:
    """Many different prompts have the same answer

    An answer that fits many prompts answers none of them: stock phrases, refusals, the output of a script that failed.
    Models learn such phrases early and say them when they do not know better. One finding an answer, at the first of its
    records. Only the first answer of a conversation is looked at; case, white space and punctuation do not count.
    """

    def __init__(self, prompts: int, share: int) -> None:
        self._prompts = prompts
        self._share = share

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key of each record, hashes of prompt and answer, and whether the answer is long."""
        from datalint_rules.duplicates import _answers, _words

        found = _answers.asked(batch)
        lines = found.lines[found.first]
        return (
            {
                "keys": _words.keys(batch)[lines],
                "prompts": found.prompts[found.first],
                "answers": found.answers[found.first],
                "long": (found.words >= WORDS)[found.first],
            },
        )

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding an answer."""
        from datalint_rules.duplicates import _places

        found = _places.table(state)
        total = len(found["keys"])
        said: list[list[int]] = []
        for group in _places.groups(found["answers"]):
            keys = found["keys"][_places.first(found["prompts"], group)].tolist()
            owned = total >= MANY and 100 * len(group) >= self._share * total
            if len(keys) > 1 and (owned or (found["long"][group[0]] and len(keys) >= self._prompts)):
                said.append(keys)
        places = _places.places(records, (key for keys in said for key in keys[: SHOWN + 1]))
        for keys in said:
            here, *others = (places[key] for key in keys[: SHOWN + 1])
            related = tuple(Related(place.ref, "the same answer") for place in others)
            yield Finding(f"{len(keys)} different prompts have this answer", here.ref, related=related)
