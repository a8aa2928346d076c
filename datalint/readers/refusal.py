"""Why a line was refused: what is wrong with it, and at which byte.

The parser says where it stopped; the words are made from what stands there, so they do not depend on its version.
"""

from __future__ import annotations

import regex

from datalint.batch import Refusal

_HALF = regex.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_SURROGATE = regex.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_WORD = regex.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = regex.compile(r"[-+]?[0-9.][0-9a-zA-Z.+-]*")
_ENDS = regex.compile(r"\s*\Z")
_WINDOW = 64
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
        return Refusal("encoding", _undecodable(raw, error.start), error.start)
    before, after = text[max(0, position - _WINDOW) : position], text[position : position + _WINDOW]
    column = position if text.isascii() else len(text[:position].encode())
    if after[:1] == "\0":
        return Refusal("encoding", "a NUL byte stands in the line", column)
    if _HALF.match(after) or "surrogate" in parser_message:
        column = _lone_surrogate(raw, column)
        escape = raw[column : column + 6].decode(errors="replace")
        return Refusal("encoding", f"{escape} is half of a surrogate pair: the character is lost", column)
    if raw == b"\xef\xbb\xbf":
        return Refusal("json", "the line holds a byte-order mark and nothing else", 0)
    if _ENDS.match(text, position):
        return Refusal("json", _cut_off(text), max(len(raw.rstrip()) - 1, 0))
    said, back = _plain(before, after, parser_message, position)
    return Refusal("json", said, max(column - back, 0))


def _undecodable(raw: bytes, at: int) -> str:
    byte = raw[at]
    if byte == 0xED and at + 1 < len(raw) and raw[at + 1] >= 0xA0:
        return "not UTF-8: half of a surrogate pair is encoded as a character of its own"
    if byte >= 0xC2 and not raw[at + 1 : at + 4].strip():
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


def _cut_off(text: str) -> str:
    bare = text.strip()
    if bare in ("}", "]"):
        return "the brackets do not pair here: one closes nothing, or the one around it is never closed"
    return "the line stops before the value is complete"


def _plain(before: str, after: str, message: str, position: int) -> tuple[str, int]:
    """What is wrong between ``before`` and ``after`` in words, and how many bytes before the place it starts."""
    here, left, bare = after[0], before[-1:], before.rstrip()
    if "depth" in message or "recursion" in message.lower():
        return "nested deeper than the parser goes (1024 levels)", 0
    if "control character" in message and here < " ":
        return f"an unescaped {_control(here)} in a string", 0
    if here == "\\" or "escape" in message:
        return _escape(after), 0
    if "content after" in message or "trailing" in message and here not in ",}]":
        return _after_value(here, after, bare), 0
    if here in ",}]" or "trailing comma" in message:
        return _punctuation(here, after, bare, position)
    if left == "-" and (word := _WORD.match(after)):
        return f"-{word.group()} is not JSON: write null", 1
    if (number := _NUMBER.match(after)) and here in "0123456789.+-" or "digit" in message or "number" in message:
        return _number(before, after, number.group() if number else "")
    return _unexpected(here, left, after, bare), 0


def _control(char: str) -> str:
    known = {"\t": "tab", "\r": "carriage return", "\n": "line feed"}
    return known.get(char, f"control character U+{ord(char):04X}")


def _escape(after: str) -> str:
    if after[:2] == "\\u":
        return f"{after[:6]} is no escape: \\u takes four hexadecimal digits"
    shown = after[:2] if after[1:2].isprintable() else "this"
    return f"{shown} is no escape of JSON: a backslash is written \\\\"


def _after_value(here: str, after: str, bare: str) -> str:
    if here in "{[":
        return "a second value on the same line: one line holds one record"
    if here == "," and _ENDS.match(after, 1):
        return "a comma after the record, as between the items of an array"
    if here in "}]":
        return f"{here} closes nothing"
    if after[:2] in ("//", "/*") or here == "#":
        return "a comment, and JSON has none"
    return "text after the end of the value"


def _punctuation(here: str, after: str, bare: str, position: int) -> tuple[str, int]:
    left = bare[-1:]
    if here == ",":
        follow = after[1:].lstrip()[:1]
        if left not in ("", ",", "[", "{", ":") and follow in ("}", "]"):
            return f"a trailing comma before {follow}", 0
        return ("a comma with no value before it" if left != ":" else "the value is missing before the comma"), 0
    if left == ",":
        return f"a trailing comma before {here}", 0
    if left == ":":
        return f"the value is missing before {here}", 0
    if not bare and position == 0:
        return f"{here} closes nothing", 0
    return f"{here} stands where something else must come: brackets do not pair, or a part is missing", 0


def _number(before: str, after: str, number: str) -> tuple[str, int]:
    """Words on a number; its own beginning may lie before the place where the parser stopped."""
    head = regex.search(r"[-+0-9.eExX]*\Z", before)
    begun = head.group() if head is not None else ""
    whole = begun + number
    if not whole:
        return "not a number", 0
    shown = whole if len(whole) <= 24 else whole[:23] + "…"
    if "infinity" in whole.lower():
        return f"{shown} is not JSON: write null", len(begun)
    if regex.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", whole):
        return f"the number {shown} is too large", len(begun)
    return f"{shown} is no number of JSON", len(begun)


def _unexpected(here: str, left: str, after: str, bare: str) -> str:
    last = bare[-1:]
    if here in _QUOTES:
        return f"{here} is no quotation mark of JSON: strings take double quotes"
    if after[:2] in ("//", "/*") or here == "#":
        return "a comment, and JSON has none"
    word = _WORD.match(after)
    if word and left == '"' and last == '"':
        return "a quotation mark within the string before this is not escaped, or a comma is missing"
    if word and last in ("{", ",") and after[word.end() :].lstrip()[:1] == ":":
        return f"the key {word.group()} is not in double quotes"
    if word and word.group() in _FOREIGN:
        return f"{word.group()} is not JSON: write {_FOREIGN[word.group()]}"
    if word:
        return f"{word.group()} is not JSON: a string takes double quotes"
    if here in '"{[' and last in '"}]' or (here in '"{[' and last.isalnum()):
        return "a comma is missing before this"
    if here == ":":
        return "a colon with no key before it"
    if here == "=" or last == '"':
        return "a colon or comma is missing before this"
    return f"{here if here.isprintable() else f'U+{ord(here):04X}'} is not expected here"
