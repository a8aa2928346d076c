"""TGT105: fewer or more records than the provider takes, or a larger file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from datalint_rules.target._targets import TARGETS

from datalint import Batch, Finding, Judged, Move, Records, bad, good, rule


class Size(NamedTuple):
    """Of one file."""

    records: int = 0
    bytes: int = 0


State = dict[int, Size]


def _said(count: int) -> list[dict[str, object]]:
    return [
        {"messages": [{"role": "user", "content": f"What is {n} + 1?"}, {"role": "assistant", "content": f"{n + 1}"}]}
        for n in range(count)
    ]


@rule(
    "TGT105",
    "provider-limit",
    category="correctness",
    tags=("file",),
    known_problems="Limits of accounts and models are not known here; only what holds for every upload.",
    references=(
        "https://docs.fireworks.ai/fine-tuning/fine-tuning-models",
        "https://docs.together.ai/docs/fine-tuning/data-preparation",
        "https://platform.openai.com/docs/guides/fine-tuning",
    ),
    examples=(
        bad(_said(9), settings={"target": "openai"}),
        bad(_said(2), settings={"target": "fireworks"}),
        good(_said(10), settings={"target": "openai"}),
        good(_said(2), settings={"target": "together"}),
        good(_said(2), name="no target is named"),
    ),
    judged=Judged(0, 0, "counted, not judged"),
)
class ProviderLimit:
    """The file has fewer or more records, or more bytes, than the provider takes

    A provider looks at the whole file after it was uploaded, and refuses it. OpenAI takes 10 records or more and 512 MB,
    Fireworks 3 to 3,000,000 records, Together 100 GB.
    """

    def __init__(self, target: str) -> None:
        known = TARGETS.get(target)
        self._target = known if known is not None and known.limits_source else None

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """The sums of the batch."""
        if self._target is None:
            return {}
        records = sum(1 for _ in batch.records())
        return {batch.source: Size(records, sum(map(len, batch.raws)) + len(batch.raws))}

    def merge(self, one: State, other: State) -> State:
        """Both together."""
        return {
            source: Size(*map(sum, zip(one.get(source, Size()), other.get(source, Size()), strict=True)))
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
        for source, size in state.items():
            if size.records < target.least:
                said = f"{size.records} records, and {target.called} takes {target.least} or more"
                yield Finding(f"{said} ({target.limits_source})", source=source)
            if target.most and size.records > target.most:
                said = f"{size.records:,} records, and {target.called} takes {target.most:,} at most"
                yield Finding(f"{said} ({target.limits_source})", source=source)
            if target.most_bytes and size.bytes > target.most_bytes:
                said = f"{size.bytes / 1e6:,.0f} MB, and {target.called} takes {target.most_bytes / 1e6:,.0f} MB"
                yield Finding(f"{said} ({target.limits_source})", source=source)
