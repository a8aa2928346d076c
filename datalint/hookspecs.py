"""The hooks of datalint. A plugin is a module or object with functions of these names; none is called per record.

An installed plugin names its module in the entry-point group ``datalint``; ``-p MODULE`` loads one that is not
installed. A hook may leave out arguments it does not need.
"""

from __future__ import annotations

from typing import Any, Protocol

import pluggy

PROJECT = "datalint"
PREFIX = "datalint_"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Register(Protocol):
    """What the register hooks are given: call it with each thing."""

    def __call__(self, *things: Any) -> None:
        """Add ``things``."""


@hookspec
def datalint_register_rules(register: Register) -> None:
    """Call ``register(rule)`` with each rule: a function or class marked with ``@rule``, a module of such, or a
    ``RuleSpec``. ``plugins.rules_from_folder`` reads a whole folder."""


@hookspec
def datalint_register_fixtures(register: Register) -> None:
    """Call ``register(fixture)`` with each ``@fixture`` function that rules of any plugin may ask for by name."""


@hookspec
def datalint_register_shapes(register: Register) -> None:
    """Call ``register(shape)`` with each record format: what a record of this form means."""


@hookspec
def datalint_register_readers(register: Register) -> None:
    """Call ``register(reader)`` with each ``GuestReader``: how files of another kind become lines of JSON."""


@hookspec
def datalint_register_reporters(register: Register) -> None:
    """Call ``register(reporter)`` with each reporter; its ``name`` becomes a choice of ``--output-format``."""


@hookspec
def datalint_register_executors(register: Register) -> None:
    """Call ``register(executor)`` with each executor: a map over shards."""


@hookspec
def datalint_register_commands(cli: Any) -> None:
    """Add commands to the click group ``cli``."""


@hookspec
def datalint_report_header(settings: Any) -> str | list[str] | None:
    """Lines to print above the findings with ``--verbose``."""


@hookspec
def datalint_terminal_summary(report: Any) -> str | list[str] | None:
    """Lines to print below the findings of a text report."""


@hookspec(firstresult=True)
def datalint_exit_code(report: Any, exit_code: int) -> int | None:
    """Another exit code, None to keep ``exit_code``. The plugin registered last is asked first."""
