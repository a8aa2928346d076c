"""The card: all that is known of a rule before it runs. Docs, CLI, config schema, SARIF and tests read it and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from datalint.errors import RuleError
from datalint.model import ALL_ROLES, CATEGORY_SEVERITY, SEVERITIES, Applicability, Category, Severity, Status
from datalint.patterns import pattern

Unit = Literal["line", "record", "conversation", "message", "batch", "dataset"]
OptionType = Literal["bool", "int", "float", "str", "list[str]", "table"]
CODE = pattern(r"[A-Z]{2,5}[0-9]{3}")
NAME = pattern(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PYTHON_TYPE: dict[str, type | tuple[type, ...]] = {
    "bool": bool, "int": int, "float": (int, float), "str": str, "list[str]": list, "table": dict,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """A setting of one rule: ``[rules.NAME] key = value`` in the config."""

    type: OptionType
    default: Any
    doc: str
    choices: tuple[str, ...] = ()

    def check(self, value: Any) -> str:
        """What is wrong with ``value``, "" if nothing is."""
        wanted = _PYTHON_TYPE[self.type]
        if not isinstance(value, wanted) or (isinstance(value, bool) and self.type != "bool"):
            return f"expected {self.type}, got {str(value).lower() if isinstance(value, bool) else repr(value)}"
        if isinstance(value, list) and not all(isinstance(v, str) for v in value):
            return "expected a list of strings"
        if self.choices and value not in self.choices:
            return f"expected one of {', '.join(self.choices)}, got {value!r}"
        return ""


@dataclass(frozen=True, slots=True)
class Expect:
    """One finding an example must give; members left None are not compared."""

    pointer: str | None = None
    span: tuple[int, int] | None = None
    line: int | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A test of a rule. ``bad`` must be found and ``good`` be silent; ``fixed`` is what fixing ``bad`` gives, byte for byte.

    Texts are whole files, several records separated by line feeds; a final line feed is added to one that has none, unless
    ``verbatim``, where the bytes are taken as they are (as latin-1 when they hold no valid UTF-8).
    """

    bad: str | None = None
    good: str | None = None
    fixed: str | None = None
    name: str = ""
    expect: tuple[Expect, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    remaining: int = 0  # findings left after fixing to the end
    verbatim: bool = False
    files: Mapping[str, str] = field(default_factory=dict)  # files beside it that options name
    settings: Mapping[str, Any] = field(default_factory=dict)  # keys of the config, such as template or coverage


@dataclass(frozen=True, slots=True)
class Judged:
    """How many findings on real data somebody read, and how many were right."""

    read: int
    right: int
    on: str  # which data, and what the wrong ones were


@dataclass(frozen=True)
class Card:
    """Everything declared about a rule."""

    code: str
    name: str
    summary: str
    rationale: str
    category: Category
    unit: Unit
    roles: int = ALL_ROLES  # role bits, for unit "message"
    triggers: tuple[str, ...] = ()  # hyperscan-compatible patterns over UTF-8; empty: every message
    lines: Literal["all", "read", "refused", "blank"] = "all"  # for unit "line"
    severity: Severity = "warning"
    status: Status = "stable"
    since: str = "0.1.0"
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    options: Mapping[str, Option] = field(default_factory=dict)
    fix: Applicability | None = None  # applicability of its fixes, None: it offers none
    fix_safety: str = ""
    sensitive: bool = False  # matches are masked in every output
    known_problems: str = ""
    references: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    judged: Judged | None = None
    origin: str = ""  # file the rule came from
    local: bool = False  # an undeclared ``check_*`` of a project: its name stands for its code

    @property
    def scope(self) -> Literal["record", "file", "dataset"]:
        """What the rule must see: a record, a file, or all of the data."""
        return (
            "dataset"
            if self.unit == "dataset" and "file" not in self.tags
            else ("file" if self.unit == "dataset" else "record")
        )

    @property
    def default(self) -> bool:
        """Whether the rule is on when nothing is selected."""
        return self.category != "pedantic" and self.status != "preview"


def check_card(card: Card) -> None:
    """Raise RuleError for a card that says too little or contradicts itself."""
    where = card.origin or card.name
    if not card.local:
        if not CODE.fullmatch(card.code):
            raise RuleError(
                f"{card.code!r} is no rule code", place=where, hint="two to five capitals and three digits: ACM001"
            )
        for what, text in (("summary", card.summary), ("rationale", card.rationale)):
            if not text.strip():
                raise RuleError(f"{card.code} has no {what}", place=where)
        if len(card.summary) > 100:
            raise RuleError(f"the summary of {card.code} is longer than 100 characters", place=where)
        if card.fix and not card.fix_safety.strip():
            raise RuleError(f"{card.code} offers fixes and does not say how safe they are (fix-safety)", place=where)
        if not any(e.bad is not None for e in card.examples) or not any(e.good is not None for e in card.examples):
            raise RuleError(f"{card.code} needs at least one bad and one good example", place=where)
    if not NAME.fullmatch(card.name):
        raise RuleError(f"{card.name!r} is no rule name", place=where, hint="lower-case words joined by hyphens")
    if card.name.startswith(("disallow-", "forbid-", "avoid-")):
        raise RuleError(f"{card.name!r} must read well after 'allow …'", place=where)
    if card.category not in CATEGORY_SEVERITY:
        raise RuleError(f"{card.category!r} is no category", place=where, hint=", ".join(CATEGORY_SEVERITY))
    for what, word, known in (
        ("severity", card.severity, SEVERITIES),
        ("status", card.status, get_args(Status)),
        ("applicability of a fix", card.fix or "safe", get_args(Applicability)),
    ):
        if word not in known:
            raise RuleError(f"{word!r} is no {what}", place=where, hint=", ".join(known))
    for name, option in card.options.items():
        if problem := option.check(option.default):
            raise RuleError(f"default of option {name!r} of {card.name}: {problem}", place=where)
