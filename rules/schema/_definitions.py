"""Which records bring definitions of tools: asked of the data, for the layout does not know."""

from __future__ import annotations

from datalint import Batch

_KEYS = ("tools", "functions")


def with_definitions(batch: Batch) -> list[int]:
    """The lines whose record has a key for tools, worked out once a batch."""
    known: list[int] | None = batch.cache.get("with_definitions")
    if known is None:
        known = [
            k for k, data in enumerate(batch.datas) if type(data) is dict and ("tools" in data or "functions" in data)
        ]
        batch.cache["with_definitions"] = known
    return known
