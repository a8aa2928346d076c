"""What the commands that tell about a project share: its config, its plugins, and where text goes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from datalint import config
from datalint.cli._options import Option, option
from datalint.config import KEYS, Settings
from datalint.terminal import Look, visible, wants_color

SELECTING = ("select", "ignore", "extend-select", "extend-ignore", "keyword", "scopes", "preview")


def config_options(*names: str) -> list[Option]:
    """The options of a command that reads the config: some of its keys, and which config."""
    return [
        *(option(name, "Rules") for name in names),
        option("python-rules", "Config"),
        Option("plugins", "-p", multiple=True, metavar="NAME|no:NAME", topic="Config",
               help="Load a plugin (a module), or leave one out."),
        Option("config", "--config", multiple=True, metavar="FILE|TOML", topic="Config",
               help="A config file, or settings."),
        Option("isolated", "--isolated", is_flag=True, help="Ignore all config files.", topic="Config"),
    ]  # fmt: skip


def settings_of(given: Mapping[str, Any], **more: Any) -> Settings:
    """The settings that options made by ``config_options`` and the config give."""
    known = {"plugins", *(key.field for key in KEYS.values())}
    cli = {name: value for name, value in given.items() if name in known and value not in (None, ())}
    texts = given["config"] or tuple(filter(None, [os.environ.get("DATALINT_CONFIG")]))
    return config.load({**cli, **more}, cwd=Path.cwd(), config=texts, isolated=given["isolated"])


def look() -> Look:
    """What standard output can show."""
    tty = sys.stdout is not None and sys.stdout.isatty()
    return Look(wants_color("auto", tty, os.environ), getattr(sys.stdout, "encoding", None) or "utf-8")


def say(lines: Iterable[str]) -> None:
    """Write lines to standard output; nothing in them can move a cursor."""
    shown = look()
    _write("".join(visible(line, shown) + "\n" for line in lines))


def say_painted(lines: Iterable[str]) -> None:
    """Write lines whose parts were made visible, and painted, already."""
    _write("".join(line + "\n" for line in lines))


def say_markdown(text: str) -> None:
    """Write Markdown to standard output, its headings bold where there are colours."""
    shown = look()
    lines = (visible(line, shown) for line in text.rstrip("\n").split("\n"))
    _write("".join((shown.paint(line, bold=True) if line.startswith("#") else line) + "\n" for line in lines))


def say_json(value: Any) -> None:
    """Write a value as JSON to standard output."""
    _write(json.dumps(value, indent=2, ensure_ascii=True, default=str) + "\n")


def columns(rows: Iterable[Iterable[str]]) -> list[str]:
    """Rows as lines with aligned columns; the last one is as long as it likes."""
    cells = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(c.ljust(w) for c, w in zip(row, (*widths[:-1], 0), strict=True)).rstrip() for row in cells]


def _write(text: str) -> None:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
