"""ANN103: nearly all items have one annotation only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from datalint_rules.annotation._annotations import OfAnnotations
from datalint_rules.annotation.low_agreement import VOTES, votes

from datalint import Annotation, Finding, Judged, Option, Records, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.annotation._said import State


@rule(
    "ANN103",
    "single-annotated",
    category="suspicious",
    options={"share": Option("float", 0.9, "Share of the items that may have one annotation only.")},
    references=("https://repository.upenn.edu/handle/20.500.14332/2089",),
    examples=(
        bad(votes(*[(1,)] * 30, (1, 1)), settings=VOTES),
        bad(votes((1,)), settings=VOTES, name="one record"),
        good(votes(*[(1,)] * 30, *[(1, 2)] * 5), settings=VOTES),
        good(votes(*[(1,)] * 30), name="nothing is declared"),
    ),
    known_problems="Whether the two annotations are of two people is not known where no annotator is named.",
    judged=Judged(0, 0, "counts what the config declares"),
)
class SingleAnnotated(OfAnnotations):
    """Nearly all items were annotated once

    Whether labels mean anything is only seen where two people labelled the same item. A tenth of the items, drawn at
    random, annotated twice is the usual price of knowing.
    """

    def __init__(self, share: float, annotation: Annotation | None = None) -> None:
        self._share = share
        super().__init__(annotation)

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a label."""
        import numpy as np
        from datalint_rules.annotation import _said

        for label in sorted(state.columns):
            found = _said.labelled(state, label, "nominal")
            if not isinstance(found, str):
                per = np.bincount(found.items)
                single, total = int((per == 1).sum()), len(per)
                if single > self._share * total:
                    yield Finding(
                        f"{single:,} of {total:,} items ({single / total:.1%}) have one annotation of {label!r} only"
                    )
