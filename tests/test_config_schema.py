"""The schema of the config takes what datalint takes and refuses what it refuses, and knows every rule."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import regex
import running
from jsonschema import Draft7Validator

from datalint import config_file, reporters
from datalint.config import KEYS
from datalint.config_keys import thaw
from datalint.config_schema import schema, selectors
from datalint.errors import ConfigError
from datalint.registry import Registry
from datalint.shapes import builtin

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
CARDS = [spec.card for spec in running.specs()]
SCHEMA = schema(KEYS, CARDS, [shape.name for shape in builtin()], reporters.names())
VALIDATOR = Draft7Validator(SCHEMA)


def takes(text: str) -> bool:
    """Whether the schema takes a config."""
    return bool(VALIDATOR.is_valid(tomllib.loads(text)))


def accepts(text: str) -> bool:
    """Whether datalint takes it."""
    try:
        config_file.inline(text, KEYS, Path("/project"))
    except ConfigError:
        return False
    return True


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("key", [k for k in KEYS.values() if k.file and k.example], ids=lambda k: k.name)
def test_examples_of_keys(key: Any) -> None:
    assert takes(f"{key.name} = {key.example}")


@pytest.mark.parametrize("key", [k for k in KEYS.values() if k.file], ids=lambda k: k.name)
def test_defaults_of_keys(key: Any) -> None:
    told = SCHEMA["properties"][key.name]
    assert told["description"] == key.doc
    if "default" in told:
        assert VALIDATOR.is_valid({key.name: told["default"]})
        assert told["default"] == thaw(key.default)


@pytest.mark.parametrize("card", [c for c in CARDS if c.options], ids=lambda c: c.code)
def test_defaults_of_options(card: Any) -> None:
    defaults = {name: option.default for name, option in card.options.items()}
    for called in (card.name, card.code, *card.aliases):
        assert VALIDATOR.is_valid({"rules": {called: defaults}})
        assert not VALIDATOR.is_valid({"rules": {called: {"nonsense-option": 1}}})


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ('select = "TXT"', True),
        ('select = ["TXT", "of-a-plugin"]', True),
        ("select = [1]", False),
        ("selekt = []", False),
        ('fail-level = "warning"', True),
        ('fail-level = "fatal"', False),
        ("max-per-rule = 0", True),
        ("max-per-rule = -1", False),
        ("jobs = 0", False),
        ('jobs = "auto"', True),
        ('scopes = ["record"]', True),
        ('scopes = ["rekord"]', False),
        ('reports = { sarif = "a", json = ["b", "c"] }', True),
        ("reports = { sarif = 3 }", False),
        ('severity = { error = "TXT" }', True),
        ('severity = { fatal = ["TXT"] }', False),
        ('[[overrides]]\nfiles = "a/*"\nignore = ["TXT"]\nwhere = { "/a" = 1 }', True),
        ('[[overrides]]\nignore = ["TXT"]', False),
        ('[[splits]]\nname = "t"\nfiles = ["a"]\nkind = "test"', True),
        ('[[splits]]\nname = "t"\nfiles = ["a"]\nkind = "tset"', False),
        ('format = { shape = "alpaca", instruction = ["a", "b"] }', True),
        ("format = 3", False),
        ("redact = 1", False),
    ],
)
def test_it_takes_what_datalint_takes(text: str, good: bool) -> None:
    assert (takes(text), accepts(text)) == (good, good)


def test_selectors_are_what_the_registry_knows() -> None:
    registry = Registry(list(running.specs()), {})
    words = selectors(CARDS)
    assert len(words) == len({*words})
    for word in words:
        registry.resolve(word)
    assert {"ALL", "PII", "PII1", "PII101", "email-address", "tag:pii", "safety"} <= {*words}


def test_configs_on_pages_fit() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    blocks = [b for b in regex.findall(r"(?ms)^```toml\n(.*?)^```$", page) if "[tool." not in b]
    assert blocks
    for block in blocks:
        wrong = [error.message for error in VALIDATOR.iter_errors(tomllib.loads(block))]
        assert wrong == [], block


def test_the_copy_for_editors_is_a_generated_page() -> None:
    there = json.loads((ROOT / "docs" / "datalint.schema.json").read_text(encoding="utf-8"))
    assert there["properties"].keys() == SCHEMA["properties"].keys()
