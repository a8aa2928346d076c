"""``datalint diff``: two versions of a data set, record by record and finding by finding."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import click

from datalint.cli import _output
from datalint.cli._options import Command, Option
from datalint.cli._project import SELECTING, config_options, settings_of
from datalint.report import Report
from datalint.verdict import not_checked


def diff(old: str, new: str | None, **given: Any) -> int:
    """Compare two versions of data: which records came, went and changed, and which findings with them.

    OLD and NEW are files or folders, or REV:PATH for what git has at a revision (REV: is all of it). Without NEW, it is
    what the working tree has at PATH now.

    \b
    Exit code: 0 both were compared, 2 wrong use, 3 something was not checked.
    """
    settings = settings_of(given)
    from datalint import comparison  # brings the engine, which help does without

    with tempfile.TemporaryDirectory(prefix="datalint-", ignore_cleanup_errors=True) as folder:
        now = comparison.here(old, settings) if new is None else new
        before = comparison.version(old, settings, Path(folder, "old"))
        after = comparison.version(now, settings, Path(folder, "new"))
        with redirect_stdout(sys.stderr):  # whatever a rule prints, standard output is the report's
            told = comparison.compared(before, after, settings)
        text = "".join(_rendered(told, given["style"], given["show"]))
    if given["output"] is not None:
        _output.write_file(given["output"], [text])
    else:
        _output.write([text], sys.stdout, "" if given["style"] == "table" else "utf-8")
    for seen in (told.old, told.new):
        shown = Report(seen.outcome, seen.report.settings, _output.look(sys.stderr, settings))
        _output.write((f"{line}\n" for line in not_checked(shown, notes=False)), sys.stderr)
    return 3 if comparison.incomplete((told.old, told.new)) else 0


def _rendered(told: Any, style: str, most: int) -> Iterable[str]:
    from datalint.cli import _diff
    from datalint.document import dumps

    if style == "json":
        return [dumps(_diff.as_json(told, most)), "\n"]
    if style == "markdown":
        return [_diff.as_markdown(told, most)]
    return (line + "\n" for line in _diff.as_text(told, _output.look(sys.stdout, told.new.report.settings), most))


command = Command(
    "diff",
    params=[
        click.Argument(["old"], metavar="OLD"),
        click.Argument(["new"], metavar="[NEW]", required=False),
        Option("style", "--output-format", type=click.Choice(("table", "json", "markdown")), default="table",
               show_default=True, help="How to tell it; markdown is for a comment."),
        Option("output", "-o", "--output-file", type=click.Path(path_type=Path), metavar="FILE",
               help="Write it here instead of standard output."),
        Option("show", "--show", type=click.IntRange(min=0), default=10, show_default=True, metavar="N",
               help="So many records of each kind are shown."),
        *config_options(*SELECTING, "format", "exclude", "extend-exclude", "ignore-file", "no-suppressions", "jobs"),
    ],
    callback=diff,
    help=diff.__doc__,
    short_help="Compare two versions of data.",
)  # fmt: skip
