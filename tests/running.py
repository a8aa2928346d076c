"""Runs over small files, as tests want them: all built-in rules, one process, everything in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from datalint import plugins, rounds, run
from datalint.batch import Batch
from datalint.config import Settings
from datalint.config_keys import Table
from datalint.loading import load_batch
from datalint.model import Finding
from datalint.outcome import Outcome
from datalint.plugins import Plugins
from datalint.readers import reader
from datalint.readers.opening import open_source
from datalint.report import Report
from datalint.reporters import reporter
from datalint.rule import DatasetRule, LiveRule, RuleSpec, given
from datalint.shapes import Detector, builtin
from datalint.templating import Templates
from datalint.tokens import Tokens

LIMIT = 1 << 24
# What the run tells rules that ask for it: nothing, and something of everything.
UNSET: Mapping[str, Any] = {"tokens": Tokens(), "max_tokens": None, "prompt_weight": None, "target": ""}
TRAINING: Mapping[str, Any] = {"tokens": Tokens(), "max_tokens": 20, "prompt_weight": 1.0, "target": "trl"}


@cache
def built_in() -> Plugins:
    """The rules that come with datalint and nothing else."""
    return plugins.load(Settings(rule_paths=()))


def specs() -> tuple[RuleSpec, ...]:
    """All built-in rules."""
    return built_in().registry.specs


def live(spec: RuleSpec, told: Mapping[str, Any] = UNSET) -> Any:
    """The rule with its default options."""
    options = {name: option.default for name, option in spec.card.options.items()}
    made = {"templates": Templates(), **told}
    return spec.build(options, {**built_in().registry.fixtures, **{n: given(n, v) for n, v in made.items()}})


def settings(folder: Path, *paths: str, **more: Any) -> Settings:
    """All rules, preview and pedantic ones too, on files of ``folder``."""
    common: dict[str, Any] = {
        "cwd": folder, "root": folder, "isolated": True, "select": ("ALL",), "preview": True, "jobs": 1,
        "rule_paths": (), "output_format": "jsonl", "quarantine": folder / "quarantine.jsonl", "rules": Table(),
    }  # fmt: skip
    return Settings(paths=paths, **(common | more))


def write(folder: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Put files into a folder; gives their names."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return tuple(files)


def scan(wanted: Settings) -> Outcome:
    """One pass over the files."""
    return run.scan_paths(wanted, built_in())[0]


def fix(wanted: Settings, *, unsafe: bool) -> Outcome:
    """Fix to the end."""
    wanted = replace(wanted, fix=True, unsafe_fixes=unsafe)
    return rounds.fix(wanted, built_in().registry, lambda: run.scan_paths(wanted, built_in()))


def told(outcome: Outcome, wanted: Settings, name: str = "jsonl") -> str:
    """The whole report as text, without the time it took."""
    return "".join(reporter(name).render(Report(outcome, wanted)))


def batches(path: Path, size: int = 1 << 20) -> Iterator[Batch]:
    """A file in batches of about ``size`` bytes."""
    source = open_source(0, str(path), path.name, limit=LIMIT)
    detector = Detector(builtin())
    cut = reader(source.reader)
    for shard in cut.shards(source, 1 << 30):
        for block in cut.blocks(source, shard, size, LIMIT):
            yield load_batch(0, path.name, block, detector, source.facts)


def texts_of(rule: LiveRule, batch: Batch) -> list[int]:
    """The texts of the roles a rule judges, whatever its triggers say."""
    return [i for i, bit in enumerate(batch.bits.tolist()) if bit & rule.card.roles]


def brute(rule: Any, batch: Batch) -> Iterator[Finding]:
    """What a record rule says when it is asked about everything, without triggers."""
    unit, wanted = rule.card.unit, rule.card.lines
    if unit == "batch":
        yield from rule.check(batch)
    elif unit == "message":
        for i in texts_of(rule, batch):
            yield from rule.check(batch.message(i))
    elif unit == "line":
        picked = {"refused": list(batch.refusals), "blank": batch.blanks}.get(wanted, range(len(batch)))
        for k in picked:
            if wanted != "read" or batch.datas[k] is not None:
                yield from rule.check(batch.line_view(k))
    else:
        for record in batch.records():
            if rule.gate is None or rule.card.triggers or rule.gate(record.layout):
                for view in [record] if unit == "record" else record.conversations:
                    yield from rule.check(view)


def state(rule: DatasetRule, batch: Batch, picked: list[int] | None = None) -> Any:
    """What a dataset rule makes of one batch."""
    return rule.map(batch, texts_of(rule, batch) if picked is None else picked)
