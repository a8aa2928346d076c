"""How fast a whole run is, against the least any program must do: read the file and parse every line once.

    python benchmarks/speed.py [--records 500000] [--shape alpaca] [--jobs 1,2] [--runs 5] [FILE]

Whole processes, one warm-up, then interleaved pairs (limit, datalint); medians. Then the time by rule, from `-vv`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import generate

LIMIT = "import sys, orjson\nfor line in open(sys.argv[1], 'rb'):\n    orjson.loads(line)"
CHECK = [sys.executable, "-m", "datalint", "check", "--isolated", "--no-cache", "--exit-zero", "-o", os.devnull]
PEAK = (
    "import os, resource, subprocess, sys\nsubprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
)


def seconds(argv: list[str]) -> float:
    """Wall time of one process."""
    start = time.perf_counter()
    subprocess.run(argv, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def measure(path: Path, jobs: str, runs: int) -> str:
    """One line of the table."""
    limit = [sys.executable, "-c", LIMIT, str(path)]
    ours = [*CHECK, "-q", "--jobs", jobs, str(path)]
    seconds(limit), seconds(ours)
    pairs = [(seconds(limit), seconds(ours)) for _ in range(runs)]
    wall = statistics.median(b for _, b in pairs)
    ratio = statistics.median(b / a for a, b in pairs)
    peak = subprocess.run(
        [sys.executable, "-c", PEAK, *ours], capture_output=True, text=True, check=True
    ).stdout.strip()
    with path.open("rb") as f:
        count = sum(1 for _ in f)
    return f"{jobs:>4}  {wall:7.2f} s  {count / wall:>10,.0f} records/s  {peak:>5} MB  {ratio:6.2f} × the limit"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--records", type=int, default=500_000)
    parser.add_argument("--shape", choices=("alpaca", "messages"), default="alpaca")
    parser.add_argument("--jobs", default="1,2")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or Path(folder, "data.jsonl")
        if given.file is None:
            generate.write(path, given.records, shape=given.shape)
        print("jobs        wall            throughput      peak")
        for jobs in given.jobs.split(","):
            print(measure(path, jobs, given.runs))
        done = subprocess.run([*CHECK, "-vv", "--jobs", "1", str(path)], capture_output=True, text=True, check=True)
        print(done.stderr)


if __name__ == "__main__":
    main()
