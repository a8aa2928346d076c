"""Short ways to write the examples of a Python rule."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from datalint.card import Example, Expect

Text = str | Mapping[str, Any] | Sequence[Mapping[str, Any]]


_write = json.JSONEncoder(
    ensure_ascii=False
).encode  # made once: rules have hundreds of examples, written at every start


def bad(
    text: Text,
    *,
    fixed: Text | None = None,
    name: str = "",
    expect: Sequence[Expect] = (),
    options: Mapping[str, Any] | None = None,
    remaining: int = 0,
    verbatim: bool = False,
    files: Mapping[str, Text] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Example:
    """An example that must be found. ``text``: JSONL text, one record, or a list of records."""
    after = None if fixed is None else _text(fixed)
    return Example(
        _text(text), None, after, name, tuple(expect), dict(options or {}), remaining, verbatim, _files(files),
        dict(settings or {}),
    )  # fmt: skip


def good(
    text: Text,
    *,
    name: str = "",
    options: Mapping[str, Any] | None = None,
    verbatim: bool = False,
    files: Mapping[str, Text] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Example:
    """An example that must be silent."""
    return Example(
        None, _text(text), None, name, (), dict(options or {}), 0, verbatim, _files(files), dict(settings or {})
    )


def _files(files: Mapping[str, Text] | None) -> dict[str, str]:
    return {name: _text(text) for name, text in (files or {}).items()}


def _text(value: Text) -> str:
    if isinstance(value, str):
        return value
    records = [value] if isinstance(value, Mapping) else value
    return "\n".join(map(_write, records))
