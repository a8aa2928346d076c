"""Near-duplicates: how right and how fast, beside others that are installed, on made-up records or on your own.

    python benchmarks/near_duplicates.py [--records 10000] [--scale 1000000] [--jobs 2] [FILE]

Truth is brute force: every pair of records whose word shingles have a Jaccard similarity of 0.8 or more, counted over
all shingles they share. A pair counts as found when one of the two is reported. datalint asks besides that the answers
agree, so that two questions about one text are not taken for one: "agreeing" is the recall of those pairs alone.
Precision is the share of reported pairs that are similar. The speed of the others is that of their own way of doing it
from texts in memory, single-handed; that of datalint is a whole run, reading and parsing included. Missing packages are
left out.
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
from typing import Any

import generate

Pair = tuple[int, int]
SIMILAR = 0.8
UNSAID = {"id", "role", "from", "system", "tools", "category", "source"}  # keys
CHECK = [sys.executable, "-m", "datalint", "check", "--isolated", "--no-cache", "--exit-zero", "-q"]
DUPLICATES = "DUP101,DUP102,DUP103"
PEAK = (
    "import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], check=True)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
)
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


def parsed(path: Path, most: int) -> list[Any]:
    """The first records of a file."""
    with path.open(encoding="utf-8") as f:
        return [json.loads(line) for line, _ in zip(f, range(most), strict=False)]


def strings(value: object) -> Iterator[str]:
    """Every string in a JSON value that is said, in the commonest shapes."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if not any(isinstance(item, dict) and "system" in item.values() for item in value[:1]):
            yield from (string for item in value for string in strings(item))
        else:
            yield from (string for item in value[1:] for string in strings(item))
    elif isinstance(value, dict):
        yield from (string for key, item in value.items() if key not in UNSAID for string in strings(item))


# ---- truth ----


def split(text: str) -> list[str]:
    """Words, in lower case; characters of scripts without spaces."""
    return re.findall(r"[\u3041-\u9fff]|[^\W_\u3041-\u9fff]+", text.lower())


def shingles(text: str) -> frozenset[str]:
    """Three words in a row, two in texts below eight words, five characters of scripts without spaces."""
    words = split(text)
    wide = 2 * sum("\u3041" <= word[0] <= "\u9fff" for word in words) > len(words)
    span = 5 if wide else 2 if len(words) < 8 else 3
    return frozenset(" ".join(words[n : n + span]) for n in range(max(len(words) - span + 1, 0)))


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


# ---- who finds what: pairs of a record that is kept and one that is not ----


def by_datalint(path: Path, records: list[Any]) -> set[Pair]:
    """Pairs of datalint: the record named and the one reported."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder, "part.jsonl")
        with path.open("rb") as f:
            part.write_bytes(b"".join(line for line, _ in zip(f, range(len(records)), strict=False)))
        argv = [*CHECK, str(part), "--select", DUPLICATES, "--output-format", "jsonl"]
        done = subprocess.run(argv, stdout=subprocess.PIPE, check=True)
    findings = [found for line in done.stdout.splitlines() if "code" in (found := json.loads(line))]
    return {(f["related"][0]["line"] - 1, f["line"] - 1) for f in findings}


def by_datasketch(path: Path, records: list[Any]) -> set[Pair]:
    """datasketch as its pages show it: 128 permutations, LSH laid out for the threshold."""
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found]

    lsh, found = MinHashLSH(threshold=SIMILAR, num_perm=128), set()
    for k, record in enumerate(records):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([s.encode() for s in shingles("\n".join(strings(record)))])
        found |= {(other, k) for other in lsh.query(sketch)}
        lsh.insert(k, sketch)
    return found


def by_rensa(path: Path, records: list[Any]) -> set[Pair]:
    """rensa with its own LSH, 128 permutations in 16 bands."""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found]

    lsh, found = RMinHashLSH(threshold=SIMILAR, num_perm=128, num_bands=16), set()
    for k, record in enumerate(records):
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update(list(shingles("\n".join(strings(record)))))
        found |= {(other, k) for other in lsh.query(sketch)}
        lsh.insert(k, sketch)
    return found


def by_semhash(path: Path, records: list[Any]) -> set[Pair]:
    """semhash by its model of words: needs the model."""
    from semhash import SemHash  # type: ignore[import-not-found]

    said = ["\n".join(strings(record)) for record in records]
    numbers = {text: k for k, text in reversed(list(enumerate(said)))}
    removed = SemHash.from_records(records=said).self_deduplicate().filtered
    return {(numbers[other], numbers[r.record]) for r in removed for other, _ in r.duplicates[:1]}


FINDERS: dict[str, Callable[[Path, list[Any]], set[Pair]]] = {
    "datalint": by_datalint,
    "datasketch": by_datasketch,
    "rensa": by_rensa,
    "semhash": by_semhash,
}


def agreeing(records: list[Any], pair: Pair) -> bool:
    """Whether the answers have four fifths of their words in common, and brief ones all numbers."""
    one, other = (set(split(answer(records[k]))) for k in pair)
    numbers = [{word for word in words if word[0].isdigit()} for words in (one, other)]
    either = len(one | other)
    return 5 * len(one & other) >= 4 * either and (either > 30 or numbers[0] == numbers[1])


def answer(record: Any) -> str:
    """What the model is to say, in the commonest shapes."""
    if isinstance(record, dict):
        for key in ("output", "response", "completion", "answer"):
            if isinstance(record.get(key), str):
                return str(record[key])
        for key, text in (("messages", "content"), ("conversations", "value")):
            if isinstance(record.get(key), list):
                turns = [turn for turn in record[key] if turn.get("role", turn.get("from")) in ("assistant", "gpt")]
                return "\n".join(str(turn.get(text)) for turn in turns)
    return ""


def share(found: set[Pair], pairs: Iterable[Pair]) -> float:
    """The share of pairs of which one record is reported. Found pairs name the record kept first."""
    reported = {other for _, other in found}
    wanted = list(pairs)
    return sum(one in reported or other in reported for one, other in wanted) / max(len(wanted), 1)


def quality(path: Path, most: int) -> None:
    """A table of who finds what."""
    records = parsed(path, most)
    started = time.perf_counter()
    sets = [shingles("\n".join(strings(record))) for record in records]
    truth = brute(sets)
    agree = [pair for pair in truth if agreeing(records, pair)]
    seconds = time.perf_counter() - started
    print(f"{len(sets):,} records, {len(truth):,} pairs, {len(agree):,} agree (brute force: {seconds:.1f} s)")
    print(f"{'':12} {'recall':>8} {'agreeing':>9} {'precision':>10} {'records/s':>10}")
    for name, find in FINDERS.items():
        started = time.perf_counter()
        try:
            found = find(path, records)
        except (ImportError, OSError) as error:
            print(f"{name:12} {error}")
            continue
        seconds = time.perf_counter() - started
        right = sum((min(pair), max(pair)) in truth for pair in found) / max(len(found), 1)
        speed = len(records) / seconds
        print(f"{name:12} {share(found, truth):8.4f} {share(found, agree):9.4f} {right:10.4f} {speed:10,.0f}")


# ---- how fast ----


def speed(count: int, jobs: int) -> None:
    """Whole runs over made-up records, and the memory of the largest process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.jsonl")
        write(path, perturbed(count, 1))
        for rules in ("DUP101", DUPLICATES):
            argv = [*CHECK, path, "--select", rules, "--jobs", str(jobs), "-o", os.devnull]
            started = time.perf_counter()
            done = subprocess.run([sys.executable, "-c", PEAK, *argv], capture_output=True, text=True, check=True)
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
