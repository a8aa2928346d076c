"""LEN106: chosen answers are longer than rejected ones, throughout."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from datalint import Batch, Finding, Judged, Move, Option, Records, Severity, bad, good, rule

MANY = 50  # pairs that tell a habit


class State(NamedTuple):
    """Sums over pairs, as whole numbers: how many, lengths of either side and their squares, chosen ones longer."""

    pairs: int = 0
    chosen: int = 0
    rejected: int = 0
    chosen_squares: int = 0
    rejected_squares: int = 0
    longer: int = 0


def _made(chosen: int, rejected: int) -> list[dict[str, str]]:
    return [
        {"prompt": f"Tell of {n}.", "chosen": "a" * (chosen + 9 * (n % 10)), "rejected": "b" * (rejected + 9 * (n % 9))}
        for n in range(60)
    ]


@rule(
    "LEN106",
    "preference-length-bias",
    category="suspicious",
    options={
        "warning": Option("float", 0.8, "Effect size (Cohen's d) from which the bias is a warning."),
        "info": Option("float", 0.3, "Effect size from which it is told at all."),
    },
    known_problems="""
        Where longer answers are better because they say more, the data is as it should be; the model learns length all the same.
    """,
    references=(
        "https://arxiv.org/abs/2310.03716",
        "https://arxiv.org/abs/2403.19159",
        "https://arxiv.org/abs/2404.04475",
    ),
    examples=(
        bad(_made(300, 100), name="three times as long"),
        bad(_made(100, 300), name="the other way round"),
        bad(_made(112, 100), name="a little longer: told as info"),
        good(_made(100, 100)),
        good(_made(300, 100)[:20], name="too few to say"),
    ),
    judged=Judged(0, 0, "the pairs of three public sets are in balance"),
)
class PreferenceLengthBias:
    """Chosen answers are systematically longer, or shorter, than rejected ones

    The easiest difference between two answers to learn is their length. Where the better ones are the longer ones
    throughout, preference training makes a model verbose before it makes it good; several methods were made to undo
    that. The measure is Cohen's d: the difference of the means in units of the standard deviation.
    """

    def __init__(self, warning: float, info: float) -> None:
        self._warning = warning
        self._info = info

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Sums of the lengths of both answers."""
        import numpy as np
        from datalint_rules.length import _pairs

        chosen, rejected = _pairs.sizes(batch)
        if not len(chosen):
            return State()
        return State(
            len(chosen), int(chosen.sum()), int(rejected.sum()), int(np.square(chosen).sum()),
            int(np.square(rejected).sum()), int((chosen > rejected).sum()),
        )  # fmt: skip

    def merge(self, one: State, other: State) -> State:
        """The sums of both."""
        return State(*(a + b for a, b in zip(one, other, strict=True)))

    def moved(self, state: State, to: Move) -> State:
        """A count is the same anywhere."""
        return state

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding for the whole set."""
        if state.pairs < MANY:
            return
        effect = _effect(state)
        severity: Severity = "warning" if abs(effect) >= self._warning else "info"
        if abs(effect) >= min(self._info, self._warning):
            n = state.pairs
            word, share = ("longer", state.longer) if effect > 0 else ("shorter", n - state.longer)
            yield Finding(
                f"chosen answers are {word}: {state.chosen / n:,.0f} characters on average, rejected ones {state.rejected / n:,.0f}; "
                f"Cohen's d is {effect:.2f}, {share / n:.0%} of {n:,} chosen answers are {word}",
                severity=severity,
            )


def _effect(state: State) -> float:
    """Cohen's d with the pooled standard deviation; beyond all bounds where there is none."""
    n = state.pairs
    spread = n * (state.chosen_squares + state.rejected_squares) - state.chosen**2 - state.rejected**2  # times n * n
    difference = state.chosen - state.rejected
    if spread <= 0:
        return math.copysign(math.inf, difference) if difference else 0.0
    return difference / math.sqrt(spread / 2)
