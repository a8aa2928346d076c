"""What rules yield, looked at before anybody relies on it: a finding that is none is a crash of its rule."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from itertools import chain, repeat
from math import isfinite
from operator import index, le
from typing import Any, NoReturn, get_args

from datalint.model import SEVERITIES, Applicability, Edit, Finding, Fix, Ref, Related, Span

_finding = partial(tuple.__new__, Finding)
_DELETE = Edit("delete-record")
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


def all_sound(given: Sequence[Any], code: str, sources: int) -> list[Finding]:
    """The same for many: nearly always all are plain, and need no more than a look at their columns."""
    if set(map(type, given)) == {Finding} and _are_plain(given, sources):
        *columns, _ = zip(*given, strict=True)
        return list(map(_finding, zip(*columns, repeat(code, len(given)), strict=True)))
    return [sound(one, code, sources) for one in given]


def _are_plain(given: Sequence[Finding], sources: int) -> bool:
    messages, refs, pointers, spans, fixes, *others, _ = zip(*given, strict=True)
    scores, related, raw_spans, severities, numbers = others
    fixed = [*{id(fix): fix for fix in fixes if fix is not None}.values()]  # a rule may give one to all its findings
    return (
        set(map(type, messages)) == {str}
        and set(map(type, refs)) == {Ref}
        and 0 <= min(refs)[0] <= max(refs)[0] < sources
        and _are_pointers([pointer for pointer in pointers if pointer is not None])
        and _are_spans([span for span in spans if span is not None])
        and {*map(type, chain(scores, raw_spans, severities, numbers))} == {type(None)}
        and {*map(type, related)} == {tuple}
        and {*map(type, chain.from_iterable(related))} <= {Related}
        and set(map(type, fixed)) <= {Fix}
        and _are_fixes(fixed)
    )


def _are_fixes(fixes: Sequence[Fix]) -> bool:
    if not fixes:
        return True
    titles, safeties, edits, _ = zip(*fixes, strict=True)
    flat = [*chain.from_iterable(edits)]
    if (
        set(map(type, titles)) != {str}
        or not all(safety in _SAFETY for safety in safeties)
        or set(map(type, flat)) != {Edit}
    ):
        return False
    if flat == [_DELETE] * len(flat):
        return all(safety != "safe" for safety in safeties)
    ops, pointers, spans, values = zip(*flat, strict=True)
    return (
        all(op == "replace-text" for op in ops)
        and _are_pointers(pointers)
        and _are_spans(spans)
        and set(map(type, values)) == {str}
    )


def _are_pointers(pointers: Sequence[Any]) -> bool:
    return set(map(type, pointers)) <= {str} and all(pointer[:1] == "/" for pointer in set(pointers))


def _are_spans(spans: Sequence[Any]) -> bool:
    if not spans:
        return True
    if set(map(type, spans)) != {tuple} or set(map(len, spans)) != {2}:
        return False
    starts, ends = zip(*spans, strict=True)
    return set(map(type, starts)) == set(map(type, ends)) == {int} and min(starts) >= 0 and all(map(le, starts, ends))


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
    edits = tuple(map(_edit, fix.edits))
    if fix.applicability == "safe" and any(edit.op == "delete-record" for edit in edits):
        raise ValueError("a fix that deletes the record is never safe")
    return fix._replace(edits=edits)


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
