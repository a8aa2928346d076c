"""A block becomes a batch: every line read, blank or refused, whatever stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from datalint.batch import UNREAD, Batch, Facts, Refusal
from datalint.loading import load_batch
from datalint.readers import Block
from datalint.shapes import Detector, builtin

BOM = b"\xef\xbb\xbf"
GOOD = [
    b'{"instruction": "Name a colour.", "output": "Blue"}',
    b'{"instruction": "Name a tree.", "output": "Oak"}',
    b'{"text": "one"}',
    b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}',
    b'{"text": null}',
    b"42",
    b' {"text": "two"}\r',
]
BLANK = [b"", b"\r", b" \t"]
BROKEN = [b'{"text": "one",}', b"\xff", b"{", BOM, BOM + b"{", b'{"text": "\\ud800"}']
DETECTOR = Detector(builtin())


def load(raws: Sequence[bytes], **more: Any) -> Batch:
    offsets = [sum(len(r) + 1 for r in raws[:k]) for k in range(len(raws))]
    return load_batch(0, "data.jsonl", Block(raws, offsets, 1, 0, None, True, True, **more), DETECTOR, Facts())


@given(st.lists(st.sampled_from([*GOOD, *BLANK, *BROKEN, *(BOM + raw for raw in GOOD)]), max_size=12))
def test_each_line_is_read_as_if_it_stood_alone(raws: list[bytes]) -> None:
    batch = load(raws)
    for k, raw in enumerate(raws):
        bare = raw.removeprefix(BOM)
        alone = load([raw])
        assert (k in batch.boms) == raw.startswith(BOM)
        assert (k in batch.blanks) == (not raw.strip())
        assert (k in batch.refusals) == (raw in BROKEN)
        assert batch.refusals.get(k) == alone.refusals.get(0)
        assert batch.datas[k] == alone.datas[0]
        assert batch.layouts[k] is alone.layouts[0]
        assert list(batch.texts[batch.first[k] : batch.first[k + 1]]) == list(alone.texts)
        if raw in BROKEN or raw in BLANK:
            assert batch.datas[k] is None
            assert batch.layouts[k] is UNREAD
        else:
            assert batch.datas[k] == orjson.loads(bare)
            assert batch.layouts[k] == DETECTOR.read(orjson.loads(bare)).layout
    assert list(batch.blanks) == sorted(batch.blanks)
    assert list(batch.boms) == sorted(batch.boms)


def test_a_null_is_read() -> None:
    batch = load([b"null", b""])
    assert batch.datas == [None, None]
    assert batch.layouts[0] is not UNREAD
    assert batch.layouts[1] is UNREAD


def test_what_the_reader_refused_is_not_blank() -> None:
    why = Refusal("limit", "too long", 0)
    batch = load([b'{"text": "one"}', b"", b"", b'{"text": "two"}'], refused={1: why})
    assert batch.refusals == {1: why}
    assert list(batch.blanks) == [2]
    assert batch.datas == [{"text": "one"}, None, None, {"text": "two"}]


def test_columns_of_a_line_behind_a_mark_count_the_mark() -> None:
    (why,) = load([BOM + b'{"a": 1,}']).refusals.values()
    assert (why.kind, why.column) == ("json", 10)
    (why,) = load([BOM]).refusals.values()
    assert why == Refusal("json", "the line holds a byte-order mark and nothing else", 0)


def test_line_separators_of_unicode_do_not_end_lines() -> None:
    batch = load(['{"text": "one\u2028two\u0085three"}'.encode()])
    assert batch.texts == ["one\u2028two\u0085three"]
