"""What a rule file may say: its tables, their keys, and what kind of value each holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from datalint.errors import RuleError
from datalint.toml_lines import line_of

_KEYS: dict[str, dict[str, type]] = {
    "": {"schema": int, "rule": dict, "docs": dict, "judged": dict, "options": dict, "target": dict, "match": dict,
         "fix": dict, "example": list},
    "rule": {"code": str, "name": str, "summary": str, "category": str, "severity": str, "status": str, "since": str,
             "tags": list, "aliases": list, "sensitive": bool},
    "docs": {"why": str, "known-problems": str, "fix-safety": str, "references": list},
    "judged": {"read": int, "right": int, "on": str},
    "target": {"unit": str, "roles": list},
    "match": {"triggers": list, "any": list, "all": list, "unless": list, "outside": list, "message": str,
              "each": bool},
    "fix": {"title": str, "applicability": str, "replace": dict, "delete-record": bool},
    "example": {"bad": str, "good": str, "fixed": str, "name": str, "expect": list, "options": dict, "remaining": int,
                "verbatim": bool},
}  # fmt: skip
_SAID = {str: "a string", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}


def check_keys(data: Mapping[str, Any], text: str, origin: str) -> None:
    """Raise RuleError, with the line, for a key that is unknown, missing, or holds a value of another kind."""

    def place(*keys: str | int) -> str:
        return f"{origin}:{line_of(text, keys)[0]}"

    for table, known in _KEYS.items():
        found: Any = data if not table else data.get(table, {})
        for n, part in enumerate(found if isinstance(found, list) else [found]):
            at = (table, n) if isinstance(found, list) else (table,) if table else ()
            for name, value in part.items() if isinstance(part, Mapping) else [("", part)]:
                shown = f"[{table}] {name!r}" if table and name else repr(name or table)
                if name and name not in known:
                    near = get_close_matches(name, known, n=1)
                    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}"
                    raise RuleError(f"unknown key {shown}", place=place(*at, name), hint=hint)
                wanted = known[name] if name else dict
                if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
                    raise RuleError(f"{shown}: expected {_SAID[wanted]}, got {value!r}", place=place(*at, name))
    for table in ("rule", "docs", "match"):
        if table not in data:
            raise RuleError(f"no [{table}] table", place=origin)
    for name in _KEYS["judged"] if "judged" in data else ():
        if name not in data["judged"]:
            raise RuleError(f"[judged] has no {name!r}", place=place("judged"))
    if (unit := data.get("target", {}).get("unit", "message")) != "message":
        where = place("target", "unit")
        raise RuleError(f"a rule in TOML looks at messages, not at {unit!r}", place=where, hint="Python rules may")
    _check_entries(data, place)


_PRIMITIVE: dict[str, type] = {"regex": str, "phrases": list, "equals": list}
_ENTRIES: dict[tuple[str, str], dict[str, type] | None] = {  # what lists hold: tables of these keys, or strings
    ("match", "any"): _PRIMITIVE, ("match", "all"): _PRIMITIVE, ("match", "unless"): {**_PRIMITIVE, "of": str},
    ("match", "triggers"): None, ("match", "outside"): None, ("target", "roles"): None, ("rule", "tags"): None,
    ("rule", "aliases"): None, ("docs", "references"): None,
}  # fmt: skip


def _check_entries(data: Mapping[str, Any], place: Callable[..., str]) -> None:
    """Raise RuleError for an entry of a list, or a part of the fix, that means nothing."""
    for (table, name), known in _ENTRIES.items():
        for entry in data.get(table, {}).get(name, ()):
            if not isinstance(entry, str if known is None else Mapping):
                raise RuleError(
                    f"[{table}] {name!r}: expected {'strings' if known is None else 'tables'}, got {entry!r}",
                    place=place(table, name),
                )
            for key, value in entry.items() if isinstance(entry, Mapping) else ():
                if key not in (known or {}):
                    raise RuleError(
                        f"unknown key {key!r} in {name!r}",
                        place=place(table, name),
                        hint=f"known: {', '.join(known or ())}",
                    )
                option = value.get("option") if isinstance(value, Mapping) else None
                if isinstance(value, Mapping) and option not in data.get("options", {}):
                    raise RuleError(f"{key}: there is no option {option!r}", place=place(table, name))
                if not isinstance(value, ((known or {})[key], Mapping)):
                    raise RuleError(
                        f"{key}: expected {_SAID[(known or {})[key]]}, got {value!r}", place=place(table, name)
                    )
    if "fix" in data and "title" not in data["fix"]:
        raise RuleError("[fix] has no 'title'", place=place("fix", "replace"))
    replace = data.get("fix", {}).get("replace")
    if replace is not None and not (
        {"with"} <= set(replace) <= {"with", "pattern"} and all(isinstance(v, str) for v in replace.values())
    ):
        raise RuleError(
            "[fix] 'replace' holds 'with' and, if need be, 'pattern', both strings", place=place("fix", "replace")
        )
