"""Why a line was refused: what is wrong with it, and at which byte."""

from __future__ import annotations

import json

import regex

from datalint.batch import Refusal

_SURROGATE = regex.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_CONSTANT = regex.compile(rb"(?:[:\[,\s]|^)(-?(?:NaN|Infinity))(?=[,\]}\s]|$)")


def refuse(raw: bytes, parser_message: str, position: int) -> Refusal:
    """Explain a line that the parser refused. ``position``: code points into the decoded line, as the parser counts."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return Refusal("encoding", f"not UTF-8: byte 0x{raw[error.start]:02x} at column {error.start + 1}", error.start)
    if "\0" in text:
        return Refusal("encoding", "raw NUL byte", raw.index(b"\0"))
    lone = _lone_surrogate(raw)
    if lone is not None and _parses(text):
        escape = raw[lone : lone + 6].decode()
        return Refusal("encoding", f"{escape} is half of a surrogate pair: the character is lost", lone)
    constant = _CONSTANT.search(raw)
    if constant is not None and _parses(text):
        return Refusal("json", f"{constant.group(1).decode()} is not JSON", constant.start(1))
    column = len(text[:position].encode())
    return Refusal("json", _plain(parser_message, text, position), min(column, max(len(raw) - 1, 0)))


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _lone_surrogate(raw: bytes) -> int | None:
    """Offset of the first escaped surrogate that has no partner."""
    pending: regex.Match[bytes] | None = None
    for match in _SURROGATE.finditer(raw):
        backslashes = 0
        while match.start() - backslashes > 0 and raw[match.start() - backslashes - 1] == 0x5C:
            backslashes += 1
        if backslashes % 2:
            continue
        high = match.group()[3:4].lower() in b"89ab"
        if pending is not None and (high or match.start() != pending.end()):
            return pending.start()
        if pending is None and not high:
            return match.start()
        pending = match if high else None
    return pending.start() if pending is not None else None


def _plain(message: str, text: str, position: int) -> str:
    """The parser's message without its own coordinates; a line that merely stops is called cut off."""
    said = message.split(": line ")[0].strip()
    if not text[position:].strip() or "EOF" in said or "end of data" in said:
        return "the line stops before the value is complete"
    if "recursion" in said.lower() or "depth" in said.lower():
        return "nested deeper than the parser goes (1024 levels)"
    return said
