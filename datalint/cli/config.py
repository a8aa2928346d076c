"""``datalint config``: what can be set, what it means, and what is set here."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from datalint.cli import _completion
from datalint.cli._options import Command, Option
from datalint.cli._project import SELECTING, columns, config_options, say, say_json, say_markdown, settings_of
from datalint.config import KEYS, Settings
from datalint.config_keys import thaw
from datalint.docs_settings import default_of, describe, toml, type_of
from datalint.errors import UsageError


def config(keys: tuple[str, ...], **given: Any) -> int:
    """Explain config KEYS, or list them all; show what is set here, and where.

    `--show` alone tells what holds for the project, with PATH what holds for that data file.
    """
    if given["schema"]:
        return _schema(given)
    if given["show"] is not None:
        return _show(settings_of(given), given["show"], keys, given["style"])
    if keys:
        say_markdown("\n\n".join(describe(KEYS[_known(name)]) for name in keys))
    elif given["style"] == "json":
        say_json({k.name: {"type": type_of(k), "default": thaw(k.default), "doc": k.doc, "cli": k.cli}
                  for k in KEYS.values() if k.file})  # fmt: skip
    else:
        say(columns((k.name, type_of(k), default_of(k) or "-", k.doc) for k in KEYS.values() if k.file))
    return 0


def _known(name: str) -> str:
    wanted = name.replace("_", "-")
    if wanted not in KEYS:
        near = get_close_matches(wanted, KEYS, n=1)
        raise UsageError(f"no key is called {name!r}", hint=f"did you mean {near[0]!r}?" if near else "")
    return wanted


def _schema(given: dict[str, Any]) -> int:
    from datalint import plugins, reporters
    from datalint.config_schema import schema

    loaded = plugins.load(settings_of(given))
    shapes = [shape.name for shape in loaded.shapes]
    say_json(schema(KEYS, loaded.registry.cards, shapes, sorted({*reporters.names(), *loaded.reporters})))
    return 0


def _show(settings: Settings, path: str, names: tuple[str, ...], style: str) -> int:
    near = settings.nearest(Path(path)) if path else settings
    wanted = [_known(name) for name in names] or [k.name for k in KEYS.values() if k.file]
    told = {name: entry for name, entry in _effective(near, path) if name in wanted or name in ("never", "wheres")}
    if style == "json":
        say_json({name: {"value": value, "origin": origin} for name, (value, origin) in told.items()})
        return 0
    say([f"# config: {near.config_path or 'none'}", *(["# for: " + path] if path else [])])
    lines = [(f"{name} = {toml(value)}", f"# {origin}") for name, (value, origin) in told.items() if value is not None]
    say(columns(lines))
    return 0


def _effective(settings: Settings, path: str) -> Iterator[tuple[str, tuple[Any, str]]]:
    """Each key with its value and where that comes from; for a data file, what overrides make of it."""
    policy = settings.policy_for(Path(path)) if path else settings.policy
    for key in KEYS.values():
        if not key.file:
            continue
        origin, value = settings.origins.get(key.name, "default"), getattr(settings, key.field)
        here = getattr(policy, key.field, value)
        yield key.name, (_plain(here), origin if here == value else "overrides")
    if policy.never:
        yield "never", (thaw(policy.never), "per-file-ignores and overrides")
    if policy.wheres:
        said = [{"where": thaw(w.where), "ignore": thaw(w.ignore)} for w in policy.wheres]
        yield "wheres", (said, "overrides")


def _plain(value: Any) -> Any:
    if isinstance(value, tuple) and value and hasattr(value[0], "files"):
        return [{name: thaw(v) for name, v in vars(o).items() if v not in (None, (), "", {})} for o in value]
    return thaw(value)


command = Command(
    "config",
    params=[
        click.Argument(["keys"], nargs=-1, metavar="[KEY]...", shell_complete=_completion.keys),
        Option("show", "--show", is_flag=False, flag_value="", default=None, metavar="[PATH]",
               help="What is set here (or for a data file), and where."),
        Option("schema", "--schema", is_flag=True, help="The JSON schema of a config file."),
        Option("style", "--output-format", type=click.Choice(("text", "json")), default="text",
               help="How to show it."),
        *config_options(*SELECTING),
    ],
    callback=config,
    help=config.__doc__,
    short_help="Explain settings, or show what is set.",
)  # fmt: skip
