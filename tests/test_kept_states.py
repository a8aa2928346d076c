"""States that are kept say the same wherever their records lie by then."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import corpus
import numpy as np
import pytest
import running

from datalint.kept_states import packed, unpacked
from datalint.model import Finding
from datalint.rule import Move, RuleSpec

FIRST = b'{"text": "first"}\n' * 30
DATASET_RULES = [spec for spec in running.specs() if spec.card.unit == "dataset"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same records in two files, in one of them further down."""
    folder = tmp_path_factory.mktemp("states")
    data = corpus.content(corpus.lines(200, seed=7))
    running.write(folder, {"a.jsonl": data, "moved.jsonl": FIRST + data})
    return folder


@pytest.mark.parametrize("spec", DATASET_RULES, ids=lambda s: s.card.code)
def test_states_of_all_rules_can_be_moved(spec: RuleSpec, files: Path) -> None:
    rule, code = running.live(spec), spec.card.code
    records = running.scan(running.settings(files, "a.jsonl", "moved.jsonl", select=())).records
    stayed = moved = None
    for batch in running.batches(files / "a.jsonl", 4000):
        state = running.state(rule, batch)
        kept = packed({code: state}, {code: rule}, batch.offsets[0])
        made, missing = unpacked(kept, {code: rule}, batch.offsets[0], 1 << 48 | batch.offsets[0] + len(FIRST))
        assert missing == frozenset()
        stayed = state if stayed is None else rule.merge(stayed, state)
        moved = made[code] if moved is None else rule.merge(moved, made[code])
    here = [_bare(f, 0, 0, "a") for f in rule.finish(stayed, records)]
    there = [_bare(f, len(FIRST), 30, "moved") for f in rule.finish(moved, records)]
    assert here == there


def _bare(finding: Finding, offset: int, lines: int, name: str) -> tuple[Any, ...]:
    """A finding without its place; what it says of other lines is left out."""
    refs = [r for r in (finding.ref, *(r.ref for r in finding.related)) if r is not None]
    assert {r.source for r in refs} <= {0 if name == "a" else 1}
    bare = [(r.offset - offset, r.length, r.line - lines) for r in refs]
    return bare, finding.pointer, finding.span, finding.source is None, finding.message.partition("line")[0]


def rule(**more: Any) -> Any:
    return SimpleNamespace(**more)


def columns(first: int) -> dict[str, Any]:
    return {"keys": np.array([first, first + 9], dtype=np.uint64), "hash": np.array([7, 8])}


@pytest.mark.parametrize(
    ("made_by", "state", "to", "wanted"),
    [
        (rule(), (columns(100),), 100, (columns(100),)),
        (rule(), (columns(100),), 1 << 48 | 130, (columns(1 << 48 | 130),)),
        (rule(), (columns((1 << 40) + 5), columns(100)), 103, (columns((1 << 40) + 8), columns(103))),
        (rule(), (), 130, ()),
        (rule(), {"a": 100}, 100, {"a": 100}),
        (rule(), {"a": 100}, 130, None),
        (rule(), lambda: 0, 100, None),
        (rule(moved=lambda state, to: [n + to.keys for n in state]), [100], 1 << 48 | 130, [1 << 48 | 130]),
        (rule(moved=lambda state, to: to.source), (columns(100),), 1 << 48, 1),
        (rule(moved=lambda state, to: state["no such thing"]), {}, 130, None),
    ],
)
def test_moving(made_by: Any, state: Any, to: int, wanted: Any) -> None:
    """None: the rule must see the records again."""
    kept = packed({"OWN101": state}, {"OWN101": made_by}, 100)
    made, missing = unpacked(kept, {"OWN101": made_by}, 100, to)
    assert missing == (frozenset({"OWN101"}) if wanted is None else frozenset())
    assert _listed(made.get("OWN101")) == _listed(wanted)


def _listed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [value.dtype.kind, *value.tolist()]
    if isinstance(value, Mapping):
        return {name: _listed(one) for name, one in value.items()}
    return [_listed(one) for one in value] if isinstance(value, (tuple, list)) else value


def test_a_column_that_rules_share_is_kept_once() -> None:
    kept = packed({"OWN101": (columns(100),), "OWN102": (columns(100),)}, {"OWN101": rule(), "OWN102": rule()}, 100)
    one, other = kept["OWN101"].state[0], kept["OWN102"].state[0]
    assert all(one[name] is other[name] for name in one)
    assert one["keys"].dtype == np.uint32


def test_a_move_is_told_in_keys() -> None:
    seen: list[Move] = []
    watching = rule(moved=lambda state, to: seen.append(to))
    unpacked(
        packed({"OWN101": 0}, {"OWN101": watching}, 3 << 48 | 50), {"OWN101": watching}, 3 << 48 | 50, 1 << 48 | 20
    )
    assert seen == [Move((1 << 48 | 20) - (3 << 48 | 50), 1)]
