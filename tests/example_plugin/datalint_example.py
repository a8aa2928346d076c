"""An example of a datalint plugin: a rule, a reporter and a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def datalint_register_rules(register: Callable[..., None]) -> None:
    """One rule."""
    from datalint_example_rules import ticket_number

    register(ticket_number)


def datalint_register_reporters(register: Callable[..., None]) -> None:
    """One reporter."""
    import datalint_example_reporter

    register(datalint_example_reporter)


def datalint_register_commands(cli: click.Group) -> None:
    """One command."""
    cli.add_command(hello)


@click.command()
def hello() -> None:
    """Say hello."""
    click.echo("Hello from a plugin.")


def datalint_terminal_summary(report: Any) -> str:
    """One line below the findings."""
    return "The example plugin was here."
