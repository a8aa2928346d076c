"""ANN101: annotators do not agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint_rules.annotation._annotations import OfAnnotations

from datalint import Annotation, Finding, Judged, Option, Records, Severity, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.annotation._said import State

VOTES = {"annotation": {"item": "id", "annotator": "by", "label": "rating"}}


def votes(*labels: Sequence[object]) -> list[dict[str, object]]:
    """A record for each annotation: items by annotators."""
    return [
        {"instruction": f"Say {n}.", "output": "Hm.", "id": n, "by": "abcdef"[a], "rating": label}
        for n, row in enumerate(labels)
        for a, label in enumerate(row)
    ]


@rule(
    "ANN101",
    "low-agreement",
    category="suspicious",
    options={
        "warning": Option("float", 0.667, "Krippendorff's alpha below which it is a warning."),
        "info": Option("float", 0.8, "Alpha below which it is told at all."),
    },
    references=("https://repository.upenn.edu/handle/20.500.14332/2089", "https://doi.org/10.4135/9781071878781"),
    examples=(
        bad(votes((1, 2), (2, 1), (1, 1), (2, 1), (1, 2)), settings=VOTES, name="no better than chance"),
        bad(votes((1,), (2,), (1,)), settings=VOTES, name="no item has two annotations"),
        bad(votes((1, 1), (1, 1)), settings=VOTES, name="all annotations say the same"),
        bad(
            votes((1, 2), (2, 1)),
            settings={"annotation": {"item": "idd", "label": "rating"}},
            name="a field that no record has",
        ),
        bad(
            votes((1, 1), (2, 2)),
            settings={"annotation": {**VOTES["annotation"], "annotator": "who"}},
            name="an annotator that no record has",
        ),
        bad(
            [{"text": f"Text {n}", "votes": {"ann": "yes", "bob": "no" if n % 2 else "yes"}} for n in range(8)],
            settings={"annotation": {"annotations": "votes"}},
            name="annotations inside a record",
        ),
        good(votes((1, 1), (2, 2), (1, 1), (3, 3), (2, 2)), settings=VOTES),
        good(votes((1, 2), (2, 1), (1, 1)), name="nothing is declared"),
        good(
            votes((1, 1), (5, 4), (1, 1), (5, 5), (2, 1), (5, 5)),
            settings={"annotation": {**VOTES["annotation"], "scale": "interval"}},
            name="near misses weigh little on a scale of measures",
        ),
    ),
    known_problems="""
        Alpha is low too where nearly all items have the same label, however few annotators err: there is little to agree on.
        Where a question has several right answers, disagreement is no defect.
    """,
    judged=Judged(0, 0, "the value is that of the krippendorff library on its own example and on 300 random ones"),
)
class LowAgreement(OfAnnotations):
    """Annotators of the same items do not agree

    Labels on which two people do not agree are not knowledge of the item but of the person; a model trained on them
    learns noise, and no evaluation against them means anything. Krippendorff's alpha is 1 for full agreement and 0 for
    what chance gives. He asks for 0.8, and for 0.667 where tentative conclusions will do. Below that the guidelines
    need work before more is annotated.
    """

    def __init__(self, warning: float, info: float, annotation: Annotation | None = None) -> None:
        self._warning = warning
        self._info = info
        super().__init__(annotation)

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a label."""
        from datalint_rules.annotation import _alpha, _said

        if why := _said.missing(state, self._wanted):
            yield Finding(why, severity="error")
        for label in sorted(state.columns):
            found = _said.labelled(state, label, self._wanted.scale)
            if isinstance(found, str):
                yield Finding(found, severity="error")
                continue
            value = _alpha.alpha(found, self._wanted.scale)
            if value is None:
                several = len(_alpha.beside(found).annotation)
                why = "all annotations say the same" if several else "no item has two annotations"
                yield Finding(f"the agreement on {label!r} cannot be told: {why}", severity="info")
            elif value < max(self._info, self._warning):
                shared = _alpha.beside(found).annotation
                items = len(set(found.items[shared].tolist()))
                severity: Severity = "warning" if value < self._warning else "info"
                yield Finding(
                    f"Krippendorff's alpha of {label!r} is {value:.2f} ({self._wanted.scale}; {len(set(shared.tolist())):,} annotations of "
                    f"{items:,} items that have two or more); {self._warning:g} is the least, {self._info:g} is good",
                    severity=severity,
                )
