"""pytest runs the examples of rules, and checks data.

``datalint_rules = rules`` in pytest's ini: every example of every rule file in these folders is a test,
``rules/acme.toml::example[2]``. ``pytest --datalint data/``: every rule on every data file is a test,
``data/train.jsonl::PII101``, which fails when the rule has findings of severity error there.

pytest imports this module in every project of an environment, so it imports nothing of datalint until it is asked to.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from datalint.config import Settings
    from datalint.plugins import Plugins
    from datalint.rule import RuleSpec
    from datalint.testing import Claim

SHOWN = 20  # findings that a failing test lists


class Wrong(Exception):
    """What is wrong, for people: shown without a traceback."""


class _Item(pytest.Item):
    """A test that fails with a text."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is wrong, without a traceback unless it is one of ours."""
        return str(excinfo.value) if excinfo.errisinstance(Wrong) else super().repr_failure(excinfo, style)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ini key and the option that wake the plugin."""
    parser.addini("datalint_rules", "folders (and files) of datalint rules whose examples are tests", type="paths")
    group = parser.getgroup("datalint")
    group.addoption(
        "--datalint", action="append", default=[], metavar="PATH", help="check data: a test for each file and rule"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Data named by ``--datalint`` is collected like any argument."""
    config.args.extend(path for path in config.getoption("--datalint") if path not in config.args)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A rule file in one of the folders, or a data file that is to be checked."""
    if file_path.suffix in (".toml", ".py") and file_path.name[0] not in "._":
        for root in parent.config.getini("datalint_rules"):
            if file_path == root or root in file_path.parents:
                made: pytest.Collector = RuleFile.from_parent(parent, path=file_path, root=root)
                return made
    if parent.config.getoption("--datalint") and (display := _data(parent.config).files.get(file_path)) is not None:
        found: pytest.Collector = DataFile.from_parent(parent, path=file_path, display=display)
        return found
    return None


# ---- examples of rules ----


class RuleFile(pytest.File):
    """A file of rules. The examples of a TOML file are its items, a Python file has one collector a rule."""

    def __init__(self, *, root: Path, **more: Any) -> None:
        super().__init__(**more)
        self._root = root

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """The rules of the file, or the examples of its one rule."""
        from datalint import rule_folders
        from datalint.errors import DatalintError

        try:
            specs = rule_folders.read_file(self.path, self._root if self._root.is_dir() else self._root.parent)
        except DatalintError as error:
            raise self.CollectError(str(error)) from error
        if self.path.suffix == ".toml":
            yield from _trials(self, specs[0])
        else:
            yield from (Rule.from_parent(self, name=spec.card.name, spec=spec) for spec in specs)


class Rule(pytest.Collector):
    """One rule of a Python file."""

    def __init__(self, *, spec: RuleSpec, **more: Any) -> None:
        super().__init__(**more)
        self._spec = spec

    def collect(self) -> Iterator[pytest.Item]:
        """Its examples."""
        yield from _trials(self, self._spec)


def _trials(parent: pytest.Collector, spec: RuleSpec) -> Iterator[pytest.Item]:
    from datalint import testing

    for claim in testing.claims(spec, _fixtures(parent.config)):
        yield Trial.from_parent(parent, name=claim.name, claim=claim)


class Trial(_Item):
    """One example of a rule, or what its examples show together."""

    def __init__(self, *, claim: Claim, **more: Any) -> None:
        super().__init__(**more)
        self._claim = claim

    def runtest(self) -> None:
        """Fail with all that does not hold."""
        if why := self._claim.tried():
            card = self._claim.spec.card
            raise Wrong("\n".join((f"{card.code} {card.name}", *(f"  {line}" for line in why))))


_FIXTURES: pytest.StashKey[Any] = pytest.StashKey()


def _fixtures(config: pytest.Config) -> Any:
    """What installed plugins offer to every rule."""
    if _FIXTURES not in config.stash:
        from datalint import plugins
        from datalint.config import Settings

        config.stash[_FIXTURES] = plugins.load(
            Settings(rule_paths=(), plugins_off=(plugins.BUILTIN,))
        ).registry.fixtures
    return config.stash[_FIXTURES]


# ---- data ----


class DataFile(pytest.File):
    """A data file. Its items are the rules that run on it, and whether all of it could be checked."""

    def __init__(self, *, display: str, **more: Any) -> None:
        super().__init__(**more)
        self._display = display

    def collect(self) -> Iterator[pytest.Item]:
        """One item a rule."""
        from datalint.errors import DatalintError

        data = _data(self.config)
        try:
            codes = data.codes(self._display)
        except DatalintError as error:
            raise self.CollectError(str(error)) from error
        for code in codes:
            yield RuleOnFile.from_parent(self, name=code, data=data, display=self._display)
        yield WholeFile.from_parent(self, name="checked", data=data, display=self._display)


class RuleOnFile(_Item):
    """One rule on one file. It fails when the rule has findings of severity error."""

    def __init__(self, *, data: _Data, display: str, **more: Any) -> None:
        super().__init__(**more)
        self._data = data
        self._display = display

    def runtest(self) -> None:
        """Fail with the findings."""
        if found := self._data.checked.errors.get((self._display, self.name)):
            rest = [f"... and {len(found) - SHOWN:,} more"] if len(found) > SHOWN else []
            raise Wrong("\n".join((*found[:SHOWN], *rest)))


class WholeFile(RuleOnFile):
    """Whether all of a file was checked."""

    def runtest(self) -> None:
        """Fail with everything that was not."""
        if why := self._data.checked.unread.get(self._display):
            raise Wrong("\n".join(why))


@dataclass
class _Checked:
    """What one run over all the data found: by path and code the errors, by path what was not checked."""

    errors: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    unread: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


class _Data:
    """The data that ``--datalint`` names; checked once, when the first item runs."""

    def __init__(self, settings: Settings) -> None:
        from datalint import sources

        self._settings = settings
        found = sources.find(settings).paths
        self.files = {Path(os.path.abspath(settings.cwd / path)): path for path in found}

    @cached_property
    def _plugins(self) -> Plugins:
        from datalint import plugins

        return plugins.load(self._settings)

    def codes(self, display: str) -> tuple[str, ...]:
        """The rules that run on a file."""
        return self._plugins.registry.select(self._settings.policy_for(Path(display))).codes

    @cached_property
    def checked(self) -> _Checked:
        """The run. Findings on the data set as a whole count for its first file."""
        from datalint import run
        from datalint.report import Report

        outcome = run.check(self._settings)
        first = next(iter(self.files.values()))
        made = _Checked()
        shown = {Report(outcome, self._settings).path(n): path for n, path in enumerate(outcome.paths)}
        for found in Report(outcome, self._settings):
            if found.severity == "error":
                line = f"{found.where}: {found.message} [{found.name}]"
                made.errors[shown.get(found.path, first), found.code].append(line)
        for what in Report(outcome, self._settings).not_checked:
            if not what.note:
                place = f"{what.path}:{what.line}" if what.line else what.path
                made.unread[what.path or first].append(f"{place}: {what.what}: {what.why}".removeprefix(": "))
        return made


_DATA: pytest.StashKey[_Data] = pytest.StashKey()


def _data(config: pytest.Config) -> _Data:
    if _DATA not in config.stash:
        from datalint import config as settings
        from datalint.errors import DatalintError

        folder = config.invocation_params.dir
        try:
            loaded = settings.load({"paths": tuple(config.getoption("--datalint"))}, cwd=folder)
            config.stash[_DATA] = _Data(loaded)
        except DatalintError as error:
            raise pytest.UsageError(str(error)) from error
    return config.stash[_DATA]
