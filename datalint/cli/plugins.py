"""``datalint plugins``: what is installed, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from datalint import plugins as loading
from datalint.cli._options import Command, Option
from datalint.cli._project import config_options, say_json, settings_of


def plugins(**given: Any) -> int:
    """List plugins and folders of rules as JSON: name, version, origin, hooks and rules."""
    listed = loading.load(settings_of(given)).listing()
    wanted = [p for p in listed if given["all"] or p.name != loading.BUILTIN]
    if given["hook"]:
        hooks = {name if name.startswith("datalint_") else f"datalint_{name}" for name in given["hook"]}
        wanted = [p for p in wanted if hooks & {*p.hooks}]
    say_json([asdict(plugin) for plugin in wanted])
    return 0


command = Command(
    "plugins",
    params=[
        Option("all", "--all", is_flag=True, help="Also the rules that come with datalint."),
        Option("hook", "--hook", multiple=True, metavar="NAME", help="Only plugins that use this hook."),
        *config_options(),
    ],
    callback=plugins,
    help=plugins.__doc__,
    short_help="List plugins.",
)
