"""``datalint curve``: what more data is worth."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from datalint.cli._options import Command, Option
from datalint.cli._project import say, say_json
from datalint.errors import DatalintError, UsageError

KINDS = ("png", "svg", "pdf")


def curve(results: str, **given: Any) -> int:
    """Tell from scores at several sizes what the next doubling of the data would bring.

    RESULTS is a CSV file with a line for each run: the size of the subset, the seed, the score. `datalint sample` makes the
    subsets. `-` is standard input.
    """
    from datalint import curve as curves
    from datalint import curve_text

    kind = Path(given["plot"]).suffix.lower().lstrip(".") if given["plot"] else ""
    if given["plot"] and kind not in KINDS:
        raise UsageError(
            f"--plot: {given['plot']} is no picture this can write", hint=f"its name ends in .{', .'.join(KINDS)}"
        )
    name = "standard input" if results == "-" else results
    columns = {what: given[what] for what in ("size", "score", "seed")}
    found = curves.fit(curves.read(_text(results), name, columns, given["lower"]))
    if given["style"] == "json":
        say_json(curve_text.as_json(found))
    else:
        say(curve_text.told(found))
    if given["plot"]:
        _write(Path(given["plot"]), curve_text.picture(found, kind))
    return 0


def _text(path: str) -> str:
    try:
        return sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no text in UTF-8") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _write(path: Path, picture: bytes) -> None:
    try:
        path.write_bytes(picture)
    except OSError as error:
        raise DatalintError(f"cannot write {path}: {error.strerror}") from error


command = Command(
    "curve",
    params=[
        click.Argument(["results"], metavar="RESULTS"),
        Option("size", "--size", default="", metavar="COLUMN", help="The column with the sizes, if its name does not tell."),
        Option("score", "--score", default="", metavar="COLUMN", help="The column with the scores."),
        Option("seed", "--seed", default="", metavar="COLUMN", help="The column with the seeds."),
        Option("lower", "--lower-is-better/--higher-is-better", default=None,
               help="Which way is better; by default told by names such as loss."),
        Option("plot", "--plot", default="", metavar="FILE", help="Draw it too: .png, .svg or .pdf. Needs matplotlib."),
        Option("style", "--output-format", type=click.Choice(("text", "json")), default="text", help="How to tell it."),
    ],
    callback=curve,
    help=curve.__doc__,
    short_help="Tell what more data would bring.",
)  # fmt: skip
