"""``datalint formats``: record formats and output formats, and what a file is written in."""

from __future__ import annotations

from typing import Any

import click

from datalint import plugins
from datalint.cli import _completion
from datalint.cli._options import Command, Option
from datalint.cli._project import columns, config_options, say, say_json, settings_of
from datalint.config import Settings


def formats(paths: tuple[str, ...], **given: Any) -> int:
    """List record formats and output formats; with PATHS, tell which formats the records there have."""
    if paths:
        return _detected(settings_of(given, paths=paths, select=()), given)
    settings = settings_of(given)
    records, outputs = _records(settings), _outputs(settings)
    if given["style"] == "json":
        say_json({"records": records, "outputs": outputs})
        return 0
    say(["Record formats (format = …; found by themselves):", "", *columns(records.items())])
    say(["", "Output formats (--output-format …):", "", *columns(outputs.items())])
    return 0


def _records(settings: Settings) -> dict[str, str]:
    return {shape.name: shape.summary for shape in plugins.load(settings).shapes}


def _outputs(settings: Settings) -> dict[str, str]:
    from datalint import reporters

    guests = plugins.load(settings).reporters
    return {name: reporters.reporter(name, guests).SUMMARY for name in sorted({*reporters.names(), *guests})}


def _detected(settings: Settings, given: dict[str, Any]) -> int:
    from datalint import run

    outcome = run.check(settings)
    shapes = dict(outcome.stats.shapes.most_common())
    if given["style"] == "json":
        say_json({"records": outcome.stats.records, "formats": shapes})
        return 0
    say([f"{number:,} of {outcome.stats.records:,} records: {name}" for name, number in shapes.items()])
    if not shapes:
        say(["no records"])
    if "unknown" in shapes:
        say(["", "`datalint check --select unknown-shape` tells what the records of unknown format lack."])
    return 0


command = Command(
    "formats",
    params=[
        click.Argument(["paths"], nargs=-1, metavar="[PATHS]...", shell_complete=_completion.files),
        Option("style", "--output-format", type=click.Choice(("text", "json")), default="text",
               help="How to show them."),
        *config_options("format"),
    ],
    callback=formats,
    help=formats.__doc__,
    short_help="List formats, or tell those of files.",
)  # fmt: skip
