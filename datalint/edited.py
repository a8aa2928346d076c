"""The same edits on the parsed value: what a record must say once its bytes are edited."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from datalint.model import Edit

BOM = b"\xef\xbb\xbf"
_Job = tuple[Edit, Any, Any]  # the edit, the object or array it lands in, the key or number there


class UnfitError(Exception):
    """A fix does not fit its record; the message says why."""


def _number(literal: str) -> tuple[str, str]:
    return ("number", literal)


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_constant)


def parse(raw: bytes) -> Any:
    """The value of one line, numbers as they are written, of equal keys the last. Raises ValueError if not JSON."""
    try:
        return _DECODER.decode(raw.removeprefix(BOM).decode())
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def edited(value: Any, edits: Iterable[Edit]) -> Any:
    """``value`` (which is used up) after all edits; every pointer and span means the value as it came."""
    box = [value]
    jobs = [(edit, *_place(box, edit.pointer)) for edit in edits]
    for edit, at, key in sorted(_of(jobs, "replace-text"), key=lambda job: job[0].span or (0, 0), reverse=True):
        start, end = edit.span or (0, len(at[key]))
        at[key] = at[key][:start] + edit.value + at[key][end:]
    for edit, at, key in _of(jobs, "set"):
        at[key] = parse(json.dumps(edit.value).encode())
    _remove(_of(jobs, "remove"))
    _rename(_of(jobs, "rename-key"))
    return box[0]


def _of(jobs: list[_Job], op: str) -> list[_Job]:
    return [job for job in jobs if job[0].op == op]


def _place(box: list[Any], pointer: str) -> tuple[Any, Any]:
    at: Any = box
    key: Any = 0
    for token in pointer.split("/")[1:]:
        at = at[key]
        key = int(token) if isinstance(at, list) else token.replace("~1", "/").replace("~0", "~")
    return at, key


def _remove(jobs: list[_Job]) -> None:
    gone: dict[int, tuple[Any, set[Any]]] = {}
    for _, at, key in jobs:
        gone.setdefault(id(at), (at, set()))[1].add(key)
    for at, keys in gone.values():
        for key in sorted(keys, reverse=True):
            del at[key]


def _rename(jobs: list[_Job]) -> None:
    """All keys of an object at once, so that two may swap."""
    names: dict[int, tuple[dict[str, Any], dict[str, str]]] = {}
    for edit, at, key in jobs:
        names.setdefault(id(at), (at, {}))[1][key] = edit.value
    for at, new in names.values():
        renamed: dict[str, Any] = {}
        for key, value in at.items():
            name = new.get(key, key)
            if name in renamed:
                raise UnfitError(f"the object has a key {name!r} already")
            renamed[name] = value
        at.clear()
        at.update(renamed)
