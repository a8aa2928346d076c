"""The ignore file: findings that somebody looked at and accepted, each with a reason, and perhaps until a day.

An entry names rules, and what it does not name it does not ask for: the record, the place in it, the files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from datalint.config_file import parse
from datalint.config_keys import Key, convert
from datalint.errors import ConfigError, UsageError
from datalint.globs import fits
from datalint.identity import Identity, value_at
from datalint.model import Finding
from datalint.registry import Registry
from datalint.sifting import Ran
from datalint.toml_lines import line_of

UNUSED, NO_REASON, UNKNOWN, EXPIRED = "DLT101", "DLT102", "DLT103", "DLT104"
HASH = "sha:"
_KEYS = {
    "ignore": Key("ignore", "tables", "Findings that are accepted.", of=(
        Key("rules", "list", "The rules whose findings are accepted.", required=True),
        Key("record", "str", "The record's id, or sha: and the hash of its content."),
        Key("pointer", "str", "JSON pointer of the place in the record; * stands for any position in an array."),
        Key("files", "globs", "The files the record may be in."),
        Key("reason", "str", "Why they are accepted."),
        Key("expires", "date", "The day from which on they are reported again."),
    ))
}  # fmt: skip


class Entry(NamedTuple):
    """One entry. ``codes``: the rules; ``unknown``: what is said of those that there are not."""

    line: int
    rules: tuple[str, ...]
    codes: frozenset[str]
    unknown: tuple[str, ...]
    record: str | None = None
    pointer: str | None = None
    files: tuple[str, ...] = ()
    reason: str = ""
    expires: date | None = None

    def is_over(self, today: date) -> bool:
        """Whether its day has come."""
        return self.expires is not None and self.expires <= today

    @property
    def called(self) -> str:
        """Its rules and record, for people."""
        return ", ".join([*self.rules, *([f"record {self.record}"] if self.record is not None else ())])


def read(path: Path, shown: str, registry: Registry) -> list[Entry]:
    """The entries of the file at ``path``, which is called ``shown``. Raises ConfigError with the place of a mistake."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(
            f"the ignore file {shown} does not exist", hint="`datalint check --add-ignore REASON` writes it"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        said = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise ConfigError(f"cannot read the ignore file {shown}: {said}") from error
    return entries(text, shown, path.parent, registry)


def entries(text: str, shown: str, base: Path, registry: Registry) -> list[Entry]:
    """The entries of a text, whose globs start at ``base``."""
    data = parse(text, shown)

    def place(keys: Sequence[str | int]) -> str:
        return f"{shown}:{line_of(text, keys)[0]}"

    for name in data:
        if name != "ignore":
            raise ConfigError(f"unknown key {name!r}", place=place((name,)), hint="entries stand under [[ignore]]")
    tables = convert(data.get("ignore", []), _KEYS["ignore"], base, place, ("ignore",))
    made = []
    for n, table in enumerate(tables):
        pointer = table.get("pointer")
        if pointer and not pointer.startswith("/"):
            raise ConfigError(f"{pointer!r} is no JSON pointer: it does not start with /",
                              place=place(("ignore", n, "pointer")))  # fmt: skip
        codes, unknown = _resolved(table["rules"], registry)
        line = line_of(text, ("ignore", n))[0]
        made.append(Entry(line, table["rules"], codes, unknown, **{k: v for k, v in table.items() if k != "rules"}))
    return made


def _resolved(rules: Iterable[str], registry: Registry) -> tuple[frozenset[str], tuple[str, ...]]:
    codes: set[str] = set()
    unknown: list[str] = []
    for name in rules:
        try:
            codes |= registry.resolve(name)
        except UsageError as error:
            unknown.append(f"{error.message}{f' ({error.hint})' if error.hint.startswith('did') else ''}")
    return frozenset(codes), tuple(unknown)


@dataclass
class Accepted:
    """Holds back what the entries of an ignore file fit. ``root``: where the paths of findings start."""

    entries: Sequence[Entry]
    shown: str
    root: Path
    today: date
    status: str = "ignored"
    codes: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self._by_key: dict[tuple[str, str | None], list[int]] = {}
        self._used: set[int] = set()
        for n, entry in enumerate(self.entries):
            for code in entry.codes if not entry.is_over(self.today) else ():
                self._by_key.setdefault((code, entry.record), []).append(n)
        self.codes = frozenset(code for code, _ in self._by_key)
        self._hashed = frozenset(code for code, record in self._by_key if record and record.startswith(HASH))

    def catches(self, finding: Finding, identity: Identity) -> bool:
        """Whether an entry fits; all that fit count as used."""
        fitting = self._fitting(finding, identity)
        self._used.update(fitting)
        return bool(fitting)

    def why(self, finding: Finding, identity: Identity) -> str:
        """The reason that the first fitting entry gives."""
        return next((self.entries[n].reason for n in self._fitting(finding, identity)), "")

    def finish(self, ran: Ran) -> Iterator[Finding | str]:
        """What is to be said of the entries themselves, in their order."""
        whole = partial(_once, ran.is_whole, [])
        for n, entry in enumerate(self.entries):
            said = [(UNKNOWN, text) for text in entry.unknown]
            if not entry.reason.strip():
                said.append((NO_REASON, f"no reason is given ({entry.called})"))
            if entry.is_over(self.today):
                said.append((EXPIRED, f"expired on {entry.expires} ({entry.called})"))
            elif n not in self._used and entry.codes and entry.codes <= ran.rules and whole():
                said.append((UNUSED, f"silences nothing ({entry.called})"))
            for code, text in said:
                yield Finding(f"line {entry.line}: {text}", source=ran.source(self.shown), code=code)

    def _fitting(self, finding: Finding, identity: Identity) -> list[int]:
        keys = {(finding.code, None), (finding.code, identity.given_id)}
        if finding.code in self._hashed:
            keys.add((finding.code, identity.content))
        return sorted(
            n for key in keys for n in self._by_key.get(key, ()) if self._fits(self.entries[n], finding, identity)
        )

    def _fits(self, entry: Entry, finding: Finding, identity: Identity) -> bool:
        if entry.files and not (identity.path and fits(self.root / identity.path, entry.files, self.root)):
            return False
        return entry.pointer is None or _is_at(finding.pointer or "", entry.pointer, identity)


def _once(ask: Callable[[], bool], known: list[bool]) -> bool:
    if not known:
        known.append(ask())
    return known[0]


def _is_at(pointer: str, wanted: str, identity: Identity) -> bool:
    """Whether ``wanted`` means the place at ``pointer``, as it is or with ``*`` for positions."""
    if pointer == wanted or "*" not in wanted or identity.record is None:
        return pointer == wanted
    shape = value_at(identity.record.data, pointer)[1].split("/")
    parts, asked = pointer.split("/"), wanted.split("/")
    return len(parts) == len(asked) and all(a in (p, s) for a, p, s in zip(asked, parts, shape, strict=True))


def addition(wanted: Iterable[Mapping[str, str | Sequence[str]]], reason: str) -> Iterator[str]:
    """TOML that adds entries, each once: the values of their keys."""
    seen: set[str] = set()
    for keys in wanted:
        lines = [f"{name} = {_toml(value)}\n" for name, value in {**keys, "reason": reason}.items()]
        made = "[[ignore]]\n" + "".join(lines)
        if made not in seen:
            seen.add(made)
            yield made


def _toml(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(map(_toml, value))}]"
