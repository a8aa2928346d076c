"""Codes, names and tags of rules, read off their files without loading one: for completion, which nobody waits for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from datalint.patterns import pattern

_CODE = r"[A-Z]{2,5}[0-9]{3}"
_PYTHON = pattern(rf'@rule\(\s*(?:code=)?"({_CODE})",\s*(?:name=)?"([a-z][a-z0-9-]*)"')
_TOML = pattern(rf'(?m)^code *= *"({_CODE})"(?:\n.*)*?\n?name *= *"([a-z][a-z0-9-]*)"')
_TAGS = pattern(r"(?m)^ *tags *= *[\[(]([^\])]*)")
_TAG = pattern(r"""["']([\w-]+)["']""")


class Words(NamedTuple):
    """What rule files say of their rules: names by code, and tags."""

    names: dict[str, str]
    tags: tuple[str, ...]


def read(folders: Iterable[Path]) -> Words:
    """The words of all rule files in these folders."""
    names: dict[str, str] = {}
    tags: set[str] = set()
    for file in _files(folders):
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        found = (_TOML if file.suffix == ".toml" else _PYTHON).findall(text, timeout=1)
        names |= dict(found)
        if found:
            tags.update(tag for listed in _TAGS.findall(text, timeout=1) for tag in _TAG.findall(listed))
    return Words(dict(sorted(names.items())), tuple(sorted(tags)))


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for start in folders:
        for folder, inner, names in os.walk(start):
            inner[:] = [name for name in inner if not name.startswith((".", "_"))]
            yield from (Path(folder, name) for name in names if name.endswith((".toml", ".py")) and name[0] not in "._")
