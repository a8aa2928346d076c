"""What more data is worth: a power law through the scores at several sizes, and how sure that is.

``score = ceiling - a * size ** -b``, for losses with a plus. For each of many exponents the rest is linear least squares; the
exponent with the least squares wins. How sure it is tell many such fits to scores drawn anew: the means as they are, and
the scatter between seeds, which is the same at all sizes and not known better than its degrees of freedom allow.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from datalint.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

LEAST = 3  # sizes
DRAWS = 2000
LEVEL = 0.9
EXPONENTS = (0.02, 3.0)
FINE, COARSE = 3000, 300  # exponents tried for the curve itself, and for each of the draws
LEAST_CEILING = 4  # sizes: with three, nine tenths of the draws held the true ceiling in two cases of three only
LITTLE = 10  # a gain below this part of what was gained so far is little
FAINT = 4  # a gain is hidden by the noise where it may as well be a quarter of what it seems
FAR = 10  # times the range of the means that a ceiling may lie above them and still be told
NAMES = {
    "size": ("size", "records", "n", "examples", "samples", "n_records", "num_records", "train_size", "n_train",
             "num_examples", "num_samples", "train_records", "percent", "fraction"),
    "score": ("score", "accuracy", "acc", "metric", "value", "f1", "exact_match", "bleu", "rouge", "win_rate", "reward",
              "loss", "eval_loss", "perplexity", "error"),
    "seed": ("seed", "run", "trial", "repeat"),
}  # fmt: skip
_LOWER = ("loss", "perplexity", "ppl", "error", "err", "wer", "cer", "mse", "mae")


@dataclass(frozen=True)
class Results:
    """Scores by size, sizes rising."""

    scores: Mapping[float, tuple[float, ...]]
    name: str = "score"
    lower: bool = False  # lower is better

    @property
    def sizes(self) -> list[float]:
        """The sizes."""
        return list(self.scores)

    @property
    def runs(self) -> int:
        """How many scores there are."""
        return sum(map(len, self.scores.values()))

    @property
    def means(self) -> list[float]:
        """The mean score of each size."""
        return [math.fsum(said) / len(said) for said in self.scores.values()]

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the scatter."""
        return self.runs - len(self.scores)

    @property
    def scatter(self) -> float:
        """The standard deviation between seeds, the same at all sizes; 0 where each size has one."""
        squares = [(s - m) ** 2 for m, said in zip(self.means, self.scores.values(), strict=True) for s in said]
        return math.sqrt(math.fsum(squares) / self.freedom) if self.freedom else 0.0


class Interval(NamedTuple):
    """A best guess, and what nine tenths of the draws lie between."""

    best: float
    low: float
    high: float


@dataclass(frozen=True)
class Curve:
    """The fit. ``draws``: ceiling, a and b of each fit to scores drawn anew; without scatter there are none."""

    results: Results
    ceiling: float
    a: float
    b: float
    draws: Floats

    def at(self, size: float) -> float:
        """The score the fit expects."""
        sign = 1 if self.results.lower else -1
        return float(self.ceiling + sign * self.a * size**-self.b)

    def band(self, size: float) -> Interval:
        """The score to expect, and how sure that is."""
        return self._interval(self.at(size), self._drawn(size))

    def gain(self) -> Interval:
        """What the next doubling brings, in the better direction."""
        last = self.results.sizes[-1]
        sign = -1 if self.results.lower else 1
        return self._interval(
            sign * (self.at(2 * last) - self.at(last)), sign * (self._drawn(2 * last) - self._drawn(last))
        )

    def limit(self) -> Interval:
        """Where all the data there is would lead."""
        return self._interval(self.ceiling, self.draws[:, 0])

    def _drawn(self, size: float) -> Floats:
        sign = 1 if self.results.lower else -1
        made: Floats = self.draws[:, 0] + sign * self.draws[:, 1] * size ** -self.draws[:, 2]
        return made

    def _interval(self, best: float, drawn: Floats) -> Interval:
        import numpy as np

        if not len(drawn):
            return Interval(best, math.nan, math.nan)
        low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return Interval(best, float(low), float(high))

    @property
    def verdict(self) -> str:
        """What can be said of the next doubling: "told", "little" (less than seeds differ by, and than a tenth of what was
        gained so far), "hidden" by the noise, or "unknown" where there is no scatter to tell by."""
        gain, means = self.gain(), self.results.means
        if math.isnan(gain.low):
            return "unknown"
        if gain.high < min(self.results.scatter, abs(means[-1] - means[0]) / LITTLE):
            return "little"
        return "hidden" if gain.best <= 0 or gain.low < gain.best / FAINT else "told"

    @property
    def bends(self) -> bool:
        """Whether the best exponent is none of the outermost that were tried: those stand for no bend, or for one at once."""
        return 2 * EXPONENTS[0] < self.b < 0.99 * EXPONENTS[1]

    @property
    def has_ceiling(self) -> bool:
        """Whether the ceiling can be told at all."""
        limit, means = self.limit(), self.results.means
        far = FAR * (max(means) - min(means))
        ends = [limit.best] if math.isnan(limit.low) else [limit.best, limit.low, limit.high]
        return (
            len(means) >= LEAST_CEILING
            and self.b > 2 * EXPONENTS[0]
            and all(abs(end - means[-1]) < far for end in ends)
        )


