"""Why a line was refused: what is wrong with it, and at which byte.

The parser says where it stopped; the words are made from what stands there, so they do not depend on its version.
"""

from __future__ import annotations

from datalint.batch import Refusal
from datalint.patterns import bytes_pattern, pattern

_HALF = pattern(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_SURROGATE = bytes_pattern(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_WORD = pattern(r"[A-Za-z_$][\w$]*")
_NUMBER_HEAD = pattern(r"(?<![^\s:,\[])[-+0-9.][-+0-9.eExX]*\Z")
_NUMBER_TAIL = pattern(r"[\w.+-]+")
_ENDS = pattern(r"\s*\Z")
_WINDOW = 64
_COMMENT_SAID = "a comment, and JSON has none"
_FOREIGN = {
    "NaN": "null", "Infinity": "null", "True": "true", "False": "false", "None": "null", "undefined": "null",
    "nil": "null", "nan": "null", "inf": "null", "TRUE": "true", "FALSE": "false", "NULL": "null",
}  # fmt: skip
_QUOTES = "'`\u2018\u2019\u201c\u201d\u00ab\u00bb\u300c\u300d\uff02"


def refuse(raw: bytes, parser_message: str, position: int, text: str | None = None) -> Refusal:
    """Explain a line that the parser refused. ``position``: code points into the decoded line, as the parser counts;
    ``text``: the decoded line, where it is at hand."""
    try:
        text = raw.decode() if text is None else text
    except UnicodeDecodeError as error:
        return Refusal("encoding", _undecodable(raw, error), error.start)
    before, after = text[max(0, position - _WINDOW) : position], text[position : position + _WINDOW]
    column = position if text.isascii() else len(text[:position].encode())
    if after[:1] == "\0":
        return Refusal("encoding", "a NUL byte stands in the line", column)
    if _HALF.match(after) or "surrogate in" in parser_message:
        column = _lone_surrogate(raw, column)
        escape = raw[column : column + 6].decode(errors="replace")
        return Refusal("encoding", f"{escape} is half of a surrogate pair: the character is lost", column)
    if raw == b"\xef\xbb\xbf":
        return Refusal("json", "the line holds a byte-order mark and nothing else", 0)
    if said := _misplaced(raw):
        return Refusal("json", said, 0)
    if _ENDS.match(text, position):
        return Refusal("json", "the line stops before the value is complete", max(len(raw.rstrip()) - 1, 0))
    said, back = _plain(before, after, parser_message, position)
    return Refusal("json", said, max(column - back, 0))


def _undecodable(raw: bytes, error: UnicodeDecodeError) -> str:
    at, byte = error.start, raw[error.start]
    if byte == 0xED and at + 1 < len(raw) and raw[at + 1] >= 0xA0:
        return "not UTF-8: half of a surrogate pair is encoded as a character of its own"
    if error.reason == "unexpected end of data":
        return f"not UTF-8: the last character is cut off (byte 0x{byte:02x})"
    near = raw[max(0, at - 8) : at + 8]
    if byte >= 0x80 and sum(b >= 0x80 for b in near) <= 2:
        meant = bytes([byte]).decode("cp1252", errors="ignore")
        if meant.isprintable() and meant:
            return f"not UTF-8: byte 0x{byte:02x} ({meant!r} in Windows-1252)"
    return f"not UTF-8: byte 0x{byte:02x}"


def _lone_surrogate(raw: bytes, start: int) -> int:
    """Offset of the first escaped surrogate without a partner, near ``start`` if the whole line shows none."""
    pending: int | None = None
    end = -1
    for match in _SURROGATE.finditer(raw):
        backslashes = len(raw[: match.start()]) - len(raw[: match.start()].rstrip(b"\\"))
        if backslashes % 2:
            continue
        high = match.group()[3:4].lower() in b"89ab"
        if pending is not None and (high or match.start() != end):
            return pending
        if pending is None and not high:
            return int(match.start())
        pending, end = (match.start(), match.end()) if high else (None, -1)
    return pending if pending is not None else start


def _misplaced(raw: bytes) -> str:
    """Words for what stands between the values of an array and is none (see ``walking``)."""
    bare = raw.strip()
    if bare == b",":
        return "a comma with no value before or after it"
    if bare in (b"}", b"]"):
        return "the brackets do not pair here: this one closes nothing, or the array around it is never closed"
    if bare[:1] in (b"}", b"]") and bare[1:].strip() in (b"{", b"["):
        return "no comma between two values" if bare[:1] == b"}" or bare[-1:] == b"{" else "a second array begins here"
    return ""


def _plain(before: str, after: str, message: str, position: int) -> tuple[str, int]:
    """What is wrong between ``before`` and ``after`` in words, and how many bytes before the place it starts."""
    here, bare = after[0], before.rstrip()
    if "depth" in message or "recursion" in message.lower():
        return "nested deeper than the parser goes (1024 levels)", 0
    if "control character" in message and here < " ":
        return f"an unescaped {_control(here)} in a string", 0
    if here == "\\" or "escape" in message:
        return _escape(after), 0
    if "content after" in message:
        return _after_value(here, after), 0
    if "digit" in message or "number" in message or (bare[-1:] == ":" and here in "+.0123456789"):
        return _number(before, after, "infinity" in message)
    if here in ",}]" or "trailing comma" in message:
        return _punctuation(here, after, bare, position), 0
    if before[-1:].isdigit() and (here.isalpha() or here == "_"):
        return _number(before, after, False)
    return _unexpected(here, after, before, message), 0


def _control(char: str) -> str:
    known = {"\t": "tab", "\r": "carriage return", "\n": "line feed"}
    return known.get(char, f"control character U+{ord(char):04X}")


def _escape(after: str) -> str:
    if after[:2] == "\\u":
        return f"{after[:6]} is no escape: \\u takes four hexadecimal digits"
    shown = after[:2] if after[1:2].isprintable() else "this"
    return f"{shown} is no escape of JSON: a backslash is written \\\\"


def _after_value(here: str, after: str) -> str:
    if here in "{[":
        return "a second value on the same line: one line holds one record"
    if here == "," and _ENDS.match(after, 1):
        return "a comma after the record, as between the items of an array"
    if here == ":":
        return "the braces around the record are missing"
    if here in "}]":
        return f"{here} closes nothing"
    return _COMMENT_SAID if _is_comment(after) else "text after the end of the value"


def _punctuation(here: str, after: str, bare: str, position: int) -> str:
    left = bare[-1:]
    if left == ":":
        return f"the value is missing before {here}"
    if here == ",":
        follow = after[1:].lstrip()[:1]
        trailing = left not in ("", ",", "[", "{") and follow in ("}", "]")
        return f"a trailing comma before {follow}" if trailing else "a comma with no value before it"
    if left == ",":
        return f"a trailing comma before {here}"
    if not bare and position == 0:
        return f"{here} closes nothing"
    return f"{here} stands where something else must come: brackets do not pair, or a part is missing"


def _number(before: str, after: str, infinite: bool) -> tuple[str, int]:
    """Words on a number, of which a part may lie before the place where the parser stopped."""
    head, tail = _NUMBER_HEAD.search(before), _NUMBER_TAIL.match(after)
    begun, rest = (head.group() if head else ""), (tail.group() if tail else "")
    whole = begun + rest
    shown = whole if len(whole) <= 24 else whole[:23] + "…"
    if infinite:
        return f"the number {shown} is too large", len(begun)
    if whole.lstrip("+-").lower() in ("nan", "infinity", "inf"):
        return f"{shown} is not JSON: write null", len(begun)
    return f"{shown} is no number of JSON", len(begun)


def _unexpected(here: str, after: str, before: str, message: str) -> str:
    bare = before.rstrip()
    last, word = bare[-1:], _WORD.match(after)
    if _is_comment(after):
        return _COMMENT_SAID
    if here in _QUOTES:
        return f"{here} is no quotation mark of JSON: strings take double quotes"
    if word and before[-1:] == '"' and "key" not in message:
        return "a quotation mark in the string before this is not escaped, or a comma is missing"
    if word and word.group() in _FOREIGN and last != "{":
        return f"{word.group()} is not JSON: write {_FOREIGN[word.group()]}"
    if "string key" in message or (word and last in ("{", ",") and after[word.end() :].lstrip()[:1] == ":"):
        return "a key that is no string in double quotes"
    if "after key" in message:
        return "the colon after the key is missing"
    if not bare:
        return "this is no JSON: a record starts with a brace"
    if here in '"{[' or here.isdigit():
        return "a comma is missing before this"
    if word:
        return f"{word.group()} is no value of JSON: a string takes double quotes"
    shown = here if here.isprintable() else f"U+{ord(here):04X}"
    return f"{shown} is not expected here"


def _is_comment(after: str) -> bool:
    return after[:2] in ("//", "/*") or after[:1] == "#"
