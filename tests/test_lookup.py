"""Looking up a record gives what the scan saw."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import BOM

from datalint import lookup as lookup_module
from datalint.batch import Batch
from datalint.loading import load_batch
from datalint.lookup import RecordLookup
from datalint.model import Ref
from datalint.readers import Shard, Source, reader
from datalint.readers.opening import open_source
from datalint.shapes import Detector, builtin
from datalint.views import Record

LIMIT = 60
DETECTOR = Detector(builtin())
LINES = st.lists(
    st.sampled_from(
        [b'{"text": "one"}', b"", b"\r", b'{"broken"', BOM + b'{"text": "two"}', b"[1]", b'{"text": "' + b"x" * 60 + b'"}',
         b'{"messages": [{"role": "user", "content": "Hi"}]}', b"\xff", b" "]
    ),
    max_size=15,
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where files are written again and again."""
    return tmp_path_factory.mktemp("lookup")


def scanned(source: Source, size: int, block: int) -> tuple[RecordLookup, list[tuple[Ref, Record]]]:
    """A lookup, and every line as a scan sees it, with lines counted from the start of the source."""
    placed: list[Shard] = []
    seen: list[tuple[Ref, Record]] = []
    for shard in reader(source.reader).shards(source, size):
        shift = len(seen) if shard.relative else 0
        for batch in batches(source, shard, block):
            for k in range(len(batch)):
                ref = batch.ref(k)
                seen.append((ref._replace(line=ref.line + shift, index=ref.index + shift), batch.record(k)))
        placed.append(replace(shard, line=shard.line + shift, index=shard.index + shift, relative=False))
    return RecordLookup([source], {0: placed}, [DETECTOR], LIMIT), seen


def batches(source: Source, shard: Shard, size: int) -> Iterator[Batch]:
    for block in reader(source.reader).blocks(source, shard, size, LIMIT):
        yield load_batch(0, source.display, block, DETECTOR, source.facts)


def check(path: Path, size: int, block: int) -> int:
    source = open_source(0, str(path), path.name, limit=1 << 20)
    found, seen = scanned(source, size, block)
    assert [ref.index for ref, _ in seen] == list(range(len(seen)))
    for ref, record in seen:
        for again in (found.at(ref), found.record(ref.key), found.at(ref)):
            assert again.ref == ref
            assert again.raw == record.raw
            assert again.data == record.data
            assert again.layout == record.layout
            assert again.texts == record.texts
            assert again._batch.facts == record._batch.facts
        assert found.record(ref.key)._batch.refusals.get(0) == record._batch.refusals.get(record._k)
    for some in (seen, seen[1::2], seen[::-3]):
        together = [batch.record(k) for batch in found.batches([ref.key for ref, _ in some]) for k in range(len(batch))]
        by_place = sorted(some, key=lambda one: one[0].offset)
        assert [(r.ref, r.raw, r.data) for r in together] == [(ref, r.raw, r.data) for ref, r in by_place]
        assert list(found.located(ref.key for ref, _ in some)) == [(ref, source.display) for ref, _ in by_place]
    return len(seen)


@given(LINES, st.booleans(), st.integers(1, 200), st.integers(1, 200))
def test_lines(folder: Path, lines: list[bytes], marked: bool, size: int, block: int) -> None:
    (folder / "data.jsonl").write_bytes((BOM if marked else b"") + b'{"text": "first"}\n' + b"\n".join(lines))
    assert check(folder / "data.jsonl", size, block) >= len(lines)


@given(LINES, st.sampled_from([b",", b",\n  ", b"\n,"]), st.integers(1, 200), st.integers(1, 200))
def test_arrays(folder: Path, lines: list[bytes], comma: bytes, size: int, block: int) -> None:
    (folder / "data.json").write_bytes(b"[\n  " + comma.join([b'{"text": "first"}', *lines]) + b"\n]\n")
    assert check(folder / "data.json", size, block)


