"""``datalint lock``: write down what the chat templates print around the texts of the data."""

from __future__ import annotations

from heapq import nsmallest
from typing import Any

import click

from datalint import plugins, sources
from datalint.beside import read_file
from datalint.cli import _output
from datalint.cli._options import Command, Option
from datalint.cli._project import config_options, say, settings_of
from datalint.config import Settings
from datalint.errors import UsageError
from datalint.templating import Templates, lock


def lock_(paths: tuple[str, ...], **given: Any) -> int:
    """Write down what the templates of the config print around the texts of PATHS.

    `datalint check --lock datalint.lock` then tells when the training template, the serving template or the data no longer
    give the same.
    """
    settings = settings_of(given, paths=paths)
    templates = Templates(settings.template, settings.serve_template, settings.now)
    if templates.renderer() is None:
        raise UsageError("there is nothing to lock: the config names no template", hint='template = "qwen3"')
    made: dict[str, Any] = {"now": settings.now}
    for side, key in lock.SIDES:
        renderer = templates.renderer(side)
        made[key] = lock.facts(renderer) if renderer is not None else None
    made["examples"] = dict(_examples(settings, templates))
    _output.write_file(settings.cwd / given["output"], [lock.text_of(made)])
    say(
        [
            f"{given['output']}: what {made['template']['name']} prints, and {len(made['examples'])} records by their hashes"
        ]
    )
    return 0


def _examples(settings: Settings, templates: Templates) -> list[tuple[str, str]]:
    """Hashes of some records and of what they are rendered to."""
    shapes = plugins.load(settings).shapes
    smallest: list[tuple[str, str]] = []
    for path in sources.find(settings, []).paths:
        for batch in read_file(settings, shapes, str(settings.cwd / path)):
            told = templates.batch(batch)
            hashes = ((lock.of_raw(batch.raws[k]), k) for k, some in enumerate(told) if some)
            best = nsmallest(lock.EXAMPLES, hashes)
            smallest = nsmallest(lock.EXAMPLES, {*smallest, *((name, lock.of_text(told[k])) for name, k in best)})
    return smallest


command = Command(
    "lock",
    params=[
        click.Argument(["paths"], nargs=-1, metavar="[PATHS]..."),
        Option("output", "-o", "--output-file", default="datalint.lock", show_default=True, metavar="FILE",
               help="Where to write it."),
        *config_options("template", "serve-template", "now", "format"),
    ],
    callback=lock_,
    help=lock_.__doc__,
    short_help="Write down what templates print.",
)  # fmt: skip
