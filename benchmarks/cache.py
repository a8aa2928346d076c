"""What it is worth to keep scans: a first run, and runs after a small change, against a run that keeps nothing.

    python benchmarks/cache.py [--records 500000] [--scope record,file] [--jobs 1] [--rounds 3] [FILE]

Whole processes; processor time, user and system, children included. Each round runs all cases one after the other with a
folder of its own; shown are medians, and the median of the ratios to the run of the same round that keeps nothing.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import generate

CHECK = [sys.executable, "-m", "datalint", "check", "--isolated", "--exit-zero", "--output-format", "concise"]
USED = (
    "import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(used.ru_utime + used.ru_stime)"
)
LINE = b'{"instruction": "Name a bird of the forest.", "input": "", "output": "The wren."}'


def changed(lines: list[bytes]) -> list[bytes]:
    """One line in the middle says something else."""
    return [*lines[: len(lines) // 2], LINE, *lines[len(lines) // 2 + 1 :]]


def inserted(lines: list[bytes]) -> list[bytes]:
    """One line more at the start, so that all others move."""
    return [LINE, *lines]


CASES: tuple[tuple[str, Callable[[list[bytes]], list[bytes]] | None], ...] = (
    ("keeps nothing", None),
    ("first run", None),
    ("nothing changed", None),
    ("one line changed", changed),
    ("one line more at the start", inserted),
)


def seconds(arguments: list[str]) -> float:
    """Processor time of one check."""
    done = subprocess.run([sys.executable, "-c", USED, *CHECK, *arguments], capture_output=True, text=True, check=True)
    return float(done.stdout)


def one_round(path: Path, folder: Path, more: list[str]) -> list[float]:
    """The seconds of each case."""
    cache = folder / "kept"
    shutil.rmtree(cache, ignore_errors=True)
    copy = folder / f"copy{path.suffix}"
    taken = []
    for name, edit in CASES:
        lines = path.read_bytes().split(b"\n")
        copy.write_bytes(b"\n".join(edit(lines) if edit is not None else lines))
        del lines
        kept = ["--no-cache"] if name == "keeps nothing" else ["--cache-dir", str(cache)]
        taken.append(seconds([*kept, *more, str(copy)]))
    return taken


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--records", type=int, default=500_000)
    parser.add_argument("--scope", default="record,file,dataset")
    parser.add_argument("--jobs", default="1")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = given.file or folder / "data.jsonl"
        if given.file is None:
            generate.write(path, given.records)
        rounds = [one_round(path, folder, ["--scope", given.scope, "-j", given.jobs]) for _ in range(given.rounds)]
        size = sum(p.stat().st_size for p in (folder / "kept").rglob("*") if p.is_file())
    for n, (called, _) in enumerate(CASES):
        taken = statistics.median(r[n] for r in rounds)
        ratio = statistics.median(r[n] / r[0] for r in rounds)
        print(f"{called:28} {taken:7.2f} s  {100 * ratio:6.1f} %")
    print(f"{size / 1e6:.1f} MB are kept")


if __name__ == "__main__":
    main()
