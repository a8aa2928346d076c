"""What a shell offers for the values of options and arguments. Rules are read off their files, not loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

import click
from click.shell_completion import CompletionItem

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
BUILT_IN = "datalint_rules"


def files(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Whatever files the shell finds."""
    return [CompletionItem(typed, type="file")]


def choices(known: Iterable[str], ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """One of these words."""
    return _fitting(known, typed)


def formats(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Output formats."""
    from datalint.reporters import names

    return _fitting(names(), typed)


def reports(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Output formats with the sign that a file follows."""
    from datalint.reporters import names

    return _fitting((f"{name}=" for name in names()), typed)


def shapes(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Record formats."""
    from datalint.shapes import builtin

    return _fitting(["auto", *sorted(shape.name for shape in builtin())], typed)


def keys(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Keys of a config file."""
    from datalint.config import KEYS

    return _fitting((key.name for key in KEYS.values() if key.file), typed)


def selectors(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Selectors of rules. What stands before the last comma stays; codes are offered once a letter is there."""
    from datalint import words
    from datalint.model import CATEGORY_SEVERITY

    before, comma, last = typed.rpartition(",")
    found = words.read(_folders())
    groups = ["ALL", "DEFAULT", *CATEGORY_SEVERITY, *(f"tag:{tag}" for tag in found.tags)]
    families = sorted({code.rstrip("0123456789") for code in found.names})
    offered = {**dict.fromkeys([*groups, *families], ""), **{name: code for code, name in found.names.items()}}
    if last:
        offered |= found.names
    items = [(word, said) for word, said in offered.items() if word.startswith(last)]
    return [CompletionItem(before + comma + word, help=said or None) for word, said in items]


def _fitting(words: Iterable[str], typed: str) -> list[CompletionItem]:
    return [CompletionItem(word) for word in words if word.startswith(typed)]


def _folders() -> list[Path]:
    """Where rules are: those that come with datalint, and the project's own."""
    from datalint import config
    from datalint.errors import DatalintError

    spec = find_spec(BUILT_IN)
    own = [Path(path) for path in (spec.submodule_search_locations or ())] if spec is not None else []
    try:
        return [*own, *config.load({}, cwd=Path.cwd()).rule_paths]
    except DatalintError:  # a broken config is told by the command, not while somebody types it
        return own
