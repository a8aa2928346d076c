"""``datalint completion``: the script that teaches a shell to complete datalint's commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from datalint.cli import main

SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Print the script that makes a shell complete commands.")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> int:
    """Print the script with which SHELL completes commands, options, rules and formats.

    \b
    bash  eval "$(datalint completion bash)" in ~/.bashrc (bash 4.4 or newer)
    zsh   eval "$(datalint completion zsh)" in ~/.zshrc, after compinit
    fish  datalint completion fish > ~/.config/fish/completions/datalint.fish
    """
    found = get_completion_class(shell)
    if found is not None:
        made = found(main, {}, "datalint", "_DATALINT_COMPLETE")
        click.echo(made.source_template % made.source_vars())
    return 0
