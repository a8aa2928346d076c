"""DUP105: one answer to many prompts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Option, Records, Related, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import State

SHOWN = 5
WORDS = 8

@rule(
    "DUP105",
    "repeated-answer",
    category="suspicious",
    options={"prompts": Option("int", 3, "Different prompts from which an answer of eight words or more counts as repeated."),
    "share": Option("int", 50, "Share of the records, in percent, from which a shorter answer counts too.")},
    examples=(
        bad([{"prompt": f"a b c {i}", "completion": "a b c d e f g h i"} for i in range(4)]),
        good({"prompt": "a b c", "completion": "x"}),
    ),
    judged=Judged(0, 0, "-"),
)
class RepeatedAnswer:
    """Many different prompts have the same answer

    X
    """

    def __init__(self, prompts: int, share: int) -> None:
        self._prompts = prompts
        self._share = share

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key of each record, hashes of prompt and answer, and whether the answer is long."""
        from datalint_rules.duplicates import _answers, _words

        found = _answers.asked(batch)
        return ({"keys": _words.keys(batch)[found.lines], "prompts": found.prompts, "answers": found.answers, "long": found.words >= WORDS},)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding an answer."""
        from datalint_rules.duplicates import _places

        found = _places.table(state)
        if not found:
            return
        total = len(found["keys"])
        said=[]
        for group in _places.groups(found["answers"]):
            keys = [int(found["keys"][i]) for i in _places.first(found["prompts"], group)]
            if found["long"][group[0]] and len(keys) >= self._prompts:
                said.append(keys)
        places = _places.places(records, (key for keys in said for key in keys[: SHOWN + 1]))
        for keys in said:
            here, *others = [places[key] for key in keys[: SHOWN + 1]]
            yield Finding(f"the same answer to {len(keys)} prompts", here.ref, related=tuple(Related(p.ref,"the same answer") for p in others))
