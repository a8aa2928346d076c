"""Rules on length, coverage, annotators and provenance: numbers that are known, and laws with everything declared."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import running
from datalint_rules.annotation._alpha import Annotations, alpha
from datalint_rules.coverage import _diversity, _sample
from datalint_rules.length.preference_length_bias import State, _effect

from datalint import run, scan
from datalint.config_keys import Table

# Four observers of twelve units, from "Computing Krippendorff's Alpha-Reliability" (2011), with his values.
UNITS = [
    [1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4], [4, 4, 4, 4], [1, 1, 2, 1],
    [2, 2, 2, 2], [None, 5, 5, 5], [None, None, 1, 1], [None, 3, None, None],
]  # fmt: skip


def annotations(units: list[list[int | None]]) -> Annotations:
    told = [(u, a, v) for u, row in enumerate(units) for a, v in enumerate(row) if v is not None]
    values = np.array(sorted({v for _, _, v in told}), dtype=np.float64)
    items, annotators, said = (np.array(column, dtype=np.int64) for column in zip(*told, strict=True))
    return Annotations(items, annotators, np.searchsorted(values, said), values)


@pytest.mark.parametrize(("scale", "wanted"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_is_what_krippendorff_says(scale: str, wanted: float) -> None:
    assert alpha(annotations(UNITS), scale) == pytest.approx(wanted, abs=0.0005)


def test_alpha_of_full_agreement_of_chance_and_of_nothing() -> None:
    assert alpha(annotations([[1, 1], [2, 2]]), "nominal") == 1
    assert alpha(annotations([[1, 2], [2, 1]]), "nominal") == pytest.approx(-0.5)
    assert alpha(annotations([[1, 1], [1, 1]]), "nominal") is None
    assert alpha(annotations([[1], [2]]), "nominal") is None


def test_effect_size() -> None:
    chosen, rejected = [10, 20, 30, 40], [5, 15, 25, 35]
    sums = State(4, sum(chosen), sum(rejected), sum(c * c for c in chosen), sum(r * r for r in rejected), 4)
    assert _effect(sums) == pytest.approx(5 / np.std(chosen))
    assert _effect(State(2, 6, 6, 18, 18, 0)) == 0
    assert _effect(State(2, 8, 6, 32, 18, 2)) == float("inf")


def test_diversity() -> None:
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghij", k=6)) for _ in range(9000)]
    varied = _diversity.measured(" ".join(words[n : n + 40]) for n in range(0, 9000, 40))
    same = _diversity.measured("write a short poem about the sea and the wind" for _ in range(900))
    assert varied is not None
    assert same is not None
    assert varied.distinct > 0.99
    assert varied.shared < 0.01
    assert same.distinct < 0.01
    assert same.shared == 1
    assert same.compression > 10 * varied.compression
    assert _diversity.measured(["too few words"]) is None
    assert _diversity.measured([]) is None


def test_samples_are_the_same_however_they_are_merged(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"number {n % 700} of many"}).encode() for n in range(1500)]
    running.write(tmp_path, {"a.jsonl": b"\n".join(lines)})
    told = set()
    for size in (1 << 30, 4000, 500):
        parts = [_sample.sample(b, most=50) for b in running.batches(tmp_path / "a.jsonl", size)]
        for order in (parts, parts[::-1], sorted(parts, key=lambda p: int(p.columns[0][0]))):
            whole = order[0]
            for part in order[1:]:
                whole = whole + part
            assert whole.records == 1500
            told.add(tuple(whole.picked().keys))
    assert len(told) == 1
    assert len(next(iter(told))) == 50


CONFIG: dict[str, Any] = {
    "coverage": {"topic": {"math": {"min": 0.9}, "writing": {"max": 0.1}}, "level": {"3": {"min": 0.9}}},
    "quantity": {"method": "full", "strata": {"format": {"list": 5000}, "level": {"2": 5000}}},
    "annotation": {"item": "item", "annotator": "by", "label": ("rating", "level")},
    "provenance": {"source": "src", "licence": "lic", "allowed-licences": ("MIT",), "generator": "model", "synthetic": "made",
                   "max-synthetic": 0.1},
}  # fmt: skip


def record(n: int) -> dict[str, Any]:
    rng = random.Random(n)
    made = {
        "instruction": rng.choice(["Calculate 3 + %d.", "Write a poem on thing %d.", "what is thing number %d called?"]) % n,
        "output": rng.choice(["42", "- a\n- b", "It is so. " * rng.randrange(1, 30)]),
        "item": n // 3, "by": "abc"[n % 3], "rating": rng.randrange(3), "level": rng.randrange(4),
        "lic": rng.choice(["MIT", "GPL-3.0", ""]), "src": rng.choice(["web", ""]), "made": rng.choice(["yes", "no"]),
    }  # fmt: skip
    return (
        made
        | ({"model": "m"} if n % 5 else {})
        | ({"odd": n} if n % 400 == 7 else {})
        | ({"level": "x"} if n == 300 else {})
    )


def test_nothing_tells_how_the_data_was_cut_when_everything_is_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.write(tmp_path, {"a.jsonl": b"".join(json.dumps(record(n)).encode() + b"\n" for n in range(900))})
    tables: Any = {name: Table(table) for name, table in CONFIG.items()}
    codes = ("COV", "QTY", "ANN", "PRV", "LEN", "SCH107", "SCH108", "TXT502")
    wanted = running.settings(tmp_path, "a.jsonl", select=codes, **tables)
    truth = running.told(running.scan(wanted), wanted)
    for code in (
        "COV101",
        "COV102",
        "QTY101",
        "QTY102",
        "ANN101",
        "PRV101",
        "PRV102",
        "PRV103",
        "PRV104",
        "SCH107",
        "SCH108",
    ):
        assert f'"{code}"' in truth, code
    for shard, block in ((900, 400), (1 << 14, 1 << 12)):
        monkeypatch.setattr(run, "SHARD_BYTES", shard)
        monkeypatch.setattr(scan, "BLOCK_BYTES", block)
        assert running.told(running.scan(wanted), wanted) == truth
