"""Rules from folders: TOML files, Python files, and the fixtures of ``_fixtures.py`` beside them."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import regex

from datalint import declarative
from datalint.errors import PluginError
from datalint.foreign import foreign_code
from datalint.rule import Fixture, RuleSpec, fixtures_in, rules_in, spec_of

FIXTURES = "_fixtures.py"


@dataclass(frozen=True)
class Folder:
    """What a folder (or one file) of rules holds."""

    specs: tuple[RuleSpec, ...]
    fixtures: Mapping[str, Fixture]
    skipped: int = 0  # Python files left out


def read(path: Path, package: str = "", *, python: bool = True) -> Folder:
    """All rules at ``path``. Python files are modules of ``package``, or modules of their own if there is none."""
    fixtures: dict[Path, dict[str, Fixture]] = {}
    skipped = 0
    specs: list[RuleSpec] = []
    for file in _files(path):
        if file.suffix == ".toml":
            specs.append(declarative.load(file, validate=not package))
        elif not python:
            skipped += 1
        elif file.name == FIXTURES:
            fixtures[file.parent] = dict(_fixtures(_module(file, path, package)))
        else:
            specs.extend(specs_in(_module(file, path, package), _nearest(file, fixtures)))
    return Folder(tuple(specs), fixtures.get(path, {}), skipped)


def read_file(file: Path, root: Path) -> tuple[RuleSpec, ...]:
    """The rules of one file somewhere in the folder ``root``, with the fixtures of the folders on the way to it."""
    if file.suffix == ".toml":
        return (declarative.load(file),)
    folders = [folder for folder in reversed(file.parents) if folder == root or root in folder.parents]
    near: dict[str, Fixture] = {}
    for folder in folders:
        if (folder / FIXTURES).is_file():
            near |= _fixtures(_module(folder / FIXTURES, root, ""))
    return tuple(specs_in(_module(file, root, ""), near))


def is_rule_file(file: Path) -> bool:
    """Whether the name of a file says that it holds rules."""
    return file.suffix in (".toml", ".py") and not file.name.startswith(("_", "."))


def files(path: Path) -> list[Path]:
    """The rule files at ``path``, in order."""
    return [file for file in _files(path) if file.name != FIXTURES]


def _files(path: Path) -> list[Path]:
    """Rule files in order of their names, the fixtures of a folder before anything else in it."""
    if path.is_file():
        return [path]
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "_")))
        rules = [n for n in names if is_rule_file(Path(n))]
        found += [Path(folder, n) for n in (*([FIXTURES] if FIXTURES in names else []), *sorted(rules))]
    return found


def specs_in(module: ModuleType, shared: Mapping[str, Fixture] | None = None) -> Iterator[RuleSpec]:
    """The rules of a module, with its own fixtures over ``shared`` ones."""
    near = {**(shared or {}), **_fixtures(module)}
    for spec in rules_in(vars(module), module.__name__, module.__file__ or module.__name__):
        yield with_fixtures(spec, near)


def spec_in_module(target: object, owner: str) -> RuleSpec:
    """The rule that the function or class ``target`` declares, with the fixtures of its module."""
    module = sys.modules[getattr(target, "__module__", "builtins")]
    spec = spec_of(target, module.__file__ or owner) if callable(target) else None
    if spec is None:
        raise PluginError(f"{owner} registered {target!r}, which is no rule", hint="mark it with @rule")
    return with_fixtures(spec, _fixtures(module))


def with_fixtures(spec: RuleSpec, near: Mapping[str, Fixture]) -> RuleSpec:
    """``spec`` with fixtures of its own, which win over those of the same name from elsewhere."""
    build = spec.build
    return replace(spec, build=lambda options, fixtures: build(options, {**fixtures, **near})) if near else spec


def _nearest(file: Path, fixtures: Mapping[Path, Mapping[str, Fixture]]) -> dict[str, Fixture]:
    near: dict[str, Fixture] = {}
    for folder in reversed(file.parents):
        near |= fixtures.get(folder, {})
    return near


def _fixtures(module: ModuleType) -> dict[str, Fixture]:
    return {f.name: f for f in fixtures_in(vars(module))}


def _module(file: Path, root: Path, package: str) -> ModuleType:
    with foreign_code("cannot import the rules", str(file)):
        if package:
            return importlib.import_module(".".join((package, *file.relative_to(root).with_suffix("").parts)))
        return _import_file(file)


def _import_file(file: Path) -> ModuleType:
    """A module under a name that no two files share and that every process gives it alike."""
    path = os.path.realpath(file)
    name = "datalint_local" + regex.sub(r"\W", lambda m: f"_{ord(m[0]):x}_", path)
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError("not a Python file", place=str(file))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
