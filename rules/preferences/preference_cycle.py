"""PRF105: one answer is preferred to another here, and the other to the one there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Records, Related, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import State

PAIR = {"prompt": "How many legs has a spider?", "chosen": "Eight.", "rejected": "Six."}
TURNED = {"prompt": "How many legs has a spider?", "chosen": "Six.", "rejected": "Eight."}
ROLE = "user"


@rule(
    "PRF105",
    "preference-cycle",
    category="correctness",
    known_problems="Longer rings, where a beats b, b beats c and c beats a, are not looked for.",
    references=("https://arxiv.org/abs/2310.12036",),
    examples=(
        bad([PAIR, TURNED]),
        bad(
            [
                PAIR,
                {
                    "chosen": [{"role": ROLE, "content": TURNED["prompt"]}, {"role": "assistant", "content": "Six."}],
                    "rejected": [
                        {"role": ROLE, "content": TURNED["prompt"]},
                        {"role": "assistant", "content": "Eight."},
                    ],
                },
            ],
            name="in two shapes",
        ),
        good([PAIR, PAIR], name="twice the same is DUP101's"),
        good([PAIR, {**TURNED, "prompt": "How many legs has an ant?"}]),
        good([PAIR, {**TURNED, "chosen": "Ten."}], name="a third answer"),
    ),
    judged=Judged(0, 0, "none in 1,410 pairs of three public sets and 1,718 revisions"),
)
class PreferenceCycle:
    """Two records prefer opposite answers to the same prompt

    One of the two records is wrong, or the annotators did not agree: trained on both, the model is pulled to and fro, and
    nothing is learned but noise. White space at the ends of texts does not count.
    """

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key of each pair, a hash of its prompt and answers in either order, and which comes first."""
        from datalint_rules.preferences import _hashes

        return _hashes.columns(batch)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """A finding at each record that contradicts an earlier one."""
        from datalint_rules.duplicates import _places
        from datalint_rules.preferences import _hashes

        if not state:
            return
        found = _places.table(state)
        groups = [
            found["keys"][group].tolist()
            for group in _places.groups(found["pairs"])
            if 0 < found["turned"][group].sum() < len(group)
        ]
        places = _places.places(records, (key for keys in groups for key in keys), _hashes.sides)
        for keys in groups:
            first: dict[_hashes.Sides, _places.Place] = {}
            for place in (places[key] for key in keys):
                opposite = first.get(place.told.turned())
                if opposite is not None:
                    related = (Related(opposite.ref, "here the other answer is the better one"),)
                    yield Finding(f"{opposite.beside(place)} prefers the other answer", place.ref, related=related)
                first.setdefault(place.told, place)
