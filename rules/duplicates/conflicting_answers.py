"""DUP104: one prompt, different answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Option, Records, Related, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import State

SHOWN = 5  # other answers that a finding points to
YES = {"prompt": "Is the tomato a fruit?", "completion": "Yes: it grows from the flower and holds the seeds."}
NO = {"prompt": "Is the tomato a fruit?", "completion": "No, it is a vegetable."}


@rule(
    "DUP104",
    "conflicting-answers",
    category="suspicious",
    status="preview",
    options={
        "multiple-answers": Option(
            "bool", False, "Several answers to one prompt are meant to be there: nothing is found."
        )
    },
    known_problems="""
        Open questions have many good answers, and a set that gives several of them, or the same in other words, is not
        at odds with itself: declare `multiple-answers = true`. Whether two answers contradict each other is not judged.
    """,
    references=("https://arxiv.org/abs/2103.14749",),
    examples=(
        bad([YES, NO]),
        bad([{**YES, "prompt": "is the tomato a FRUIT"}, NO], name="case and punctuation of the prompt aside"),
        good([YES, NO], options={"multiple-answers": True}, name="declared"),
        good([YES, {**NO, "prompt": "Is the cucumber a fruit?"}]),
        good(
            [YES, {**YES, "completion": "It grows from the flower and holds the seeds: yes."}], name="the same answer"
        ),
        good(
            [
                {"prompt": "Print 1 in C.", "completion": 'printf("1");'},
                {"prompt": "Print 1 in C++.", "completion": "cout << 1;"},
            ],
            name="not the same prompt",
        ),
        good(
            [{**YES, "label": True}, {**NO, "label": False}],
            name="one of them is marked as the worse",
        ),
    ),
    judged=Judged(
        66,
        0,
        "Dolly, GPTeacher, T0, KTO and identity sets: every prompt does have several answers, and none of those read "
        "contradict each other; they are open questions, or one answer in other words",
    ),
)
class ConflictingAnswers:
    """Records answer the same prompt differently

    A model that sees two answers to one prompt learns to say either, and where they contradict each other at least one
    is wrong. Often it is the trace of two annotators, of a record that was corrected without taking the old one out, or
    of a prompt that lost the text it speaks of. Compared is the last answer of a conversation with all that comes before
    it; answers that are marked as worse do not count, nor do answers that have four fifths of their words in common.
    """

    def __init__(self, multiple_answers: bool) -> None:
        self._off = multiple_answers

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key of each record, and hashes of prompt and answer."""
        from datalint_rules.duplicates import _answers, _words

        if self._off:
            return ()
        found = _answers.asked(batch)
        return ({"keys": _words.keys(batch)[found.lines], "prompts": found.prompts, "answers": found.answers},)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a prompt, at the first of its records."""
        from datalint_rules.duplicates import _answers, _places

        if not state:
            return
        found = _places.table(state)
        groups = (_places.first(found["answers"], group) for group in _places.groups(found["prompts"]))
        asked = [found["keys"][group].tolist() for group in groups if len(group) > 1]
        places = _places.places(records, (key for keys in asked for key in keys), _answers.said)
        for keys in asked:
            kept: list[_places.Place] = []
            for place in (places[key] for key in keys):
                if all(place.told.prompt == k.told.prompt and place.told.differs(k.told) for k in kept):
                    kept.append(place)
            if len(kept) > 1:
                related = tuple(Related(place.ref, "another answer") for place in kept[1 : SHOWN + 1])
                yield Finding(f"{len(kept)} different answers to this prompt", kept[0].ref, related=related)
