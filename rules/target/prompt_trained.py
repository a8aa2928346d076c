"""TGT104: the trainer trains on the prompt too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from datalint_rules.target._targets import TARGETS
from datalint_rules.tokens._shares import shares

from datalint import Batch, Finding, Judged, Move, Records, Tokens, bad, good, rule

ASKED = {"role": "user", "content": "Which tree bears acorns, and which one samaras?"}
OAK = {"role": "assistant", "content": "The oak; the ash."}


class Sums(NamedTuple):
    """Of one file: records whose prompt is trained, their tokens, and the messages marked as not to be trained."""

    records: int = 0
    prompt: int = 0
    answer: int = 0
    unweighted: int = 0


State = dict[int, Sums]


@rule(
    "TGT104",
    "prompt-trained",
    category="suspicious",
    tags=("file",),
    known_problems="A setting of the trainer changes it, which the data cannot tell; `prompt-weight = 0` says that it is set.",
    references=("https://huggingface.co/docs/trl/sft_trainer#train-on-assistant-messages-only",),
    examples=(
        bad({"messages": [ASKED, OAK]}, settings={"target": "trl"}),
        bad({"instruction": "Say hi.", "output": "Hi."}, settings={"target": "torchtune"}),
        bad(
            {"messages": [ASKED, {**OAK, "weight": 0}, ASKED, OAK]},
            settings={"target": "axolotl"},
            name="a weight that it does not read",
        ),
        good({"messages": [ASKED, OAK]}, settings={"target": "axolotl"}),
        good({"messages": [ASKED, OAK]}, settings={"target": "trl", "prompt-weight": 0}, name="the prompt is masked"),
        good({"prompt": "Which tree?", "completion": " The oak."}, settings={"target": "trl"}, name="masked by itself"),
        good({"messages": [ASKED, OAK]}, name="no target is named"),
    ),
    judged=Judged(0, 0, "counted, not judged"),
)
class PromptTrained:
    """The trainer takes loss on prompts, or on messages marked not to be trained

    TRL masks the prompt of `prompt` and `completion`, but of `messages` every token is trained unless
    `assistant_only_loss` is set; torchtune trains on Alpaca's instructions unless `train_on_input` is off. And `weight: 0`,
    which keeps a message out of the loss at the providers, is a key that most trainers never look at.
    """

    def __init__(self, target: str, tokens: Tokens, prompt_weight: float | None) -> None:
        self._target = TARGETS.get(target)
        self._tokens = tokens
        self._masked = prompt_weight == 0

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """The sums of the batch."""
        target = self._target
        if target is None:
            return {}
        shapes = frozenset() if self._masked else target.trains_prompt
        trained = [k for k, layout in enumerate(batch.layouts) if layout.shape in shapes]
        unweighted = 0 if target.reads_weight else sum(map(_unweighted, batch.datas))
        if not trained and not unweighted:
            return {}
        found = shares(batch, self._tokens)
        sums = Sums(len(trained), int(found.prompt[trained].sum()), int(found.answer[trained].sum()), unweighted)
        return {batch.source: sums}

    def merge(self, one: State, other: State) -> State:
        """Both together."""
        return {
            source: Sums(*map(sum, zip(one.get(source, Sums()), other.get(source, Sums()), strict=True)))
            for source in sorted({*one, *other})
        }

    def moved(self, state: State, to: Move) -> State:
        """The same of another source."""
        return dict.fromkeys([to.source], *state.values()) if state else {}

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """At most two findings a file."""
        target = self._target
        if target is None:
            return
        for source, sums in state.items():
            if sums.records:
                share = sums.prompt / (sums.prompt + sums.answer)
                yield Finding(
                    f"{target.called} trains on the prompts of {sums.records:,} records too, {share:.0%} of the loss"
                    f"{'' if self._tokens.exact else ' (est.)'}, unless {target.mask_key} says otherwise",
                    source=source,
                )
            if sums.unweighted:
                yield Finding(
                    f"{target.called} does not read weight: {sums.unweighted:,} messages of weight 0 are trained",
                    source=source,
                )


def _unweighted(data: object) -> int:
    messages = data.get("messages") if isinstance(data, dict) else None
    if not isinstance(messages, list):
        return 0
    return sum(1 for m in messages if isinstance(m, dict) and m.get("role") == "assistant" and m.get("weight", 1) == 0)
