"""JSN104: one key, two values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from datalint import Batch, Edit, Finding, Fix, Judged, Line, bad, bytes_pattern, good, jsonspan, rule

_SHOWN = bytes_pattern(rb'"[A-Za-z_-]{1,20}"|[-0-9.eE+]{1,20}|true|false|null')
_NESTED = {dict, list}
_TOGETHER = 256  # lines that are counted at once: what they need stays in the processor's cache
_QUOTE, _COLON, _BACKSLASH, _BLANK = 0x22, 0x3A, 0x5C, 0x20


@rule(
    "JSN104",
    "duplicate-key",
    category="correctness",
    fix="safe",
    fix_safety="""
    Only where all values of the key are the same; the last one stays, which is the one that parsers read. Different values
    are yours to choose from.
    """,
    references=("https://www.rfc-editor.org/rfc/rfc8259#section-4",),
    judged=Judged(0, 0, "nothing found in 46 public sets; 633 lines with a key doubled by a script were all found"),
    examples=(
        bad('{"text": "one", "text": "two"}', name="the first text is lost"),
        bad('{"messages": [{"role": "user", "role": "assistant", "content": "Hi"}]}', name="in a message"),
        bad('{"text" : "one", "te\\u0078t" : "two"}', name="spaces and escapes hide nothing"),
        bad(
            '{"id": 7, "text": "one", "id": 7}',
            fixed='{"text": "one", "id": 7}',
            name="the same value twice",
        ),
        good('{"text": "one", "Text": "two"}', name="keys differ in their case"),
        good('{"a": {"text": "one"}, "b": {"text": "two"}}', name="in two objects"),
        good('{"text": "He wrote {\\"a\\": 1, \\"a\\": 2}."}', name="JSON within a string is text"),
    ),
)
def check_duplicate_key(batch: Batch) -> Iterator[Finding]:
    """A key stands twice in one object

    Parsers keep the last value and say nothing; others keep the first. Whatever the first one held is not trained on, and
    two tools may read two different records from the same line.
    """
    for start in range(0, len(batch), _TOGETHER):
        raws, datas = batch.raws[start : start + _TOGETHER], batch.datas[start : start + _TOGETHER]
        for k in _doubtful(raws, datas):
            yield from _duplicates(batch.line_view(start + k))


def _doubtful(raws: Sequence[bytes], datas: Sequence[Any]) -> Iterator[int]:
    """Lines with more members than keys. Every member counts; a string that looks like one may count too."""
    import numpy as np

    members = _members(b"\n".join(raws))
    if set(map(type, datas)) == {dict} and len(members) == sum(map(len, datas)):
        return  # no line has less members than keys, so none has more
    ends = np.cumsum(np.array([len(raw) + 1 for raw in raws]))
    counts = np.diff(np.searchsorted(members, ends), prepend=0).tolist()
    suspects = [k for k, data in enumerate(datas) if type(data) in _NESTED and counts[k] > _own(data)]
    waiting = [suspects] if suspects else []
    while waiting:
        some = waiting.pop()
        if sum(counts[k] for k in some) == _keys([datas[k] for k in some]):
            continue
        if len(some) == 1:
            yield some[0]
        else:
            waiting += some[len(some) // 2 :], some[: len(some) // 2]


def _own(data: Any) -> int:
    return len(data) if type(data) is dict else 0


def _members(joined: bytes) -> Any:
    """Where the colons lie that stand behind a quotation mark which is not escaped, blanks between them or not."""
    import numpy as np

    data = np.frombuffer(joined, dtype=np.uint8)
    colons = np.flatnonzero(data == _COLON)
    before = data[colons - 1]
    near, far = colons[before == _QUOTE], colons[before <= _BLANK]
    near = near[(data[near - 2] != _BACKSLASH) | (data[near - 3] == _BACKSLASH)]
    second = data[far - 2]
    far = far[(second == _QUOTE) | (second <= _BLANK)]
    return np.sort(np.concatenate((near, far))) if len(far) else near


def _keys(values: Sequence[Any]) -> int:
    """The keys of all objects in ``values``, at any depth."""
    count = 0
    while values:
        types = set(map(type, values))
        objects = values if types == {dict} else [v for v in values if type(v) is dict]
        lists = [v for v in values if type(v) is list] if list in types else ()
        count += sum(map(len, objects))
        inner = list(chain(chain.from_iterable(map(dict.values, objects)), chain.from_iterable(lists)))
        nested = _NESTED & set(map(type, inner))
        values = [v for v in inner if type(v) in nested] if nested else ()
    return count


def _duplicates(line: Line) -> Iterator[Finding]:
    raw = line.raw
    for found in jsonspan.locate(raw).duplicates:
        last = raw[slice(*found.values[-1])]
        shown = f", {last.decode()}," if _SHOWN.fullmatch(last) else ""
        times = "twice" if len(found.keys) == 2 else f"{len(found.keys)} times"
        said = f'the key "{found.key}" stands {times} in one object: the last value{shown} is read, the others are lost'
        if not all(_same(raw[slice(*v)], last) for v in found.values):
            yield line.finding(found.keys[0], said, pointer=_pointer(line.data, found))
            continue
        said = f'the key "{found.key}" stands {times} in one object, with the same value'
        edits = tuple(Edit("replace-bytes", span=span, value="") for span in found.members[:-1])
        fix = Fix("remove the key where it stands first", "safe", edits)
        yield line.finding(found.keys[0], said, fix=fix, pointer=_pointer(line.data, found))


def _same(one: bytes, other: bytes) -> bool:
    if one == other:
        return True
    return one[:1] == other[:1] == b'"' and json.loads(one) == json.loads(other)


def _pointer(data: Any, found: jsonspan.Duplicate) -> str | None:
    """Where the key is in the parsed record, None if it is in a value that is lost itself."""
    at = data
    for token in [t.replace("~1", "/").replace("~0", "~") for t in found.pointer.split("/")[1:]]:
        if isinstance(at, dict) and token in at:
            at = at[token]
        elif isinstance(at, list) and token.isdecimal() and int(token) < len(at):
            at = at[int(token)]
        else:
            return None
    if not isinstance(at, dict) or found.key not in at:
        return None
    return f"{found.pointer}/{found.key.replace('~', '~0').replace('/', '~1')}"
