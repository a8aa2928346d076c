"""Preferences: the two sides of a record, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import running
from datalint_rules.preferences import _pairs

from datalint.config_keys import Table
from datalint.model import Finding

ASK, YES, NO = ({"role": "user", "content": "Rain?"}, {"role": "assistant", "content": "Yes."},
                {"role": "assistant", "content": "No."})  # fmt: skip
PAIR = {"prompt": "Rain?", "chosen": "Yes.", "rejected": "No."}


def found(folder: Path, records: list[Any], code: str, **options: Any) -> list[Finding]:
    running.write(folder, {"a.jsonl": "".join(json.dumps(r) + "\n" for r in records).encode()})
    rules = Table({code: Table(options)}) if options else Table()
    outcome = running.scan(running.settings(folder, "a.jsonl", select=(code,), rules=rules))
    assert outcome.not_checked == []
    return list(outcome.findings)


@pytest.mark.parametrize(
    "record",
    [
        PAIR,
        {"chosen": [ASK, YES], "rejected": [ASK, NO]},
        {"prompt": [ASK], "chosen": [YES], "rejected": [NO]},
        {"question": "Rain?", "response_j": "Yes.", "response_k": "No."},
        {"chosen": "\n\nHuman: Rain?\n\nAssistant: Yes.", "rejected": "\n\nHuman: Rain?\n\nAssistant: No."},
        {"conversations": [{"from": "human", "value": "Rain?"}], "chosen": {"from": "gpt", "value": "Yes."},
         "rejected": {"from": "gpt", "value": "No."}},
    ],
)  # fmt: skip
def test_both_sides_in_every_shape(record: Any, tmp_path: Path) -> None:
    running.write(tmp_path, {"a.jsonl": json.dumps(record).encode()})
    (batch,) = running.batches(tmp_path / "a.jsonl")
    both = _pairs.pair(batch.record(0))
    assert (both.chosen.answer, both.rejected.answer) == ("Yes.", "No.")
    assert both.chosen.prompt == both.rejected.prompt
    assert [text.removeprefix("Human: ") for _, text in both.chosen.prompt] == ["Rain?"]


@pytest.mark.parametrize(
    "record",
    [
        {"prompt": "Rain?", "completion": "Yes.", "label": True},
        {"instruction": "Rain?", "response1": "Yes.", "response2": "No."},
        {"messages": [ASK, YES]},
        {"text": "Rain?"},
        {"odd": 1},
    ],
)
def test_what_is_no_pair(record: Any, tmp_path: Path) -> None:
    running.write(tmp_path, {"a.jsonl": json.dumps(record).encode()})
    (batch,) = running.batches(tmp_path / "a.jsonl")
    assert not _pairs.is_pair(batch.layouts[0])
    with pytest.raises(ValueError, match="no pair"):
        _pairs.pair(batch.record(0))


@pytest.mark.parametrize(
    ("key", "other", "said"),
    [
        ("score_chosen", "score_rejected", 1),
        ("chosen_score", "rejected_score", 1),
        ("chosen-rating", "rejected-rating", 1),
        ("rewardChosen", "rewardRejected", 0),
        ("winner_points", "loser_points", 1),
        ("chosen_rank", "rejected_rank", 0),
        ("chosen_tokens", "rejected_tokens", 0),
        ("scoreboard_chosen", "scoreboard_rejected", 0),
    ],
)
def test_keys_of_scores(key: str, other: str, said: int, tmp_path: Path) -> None:
    assert len(found(tmp_path, [{**PAIR, key: 1, other: 2}, {**PAIR, key: 2, other: 1}], "PRF103")) == said


def test_a_score_beyond_the_scale(tmp_path: Path) -> None:
    record = {**PAIR, "score_chosen": 12, "score_rejected": -1}
    messages = [f.message for f in found(tmp_path, [record], "PRF103", scale="1 to 10")]
    assert messages == [
        "score_chosen is 12, beyond the scale 1 to 10",
        "score_rejected is -1, beyond the scale 1 to 10",
    ]


def test_labels_are_counted_over_the_whole_set(tmp_path: Path) -> None:
    records = [{"prompt": f"{n}?", "completion": "Hm", "label": n % 25 == 0} for n in range(50)]
    (finding,) = found(tmp_path, records, "PRF104")
    assert finding.message == "2 answers are marked as good and 48 as bad"
    assert finding.ref is None
    assert found(tmp_path, records, "PRF104", share=4) == []


def test_every_contradiction_names_the_first(tmp_path: Path) -> None:
    turned = {**PAIR, "chosen": "No.", "rejected": "Yes."}
    contradictions = found(tmp_path, [PAIR, turned, PAIR, {**turned, "prompt": "Snow?"}, turned], "PRF105")
    places = [(f.ref.line, f.related[0].ref.line) for f in contradictions if f.ref is not None]
    assert places == [(2, 1), (3, 2), (5, 1)]
