"""The contract of rules: how a function, a class or a TOML file becomes something the engine can run.

The engine knows two kinds of live rules. A *record rule* looks at one line, record, conversation, message or batch and
yields findings. A *dataset rule* is ``map(batch) -> state``, ``merge(state, state) -> state`` (associative,
commutative) and ``finish(state, records) -> findings``; states hold hashes, counts and references, never texts. A fourth
method, ``moved(state, to)``, lets what was kept of an earlier run serve for records that have moved since.
"""

from __future__ import annotations

import inspect
import linecache
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple, Protocol, TypeVar, cast

from datalint.batch import Batch
from datalint.card import Card, Example, Judged, Option, Unit, check_card
from datalint.errors import RuleError
from datalint.model import (
    ALL_ROLES,
    CATEGORY_SEVERITY,
    Applicability,
    Category,
    Finding,
    Layout,
    Ref,
    Severity,
    Status,
    role_mask,
)
from datalint.views import Conversation, Line, Message, Record

UNITS: tuple[Unit, ...] = ("line", "record", "conversation", "message", "batch")
View = Line | Record | Conversation | Message | Batch
Scope = Literal["session", "record", "message"]
F = TypeVar("F", bound=Callable[..., Any])
MARK = "__datalint_rule__"
FIXTURE_MARK = "__datalint_fixture__"


class Records(Protocol):
    """Reads single records again, by reference or by the key that ``Ref.key`` gives."""

    def at(self, ref: Ref) -> Record:
        """The record at ``ref``. Raises KeyError when its source is gone."""

    def record(self, key: int) -> Record:
        """The record at ``key``. Raises KeyError when the source has changed since it was scanned."""

    def batches(self, keys: Iterable[int]) -> Iterator[Batch]:
        """The records at ``keys``, each once, in the order of their places, many at a time: the way to read more than a
        few. Raises KeyError as ``record`` does."""

    def located(self, keys: Iterable[int]) -> Iterator[tuple[Ref, str]]:
        """Reference and path of the records at ``keys``, each once, in the order of their places, without reading them."""


class RecordRule(Protocol):
    """A live rule on one view at a time."""

    card: Card
    gate: Callable[[Layout], bool] | None

    def check(self, view: Any) -> Iterable[Finding]:
        """Findings on one view of the unit the card names."""


class Move(NamedTuple):
    """Where records lie now whose state was kept: ``keys`` is to be added to each of their keys (see ``Ref.key``), and
    ``source`` is the number of their source."""

    keys: int
    source: int


class DatasetRule(Protocol):
    """A live rule on the whole data set."""

    card: Card

    def map(self, batch: Batch, picked: Sequence[int]) -> Any:
        """What this batch says. ``picked``: the texts that have the rule's roles and triggers. Pure."""

    def merge(self, one: Any, other: Any) -> Any:
        """Both states together; associative and commutative."""

    def finish(self, state: Any, records: Records) -> Iterable[Finding]:
        """What the merged state says."""


LiveRule = RecordRule | DatasetRule


@dataclass(frozen=True)
class Fixture:
    """A value that rules ask for by parameter name."""

    name: str
    function: Callable[..., Any]
    scope: Scope


def given(name: str, value: Any) -> Fixture:
    """A fixture whose value the run knows."""

    def tell() -> Any:
        return value

    return Fixture(name, tell, "session")


@dataclass(frozen=True)
class RuleSpec:
    """A declared rule: its card and how to build it with given options and fixtures."""

    card: Card
    build: Callable[[Mapping[str, Any], Mapping[str, Fixture]], LiveRule]


def fixture(function: F | None = None, *, scope: Scope = "session") -> Any:
    """Declare a fixture. ``session``: made once; ``record`` and ``message``: made when the first rule asks, then shared."""

    def mark(f: F) -> F:
        setattr(f, FIXTURE_MARK, Fixture(f.__name__, f, scope))
        return f

    return mark(function) if function is not None else mark


