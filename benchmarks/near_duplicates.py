"""Near-duplicates: how right and how fast, beside others that are installed, on made-up records or on your own.

    python benchmarks/near_duplicates.py [--records 10000] [--scale 1000000] [--jobs 2] [FILE]

Truth is brute force: every pair of records whose word shingles have a Jaccard similarity of 0.8 or more, counted over
all shingles they share. A pair is found when both records end in one cluster. Precision is the share of reported pairs
that are true. The speed of the others is that of their own way of doing it from texts in memory, single-handed; that of
datalint is a whole run, reading and parsing included. Missing packages are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import generate

Pair = tuple[int, int]
SPAN, SIMILAR = 3, 0.8
CHECK = [sys.executable, "-m", "datalint", "check", "--isolated", "--exit-zero", "-q"]
DUPLICATES = "DUP101,DUP102,DUP103"
DENSITY = 0.05  # share of records that get a near-copy; every fifth of them an equal one


# ---- data ----


def perturbed(count: int, seed: int) -> Iterator[dict[str, str]]:
    """Made-up records, some with a copy further on in which one to five words of a hundred are others."""
    rng = random.Random(seed)
    waiting: list[dict[str, str]] = []
    made = generate.records(count, seed)
    for _ in range(count):
        if waiting and rng.random() < DENSITY:
            yield waiting.pop(rng.randrange(len(waiting)))
            continue
        record = next(made)
        yield record
        if rng.random() < DENSITY:
            waiting.append(record if rng.random() < 0.2 else changed(record, rng))


def changed(record: dict[str, str], rng: random.Random) -> dict[str, str]:
    """The record with some words of its answer exchanged."""
    words = record["output"].split(" ")
    for _ in range(max(1, int(len(words) * rng.choice((0.01, 0.03, 0.05))))):
        words[rng.randrange(len(words))] = rng.choice(generate.NOUNS)
    return {**record, "output": " ".join(words)}


def write(path: Path, records: Iterable[dict[str, str]]) -> None:
    """Records as JSONL."""
    with path.open("w", encoding="utf-8") as f:
        f.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def texts(path: Path, most: int) -> list[str]:
    """All strings of each record but those of its system prompt, joined."""
    with path.open(encoding="utf-8") as f:
        return ["\n".join(strings(json.loads(line))) for line, _ in zip(f, range(most), strict=False)]


def strings(value: object) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


# ---- truth ----


def shingles(text: str) -> frozenset[str]:
    """Three words in a row."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(" ".join(words[n : n + SPAN]) for n in range(max(len(words) - SPAN + 1, 0)))


def brute(sets: list[frozenset[str]], least: float = SIMILAR) -> dict[Pair, float]:
    """All pairs that are similar enough."""
    holders: dict[str, list[int]] = defaultdict(list)
    found: dict[Pair, float] = {}
    for k, mine in enumerate(sets):
        shared: Counter[int] = Counter()
        for shingle in mine:
            shared.update(holders[shingle])
            holders[shingle].append(k)
        for other, both in shared.items():
            if (similarity := both / (len(mine) + len(sets[other]) - both)) >= least:
                found[other, k] = similarity
    return found


# ---- who finds what ----


