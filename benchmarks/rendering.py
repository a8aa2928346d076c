"""How fast records are joined with chat templates, and whether it is the text of transformers where that is installed.

    python benchmarks/rendering.py [--records 5000] [--template FAMILY|PATH]… [FILE]

For each template: conversations rendered and located a second of processor time (that of the process which renders
templates of strangers is counted with it), what share of the texts was located beyond doubt, and with transformers the share of
renderings that are the same. Without a FILE the records are made up.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from datalint.batch import Batch
from datalint.beside import read_file
from datalint.config import Settings
from datalint.shapes import builtin
from datalint.templating import Renderer, load
from datalint.templating.template import families

WORDS = "the quick brown fox jumps over a lazy dog while seven wizards boil their quince jam in copper pots".split()


def main() -> None:
    """Measure, and print a line for each template."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--template", action="append", default=[])
    parser.add_argument("file", nargs="?", type=Path)
    given = parser.parse_args()
    batches = list(read(given.file) if given.file else made_up(given.records))
    print(f"{'template':24} {'conversations':>13} {'a second':>9} {'located':>8}  as transformers")
    for name in given.template or families():
        measure(name, batches)


def made_up(number: int) -> Iterator[Batch]:
    """Conversations of one to three exchanges, a third of them with a system message."""
    rng = random.Random(1)

    def said(least: int, most: int) -> str:
        return " ".join(rng.choices(WORDS, k=rng.randint(least, most))).capitalize() + "."

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.jsonl")
        with path.open("w", encoding="utf-8") as f:
            for _ in range(number):
                messages = [{"role": "system", "content": said(5, 20)}] if rng.random() < 0.3 else []
                for _ in range(rng.randint(1, 3)):
                    messages += [
                        {"role": "user", "content": said(5, 40)},
                        {"role": "assistant", "content": said(20, 120)},
                    ]
                f.write(json.dumps({"messages": messages}) + "\n")
        yield from read(path)


def read(path: Path) -> Iterator[Batch]:
    """The records of a file, in batches."""
    folder = path.resolve().parent
    return read_file(Settings(root=folder, cwd=folder), builtin(), path.name)


def measure(name: str, batches: list[Batch]) -> None:
    """One template, all batches."""
    renderer = Renderer(load(name))
    renderer.rendered(batches[0].slice(0, 1))
    started, told = seconds(), [renderer.rendered(batch) for batch in batches]
    renderer.close()
    spent = seconds() - started
    conversations = [rendered for batch in told for some in batch for rendered in some]
    parts = [part for rendered in conversations for part in rendered.parts]
    located = sum(part.state in ("whole", "trimmed", "empty") for part in parts) / max(1, len(parts))
    same = as_transformers(renderer, conversations[:1000])
    print(
        f"{renderer.template.name[-24:]:24} {len(conversations):>13,} {len(conversations) / spent:>9,.0f} {located:>8.1%}  {same}"
    )


def seconds() -> float:
    """Processor time of this process and of those that ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def as_transformers(renderer: Renderer, conversations: list[Any]) -> str:
    """How many renderings are the same, byte for byte."""
    try:
        from transformers.utils import chat_template_utils as theirs
    except ImportError:
        return "(not installed)"

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Clock:
            return cls.fromisoformat(renderer.now)

    theirs.datetime = Clock
    same = 0
    for rendered in conversations:
        try:
            texts, _ = theirs.render_jinja_template(
                [rendered.job.messages], tools=rendered.job.tools, chat_template=renderer.template.source_for(bool(rendered.job.tools)),
                **renderer.template.tokens,
            )  # fmt: skip
            same += texts[0] == rendered.text
        except Exception:
            same += bool(rendered.error)
    return f"{same:,} of {len(conversations):,}"


if __name__ == "__main__":
    sys.exit(main())
