"""What is kept from run to run is never seen in a report: not what it is, not how old, not whether it is broken."""

from __future__ import annotations

import os
import random
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import corpus
import pytest
import running
import toys

from datalint import cache_folder, plugins, run, scan_cache
from datalint.config import Override, Settings, Where
from datalint.config_keys import Table
from datalint.executors import processes
from datalint.outcome import Outcome
from datalint.plugins import Plugins
from datalint.readers import chunks
from datalint.readers.chunks import Sizes
from datalint.scan import Worker

SMALL = Sizes(1500, 1000, 8000)
STRICT = b"""from datalint import Batch, rule, good, bad


@rule("OWN101", "my-count", category="suspicious", examples=[bad({"text": "a"}), good([])])
class MyCount:
    \"\"\"Too many records.

    Its state tells nobody where its records are.
    \"\"\"

    def map(self, batch: Batch, picked):
        return [batch.ref(k).key for k in range(len(batch))]

    def merge(self, one, other):
        return sorted({*one, *other})

    def finish(self, state, records):
        if state:
            yield records.record(state[-1]).finding(f"{len(state)} records")
"""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_cache, "LEAST", 0)
    monkeypatch.setattr(scan_cache, "SIZES", SMALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files of many chunks."""
    lines = corpus.lines(240, seed=7)
    running.write(tmp_path, {"a.jsonl": corpus.content(lines), "b.jsonl": corpus.content(lines[100:130])})
    return tmp_path


def settings(folder: Path, *names: str, **more: Any) -> Settings:
    common = {"cache": True, "cache_dir": folder / "kept", "rule_paths": (folder / "rules",)}
    return running.settings(folder, *(names or ("a.jsonl", "b.jsonl")), **(common | more))


@cache
def loaded(rules: tuple[Path, ...], text: bytes) -> Plugins:
    return plugins.load(Settings(rule_paths=rules))


def outcome_of(wanted: Settings) -> Outcome:
    rules = [p for folder in wanted.rule_paths for p in sorted(folder.glob("*.py"))]
    text = b"".join(p.read_bytes() for p in rules)
    return run.scan_paths(wanted, loaded(wanted.rule_paths if rules else (), text))[0]


def told(wanted: Settings) -> str:
    """All that a run says: findings, counts and what was not checked."""
    outcome = outcome_of(wanted)
    said = running.told(outcome, wanted)
    counts = {k: sorted(v.items()) if isinstance(v, dict) else v for k, v in vars(outcome.stats).items()}
    del counts["seconds"], counts["seconds_by_rule"]
    return "\n".join((said, repr(counts), repr(outcome.not_checked), repr(outcome.blanks), repr(outcome.trouble)))


def fresh(wanted: Settings) -> str:
    return told(replace(wanted, cache=False))


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes of each chunk that is scanned."""
    seen: list[int] = []
    scan = Worker.scan

    def noting(self: Worker, shard: Any) -> Any:
        seen.append(shard.stop - shard.start)
        return scan(self, shard)

    monkeypatch.setattr(Worker, "scan", noting)
    return seen


# ---- the law: whatever is kept, the report is that of a fresh run ----


def _insert(lines: list[bytes]) -> list[bytes]:
    return [*lines[:20], b'{"instruction": "Name a bird.", "input": "", "output": "A wren."}', *lines[20:]]


def _shuffled(lines: list[bytes]) -> list[bytes]:
    lines = list(lines)
    random.Random(3).shuffle(lines)
    return lines


EDITS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "nothing": lambda lines: lines,
    "a line more at the start": lambda lines: [b'{"text": "first"}', *lines],
    "a line more": _insert,
    "a line less": lambda lines: lines[:50] + lines[51:],
    "a line changed": lambda lines: [*lines[:50], b'{"instruction": "Hi", "output": "Hi"}', *lines[51:]],
    "a line at the end": lambda lines: [*lines, lines[3]],
    "no last lines": lambda lines: lines[:-40],
    "a blank line": lambda lines: [*lines[:9], b"", *lines[9:]],
    "lines in another order": _shuffled,
    "lines twice": lambda lines: [*lines, *lines],
    "a very long line": lambda lines: [*lines[:70], b'{"text": "' + b"word " * 4000 + b'"}', *lines[70:]],
}


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit(folder: Path, edit: str) -> None:
    wanted = settings(folder)
    assert told(wanted) == fresh(wanted), "kept for the first time"
    lines = (folder / "a.jsonl").read_bytes().split(b"\n")[:-1]
    (folder / "a.jsonl").write_bytes(corpus.content(EDITS[edit](lines)))
    assert told(wanted) == fresh(wanted)
    assert told(wanted) == fresh(wanted), "and once more"


