"""Triggers select, whichever engine scans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datalint.batch import Batch
from datalint.errors import RuleError
from datalint.model import ALL_ROLES, ROLE_BIT, Layout, Slot, Turn
from datalint.triggers import HyperscanEngine, RegexEngine, TriggerSet, make_engine

PATTERNS = ("(?i)as an ai", "<[a-z/]", "é", "\\n{3}", " $", "^- ", "[\\x01-\\x08]", "。$", "(?i)straße")
LAYOUT = Layout(
    "alpaca",
    (Slot("user", "/instruction", 0), Slot("assistant", "/output", 1)),
    (Turn("user", "/instruction", (0,)), Turn("assistant", "/output", (1,))),
    ((0, 1),),
)
text = st.text(st.sampled_from("aA sSnNiI<bé\n-。\x01ß "), max_size=30)


def batch(pairs: list[tuple[str, str]]) -> Batch:
    texts = [t for pair in pairs for t in pair]
    first = list(range(0, 2 * len(pairs) + 1, 2))
    return Batch(0, "x", [b"{}"] * len(pairs), [0] * len(pairs), [{}] * len(pairs), [LAYOUT] * len(pairs), texts, first)


def picked(engine: str, pairs: list[tuple[str, str]], mask: int = ALL_ROLES) -> dict[int, list[int]]:
    wanted = {n: ([p], mask) for n, p in enumerate(PATTERNS)}
    return {rule: texts.tolist() for rule, texts in TriggerSet(wanted, engine=engine).pick(batch(pairs)).items()}


@given(st.lists(st.tuples(text, text), min_size=1, max_size=6))
def test_both_engines_pick_the_same_texts(pairs: list[tuple[str, str]]) -> None:
    assert picked("hyperscan", pairs) == picked("regex", pairs)


def test_nothing_is_missed_at_the_end_of_a_short_batch() -> None:
    pairs = [("", "<<<<<<<<<<ß"), ("", "é")]
    assert picked("hyperscan", pairs) == picked("regex", pairs) == {2: [3]}


@given(st.lists(st.tuples(text, text), min_size=1, max_size=6))
def test_every_text_in_which_a_pattern_fits_is_picked(pairs: list[tuple[str, str]]) -> None:
    found = picked("hyperscan", pairs)
    texts = [t for pair in pairs for t in pair]
    for number, pattern in enumerate(PATTERNS):
        alone = RegexEngine([pattern])
        assert {i for i, t in enumerate(texts) if alone.scan(t.encode())[0]} <= set(found.get(number, []))


@pytest.mark.parametrize(
    ("mask", "texts"),
    [(ALL_ROLES, [0, 1]), (ROLE_BIT["user"], [0]), (ROLE_BIT["assistant"], [1]), (ROLE_BIT["system"], [])],
)
def test_only_texts_of_the_roles_are_picked(mask: int, texts: list[int]) -> None:
    assert picked("auto", [("<b", "<b")], mask).get(1, []) == texts


def test_a_pattern_of_two_rules_picks_for_both() -> None:
    triggers = TriggerSet({3: (["<b"], ROLE_BIT["user"]), 7: (["<b", "x"], ALL_ROLES)})
    assert {r: t.tolist() for r, t in triggers.pick(batch([("<b", "x <b")])).items()} == {3: [0], 7: [0, 1]}


def test_a_batch_without_texts_picks_nothing() -> None:
    assert TriggerSet({0: (["a"], ALL_ROLES)}).pick(batch([])) == {}


@pytest.mark.parametrize("engine", ["hyperscan", "regex"])
def test_a_pattern_that_does_not_compile_is_named(engine: str) -> None:
    with pytest.raises(RuleError, match=r"\(unclosed"):
        make_engine(["fine", "(unclosed"], engine)


def test_the_compiled_database_is_kept_and_damage_to_it_is_noticed(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DATALINT_CACHE_DIR", str(tmp_path))
    for _ in range(2):
        assert HyperscanEngine(["abc"]).scan(b"xabcx") == ([0], [4])
    (stored,) = (tmp_path / "triggers").iterdir()
    stored.write_bytes(stored.read_bytes()[:-5])
    assert HyperscanEngine(["abc"]).scan(b"xabcx") == ([0], [4])


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path, monkeypatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DATALINT_CACHE_DIR", str(tmp_path / "file"))
    assert HyperscanEngine(["abc"]).scan(b"abc") == ([0], [3])
