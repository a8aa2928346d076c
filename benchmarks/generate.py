"""Writes instruction records in any number: made-up sentences with a realistic spread of lengths and of defects.

    python benchmarks/generate.py 1000000 data.jsonl [--seed 1] [--shape alpaca|messages]

The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NOUNS = """harbour engine recipe lantern river ledger orchard signal carpet violin theorem passport glacier market bridge novel
pigeon furnace treaty garden camera valley ticket compass forest market letter kettle island planet""".split()
VERBS = (
    "describe explain compare summarise rewrite translate list classify improve plan analyse draft sort name".split()
)
ADJECTIVES = (
    "quiet early modern broken golden northern simple careful public ancient bright narrow useful rapid".split()
)
LINKS = "and because while although so before after unless since until".split()
DEFECTS = (
    (0.011, lambda r: r | {"input": random.choice(("Noinput", "N/A", "No input", "None"))}),
    (0.0006, lambda r: r | {"output": ""}),
    (0.003, lambda r: r | {"output": f"<p>{r['output']}</p>"}),
    (0.002, lambda r: r | {"output": r["output"].replace(" ", "&nbsp;", 1)}),
    (0.004, lambda r: r | {"output": r["output"] + " "}),
    (0.08, lambda r: r | {"output": r["output"].replace(". ", ". \n", 1)}),
    (0.0005, lambda r: r | {"output": "As an AI language model, I cannot do that. " + r["output"]}),
    (0.001, lambda r: r | {"output": r["output"].replace("because", "becauseâ€™s", 1)}),
    (0.0006, lambda r: r | {"output": f"{r['output']}\n\n17. Instruction: {r['instruction']}"}),
    (0.001, lambda r: r | {"output": r["output"].replace("e", "e\u200b", 1)}),
)


def sentence(rng: random.Random) -> str:
    """One sentence of five to fourteen words."""
    words = []
    for _ in range(rng.randint(1, 3)):
        words += ["the", rng.choice(ADJECTIVES), rng.choice(NOUNS), rng.choice(VERBS) + "s", "a", rng.choice(NOUNS)]
        words.append(rng.choice(LINKS))
    return " ".join(words[:-1]).capitalize() + "."


def record(rng: random.Random) -> dict[str, str]:
    """One Alpaca record, sound."""
    instruction = (
        f"{rng.choice(VERBS).capitalize()} the {rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} of the {rng.choice(NOUNS)}."
    )
    given = sentence(rng) if rng.random() < 0.4 else ""
    length = min(40, max(1, int(rng.lognormvariate(1.1, 0.8))))
    return {"instruction": instruction, "input": given, "output": " ".join(sentence(rng) for _ in range(length))}


def records(count: int, seed: int) -> Iterator[dict[str, str]]:
    """``count`` records, some with defects."""
    rng = random.Random(seed)
    random.seed(seed)
    for _ in range(count):
        made = record(rng)
        for rate, spoil in DEFECTS:
            if rng.random() < rate:
                made = spoil(made)
        yield made


def shaped(made: dict[str, str], shape: str) -> dict[str, Any]:
    """The record in the shape asked for."""
    if shape == "alpaca":
        return dict(made)
    prompt = f"{made['instruction']}\n{made['input']}".strip()
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": made["output"]}]}


def write(path: Path, count: int, *, seed: int = 1, shape: str = "alpaca") -> None:
    """Write ``count`` records to ``path``."""
    with path.open("w", encoding="utf-8") as f:
        f.writelines(json.dumps(shaped(r, shape), ensure_ascii=False) + "\n" for r in records(count, seed))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shape", choices=("alpaca", "messages"), default="alpaca")
    given = parser.parse_args()
    write(given.path, given.count, seed=given.seed, shape=given.shape)


if __name__ == "__main__":
    main()
