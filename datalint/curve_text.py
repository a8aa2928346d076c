"""A curve in words, as JSON, and as a picture."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import Any

from datalint.curve import DRAWS, LEAST_CEILING, LEVEL, Curve, Interval
from datalint.errors import UsageError
from datalint.terminal import count

_POINTS = 200
_AHEAD = 4  # times the largest size that a picture shows


def told(curve: Curve) -> Iterator[str]:
    """What a curve says, and how sure that is."""
    results = curve.results
    yield f"{results.name} at {len(results.sizes)} sizes, {count(results.runs, 'run')}"
    yield ""
    yield f"{'size':>12}{'runs':>6}{'mean':>10}{'curve':>10}"
    for size, said, mean in zip(results.sizes, results.scores.values(), results.means, strict=True):
        yield f"{size:>12,g}{len(said):>6}{_said(mean):>10}{_said(curve.at(size)):>10}"
    last = results.sizes[-1]
    ahead = curve.band(2 * last)
    yield f"{2 * last:>12,g}{'':>6}{'':>10}{_said(ahead.best):>10}{_range(ahead)}"
    yield ""
    yield from _worth(curve, f"{last:,g} to {2 * last:,g}")
    yield from _limit(curve)
    if curve.bends:
        sign = "+" if results.lower == (curve.a >= 0) else "-"
        yield f"The curve: {results.name} = {_said(curve.ceiling)} {sign} {abs(curve.a):.4g} * size^-{curve.b:.3g}"
    yield from _notes(curve)


def _worth(curve: Curve, step: str) -> Iterator[str]:
    gain, lower = curve.gain(), curve.results.lower
    verb = "take off" if lower else "add"
    if curve.verdict == "unknown":
        yield f"The next doubling, {step}, should {verb} {_said(gain.best)}. How sure that is cannot be told:"
        yield "it takes several seeds at each size."
    elif curve.verdict == "little":
        yield f"The next doubling, {step}, should {verb} less than seeds differ by: {_said(gain.best)}{_range(gain)}."
    elif curve.verdict == "told":
        yield f"The next doubling, {step}, should {verb} {_said(gain.best)}{_range(gain)}."
    else:
        yield f"What the next doubling brings, {step}, is hidden by the noise: {_said(gain.best)}{_range(gain)}."
        yield "It takes more seeds at each size, or smaller sizes as well."


def _limit(curve: Curve) -> Iterator[str]:
    limit = curve.limit()
    name = "floor" if curve.results.lower else "ceiling"
    if curve.has_ceiling:
        yield f"The {name} {'would be' if math.isnan(limit.low) else 'is'} {_said(limit.best)}{_range(limit)}."
    else:
        more = ": it takes four at the least" if len(curve.results.sizes) < LEAST_CEILING else ""
        yield f"No {name} can be told from these sizes{more}."


def _notes(curve: Curve) -> Iterator[str]:
    results = curve.results
    if results.freedom and results.scatter:
        yield f"Scores differ from seed to seed by {_said(results.scatter)} (standard deviation)."
    if curve.a < 0:
        yield "More data makes it worse here: look at the data before you add to it."


def _said(number: float) -> str:
    """A number to three digits or four places, whichever is more."""
    places = 4 if abs(number) < 10 else 2
    return f"{number:,.{places}f}"


def _range(found: Interval) -> str:
    return "" if math.isnan(found.low) else f" ({LEVEL:.0%}: {_said(found.low)} to {_said(found.high)})"


def as_json(curve: Curve) -> dict[str, Any]:
    """The curve for other programs; null is what cannot be told."""
    results = curve.results
    last = results.sizes[-1]
    return {
        "score": results.name, "lower-is-better": results.lower, "runs": results.runs,
        "sizes": [
            {"size": size, "scores": list(said), "mean": mean, "curve": curve.at(size)}
            for size, said, mean in zip(results.sizes, results.scores.values(), results.means, strict=True)
        ],
        "scatter": results.scatter if results.freedom else None,
        "curve": {"ceiling": curve.ceiling, "a": curve.a, "b": curve.b},
        "next-doubling": {"from": last, "to": 2 * last, **_interval(curve.gain())},
        "ceiling": _interval(curve.limit()) if curve.has_ceiling else None,
        "level": LEVEL, "draws": DRAWS if len(curve.draws) else 0, "verdict": curve.verdict,
    }  # fmt: skip


def _interval(found: Interval) -> dict[str, float | None]:
    return {name: None if math.isnan(value) else value for name, value in found._asdict().items()}


def picture(curve: Curve, kind: str) -> bytes:
    """Points, curve and band. ``kind``: png, svg, pdf. Raises UsageError where matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError("a picture needs matplotlib", hint="pip install 'llm-datalint[plot]'") from error
    import numpy as np

    results = curve.results
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    first, last = results.sizes[0], results.sizes[-1]
    sizes = np.geomspace(first, _AHEAD * last, _POINTS)
    if len(curve.draws):
        band = [curve.band(size) for size in sizes]
        axes.fill_between(sizes, [b.low for b in band], [b.high for b in band], alpha=0.2, color="C0", lw=0,
                          label=f"{LEVEL:.0%} of the fits")  # fmt: skip
    axes.plot(sizes, [curve.at(size) for size in sizes], color="C0", label="curve")
    for size, said in results.scores.items():
        axes.plot(
            [size] * len(said), said, "o", color="black", ms=4, alpha=0.6, label="runs" if size == first else None
        )
    if curve.has_ceiling:
        axes.axhline(curve.ceiling, ls=":", color="grey", label="floor" if results.lower else "ceiling")
    axes.axvline(2 * last, ls="--", lw=0.8, color="grey", label="next doubling")
    axes.set_xscale("log", base=2)
    axes.set_xticks([*results.sizes, 2 * last], [f"{size:,g}" for size in (*results.sizes, 2 * last)])
    axes.minorticks_off()
    axes.set_xlabel("records")
    axes.set_ylabel(results.name)
    axes.legend(frameon=False, fontsize="small")
    made = io.BytesIO()
    figure.savefig(made, format=kind, dpi=150)
    return made.getvalue()
