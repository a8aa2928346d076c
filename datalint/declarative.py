"""Declarative rules: one TOML file, no code. It becomes a card and a rule on messages.

    [rule]      code name summary category status since tags aliases sensitive
    [docs]      why (required), known-problems, fix-safety (required with [fix]), references
    [judged]    read right on
    [options.NAME]  type default doc choices
    [target]    roles
    [match]     triggers, any = [primitive …], all = [primitive …], unless = [condition …], outside = [context …],
                message, each = false
    [fix]       title applicability replace = { pattern, with } | delete-record = true
    [[example]] bad | good, fixed, name, expect, options, remaining, verbatim

A primitive finds spans: ``regex``, ``phrases`` (words, case-insensitive), ``equals`` (the whole text, stripped and
case-insensitive, is one of these). A condition clears a span: ``regex`` or ``phrases`` with ``of`` = match, line, text,
prompt, answer, history, siblings or around (80 characters each side). Values may be ``{ option = "name" }``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import regex

from datalint.card import Card, Example, Expect, Judged, Option, check_card
from datalint.declarative_keys import check_keys
from datalint.errors import RuleError
from datalint.model import ALL_ROLES, CATEGORY_SEVERITY, ROLE_BIT, Edit, Finding, Fix, Layout, Span, role_mask
from datalint.prose import CONTEXTS
from datalint.rule import Fixture, RuleSpec
from datalint.views import Message

Pattern = regex.Pattern[str]
Match = regex.Match[str]
TIMEOUT = 1.0  # seconds one pattern may take on one text before the rule counts as timed out
_AROUND = 80


def load(path: Path, *, validate: bool = True) -> RuleSpec:
    """Read one rule file. Raises RuleError for anything unknown, missing or malformed.

    Without ``validate`` patterns are compiled only when a text needs them: for rules whose own tests have done it.
    """
    return parse(path.read_text(encoding="utf-8"), str(path), validate=validate)


def parse(text: str, origin: str, *, validate: bool = True) -> RuleSpec:
    """Make a rule of the text of a rule file."""
    data = _toml(text, origin)
    check_keys(data, text, origin)
    card = _card(data, origin)
    check_card(card)
    match, fix = data.get("match", {}), data.get("fix")
    if validate:
        PatternRule(card, {}, match, fix).validate()

    def build(options: Mapping[str, Any], fixtures: Mapping[str, Fixture]) -> PatternRule:
        made = PatternRule(card, options, match, fix)
        if options and validate:
            made.validate()
        return made

    return RuleSpec(card, build)


def _toml(text: str, origin: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said, _, at = str(error).partition(" (at ")
        where = regex.search(r"line (\d+)", at)
        raise RuleError(f"not valid TOML: {said}", place=f"{origin}:{where[1]}" if where else origin) from error
    return data


def _card(data: Mapping[str, Any], origin: str) -> Card:
    head, docs, match, fix = data["rule"], data["docs"], data["match"], data.get("fix")
    category = head.get("category", "suspicious")
    roles = data.get("target", {}).get("roles")
    if roles is not None and (unknown := set(roles) - set(ROLE_BIT)):
        raise RuleError(f"unknown role {sorted(unknown)[0]!r}", place=origin, hint=f"known: {', '.join(ROLE_BIT)}")
    return Card(
        code=head.get("code", ""),
        name=head.get("name", ""),
        summary=head.get("summary", ""),
        rationale=docs.get("why", "").strip(),
        category=category,
        unit="message",
        roles=role_mask(roles) if roles is not None else ALL_ROLES,
        triggers=tuple(match.get("triggers", ())),
        severity=head.get("severity") or CATEGORY_SEVERITY.get(category, "warning"),
        status=head.get("status", "stable"),
        since=head.get("since", "0.1.0"),
        aliases=tuple(head.get("aliases", ())),
        tags=tuple(head.get("tags", ())),
        options={k: _option(k, v, origin) for k, v in data.get("options", {}).items()},
        fix=(fix or {}).get("applicability", "unsafe") if fix else None,
        fix_safety=docs.get("fix-safety", "").strip(),
        sensitive=head.get("sensitive", False),
        known_problems=docs.get("known-problems", "").strip(),
        references=tuple(docs.get("references", ())),
        examples=tuple(_example(e) for e in data.get("example", ())),
        judged=Judged(**data["judged"]) if "judged" in data else None,
        origin=origin,
    )


def _option(name: str, table: Any, origin: str) -> Option:
    try:
        return Option(table["type"], table["default"], table["doc"], tuple(table.get("choices", ())))
    except KeyError as error:
        raise RuleError(f"option {name!r} has no {error}", place=origin) from error


def _example(table: Mapping[str, Any]) -> Example:
    expect = tuple(
        Expect(e.get("pointer"), tuple(e["span"]) if "span" in e else None, e.get("line"), e.get("message"))
        for e in table.get("expect", ())
    )
    keys = ("bad", "good", "fixed", "name", "options", "remaining", "verbatim")
    return Example(expect=expect, **{k: table[k] for k in keys if k in table})


class PatternRule:
    """A declarative rule. Its patterns are compiled when the first text comes."""

    gate: Callable[[Layout], bool] | None = None

    def __init__(self, card: Card, options: Mapping[str, Any], match: Mapping[str, Any], fix: Any) -> None:
        self.card = card
        self._values = {name: options.get(name, option.default) for name, option in card.options.items()}
        self._match = match
        self._message = match.get("message", card.summary)
        self._each = bool(match.get("each", False))
        self._fix = fix

    def validate(self) -> None:
        """Compile everything now. Raises RuleError for what does not compile or is unknown."""
        if not self._any and not self._all:
            raise RuleError("[match] needs any or all", place=self.card.origin)
        if self._fix and not self._fix.get("delete-record") and "replace" not in self._fix:
            raise RuleError("[fix] needs replace or delete-record", place=self.card.origin)
        _ = self._unless, self._replaced

    @cached_property
    def _any(self) -> list[Callable[[str], Iterable[Match]]]:
        return [self._finder(p) for p in self._match.get("any", ())]

    @cached_property
    def _all(self) -> list[Callable[[str], Iterable[Match]]]:
        return [self._finder(p) for p in self._match.get("all", ())]

    @cached_property
    def _unless(self) -> list[Callable[[Message, Span], bool]]:
        conditions = [self._condition(c) for c in self._match.get("unless", ())]
        return conditions + [self._context(name) for name in self._match.get("outside", ())]

    @cached_property
    def _replaced(self) -> Pattern | None:
        replace = (self._fix or {}).get("replace", {})
        return self._compile(replace["pattern"]) if "pattern" in replace else None

    def check(self, message: Message) -> Iterator[Finding]:
        """One finding a message at its first match (``each``: one a match), with a fix for all of them."""
        text = message.text
        if self._all and not all(any(True for _ in find(text)) for find in self._all):
            return
        matches = {m.span(): m for find in self._any or self._all for m in find(text)}
        kept = [matches[span] for span in sorted(matches) if not self._cleared(message, span)]
        if not kept:
            return
        for group in [[m] for m in kept] if self._each else [kept]:
            first = group[0]
            yield message.finding(first.span(), self._say(first, len(group)), fix=self._make_fix(message, group))

    def _cleared(self, message: Message, span: Span) -> bool:
        return any(c(message, span) for c in self._unless)

    def _say(self, match: Match, count: int) -> str:
        shown = match.group()
        if len(shown) > 60:
            shown = shown[:57] + "…"
        said = self._message.replace("{match!r}", repr(shown)).replace("{match}", shown)
        return f"{said} (and {count - 1} more)" if count > 1 else said

    def _make_fix(self, message: Message, group: Sequence[Match]) -> Fix | None:
        if not self._fix:
            return None
        title = self._fix["title"]
        applicability = self._fix.get("applicability", "unsafe")
        if self._fix.get("delete-record"):
            return Fix(title, applicability, (Edit("delete-record"),))
        replace = self._fix["replace"]
        spans = [m.span() for m in group]
        targets = group if self._replaced is None else _touching(self._replaced, message.text, spans)
        edits = [(m.span(), m.expand(replace["with"])) for m in targets]
        return message.replace(edits, title, applicability) if edits else None

    def _finder(self, table: Mapping[str, Any]) -> Callable[[str], Iterable[Match]]:
        if "equals" in table:
            wanted = "|".join(regex.escape(w) for w in self._value(table["equals"]))
            pattern = self._compile(rf"(?i)(?<=\A\s*)(?:{wanted})(?=\s*\Z)")
        else:
            pattern = self._pattern(table)
        return lambda text: pattern.finditer(text, timeout=TIMEOUT)

    def _condition(self, table: Mapping[str, Any]) -> Callable[[Message, Span], bool]:
        pattern, of = self._pattern(table), table.get("of", "match")
        if of not in _PARTS:
            raise RuleError(f"unknown 'of': {of!r}", place=self.card.origin, hint=f"known: {', '.join(_PARTS)}")
        part = _PARTS[of]
        return lambda message, span: pattern.search(part(message, span), timeout=TIMEOUT) is not None

    def _context(self, name: str) -> Callable[[Message, Span], bool]:
        if name not in CONTEXTS:
            raise RuleError(f"unknown context {name!r}", place=self.card.origin, hint=f"known: {', '.join(CONTEXTS)}")
        return CONTEXTS[name]

    def _pattern(self, table: Mapping[str, Any]) -> Pattern:
        if "regex" in table:
            return self._compile(self._value(table["regex"]))
        if "phrases" in table:
            words = "|".join(regex.escape(p) for p in sorted(self._value(table["phrases"]), key=len, reverse=True))
            words = words or "(?!)"  # no phrases: nothing matches
            return self._compile(rf"(?i)(?<!\w)(?:{words})(?!\w)")
        raise RuleError(f"no regex, phrases or equals in {dict(table)!r}", place=self.card.origin)

    def _value(self, value: Any) -> Any:
        return self._values[value["option"]] if isinstance(value, dict) else value

    def _compile(self, pattern: str) -> Pattern:
        try:
            return regex.compile(pattern, regex.M)
        except regex.error as error:
            raise RuleError(f"pattern does not compile: {error}: {pattern}", place=self.card.origin) from error


def _touching(pattern: Pattern, text: str, spans: Sequence[Span]) -> list[Match]:
    return [m for m in pattern.finditer(text, timeout=TIMEOUT) if any(m.start() < b and a < m.end() for a, b in spans)]


def _line(message: Message, span: Span) -> str:
    start = message.text.rfind("\n", 0, span[0]) + 1
    end = message.text.find("\n", span[1])
    return message.text[start : end if end >= 0 else None]


_PARTS: dict[str, Callable[[Message, Span], str]] = {
    "match": lambda m, s: m.text[s[0] : s[1]],
    "line": _line,
    "text": lambda m, s: m.text,
    "prompt": lambda m, s: m.prompt,
    "answer": lambda m, s: m.answer,
    "history": lambda m, s: m.history,
    "siblings": lambda m, s: "\n".join(o.text for o in m.siblings),
    "around": lambda m, s: m.text[max(0, s[0] - _AROUND) : s[1] + _AROUND],
}
