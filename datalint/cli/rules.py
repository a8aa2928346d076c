"""``datalint rules``: the table of rules, and which of them are on here."""

from __future__ import annotations

from typing import Any

import click

from datalint import docs, plugins
from datalint.card import Card
from datalint.cli._options import Command, Option
from datalint.cli._project import SELECTING, columns, config_options, say, say_json, settings_of
from datalint.model import CATEGORY_SEVERITY
from datalint.registry import Selection
from datalint.terminal import count


def rules(**given: Any) -> int:
    """List all rules, and whether they are on in this project.

    With options that select rules: what `datalint check` with the same options would run.
    """
    settings = settings_of(given)
    loaded = plugins.load(settings)
    registry = loaded.registry
    selection = registry.select(settings.policy)
    cards = [card for card in registry.cards if _wanted(card, given, selection)]
    if given["style"] == "json":
        say_json([_entry(card, selection) for card in cards])
    elif given["style"] == "markdown":
        say(docs.table(cards).splitlines())
    else:
        say(columns([_HEAD, *(_row(card, selection) for card in cards)]))
        on = sum(card.code in selection for card in cards)
        say(
            [
                "",
                f"{count(len(cards), 'rule')}, {on} of them on here. `datalint rule NAME` tells all about one.",
                *loaded.notes,
            ]
        )
    return 0


def _wanted(card: Card, given: dict[str, Any], selection: Selection) -> bool:
    return (
        (not given["enabled"] or card.code in selection)
        and (not given["category"] or card.category in given["category"])
        and (not given["tag"] or bool({*card.tags} & {*given["tag"]}))
    )


_TOLD = (
    "code",
    "name",
    "summary",
    "category",
    "status",
    "since",
    "default",
    "scope",
    "fix",
    "tags",
    "aliases",
    "origin",
)
_HEAD = ("code", "name", "category", "severity", "fix", "status", "here", "summary")


def _row(card: Card, selection: Selection) -> tuple[str, ...]:
    here = "on" if card.code in selection else "off"
    severity = selection.severities.get(card.code, card.severity)
    return card.code, card.name, card.category, severity, card.fix or "-", card.status, here, card.summary


def _entry(card: Card, selection: Selection) -> dict[str, Any]:
    told = docs.data(card)
    here = {"enabled": card.code in selection, "reason": selection.reasons[card.code]}
    return (
        {name: told[name] for name in _TOLD} | {"severity": selection.severities.get(card.code, card.severity)} | here
    )


command = Command(
    "rules",
    params=[
        Option("enabled", "--enabled", is_flag=True, help="Only rules that are on here."),
        Option("category", "--category", multiple=True, type=click.Choice(tuple(CATEGORY_SEVERITY)),
               help="Only rules of this category."),
        Option("tag", "--tag", multiple=True, metavar="TAG", help="Only rules with this tag."),
        Option("style", "--output-format", type=click.Choice(("table", "json", "markdown")), default="table",
               help="How to list them."),
        *config_options(*SELECTING),
    ],
    callback=rules,
    help=rules.__doc__,
    short_help="List all rules and which are on here.",
)  # fmt: skip
