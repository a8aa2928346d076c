"""Chat templates and where they come from: a family of our own, a template file, a tokenizer's config, a model's folder."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from datalint.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOKENS = ("bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token")
MAX_FILE = 64 << 20  # bytes of a tokenizer's config
_FILES = ("tokenizer_config.json", "chat_template.json", "processor_config.json")


@dataclass(frozen=True)
class Family:
    """What is known of the template that a family of models shares."""

    name: str
    models: str
    aliases: tuple[str, ...] = ()
    tokens: Mapping[str, str] = field(default_factory=dict)
    adds_bos: bool = False  # the tokenizer puts the first token before the text by itself
    note: str = ""


@dataclass(frozen=True)
class Template:
    """A chat template: its text, those it has under other names, and the special tokens it is given."""

    name: str
    source: str
    named: Mapping[str, str] = field(default_factory=dict)
    tokens: Mapping[str, str] = field(default_factory=dict)
    family: Family | None = None  # set for datalint's own, which are trusted
    adds_bos: bool | None = None  # whether the tokenizer adds the first token itself, None: nobody says

    @property
    def digest(self) -> str:
        """A hash of all that decides what it renders."""
        said = json.dumps([self.source, dict(sorted(self.named.items())), dict(sorted(self.tokens.items()))])
        return hashlib.sha256(said.encode()).hexdigest()

    def source_for(self, tools: bool) -> str:
        """The text that is rendered, as transformers chooses among several."""
        return self.named["tool_use"] if tools and "tool_use" in self.named else self.source


@cache
def families() -> Mapping[str, Family]:
    """All families, by name."""
    text = (files(__package__) / "families.toml").read_text(encoding="utf-8")
    made = {}
    for name, facts in tomllib.loads(text).items():
        tokens = {f"{kind}_token": facts[kind] for kind in ("bos", "eos") if kind in facts}
        made[name] = Family(
            name, facts["models"], tuple(facts.get("aliases", ())), tokens, facts.get("adds-bos", False),
            facts.get("note", ""),
        )  # fmt: skip
    return made


def load(said: str, base: Path = Path()) -> Template:
    """The template that ``said`` names: a family, or the path of a file or folder from ``base``. Raises UsageError."""
    path = base / Path(said).expanduser()
    if path.is_dir():
        return _of_folder(path, _called(path))
    if path.is_file():
        return _of_file(path, _called(path))
    if said.endswith((".jinja", ".json", ".txt")) or "/" in said or "\\" in said:
        raise UsageError(f"there is no template at {path}")
    return of_family(said)


def _called(path: Path) -> str:
    """How a path is told: from here, where it is not elsewhere."""
    near = os.path.relpath(path)
    return path.as_posix() if near.startswith("..") else Path(near).as_posix()


def of_family(said: str) -> Template:
    """The template of a family, by its name or an alias. Raises UsageError with the nearest name."""
    known = {_plain(n): f for f in families().values() for n in (f.name, *f.aliases)}
    family = known.get(_plain(said))
    if family is None:
        near = get_close_matches(_plain(said), known, n=1, cutoff=0.5)
        hint = f"did you mean {known[near[0]].name!r}? " if near else ""
        raise UsageError(
            f"no template and no family is called {said!r}",
            hint=f"{hint}`datalint template` lists the families; a file is named by its path",
        )
    source = (files(__package__) / "families" / f"{family.name}.jinja").read_text(encoding="utf-8")
    return Template(family.name, source, {}, family.tokens, family, family.adds_bos)


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _of_folder(path: Path, said: str) -> Template:
    """A model's folder: a template file wins over the config beside it, as in transformers."""
    config: dict[str, Any] = {}
    for name in _FILES:
        if (path / name).is_file():
            config = {**_json(path / name), **config}
    lone = path / "chat_template.jinja"
    if lone.is_file():
        config["chat_template"] = _text(lone)
    template = _of_config(config, said, str(path))
    more = path / "additional_chat_templates"
    named = {p.stem: _text(p) for p in sorted(more.glob("*.jinja"))} if more.is_dir() else {}
    return Template(said, template.source, {**template.named, **named}, template.tokens, None, template.adds_bos)


def _of_file(path: Path, said: str) -> Template:
    if path.suffix != ".json":
        beside = path.parent / "tokenizer_config.json"
        config = _json(beside) if path.name == "chat_template.jinja" and beside.is_file() else {}
        return Template(said, _text(path), {}, _tokens(config), None, config.get("add_bos_token"))
    return _of_config(_json(path), said, str(path))


def _of_config(config: Mapping[str, Any], said: str, place: str) -> Template:
    given = config.get("chat_template")
    named: dict[str, str] = {}
    if isinstance(given, list):
        named = {t["name"]: t["template"] for t in given if isinstance(t, dict) and {"name", "template"} <= t.keys()}
        given = named.pop("default", next(iter(named.values()), None))
    elif isinstance(given, dict):
        named = {str(name): str(text) for name, text in given.items()}
        given = named.pop("default", None)
    if not isinstance(given, str):
        raise UsageError(f"there is no chat template in {place}", hint="a base model has none: name a family instead")
    adds = config.get("add_bos_token")
    return Template(said, given, named, _tokens(config), None, adds if isinstance(adds, bool) else None)


def _tokens(config: Mapping[str, Any]) -> dict[str, str]:
    made = {}
    for name in TOKENS:
        value = config.get(name)
        value = value.get("content") if isinstance(value, dict) else value
        if isinstance(value, str):
            made[name] = value
    return made


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE:
            raise UsageError(f"{path} is too large to be a template")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(_text(path))
    except ValueError as error:
        raise UsageError(f"{path} is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise UsageError(f"{path} holds no JSON object")
    return value