FILES: dict[str, Callable[[Path], tuple[str, ...]]] = {
    "in another order": lambda folder: ("b.jsonl", "a.jsonl"),
    "under another name": lambda folder: (str((folder / "a.jsonl").rename(folder / "z.jsonl").name), "b.jsonl"),
    "in splits": lambda folder: (
        (folder / "a.jsonl").rename(folder / "x_train.jsonl").name,
        (folder / "b.jsonl").rename(folder / "x_test.jsonl").name,
    ),
    "with another suffix": lambda folder: ((folder / "a.jsonl").rename(folder / "a.json").name,),
    "without the last line feed": lambda folder: _rewritten(folder, lambda data: data.rstrip(b"\n")),
    "with a mark": lambda folder: _rewritten(folder, lambda data: b"\xef\xbb\xbf" + data),
    "with other line ends": lambda folder: _rewritten(folder, lambda data: data.replace(b"\n", b"\r\n")),
    "as one": lambda folder: _rewritten(folder, lambda data: data + (folder / "b.jsonl").read_bytes()),
}


def _rewritten(folder: Path, change: Callable[[bytes], bytes]) -> tuple[str, ...]:
    path = folder / "a.jsonl"
    path.write_bytes(change(path.read_bytes()))
    return ("a.jsonl", "b.jsonl")


@pytest.mark.parametrize("change", FILES)
def test_of_other_files(folder: Path, change: str) -> None:
    told(settings(folder))
    wanted = settings(folder, *FILES[change](folder))
    assert told(wanted) == fresh(wanted)


SETTINGS: dict[str, dict[str, Any]] = {
    "other rules": {"select": ("TXT", "DUP")},
    "other scopes": {"scopes": frozenset({"record"})},
    "an option": {"rules": Table({"filler-opening": {"max-rate": 0.0}})},
    "a severity": {"severity": Table({"TXT": "error"})},
    "a where": {"wheres": (Where(Table({"output": "42"}), ("ALL",)),)},
    "an override": {"overrides": (Override(("b.jsonl",), ignore=("TXT",), severity=Table({"QLT": "info"})),)},
    "a limit": {"max_record_bytes": 300},
    "a format": {"format": "text"},
    "an id": {"id_field": "id"},
}


@pytest.mark.parametrize("change", SETTINGS)
def test_with_other_settings(folder: Path, change: str) -> None:
    told(settings(folder))
    more = dict(SETTINGS[change])
    if "wheres" in more:
        more = {"overrides": tuple(Override(("*.jsonl",), where=w.where, ignore=w.ignore) for w in more["wheres"])}
    wanted = settings(folder, **more)
    assert told(wanted) == fresh(wanted)
    assert told(wanted) == fresh(wanted), "and once more"


def test_after_a_rule_was_rewritten(folder: Path) -> None:
    for text in (STRICT, STRICT.replace(b"if state:", b"if not state:"), Path(toys.__file__).read_bytes()):
        shutil.rmtree(folder / "rules", ignore_errors=True)
        running.write(folder, {f"rules/own_{len(text)}.py": text})
        wanted = settings(folder)
        assert told(wanted) == fresh(wanted)
        assert told(wanted) == fresh(wanted), "and once more"


def test_states_that_cannot_be_moved_are_made_again(folder: Path) -> None:
    running.write(folder, {"rules/own.py": STRICT})
    wanted = settings(folder)
    told(wanted)
    for change in (lambda data: b'{"text": "first"}\n' + data, lambda data: data[data.index(b"\n") + 1 :]):
        _rewritten(folder, change)
        said = told(wanted)
        assert said == fresh(wanted)
        assert "OWN101" in said


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_on_processes(folder: Path, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if method == "fork" and processes.start_method() != "fork":
        pytest.skip("forking is not safe here")
    monkeypatch.setattr(processes, "start_method", lambda: method)
    monkeypatch.setattr(run, "PARALLEL_BYTES", 0)
    wanted = settings(folder, jobs=2)
    truth = fresh(settings(folder))
    assert told(wanted) == truth
    (folder / "a.jsonl").write_bytes((folder / "a.jsonl").read_bytes() + b'{"text": "last"}\n')
    assert told(wanted) == fresh(settings(folder))


# ---- it is worth it ----


def test_only_what_changed_is_scanned(folder: Path, scanned: list[int]) -> None:
    wanted = settings(folder)
    told(wanted)
    assert len(scanned) > 10
    whole = sum(scanned)
    scanned.clear()
    told(wanted)
    assert scanned == []
    _rewritten(folder, lambda data: data.replace(b"three fruits", b"four fruits", 1))
    told(wanted)
    assert 0 < sum(scanned) < whole / 4
    scanned.clear()
    _rewritten(folder, lambda data: b'{"text": "first"}\n' + data)
    told(wanted)
    assert 0 < sum(scanned) < whole / 4


def test_little_data_is_not_worth_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_cache, "LEAST", 1 << 20)
    told(settings(folder))
    assert not (folder / "kept").exists()


@pytest.mark.parametrize("more", [{"cache": False}, {"maxfail": 1}])
def test_nothing_is_kept(folder: Path, more: dict[str, Any]) -> None:
    told(settings(folder, **more))
    assert not (folder / "kept").exists()


