"""What rules yield, looked at before anybody relies on it: a finding that is none is a crash of its rule."""

from __future__ import annotations

import json
from math import isfinite
from operator import index
from typing import Any, NoReturn, get_args

from datalint.model import SEVERITIES, Applicability, Edit, Finding, Fix, Ref, Related, Span

_SAFETY = get_args(Applicability)
_OPS = ("replace-text", "set", "remove", "rename-key", "delete-record", "delete-line", "replace-bytes")


def sound(given: Any, code: str, sources: int) -> Finding:
    """What a rule yielded as a finding of its code, with plain numbers. Raises TypeError or ValueError for nonsense.

    ``sources``: how many there are.
    """
    if not isinstance(given, Finding):
        _refuse(f"it yielded {given!r}, which is no finding")
    message, ref, pointer, span, fix, score, related, raw_span, severity, source, _ = given
    if not isinstance(message, str):
        _refuse(f"the message of a finding is {message!r}")
    for number in (source, ref.source if isinstance(ref, Ref) else None):
        if number is not None and not 0 <= index(number) < sources:
            raise ValueError(f"a finding is on source {number}, and there is none")
    if ref is not None and not isinstance(ref, Ref):
        _refuse(f"a finding is on {ref!r}, which is no record")
    if severity is not None and severity not in SEVERITIES:
        raise ValueError(f"the severity of a finding is {severity!r}")
    if score is not None and not isfinite(score):
        raise ValueError(f"the score of a finding is {score!r}")
    if not all(isinstance(place, Related) for place in related):
        _refuse("related places are not all of type Related")
    return Finding(
        message, ref, _pointer(pointer), _span(span), _fix(fix), score if score is None else float(score),
        tuple(related), _span(raw_span), severity, source if source is None else index(source), code,
    )  # fmt: skip


def _span(span: Any) -> Span | None:
    if span is None:
        return None
    start, end = span
    start, end = index(start), index(end)
    if not 0 <= start <= end:
        raise ValueError(f"{(start, end)} is no span")
    return start, end


def _pointer(pointer: Any) -> str | None:
    if pointer is not None and not isinstance(pointer, str):
        _refuse(f"{pointer!r} is no JSON pointer")
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is no JSON pointer: it does not start with /")
    return pointer


def _fix(fix: Any) -> Fix | None:
    if fix is None:
        return None
    if not isinstance(fix, Fix) or not isinstance(fix.title, str):
        _refuse(f"a fix is {fix!r}")
    if fix.applicability not in _SAFETY:
        raise ValueError(f"the applicability of a fix is {fix.applicability!r}")
    return fix._replace(edits=tuple(map(_edit, fix.edits)))


def _edit(edit: Any) -> Edit:
    if not isinstance(edit, Edit):
        _refuse(f"an edit is {edit!r}")
    if edit.op not in _OPS:
        raise ValueError(f"there is no edit {edit.op!r}")
    if edit.value is not None and not isinstance(edit.value, str):
        json.dumps(edit.value)  # says itself what it cannot write
    return edit._replace(pointer=_pointer(edit.pointer) or "", span=_span(edit.span))


def _refuse(said: str) -> NoReturn:
    raise TypeError(said)
