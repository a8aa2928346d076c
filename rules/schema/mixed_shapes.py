"""SCH102: more than one shape in one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from datalint import Batch, Finding, Judged, Move, Records, bad, good, rule

State = dict[tuple[int, str], tuple[int, int]]  # source and shape: how many records, the key of the first

CHAT = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]}
ALPACA = {"instruction": "Say hi.", "input": "", "output": "Hello."}


@rule(
    "SCH102",
    "mixed-shapes",
    category="correctness",
    tags=("file",),
    examples=(
        bad([ALPACA, ALPACA, CHAT], name="a chat among Alpaca records"),
        bad([CHAT, {"prompt": "Hi", "completion": " Hello."}], name="one of each"),
        good([ALPACA, {**ALPACA, "input": "Be brief."}, {"instruction": "Say hi.", "output": "Hello."}]),
        good([CHAT, {"odd": 1}], name="a record of no shape is another rule's business"),
        good(
            [{**CHAT, "label": True}, {**CHAT, "label": False}],
            name="both labels of one preference set",
        ),
    ),
    judged=Judged(
        read=0,
        right=0,
        on="46 public sets, each of one shape: nothing is found in them",
    ),
    known_problems="Sets that are mixed on purpose are reported too: keep one file for each shape, or ignore the rule.",
    references=("https://github.com/huggingface/trl/blob/main/trl/trainer/sft_trainer.py",),
)
class MixedShapes:
    """One file holds records of more than one shape.

    Trainers look at the first record to decide how to read all of them: records of another shape then crash the run, are
    dropped, or are trained on as something they are not.
    """

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """How often each shape occurs, and where first."""
        state: State = {}
        for layout in batch.distinct:
            if not layout.known or layout.shape == "unread":
                continue
            k = batch.layouts.index(layout)
            count, key = state.get((batch.source, layout.shape), (0, 1 << 63))
            here = batch.ref(k).key
            state[batch.source, layout.shape] = count + batch.layouts.count(layout), min(key, here)
        return state

    def merge(self, one: State, other: State) -> State:
        """Counts added, the earlier place kept."""
        merged = dict(one)
        for place, (count, key) in other.items():
            before, first = merged.get(place, (0, 1 << 63))
            merged[place] = before + count, min(first, key)
        return merged

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        return {(to.source, shape): (count, key + to.keys) for (_, shape), (count, key) in state.items()}

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding a file, at the first record of a rarer shape."""
        for _, group in groupby(sorted(state.items()), key=lambda item: item[0][0]):
            found = sorted((-count, key, shape) for (_, shape), (count, key) in group)
            if len(found) < 2:
                continue
            told = ", ".join(f"{-count:,} {shape}" for count, _, shape in found)
            yield records.record(found[1][1]).finding(f"the file mixes {len(found)} shapes: {told}")
