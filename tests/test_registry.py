"""The registry: who answers to what, what is selected and why, options and severities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from datalint.card import Card, Option
from datalint.config import Policy, load
from datalint.config_keys import Table
from datalint.errors import ConfigError, DatalintError, PluginError, UsageError
from datalint.model import CATEGORY_SEVERITY
from datalint.registry import Registry
from datalint.rule import RuleSpec


class Live:
    """A rule that remembers what it was built with."""

    gate = None

    def __init__(self, card: Card, options: Mapping[str, Any]) -> None:
        self.card = card
        self.options = options

    def check(self, view: Any) -> Sequence[Any]:
        return ()


def spec(code: str, name: str, category: Any = "suspicious", **more: Any) -> RuleSpec:
    more.setdefault("severity", CATEGORY_SEVERITY[category])
    card = Card(code, name, "A summary", "Why.", category, more.pop("unit", "message"), **more)
    return RuleSpec(card, lambda options, fixtures: Live(card, options))


LIMIT = {"limit": Option("int", 3, "How many."), "words": Option("list[str]", ["a"], "Which.")}
RULES = [
    spec("TXT101", "control-character", aliases=("bell",), tags=("unicode",)),
    spec("TXT102", "zero-width", options=LIMIT),
    spec("TXT201", "surrounding-whitespace", "style"),
    spec("TXT302", "not-normalized", "pedantic", tags=("unicode",)),
    spec("QLT101", "ai-self-reference", tags=("distillation",)),
    spec("QLT102", "refusal", status="preview"),
    spec("PII101", "email-address", "safety"),
    spec("DUP101", "exact-duplicate", "correctness", unit="dataset"),
    spec("JSN105", "byte-order-mark", "correctness", unit="dataset", tags=("file",)),
    spec("my-check", "my-check", local=True),
]
DEFAULT = {"TXT101", "TXT102", "TXT201", "QLT101", "PII101", "DUP101", "JSN105", "my-check"}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(RULES)


def chosen(registry: Registry, **policy: Any) -> set[str]:
    return set(registry.select(Policy(**policy)).codes)


@pytest.mark.parametrize(
    ("selector", "codes"),
    [
        ("TXT101", {"TXT101"}),
        ("control-character", {"TXT101"}),
        ("bell", {"TXT101"}),
        ("my-check", {"my-check"}),
        ("TXT", {"TXT101", "TXT102", "TXT201", "TXT302"}),
        ("TXT1", {"TXT101", "TXT102"}),
        ("correctness", {"DUP101", "JSN105"}),
        ("tag:unicode", {"TXT101", "TXT302"}),
        ("DEFAULT", DEFAULT | {"QLT102"}),
        ("ALL", DEFAULT | {"QLT102", "TXT302"}),
        ("pedantic", {"TXT302"}),
    ],
)
def test_resolve(registry: Registry, selector: str, codes: set[str]) -> None:
    assert registry.resolve(selector) == codes


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("TXT999", "did you mean"),
        ("TXX", "did you mean 'TXT'?"),
        ("refusals", "did you mean 'refusal'?"),
        ("tag:unicod", "did you mean 'tag:unicode'?"),
        ("corectness", "did you mean 'correctness'?"),
        ("defaul", "did you mean 'DEFAULT'?"),
        ("T", "`datalint rules` lists all rules"),
        ("", "`datalint rules` lists all rules"),
        ("txt1", ""),
        ("zzzzzzzz", "`datalint rules` lists all rules"),
    ],
)
def test_an_unknown_selector(registry: Registry, selector: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        registry.resolve(selector)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("policy", "codes"),
    [
        ({}, DEFAULT),
        ({"select": ()}, set()),
        ({"select": ("ALL",)}, DEFAULT | {"TXT302"}),
        ({"select": ("ALL",), "preview": True}, DEFAULT | {"TXT302", "QLT102"}),
        ({"preview": True}, DEFAULT | {"QLT102"}),
        ({"select": ("QLT",)}, {"QLT101"}),
        ({"select": ("QLT102",)}, {"QLT102"}),
        ({"select": ("refusal",)}, {"QLT102"}),
        ({"select": ("TXT",)}, {"TXT101", "TXT102", "TXT201", "TXT302"}),
        ({"select": ("TXT",), "ignore": ("TXT1",)}, {"TXT201", "TXT302"}),
        ({"select": ("TXT101",), "ignore": ("TXT",)}, {"TXT101"}),
        ({"select": ("TXT101",), "ignore": ("control-character",)}, set()),
        ({"select": ("TXT",), "ignore": ("TXT",)}, set()),
        ({"select": ("TXT", "TXT101"), "ignore": ("TXT1",)}, {"TXT101", "TXT201", "TXT302"}),
        ({"extend_select": ("pedantic",)}, DEFAULT | {"TXT302"}),
        ({"select": ("TXT",), "ignore": ("tag:unicode",)}, {"TXT101", "TXT102", "TXT201", "TXT302"}),
        ({"select": ("DEFAULT",), "ignore": ("tag:unicode",)}, DEFAULT - {"TXT101"}),
        ({"extend_ignore": ("TXT",)}, DEFAULT - {"TXT101", "TXT102", "TXT201"}),
        ({"ignore": ("QLT102",)}, DEFAULT),
        ({"select": ("TXT101",), "never": ("TXT",)}, set()),
        ({"keyword": "unicode"}, {"TXT101"}),
        ({"keyword": "txt and not zero"}, {"TXT101", "TXT201"}),
        ({"scopes": frozenset({"dataset"})}, {"DUP101"}),
        ({"scopes": frozenset({"file"})}, {"JSN105"}),
        ({"scopes": frozenset({"record", "file"})}, DEFAULT - {"DUP101"}),
    ],
)
def test_select(registry: Registry, policy: dict[str, Any], codes: set[str]) -> None:
    assert chosen(registry, **policy) == codes


@pytest.mark.parametrize(
    ("policy", "code", "reason"),
    [
        ({}, "TXT101", "enabled by select = 'DEFAULT'"),
        ({}, "TXT302", "pedantic: not in DEFAULT"),
        ({}, "QLT102", "preview: name it in select, or use --preview"),
        ({"select": ("TXT",)}, "PII101", "not selected"),
        ({"extend_select": ("TXT3",)}, "TXT302", "enabled by extend-select = 'TXT3'"),
        ({"ignore": ("TXT1",)}, "TXT101", "disabled by ignore = 'TXT1'"),
        ({"never": ("TXT1",)}, "TXT101", "disabled for this file by 'TXT1'"),
        ({"keyword": "pii"}, "TXT101", "left out by -k 'pii'"),
        ({"scopes": frozenset({"file", "record"})}, "DUP101", "left out by scope = 'file, record'"),
    ],
)
def test_reasons(registry: Registry, policy: dict[str, Any], code: str, reason: str) -> None:
    assert registry.select(Policy(**policy)).reasons[code] == reason


def test_every_rule_has_a_reason_and_the_codes_are_sorted(registry: Registry) -> None:
    selection = registry.select(Policy())
    assert set(selection.reasons) == {s.card.code for s in RULES}
    assert list(selection.codes) == sorted(selection.codes)
    assert "TXT101" in selection
    assert "TXT302" not in selection


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        ({}, "warning"),
        ({"TXT": "info"}, "info"),
        ({"TXT": "info", "TXT101": "error"}, "error"),
        ({"control-character": "error", "TXT1": "info"}, "error"),
        ({"suspicious": "info", "tag:unicode": "error"}, "error"),
        ({"ALL": "info"}, "info"),
    ],
)
def test_severity(registry: Registry, severity: dict[str, str], level: str) -> None:
    policy = Policy(severity=Table(severity))
    assert registry.severity_of(registry.get("TXT101").card, policy) == level
    assert registry.select(policy).severities["TXT101"] == level


@pytest.mark.parametrize("called", ["TXT102", "zero-width"])
def test_options_reach_the_rule(registry: Registry, called: str) -> None:
    policy = Policy(select=("TXT102",), rules=Table({called: {"limit": 5, "words": ["b", "c"]}}))
    (live,) = registry.build(registry.select(policy))
    assert isinstance(live, Live)
    assert live.options == {"limit": 5, "words": ["b", "c"]}


def test_options_left_out_have_their_defaults(registry: Registry) -> None:
    (live,) = registry.build(registry.select(Policy(select=("TXT102",), rules=Table({"TXT102": {"limit": 5}}))))
    assert isinstance(live, Live)
    assert live.options == {"limit": 5, "words": ["a"]}


@pytest.mark.parametrize(
    ("rules", "message", "hint"),
    [
        ({"zero-widht": {}}, "no rule is called 'zero-widht'", "did you mean 'zero-width'?"),
        ({"TXT102": {"limt": 1}}, "rule zero-width has no option 'limt'", "did you mean 'limit'?"),
        ({"TXT101": {"x": 1}}, "rule control-character has no option 'x'", "it has no options"),
        ({"TXT102": {"limit": "x"}}, "option limit of zero-width: expected int, got 'x'", "How many."),
    ],
)
def test_mistakes_in_options(registry: Registry, rules: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        registry.select(Policy(rules=Table(rules)))
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('\nselect = ["TXT999"]', 2),
        ('ignore = ["nothing"]', 1),
        ("[severity]\n\nerror = ['TXX']", 3),
        ("[rules.zero-width]\n\nlimit = 'x'", 3),
        ("[rules]\nnothing = {}", 2),
        ("[per-file-ignores]\n'**/*.jsonl' = ['NOP']", 1),
    ],
)
def test_mistakes_of_a_config_have_a_place(registry: Registry, tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "datalint.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        registry.select(load({}, cwd=tmp_path).policy_for(tmp_path / "a.jsonl"))
    assert caught.value.place == f"{tmp_path / 'datalint.toml'}:{line}"


def test_a_slip_on_the_command_line_is_not_blamed_on_the_config(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "datalint.toml").write_text("preview = true")
    with pytest.raises(UsageError):
        registry.select(load({"select": ("NOP",)}, cwd=tmp_path).policy)


@pytest.mark.parametrize(
    "other",
    [
        spec("TXT101", "another-name", origin="b.toml"),
        spec("TXT900", "control-character", origin="b.toml"),
        spec("TXT900", "bell", origin="b.toml"),
        spec("TXT900", "another-name", aliases=("TXT101",), origin="b.toml"),
    ],
)
def test_two_rules_with_one_name(other: RuleSpec) -> None:
    first = replace(RULES[0], card=replace(RULES[0].card, origin="a.toml"))
    with pytest.raises(PluginError) as caught:
        Registry([first, other])
    assert caught.value.place.startswith("a.toml (TXT101 control-character) and b.toml (")


def test_one_rule_loaded_twice_is_kept_once(tmp_path: Path) -> None:
    real = tmp_path / "rules" / "a.toml"
    real.parent.mkdir()
    real.touch()
    (tmp_path / "link").symlink_to(real.parent, target_is_directory=True)
    twice = [spec("TXT101", "control-character", origin=str(p)) for p in (real, tmp_path / "link" / "a.toml")]
    assert [c.code for c in Registry(twice).cards] == ["TXT101"]
    with pytest.raises(DatalintError):
        Registry([spec("TXT101", "a", origin=""), spec("TXT101", "a", origin="")])


def test_codes_of_many_selectors(registry: Registry) -> None:
    assert registry.codes(("TXT1", "refusal")) == {"TXT101", "TXT102", "QLT102"}
    assert registry.codes(()) == frozenset()
