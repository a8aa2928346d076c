"""What the commands share that go over data without judging it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

import click

from datalint.cli import _output
from datalint.cli._options import Option, options
from datalint.cli._project import config_options
from datalint.config import Settings
from datalint.terminal import Progress, visible, wants_progress

if TYPE_CHECKING:
    from datalint.survey import Surveyed

INCOMPLETE = 3


def reading(*more: str) -> list[Option]:
    """The options that say what is read and how; ``more``: other keys of the config."""
    files = ("format", "exclude", "respect-gitignore", "stdin-filename")
    return [*options((("Files", files), ("Running", ("jobs", "progress", *more)))), *config_options()]


class Watched:
    """A progress line on standard error while the block runs, where there is somebody to look at it."""

    def __init__(self, settings: Settings) -> None:
        wanted = wants_progress(settings.progress, sys.stderr.isatty(), os.environ)
        self._line = Progress(sys.stderr, _output.look(sys.stderr, settings)) if wanted else None
        self.draw: Callable[[int, int, int], None] | None = self._line

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line is not None:
            self._line.close()


def closed(found: Surveyed, settings: Settings) -> int:
    """Say on standard error what could not be read; gives the exit code."""
    look = _output.look(sys.stderr, settings)
    for one in found.not_checked:
        place = f"{one.path}:{one.line}" if one.line is not None else one.path
        kind = "note" if one.note else "not read"
        said = " ".join(part for part in (place, one.what if one.note or not place else "", one.why) if part)
        click.echo(f"{kind}: {visible(said, look)}", err=True)
    refused = found.stats.records - sum(found.stats.shapes.values())
    if refused:
        lines = "1 line that holds" if refused == 1 else f"{refused:,} lines that hold"
        click.echo(f"not read: {lines} no record; `datalint check` tells where", err=True)
    return INCOMPLETE if found.incomplete or refused else 0
