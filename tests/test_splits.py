"""Splits: declared, told by names, read beside what is checked, and what leaks from one to the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import running
from datalint_rules.splits import _grams

from datalint.config import load
from datalint.config_keys import Table
from datalint.errors import ConfigError, UsageError
from datalint.outcome import Outcome

LONG = "The old ferry leaves the harbour at seven, crosses the strait in forty minutes and comes back with the fishermen at noon."
ASKED = (
    f"{LONG} When does the ferry cross back, and who is on board then? Give the hour and the trade of the passengers."
)


def asked(prompt: str, answer: str = "At noon, with fishermen.", **more: Any) -> dict[str, Any]:
    return {"prompt": prompt, "completion": answer, **more}


def put(folder: Path, **files: list[Any]) -> None:
    made = {name.replace("__", "/"): records for name, records in files.items()}
    running.write(folder, {f"{n}.jsonl": "".join(json.dumps(r) + "\n" for r in rs).encode() for n, rs in made.items()})


def splits(**named: str) -> tuple[Table, ...]:
    return tuple(Table({"name": name, "files": (files,)}) for name, files in named.items())


def check(folder: Path, *paths: str, **more: Any) -> Outcome:
    return running.scan(running.settings(folder, *paths, **({"select": ("SPL101", "SPL102", "SPL103")} | more)))


def told(outcome: Outcome) -> list[tuple[str, str, int, str, int]]:
    found = [(f, f.ref, f.related[0].ref) for f in outcome.findings if f.ref is not None]
    return [(f.code, outcome.paths[a.source], a.line, outcome.paths[b.source], b.line) for f, a, b in found]


def test_an_evaluation_file_is_read_beside_what_is_checked(tmp_path: Path) -> None:
    put(
        tmp_path,
        train=[asked("Why?"), asked(ASKED)],
        evaluation__items=[asked("Hm"), asked("Ha"), asked(ASKED, "Noon.")],
    )
    outcome = check(
        tmp_path, "train.jsonl", splits=splits(train="train.jsonl", ferry=f"{tmp_path.as_posix()}/evaluation/*.jsonl")
    )
    assert told(outcome) == [("SPL101", "train.jsonl", 2, "evaluation/items.jsonl", 3)]
    (finding,) = outcome.findings
    assert finding.message == "the prompt is in split 'ferry' too: evaluation/items.jsonl:3"
    assert finding.fix is not None
    assert (outcome.stats.files, outcome.stats.records) == (1, 2), "files beside are not counted"
    assert outcome.records.at(finding.related[0].ref).data["completion"] == "Noon."
    assert outcome.not_checked == []


def test_where_only_the_test_is_checked_it_is_reported_without_a_fix(tmp_path: Path) -> None:
    put(tmp_path, train=[asked(ASKED)], test=[asked(ASKED)])
    outcome = check(tmp_path, "test.jsonl", splits=splits(train="train.jsonl", test="test.jsonl"))
    assert told(outcome) == [("SPL101", "test.jsonl", 1, "train.jsonl", 1)]
    (finding,) = outcome.findings
    assert finding.fix is None


def test_splits_are_told_by_names_that_differ_in_nothing_else(tmp_path: Path) -> None:
    put(tmp_path, sea_train=[asked(ASKED)], sea_test=[asked(ASKED)], land_test=[asked(ASKED)], other=[asked(ASKED)])
    outcome = check(tmp_path, "sea_train.jsonl", "sea_test.jsonl", "land_test.jsonl", "other.jsonl")
    assert told(outcome) == [("SPL101", "sea_train.jsonl", 1, "sea_test.jsonl", 1)]


def test_what_is_in_two_splits_is_no_duplicate(tmp_path: Path) -> None:
    put(tmp_path, train=[asked(ASKED), asked(ASKED)], test=[asked(ASKED)])
    outcome = check(tmp_path, "train.jsonl", "test.jsonl", select=("DUP101", "DUP102", "DUP103"))
    assert told(outcome) == [("DUP101", "train.jsonl", 2, "train.jsonl", 1)]


def test_ranks(tmp_path: Path) -> None:
    put(tmp_path, a_train=[asked(ASKED)], a_dev=[asked(ASKED)], a_test=[asked(ASKED)])
    outcome = check(tmp_path, "a_train.jsonl", "a_dev.jsonl", "a_test.jsonl")
    assert told(outcome) == [
        ("SPL101", "a_train.jsonl", 1, "a_test.jsonl", 1),
        ("SPL101", "a_dev.jsonl", 1, "a_test.jsonl", 1),
    ]


def test_a_run_of_words_is_shown(tmp_path: Path) -> None:
    put(tmp_path, train=[{"text": f"A story. {LONG} They drink."}], items=[asked(ASKED)])
    outcome = check(tmp_path, "train.jsonl", splits=splits(train="train.jsonl", items="items.jsonl"))
    (finding,) = outcome.findings
    assert finding.message == "22 words in a row as in 'items', items.jsonl:1"
    assert finding.span is not None
    assert f"A story. {LONG} They drink."[slice(*finding.span)] == LONG.rstrip(".")
    assert finding.related[0].message.startswith("the item in 'items': The old ferry leaves")


def test_near_copies_across_splits(tmp_path: Path) -> None:
    other = ASKED.replace("fishermen", "sailors")
    put(tmp_path, train=[asked("Hm"), asked(other)], items=[asked(ASKED)])
    outcome = check(
        tmp_path, "train.jsonl", select=("SPL102",), splits=splits(train="train.jsonl", items="items.jsonl")
    )
    assert told(outcome) == [("SPL102", "train.jsonl", 2, "items.jsonl", 1)]


def test_a_split_without_a_file_is_an_error(tmp_path: Path) -> None:
    put(tmp_path, train=[asked("Why?")])
    with pytest.raises(UsageError, match=r"the split 'items' has no file: nowhere\.jsonl"):
        check(tmp_path, "train.jsonl", splits=splits(items="nowhere.jsonl"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[splits]]\nname = "test"', "no 'files'"),
        ('[[splits]]\nname = "a"\nfiles = ["a"]\nkind = "tset"', "'tset' is not a choice"),
        ('splits = "test.jsonl"', "expected tables"),
    ],
)
def test_mistakes_in_the_config_are_told(text: str, said: str, tmp_path: Path) -> None:
    running.write(tmp_path, {"datalint.toml": text.encode()})
    with pytest.raises(ConfigError, match=said):
        load({}, cwd=tmp_path)


def test_the_config_declares_splits(tmp_path: Path) -> None:
    text = '[[splits]]\nname = "gold"\nkind = "test"\nfiles = ["gold/*.jsonl"]'
    running.write(tmp_path, {"datalint.toml": text.encode()})
    (split,) = load({}, cwd=tmp_path).splits
    assert dict(split) == {"name": "gold", "kind": "test", "files": (f"{tmp_path.as_posix()}/gold/*.jsonl",)}


def test_empty_files(tmp_path: Path) -> None:
    put(tmp_path, train=[], items=[])
    outcome = check(tmp_path, "train.jsonl", splits=splits(train="train.jsonl", items="items.jsonl"))
    assert (told(outcome), outcome.not_checked) == ([], [])


@pytest.mark.parametrize(
    ("text", "other", "size", "span"),
    [
        ("a B c", "x b C y", 2, (2, 5)),
        ("one, two – three!", "one two three", 3, (0, 16)),
        ("1 2 3 4", "1 2 3 4", 0, (0, 0)),
        ("什么是人", "是人", 2, (2, 4)),
        ("a", "b", 0, (0, 0)),
        ("", "", 0, (0, 0)),
    ],
)
def test_longest_run(text: str, other: str, size: int, span: tuple[int, int]) -> None:
    run = _grams.longest(text, other)
    assert (run.size, (run.start, run.end)) == (size, span)
