"""How near estimates of tokens come to counts, text by text and in all, and how fast both are.

    python benchmarks/tokens.py [--tokenizer NAME|FILE] DATA.jsonl …

Every text of ten tokens or more in the files counts once. Without files a few lines made here are measured.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from datalint.tokens import tokens_of

MADE = [
    f"Tree number {n} is an oak, {n * 3} metres high; it was planted in {1700 + n} by the river." for n in range(50)
]


def texts_in(value: Any) -> Iterator[str]:
    """All strings in a value."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_in(part)


def texts_of(path: str) -> list[str]:
    """The distinct texts of a file that are longer than a few words."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    found = (text for line in lines for text in texts_in(json.loads(line)) if len(text) >= 20)
    return [t.encode("utf-8", "replace").decode() for t in dict.fromkeys(found)]


def main() -> None:
    """One line a file."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--tokenizer", default="o200k")
    asked.add_argument("files", nargs="*")
    given = asked.parse_args()
    exact, estimate = tokens_of(given.tokenizer, Path()), tokens_of("", Path())
    for name in given.files or ["made here"]:
        texts = texts_of(name) if given.files else MADE
        started = time.process_time()
        real = exact.lengths(texts)
        between = time.process_time()
        guess = estimate.lengths(texts)
        took = time.process_time() - between
        many = real >= 10
        off = np.abs(guess[many] / real[many] - 1)
        megabytes = sum(len(t.encode()) for t in texts) / 1e6
        print(
            f"{Path(name).stem}: {many.sum():,} texts, median error {np.median(off):.1%}, 95th percentile "
            f"{np.quantile(off, 0.95):.1%}, total {guess.sum() / real.sum() - 1:+.1%}; estimated at "
            f"{megabytes / max(took, 1e-9):.0f} MB/s, counted at {megabytes / max(between - started, 1e-9):.1f} MB/s"
        )


if __name__ == "__main__":
    main()
