"""SQL: parsed by sqlglot where it is installed, in the dialects that may be meant."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from datalint_rules.code._flaw import Flaw, at_end, offset_of

from datalint import pattern

_DIALECTS = (None, "mysql", "postgres", "tsql", "oracle", "sqlite", "bigquery", "snowflake")
_LONGEST = 8_000
_START = pattern(
    r"(?i)(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(?:SELECT|INSERT\s+(?:INTO|IGNORE)|UPDATE\s+\S+\s+SET|DELETE\s+FROM|CREATE\s+(?:OR\s+REPLACE\s+)?"
    r"(?:TEMP(?:ORARY)?\s+)?(?:TABLE|VIEW|INDEX|DATABASE)|WITH\s+\w+|ALTER\s+TABLE|DROP\s+TABLE)\b"
)
# Tables that a program printed, and what sqlglot does not claim to know: procedures, triggers, variables.
_PRINTED = pattern(
    r"(?im)^\s*[|+]|^-+\+-|\b(?:DELIMITER|PROCEDURE|FUNCTION|TRIGGER|DECLARE|BEGIN|GO|LOOP|CURSOR|EXEC|CALL|RETURNS)\b|[@:#%&?]|\\"
)


def parse(code: str) -> Flaw | None:
    """The first flaw of SQL that no dialect takes; None also where sqlglot is not installed."""
    if len(code) > _LONGEST or not _START.match(code) or _PRINTED.search(code):
        return None
    try:
        glot: Any = import_module("sqlglot")
    except ImportError:
        return None
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    first: Flaw | None = None
    for dialect in _DIALECTS:
        try:
            glot.parse(code, read=dialect)
        except glot.errors.ParseError as error:
            first = first or _flaw(code, error)
        except glot.errors.TokenError:
            first = first or Flaw(len(code.rstrip()), "a string or name is never closed", True)
        except (RecursionError, ValueError):
            return None
        else:
            return None
    return first


def _flaw(code: str, error: Any) -> Flaw:
    told = error.errors[0] if error.errors else {}
    line, column, found = told.get("line") or 1, told.get("col") or 0, told.get("highlight") or ""
    end = offset_of(code, line, column)
    said = f"not understood at {found!r}" if found else "not understood"
    return Flaw(max(end - len(found), 0), said, at_end(code, end) and not code.rstrip().endswith(";"))
