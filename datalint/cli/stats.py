"""``datalint stats``: what a data set is like at a glance."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any

import click

from datalint.cli import _output
from datalint.cli._options import Command, Option
from datalint.cli._project import say, say_json, say_painted, settings_of
from datalint.cli._survey import Watched, closed, reading
from datalint.config import Settings


def stats(paths: tuple[str, ...], **given: Any) -> int:
    """Show what the data of PATHS is like: shapes, roles, lengths, languages, topics, formats, openings, copies.

    Without PATHS, what the config includes, else the current folder. Nothing is judged. With --output-format json it is a
    profile that `--compare` and the rule distribution-drift read again.
    """
    from datalint import portrait_drift, portrait_text

    settings = settings_of(given, **({"paths": paths} if paths else {}))
    then = portrait_drift.read(settings, given["compare"]) if given["compare"] else None
    told, code = _told(settings, given["by"], given["axis"], given["copies"])
    if then is not None:
        other = then if not isinstance(then, Settings) else _told(then, "", given["axis"], False)[0].portrait.profile
        drift = portrait_drift.rows(other, told.portrait.profile)
        if given["style"] == "json":
            say_json(portrait_drift.as_json(other, told.portrait.profile, drift))
        elif given["style"] == "markdown":
            say(portrait_drift.markdown(given["compare"], other, told.portrait.profile, drift))
        else:
            look = _output.look(sys.stdout, settings)
            say_painted(portrait_drift.table(given["compare"], other, told.portrait.profile, drift, look))
        return code
    if given["style"] == "json":
        say_json(portrait_text.as_json(told))
    elif given["style"] == "markdown":
        say(portrait_text.markdown(told))
    else:
        say_painted(portrait_text.table(told, _output.look(sys.stdout, settings)))
    return code


def _told(settings: Settings, by: str, fields: Sequence[str], copies: bool) -> tuple[Any, int]:
    """All there is to tell, and the exit code."""
    from datalint import portrait
    from datalint.portrait_text import Told
    from datalint.survey import COPIES, card, survey

    source = settings.provenance.get("source", "") if settings.provenance else ""
    wanted = [*fields, *([source] if source else [])]
    state = portrait.Painter(card("portrait", "what the data is like"), wanted, by)
    progress = Watched(settings)
    with progress, redirect_stdout(sys.stderr):
        found = survey(settings, [state], (COPIES,) if copies else (), progress.draw)
        made: portrait.Portrait = found.state("portrait", portrait.Portrait())
        counts: dict[str, int] | None = None
        if copies:
            counts = {}
            for rule, one in found.tagged(COPIES):
                counts.setdefault(rule.card.name, 0)
                counts[rule.card.name] += sum(1 for _ in rule.copies(one, found.records))
    portrait.check_fields(made, [*wanted, *([by] if by else [])])
    files = {s.display: made.files.get(s.number, 0) for s in found.sources}
    told = Told(made, files, dict(found.stats.shapes.most_common()), counts, found.stats.bytes, source, by)
    return told, closed(found, settings)


command = Command(
    "stats",
    params=[
        click.Argument(["paths"], nargs=-1, metavar="[PATHS]..."),
        Option("by", "--by", default="", metavar="FIELD",
               help="Tell of each value of a field, or of an axis such as topic, by itself."),
        Option("axis", "--axis", multiple=True, metavar="FIELD", help="Count the values of this field too."),
        Option("compare", "--compare", default="", metavar="OLD",
               help="Show what has moved since OLD: a saved profile, or other data."),
        Option("copies", "--copies/--no-copies", default=True, help="Look for copies, which takes most of the time."),
        Option("style", "--output-format", type=click.Choice(("table", "json", "markdown")), default="table",
               help="How to show it."),
        *reading("color"),
    ],
    callback=stats,
    help=stats.__doc__,
    short_help="Show what data is like at a glance.",
)  # fmt: skip
