"""Options made from the config's own declarations, and help that shows them by topic."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import groupby
from typing import Any

import click

from datalint.cli import _completion
from datalint.cli._completion import Completer
from datalint.config import KEYS
from datalint.config_keys import Key

SHORT = {"output-file": "-o", "quiet": "-q", "silent": "-s", "verbose": "-v", "jobs": "-j", "exit-zero": "-e"}
LONG = {"keyword": "--keyword"}
ENVIRONMENT = {
    "output-format": "DATALINT_OUTPUT_FORMAT",
    "output-file": "DATALINT_OUTPUT_FILE",
    "jobs": "DATALINT_JOBS",
    "cache-dir": "DATALINT_CACHE_DIR",
}
METAVAR = {
    "keyword": "EXPR", "scopes": "SCOPE", "per-file-ignores": "GLOB:SELECTOR", "reports": "FORMAT=FILE",
    "output-format": "NAME", "format": "NAME", "jobs": "auto|N", "stdin-filename": "NAME", "rule-timeout": "SECONDS",
    "exclude": "GLOB", "extend-exclude": "GLOB", "add-ignore": "REASON",
    "template": "FAMILY|PATH", "serve-template": "FAMILY|PATH",
    "now": "DATE", "cache-dir": "DIR", "tokenizer": "FILE|NAME", "new-from-rev": "REV", "new-from-merge-base": "REF",
}  # fmt: skip
COMPLETED: dict[str, Completer] = {
    "output-format": _completion.formats, "reports": _completion.reports, "format": _completion.shapes,
    **dict.fromkeys(("select", "ignore", "extend-select", "extend-ignore", "fixable", "unfixable", "extend-safe-fixes",
                     "extend-unsafe-fixes"), _completion.selectors),
}  # fmt: skip
_TYPES: dict[str, Any] = {"int": click.INT, "float": click.FLOAT}
_NAMES = {"list": "SELECTOR", "globs": "GLOB", "path": "FILE", "int": "N"}


class Option(click.Option):
    """An option under a topic of the help."""

    def __init__(self, *declarations: Any, topic: str = "", **attributes: Any) -> None:
        super().__init__(declarations, **attributes)
        self.topic = topic


class Command(click.Command):
    """A command whose help shows its options by topic."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one section a topic."""
        wanted = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        for topic, params in groupby(wanted, key=lambda p: getattr(p, "topic", "")):
            rows = [row for param in params if (row := param.get_help_record(ctx)) is not None]
            if rows:
                with formatter.section(topic or "Options"):
                    formatter.write_dl(rows)


def option(name: str, topic: str) -> Option:
    """The option for the config key ``name``. It is None, or empty, where the user gave nothing."""
    key = KEYS[name]
    declared = [key.field, *_spellings(key)]
    more: dict[str, Any] = {"topic": topic, "help": key.doc, "envvar": ENVIRONMENT.get(name), "show_envvar": True}
    more["shell_complete"] = _completer(key)
    if key.kind == "bool":
        flag: dict[str, Any] = {"is_flag": True, "default": None}
        return Option(*declared, **flag, **more)
    if name == "verbose":
        return Option(*declared, count=True, default=None, **more)
    if key.kind in ("list", "globs", "table"):
        return Option(*declared, multiple=True, default=None, metavar=_metavar(key), **more)
    kind = click.Choice(key.choices) if key.choices else _TYPES.get(key.kind, click.STRING)
    return Option(*declared, type=kind, default=None, metavar=None if key.choices else _metavar(key), **more)


def _completer(key: Key) -> Completer | None:
    if key.kind == "list" and key.choices:
        return partial(_completion.choices, key.choices)
    return COMPLETED.get(key.name) or (_completion.files if key.kind == "path" else None)


def options(topics: Iterable[tuple[str, Iterable[str]]]) -> list[Option]:
    """The options for some config keys, by topic."""
    return [option(name, topic) for topic, names in topics for name in names]


def by_topic(made: Iterable[Option]) -> list[Option]:
    """Options of one topic next to each other, topics in the order they first come up."""
    known = list(made)
    topics = list(dict.fromkeys(o.topic for o in known))
    return sorted(known, key=lambda o: topics.index(o.topic))


def _spellings(key: Key) -> list[str]:
    """``--fix/--no-fix`` for what a config may say as well, a plain flag for what it may not."""
    said = key.cli or f"--{key.name}"
    spelled = [said] if said.startswith("--") else [said, LONG.get(key.name, f"--{key.name}")]
    if key.kind == "bool" and key.file:
        spelled = [f"{said}/--no-{said.removeprefix('--')}"]
    return [SHORT[key.name], *spelled] if key.name in SHORT else spelled


def _metavar(key: Key) -> str | None:
    return METAVAR.get(key.name) or _NAMES.get(key.kind)
