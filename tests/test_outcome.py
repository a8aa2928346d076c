"""Findings travel packed and come back in order, whole, whatever shard they came from."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datalint.model import Edit, Finding, Fix, Ref, Related
from datalint.outcome import IN_MEMORY, FindingStore, order, pack, unpack
from datalint.readers import Shard

refs = st.builds(Ref, st.integers(0, 2), st.integers(0, 99), st.integers(0, 9), st.integers(1, 50), st.integers(0, 49))
spans = st.none() | st.tuples(st.integers(0, 9), st.integers(9, 20))
values = (
    st.none()
    | st.text()
    | st.integers()
    | st.lists(st.text() | st.booleans())
    | st.dictionaries(st.text(), st.floats(0, 1))
)
edits = st.builds(Edit, st.sampled_from(["replace-text", "set"]), st.text(), spans, values)
fixes = st.builds(Fix, st.text(), st.sampled_from(["safe", "unsafe"]), st.lists(edits).map(tuple), st.just(""))
findings = st.builds(
    Finding,
    st.text(),
    refs,
    st.none() | st.text(),
    spans,
    st.none() | fixes,
    st.none() | st.floats(0, 1),
    st.lists(st.builds(Related, refs, st.text(), st.none() | st.text(), spans)).map(tuple),
    spans,
    st.sampled_from([None, "info"]),
    st.none(),
    st.sampled_from(["ACM001", "ACM002"]),
)


@given(st.lists(findings))
def test_packing_loses_nothing(made: list[Finding]) -> None:
    back = unpack(pack(list(made)))
    assert back == sorted(made, key=order)
    assert all(type(f.ref) is Ref and (f.fix is None or type(f.fix) is Fix) for f in back)


def finding(source: int, offset: int, code: str = "ACM001", line: int = 1) -> Finding:
    return Finding("said", Ref(source, offset, 5, line, line - 1), code=code)


def store(*chunks: tuple[Shard, list[Finding], int]) -> FindingStore:
    made = FindingStore()
    for shard, found, shift in chunks:
        made.add_chunk(shard, pack(found), Counter(f.code for f in found), shift)
    return made


FIRST = Shard(0, 0, 100, 1, 0, relative=True)
SECOND = Shard(0, 100, 200, 1, 0, relative=True)
OTHER = Shard(1, 0, 50, 1, 0, relative=True)


def test_lines_are_moved_by_what_came_before_the_shard() -> None:
    related = Finding("r", Ref(0, 120, 5, 2, 1), related=(Related(Ref(0, 120, 5, 2, 1), "here"),), code="ACM001")
    made = list(store((FIRST, [finding(0, 10, line=3)], 0), (SECOND, [related], 7)))
    assert [(f.ref.line, f.ref.index) for f in made] == [(3, 2), (9, 8)]
    assert made[1].related[0].ref.line == 9


@given(st.permutations([(0, 3), (0, 99), (0, 150), (0, 199), (1, 0), (1, 49), (2, 5)]))
def test_late_findings_fall_into_place(late: list[tuple[int, int]]) -> None:
    made = store((FIRST, [finding(0, 10), finding(0, 99)], 0), (SECOND, [finding(0, 140)], 0), (OTHER, [], 0))
    made.add_late([finding(*place, "ACM002") for place in late])
    made.add_late([Finding("on a file", source=1, code="ACM003"), Finding("on all", code="ACM003")])
    found = list(made)
    assert found == sorted(found, key=order)
    assert Counter(f.code for f in found) == {"ACM001": 3, "ACM002": 7, "ACM003": 2}
    assert found[-1].message == "on all"


def test_shards_that_nobody_wants_are_not_read() -> None:
    made = store((FIRST, [finding(0, 10)], 0), (SECOND, [finding(0, 140, "ACM002")], 0))
    made.add_late([finding(0, 20, "ACM003")])
    asked = []
    found = list(made.of(lambda counts: asked.append(counts) or "ACM002" in counts))
    assert [f.code for f in found] == ["ACM002"]
    assert asked == [{"ACM001": 1, "ACM003": 1}, {"ACM002": 1}]


@pytest.mark.parametrize("size", [100, IN_MEMORY // 3])
def test_many_findings_go_to_a_file(size: int) -> None:
    long = Finding("x" * size, Ref(0, 1, 1, 1, 0), code="ACM001")
    shards = [Shard(0, 100 * n, 100 * n + 100, 1, 0, relative=True) for n in range(5)]
    made = store(*((shard, [long], n) for n, shard in enumerate(shards)))
    assert [f.ref.line for f in made] == [1, 2, 3, 4, 5]
    assert list(made) == list(made)


def test_records_that_only_dataset_rules_found_are_counted_apart() -> None:
    store = FindingStore()
    store.add_chunk(Shard(0, 0, 20, 1, 0), pack([finding(0, 0), finding(0, 10)]), {"ACM001": 2})
    assert store.records_late_only() == 0
    store.add_late([finding(0, 10, "ACM002"), finding(0, 15, "ACM002"), finding(0, 15, "ACM003"), Finding("all")])
    assert store.records_late_only() == 1
