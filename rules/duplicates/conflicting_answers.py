"""DUP104: one prompt, different answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Option, Records, Related, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import State

SHOWN = 5

@rule(
    "DUP104",
    "conflicting-answers",
    category="suspicious",
    options={"multiple-answers": Option("bool", False, "Several answers to one prompt are meant: find nothing.")},
    examples=(
        bad([{"prompt": "a b c", "completion": "x"},{"prompt": "a b c", "completion": "y"}]),
        good({"prompt": "a b c", "completion": "x"}),
    ),
    judged=Judged(0, 0, "-"),
)
class ConflictingAnswers:
    """Records answer the same prompt differently

    X
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
        """One finding a prompt."""
        from datalint_rules.duplicates import _places

        found = _places.table(state)
        if not found:
            return
        groups = [_places.first(found["answers"], group) for group in _places.groups(found["prompts"])]
        asked = [[int(found["keys"][i]) for i in group] for group in groups if len(group) > 1]
        places = _places.places(records, (key for keys in asked for key in keys))
        for keys in asked:
            here, *others = [places[key] for key in keys]
            yield Finding(f"{len(keys)} different answers to this prompt", here.ref, related=tuple(Related(p.ref,"another answer") for p in others[:SHOWN]))
