"""``datalint report``: a saved report, told again in another format."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from datalint.cli import _completion, _output
from datalint.cli._options import Command, by_topic, options
from datalint.cli._project import config_options, settings_of
from datalint.config import COMMAND_LINE, Settings
from datalint.config_keys import Table

TOPICS = (("Output", ("output-format", "output-file", "reports", "statistics", "max-per-rule", "color", "quiet")),)


def report(file: str, **given: Any) -> int:
    """Tell a saved report again, in any format; nothing is checked.

    FILE is what `datalint check --output-format jsonl` (or json) wrote; `-` is standard input. Where the data is still
    there and says the same, `full` shows it. The exit code is that of the run.
    """
    settings = _asked_for(settings_of(given))
    out = _output.outlets(settings)
    from datalint import saved

    with _on_disk(file) as path:
        return _output.tell(saved.load(path, settings), settings, out, saved.SavedReport)


def _asked_for(settings: Settings) -> Settings:
    """Without the files that the config has for the reports of runs."""
    own = {name for name, origin in settings.origins.items() if origin == COMMAND_LINE}
    return replace(
        settings,
        reports=settings.reports if "reports" in own else Table(),
        output_file=settings.output_file if "output-file" in own else None,
    )


@contextmanager
def _on_disk(file: str) -> Iterator[Path]:
    """The file, or what comes from standard input as a file: a report is read more than once."""
    if file != "-":
        yield Path(file)
        return
    with tempfile.TemporaryDirectory(prefix="datalint-") as folder:
        path = Path(folder, "standard input")
        with path.open("wb") as f:
            shutil.copyfileobj(sys.stdin.buffer, f)
        yield path


command = Command(
    "report",
    params=[
        click.Argument(["file"], metavar="FILE", shell_complete=_completion.files),
        *by_topic([*options(TOPICS), *config_options()]),
    ],
    callback=report,
    help=report.__doc__,
    short_help="Tell a saved report in another format.",
)
