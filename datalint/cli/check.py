"""``datalint check``: find, and fix, what is wrong in data."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import click

from datalint import config
from datalint.cli import _completion, _output
from datalint.cli._options import Command, Option, by_topic, options
from datalint.config import Settings
from datalint.terminal import Progress, wants_progress

TOPICS = (
    ("Rules", ("select", "ignore", "extend-select", "extend-ignore", "per-file-ignores", "keyword", "scopes",
               "preview")),
    ("Fixing", ("fix", "unsafe-fixes", "diff", "fix-only", "show-fixes", "exit-non-zero-on-fix", "fixable", "unfixable",
                "extend-safe-fixes", "extend-unsafe-fixes", "quarantine")),
    ("Held back", ("baseline", "no-baseline", "ignore-file", "no-suppressions", "new-from-rev",
                   "new-from-merge-base", "add-ignore", "show-suppressed")),
    ("Output", ("output-format", "output-file", "reports", "statistics", "max-per-rule", "redact", "color", "progress",
                "quiet", "silent", "verbose")),
    ("Failing", ("fail-level", "exit-zero", "max-warnings", "maxfail")),
    ("Files", ("exclude", "extend-exclude", "force-exclude", "respect-gitignore", "show-files", "format",
               "stdin-filename")),
    ("Chat template", ("template", "serve-template", "now", "lock")),
    ("Training", ("target", "tokenizer", "max-tokens")),
    ("Running", ("jobs", "executor", "cache", "cache-dir", "rule-timeout", "python-rules")),
)  # fmt: skip


def check(paths: tuple[str, ...], **given: Any) -> int:
    """Check data files and folders; `-` is standard input.

    Without PATHS, what the config includes, else the current folder. Lists may hold commas and may be repeated. A
    SELECTOR is ALL, DEFAULT, a code (QLT101), the start of one (QLT), a name, a category or tag:x.

    \b
    Exit code: 0 all is well, 1 findings at or above --fail-level, 2 wrong use or config, 3 something was not checked.
    """
    settings = _settings(paths, given)
    if given["add_ignore"] is not None:
        from datalint.cli import _accept

        _accept.ready(settings)
    if given["collect_only"]:
        return _output.collected(settings)
    if settings.show_files:
        return _output.files(settings)
    out = _output.outlets(settings)
    from datalint import run  # brings the engine, which help and listings do without

    # Whatever a rule prints, standard output is the report's.
    with redirect_stdout(sys.stderr), progress_line(settings) as progress:
        outcome = run.check(settings, progress=progress)
    if settings.add_ignore:
        from datalint.cli import _accept

        return _accept.accept(outcome, settings)
    return _output.tell(outcome, settings, out)


def _settings(paths: tuple[str, ...], given: Mapping[str, Any]) -> Settings:
    cli = {name: value for name, value in given.items() if value is not None and value != () and name not in _APART}
    if paths:
        cli["paths"] = paths
    if os.environ.get("DATALINT_NO_CACHE", "0") not in ("", "0"):
        cli.setdefault("cache", False)
    if given["stop"]:
        cli["maxfail"] = 1
    texts = given["config"] or tuple(filter(None, [os.environ.get("DATALINT_CONFIG")]))
    return config.load(cli, cwd=Path.cwd(), config=texts, isolated=given["isolated"])


_APART = ("config", "isolated", "stop", "collect_only")  # options that are no keys of the config


@contextmanager
def progress_line(settings: Settings) -> Iterator[Progress | None]:
    """What draws how far a run is, if anything is to be drawn; taken away in the end."""
    wanted = None if settings.progress is None and not settings.silent else settings.progress and not settings.silent
    if not wants_progress(wanted, sys.stderr.isatty(), os.environ):
        yield None
        return
    made = Progress(sys.stderr, _output.look(sys.stderr, settings))
    try:
        yield made
    finally:
        made.close()


def _apart() -> list[Option]:
    return [
        Option("plugins", "-p", multiple=True, metavar="NAME|no:NAME", topic="Running",
               help="Load a plugin (a module), or leave one out."),
        Option("config", "--config", multiple=True, metavar="FILE|TOML", topic="Running", show_envvar=False,
               help="A config file, or settings like 'fail-level = \"warning\"'.  [env var: DATALINT_CONFIG]"),
        Option("isolated", "--isolated", is_flag=True, help="Ignore all config files.", topic="Running"),
        Option("collect_only", "--collect-only", is_flag=True, topic="Running",
               help="List the rules and files that would be used, and check nothing."),
        Option("stop", "-x", is_flag=True, help="Stop at the first finding that fails the run.", topic="Failing"),
    ]  # fmt: skip


command = Command(
    "check",
    params=[
        click.Argument(["paths"], nargs=-1, metavar="[PATHS]...", shell_complete=_completion.files),
        *by_topic([*options(TOPICS), *_apart()]),
    ],
    callback=check,
    help=check.__doc__,
    short_help="Find, and with --fix mend, what is wrong in data.",
)
