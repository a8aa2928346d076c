"""Reporters: report → text. One file each, found by listing this folder.

A reporter is a module with ``NAME``, ``SUMMARY``, ``MACHINE`` (its output is one document for programs) and
``render(report)``, which yields pieces of text. Modules that start with an underscore are helpers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Protocol

from datalint.errors import UsageError

if TYPE_CHECKING:
    from datalint.report import Report


class Reporter(Protocol):
    """Tells a report."""

    NAME: str
    SUMMARY: str
    MACHINE: bool

    def render(self, report: Report) -> Iterator[str]:
        """The report as text, piece by piece."""


def names() -> tuple[str, ...]:
    """The names of the built-in reporters."""
    return tuple(sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_")))


def reporter(name: str, others: Mapping[str, Reporter] | None = None) -> Reporter:
    """The reporter called ``name``, built in or from ``others``. Raises UsageError if there is none."""
    if others and name in others:
        return others[name]
    known = names()
    if name not in known:
        near = get_close_matches(name, [*known, *(others or ())], n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join([*known, *(others or ())])}"
        raise UsageError(f"there is no output format {name!r}", hint=hint)
    found: Any = import_module(f"{__name__}.{name}")
    made: Reporter = found
    return made
