"""Curves: known ones are found again, noise is called noise, and files that say too little are refused clearly."""

from __future__ import annotations

import random

import pytest

from datalint import curve, curve_text
from datalint.curve import Results
from datalint.errors import UsageError

SIZES = (1000.0, 2000.0, 4000.0, 8000.0)


def law(
    ceiling: float, a: float, b: float, sizes: tuple[float, ...] = SIZES, noise: float = 0, runs: int = 1
) -> Results:
    rng = random.Random(1)
    return Results({n: tuple(ceiling - a * n**-b + rng.gauss(0, noise) for _ in range(runs)) for n in sizes})


@pytest.mark.parametrize(("ceiling", "a", "b"), [(0.8, 5, 0.5), (0.9, 300, 1.2), (30.0, 90, 0.3), (1.0, 0.5, 0.1)])
def test_a_law_is_found_again(ceiling: float, a: float, b: float) -> None:
    found = curve.fit(law(ceiling, a, b))
    assert found.ceiling == pytest.approx(ceiling, rel=0.02)
    assert found.b == pytest.approx(b, rel=0.02)
    assert found.gain().best == pytest.approx(a * (8000**-b - 16000**-b), rel=0.02)
    assert found.verdict == "unknown"


def test_three_sizes_give_what_two_steps_say() -> None:
    found = curve.fit(Results({100.0: (0.5,), 200.0: (0.6,), 400.0: (0.66,)}))
    assert found.gain().best == pytest.approx(0.06**2 / 0.1, rel=0.01)
    assert not found.has_ceiling


def test_a_loss_is_a_score_upside_down() -> None:
    up = law(0.8, 5, 0.5, noise=0.005, runs=3)
    down = Results({n: tuple(-s for s in said) for n, said in up.scores.items()}, "loss", lower=True)
    one, other = curve.fit(up), curve.fit(down)
    assert other.ceiling == pytest.approx(-one.ceiling)
    assert other.gain().best == pytest.approx(one.gain().best)
    assert other.at(3000) == pytest.approx(-one.at(3000))


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        (law(0.8, 5, 0.5, noise=0.002, runs=5), "told"),
        (law(0.8, 5, 0.5, noise=0.05, runs=2), "hidden"),
        (law(0.8, 100_000, 2, noise=0.004, runs=20), "little"),
        (law(0.8, 5, 0.5), "unknown"),
        (Results(dict.fromkeys(SIZES, (0.5, 0.5))), "unknown"),
    ],
)
def test_verdicts(results: Results, verdict: str) -> None:
    found = curve.fit(results)
    assert found.verdict == verdict
    assert "\n".join(curve_text.told(found))
    assert curve_text.as_json(found)["verdict"] == verdict


def test_the_interval_holds_the_truth_and_shrinks_with_seeds() -> None:
    few, many = (curve.fit(law(0.8, 5, 0.5, noise=0.01, runs=runs)).gain() for runs in (2, 30))
    assert many.high - many.low < few.high - few.low
    assert many.low < 5 * (8000**-0.5 - 16000**-0.5) < many.high


def test_the_same_results_give_the_same_curve() -> None:
    results = law(0.8, 5, 0.5, noise=0.01, runs=3)
    assert curve_text.as_json(curve.fit(results)) == curve_text.as_json(curve.fit(results))


def test_more_data_that_makes_it_worse() -> None:
    told = "\n".join(curve_text.told(curve.fit(law(0.8, -5, 0.5, noise=0.001, runs=3))))
    assert "makes it worse" in told


@pytest.mark.parametrize(
    ("text", "scores", "lower"),
    [
        ("size,seed,score\n10,0,.5\n10,1,.6\n5,0,.4\n", {5: (0.4,), 10: (0.5, 0.6)}, False),
        ("n;loss\n10;2\n", {10: (2.0,)}, True),
        ("\ufeffTrain Size\tEval-Loss\n1_000\t2.5\n", {1000: (2.5,)}, True),
        ('records,win rate,notes\n"1,000",40%,\n', {1000: (40.0,)}, False),
        ("percent,my metric\n25%,1\n\n50%,2\n", {25: (1.0,), 50: (2.0,)}, False),
    ],
)
def test_files_that_are_read(text: str, scores: dict[float, tuple[float, ...]], lower: bool) -> None:
    found = curve.read(text, "x.csv", {})
    assert (dict(found.scores), found.lower) == (scores, lower)


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        ("", {}, "x.csv is empty"),
        ("a,b\n1,2\n", {}, "which column holds the sizes"),
        ("n,a,b\n1,2,3\n", {}, "which column holds the scores"),
        ("n,score\n1,x\n", {}, "score is no number: 'x'"),
        ("n,score\n1,nan\n", {}, "score is no number: 'nan'"),
        ("n,score\n0,1\n", {}, "a size is above 0"),
        ("n,score\n1\n", {}, "2 values were expected, and there are 1"),
        ("n,score\n1,2\n", {"score": "scor"}, "did you mean 'score'"),
        ("n,seed,score\n1,0,2\n1,0,2\n", {}, "the same run stands on line 2"),
    ],
)
def test_files_that_say_too_little(text: str, columns: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        curve.read(text, "x.csv", columns)
    assert said in str(caught.value)


@pytest.mark.parametrize("sizes", [(), (100.0,), (100.0, 200.0)])
def test_too_few_sizes(sizes: tuple[float, ...]) -> None:
    with pytest.raises(UsageError, match="three sizes"):
        curve.fit(law(0.8, 5, 0.5, sizes))


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_pictures(kind: str, start: bytes) -> None:
    pytest.importorskip("matplotlib")
    assert curve_text.picture(curve.fit(law(0.8, 5, 0.5, noise=0.01, runs=3)), kind).startswith(start)
