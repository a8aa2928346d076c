"""The registry: all rules there are, and which of them run for a policy, with the reason for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple, NoReturn, cast

from datalint import expressions
from datalint.card import Card
from datalint.config import Policy
from datalint.config_file import place_of
from datalint.config_keys import Table, thaw
from datalint.errors import ConfigError, PluginError, UsageError
from datalint.foreign import foreign_code
from datalint.model import Severity
from datalint.rule import Fixture, LiveRule, RuleSpec, given
from datalint.selectors import Index

_WHERE = {"select": "select", "ignore": "ignore", "extend_select": "extend-select", "extend_ignore": "extend-ignore"}

NEVER = "never"  # the key of a cause that lies in per-file-ignores or in an override


class _Verdict(NamedTuple):
    """Whether a rule is on, why in words, and the key and selector that decided."""

    on: bool
    reason: str
    cause: tuple[str, str] | None


@dataclass(frozen=True)
class Selection:
    """Which rules run under a policy: their codes in order, options and severities, and a reason for every rule.

    ``causes``: key and selector that decided, for the rules that some selector speaks of.
    """

    codes: tuple[str, ...]
    options: Table
    severities: Table
    reasons: Table
    causes: Table

    def __contains__(self, code: str) -> bool:
        return code in self.severities


class Registry:
    """Rules by code, name and alias. Raises PluginError for two rules that answer to one of them."""

    def __init__(self, specs: Sequence[RuleSpec], fixtures: Mapping[str, Fixture] | None = None) -> None:
        self._specs = {s.card.code: s for s in sorted(_unique(specs), key=lambda s: s.card.code)}
        self._fixtures = dict(fixtures or {})
        self._index = Index(self.cards)
        self._selections: dict[Policy, Selection] = {}

    @property
    def specs(self) -> tuple[RuleSpec, ...]:
        """All rules, by code."""
        return tuple(self._specs.values())

    @property
    def cards(self) -> tuple[Card, ...]:
        """All cards, by code."""
        return tuple(spec.card for spec in self._specs.values())

    @property
    def fixtures(self) -> Mapping[str, Fixture]:
        """The fixtures that every rule may ask for."""
        return self._fixtures

    def get(self, name: str) -> RuleSpec:
        """The rule with this code, name or alias. Raises UsageError."""
        code = self._index.code(name)
        if code is None:
            raise UsageError(f"no rule is called {name!r}", hint=self._index.hint(name))
        return self._specs[code]

    def resolve(self, selector: str) -> frozenset[str]:
        """The codes that ``selector`` means, preview rules included. Raises UsageError."""
        return self._index.resolve(selector)

    def codes(self, selectors: Iterable[str]) -> frozenset[str]:
        """The codes that any of ``selectors`` means."""
        return frozenset().union(*(self.resolve(s) for s in selectors))

    def select(self, policy: Policy) -> Selection:
        """Which rules run under ``policy``. Raises UsageError or ConfigError for an unknown rule or option."""
        if policy not in self._selections:
            self._selections[policy] = self._select(policy)
        return self._selections[policy]

    def build(self, selection: Selection, known: Mapping[str, Any] | None = None) -> list[LiveRule]:
        """The selected rules, ready to run, by code. ``known``: what the run tells rules that ask
        for it, by name; a fixture is only made when one does."""
        told = {n: v if isinstance(v, Fixture) else given(n, v) for n, v in (known or {}).items()}
        fixtures = {**self._fixtures, **told}
        return [_built(self._specs[code], thaw(selection.options[code]), fixtures) for code in selection.codes]

    def severity_of(self, card: Card, policy: Policy) -> Severity:
        """The severity ``policy`` gives the rule: by its most specific selector, else the card's own."""
        fitting = [
            s for s in policy.severity if card.code in self._resolved(s, policy, ("severity", policy.severity[s]))
        ]
        if not fitting:
            return card.severity
        return cast(Severity, policy.severity[max(fitting, key=self._index.specificity)])

    def options_of(self, card: Card, policy: Policy) -> dict[str, Any]:
        """The options of a rule: its defaults, and over them what ``[rules.NAME]`` says, by name, alias or code."""
        made = {name: option.default for name, option in card.options.items()}
        for called in (*card.aliases, card.code, card.name):
            made |= thaw(policy.rules.get(called, {}))
        return made

    def _select(self, policy: Policy) -> Selection:
        self._check_options(policy)
        verdicts = self._verdicts(policy)
        for allowed, reason, cause in _filters(policy):
            for card in self.cards:
                if verdicts[card.code].on and not allowed(card):
                    verdicts[card.code] = _Verdict(False, reason, cause)
        codes = tuple(code for code, verdict in verdicts.items() if verdict.on)
        return Selection(
            codes,
            Table({c: self.options_of(self._specs[c].card, policy) for c in codes}),
            Table({c: self.severity_of(self._specs[c].card, policy) for c in codes}),
            Table({code: verdict.reason for code, verdict in verdicts.items()}),
            Table({code: verdict.cause for code, verdict in verdicts.items() if verdict.cause}),
        )

    def _verdicts(self, policy: Policy) -> dict[str, _Verdict]:
        """Per rule whether it is selected, and by what: the most specific selector decides, ignore wins ties."""
        found: dict[str, tuple[tuple[int, bool], tuple[str, str]]] = {}
        for key, label in _WHERE.items():
            off = "ignore" in key
            for selector in getattr(policy, key):
                rank = (self._index.specificity(selector), off)
                for code in self._resolved(selector, policy, (label,), preview=off or policy.preview):
                    if code not in found or rank > found[code][0]:
                        found[code] = (rank, (label, selector))
        verdicts = {c.code: _Verdict(False, _unselected(c, policy), None) for c in self.cards}
        for code, (rank, cause) in sorted(found.items()):
            said = f"{'disabled' if rank[1] else 'enabled'} by {cause[0]} = {cause[1]!r}"
            verdicts[code] = _Verdict(not rank[1], said, cause)
        for selector in policy.never:
            for code in self._resolved(selector, policy, ("per-file-ignores",)):
                verdicts[code] = _Verdict(False, f"disabled for this file by {selector!r}", (NEVER, selector))
        return verdicts

    def _resolved(self, selector: str, policy: Policy, at: Sequence[str], *, preview: bool = True) -> frozenset[str]:
        try:
            return self._index.resolve(selector, preview=preview)
        except UsageError as error:
            place = place_of(policy.config, at) if policy.config is not None else ""
            if not place:
                raise
            raise ConfigError(f"{at[0]}: {error.message}", place=place, hint=error.hint) from error

    def _check_options(self, policy: Policy) -> None:
        for called, options in policy.rules.items():
            code = self._index.code(called)
            if code is None:
                self._refuse(policy, (called,), f"no rule is called {called!r}", self._index.hint(called))
            card = self._specs[code].card
            for name, value in options.items():
                if name not in card.options:
                    near = get_close_matches(name, card.options, n=1)
                    hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(card.options) or 'no options'}"
                    self._refuse(policy, (called, name), f"rule {card.name} has no option {name!r}", hint)
                if said := card.options[name].check(thaw(value)):
                    self._refuse(
                        policy, (called, name), f"option {name} of {card.name}: {said}", card.options[name].doc
                    )

    def _refuse(self, policy: Policy, keys: Sequence[str], message: str, hint: str) -> NoReturn:
        place = place_of(policy.config, ("rules", *keys)) if policy.config is not None else ""
        raise ConfigError(message, place=place or "[rules]", hint=hint)