def rule(
    code: str,
    name: str,
    *,
    category: Category,
    examples: Sequence[Example],
    roles: Iterable[str] | None = None,
    triggers: Sequence[str] = (),
    lines: Literal["all", "read", "refused", "blank"] = "all",
    gate: Callable[[Layout], bool] | None = None,
    severity: Severity | None = None,
    status: Status = "stable",
    since: str = "0.1.0",
    aliases: Sequence[str] = (),
    tags: Sequence[str] = (),
    options: Mapping[str, Option] | None = None,
    fix: Applicability | None = None,
    fix_safety: str = "",
    sensitive: bool = False,
    known_problems: str = "",
    references: Sequence[str] = (),
    judged: Judged | None = None,
) -> Callable[[F], F]:
    """Declare a Python rule: a ``check_*`` function or a dataset class.

    The first line of the docstring is the summary, the rest the rationale. A function judges the one parameter named
    line, record, conversation, message or batch; parameters named like an option (with ``_`` for ``-``) get its value,
    all others are fixtures. ``gate`` looks at a layout and says whether its records are worth a call (asked once a
    layout). ``tags`` may hold "file" for a dataset rule that judges each file by itself.
    """

    def mark(target: F) -> F:
        summary, _, rationale = inspect.cleandoc(target.__doc__ or "").partition("\n")
        card = Card(
            code=code,
            name=name,
            summary=summary.strip().rstrip("."),
            rationale=rationale.strip(),
            category=category,
            unit="dataset" if inspect.isclass(target) else unit_of(target, name),
            roles=role_mask(list(roles)) if roles is not None else ALL_ROLES,
            triggers=tuple(triggers),
            lines=lines,
            severity=severity or CATEGORY_SEVERITY[category],
            status=status,
            since=since,
            aliases=tuple(aliases),
            tags=tuple(tags),
            options=dict(options or {}),
            fix=fix,
            fix_safety=fix_safety,
            sensitive=sensitive,
            known_problems=inspect.cleandoc(known_problems),
            references=tuple(references),
            examples=tuple(examples),
            judged=judged,
        )
        setattr(target, MARK, (card, gate))
        return target

    return mark


def unit_of(function: Callable[..., Any], name: str) -> Unit:
    """Which unit a ``check_*`` function judges, read from its parameters. Raises RuleError unless there is exactly one."""
    found = [p for p in inspect.signature(function).parameters if p in UNITS]
    if len(found) != 1:
        raise RuleError(
            f"rule {name} must have exactly one parameter of line, record, conversation, message, batch",
            place=_place(function),
        )
    return found[0]


def spec_of(target: Any, origin: str) -> RuleSpec | None:
    """The rule that ``target`` declares: a marked function or class, or a bare ``check_*`` function. None: no rule."""
    marked = getattr(target, MARK, None)
    if marked is not None and (inspect.isclass(target) or inspect.isfunction(target)):
        card, gate = marked
    elif inspect.isfunction(target) and target.__name__.startswith("check_"):
        card, gate = _bare_card(target), None
    else:
        return None
    card = replace(card, origin=origin)
    check_card(card)
    if inspect.isclass(target):
        return RuleSpec(card, lambda options, fixtures: _build_class(target, card, options, fixtures))
    return RuleSpec(card, lambda options, fixtures: FunctionRule(card, target, options, fixtures, gate))


def _bare_card(function: Callable[..., Any]) -> Card:
    name = function.__name__.removeprefix("check_").replace("_", "-")
    summary, _, rationale = inspect.cleandoc(function.__doc__ or name.replace("-", " ")).partition("\n")
    return Card(
        code=name, name=name, summary=summary.strip(), rationale=rationale.strip(), category="suspicious",
        unit=unit_of(function, name), severity="warning", local=True,
    )  # fmt: skip


class FunctionRule:
    """A ``check_*`` function with its arguments bound."""

    def __init__(
        self,
        card: Card,
        function: Callable[..., Any],
        options: Mapping[str, Any],
        fixtures: Mapping[str, Fixture],
        gate: Callable[[Layout], bool] | None = None,
    ) -> None:
        self.card = card
        self.gate = gate
        self._unit = card.unit
        self._function = function
        self._fixed, self._lazy = bind(function, card, options, fixtures)

    def check(self, view: View) -> Iterable[Finding]:
        """Call the function; a failing assert is a finding."""
        arguments = {self._unit: view, **self._fixed}
        for name, make in self._lazy.items():
            arguments[name] = make(view)
        try:
            yield from self._function(**arguments) or ()
        except AssertionError as error:
            yield _finding_of(view, str(error) or _asserted(error))


