"""datalint: a pytest-style linter for fine-tuning data. This is the front door: all that rule authors and library users import.

Names are loaded when first used, so that ``import datalint`` costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datalint import axes as axes
    from datalint import families as families
    from datalint import jsonspan as jsonspan
    from datalint import language as language
    from datalint import lengths as lengths
    from datalint import profile as profile
    from datalint import prose as prose
    from datalint.batch import Batch as Batch
    from datalint.beside import Split as Split
    from datalint.beside import Splits as Splits
    from datalint.beside import split_called as split_called
    from datalint.card import Card as Card
    from datalint.card import Example as Example
    from datalint.card import Expect as Expect
    from datalint.card import Judged as Judged
    from datalint.card import Option as Option
    from datalint.errors import DatalintError as DatalintError
    from datalint.errors import UsageError as UsageError
    from datalint.examples import bad as bad
    from datalint.examples import good as good
    from datalint.model import Edit as Edit
    from datalint.model import Finding as Finding
    from datalint.model import Fix as Fix
    from datalint.model import Layout as Layout
    from datalint.model import Ref as Ref
    from datalint.model import Related as Related
    from datalint.model import Severity as Severity
    from datalint.model import Slot as Slot
    from datalint.model import Span as Span
    from datalint.model import Turn as Turn
    from datalint.patterns import bytes_pattern as bytes_pattern
    from datalint.patterns import pattern as pattern
    from datalint.profile import Profile as Profile
    from datalint.rule import Move as Move
    from datalint.rule import Records as Records
    from datalint.rule import fixture as fixture
    from datalint.rule import rule as rule
    from datalint.sections import Annotation as Annotation
    from datalint.sections import Provenance as Provenance
    from datalint.sections import Quantity as Quantity
    from datalint.sections import Target as Target
    from datalint.templating import Rendered as Rendered
    from datalint.templating import Templates as Templates
    from datalint.templating import lock as template_lock
    from datalint.tokens import Tokens as Tokens
    from datalint.views import Conversation as Conversation
    from datalint.views import Line as Line
    from datalint.views import Message as Message
    from datalint.views import Record as Record

__version__ = "0.1.0"

_HOMES = {
    "datalint.batch": ("Batch",),
    "datalint.beside": ("Split", "Splits", "split_called"),
    "datalint.card": ("Card", "Example", "Expect", "Judged", "Option"),
    "datalint.errors": ("DatalintError", "UsageError"),
    "datalint.examples": ("bad", "good"),
    "datalint.model": ("Edit", "Finding", "Fix", "Layout", "Ref", "Related", "Severity", "Slot", "Span", "Turn"),
    "datalint.views": ("Conversation", "Line", "Message", "Record"),
    "datalint.patterns": ("bytes_pattern", "pattern"),
    "datalint.profile": ("Profile",),
    "datalint.sections": ("Annotation", "Provenance", "Quantity", "Target"),
    "datalint.templating": ("Rendered", "Templates"),
    "datalint.rule": ("Move", "Records", "fixture", "rule"),
    "datalint.tokens": ("Tokens",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Annotation",
    "Batch",
    "Card",
    "Conversation",
    "DatalintError",
    "Edit",
    "Example",
    "Expect",
    "Finding",
    "Fix",
    "Judged",
    "Layout",
    "Line",
    "Message",
    "Move",
    "Option",
    "Profile",
    "Provenance",
    "Quantity",
    "Record",
    "Records",
    "Ref",
    "Related",
    "Rendered",
    "Severity",
    "Slot",
    "Span",
    "Split",
    "Splits",
    "Target",
    "Templates",
    "Tokens",
    "Turn",
    "UsageError",
    "__version__",
    "axes",
    "bad",
    "bytes_pattern",
    "families",
    "fixture",
    "good",
    "jsonspan",
    "language",
    "lengths",
    "pattern",
    "profile",
    "prose",
    "rule",
    "split_called",
    "template_lock",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in ("axes", "families", "jsonspan", "language", "lengths", "profile", "prose"):
        return import_module(f"datalint.{name}")
    if name == "template_lock":
        return import_module("datalint.templating.lock")
    if name not in _HOME:
        raise AttributeError(f"module 'datalint' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


class _FrontDoor(ModuleType):
    """Keeps the name ``rule`` for the decorator: on its import the module ``datalint.rule`` would be put in its place."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _FrontDoor
