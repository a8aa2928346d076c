"""What the rules on JSON Lines promise beyond their examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import running
from hypothesis import given, settings
from hypothesis import strategies as st
from test_jsonspan import documents

from datalint.batch import Batch, Facts
from datalint.loading import load_batch
from datalint.readers import Block
from datalint.shapes import Detector, builtin

DETECTOR = Detector(builtin())
SPECS = {spec.card.code: spec for spec in running.specs()}
FILE_RULES = ("JSN105", "JSN106", "JSN202", "JSN203")


def batch(*raws: bytes) -> Batch:
    offsets = [sum(len(r) + 1 for r in raws[:k]) for k in range(len(raws))]
    return load_batch(0, "data.jsonl", Block(raws, offsets, 1, 0, None, True, True), DETECTOR, Facts())


def doubled(text: str) -> int:
    """How many keys stand more than once in their object, as the standard parser sees it."""
    count = 0

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal count
        keys = [key for key, _ in members]
        count += sum(keys.count(key) > 1 for key in set(keys))
        return dict(members)

    json.loads(text, object_pairs_hook=pairs)
    return count


@settings(max_examples=300)
@given(st.lists(documents().filter(lambda d: "\n" not in d), min_size=1, max_size=8))
def test_every_doubled_key_is_found_and_nothing_else(texts: list[str]) -> None:
    rule = running.live(SPECS["JSN104"])
    made = batch(*(text.encode() for text in texts))
    found = [finding.ref.line for finding in rule.check(made)]
    wanted = [k + 1 for k, text in enumerate(texts) if k not in made.refusals for _ in range(doubled(text))]
    assert sorted(found) == wanted


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": 1, "a" : 2}',
        b'{"a": 1, "a"\t: 2}',
        b'{"a": 1, "a"  \r :2}',
        b'{"a\\\\":1,"a\\\\":2}',
        b'{"a\\"":1,"a\\"":2}',
        b'{"":1,"":2}',
        b'{"a":":", "a":"\\":"}',
        b'[{"a": 1, "b": [[{"c": 1, "c": 2}]]}]',
        b'{"a": {"b": 1, "b": 2}, "a": 3}',
    ],
)
def test_spellings_of_doubled_keys(line: bytes) -> None:
    noise = [b'{"a": "x \\" : y"}', b'{"a": ": \\":"}', b'{"text": "mot : mot"}', b"", b'{"broken": "a", "a":']
    made = batch(*noise, line, *noise)
    assert {f.ref.line for f in running.live(SPECS["JSN104"]).check(made)} == {len(noise) + 1}


def test_lines_may_belong_to_broken_or_strange_records(tmp_path: Path) -> None:
    running.write(tmp_path, {"data.jsonl": b'"a"\n{"x": 1, "x": 1\nnull\n{"a": 1, "a": 2}\n[{"b": 1, "b": 1}]\n'})
    outcome = running.scan(running.settings(tmp_path, "data.jsonl", select=("JSN104",)))
    assert [(f.ref and f.ref.line, f.pointer, f.fix is not None) for f in outcome.findings] == [
        (4, "/a", False),
        (5, "/0/b", True),
    ]


PIECES = st.lists(
    st.sampled_from([b'{"text": "one"}', b"\r", b"\n", b"\xef\xbb\xbf", b"[", b",", b"]", b" "]), max_size=14
).map(b"".join)


@given(PIECES, st.sampled_from(["data.jsonl", "data.json"]))
def test_file_rules_say_the_same_however_the_file_is_cut(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    (folder / name).write_bytes(data)
    whole, parts = (list(running.batches(folder / name, size)) for size in (1 << 20, 1))
    for code in FILE_RULES:
        rule = running.live(SPECS[code])
        states = [running.state(rule, part) for part in parts]
        for order in (states, states[::-1]):
            merged = order[0] if order else None
            for state in order[1:]:
                merged = rule.merge(merged, state)
            said = list(rule.finish(merged, None)) if order else []
            assert said == [f for one in whole for f in rule.finish(running.state(rule, one), None)]