def by_datalint(path: Path, most: int) -> set[Pair]:
    """Pairs of datalint: the record reported and the one it names."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder, "part.jsonl")
        with path.open("rb") as f:
            part.write_bytes(b"".join(line for line, _ in zip(f, range(most), strict=False)))
        done = subprocess.run(
            [*CHECK, part, "--select", DUPLICATES, "--output-format", "jsonl"], stdout=subprocess.PIPE, check=True
        )
    findings = [found for line in done.stdout.splitlines() if "code" in (found := json.loads(line))]
    return {tuple(sorted((f["line"] - 1, f["related"][0]["line"] - 1))) for f in findings}  # type: ignore[misc]


def by_datasketch(sets: list[frozenset[str]]) -> set[Pair]:
    """datasketch as its pages show it: 128 permutations, LSH laid out for the threshold."""
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found]

    lsh, found = MinHashLSH(threshold=SIMILAR, num_perm=128), set()
    for k, mine in enumerate(sets):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([s.encode() for s in mine])
        found |= {(other, k) for other in lsh.query(sketch)}
        lsh.insert(k, sketch)
    return found


def by_rensa(sets: list[frozenset[str]]) -> set[Pair]:
    """rensa with its own LSH, 128 permutations in 16 bands."""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found]

    lsh, found = RMinHashLSH(threshold=SIMILAR, num_perm=128, num_bands=16), set()
    for k, mine in enumerate(sets):
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update(list(mine))
        found |= {(other, k) for other in lsh.query(sketch)}
        lsh.insert(k, sketch)
    return found


def by_semhash(sets: list[frozenset[str]]) -> set[Pair]:
    """semhash by its model of words: needs the model."""
    from semhash import SemHash  # type: ignore[import-not-found]

    said = [" ".join(sorted(mine)) for mine in sets]
    numbers = {text: k for k, text in enumerate(said)}
    removed = SemHash.from_records(records=said).self_deduplicate().filtered
    pairs = ((numbers[r.record], numbers[other]) for r in removed for other, _ in r.duplicates[:1])
    return {(min(pair), max(pair)) for pair in pairs}


OTHERS: dict[str, Callable[[list[frozenset[str]]], set[Pair]]] = {
    "datasketch": by_datasketch,
    "rensa": by_rensa,
    "semhash": by_semhash,
}


def scored(found: set[Pair], truth: dict[Pair, float], sets: list[frozenset[str]]) -> tuple[float, float]:
    """Recall and precision. Pairs within one cluster count as found; true are pairs that are similar enough."""
    roots = list(range(len(sets)))

    def root(k: int) -> int:
        while roots[k] != k:
            roots[k] = roots[roots[k]]
            k = roots[k]
        return k

    for one, other in found:
        roots[root(other)] = root(one)
    recall = sum(root(one) == root(other) for one, other in truth) / max(len(truth), 1)
    right = sum(pair in truth for pair in found)
    return recall, right / max(len(found), 1)


def quality(path: Path, most: int) -> None:
    """A table of who finds what."""
    read = texts(path, most)
    started = time.perf_counter()
    sets = [shingles(text) for text in read]
    truth = brute(sets)
    print(f"{len(sets):,} records, {len(truth):,} pairs (brute force: {time.perf_counter() - started:.1f} s)")
    print(f"{'':12} {'recall':>8} {'precision':>10} {'records/s':>10}")
    started = time.perf_counter()
    found = by_datalint(path, most)
    told("datalint", found, truth, sets, time.perf_counter() - started)
    for name, find in OTHERS.items():
        started = time.perf_counter()
        try:
            sets = [shingles(text) for text in read]
            found = find(sets)
        except ImportError:
            print(f"{name:12} not installed")
            continue
        except OSError as error:
            print(f"{name:12} {error}")
            continue
        told(name, found, truth, sets, time.perf_counter() - started)


def told(name: str, found: set[Pair], truth: dict[Pair, float], sets: list[frozenset[str]], seconds: float) -> None:
    """One line of the table."""
    recall, precision = scored(found, truth, sets)
    print(f"{name:12} {recall:8.4f} {precision:10.4f} {len(sets) / seconds:10,.0f}")


# ---- how fast ----


def speed(count: int, jobs: int) -> None:
    """Whole runs over made-up records, and the memory of the largest process."""
    peak = "import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], check=True)\nprint(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.jsonl")
        write(path, perturbed(count, 1))
        for rules in ("DUP101", DUPLICATES):
            argv = [*CHECK, path, "--select", rules, "--jobs", str(jobs), "-o", os.devnull]
            started = time.perf_counter()
            done = subprocess.run([sys.executable, "-c", peak, *argv], capture_output=True, text=True, check=True)
            seconds = time.perf_counter() - started
            print(
                f"{rules:24} {count:,} records, {jobs} jobs: {count / seconds:,.0f} records/s, {done.stdout.strip()} MB"
            )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--scale", type=int, default=1_000_000)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or Path(folder, "data.jsonl")
        if given.file is None:
            write(path, perturbed(given.records, 1))
        quality(path, given.records)
    if given.scale:
        speed(given.scale, given.jobs)


if __name__ == "__main__":
    main()