def _built(spec: RuleSpec, options: Mapping[str, Any], fixtures: Mapping[str, Fixture]) -> LiveRule:
    with foreign_code(f"rule {spec.card.name} cannot be made ready", spec.card.origin.partition("::")[0]):
        return spec.build(options, fixtures)


def _unique(specs: Sequence[RuleSpec]) -> list[RuleSpec]:
    """``specs`` without repetitions: one rule that was loaded twice from the same file is kept once."""
    owners: dict[str, RuleSpec] = {}
    kept: list[RuleSpec] = []
    for spec in specs:
        words = dict.fromkeys((spec.card.code, spec.card.name, *spec.card.aliases))
        others = {id(owners[w]): owners[w] for w in words if w in owners}
        if any(_same(spec.card, other.card) for other in others.values()):
            continue
        for other in others.values():
            shared = next(w for w in words if owners.get(w) is other)
            raise PluginError(
                f"two rules are called {shared!r}", place=f"{_origin(other.card)} and {_origin(spec.card)}",
                hint="codes, names and aliases belong to one rule each",
            )  # fmt: skip
        owners |= dict.fromkeys(words, spec)
        kept.append(spec)
    return kept


def _same(one: Card, other: Card) -> bool:
    paths = [c.origin.partition("::")[0] for c in (one, other)]
    return one.code == other.code and all(paths) and os.path.realpath(paths[0]) == os.path.realpath(paths[1])


def _origin(card: Card) -> str:
    return f"{card.origin or 'an unknown place'} ({card.code} {card.name})"


def _filters(policy: Policy) -> list[tuple[Callable[[Card], bool], str, tuple[str, str]]]:
    """What takes rules out that are selected, and why."""
    made: list[tuple[Callable[[Card], bool], str, tuple[str, str]]] = []
    if policy.keyword:
        test = expressions.compiled(policy.keyword)
        said = f"left out by -k {policy.keyword!r}"
        made.append((lambda c: test((c.code, c.name, c.category, *c.tags)), said, ("keyword", policy.keyword)))
    scopes = ", ".join(sorted(policy.scopes))
    made.append((lambda c: c.scope in policy.scopes, f"left out by scope = {scopes!r}", ("scopes", scopes)))
    return made


def _unselected(card: Card, policy: Policy) -> str:
    if card.status == "preview" and not policy.preview:
        return "preview: name it in select, or use --preview"
    return "pedantic: not in DEFAULT" if card.category == "pedantic" else "not selected"