def test_chunks_of_a_crash_are_not_kept(folder: Path, scanned: list[int]) -> None:
    text = b'from datalint import Line\n\n\ndef check_own(line: Line):\n    """Falls."""\n    assert 1 / (b"17 + 25" not in line.raw)\n'
    running.write(folder, {"rules/own.py": text})
    wanted = settings(folder)
    said = told(wanted)
    assert "ZeroDivisionError" in said
    scanned.clear()
    assert told(wanted) == said
    assert scanned


# ---- whatever happens to it ----


def entries(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "kept").rglob("*") if p.is_file() and p.name != cache_folder.TAG)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "a bit": lambda path: path.write_bytes(path.read_bytes()[:-20] + b"!" + path.read_bytes()[-19:]),
    "of another kind": lambda path: path.write_bytes(cache_folder.digest(b"no pickle") + b"no pickle"),
    "gone": lambda path: path.unlink(),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_entries_are_as_none(folder: Path, damage: str) -> None:
    wanted = settings(folder)
    told(wanted)
    for path in entries(folder)[::2]:
        DAMAGES[damage](path)
    said = told(wanted)
    assert said.split("\n")[:-1] == fresh(wanted).split("\n")[:-1]


def test_entries_are_for_their_owner_only(folder: Path) -> None:
    told(settings(folder))
    assert entries(folder)
    for path in (folder / "kept/scans").rglob("*"):
        if path.name != cache_folder.TAG:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_a_folder_that_others_may_write_to_is_not_used(folder: Path) -> None:
    (folder / "kept/scans").mkdir(parents=True)
    (folder / "kept/scans").chmod(0o777)
    outcome = outcome_of(settings(folder))
    assert len(outcome.trouble) == 1
    assert "others may write" in outcome.trouble[0]
    assert entries(folder) == []


@pytest.mark.parametrize("at", ["kept", "kept/scans"])
def test_a_folder_that_cannot_be_made_is_told_once(folder: Path, at: str) -> None:
    (folder / at).parent.mkdir(exist_ok=True)
    (folder / at).write_bytes(b"")
    outcome = outcome_of(settings(folder))
    assert len(outcome.trouble) == 1
    assert outcome.stats.records > 200


def test_a_full_disk_is_told_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, body: bytes) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(cache_folder, "write", full)
    wanted = settings(folder)
    outcome = outcome_of(wanted)
    assert outcome.trouble == [
        f"what is found is not kept for the next run: {folder}/kept/scans: no space left on device"
    ]
    assert running.told(outcome, wanted) == running.told(outcome_of(replace(wanted, cache=False)), wanted)


def test_a_file_that_changes_while_it_is_read_leaves_nothing_wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = settings(folder, "a.jsonl")
    before = (folder / "a.jsonl").read_bytes()
    cut = chunks.chunks

    def cutting(*given: Any, **more: Any) -> Iterator[Any]:
        made = list(cut(*given, **more))
        (folder / "a.jsonl").write_bytes(before.replace(b"pear", b"plum"))
        yield from made

    monkeypatch.setattr(scan_cache, "chunks", cutting)
    outcome_of(wanted)
    monkeypatch.undo()
    for data in (before, before.replace(b"pear", b"plum")):
        (folder / "a.jsonl").write_bytes(data)
        assert told(wanted) == fresh(wanted)


def test_what_was_of_no_use_for_longest_goes_first(folder: Path) -> None:
    told(settings(folder))
    found = sorted(entries(folder))
    for age, path in enumerate(found):
        os.utime(path, (1e9 - age, 1e9 - age))
    litter = found[0].parent / f"x{cache_folder.LEFT}"
    litter.write_bytes(b"")
    os.utime(litter, (1e9, 1e9))
    most = sum(p.stat().st_size for p in found) // 2
    cache_folder.tidy(folder / "kept/scans", most)
    left = sorted(entries(folder))
    assert 0 < sum(p.stat().st_size for p in left) <= most
    assert left == found[: len(left)]


def test_fixing_goes_by_what_is_kept(folder: Path, scanned: list[int]) -> None:
    copy = folder / "copy"
    copy.mkdir()
    for name in ("a.jsonl", "b.jsonl"):
        shutil.copy(folder / name, copy / name)
    first = settings(folder)
    told(first)
    plain, kept = (running.fix(replace(s, cache=c), unsafe=True) for s, c in ((settings(copy), False), (first, True)))
    assert kept.stats.fixed == plain.stats.fixed
    assert kept.stats.fixed.total() > 10
    for name in ("a.jsonl", "b.jsonl"):
        assert (folder / name).read_bytes() == (copy / name).read_bytes()


def test_no_more_is_kept_than_there_is_room_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_cache, "MOST", 1_000_000)
    monkeypatch.setattr(scan_cache, "_SHARE", 0.01)
    wanted = settings(folder)
    assert told(wanted) == fresh(wanted)
    kept = entries(folder)
    assert 0 < len(kept) < 10
    assert told(wanted) == fresh(wanted)
    assert entries(folder) == kept
