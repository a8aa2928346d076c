"""Every built-in rule: its examples hold, and what holds for all rules holds for it."""

from __future__ import annotations

import copy
import json
import random
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import corpus
import pytest
import running

from datalint import testing
from datalint.batch import Batch
from datalint.card import Card, Example
from datalint.identity import value_at
from datalint.model import Finding
from datalint.outcome import Outcome
from datalint.rule import RuleSpec
from datalint.triggers import TriggerSet

SPECS = running.specs()
every_rule = pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.card.code)
record_rules = pytest.mark.parametrize(
    "spec", [s for s in SPECS if s.card.unit != "dataset"], ids=lambda s: s.card.code
)
fixing_rules = pytest.mark.parametrize(
    "spec", [s for s in SPECS if s.card.fix in ("safe", "unsafe")], ids=lambda s: s.card.code
)
ROLE_KEYS = ("role", "from")


def everything() -> bytes:
    """The corpus and the examples of all rules, one line after the other."""
    shown = [
        text for spec in SPECS for e in spec.card.examples for text in (e.bad, e.good, e.fixed) if text is not None
    ]
    lines = [line for text in shown for line in text.encode("utf-8", "surrogateescape").split(b"\n")]
    return corpus.content((*corpus.lines(), *lines))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything in one file."""
    made = tmp_path_factory.mktemp("rules")
    running.write(made, {"all.jsonl": everything()})
    return made


@pytest.fixture(scope="module")
def batch(folder: Path) -> Batch:
    """The same file as one batch."""
    (made,) = running.batches(folder / "all.jsonl", 1 << 30)
    return made


@pytest.fixture(scope="module", params=["hyperscan", "regex"])
def outcome(folder: Path, request: pytest.FixtureRequest) -> Iterator[Outcome]:
    """A run over it with either engine for triggers."""
    if request.param == "hyperscan":
        pytest.importorskip("hyperscan")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATALINT_TRIGGER_ENGINE", request.param)
        yield running.scan(running.settings(folder, "all.jsonl"))


# ---- examples ----


@every_rule
def test_examples_hold(spec: RuleSpec) -> None:
    assert [str(f) for f in testing.failures(spec, running.built_in().registry.fixtures)] == []


def bad_examples(card: Card) -> Iterator[tuple[int, Example, str]]:
    return ((n, e, e.bad) for n, e in enumerate(card.examples) if e.bad is not None)


@fixing_rules
def test_fixing_again_changes_nothing(spec: RuleSpec) -> None:
    for number, example, text in bad_examples(spec.card):
        with testing.trial(spec, example, text) as (path, check):
            check(fix=True)
            once = path.read_bytes()
            check(fix=True)
            assert path.read_bytes() == once, f"example[{number}]"


@fixing_rules
def test_safe_fixes_keep_what_a_model_would_read(spec: RuleSpec) -> None:
    for number, example, text in bad_examples(spec.card):
        with testing.trial(spec, example, text) as (path, check):
            offered = [f.fix.applicability for f in check()[0].findings if f.fix is not None]
            before = path.read_bytes()
            check(fix=True)
            if set(offered) == {"safe"}:
                assert readable(before) == readable(path.read_bytes()), f"example[{number}]"


def readable(content: bytes) -> list[Any]:
    """The records of a file, reduced to what is read: no invisible characters, blanks, names of roles or keys with nothing in them."""
    lines = content.decode("utf-8", "surrogateescape").replace("\ufeff", "").split("\n")
    return [_reduced(_parsed(line)) for line in lines if line.strip()]


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return line


def _reduced(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _reduced(inner, name) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_reduced(inner) for inner in value]
    if isinstance(value, str):
        shown = "".join(c for c in value if unicodedata.category(c) not in ("Cf", "Cc", "Zs", "Zl", "Zp", "Co", "Cn"))
        return "" if key in ROLE_KEYS else shown
    return value


# ---- everything at once ----


def test_no_rule_crashes(outcome: Outcome) -> None:
    assert [f"{n.what} {n.line}: {n.why}" for n in outcome.not_checked] == []


def test_findings_lie_where_they_say(outcome: Outcome) -> None:
    for finding in outcome.findings:
        assert finding.message, finding
        if finding.ref is None:
            continue
        record = outcome.records.at(finding.ref)
        if finding.raw_span is not None:
            assert 0 <= finding.raw_span[0] <= finding.raw_span[1] <= len(record.raw) + 1, finding
        if finding.pointer is not None and record.data is not None:
            value, _, lost = value_at(record.data, finding.pointer)
            assert not lost or finding.span is None, finding
            if finding.span is not None:
                assert isinstance(value, str), finding
                assert 0 <= finding.span[0] <= finding.span[1] <= len(value), finding


@pytest.fixture(scope="module")
def by_code(outcome: Outcome) -> dict[str, Counter[str]]:
    """The findings of the run by rule, as text: edits may hold lists, which have no hash."""
    found: dict[str, Counter[str]] = {}
    for finding in outcome.findings:
        found.setdefault(finding.code, Counter())[repr(finding._replace(code=""))] += 1
    return found


@record_rules
def test_triggers_lose_nothing(spec: RuleSpec, batch: Batch, by_code: dict[str, Counter[str]]) -> None:
    engine = by_code.get(spec.card.code, Counter())
    asked = Counter(repr(finding._replace(code="")) for finding in running.brute(running.live(spec), batch))
    assert engine == asked, _difference(engine, asked)


def _difference(one: Counter[str], other: Counter[str]) -> str:
    lost, made_up = list((other - one).elements()), list((one - other).elements())
    return f"lost {len(lost)}: {lost[:2]}, made up {len(made_up)}: {made_up[:2]}"


@pytest.mark.parametrize("engine", ["hyperscan", "regex"])
@pytest.mark.parametrize(
    "spec", [s for s in SPECS if s.card.unit == "dataset" and s.card.triggers], ids=lambda s: s.card.code
)
def test_triggers_of_dataset_rules_lose_nothing(spec: RuleSpec, folder: Path, batch: Batch, engine: str) -> None:
    rule, card = running.live(spec), spec.card
    records = running.scan(running.settings(folder, "all.jsonl", select=())).records
    hits = TriggerSet({0: (card.triggers, card.roles)}, engine=engine).pick(batch).get(0)
    picked = [] if hits is None else hits.tolist()
    some = list(rule.finish(running.state(rule, batch, picked), records))
    assert some == list(rule.finish(running.state(rule, batch), records))


def test_records_stay_as_they_are(batch: Batch) -> None:
    before = copy.deepcopy((batch.raws, batch.datas, batch.texts))
    for spec in SPECS:
        rule = running.live(spec)
        if spec.card.unit == "dataset":
            running.state(rule, batch)
        else:
            list(running.brute(rule, batch))
        assert (batch.raws, batch.datas, batch.texts) == before, spec.card.code


def test_record_rules_do_not_mind_the_order(tmp_path: Path) -> None:
    lines = [line for line in everything().split(b"\n") if line.strip()]
    shuffled = lines.copy()
    random.Random(5).shuffle(shuffled)
    found = []
    for name, some in (("one.jsonl", lines), ("other.jsonl", shuffled)):
        running.write(tmp_path, {name: corpus.content(some)})
        outcome = running.scan(running.settings(tmp_path, name, scopes=frozenset({"record"})))
        found.append(Counter(_by_content(f, some) for f in outcome.findings))
    assert found[0] == found[1], [*(found[0] - found[1])][:2] + [*(found[1] - found[0])][:2]


def _by_content(finding: Finding, lines: list[bytes]) -> tuple[Any, ...]:
    place = lines[finding.ref.line - 1] if finding.ref is not None else b""
    return (finding.code, place, finding.pointer, finding.span, finding.raw_span, finding.message)


# ---- fixes of all rules together ----


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of everything, to be fixed."""
    running.write(tmp_path, {"all.jsonl": everything()})
    return tmp_path / "all.jsonl"


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_fixing_everything_comes_to_an_end(data: Path, unsafe: bool) -> None:
    wanted = running.settings(data.parent, data.name)
    first = running.fix(wanted, unsafe=unsafe)
    assert [f"{n.what} {n.line}: {n.why}" for n in first.not_checked] == []
    assert first.fixed_files == (data.name,)
    once = data.read_bytes()
    assert not running.fix(wanted, unsafe=unsafe).fixed_files
    assert data.read_bytes() == once


def test_safe_fixes_of_all_rules_keep_what_a_model_would_read(data: Path) -> None:
    before = data.read_bytes()
    running.fix(running.settings(data.parent, data.name), unsafe=False)
    after = data.read_bytes()
    assert len(readable(before)) == len(readable(after))
    for one, other in zip(readable(before), readable(after), strict=True):
        assert one == other
    assert not (data.parent / "quarantine.jsonl").exists()


def test_records_that_are_deleted_are_kept(data: Path) -> None:
    before = Counter(line for line in data.read_bytes().split(b"\n") if line.strip())
    outcome = running.fix(running.settings(data.parent, data.name), unsafe=True)
    kept = data.parent / "quarantine.jsonl"
    gone = [line for line in kept.read_bytes().split(b"\n") if line] if kept.exists() else []
    left = [line for line in data.read_bytes().split(b"\n") if line.strip()]
    assert len(gone) == outcome.deleted
    assert len(left) + len(gone) == before.total()
