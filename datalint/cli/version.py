"""``datalint version``: the version, and what a report of a bug should say."""

from __future__ import annotations

import platform
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import click

from datalint import __version__

_PARTS = (
    "click", "pluggy", "orjson", "regex", "numpy", "hyperscan", "ftfy", "langdetect", "presidio-analyzer", "zstandard"
)  # fmt: skip


@click.command()
@click.option("-v", "--verbose", is_flag=True, help="Also versions of Python, of what datalint uses, and plugins.")
def command(verbose: bool) -> int:
    """Show the version; with -v all that a report of a bug should say."""
    click.echo(f"datalint {__version__}")
    if verbose:
        click.echo(f"python {sys.version.split()[0]} ({platform.python_implementation()}) on {platform.platform()}")
        for name in _PARTS:
            click.echo(f"{name} {_version(name)}")
        _project()
    return 0


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "is there, version unknown" if find_spec(name.replace("-", "_")) is not None else "not installed"


def _project() -> None:
    """The config and the plugins here; a config that cannot be read is told, not raised."""
    from datalint import config, plugins
    from datalint.errors import DatalintError

    try:
        settings = config.load({}, cwd=Path.cwd())
        click.echo(f"config {settings.config_path or 'none'}")
        for plugin in plugins.load(settings).listing():
            click.echo(f"plugin {plugin.name} {plugin.version} ({plugin.origin}): {len(plugin.rules)} rules")
    except DatalintError as error:
        click.echo(f"config or plugins: {error.message}")
