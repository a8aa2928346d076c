"""JSON, TOML, YAML and XML: parsed by their own parsers, pieces of them taken for pieces."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any
from xml.parsers import expat

from datalint_rules.code._flaw import Flaw, at_end, offset_of

from datalint import pattern

_COMMENT = pattern(r"(?m)(?:^|[\s,{\[])(?://|/\*|#)")
_ENTITY = pattern(r"<!ENTITY|<!DOCTYPE|&(?!(?:amp|lt|gt|quot|apos|#)\b)[A-Za-z]+;")
_PAIR = pattern(r"\s*\"[^\"\n]*\"\s*:")
_CLOSED = {"{": "'}'", "[": "']'"}


def parse_json(code: str) -> Flaw | None:
    """The first flaw of JSON. Several values one after the other, members without their braces and comments are none."""
    text = code.strip()
    if not text or _COMMENT.search(text) or text[0] not in '{["':
        return None
    if _PAIR.match(text):
        return None  # members without their braces: a piece of an object
    error = _values(text)
    if error is None:
        return None
    lead = len(code) - len(code.lstrip())
    at = lead + error.pos
    if at_end(code, at) or error.msg.startswith("Unterminated string"):
        return Flaw(at, _json_end(text), at_end(code, at) or "\n" not in text[error.pos :].strip())
    return Flaw(at, _json_said(error))


def _values(text: str) -> json.JSONDecodeError | None:
    """What is wrong with the values that stand one after the other in ``text``."""
    decoder, at = json.JSONDecoder(strict=False), 0
    try:
        while at < len(text):
            _, at = decoder.raw_decode(text, at)
            while at < len(text) and text[at] in " \t\r\n,":
                at += 1
    except json.JSONDecodeError as error:
        return _at_bracket(error)
    except RecursionError:
        return None
    return None


def _at_bracket(error: json.JSONDecodeError) -> json.JSONDecodeError:
    """The error at the bracket after a last comma, where Python 3.13 points to the comma."""
    after = error.doc[error.pos + 1 :].lstrip() if error.doc[error.pos : error.pos + 1] == "," else ""
    if after[:1] not in ("}", "]"):
        return error
    return json.JSONDecodeError(error.msg, error.doc, len(error.doc) - len(after))


def _json_end(text: str) -> str:
    opened: list[str] = []
    inside = escaped = False
    for char in text:
        if inside:
            inside, escaped = (char != '"' or escaped), char == "\\" and not escaped
        elif char == '"':
            inside = True
        elif char in "{[":
            opened.append(char)
        elif char in "}]" and opened:
            opened.pop()
    if inside:
        return "a string is never closed"
    return f"{_CLOSED[opened[-1]]} is missing" if opened else "a value is missing"


def _json_said(error: json.JSONDecodeError) -> str:
    found = error.doc[error.pos : error.pos + 1]
    before = error.doc[: error.pos].rstrip()
    if found in "}]" and before.endswith(","):
        return f"a comma before {found!r}"
    said = error.msg.replace("Expecting ", "expected ").replace(" delimiter", "")
    return f"{said}, found {found!r}" if said.startswith("expected") else said[:1].lower() + said[1:]


def parse_toml(code: str) -> Flaw | None:
    """The first flaw of TOML."""
    toml = _toml()
    try:
        toml.loads(code)
    except toml.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        at = offset_of(code, int(place[1]), int(place[2]) - 1) if place else len(code.rstrip())
        said = _TOML_PLACE.sub("", str(error)).replace("(at end of document)", "").strip()
        return Flaw(at, said[:1].lower() + said[1:], at_end(code, at))
    except (RecursionError, ValueError):
        return None
    return None


_TOML_PLACE = pattern(r"\(at line (\d+), column (\d+)\)")


def _toml() -> Any:
    try:
        return import_module("tomllib")
    except ImportError:
        return import_module("tomli")


def parse_yaml(code: str) -> Flaw | None:
    """The first flaw of YAML; tags and anchors are only read."""
    yaml: Any = import_module("yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for _ in yaml.parse(code, Loader=loader):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = offset_of(code, mark.line + 1, mark.column) if mark else 0
        return Flaw(min(at, len(code.rstrip())), str(error.problem), False)
    except (yaml.YAMLError, RecursionError):
        return None
    return None


def parse_xml(code: str) -> Flaw | None:
    """The first flaw of XML; several roots are taken for a piece of a document, entities are not looked at."""
    text = code.strip()
    if not text.startswith("<") or _ENTITY.search(text):
        return None
    lead = len(code) - len(code.lstrip())
    head = _XML_HEAD.match(text)
    body = head.end() if head else 0
    piece = "<x>" + text[body:] + "</x>"
    parser: Any = expat.ParserCreate("utf-8")
    opened: list[str] = []
    parser.StartElementHandler = lambda name, attributes: opened.append(name)
    parser.EndElementHandler = lambda name: opened.pop()
    try:
        parser.Parse(piece.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        at = min(
            offset_of(piece, error.lineno, 0) + _characters(piece, error.lineno, error.offset) - 3, len(text) - body
        )
        cut = at >= len(text) - body - 1
        name = opened[-1] if opened and opened[-1] != "x" else ""
        said = f"<{name}> is never closed" if name and (cut or error.code == 7) else expat.ErrorString(error.code)
        return Flaw(lead + body + max(at, 0), said, cut)
    return None


_XML_HEAD = pattern(r"\s*<\?xml[^>]*\?>\s*")


def _characters(text: str, line: int, column: int) -> int:
    """How many characters a column of bytes is."""
    shown = text.split("\n")[line - 1]
    return len(shown.encode()[:column].decode("utf-8", "ignore"))
