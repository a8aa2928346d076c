"""Texts beyond a bound that the config sets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from datalint import Batch, Finding, UsageError, lengths

ROLES = ("system", "user", "assistant", "tool", "text", "rejected")


def beyond(batch: Batch, bounds: dict[str, int], roles: Sequence[str], sign: int) -> Iterator[Finding]:
    """Findings on texts that are shorter (``sign`` 1) or longer (-1) than a bound; a bound of 0 is none."""
    for role in roles:
        if role not in ROLES:
            raise UsageError(f"{role!r} is no role", hint=f"one of {', '.join(ROLES)}")
    some = batch.numbers(*roles)
    said: dict[int, str] = {}
    for unit, bound in bounds.items():
        if bound > 0 and len(some):
            sizes = lengths.of(batch, unit)[some]
            out = np.flatnonzero((sizes > 0) & (sign * sizes < sign * bound))
            word = "least" if sign > 0 else "most"
            for i, size in zip(some[out].tolist(), sizes[out].tolist(), strict=True):
                said.setdefault(i, f"{size:,} {unit}; the {word} is {bound:,}")
    for i, message in sorted(said.items()):
        yield batch.message(i).finding(None, message)
