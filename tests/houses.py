"""Rows of chat data about the houses of a town, some of them with findings, and what may happen to them."""

from __future__ import annotations

import json
import random
from typing import Any


def row(number: int, answer: str, **meta: Any) -> dict[str, Any]:
    turns = [
        {"role": "system", "content": "You are a helpful guide to the town of Oberau."},
        {"role": "user", "content": f"Tell me about house number {number} in the main street."},
        {"role": "assistant", "content": answer},
    ]
    return {"id": f"r{number}", "messages": turns, "meta": meta}


def answer(number: int, bad: bool) -> str:
    if not bad:
        return f"House {number} was built long ago, and it has {number % 7 + 2} windows."
    return ("", f"As an AI language model, I cannot visit house {number}.", f"House {number} is red. \nIt is old.")[
        number % 3
    ]


def rows() -> list[dict[str, Any]]:
    """400 rows, every tenth of them with a finding."""
    return [row(n, answer(n, n % 10 == 0), source="a") for n in range(400)]


def inserted(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row(9999, "A good answer to begin with."), *all_rows]


def shuffled(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return random.Random(4).sample(all_rows, len(all_rows))


def edited(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [r | {"meta": {"source": "b", "seen": n}} if n % 3 == 0 else r for n, r in enumerate(all_rows)]


def reordered(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"meta": r["meta"], "messages": [dict(reversed(m.items())) for m in r["messages"]], "id": r["id"]}
            for r in all_rows]  # fmt: skip


def mended(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ten findings fewer, of all kinds, and ten others."""
    bad = range(0, 100, 10)
    made = [row(n, answer(n, False)) if n in bad else r for n, r in enumerate(all_rows)]
    return [row(n, answer(n, True)) if n % 10 == 5 and n < 100 else r for n, r in enumerate(made)]


def dumped(all_rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(r).encode() + b"\n" for r in all_rows)
