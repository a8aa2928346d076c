"""The laws of the engine: how the data is cut, who does the work and in which order is never seen in a report."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import corpus
import pytest
import running
import toys

from datalint import plugins, run, scan
from datalint.config import Settings
from datalint.executors import processes
from datalint.model import Finding
from datalint.outcome import Outcome, order
from datalint.plugins import Plugins
from datalint.rule import RuleSpec
from datalint.rule_folders import specs_in

DATASET_RULES = [spec for spec in (*running.specs(), *specs_in(toys)) if spec.card.unit == "dataset"]
dataset_rules = pytest.mark.parametrize("spec", DATASET_RULES, ids=lambda s: s.card.code)


def files() -> dict[str, bytes]:
    """The same nastiness in every kind of file."""
    lines = corpus.lines(300, seed=2)
    whole = [json.loads(line) for line in corpus.lines(60, seed=3) if _is_object(line)]
    return {
        "plain.jsonl": corpus.content(lines),
        "more/plain.jsonl": corpus.content(corpus.lines(120, seed=4)),
        "windows.jsonl": b"\xef\xbb\xbf" + corpus.content(lines[:80]).replace(b"\n", b"\r\n"),
        "mixed-ends.jsonl": b"".join(line + (b"\r\n" if n % 5 else b"\n") for n, line in enumerate(lines[:60])),
        "open-end.jsonl": corpus.content(lines[100:140]).rstrip(b"\n"),
        "blanks.jsonl": b"\n\n" + b"\n\n\n".join(lines[140:160]) + b"\n\n",
        "packed.jsonl.gz": gzip.compress(corpus.content(lines[200:260]), mtime=0),
        "array.json": json.dumps(whole, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass"),
        "one-line-array.json": json.dumps(whole[:30]).encode(),
        "empty.jsonl": b"",
    }


def settings(folder: Path, *names: str, **more: Any) -> Settings:
    return running.settings(folder, *names, rule_paths=(folder / "rules",), **more)


def outcome_of(wanted: Settings) -> Outcome:
    return run.scan_paths(wanted, loaded(wanted.cwd))[0]


@cache
def loaded(folder: Path) -> Plugins:
    """The built-in rules and the toys."""
    return plugins.load(settings(folder))


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all files."""
    made = tmp_path_factory.mktemp("laws")
    running.write(made, {**files(), "rules/toys.py": Path(toys.__file__).read_bytes()})
    return made


@pytest.fixture(scope="module")
def names() -> tuple[str, ...]:
    """The files in the order they are checked."""
    return tuple(files())


def report(folder: Path, names: tuple[str, ...], **more: Any) -> str:
    wanted = settings(folder, *names, **more)
    return running.told(outcome_of(wanted), wanted)


@pytest.fixture(scope="module")
def truth(folder: Path, names: tuple[str, ...]) -> str:
    """The report of a run in one piece."""
    told = report(folder, names)
    assert told.count("\n") > 500, "the laws need something to be true of"
    assert "TOY101" in told
    assert "TOY102" in told
    return told


# ---- how the data is cut ----


@pytest.mark.parametrize(
    ("shard", "block"), [(1 << 22, 1 << 20), (1 << 13, 1 << 11), (1 << 13, 1 << 30), (900, 400), (1, 1)]
)
def test_the_report_does_not_tell_how_files_were_cut(
    folder: Path, names: tuple[str, ...], truth: str, shard: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SHARD_BYTES", shard)
    monkeypatch.setattr(scan, "BLOCK_BYTES", block)
    same(report(folder, names), truth)


def same(told: str, truth: str) -> None:
    """Compare line by line: the first line that differs says more than two long texts."""
    for one, other in zip(told.splitlines(), truth.splitlines(), strict=False):
        assert one == other
    assert told == truth


# ---- who does the work ----


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_tell_what_one_process_tells(
    folder: Path, names: tuple[str, ...], truth: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if method == "fork" and processes.start_method() != "fork":
        pytest.skip("forking is not safe here")
    monkeypatch.setattr(processes, "start_method", lambda: method)
    monkeypatch.setattr(run, "PARALLEL_BYTES", 0)
    monkeypatch.setattr(run, "SHARD_BYTES", 1 << 13)
    same(report(folder, names, jobs=2), truth)


# ---- in which order ----


def test_findings_on_records_do_not_depend_on_the_order_of_files(folder: Path, names: tuple[str, ...]) -> None:
    def found(some: tuple[str, ...]) -> Counter[Any]:
        outcome = outcome_of(settings(folder, *some, scopes=frozenset({"record", "file"})))
        return Counter((f.code, outcome.paths[_source(f)], f.ref and f.ref.line, f.pointer, f.span, f.message)
                       for f in outcome.findings)  # fmt: skip

    assert found(names) == found(names[::-1])


def _source(finding: Finding) -> int:
    source = finding.ref.source if finding.ref is not None else finding.source
    assert source is not None, finding
    return source


@pytest.fixture(scope="module")
def parts(folder: Path) -> Any:
    """One file in a few batches, and whoever reads its records again."""
    made = list(running.batches(folder / "plain.jsonl", 1 << 14))
    assert len(made) > 2
    return made, running.scan(running.settings(folder, "plain.jsonl", select=())).records


@dataset_rules
def test_merging_is_associative_and_commutative(spec: RuleSpec, parts: Any) -> None:
    batches, records = parts
    rule = running.live(spec, running.TRAINING)

    def said(state: Any) -> list[Finding]:
        return sorted(rule.finish(state, records), key=order)

    def states(picked: tuple[int, ...]) -> Iterator[Any]:
        return (running.state(rule, batches[n]) for n in picked)

    def left(picked: tuple[int, ...]) -> Any:
        first, *rest = states(picked)
        for more in rest:
            first = rule.merge(first, more)
        return first

    def right(picked: tuple[int, ...]) -> Any:
        *rest, last = states(picked)
        for more in rest[::-1]:
            last = rule.merge(more, last)
        return last

    three = (0, 1, 2)
    wanted = said(left(three))
    for picked in permutations(three):
        assert said(left(picked)) == wanted, picked
        assert said(right(picked)) == wanted, picked


@dataset_rules
def test_a_state_says_the_same_however_the_data_is_cut(spec: RuleSpec, folder: Path, parts: Any) -> None:
    rule, records = running.live(spec, running.TRAINING), parts[1]
    said = []
    for size in (1 << 30, 1 << 14, 1 << 9):
        state = None
        for number, batch in enumerate(running.batches(folder / "plain.jsonl", size)):
            new = running.state(rule, batch)
            state = new if not number else rule.merge(state, new)
        said.append(sorted(rule.finish(state, records), key=order))
    assert said[0] == said[1] == said[2]
