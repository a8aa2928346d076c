# ruff: noqa: RUF009  (tables are immutable)
"""The keys of the tables that a config may hold several of."""

from __future__ import annotations

from dataclasses import dataclass

from datalint.config_keys import Key, Table
from datalint.model import SEVERITIES

OVERRIDE_KEYS = (
    Key("files", "globs", "The files this override is for.", required=True),
    Key("where", "table", "Only records whose value at each JSON pointer (or key) is the given one, or one of a list."),
    Key("select", "list", "Rules of these files, in place of the project's."),
    Key("ignore", "list", "Rules that are silent in these files."),
    Key("extend-select", "list", "Rules these files have besides the project's."),
    Key("format", "format", "Record format of these files."),
    Key("rules", "table", "Options of rules in these files.", of="table"),
    Key("severity", "table", "Severities in these files.", of="list", choices=SEVERITIES),
)
GATE_KEYS = (
    Key("rules", "list", "The rules that share the budget.", required=True),
    Key("max-rate", "float", "Findings for each record, at most: 0.01 is one in a hundred.", required=True, least=0),
)
SPLIT_KINDS = ("train", "validation", "test", "evaluation")
SPLIT_KEYS = (
    Key("name", "str", "What the split is called.", required=True),
    Key("files", "globs", "Its files, checked or not.", required=True),
    Key(
        "kind",
        "str",
        "What it is for; told by names such as dev.",
        choices=("train", "validation", "test", "evaluation"),
    ),
)

TARGETS = ("trl", "axolotl", "llama-factory", "unsloth", "torchtune", "together", "fireworks", "openai", "mistral")


@dataclass(frozen=True)
class Override:
    """What holds for some files only; with ``where`` only for some of their records."""

    files: tuple[str, ...]
    where: Table = Table()
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    format: str = ""
    fields: Table = Table()
    rules: Table = Table()
    severity: Table = Table()


@dataclass(frozen=True)
class Where:
    """Rules that are silent on records whose values are as ``where`` says (JSON pointer or key -> value or values)."""

    where: Table
    ignore: tuple[str, ...]
