"""Places in the text of a file: where the bytes of a record lie, for people and for programs. No I/O."""

from __future__ import annotations

from datalint import jsonspan


def position(raw: bytes, line: int, byte: int) -> tuple[int, int]:
    """Line and column of ``byte``; a record of a JSON array may run over several lines."""
    start = raw.rfind(b"\n", 0, byte) + 1
    if not start and raw.isascii():
        return line, byte + 1
    return line + raw.count(b"\n", 0, start), jsonspan.column(raw[start:], byte - start)


def byte_position(raw: bytes, line: int, byte: int) -> tuple[int, int]:
    """As ``position``, with a column that counts bytes of UTF-8."""
    start = raw.rfind(b"\n", 0, byte) + 1
    return line + raw.count(b"\n", 0, start), byte - start + 1
