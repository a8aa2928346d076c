"""ANN102: an annotator who disagrees with all others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from datalint_rules.annotation._annotations import OfAnnotations
from datalint_rules.annotation.low_agreement import VOTES, votes

from datalint import Annotation, Finding, Judged, Option, Records, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.annotation._said import State

_MOSTLY = [(n % 3, n % 3, n % 3 if n % 9 else 0, (n + n % 2) % 3) for n in range(40)]
_ODD = [(*row, (row[0] + 1) % 3) for row in _MOSTLY]


@rule(
    "ANN102",
    "outlying-annotator",
    category="suspicious",
    options={
        "items": Option("int", 10, "Items an annotator must share with others."),
        "gap": Option("float", 0.15, "How much further from the others, of all that labels can be apart."),
        "z": Option("float", 3.0, "Standard errors that the gap must be worth."),
    },
    examples=(
        bad(votes(*_ODD), settings=VOTES, name="one who never agrees"),
        good(votes(*(row[:3] for row in _MOSTLY)), settings=VOTES),
        good(votes(*_ODD[:6]), settings=VOTES, name="too few items"),
        good(votes(*_ODD), name="nothing is declared"),
        good(votes((1, 1), (2, 2), (3,)), settings=VOTES, name="nothing to compare"),
    ),
    known_problems="With two annotators nobody can tell which of them is the odd one. The one who is right against all is found too.",
    judged=Judged(0, 0, "no public set at hand names its annotators"),
)
class OutlyingAnnotator(OfAnnotations):
    """One annotator disagrees with the others far more than they do among themselves

    Somebody who misread the guidelines, clicks through, or is a script gives labels that look like all others. Compared
    is the mean distance of each annotator's labels to those of others on the same items.
    """

    def __init__(self, items: int, gap: float, z: float, annotation: Annotation | None = None) -> None:
        self._items = items
        self._gap = gap
        self._z = z
        super().__init__(annotation)

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding an annotator and label."""
        from datalint_rules.annotation import _alpha, _said

        for label in sorted(state.columns):
            found = _said.labelled(state, label, self._wanted.scale)
            names = _said.annotators(state, label)
            if isinstance(found, str) or len(names) < 3:
                continue
            for one in _alpha.apart(found, self._wanted.scale):
                if one.items >= self._items and one.own - one.others >= self._gap and one.z >= self._z:
                    yield Finding(
                        f"annotator {names[one.annotator]!r} differs from others on {label!r} by {one.own:.0%} in {one.items:,} shared "
                        f"items; the others differ by {one.others:.0%}"
                    )