def fit(results: Results) -> Curve:
    """The curve through some results. Raises UsageError for too few sizes."""
    import numpy as np

    sizes = np.array(results.sizes)
    if len(sizes) < LEAST:
        said = ", ".join(f"{size:,g}" for size in results.sizes)
        raise UsageError(
            f"a curve needs scores at three sizes at the least, and here are {len(sizes)}: {said}",
            hint="`datalint sample --fractions 25,50,100` makes the subsets",
        )
    runs = np.array([len(said) for said in results.scores.values()], dtype=np.float64)
    means = np.array(results.means)
    ceiling, a, b = _fitted(sizes, means[None, :], runs, results.lower, FINE)[0].tolist()
    draws = np.zeros((0, 3))
    if results.freedom and results.scatter:
        chance = np.random.default_rng(0)
        spread = results.scatter * np.sqrt(results.freedom / chance.chisquare(results.freedom, (DRAWS, 1)))
        drawn = means + chance.standard_normal((DRAWS, len(sizes))) * spread / np.sqrt(runs)
        draws = _fitted(sizes, drawn, runs, results.lower, COARSE)
    return Curve(results, ceiling, a, b, draws)


def _fitted(sizes: Floats, scores: Floats, weights: Floats, lower: bool, steps: int) -> Floats:
    """Ceiling, a and b for each line of ``scores``; ``steps`` exponents are tried."""
    import numpy as np

    scaled = sizes / sizes[-1]
    weights = weights / weights.sum()
    centre = scores @ weights
    apart = scores - centre[:, None]
    least = np.full(len(scores), np.inf)
    best = np.zeros((len(scores), 3))
    for b in np.geomspace(*EXPONENTS, steps):
        x = scaled**-b
        middle = float(x @ weights)
        x = x - middle
        slope = (apart * weights) @ x / float((x * x) @ weights)
        squares = ((apart - slope[:, None] * x) ** 2) @ weights
        won = squares < least
        least[won] = squares[won]
        ceiling = centre - slope * middle
        a = (slope if lower else -slope) * sizes[-1] ** b
        best[won] = np.stack((ceiling, a, np.full(len(scores), b)), axis=1)[won]
    return best


# ---- reading ----


def read(text: str, name: str, columns: Mapping[str, str], lower: bool | None = None) -> Results:
    """Results from CSV. ``columns``: names of the columns for size, score and seed where they are given. Raises UsageError."""
    lines = text.lstrip("\ufeff").splitlines()
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    there = [(n, row) for n, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not there:
        raise UsageError(f"{name} is empty", hint="it takes a line of names, size,seed,score, and a line for each run")
    names = [cell.strip() for cell in there[0][1]]
    size, score = _column("size", names, columns, name), _column("score", names, columns, name)
    found: dict[float, list[float]] = {}
    seen: dict[tuple[str, ...], int] = {}
    for n, row in there[1:]:
        if len(row) != len(names):
            raise UsageError(f"{len(names)} values were expected, and there are {len(row)}", place=f"{name}:{n}")
        at = _number(row[size], names[size], f"{name}:{n}")
        if at <= 0:
            raise UsageError(f"a size is above 0, not {row[size].strip()}", place=f"{name}:{n}")
        if (same := seen.setdefault(tuple(cell.strip() for cell in row), n)) != n and _seed(names, columns):
            raise UsageError(f"the same run stands on line {same}", place=f"{name}:{n}", hint="each seed counts once")
        found.setdefault(at, []).append(_number(row[score], names[score], f"{name}:{n}"))
    said = names[score]
    is_lower = any(part in _LOWER for part in said.lower().replace("-", "_").split("_")) if lower is None else lower
    return Results({at: tuple(found[at]) for at in sorted(found)}, said, is_lower)


def _seed(names: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Whether a column names the seeds."""
    return bool(columns.get("seed")) or any(name.lower() in NAMES["seed"] for name in names)


def _column(what: str, names: Sequence[str], columns: Mapping[str, str], file: str) -> int:
    given = columns.get(what, "")
    if given:
        if given in names:
            return names.index(given)
        near = get_close_matches(given, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(names)}"
        raise UsageError(f"{file} has no column {given!r}", hint=hint)
    lowered = [name.lower().replace("-", "_").replace(" ", "_") for name in names]
    fitting = [lowered.index(name) for name in NAMES[what] if name in lowered]
    if what == "score" and not fitting:
        taken = {name for kind in ("size", "seed") for name in NAMES[kind]}
        rest = [n for n, name in enumerate(lowered) if name not in taken]
        fitting = rest if len(rest) == 1 else []
    if not fitting:
        raise UsageError(f"{file} does not say which column holds the {what}s", place=f"{file}:1",
                         hint=f"--{what} NAME, one of {', '.join(names)}")  # fmt: skip
    return fitting[0]


def _number(text: str, column: str, place: str) -> float:
    said = text.strip().removesuffix("%").replace(",", "").replace("_", "")
    try:
        number = float(said)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"{column} is no number: {text.strip()!r}", place=place)
    return number