def test_compressed_files_and_values(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl.gz").write_bytes(gzip.compress(b'{"text": "one"}\n\n{"text": "two"}\n'))
    assert check(tmp_path / "data.jsonl.gz", 10, 10) == 3
    (tmp_path / "values.json").write_bytes(b'{\n "text": "one"\n}\n{\n "text": "two"\n}\n')
    assert check(tmp_path / "values.json", 10, 10) == 2


def test_no_record_at_that_place(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_bytes(b'{"text": "one"}\n{"text": "two"}\n')
    source = open_source(0, str(tmp_path / "data.jsonl"), "data.jsonl", limit=LIMIT)
    found, seen = scanned(source, 100, 100)
    for offset in (1, 15, 17, 32, 1000):
        with pytest.raises(KeyError):
            found.record(offset)
        with pytest.raises(KeyError):
            list(found.batches([offset]))
        with pytest.raises(KeyError):
            list(found.located([offset]))
    assert found.record(seen[1][0].key).data == {"text": "two"}


@pytest.mark.parametrize("change", ["gone", "longer", "same size"])
def test_a_source_that_changed_is_not_read(tmp_path: Path, change: str) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(b'{"text": "one"}\n{"text": "two"}\n')
    source = open_source(0, str(path), "data.jsonl", limit=LIMIT)
    found, seen = scanned(source, 100, 100)
    before = found.at(seen[0][0])
    path.unlink()
    if change != "gone":
        path.write_bytes(b'{"text": "ONE"}\n{"text": "TWO"}\n' + (b"{}\n" if change == "longer" else b""))
        if path.stat().st_ino == source.stamp.inode and path.stat().st_mtime_ns == source.stamp.mtime_ns:
            pytest.skip("the file system tells no difference")
    with pytest.raises(KeyError):
        found.at(seen[1][0])
    with pytest.raises(KeyError):
        found.record(seen[1][0].key)
    with pytest.raises(KeyError):
        list(found.batches([seen[1][0].key]))
    assert found.at(seen[0][0]) is before


def test_only_some_places_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup_module, "_KEPT", 3)
    (tmp_path / "data.jsonl").write_bytes(b'{"text": "one"}\n' * 50)
    source = open_source(0, str(tmp_path / "data.jsonl"), "data.jsonl", limit=LIMIT)
    found, seen = scanned(source, 16, 16)
    for ref, _ in [*seen, *seen[::-1], *seen[::7]]:
        assert found.record(ref.key).ref == ref
        assert len(found._places) <= 3


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b'{"a": 1}\n{"a": 2}\n', [0, 0]),
        (b'[{"a": 1}, {"a": 2}]', [1, 11]),
        (b'[\n  {"a": 1},\n  {"a": 2}\n]', [2, 2]),
        ('[{"é": "日"}, {"a": 2}, {"a": 3}]'.encode(), [1, 13, 23]),
        (BOM + b'[{"a": 1}, {"a": 2}]', [1, 11]),
        (b'[{"a":\n 1}, {"a": 2}]', [1, 5]),
        (b"[" + b" " * 99_999 + b'{"a": 1},' + b" " * 70_000 + b'{"a": 2}]', [100_000, 170_009]),
    ],
)
def test_what_stands_before_a_record_on_its_line(folder: Path, data: bytes, wanted: list[int]) -> None:
    path = folder / "data.json"
    path.write_bytes(data)
    source = open_source(0, str(path), "data.json", limit=LIMIT)
    lookup = RecordLookup([source], {}, [DETECTOR], LIMIT)
    cut = reader(source.reader)
    refs = [
        Ref(0, offset, len(raw), block.lines[k] if block.lines else block.line + k, k)
        for shard in cut.shards(source, 1 << 20)
        for block in cut.blocks(source, shard, 1 << 20, LIMIT)
        for k, (raw, offset) in enumerate(zip(block.raws, block.offsets, strict=True))
    ]
    assert [lookup.before(ref) for ref in refs] == wanted
    assert [lookup.before(ref) for ref in reversed(refs)] == wanted[::-1]
    path.write_bytes(b"")
    assert lookup.before(refs[0]) == 0
