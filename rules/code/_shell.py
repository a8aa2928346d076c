"""Shell scripts: the words that open and close a block, strings, comments and here documents left out."""

from __future__ import annotations

from datalint_rules.code._flaw import Flaw, at_end

from datalint import pattern

_TOKEN = pattern(
    r"(?s)(?P<here><<-?\s*[\"']?(\w+)[\"']?[^\n]*\n(?:.*?\n)??[ \t]*\2[ \t]*(?=\n|\Z))"
    r"|(?P<quote>'[^']*+(?:'|(?P<single>\Z))|\"(?:[^\"\\`$]|\\.|\$\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|`[^`]*`|[`$])*+(?:\""
    r"|(?P<double>\Z)))"
    r"|(?P<skip>(?<![^\s;])\#[^\n]*|\\.|\$?\(\(.*?\)\)|\$\{[^}\n]*\}|\$[#?$@*!\w])"
    r"|(?P<word>(?<![^\s;&|()])(?:if|fi|do|done|case|esac|[{}])(?![^\s;&|()<>]))"
    r"|(?P<glued>(?<![\w$])(?P<end>fi|done|esac)\}(?=\s*(?:\n|\Z)))"
)
_OPENS = {"if": "fi", "do": "done", "case": "esac", "{": "}"}
_STUCK = pattern(r"[\w\"')]\}(?=\s*(?:\n|\Z))")
_GLUED = "'}' closes nothing here: a line break or ';' must stand before it"
_COMMAND = pattern(r"(?:^|[\n;&|({]|\b(?:then|else|do|in|elif|if|while|!))\s*\Z")


def parse(code: str) -> Flaw | None:
    """A block that is never closed, or a word that closes none."""
    opened: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(code):
        if token["single"] is not None or token["double"] is not None:
            return Flaw(token.start(), "a string is never closed", True)
        if token["glued"] is not None:
            return Flaw(token.end() - 1, _GLUED)
        word = token["word"]
        if not word or not _COMMAND.search(code[max(0, token.start() - 40) : token.start()]):
            continue
        if word in _OPENS:
            opened.append((word, token.start()))
        elif not opened or _OPENS[opened[-1][0]] != word:
            return _stray(code, opened, word, token.start())
        else:
            opened.pop()
    if not opened:
        return None
    word, at = opened[-1]
    if word == "{" and (stuck := _STUCK.search(code, at)) is not None:
        return Flaw(stuck.end() - 1, _GLUED)
    return Flaw(at, f"{word!r} has no {_OPENS[word]!r}", at_end(code, len(code)))


def _stray(code: str, opened: list[tuple[str, int]], word: str, at: int) -> Flaw:
    if not opened:
        return Flaw(at, f"{word!r} closes nothing")
    name, place = opened[-1]
    line = code.count("\n", 0, place) + 1
    return Flaw(at, f"{word!r} where {_OPENS[name]!r} was expected for {name!r} of line {line}")
