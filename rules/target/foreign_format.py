"""TGT106: records of a format that the trainer does not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from datalint_rules.target._predicted import UNKNOWN
from datalint_rules.target._targets import TARGETS

from datalint import Batch, Finding, Judged, Move, Records, bad, good, rule

State = dict[tuple[int, str], int]  # how many records of a file have a shape that is not read


@rule(
    "TGT106",
    "foreign-format",
    category="suspicious",
    tags=("file",),
    known_problems="A script of your own that converts the records first is not seen: leave the rule out, or check its output.",
    references=("https://huggingface.co/docs/trl/dataset_formats", "https://docs.fireworks.ai/fine-tuning/fine-tuning-models"),
    examples=(
        bad({"instruction": "Say hi.", "output": "Hi."}, settings={"target": "trl"}),
        bad({"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello."}]},
            settings={"target": "fireworks"}),
        good({"instruction": "Say hi.", "output": "Hi."}, settings={"target": "llama-factory"}),
        good({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]},
             settings={"target": "fireworks"}),
        good({"instruction": "Say hi.", "output": "Hi."}, name="no target is named"),
    ),
    judged=Judged(0, 0, "compared with the trainers' own code: see docs/targets.md"),
)  # fmt: skip
class ForeignFormat:
    """The trainer does not read records of this format

    TRL looks for `messages`, `prompt` and `completion` or `text` and stops with a KeyError where there is none of them;
    providers refuse the file. Records must be converted first, by a formatting function or once and for all.
    """

    def __init__(self, target: str) -> None:
        self._target = TARGETS.get(target)

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """How many records have which shape that is not read."""
        target = self._target
        if target is None:
            return {}
        odd = {layout for layout in batch.distinct if layout.shape not in target.takes and layout.shape not in _SILENT}
        made: State = {}
        for layout in odd:
            at = (batch.source, layout.shape)
            made[at] = made.get(at, 0) + batch.layouts.count(layout)
        return made

    def merge(self, one: State, other: State) -> State:
        """Both together."""
        return {at: one.get(at, 0) + other.get(at, 0) for at in sorted({*one, *other})}

    def moved(self, state: State, to: Move) -> State:
        """The same of another source."""
        return {(to.source, shape): count for (_, shape), count in state.items()}

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding for each file and shape."""
        target = self._target
        if target is None:
            return
        for (source, shape), count in sorted(state.items()):
            records_of = f"{count:,} records of the format {shape}" if count > 1 else f"a record of the format {shape}"
            yield Finding(f"{target.called} does not read {records_of}: it takes {target.formats}", source=source)


_SILENT = frozenset({"unread", UNKNOWN})  # other rules tell of these
