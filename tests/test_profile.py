"""Profiles: they add up, go to JSON and back, and tell how far apart two sets are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import running

from datalint import profile
from datalint.config_keys import Table
from datalint.errors import UsageError
from datalint.profile import Profile

ONE = Profile(3, {"topic": {"math": 2, "code": 1}})
TWO = Profile(1, {"topic": {"code": 1}, "source": {"web": 1}})


def test_profiles_add_up_in_any_order() -> None:
    assert ONE + TWO == TWO + ONE == Profile(4, {"topic": {"math": 2, "code": 2}, "source": {"web": 1}})
    assert (ONE + TWO) + ONE == ONE + (TWO + ONE)
    assert ONE + Profile() == ONE


def test_shares() -> None:
    assert ONE.share("topic", ["math", "math"]) == 2 / 3
    assert ONE.share("nothing", ["math"]) == 0
    assert Profile().share("topic", ["math"]) == 0


def test_json_and_back() -> None:
    assert profile.read(json.dumps(ONE.as_json() | {"more": 1}), "x") == ONE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "x is no JSON"),
        ("[]", "x is no profile"),
        ('{"datalint-profile": 9}', "version 9"),
        ('{"datalint-profile": 1, "records": "3", "axes": {}}', "broken profile"),
        ('{"datalint-profile": 1, "records": 3, "axes": {"topic": {"math": -1}}}', "broken profile"),
    ],
)
def test_what_is_no_profile(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        profile.read(text, "x")


def test_distance() -> None:
    assert profile.shift(ONE, ONE, "topic") == 0
    assert profile.shift(ONE, TWO, "topic") == pytest.approx(2 / 3)
    assert profile.shift(Profile(2, {"a": {"x": 2}}), Profile(5, {"a": {"y": 5}}), "a") == 1
    assert profile.noise(ONE, Profile(), "topic") == 1
    many = Profile(40_000, {"topic": {"math": 20_000, "code": 20_000}})
    assert profile.noise(many, many, "topic") < 0.01


def test_a_baseline_that_is_not_there_or_lacks_an_axis(tmp_path: Path) -> None:
    running.write(tmp_path, {"a.jsonl": b'{"text": "Hi"}\n', "p.json": json.dumps(ONE.as_json()).encode()})
    for options, said in (
        ({"baseline": "no.json"}, "no.json cannot be read"),
        ({"baseline": "p.json", "axes": ["x"]}, "has no axis 'x'"),
    ):
        wanted = running.settings(tmp_path, "a.jsonl", select=("COV107",), rules=Table({"COV107": Table(options)}))
        with pytest.raises(UsageError, match=said):
            running.scan(wanted)
