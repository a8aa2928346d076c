"""``datalint clean``: remove what was kept to be quicker the next time."""

from __future__ import annotations

from typing import Any

from datalint import cache_folder
from datalint.cli._options import Command, Option, option
from datalint.cli._project import say, settings_of
from datalint.errors import DatalintError


def clean(**given: Any) -> int:
    """Remove what is kept from run to run: the scans of data, and compiled triggers.

    Nothing is lost by it but time: the next run makes it again.
    """
    told = settings_of(given).cache_dir  # on the command line: this folder and no other
    usual = cache_folder.root().absolute()
    for folder in dict.fromkeys((told,) if given["cache_dir"] and told else (usual, told or usual)):
        try:
            files, size = cache_folder.remove(folder)
        except OSError as error:
            raise DatalintError(f"cannot remove {error.filename or folder}: {error.strerror}") from error
        what = f"{files:,} file{'s' * (files != 1)}, {size / 1e6:,.1f} MB"
        say([f"Removed {what}: {folder}" if files else f"There is nothing to remove: {folder}"])
    return 0


command = Command(
    "clean",
    params=[
        option("cache-dir", "Config"),
        Option("config", "--config", multiple=True, metavar="FILE|TOML", topic="Config",
               help="A config file, or settings."),
        Option("isolated", "--isolated", is_flag=True, help="Ignore all config files.", topic="Config"),
    ],
    callback=clean,
    help=clean.__doc__,
    short_help="Remove what is kept from run to run.",
)  # fmt: skip
