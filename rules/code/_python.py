"""Python: parsed by Python itself, in the versions that may be meant."""

from __future__ import annotations

import ast
import textwrap
import warnings

import regex
from datalint_rules.code._flaw import Flaw, at_end, offset_of

from datalint import pattern

# Statements of Python 2.
_OLD = pattern(
    r"(?m)^[ \t]*(?:(?:else:|if .*:|for .*:)?\s*print(?:[ \t]+(?:>>|[\"'\w%(-])|[\"'])(?!\s*=)|raise \w+, |exec [\"'\w]"
    r"|except [\w.()]+, ?\w+:)"
    r"|<>|\bur\"|\b0[0-7]+\b|\b\d+L\b|(?m:^[ \t]*print$)|`\w+`|\.has_key\("
)
# What only newer versions than the oldest supported one understand.
_NEW = pattern(
    r"\bexcept\*|(?m:^[ \t]*(?:type \w+(?:\[.*\])? = |(?:async )?def \w+\[|class \w+\[|except \w+(?:, \w+)+:))|\bt[\"']"
    r"|\bf(?:\"[^\"\n]*\{[^}\n]*[\"\\]|'[^'\n]*\{[^}\n]*['\\])|(?m:^[ \t]*match .+:$)"
)
# Notebooks, shells and prompts.
_SHELLS = pattern(
    r"(?m)^[ \t]*(?:[!%$]\s?\w|>>>|\.\.\. |In ?\[\d*\]:|Out\[|pip3? install|python3? \S|conda |Traceback \(most)"
)
_PARTIAL = pattern(r"\s*(?:elif|else|except|finally|case)\b")
_OPEN = pattern(r"'([(\[{])' was never closed")
_WORDY = pattern(r"\A[^\"'#=]*?\b[A-Za-z]+(?: [a-z]+){3,}|\A\s*[A-Z][a-z]+(?: \w+){0,5}:?\s*\Z")


def parse(code: str) -> Flaw | None:
    """The first flaw of a piece of Python, None if it has none or is something else."""
    code = textwrap.dedent(code)
    error = _error(code)
    if error is None or _SHELLS.search(code) or _PARTIAL.match(code) or _NEW.search(code) or _OLD.search(code):
        return None
    line, column = error.lineno or 1, (error.offset or 1) - 1
    at = offset_of(code, line, column)
    lines = code.split("\n")
    shown = lines[min(line, len(lines)) - 1]
    if _is_prose(shown) or (code.count("\t") and "inconsistent use of tabs" in str(error.msg)):
        return None
    return _told(code, error.msg, at, shown)


def _error(code: str) -> SyntaxError | None:
    """What Python says of ``code``; None also where it gives up."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _is_prose(line: str) -> bool:
    return _WORDY.search(line) is not None


def _told(code: str, said: str, at: int, shown: str) -> Flaw | None:
    bracket = _OPEN.match(said)
    if bracket:
        return Flaw(at, f"{bracket[1]!r} is never closed", _goes_to_end(code, at))
    if said.startswith("unterminated triple-quoted"):
        return Flaw(at, "a string in triple quotes is never closed", True)
    if said.startswith(("unterminated string", "unterminated f-string", "EOL while")):
        cut = at_end(code, _line_end(code, at)) and not shown.rstrip().endswith((")", "]", "}", ":", ";"))
        return Flaw(at, "a string is never closed" if cut else "a string is not closed on its line", cut)
    if said.startswith("expected an indented block"):
        if at_end(code, at) and "\n" not in code.strip():
            return None  # a header, shown as such
        if at_end(code, at):
            return Flaw(len(code.rstrip()), f"a block is missing after {_last(code)!r}", True)
        return Flaw(at, "a block is not indented")
    if said.startswith("invalid non-printable"):
        return Flaw(at, f"{said[32:]} where a space should be")
    cut = said.startswith(("invalid syntax", "expected", "unexpected EOF")) and at_end(code, at)
    return Flaw(min(at, len(code.rstrip())), said.partition(" (")[0], cut)


def _goes_to_end(code: str, at: int) -> bool:
    """Whether all that follows the line of an open bracket lies within it."""
    start = code.rfind("\n", 0, at) + 1
    depth = len(code[start:]) - len(code[start:].lstrip(" \t"))
    rest = code[at:].split("\n")[1:]
    return not any(line.strip() and len(line) - len(line.lstrip(" \t")) <= depth and _starts(line) for line in rest)


def _starts(line: str) -> regex.Match[str] | None:
    return _STATEMENT.match(line)


_STATEMENT = pattern(r"\s*(?:[A-Za-z_@#])")


def _line_end(code: str, at: int) -> int:
    end = code.find("\n", at)
    return len(code) if end < 0 else end


def _last(code: str) -> str:
    return code.rstrip().rpartition("\n")[2].strip()[:40]
