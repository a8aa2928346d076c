"""ANN104: answers look otherwise from annotator to annotator."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from datalint import Annotation, Batch, Finding, Judged, Move, Option, Records, axes, bad, good, lengths, rule

_BY = {"annotation": {"item": "id", "annotator": "by", "label": "id"}}
_STEPS = 1000  # parts of a doubling that lengths are counted in
State = Mapping[
    tuple[str, str], tuple[int, ...]
]  # annotator and form -> answers, sum and sum of squares of log lengths


def _answers(*sizes: int) -> list[dict[str, object]]:
    return [
        {"instruction": f"Tell of {n}.", "output": "word " * (size + n % 7), "id": n, "by": "abcdef"[a]}
        for n in range(30)
        for a, size in enumerate(sizes)
    ]


@rule(
    "ANN104",
    "style-by-annotator",
    category="suspicious",
    options={
        "effect": Option("float", 0.8, "Effect size (Cohen's d of the logarithm of the length) from which it is told."),
        "shift": Option("float", 0.4, "Share of the answers that would need another form (list, prose, code …)."),
        "answers": Option("int", 20, "Answers an annotator must have written."),
    },
    examples=(
        bad(_answers(20, 21, 90), settings=_BY, name="one writes far more"),
        bad(
            [
                {**one, "output": "- a\n- b\n- c\n- d" if one["by"] == "a" else one["output"]}
                for one in _answers(9, 9, 9)
            ],
            settings=_BY,
            name="one writes lists",
        ),
        good(_answers(20, 21, 22), settings=_BY),
        good(_answers(20, 21, 90), name="nothing is declared"),
        good(_answers(20, 90)[:9], settings=_BY, name="too few answers"),
    ),
    known_problems="Annotators who were given other tasks write otherwise for good reason.",
    judged=Judged(0, 0, "no public set at hand names its annotators"),
)
class StyleByAnnotator:
    """The answers of one annotator are far longer, shorter or of another form than those of the others

    A model that learns from two hands learns both, and chance decides which of them answers. Guidelines that say how long
    an answer is and when it is a list cost less than writing it all anew.
    """

    def __init__(self, effect: float, shift: float, answers: int, annotation: Annotation | None = None) -> None:
        self._effect = effect
        self._shift = shift
        self._answers = answers
        self._field = annotation.annotator if annotation is not None and not annotation.annotations else ""

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Answers of each annotator by form, and sums of their lengths."""
        if not self._field:
            return {}
        made: dict[tuple[str, str], tuple[int, ...]] = {}
        who, forms = axes.column(batch, self._field), axes.column(batch, "format")
        sizes = lengths.characters(batch)
        for k, i in enumerate(axes.places(batch).answer.tolist()):
            name, form = who.of(k), forms.of(k)
            if i >= 0 and sizes[i] and name not in (None, axes.ABSENT):
                log = round(_STEPS * math.log2(int(sizes[i])))
                made[str(name), str(form)] = _plus(made.get((str(name), str(form)), (0, 0, 0)), (1, log, log * log))
        return made

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return {key: _plus(one.get(key, (0, 0, 0)), other.get(key, (0, 0, 0))) for key in {**one, **other}}

    def moved(self, state: State, to: Move) -> State:
        """A count is the same anywhere."""
        return state

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """At most two findings an annotator."""
        names = sorted({name for name, _ in state})
        total = _sum(state.values())
        for name in names:
            own = _sum(sums for (who, _), sums in state.items() if who == name)
            rest = tuple(a - b for a, b in zip(total, own, strict=True))
            if min(own[0], rest[0]) < self._answers:
                continue
            effect = _effect(own, rest)
            if abs(effect) >= self._effect:
                word = "longer" if effect > 0 else "shorter"
                yield Finding(
                    f"answers of annotator {name!r} are {word}: about {2 ** (own[1] / own[0] / _STEPS):,.0f} characters, those of others "
                    f"{2 ** (rest[1] / rest[0] / _STEPS):,.0f}; Cohen's d is {abs(effect):.1f}"
                )
            moved, form = _shift(state, name, own[0], rest[0])
            if moved >= self._shift:
                yield Finding(
                    f"answers of annotator {name!r} have other forms than those of others: {moved:.0%} more of them are {form}"
                )


def _plus(one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _sum(parts: Iterable[Sequence[int]]) -> tuple[int, ...]:
    made: tuple[int, ...] = (0, 0, 0)
    for part in parts:
        made = _plus(made, part)
    return made


def _effect(one: Sequence[int], other: Sequence[int]) -> float:
    """Cohen's d with the pooled standard deviation, which is taken for a tenth of a doubling at the least."""
    variance = sum((n * squares - total * total) / n for n, total, squares in (one, other)) / (one[0] + other[0])
    return (one[1] / one[0] - other[1] / other[0]) / max(_STEPS / 10, math.sqrt(max(0.0, variance)))


def _shift(state: State, name: str, own: int, rest: int) -> tuple[float, str]:
    mine: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    for (who, form), (count, *_) in state.items():
        (mine if who == name else theirs)[form] += count
    gains = sorted(((mine[f] / own - theirs[f] / rest, f) for f in {*mine, *theirs}), reverse=True)
    return sum(gain for gain, _ in gains if gain > 0), gains[0][1]
