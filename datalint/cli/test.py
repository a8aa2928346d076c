"""``datalint test``: the examples of rules are their tests, and this runs them."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from datalint import config, expressions, plugins, rule_folders, testing
from datalint.cli import _completion, _output
from datalint.cli._options import Command, Option
from datalint.config import Settings
from datalint.errors import UsageError
from datalint.rule import RuleSpec
from datalint.terminal import Look, count, duration, visible
from datalint.testing import Claim

LINE = 80


def test(rules: tuple[str, ...], **given: Any) -> int:
    """Run the examples of rules.

    RULES are files and folders with rules, or the code or name of a rule. Without them, the project's own rules are
    tested: those of `rule-paths`.

    \b
    Exit code: 0 every example holds, 1 some do not, 2 wrong use, a rule file that cannot be read, or no rules found.
    """
    settings = config.load({}, cwd=Path.cwd(), config=given["config"] or (), isolated=given["isolated"])
    specs = _kept(_specs(rules, settings, builtin=given["builtin"]), given["keyword"])
    if not specs:
        where = ", ".join(rules) or ("the built-in rules" if given["builtin"] else _folders(settings))
        raise UsageError(f"no rules found in {where}" + (" that fit -k" if given["keyword"] else ""),
                         hint="name a rule file or folder, set rule-paths, or use --builtin")  # fmt: skip
    look = _output.look(sys.stdout, settings)
    show = _Show(look, -1 if given["quiet"] else int(given["verbose"]))
    fixtures = plugins.load(_guests(settings)).registry.fixtures
    return show.all([claim for spec in specs for claim in testing.claims(spec, fixtures)], stop=given["stop"])


def _specs(named: Sequence[str], settings: Settings, *, builtin: bool) -> list[RuleSpec]:
    found: dict[str, RuleSpec] = {}
    for path in [Path(n) for n in named] or ([] if builtin else settings.rule_paths):
        if path.exists():
            folder = rule_folders.read(path, python=settings.python_rules)
            specs: Iterable[RuleSpec] = folder.specs
            if folder.skipped:
                left = f"{count(folder.skipped, 'Python rule file')} in {_shown(str(path))}"
                _output.write([f"Left out: {left}: python-rules is off.\n"], sys.stderr)
        else:
            specs = _called(str(path), settings) if named else ()
        found |= {f"{spec.card.origin}::{spec.card.code}": spec for spec in specs}
    if builtin:
        found |= {spec.card.code: spec for spec in _builtin(settings)}
    return list(found.values())


def _called(name: str, settings: Settings) -> list[RuleSpec]:
    if os.sep in name or name.endswith((".toml", ".py")):
        raise UsageError(f"{name} does not exist")
    return [plugins.load(settings).registry.get(name)]


def _guests(settings: Settings) -> Settings:
    """Settings that load what plugins bring, and neither the built-in rules nor those of the project."""
    return replace(settings, rule_paths=(), plugins_off=(*settings.plugins_off, plugins.BUILTIN))


def _builtin(settings: Settings) -> list[RuleSpec]:
    loaded = plugins.load(replace(_guests(settings), plugins_off=()))
    own = {code for plugin in loaded.loaded if plugin.name == plugins.BUILTIN for code in plugin.rules}
    return [spec for spec in loaded.registry.specs if spec.card.code in own]


def _kept(specs: list[RuleSpec], keyword: str | None) -> list[RuleSpec]:
    if not keyword:
        return specs
    fits = expressions.compiled(keyword)
    return [s for s in specs if fits((s.card.code, s.card.name, s.card.category, *s.card.tags))]


def _folders(settings: Settings) -> str:
    return ", ".join(_shown(str(path)) for path in settings.rule_paths) or "rule-paths"


def _shown(path: str) -> str:
    near = os.path.relpath(path) if path else "?"
    return path if near.startswith("..") else near


def _label(claim: Claim) -> str:
    """Where it is, as pytest would name it."""
    card = claim.spec.card
    file = _shown(card.origin)
    return f"{file}::{claim.name}" if file.endswith(".toml") else f"{file}::{card.name}::{claim.name}"


class _Show:
    """Tells how it goes: dots, what failed, and a last line that says how many."""

    def __init__(self, look: Look, level: int) -> None:
        self._look = look
        self._level = level
        self._column = 0
        self._open = False  # the line of dots is not at its end

    def all(self, wanted: Sequence[Claim], *, stop: bool) -> int:
        """Try every claim; gives the exit code."""
        started = time.perf_counter()
        rules = len({id(claim.spec) for claim in wanted})
        if self._level >= 0:
            self._say(f"{count(rules, 'card')}, {count(len(wanted) - rules, 'example')}\n\n")
        failed: list[tuple[Claim, list[str]]] = []
        done = 0
        for claim in wanted:
            why = claim.tried()
            done += 1
            self._dot(claim, good=not why, last=done == len(wanted))
            if why:
                failed.append((claim, why))
                if stop:
                    break
        self._end(failed, done, time.perf_counter() - started)
        return 1 if failed else 0

    def _dot(self, claim: Claim, *, good: bool, last: bool) -> None:
        color = "green" if good else "red"
        if self._level > 0:
            self._say(
                f"{visible(_label(claim), self._look)} {self._look.paint('passed' if good else 'FAILED', fg=color)}\n"
            )
        elif self._level == 0:
            self._column += 1
            end = "\n" if last or self._column % LINE == 0 else ""
            self._open = not end
            self._say(self._look.paint("." if good else "F", fg=color) + end)

    def _end(self, failed: Sequence[tuple[Claim, list[str]]], done: int, seconds: float) -> None:
        look = self._look
        if self._open:
            self._say("\n")
        for claim, why in failed:
            card = claim.spec.card
            self._say(look.paint(f"\n{card.code} {card.name}", bold=True) + f"  {visible(_label(claim), look)}\n")
            for reason in why:
                for line in reason.split("\n"):
                    self._say(f"  {visible(line, look)}\n")
        passed = f"{done - len(failed):,} passed in {duration(seconds)}"
        said = f"{len(failed):,} failed, {passed}" if failed else passed
        self._say(
            ("\n" if self._level >= 0 else "") + look.paint(said, fg="red" if failed else "green", bold=True) + "\n"
        )

    def _say(self, text: str) -> None:
        _output.write([text], sys.stdout)


command = Command(
    "test",
    params=[
        click.Argument(["rules"], nargs=-1, metavar="[RULES]...", shell_complete=_completion.files),
        Option(
            "keyword", "-k", "--keyword", metavar="EXPR", help="Only rules whose code, name or tags fit, as in pytest."
        ),
        Option("builtin", "--builtin", is_flag=True, help="The rules that come with datalint."),
        Option("stop", "-x", is_flag=True, help="Stop at the first failure."),
        Option("quiet", "-q", "--quiet", is_flag=True, help="Show failures and the last line only."),
        Option("verbose", "-v", "--verbose", count=True, help="One line an example."),
        Option("config", "--config", multiple=True, metavar="FILE|TOML", help="A config file, or settings."),
        Option("isolated", "--isolated", is_flag=True, help="Ignore all config files."),
    ],
    callback=test,
    help=test.__doc__,
    short_help="Run the examples of rules: they are their tests.",
)
