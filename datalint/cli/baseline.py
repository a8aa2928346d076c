"""``datalint baseline``: what was found so far is written down, and only what is new counts from then on."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from datalint import baseline as file
from datalint.cli import _output
from datalint.cli._options import Command, Option, option
from datalint.cli._project import SELECTING, columns, config_options, say, say_json, settings_of
from datalint.config import BASELINE, Settings
from datalint.errors import UsageError
from datalint.identity import relative
from datalint.outcome import Outcome
from datalint.report import Report
from datalint.terminal import count
from datalint.verdict import not_checked

SAFETY = "safety"


def create(paths: tuple[str, ...], **given: Any) -> int:
    """Write what is found now to a baseline, so that only new findings count.

    Findings of safety rules are left out: somebody should look at each of them first.
    """
    settings = _settings(given, paths)
    path, shown = _file(settings)
    if path.exists() and not given["force"]:
        raise UsageError(f"{shown} exists", hint="`datalint baseline update` adds to it, --force writes it anew")
    census, outcome = _counted(settings)
    names, left_out = _names(outcome, settings, (), safety=given["include_safety"])
    made = file.extended({}, census, names)
    _output.write_file(path, file.text(made))
    say([f"Wrote {count(file.total(made), 'finding')} of {count(_rules(made), 'rule')} to {shown}."])
    return _ended(outcome, settings, _unsafe(census, left_out))


def update(paths: tuple[str, ...], **given: Any) -> int:
    """Add what is found now and is not in the baseline; nothing is taken out of it.

    Only files that are checked and, with --rule, only these rules.
    """
    settings = _settings(given, paths)
    path, shown = _file(settings)
    old = file.read(path, shown)
    census, outcome = _counted(settings)
    names, left_out = _names(outcome, settings, given["rule"], safety=given["include_safety"])
    made = file.extended(old, census, names)
    _output.write_file(path, file.text(made))
    say([f"Added {count(file.total(made) - file.total(old), 'finding')} to {shown}, {file.total(made):,} in all."])
    known = Counter({fingerprint: entry.number for fingerprint, entry in old.items()})
    census.found -= known
    return _ended(outcome, settings, _unsafe(census, left_out))


def prune(paths: tuple[str, ...], **given: Any) -> int:
    """Take out of the baseline what no longer occurs; nothing is added.

    All data of the project must be seen, for what is not found might be in another file.
    """
    settings = _settings(given, paths)
    path, shown = _file(settings)
    old = file.read(path, shown)
    census, outcome = _counted(settings)
    if census.ran is None or not census.ran.is_whole():
        _ended(outcome, settings, "")
        raise UsageError("not all data of the project was checked, and what is missing may be there",
                         hint="leave out the paths, or set `include` in the config")  # fmt: skip
    gone = frozenset(entry.code for entry in old.values() if entry.code not in outcome.cards)
    chosen = _chosen(outcome, settings, given["rule"]) & census.ran.rules
    made = file.pruned(old, census, chosen if given["rule"] else chosen | gone)
    _output.write_file(path, file.text(made))
    say([f"Took {count(file.total(old) - file.total(made), 'finding')} out of {shown}, {file.total(made):,} are left."])
    return _ended(outcome, settings, "")


def stats(**given: Any) -> int:
    """Show how many findings of each rule are in the baseline."""
    settings = settings_of(given)
    path, shown = _file(settings)
    known = file.read(path, shown)
    by_rule: Counter[tuple[str, str]] = Counter()
    for entry in known.values():
        by_rule[entry.code, entry.name] += entry.number
    rows = sorted(by_rule.items(), key=lambda item: (-item[1], item[0]))
    if given["style"] == "json":
        rules = [{"code": code, "name": name, "findings": number} for (code, name), number in rows]
        say_json({"baseline": shown, "findings": file.total(known), "rules": rules})
        return 0
    if rows:
        wide = len(f"{rows[0][1]:,}")
        say(columns([f"{number:>{wide},}", code, name] for (code, name), number in rows))
    say([f"{count(file.total(known), 'finding')} of {count(len(rows), 'rule')} in {shown}."])
    return 0


def _settings(given: Mapping[str, Any], paths: tuple[str, ...]) -> Settings:
    made = settings_of(given, **({"paths": paths} if paths else {}))
    return replace(made, no_baseline=True, new_from_rev="", new_from_merge_base="", fix=False, fix_only=False)


def _file(settings: Settings) -> tuple[Path, str]:
    path = settings.baseline or settings.root / BASELINE
    return path, relative(str(path), settings)


def _counted(settings: Settings) -> tuple[file.Census, Outcome]:
    from datalint import run  # brings the engine, which help does without

    census = file.Census()
    with redirect_stdout(sys.stderr):
        outcome = run.check(settings, after=[census])
    return census, outcome


def _chosen(outcome: Outcome, settings: Settings, selectors: tuple[str, ...]) -> frozenset[str]:
    if not selectors:
        return frozenset(outcome.cards)
    from datalint import plugins

    return plugins.load(settings).registry.codes(part for text in selectors for part in text.split(","))


def _names(
    outcome: Outcome, settings: Settings, selectors: tuple[str, ...], *, safety: bool
) -> tuple[dict[str, str], frozenset[str]]:
    """The rules whose findings go to the baseline, by code, and those that are left out because they are about safety."""
    chosen = _chosen(outcome, settings, selectors)
    careful = frozenset(code for code in chosen if outcome.cards[code].category == SAFETY and not safety)
    return {code: outcome.cards[code].name for code in chosen - careful}, careful


def _rules(entries: file.Entries) -> int:
    return len({entry.code for entry in entries.values()})


def _unsafe(census: file.Census, left_out: frozenset[str]) -> str:
    """What is said of findings about safety."""
    by_rule: Counter[str] = Counter()
    for fingerprint, number in census.found.items():
        if census.code_of[fingerprint] in left_out:
            by_rule[census.code_of[fingerprint]] += number
    if not by_rule:
        return ""
    listed = ", ".join(f"{number:,} {code}" for code, number in sorted(by_rule.items()))
    total = count(by_rule.total(), "finding")
    return f"Left out: {total} about safety ({listed}). Look at them; --include-safety takes them in."


def _ended(outcome: Outcome, settings: Settings, note: str) -> int:
    report = Report(outcome, settings, _output.look(sys.stderr, settings))
    _output.write((line + "\n" for line in (note, *not_checked(report, notes=False)) if line), sys.stderr)
    return 3 if any(not n.note for n in outcome.not_checked) else 0


_RUN = ("format", "exclude", "extend-exclude", "force-exclude", "respect-gitignore", "ignore-file", "no-suppressions",
        "jobs")  # fmt: skip
_RULE = Option("rule", "--rule", multiple=True, metavar="SELECTOR", help="Only findings of these rules.")
_SAFE = Option("include_safety", "--include-safety", is_flag=True, help="Take in findings of safety rules too.")
_FORCE = Option("force", "--force", is_flag=True, help="Write it anew.")


def _command(name: str, run: Callable[..., int], short: str, *own: Option) -> Command:
    paths = click.Argument(["paths"], nargs=-1, metavar="[PATHS]...")
    params = [paths, *own, option("baseline", ""), *config_options(*SELECTING, *_RUN)]
    return Command(name, params=params, callback=run, help=run.__doc__, short_help=short)


command = click.Group(
    "baseline",
    commands=[
        _command("create", create, "Write what is found now to a baseline.", _FORCE, _SAFE),
        _command("update", update, "Add what is found and not in it.", _RULE, _SAFE),
        _command("prune", prune, "Take out what no longer occurs.", _RULE),
        Command(
            "stats",
            params=[
                Option("style", "--output-format", type=click.Choice(("text", "json")), default="text", help="How."),
                option("baseline", ""),
                *config_options(),
            ],
            callback=stats,
            help=stats.__doc__,
            short_help="Show what is in it, by rule.",
        ),
    ],
    help="Write down what is found now, so that only what is new counts.",
    short_help="Write down what is found, so that only what is new counts.",
)
