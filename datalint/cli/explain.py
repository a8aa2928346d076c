"""``datalint explain``: one record, all that is found on it, and why it is reported or not."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from datalint import document
from datalint.cli import _output
from datalint.cli._options import Command, Option
from datalint.cli._project import SELECTING, config_options, say_json, settings_of
from datalint.cli.check import progress_line
from datalint.frames import whole
from datalint.outcome import NEW
from datalint.reporters.full import MARGIN, block, framed
from datalint.terminal import Look, clip, count, visible
from datalint.verdict import ID, MESSAGE, hushed, not_checked

if TYPE_CHECKING:
    from datalint.explaining import Explained, Told

LINES = 12  # of a text that are shown
WHY = 300  # characters of a rationale
LISTED = 5  # places that are named
FIXED = {
    "safe": "`datalint check --fix` makes this change",
    "unsafe": "`datalint check --fix --unsafe-fixes` makes this change",
    "display-only": "a suggestion, which is never applied",
}


def explain(place: str, paths: tuple[str, ...], **given: Any) -> int:
    """Show a record as a conversation, what is found on it, what holds findings back, and why each rule is on or off.

    PLACE is PATH:LINE as reports show it, or the fingerprint of a finding. PATHS are read as by `check`; without them
    what the config includes, else the file alone.
    """
    from datalint import explaining, run  # bring the engine, which help does without

    settings = settings_of(given, **({"paths": paths} if paths else {}))
    look = _output.look(sys.stdout, settings)
    with redirect_stdout(sys.stderr), progress_line(settings) as progress:
        judge = partial(run.check, progress=progress)
        told = explaining.explain(settings, place, look, redact=_output.redacts(settings, sys.stdout), judge=judge)
    if given["style"] == "json":
        say_json(_data(told))
    else:
        _output.write((line + "\n" for line in _lines(told, look)), sys.stdout)
    _output.write((line + "\n" for line in not_checked(told.report, notes=False)), sys.stderr)
    return 3 if any(not n.note for n in told.report.outcome.not_checked) else 0


def _lines(told: Explained, look: Look) -> Iterator[str]:
    yield from _head(told, look)
    new = [one for one in told.findings if one.found.status == NEW]
    held = [one for one in told.findings if one.found.status != NEW]
    for title, some in (("Reported", new), ("Held back", held)):
        if some:
            yield ""
            yield look.paint(f"{title}: {count(len(some), 'finding')}", bold=True)
        for one in some:
            yield ""
            yield from _finding(one, told, look)
    if not told.findings:
        yield ""
        yield "Nothing is found on it, not even by rules on records that are off."
    yield from _foot(told, look)


def _head(told: Explained, look: Look) -> Iterator[str]:
    where = f"{told.path}:{told.line}" if told.line is not None else told.path or "data set"
    parts = [look.paint(visible(where, look), bold=True)]
    if told.record is not None:
        if told.record_id is not None:
            parts.append(f"record {clip(told.record_id, ID, look)}")
        parts.append(f"format {told.record.shape}")
    yield "   ".join(parts)
    for note in told.notes:
        yield visible(note, look)
    if told.record is not None:
        yield from framed(whole(told.record, told.masks, look, look.width - MARGIN, LINES), 2, look)


def _finding(one: Told, told: Explained, look: Look) -> Iterator[str]:
    found, card = one.found, told.report.card(one.found.code)
    yield from block(replace(found, status=NEW), look)
    if found.fix is not None:
        yield _fact("fix", FIXED[found.fix.applicability], look)
        for line in one.change:
            color = {"+": "green", "-": "red"}.get(line[:1])
            shown = visible(line, look)
            yield "       " + (look.paint(shown, fg=color) if color else shown)
    if card.rationale:
        yield from _wrapped("why", _first_sentences(card.rationale), look)
    yield _fact("rule", f"{'on' if one.cause.on else 'off'}: {one.cause}", look)
    if found.status != NEW and one.cause.on:
        reason = f": {found.why}" if found.why else ""
        yield _fact("held", f"{hushed(found.status)}{reason}", look)
    if not card.local:
        yield _fact("more", f"`datalint rule {found.name}`, {found.url}   fingerprint {found.fingerprint}", look)


def _fact(name: str, text: str, look: Look) -> str:
    return f"   {look.paint('=', fg='blue', bold=True)} {name}: {clip(text, MESSAGE, look)}"


def _wrapped(name: str, text: str, look: Look) -> Iterator[str]:
    indent = " " * (len(name) + 7)
    first, *rest = textwrap.wrap(text, look.width - len(indent)) or [""]
    yield _fact(name, first, look)
    yield from (indent + visible(line, look) for line in rest)


def _first_sentences(rationale: str) -> str:
    """The first paragraph, cut after a sentence where it is long."""
    paragraph = " ".join(rationale.strip().split("\n\n")[0].split())
    if len(paragraph) <= WHY:
        return paragraph
    cut = paragraph.rfind(". ", 0, WHY)
    return paragraph[: cut + 1] if cut > 0 else paragraph[:WHY].rpartition(" ")[0] + " ..."


def _foot(told: Explained, look: Look) -> Iterator[str]:
    for said, places in (("The same fingerprint", told.others), ("Named by", told.named)):
        if places:
            more = f" and {len(places) - LISTED:,} more" if len(places) > LISTED else ""
            yield ""
            yield f"{said}: {visible(', '.join(places[:LISTED]), look)}{more}."
    if told.alone:
        yield ""
        yield f"Only {visible(told.path, look)} was read. Name more PATHS for what rules find across files."


def _data(told: Explained) -> dict[str, Any]:
    record = told.record
    return {
        "path": told.path or None,
        "line": told.line,
        "record": {"id": told.record_id, "format": record.shape} if record is not None else None,
        "notes": list(told.notes),
        "findings": [
            document.finding(one.found)
            | {"rule": {"on": one.cause.on, "why": one.cause.why, "place": one.cause.place}, "change": list(one.change)}
            for one in told.findings
        ],
        "same_fingerprint": list(told.others),
        "named_by": list(told.named),
    }


command = Command(
    "explain",
    params=[
        click.Argument(["place"], metavar="PATH:LINE|FINGERPRINT"),
        click.Argument(["paths"], nargs=-1, metavar="[PATHS]..."),
        Option("style", "--output-format", type=click.Choice(("text", "json")), default="text", help="How to show it."),
        *config_options(*SELECTING, "format", "baseline", "no-baseline", "ignore-file", "no-suppressions", "redact"),
    ],
    callback=explain,
    help=explain.__doc__,
    short_help="Show a record, what is found on it, and why.",
)
