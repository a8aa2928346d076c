"""Chunks end where the content says so."""

from __future__ import annotations

import random
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pytest

from datalint.readers import Shard
from datalint.readers.chunks import DIGEST, Sizes, chunks
from datalint.readers.opening import open_source

SIZES = Sizes(3000, 2000, 12_000)


def cut(path: Path, sizes: Sizes = SIZES, *, told: bool = True) -> list[Shard]:
    return list(chunks(open_source(0, str(path), path.name, limit=1 << 24), sizes, told=told))


def made(count: int, size: int, seed: int = 1, tail: str = "}") -> list[bytes]:
    """Lines of about ``size`` bytes, all with the same end."""
    rng = random.Random(seed)
    return [f'{{"n": {n}, "text": "{rng.randbytes(rng.randrange(1, size)).hex()}"{tail}'.encode() for n in range(count)]


CONTENTS: dict[str, bytes] = {
    "short lines": b"\n".join(made(3000, 20)) + b"\n",
    "the same tails": b"\n".join(made(2000, 60, tail=', "source": "a model", "licence": "none"}')) + b"\n",
    "long lines": b"\n".join(made(60, 4000)) + b"\n",
    "one line over and over": b'{"text": "the same"}\n' * 5000,
    "blank lines": b"\n" * 40_000,
    "one line": b'"' + b"x" * 50_000 + b'"',
    "no last line feed": b"\n".join(made(500, 90)),
    "a mark": b"\xef\xbb\xbf" + b"\n".join(made(500, 90)) + b"\n",
    "no UTF-8": random.Random(4).randbytes(100_000),
    "short": b'{"text": "a"}\n',
    "nothing": b"",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_chunks_are_all_of_the_data(name: str, tmp_path: Path) -> None:
    data = CONTENTS[name]
    path = tmp_path / "a.jsonl"
    path.write_bytes(data)
    found = cut(path)
    first = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    assert [s.start for s in found] == [first, *(s.stop for s in found[:-1])][: len(found)]
    assert [s.last for s in found] == [False] * (len(found) - 1) + [True] * bool(found)
    for shard in found:
        part = data[shard.start : shard.stop]
        assert shard.relative
        assert part.endswith(b"\n") or shard.stop == len(data)
        assert shard.digest == blake2b(part, digest_size=DIGEST).digest()
    plain = cut(path, told=False)
    assert [(s.start, s.stop, s.digest) for s in plain] == [(s.start, s.stop, b"") for s in found]


@pytest.mark.parametrize("name", ["short lines", "the same tails", "one line over and over", "blank lines"])
def test_sizes(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(CONTENTS[name])
    sizes = [s.stop - s.start for s in cut(path)]
    assert min(sizes[:-1]) >= SIZES.least
    assert max(sizes) <= SIZES.most + 2 * SIZES.spread
    if name in ("short lines", "the same tails"):
        assert 3500 < sum(sizes) / len(sizes) < 7000


EDITS: dict[str, Callable[[list[bytes], int], object]] = {
    "a line more": lambda lines, at: lines.insert(at, b'{"text": "new"}'),
    "a line less": lambda lines, at: lines.pop(at),
    "a line changed": lambda lines, at: lines.__setitem__(at, b'{"text": "new"}'),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("name", ["short lines", "the same tails", "long lines"])
def test_an_edit_changes_the_chunks_around_it(name: str, edit: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(CONTENTS[name])
    before = {s.digest for s in cut(path)}
    rng = random.Random(9)
    new = []
    for _ in range(20):
        lines = CONTENTS[name].split(b"\n")
        EDITS[edit](lines, rng.randrange(len(lines) - 1))
        path.write_bytes(b"\n".join(lines))
        new.append(len({s.digest for s in cut(path)} - before))
    assert sum(new) / len(new) <= 2, new
    assert max(new) <= 8
