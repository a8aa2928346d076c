"""``datalint template``: what a chat template does, and a record as the model reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from datalint import plugins
from datalint.beside import read_file
from datalint.cli._options import Command, Option
from datalint.cli._project import columns, config_options, look, say, say_json, say_painted, settings_of
from datalint.config import Settings
from datalint.errors import UsageError
from datalint.templating import Rendered, Renderer, Templates
from datalint.templating.behaviour import around, behaviour, table
from datalint.templating.segments import losses, segments
from datalint.templating.template import families, load
from datalint.terminal import Look, visible
from datalint.views import Record


def template(name: str | None, **given: Any) -> int:
    """Tell what a chat template does with what it is given.

    TEMPLATE is a family, a template file, a tokenizer's config or a model's folder; without one, the families are listed.
    With --record, show one record as the model reads it; the template is then that of the config unless one is named.
    """
    settings = settings_of(given, **({"template": name} if name else {}))
    if given["table"]:
        say(table({n: Renderer(load(n), settings.now) for n in families()}))
    elif given["record"]:
        _show(settings, given["record"], given["style"] == "json")
    elif name:
        _tell(_renderer(settings), given["style"] == "json")
    elif given["style"] == "json":
        say_json({n: {"models": f.models, "aliases": list(f.aliases), "note": f.note} for n, f in families().items()})
    else:
        say(columns((f.name, f.models, f.note) for f in families().values()))
    return 0


def _renderer(settings: Settings) -> Renderer:
    renderer = Templates(settings.template, now=settings.now).renderer()
    if renderer is None:
        raise UsageError("name a template, here or in the config", hint="`datalint template` lists the families")
    return renderer


def _tell(renderer: Renderer, as_json: bool) -> None:
    facts, edges, chosen = behaviour(renderer), around(renderer), renderer.template
    if as_json:
        said = {name: {"before": a.before, "after": a.after} for name, a in edges.items()}
        say_json({"template": chosen.name, "sha256": chosen.digest, "behaviour": facts, "around": said})
        return
    about = f": {chosen.family.models}" if chosen.family is not None else ""
    say([f"{chosen.name}{about}"])
    if chosen.family is not None and chosen.family.note:
        say([chosen.family.note])
    say(["", *columns((name, fact.replace("*", "")) for name, fact in facts.items()), ""])
    say(["A conversation of two exchanges, ▢ where texts go:" if look().unicode else "A conversation:", ""])
    say(f"  {line}" for line in _example(renderer).split("\n"))


def _example(renderer: Renderer) -> str:
    """A conversation with boxes for texts; without a system message where the template takes none."""
    from datalint.templating.jobs import Job

    box = "▢" if look().unicode else "..."
    turns = [{"role": role, "content": box} for role in ("system", "user", "assistant", "user", "assistant")]
    jobs = [Job(some, variables=renderer.template.tokens) for some in (turns, turns[1:])]
    return next((answer.text for answer in renderer.answers(jobs) if not answer.error), "it raises")


def _show(settings: Settings, place: str, as_json: bool) -> None:
    record = _record(settings, place)
    renderer = _renderer(settings)
    told = Templates(settings.template, now=settings.now).rendered(record)
    if not told:
        raise UsageError(f"{place} holds no conversation: it is of the shape {record.shape}")
    if as_json:
        say_json([_data(rendered, record) for rendered in told])
        return
    shown = look()
    for rendered in told:
        title = f"{place} as {renderer.template.name} prints it"
        if len(told) > 1:
            title += f" ({rendered.conversation + 1} of {len(told)})"
        say_painted(
            [
                shown.paint(visible(title, shown), bold=True),
                "",
                *_lines(rendered, shown),
                "",
                *_counts(rendered, record),
            ]
        )


def _record(settings: Settings, place: str) -> Record:
    path, _, number = place.rpartition(":")
    if not path or not number.isdigit():
        raise UsageError(f"{place!r} names no record", hint="write FILE:LINE, such as data/train.jsonl:12")
    shapes = plugins.load(settings).shapes
    for batch in read_file(settings, shapes, str(settings.cwd / path)):
        for k in range(len(batch)):
            if batch.ref(k).line == int(number):
                return batch.record(k)
    raise UsageError(f"{path} has no line {number}")


def _lines(rendered: Rendered, shown: Look) -> Iterator[str]:
    if rendered.error:
        yield shown.paint(f"  the template raises: {visible(rendered.error, shown)}", fg="red")
        return
    line = "  "
    for text, own, trained in segments(rendered):
        first, *rest = text.split("\n")
        style = {"fg": "green"} if trained else {"dim": True} if own else {}
        line += shown.paint(visible(first, shown), **style)
        for part in rest:
            yield line + (shown.paint("↵", dim=True) if shown.unicode else "")
            line = "  " + shown.paint(visible(part, shown), **style)
    if line.strip():
        yield line


def _counts(rendered: Rendered, record: Record) -> Iterator[str]:
    if rendered.error:
        return
    whole = len(rendered.text)
    trained = sum(end - start for start, end in rendered.trained)
    own = sum(len(text) for text, own, _ in segments(rendered) if own)
    yield f"{whole:,} characters: {trained:,} trained ({trained / max(1, whole):.0%}), {own:,} of the template's own"
    for start, end in rendered.trained:
        yield f"  trained: characters {start:,} to {end:,}"
    for loss in losses(rendered):
        yield f"  {loss.role} at {record.layout.slots[loss.slots[0]].pointer}: {loss.what}"


def _data(rendered: Rendered, record: Record) -> dict[str, Any]:
    slots = record.layout.slots
    return {
        "text": rendered.text,
        "error": rendered.error,
        "trained": [list(span) for span in rendered.trained],
        "texts": [
            {"pointers": [slots[s].pointer for s in piece.slots], "role": piece.role, "state": part.state, "span": part.span}
            for piece, part in zip(rendered.pieces, rendered.parts, strict=False)
        ],
    }  # fmt: skip


command = Command(
    "template",
    params=[
        click.Argument(["name"], required=False, metavar="[TEMPLATE]"),
        Option("record", "--record", metavar="FILE:LINE", help="Show this record as the model reads it."),
        Option("table", "--table", is_flag=True, help="All families and what they do, as a Markdown table."),
        Option("style", "--output-format", type=click.Choice(("text", "json")), default="text",
               help="How to show it."),
        *config_options("now", "format"),
    ],
    callback=template,
    help=template.__doc__,
    short_help="Tell what a chat template does.",
)  # fmt: skip
