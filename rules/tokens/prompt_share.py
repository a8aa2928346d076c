"""TOK103: the prompt takes a large share of the loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from datalint_rules.tokens._shares import shares

from datalint import Batch, Finding, Judged, Move, Option, Records, Tokens, bad, good, rule

_STEPS = 8  # by which a doubling of the ratio of answer and prompt is told


Ratios = tuple[tuple[int, int], ...]


class State(NamedTuple):
    """Tokens of prompts and answers, and how many records have which ratio (steps of its logarithm)."""

    prompt: int = 0
    answer: int = 0
    ratios: Ratios = ()


def _share(weight: float, prompt: int, answer: int) -> float:
    return weight * prompt / (weight * prompt + answer)


CLASS = {"instruction": "Is the mood of this text good or bad? The film was long, and I liked each minute of it.",
         "output": "Good."}  # fmt: skip
TELL = {"instruction": "What is an oak?", "output": "A tree that grows slowly, lives long and bears acorns. " * 8}


@rule(
    "TOK103",
    "prompt-share",
    category="suspicious",
    options={"max-share": Option("float", 0.1, "Share of the loss that tokens of prompts may have.")},
    known_problems="""
    Hardly any trainer takes a weight between 0 and 1: most know the prompt masked (0) or trained as answers are (1).
    What a chat template adds is estimated, tools are not counted.
    """,
    references=(
        "https://arxiv.org/abs/2401.13586",
        "https://arxiv.org/abs/2405.14394",
        "https://arxiv.org/abs/2507.07817",
    ),
    examples=(
        bad(CLASS, settings={"prompt-weight": 1}),
        bad(TELL, settings={"prompt-weight": 1}, options={"max-share": 0.05}, name="a smaller share is wanted"),
        good(TELL, settings={"prompt-weight": 0.1}),
        good(CLASS, settings={"prompt-weight": 0.005}),
        good(CLASS, name="no weight is declared"),
    ),
    judged=Judged(0, 0, "counted, not judged"),
)
class PromptShare:
    """Tokens of the prompt have more of the loss than they may

    Loss on the prompt teaches the model to write prompts. Weighted lightly it steadies training where answers are a few
    tokens (a class, a name, a yes) and does nothing much for long ones; weighted fully it competes with the answers. With
    `prompt-weight` declared, the finding tells what share of the loss the prompts have at it, at 0.1 and at 1, and which
    weight gives the share that is wanted.
    """

    def __init__(self, tokens: Tokens, prompt_weight: float | None, max_share: float) -> None:
        self._tokens = tokens
        self._weight = prompt_weight
        self._most = max_share

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """The sums of a batch; nothing unless a weight is declared."""
        if not self._weight:
            return State()
        import numpy as np

        found = shares(batch, self._tokens)
        trained = (found.answer > 0) & (found.prompt > 0)
        prompt, answer = found.prompt[trained], found.answer[trained]
        steps = np.floor(_STEPS * np.log2(answer / prompt)).astype(np.int64)
        kinds, counts = np.unique(steps, return_counts=True)
        ratios = tuple(zip(kinds.tolist(), counts.tolist(), strict=True))
        return State(int(prompt.sum()), int(answer.sum()), ratios)

    def merge(self, one: State, other: State) -> State:
        """Both together."""
        return State(one.prompt + other.prompt, one.answer + other.answer, _added(one.ratios, other.ratios))

    def moved(self, state: State, to: Move) -> State:
        """A count is the same anywhere."""
        return state

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding, on the data as a whole."""
        prompt, answer = state.prompt, state.answer
        if not self._weight or not prompt or _share(self._weight, prompt, answer) <= self._most:
            return
        others = sorted({0.1, 1.0} - {self._weight})
        told = ", ".join(f"{_share(w, prompt, answer):.0%} at {w:g}" for w in others)
        wanted = self._most * answer / ((1 - self._most) * prompt) if self._most < 1 else 1.0
        yield Finding(
            f"prompts take {_share(self._weight, prompt, answer):.0%} of the loss{'' if self._tokens.exact else ' (est.)'} "
            f"at prompt-weight {self._weight:g} ({told}); {wanted:.2g} gives {self._most:.0%}. "
            f"{_regime(_median(state.ratios))}"
        )


def _added(one: Ratios, other: Ratios) -> Ratios:
    return tuple(sorted((Counter(dict(one)) + Counter(dict(other))).items()))


def _median(ratios: Ratios) -> float:
    """Half the records have a smaller ratio of answer to prompt."""
    seen, half = 0, sum(count for _, count in ratios) / 2
    for step, count in ratios:
        seen += count
        if seen >= half:
            return float(2 ** ((step + 0.5) / _STEPS))
    return 0.0


def _regime(ratio: float) -> str:
    """What the literature says of data whose answers have this length, measured in prompts."""
    said = f"The median answer is {ratio:.2g} times as long as its prompt"
    if ratio < 0.1:
        return f"{said}: with few records, weights up to 1 have helped"
    return f"{said}: {'weights of 0.01 to 0.1 have helped such data' if ratio < 1 else 'such data gains little by any'}"
