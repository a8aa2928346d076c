"""C and its kin, JavaScript, Go, Rust, Ruby, PHP and shells: parsed by tree-sitter where it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

from datalint_rules.code import _shell
from datalint_rules.code._brackets import CLOSED_BY, brackets
from datalint_rules.code._flaw import Flaw, at_end

from datalint import pattern

# Module and function of the grammar of each language; several are tried in turn.
_GRAMMARS = {
    "javascript": (("tree_sitter_javascript", "language"), ("tree_sitter_typescript", "language_tsx")),
    "typescript": (("tree_sitter_typescript", "language_typescript"), ("tree_sitter_typescript", "language_tsx")),
    "java": (("tree_sitter_java", "language"),),
    "c": (("tree_sitter_c", "language"), ("tree_sitter_cpp", "language")),
    "cpp": (("tree_sitter_cpp", "language"),),
    "csharp": (("tree_sitter_c_sharp", "language"),),
    "go": (("tree_sitter_go", "language"),),
    "rust": (("tree_sitter_rust", "language"),),
    "ruby": (("tree_sitter_ruby", "language"),),
    "php": (("tree_sitter_php", "language_php_only"),),
    "php in text": (("tree_sitter_php", "language_php"),),
    "shell": (("tree_sitter_bash", "language"),),
}
# What pieces of a program may lie in.
_AROUND = {
    "java": (("", ""), ("class X {\n", "\n}"), ("class X { void x() {\n", "\n} }")),
    "csharp": (("", ""), ("class X {\n", "\n}"), ("class X { void x() {\n", "\n} }")),
    "cpp": (("", ""), ("void x() {\n", "\n}")),
    "c": (("", ""), ("void x() {\n", "\n}")),
    "rust": (("", ""), ("fn x() {\n", "\n}"), ("impl X {\n", "\n}")),
    "go": (("", ""), ("func x() {\n", "\n}")),
    "javascript": (("", ""), ("class X {\n", "\n}"), ("x = {\n", "\n}"), ("async function* x() {\n", "\n}")),
    "typescript": (("", ""), ("class X {\n", "\n}"), ("x = {\n", "\n}"), ("async function* x() {\n", "\n}")),
    "php": (("", ""), ("class X {\n", "\n}")),
}
_MOST_NODES = 20_000
_LONGEST = 12_000  # characters; a grammar that has lost its way takes time by the square of them
_PARTIAL = pattern(r"\s*(?:[.)\]},?:&|+*]|(?:else|catch|finally|case|default|elsif|elif|when|rescue|ensure)\b)")
_SINGLE = pattern(r"'([^'\\\n]{2,})'")
_MACRO = pattern(r"(?m)^\s*[A-Z][A-Z_]{3,}\b")


def parse(code: str, language: str) -> Flaw | None:
    """The first flaw of a piece of code; None if it has none, or no grammar of its language is installed."""
    if language not in _GRAMMARS or _PARTIAL.match(code) or len(code) > _LONGEST:
        return None
    first: Any = None
    kind = "php in text" if language == "php" and "<?" in code else language
    for module, name in _GRAMMARS[kind]:
        parser = _parser(module, name)
        if parser is None:
            continue
        for before, after in _AROUND.get(kind, (("", ""),)):
            tree = parser.parse((before + code + after).encode("utf-8", "replace"))
            if not tree.root_node.has_error:
                return None
            first = first or tree
    return _flaw(code, language, first) if first is not None else None


@lru_cache(maxsize=32)
def _parser(module: str, name: str) -> Any:
    try:
        sitter: Any = import_module("tree_sitter")
        grammar: Any = import_module(module)
    except ImportError:
        return None
    return sitter.Parser(sitter.Language(getattr(grammar, name)()))


def _flaw(code: str, language: str, tree: Any) -> Flaw | None:
    if language == "shell":
        return _shell.parse(code)  # the grammar knows less of shells than it should, and errs in the other direction
    found = brackets(code, language)
    if found is not None:
        if found.text is not None:
            return Flaw(found.text, "a string or comment is never closed", at_end(code, _line_end(code, found.text)))
        if found.stray is not None:
            at, closing = found.stray
            if found.open:
                place, opened = found.open[-1]
                line = code.count("\n", 0, place) + 1
                return Flaw(at, f"{closing!r} where {CLOSED_BY[opened]!r} was expected for {opened!r} of line {line}")
            return Flaw(at, f"{closing!r} closes nothing")
        if found.open:
            at, opened = found.open[-1]
            return Flaw(at, f"{opened!r} is never closed", True)
    node = next(_errors(tree.root_node), None)
    if node is None:
        return None
    at = len(code.encode()[: node.start_byte].decode("utf-8", "ignore"))
    if language in ("csharp", "java") and (quoted := _quoted(code, at)) is not None:
        return quoted
    if language in ("c", "cpp") and _MACRO.search(code):
        return None
    if node.is_missing:
        return Flaw(at, f"{node.type!r} is missing", at_end(code, at))
    end = len(code.encode()[: node.end_byte].decode("utf-8", "ignore"))
    if not code[at:end].strip():
        return (
            Flaw(at, f"U+{ord(code[at : at + 1] or ' '):04X} where a space should be")
            if code[at : at + 1] == "\xa0"
            else None
        )
    return Flaw(at, f"not understood: {_shown(code[at:end])}", at_end(code, at))


def _quoted(code: str, at: int) -> Flaw | None:
    """A text in single quotes on the line of a flaw, which hold one character in these languages."""
    start = code.rfind("\n", 0, at) + 1
    match = _SINGLE.search(code, start, _line_end(code, at))
    if match is None or '"' in code[start : match.start()]:
        return None
    return Flaw(match.start(), f"{_shown(match[1])} in single quotes, which hold one character")


def _errors(root: Any) -> Iterator[Any]:
    """The innermost nodes where the grammar gave up, in the order of the text."""
    stack, seen = [root], 0
    while stack and seen < _MOST_NODES:
        node = stack.pop()
        seen += 1
        if node.is_missing or node.is_error:
            yield node
        elif node.has_error:
            stack.extend(reversed(node.children))


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _line_end(code: str, at: int) -> int:
    end = code.find("\n", at)
    return len(code) if end < 0 else end
