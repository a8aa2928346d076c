"""``datalint rule``: all about a rule."""

from __future__ import annotations

from typing import Any

import click

from datalint import docs, plugins
from datalint.cli import _completion
from datalint.cli._options import Command, Option
from datalint.cli._project import config_options, say_json, say_markdown, settings_of
from datalint.errors import UsageError


def rule(selectors: tuple[str, ...], **given: Any) -> int:
    """Show all about rules: why, examples, options, how safe fixes are, how often it is right.

    A SELECTOR is a code, a name, or what `--select` takes.
    """
    if bool(selectors) == given["all"]:
        raise UsageError("name a rule, or give --all", hint="`datalint rules` lists them")
    registry = plugins.load(settings_of(given)).registry
    codes = registry.codes(selectors or ("ALL",))
    cards = [card for card in registry.cards if card.code in codes]
    if given["style"] == "json":
        say_json([docs.data(card) for card in cards])
    else:
        say_markdown("\n\n".join(map(docs.page, cards)))
    return 0


command = Command(
    "rule",
    params=[
        click.Argument(["selectors"], nargs=-1, metavar="[SELECTOR]...", shell_complete=_completion.selectors),
        Option("all", "--all", is_flag=True, help="All rules."),
        Option("style", "--output-format", type=click.Choice(("markdown", "json")), default="markdown",
               help="How to show them."),
        *config_options(),
    ],
    callback=rule,
    help=rule.__doc__,
    short_help="Show all about a rule.",
)  # fmt: skip
