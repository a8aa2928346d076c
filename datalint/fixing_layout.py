"""Changes of a file as a whole, made as its bytes stream by: byte order marks, line endings, the final line feed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from datalint.patterns import bytes_pattern

_MARKED_LINE = bytes_pattern(rb"\n(?:\xef\xbb\xbf)+")
_OPEN_MARK = bytes_pattern(rb"\n(?:\xef\xbb\xbf)*(?:\xef\xbb?)?\Z")
_CRLF = bytes_pattern(rb"\r+\n")
_Change = Callable[[Iterator[bytes], Counter[str]], Iterator[bytes]]


def strip_bom(chunks: Iterator[bytes], counts: Counter[str]) -> Iterator[bytes]:
    """Without the byte order marks at the starts of the file and of its lines."""
    held, virtual = b"\n", 1  # a line feed before the first byte, so that the file's start is a line's start
    for chunk in chunks:
        block = held + chunk
        open_mark = _OPEN_MARK.search(block, max(block.rfind(b"\n"), 0))
        cut = open_mark.start() if open_mark else len(block)
        held = block[cut:]
        if cut:
            clean, found = _MARKED_LINE.subn(b"\n", block[:cut])
            counts["strip-bom"] += found
            yield clean[virtual:]
            virtual = 0
    clean, found = _MARKED_LINE.subn(b"\n", held)
    counts["strip-bom"] += found
    yield clean[virtual:]


def lf_endings(chunks: Iterator[bytes], counts: Counter[str]) -> Iterator[bytes]:
    """With LF where lines end in CR LF; a CR anywhere else stays."""
    held = b""
    for chunk in chunks:
        block = held + chunk
        body = block.rstrip(b"\r")
        held = block[len(body) :]
        clean, found = _CRLF.subn(b"\n", body)
        counts["lf-endings"] += found
        yield clean
    yield held


def final_newline(chunks: Iterator[bytes], counts: Counter[str]) -> Iterator[bytes]:
    """With a line end after the last line, of the kind the line before has."""
    last, crlf = b"", False
    for chunk in chunks:
        block = last + chunk
        feed = block.rfind(b"\n", len(last))
        if feed >= 0:
            crlf = block[max(feed - 1, 0) : feed] == b"\r"
        last = block[-1:]
        yield chunk
    if last not in (b"", b"\n"):
        counts["final-newline"] += 1
        yield b"\r\n" if crlf and last != b"\r" else b"\n"


CHANGES: dict[str, _Change] = {"strip-bom": strip_bom, "lf-endings": lf_endings, "final-newline": final_newline}
