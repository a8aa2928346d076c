"""Equal records find each other, one for one; what is left over is on one side only."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from datalint.contents import Side, compare, content, trim
from datalint.readers.common import shared
from datalint.readers.opening import open_source

LIMIT = 1 << 20


def side(folder: Path, files: Sequence[tuple[str, bytes]]) -> Side:
    folder.mkdir(exist_ok=True)
    sources = []
    for n, (name, data) in enumerate(files):
        (folder / f"{n}{Path(name).suffix}").write_bytes(data)
        sources.append(open_source(n, str(folder / f"{n}{Path(name).suffix}"), name, limit=LIMIT))
    return Side(sources, [name for name, _ in files], LIMIT)


def made(seed: int) -> list[tuple[str, bytes]]:
    rng = random.Random(seed)
    files = []
    for name in ("a.jsonl", "b.jsonl", "c.json")[: rng.randint(1, 3)]:
        rows = [{"n": rng.randrange(6), "m": 1} for _ in range(rng.randrange(12))]
        rows = [dict(sorted(r.items())) if rng.random() < 0.3 else r for r in rows]
        if name == "c.json":
            data = json.dumps(rows or [{}], indent=rng.choice((None, 1))).encode()
        else:
            data = b"".join(json.dumps(r).encode() + b"\n" for r in rows)
            data = data[: -rng.randrange(2)] if data and rng.random() < 0.3 else data
        files.append((name, data))
    return files


def counted(one: Side) -> Counter[bytes]:
    return Counter(content(one_line.raw) for one_line in one.picked(range_of(one)))


def range_of(one: Side):  # type: ignore[no-untyped-def]
    import numpy as np

    return np.arange(len(one.hashes))


@pytest.mark.parametrize("seed", range(60))
def test_what_is_left_is_what_counting_leaves(tmp_path: Path, seed: int) -> None:
    old, new = side(tmp_path / "old", made(seed)), side(tmp_path / "new", made(seed + 1000))
    left = compare(old, new)
    gone = Counter(content(line.raw) for line in old.picked(left.old))
    fresh = Counter(content(line.raw) for line in new.picked(left.new))
    assert gone == counted(old) - counted(new)
    assert fresh == counted(new) - counted(old)
    shorter = side(tmp_path / "old", made(seed)), side(tmp_path / "new", made(seed + 1000))
    trim(*shorter)
    again = compare(*shorter)
    assert Counter(content(line.raw) for line in shorter[0].picked(again.old)) == gone
    assert Counter(content(line.raw) for line in shorter[1].picked(again.new)) == fresh


def test_the_last_of_equal_records_are_left(tmp_path: Path) -> None:
    old = side(tmp_path / "old", [("a.jsonl", b'{"a": 1}\n')])
    new = side(tmp_path / "new", [("a.jsonl", b'{"a":1}\n{"a": 1}\n{"a": 1}\n')])
    assert compare(old, new).new.tolist() == [0, 2]


def test_lines_are_picked_with_their_places(tmp_path: Path) -> None:
    array = b'[\n {"a": 1},\n\n {"b":\n 2}\n]'
    one = side(tmp_path / "x", [("a.jsonl", b'{"c": 1}\n\n{"d": 2}\n'), ("b.json", array)])
    import numpy as np

    picked = list(one.picked(np.array([2, 3, 4])))
    assert [(line.source.display, line.line, line.raw) for line in picked] == [
        ("a.jsonl", 3, b'{"d": 2}'), ("b.json", 2, b'{"a": 1}'), ("b.json", 4, b'{"b":\n 2}'),
    ]  # fmt: skip


SAME = [
    (b"", b"", 0, 0),
    (b"a\n", b"a\n", 2, 0),
    (b"a\nb\n", b"a\nc\n", 2, 0),
    (b"a\nb\nc\n", b"a\nx\nc\n", 2, 2),
    (b"a\nc\n", b"a\nb\nc\n", 2, 2),
    (b"x\nc\n", b"y\nc\n", 0, 2),
    (b"a\nb", b"a\nbc", 2, 0),
    (b"ab\n", b"b\n", 0, 0),
    (b"a\na\n", b"a\na\na\n", 4, 0),
]


@pytest.mark.parametrize(("old", "new", "start", "end"), SAME)
@pytest.mark.parametrize("step", [1, 2, 3, 1 << 20])
def test_what_files_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bytes, new: bytes, start: int, end: int, step: int
) -> None:
    monkeypatch.setattr("datalint.readers.common._STEP", step)
    one, other = side(tmp_path / "old", [("a.jsonl", old)]), side(tmp_path / "new", [("a.jsonl", new)])
    assert shared(one.sources[0], other.sources[0]) == (start, end)
    assert shared(other.sources[0], one.sources[0]) == (start, end)


@pytest.mark.parametrize("seed", range(40))
def test_what_files_share_is_the_same_and_whole_lines(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    monkeypatch.setattr("datalint.readers.common._STEP", rng.randint(1, 9))
    old, new = (bytes(rng.choice(b"ab\n") for _ in range(rng.randrange(40))) for _ in "12")
    cut = rng.randrange(40)
    new = old[:cut] + new[:3] + old[cut + rng.randrange(3) :]
    one, other = side(tmp_path / "old", [("a.jsonl", old)]), side(tmp_path / "new", [("a.jsonl", new)])
    start, end = shared(one.sources[0], other.sources[0])
    assert start + end <= min(len(old), len(new))
    assert old[:start] == new[:start]
    assert old[:start][-1:] in (b"", b"\n")
    assert old[len(old) - end :] == new[len(new) - end :]
    for data in (old, new):
        assert not end or data[: len(data) - end][-1:] in (b"", b"\n")
