"""The commands, a file each in this folder: ``<name>.py`` holds the click command ``command``, imported when asked for.

A command returns its exit code, or None for 0. A user's slip is a ``DatalintError``; it is shown here, once for all.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import click

from datalint import __version__

INTERRUPTED, CLOSED_PIPE, CRASHED = 130, 141, 3


class Commands(click.Group):
    """The commands of this folder, and those that plugins add; plugins are loaded for an unknown name and for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands by name."""
        self._add_guests()
        return sorted({*_own(), *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called ``cmd_name``."""
        if cmd_name in _own():
            found: click.Command = import_module(f"{__name__}.{cmd_name.replace('-', '_')}").command
            return found
        self._add_guests()
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a hint for a name that is nearly right."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            raise click.UsageError(
                f"{error.message} Did you mean {near[0]!r}?" if near else error.message, ctx
            ) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and exit as it says."""
        _open_closed_streams()
        _end_as_interrupted()
        # numpy's linear algebra, which nothing here needs, would start a thread a core: slow, and no forking beside them.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        ctx.exit(run(lambda: super(Commands, self).invoke(ctx)))

    def _add_guests(self) -> None:
        if not getattr(self, "_guests_added", False):
            self._guests_added = True
            from datalint.errors import DatalintError
            from datalint.plugins import add_commands

            try:
                add_commands(self)
            except DatalintError as error:
                raise click.UsageError(str(error)) from error


def run(command: Any) -> int:
    """Call ``command`` and give its exit code; whatever a user or a pipe can do to us ends without a traceback."""
    from datalint.errors import DatalintError

    try:
        code = command()
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except DatalintError as error:
        say(error)
        return error.exit_code
    except KeyboardInterrupt:
        click.echo("\ninterrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return CLOSED_PIPE
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    # A mistake of datalint's own must not look like "findings" to whoever reads exit codes.
    except Exception:
        import traceback

        traceback.print_exc()
        click.echo("error: datalint itself crashed; nothing it says about this run can be relied on", err=True)
        return CRASHED


def say(error: Exception) -> None:
    """Show a user's slip on standard error."""
    from datalint.terminal import Look, visible

    look = Look(encoding=getattr(sys.stderr, "encoding", None) or "ascii")
    lines = [visible(line, look) for line in str(error).split("\n")]
    click.echo("\n".join([f"{click.style('error', fg='red', bold=True)}: {lines[0]}", *lines[1:]]), err=True)


def _open_closed_streams() -> None:
    """Let a standard stream that the shell closed (``>&-``) lead nowhere, so that nobody need ask whether there is one."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))


def _end_as_interrupted() -> None:
    """Let SIGTERM do what Ctrl-C does, so that workers and temporary files are cleared away."""
    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def _silence_stdout() -> None:
    """Let what is still buffered go nowhere, so that the interpreter does not stumble over it at exit."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _own() -> tuple[str, ...]:
    return tuple(m.name.replace("_", "-") for m in iter_modules(__path__) if not m.name.startswith("_"))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="datalint")
def main() -> None:
    """Find and fix what is wrong in fine-tuning data.

    Try `datalint check data/`, and `datalint rule NAME` for what a rule means.
    """