def bind(
    function: Callable[..., Any], card: Card, options: Mapping[str, Any], fixtures: Mapping[str, Fixture]
) -> tuple[dict[str, Any], dict[str, Callable[[Any], Any]]]:
    """The arguments of ``function`` beside its unit: those known now, and those made per view.

    Raises RuleError for a parameter that is neither an option nor a fixture.
    """
    fixed: dict[str, Any] = {}
    lazy: dict[str, Callable[[Any], Any]] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        key = name.replace("_", "-")
        if name == card.unit or name in ("self", "picked"):
            continue
        if key in card.options:
            fixed[name] = options.get(key, card.options[key].default)
        elif name in fixtures and fixtures[name].scope == "session":
            fixed[name] = _session_value(fixtures[name], fixtures, ())
        elif name in fixtures:
            lazy[name] = _per_view(fixtures[name])
        elif parameter.default is inspect.Parameter.empty:
            _refuse(function, card, name, [*UNITS, *fixtures, *card.options])
    return fixed, lazy


def _session_value(wanted: Fixture, fixtures: Mapping[str, Fixture], asking: tuple[str, ...]) -> Any:
    if wanted.name in asking:
        raise RuleError(f"fixture {wanted.name} asks for itself", place=_place(wanted.function))
    if getattr(wanted.function, "__datalint_value__", None) is None:
        arguments = {
            name: _session_value(fixtures[name], fixtures, (*asking, wanted.name))
            for name in inspect.signature(wanted.function).parameters
            if name in fixtures
        }
        wanted.function.__datalint_value__ = (wanted.function(**arguments),)  # type: ignore[attr-defined]
    return wanted.function.__datalint_value__[0]  # type: ignore[attr-defined]


def _per_view(wanted: Fixture) -> Callable[[Any], Any]:
    def make(view: Any) -> Any:
        target = view.record if wanted.scope == "record" and hasattr(view, "record") else view
        cache: dict[str, Any] = getattr(target, "cache", {})
        if wanted.name not in cache:
            cache[wanted.name] = wanted.function(target)
        return cache[wanted.name]

    return make


def _build_class(target: Any, card: Card, options: Mapping[str, Any], fixtures: Mapping[str, Fixture]) -> DatasetRule:
    for method in ("map", "merge", "finish"):
        if not callable(getattr(target, method, None)):
            raise RuleError(f"dataset rule {card.name} has no method {method}", place=card.origin)
    own_init = target.__init__ is not object.__init__
    fixed, _ = bind(target.__init__, card, options, fixtures) if own_init else ({}, {})
    live = target(**fixed)
    live.card = card
    return cast(DatasetRule, live)


def _finding_of(view: View, message: str) -> Finding:
    if isinstance(view, (Message, Line, Conversation)):
        return view.finding(None, message)
    if isinstance(view, Record):
        return view.finding(message)
    return Finding(message, source=view.source)


def _asserted(error: AssertionError) -> str:
    """The source of the failing assert, for one that carries no message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "assertion failed"
    source = linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno).strip()
    return f"not true: {source.removeprefix('assert ')}" if source else "assertion failed"


def _refuse(function: Callable[..., Any], card: Card, name: str, known: Sequence[str]) -> None:
    near = get_close_matches(name, known, n=1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    raise RuleError(
        f"rule {card.code} asks for unknown parameter {name!r}{meant}",
        place=_place(function),
        hint=f"available: {', '.join(sorted(known))}",
    )


def _place(function: Callable[..., Any]) -> str:
    code = getattr(function, "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code is not None else repr(function)


def rules_in(names: Mapping[str, Any], module: str, origin: str) -> Iterator[RuleSpec]:
    """All rules that a module's namespace declares itself (imported names do not count)."""
    for target in names.values():
        if getattr(target, "__module__", None) == module:
            spec = spec_of(target, origin)
            if spec is not None:
                yield spec


def fixtures_in(names: Mapping[str, Any]) -> Iterator[Fixture]:
    """All fixtures that a module's namespace holds."""
    for target in names.values():
        found = getattr(target, FIXTURE_MARK, None)
        if isinstance(found, Fixture):
            yield found
