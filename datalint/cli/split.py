"""``datalint split``: train and test parts that no copy joins."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from datalint.cli._options import Command, Option
from datalint.cli._project import say, settings_of
from datalint.cli._survey import Watched, closed, reading
from datalint.errors import UsageError
from datalint.terminal import count

NAMES = ("train", "validation", "test")  # in the order of their ranks
DUPLICATES = "duplicates"


def split(paths: tuple[str, ...], **given: Any) -> int:
    """Write the records of PATHS to train.jsonl and test.jsonl so that nothing in one part gives the other away.

    Copies, records that differ in form only, near copies and records that ask the same stay together, and so do pieces of
    test items: `datalint check` finds nothing in two splits. The same data and --seed give the same parts; no line is changed.
    """
    from datalint import drawing, parting, parts, picking
    from datalint.survey import COPIES, LEAKS, card, survey

    shares = _shares(given)
    names = [name for name in NAMES if name == "train" or shares.get(name)]
    settings = settings_of(given, **({"paths": paths} if paths else {}))
    strata, by = _listed(given["stratify"]), _listed(given["by"]) or (DUPLICATES,)
    ties = tuple(name for name in by if name != DUPLICATES)
    targets = [Path(given["folder"]) / f"{name}.jsonl" for name in names]
    progress = Watched(settings)
    with progress, redirect_stdout(sys.stderr):
        state = picking.Picker(card("picker", "every record"), given["seed"], strata, ties)
        found = survey(settings, [state], (COPIES, LEAKS) if DUPLICATES in by else (), progress.draw)
        parts.ready([settings.cwd / path for path in targets], found.sources, force=given["force"])
        known = picking.joined(found.state("picker", ()), strata, ties)
        made = parting.part(known, found, [NAMES.index(name) + 1 for name in names], [shares[n] for n in names[1:]])
    total = len(known.keys)
    number = [0, *(names.index(name) if name in names else 0 for name in NAMES)]  # by rank
    files = [1 << number[rank] for rank in made.ranks.tolist()]
    sizes = [files.count(1 << n) for n in range(len(names))]
    for name, size in zip(names, sizes, strict=True):
        if not size:
            raise UsageError(
                f"there is no record for {name}: {count(total, 'record')} in {count(made.groups, 'group')} that must stay "
                "together", hint="give it a larger share, or more data",
            )  # fmt: skip
    parts.write([settings.cwd / path for path in targets], known.keys.tolist(), files, found.records)
    width = max(len(str(path)) for path in targets)
    say(
        f"{path!s:<{width}}  {size:>9,} records  {size / total:6.1%}" for path, size in zip(targets, sizes, strict=True)
    )
    say([_told(made, total)])
    for name, size in zip(names[1:], sizes[1:], strict=True):
        if size < Fraction(9, 10) * drawing.whole(shares[name], total):
            say([f"{name} has less than it was to have: the other groups are too large for it."])
    return closed(found, settings)


def _told(made: Any, total: int) -> str:
    if made.groups == total:
        return "No record is tied to another."
    return f"{count(made.tied, 'record')} stand with others in {count(made.clusters, 'group')}, the largest of {made.largest:,}."


def _listed(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for said in given for name in said.split(",") if name))


def _shares(given: dict[str, Any]) -> dict[str, Fraction]:
    made = {name: Fraction(Decimal(str(given[name]))) for name in NAMES[1:]}
    for name, share in made.items():
        if not 0 <= share < 1:
            raise UsageError(f"--{name}: {given[name]:g} is no share between 0 and 1", hint="0.1 is a tenth")
    if not sum(made.values()):
        raise UsageError("there is nothing to split off", hint="--test 0.1")
    if sum(made.values()) >= 1:
        raise UsageError("--test and --validation leave nothing to train on")
    return made


command = Command(
    "split",
    params=[
        click.Argument(["paths"], nargs=-1, metavar="[PATHS]..."),
        Option("by", "--by", multiple=True, metavar="duplicates|FIELD",
               help="What keeps records together: copies (the default), or the same value of a field; several together."),
        Option("test", "--test", type=click.FLOAT, default=0.1, show_default=True, metavar="SHARE",
               help="How much goes to test.jsonl."),
        Option("validation", "--validation", type=click.FLOAT, default=0.0, show_default=True, metavar="SHARE",
               help="How much goes to validation.jsonl."),
        Option("stratify", "--stratify", multiple=True, metavar="FIELD|AXIS",
               help="Keep the share of each value of a field, or of an axis such as topic; several together."),
        Option("seed", "--seed", type=click.INT, default=0, show_default=True, help="Another seed, other parts."),
        Option("folder", "-o", "--output-dir", required=True, metavar="DIR", help="Where the parts go."),
        Option("force", "--force", is_flag=True, help="Replace files that are there."),
        *reading(),
    ],
    callback=split,
    help=split.__doc__,
    short_help="Split data so that no copy is on both sides.",
)  # fmt: skip
