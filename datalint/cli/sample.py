"""``datalint sample``: subsets of a data set, each within the next, to find out what more data is worth."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from datalint.cli._options import Command, Option
from datalint.cli._project import say, settings_of
from datalint.cli._survey import Watched, closed, reading
from datalint.errors import UsageError
from datalint.terminal import count

if TYPE_CHECKING:
    from datalint.picking import Part


def sample(paths: tuple[str, ...], **given: Any) -> int:
    """Write subsets of the records of PATHS, each of which holds all smaller ones.

    Train on each with a few seeds, and `datalint curve` tells what more data would bring. With --stratify each value keeps its
    share of every subset, to within one record. The same data and --seed give the same subsets; no line is changed.
    """
    from datalint import drawing, parts, picking
    from datalint.survey import card, survey

    fractions = _fractions(given["fractions"])
    if len(fractions) > parts.MOST:
        raise UsageError(f"--fractions: {len(fractions)} subsets are too many at once", hint=f"{parts.MOST} at most")
    settings = settings_of(given, **({"paths": paths} if paths else {}))
    strata = tuple(dict.fromkeys(name for said in given["stratify"] for name in said.split(",") if name))
    folder = Path(given["folder"])
    targets = [folder / f"sample-{name}.jsonl" for name, _ in fractions]
    progress = Watched(settings)
    with progress:
        found = survey(
            settings, [picking.Picker(card("picker", "every record"), given["seed"], strata)], (), progress.draw
        )
    parts.ready([settings.cwd / path for path in targets], found.sources, force=given["force"])
    known = picking.joined(found.state("picker", ()), strata)
    total = len(known.keys)
    sizes = [drawing.whole(share, total) for _, share in fractions]
    for (name, _), size in zip(fractions, sizes, strict=True):
        if not size:
            raise UsageError(f"{name} % of {count(total, 'record')} is no record")
    order = drawing.order(known.strata, known.hashes)
    files = [0] * total
    for number, size in enumerate(sizes):
        for k in order[:size].tolist():
            files[k] |= 1 << number
    parts.write([settings.cwd / path for path in targets], known.keys.tolist(), files, found.records)
    width = max(len(str(path)) for path in targets)
    say(f"{path!s:<{width}}  {size:>9,} of {count(total, 'record')}" for path, size in zip(targets, sizes, strict=True))
    if strata:
        say([_strata(known, strata)])
    return closed(found, settings)


def _strata(known: Part, strata: Sequence[str]) -> str:
    return f"Each of the {len(known.values):,} values of {' and '.join(strata)} has its share, to within one record."


def _fractions(said: str) -> list[tuple[str, Fraction]]:
    """Percents, as they were written and as shares, each once."""
    made: dict[Fraction, str] = {}
    for text in said.split(","):
        try:
            number = Decimal(text.strip().removesuffix("%").strip())
        except InvalidOperation:
            number = Decimal(0)
        if not number.is_finite() or not 0 < number <= 100:
            raise UsageError(f"--fractions: {text.strip()!r} is no percentage above 0 and up to 100", hint="25,50,100")
        made.setdefault(Fraction(number) / 100, f"{number.normalize():f}")
    return [(made[share], share) for share in sorted(made)]


command = Command(
    "sample",
    params=[
        click.Argument(["paths"], nargs=-1, metavar="[PATHS]..."),
        Option("fractions", "--fractions", default="25,50,100", show_default=True, metavar="PERCENTS",
               help="How large the subsets are, in percent."),
        Option("stratify", "--stratify", multiple=True, metavar="FIELD|AXIS",
               help="Keep the share of each value of a field, or of an axis such as topic; several together."),
        Option("seed", "--seed", type=click.INT, default=0, show_default=True, help="Another seed, other subsets."),
        Option("folder", "-o", "--output-dir", required=True, metavar="DIR", help="Where the subsets go."),
        Option("force", "--force", is_flag=True, help="Replace files that are there."),
        *reading(),
    ],
    callback=sample,
    help=sample.__doc__,
    short_help="Write subsets of data, each within the next.",
)  # fmt: skip
