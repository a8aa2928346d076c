"""What the first bytes of a file say about it: its encoding, and whether it holds one record a line."""

from __future__ import annotations

import io
from typing import Any

import orjson

from datalint.batch import Facts

BOM = b"\xef\xbb\xbf"
_WIDE = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_BINARY = {
    b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"\xfd7zXZ\x00": "xz", b"BZh": "bzip2", b"PK\x03\x04": "zip",
    b"PAR1": "parquet", b"ARROW1": "arrow", b"SQLite format 3\x00": "sqlite",
}  # fmt: skip
_BLANK = b" \t\r\n"


def sniff(head: bytes, suffix: str, *, whole: bool) -> Facts:
    """The facts of a file that starts with ``head``. ``whole``: there is nothing after it."""
    for start, name in (*_WIDE.items(), *_BINARY.items()):
        if head.startswith(start):
            return Facts(suffix, name)
    if name := _wide_ascii(head):
        return Facts(suffix, name)
    bom = head.startswith(BOM)
    text = head.removeprefix(BOM).lstrip(_BLANK)
    if text.startswith(b"version https://git-lfs.github.com/"):
        return Facts(suffix, "lfs-pointer", bom)
    if not text:
        return Facts(suffix, "empty" if whole else "jsonl", bom)
    return Facts(suffix, _content(text, suffix, whole), bom)


def _wide_ascii(head: bytes) -> str:
    """UTF-16 or UTF-32 without a byte-order mark: the first characters are ASCII, the bytes between them zero."""
    zero = [byte == 0 for byte in head[:8]]
    if zero in ([False, True, True, True] * 2, [True, True, True, False] * 2):
        return "utf-32"
    return "utf-16" if zero[:4] in ([False, True] * 2, [True, False] * 2) else ""


def _content(text: bytes, suffix: str, whole: bool) -> str:
    line, _, rest = text.partition(b"\n")
    rest = rest.strip(_BLANK)
    try:
        first = orjson.loads(line)
    except orjson.JSONDecodeError:
        if text[:1] == b"[":
            return _opened_array(line.rstrip(), rest, suffix, text, whole)
        return "values" if text[:1] == b"{" and _goes_over_lines(line.strip(), text, suffix, whole) else "jsonl"
    if not isinstance(first, list) or rest or not whole:
        return "jsonl"
    if first and not isinstance(first[0], (dict, list)):
        return "array" if suffix == ".json" else "jsonl"
    return "jsonl" if first and _is_message(first[0]) else "array"


def _opened_array(line: bytes, rest: bytes, suffix: str, text: bytes, whole: bool) -> str:
    """What a file is whose first line starts with a bracket and is not JSON by itself."""
    first = _parsed(_first(text, array=True))
    several = rest[:1] not in (b"", b"[") or (rest and line[-1:] in (b"[", b"{", b","))
    if _is_message(first):
        return "values" if several else "jsonl"
    if several or suffix == ".json" or isinstance(first, (dict, list)):
        return "array"
    return "jsonl" if rest or whole else "array"  # one line longer than what we see


def _goes_over_lines(line: bytes, text: bytes, suffix: str, whole: bool) -> bool:
    """Whether the first value does not end on its line."""
    if line == b"{" or (suffix == ".json" and line[-1:] in (b"{", b"[", b",")):
        return True
    first = _first(text, array=False)
    return b"\n" in first and _parsed(first) is not None


def _first(text: bytes, *, array: bool) -> bytes:
    """The first value of an array or of a run of values."""
    from datalint.readers.walking import walk  # which needs numpy, and few files come here

    element = next(walk(io.BytesIO(text), 0, array=array), None)
    return text[element.start : element.stop] if element is not None else b""


def _parsed(value: bytes) -> Any:
    """``value``, None if it is broken or goes on behind the bytes at hand."""
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def _is_message(value: Any) -> bool:
    """A message of a conversation: a list of these is one record."""
    return isinstance(value, dict) and bool({"role", "from"} & value.keys())


def holds_records(head: bytes) -> bool:
    """Whether a ``.json`` file that starts with ``head`` looks like records: an array of objects or lists, or JSON Lines."""
    text = head.removeprefix(BOM).lstrip(_BLANK)
    if text[:1] == b"[":
        return text[1:].lstrip(_BLANK)[:1] in (b"{", b"[")
    line, _, rest = text.partition(b"\n")
    return text[:1] == rest.lstrip(_BLANK)[:1] == b"{" and line.rstrip()[-1:] == b"}"
