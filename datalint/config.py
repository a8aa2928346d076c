"""Settings: everything one run depends on, read from defaults, config files and the command line.

Every config key is declared once, as a field of ``Settings``: ``KEYS`` and with it validation, ``datalint config`` and
the JSON schema are derived from the fields.
"""

# ruff: noqa: RUF009  (tables and keys are immutable)
from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from datalint import config_file
from datalint.config_cli import from_cli, with_cli
from datalint.config_keys import Key, Table, key, keys_of
from datalint.config_tables import GATE_KEYS, OVERRIDE_KEYS, SPLIT_KEYS, TARGETS, Override, Where
from datalint.errors import ConfigError, DatalintError, UsageError
from datalint.globs import fits
from datalint.model import SEVERITIES
from datalint.sections import ANNOTATION_KEYS, PROVENANCE_KEYS, QUANTITY_KEYS

COMMAND_LINE = "command line"
SCOPES = ("record", "file", "dataset")
BASELINE, IGNORE_FILE = ".datalint-baseline", "datalint-ignore.toml"
_SEL = "ALL, DEFAULT, a code, the start of one, a name, a category or tag:x"


@dataclass(frozen=True)
class Policy:
    """What holds for one data file. Equal policies share one selection of rules."""

    select: tuple[str, ...] = ("DEFAULT",)
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    never: tuple[str, ...] = ()  # ignored for this file whatever else is selected
    keyword: str = ""
    preview: bool = False
    scopes: frozenset[str] = frozenset(SCOPES)
    severity: Table = Table()
    rules: Table = Table()
    format: str = "auto"
    fields: Table = Table()
    id_field: str = ""
    template: str = ""
    serve_template: str = ""
    now: str = "2026-01-01"
    lock: Path | None = None
    wheres: tuple[Where, ...] = ()
    config: Path | None = None  # where to look for the line of a mistake


@dataclass(frozen=True)
class Settings:
    """Everything of one run. Made by ``load``; tests may make their own."""

    paths: tuple[str, ...] = ()
    cwd: Path = Path()
    root: Path = Path()
    config_path: Path | None = None
    isolated: bool = False  # one config for all files: --isolated or --config FILE
    cli: Table = Table()  # what the command line gave, by field
    inline: tuple[str, ...] = ()  # texts of --config 'key = value'
    origins: Table = field(default=Table(), compare=False)  # key -> where its value comes from
    stand_ins: Table = Table()  # path -> the file that is read in its place
    required_version: str = key("str", "", "Versions of datalint this config is for.", example='">=0.1,<0.2"')
    extend: Path | None = key("path", None, "A config file to inherit from.", example='"../datalint.toml"')

    select: tuple[str, ...] = key("list", ("DEFAULT",), f"Rules to run: {_SEL}.", cli="--select", per_file=True)
    ignore: tuple[str, ...] = key("list", (), "Rules to leave out.", cli="--ignore", per_file=True)
    extend_select: tuple[str, ...] = key("list", (), "Rules to add to select.", cli="--extend-select", per_file=True)
    extend_ignore: tuple[str, ...] = key("list", (), "Rules to add to ignore.", cli="--extend-ignore", per_file=True)
    per_file_ignores: Table = key(
        "table", Table(), "Rules that are silent in files that fit a glob.", cli="--per-file-ignores", per_file=True,
        of="list", globs=True, example='{ "data/old/**" = ["TXT"] }',
    )  # fmt: skip
    overrides: tuple[Override, ...] = key(
        "tables", (), "What holds for some files, or for some records of them.", of=OVERRIDE_KEYS, per_file=True
    )
    splits: tuple[Table, ...] = key(
        "tables", (), "What is trained on, and what is tested on, for rules about leakage.", of=SPLIT_KEYS
    )
    coverage: Table = key("table", Table(), "Shares that values of axes must have, by axis and value.", of="table")
    quantity: Table = key("table", Table(), "How many records there must be, and of which kinds.", of=QUANTITY_KEYS)
    annotation: Table = key("table", Table(), "Where records say who annotated what.", of=ANNOTATION_KEYS)
    provenance: Table = key("table", Table(), "Where records say what they come from.", of=PROVENANCE_KEYS)
    keyword: str = key("str", "", "Only rules whose code, name or tags fit, as in pytest.", cli="-k", file=False)
    scopes: frozenset[str] = key(
        "list",
        frozenset(SCOPES),
        "Which rules run, by what they must see.",
        cli="--scope",
        choices=SCOPES,
        per_file=True,
    )
    preview: bool = key("bool", False, "Run preview rules too.", cli="--preview", per_file=True)

    fix: bool = key("bool", False, "Apply safe fixes.", cli="--fix")
    unsafe_fixes: bool = key("bool", False, "Offer and apply unsafe fixes too.", cli="--unsafe-fixes")
    fix_only: bool = key("bool", False, "Fix, and do not report what is left.", cli="--fix-only")
    show_fixes: bool = key("bool", False, "List what was fixed.", cli="--show-fixes")
    diff: bool = key("bool", False, "Show what --fix would change, and change nothing.", cli="--diff", file=False)
    fixable: tuple[str, ...] = key("list", ("ALL",), "Rules whose fixes may be applied.", cli="--fixable")
    unfixable: tuple[str, ...] = key("list", (), "Rules whose fixes are never applied.", cli="--unfixable")
    extend_safe_fixes: tuple[str, ...] = key("list", (), "Rules whose fixes count as safe.", cli="--extend-safe-fixes")
    extend_unsafe_fixes: tuple[str, ...] = key(
        "list", (), "Rules whose fixes count as unsafe.", cli="--extend-unsafe-fixes"
    )
    quarantine: Path = key(
        "path", Path(".datalint/quarantine.jsonl"), "Where records go that a fix takes out.", cli="--quarantine"
    )
    exit_non_zero_on_fix: bool = key("bool", False, "Exit 1 when a file was fixed.", cli="--exit-non-zero-on-fix")

    baseline: Path | None = key(
        "path", None, f"Findings that were there before; {BASELINE} beside the config if there is one.",
        cli="--baseline", example=f'"{BASELINE}"',
    )  # fmt: skip
    ignore_file: Path | None = key(
        "path", None, f"Findings that are as they should be; {IGNORE_FILE} beside the config if there is one.",
        cli="--ignore-file", example=f'"{IGNORE_FILE}"',
    )  # fmt: skip
    new_from_rev: str = key(
        "str", "", "Report only what is on records that this git revision lacks.", cli="--new-from-rev"
    )
    new_from_merge_base: str = key(
        "str", "", "The same, from the commit where HEAD and this branch parted.", cli="--new-from-merge-base"
    )
    no_baseline: bool = key("bool", False, "Report what is in the baseline too.", cli="--no-baseline", file=False)
    no_suppressions: bool = key(
        "bool", False, "Use neither the baseline nor the ignore file.", cli="--no-suppressions", file=False
    )
    add_ignore: str = key(
        "str", "", "Accept what is found: add it to the ignore file for this reason.", cli="--add-ignore", file=False
    )

    output_format: str = key(
        "str", "", "How findings are shown; full on a terminal, else concise.", cli="--output-format"
    )
    output_file: Path | None = key(
        "path", None, "Write the report here instead of standard output.", cli="--output-file"
    )
    reports: Table = key(
        "table", Table(), "More reports of the same run: format and file, or files; - is standard output.", cli="--report",
        of="paths", example='{ sarif = "datalint.sarif" }',
    )  # fmt: skip
    statistics: bool = key("bool", False, "Show counts by rule instead of findings.", cli="--statistics")
    max_per_rule: int = key(
        "int", 10, "Findings of one rule that text output shows; 0 shows all.", cli="--max-per-rule", least=0
    )
    show_files: bool = key("bool", False, "List the files that would be checked.", cli="--show-files", file=False)
    show_suppressed: bool = key(
        "bool", False, "Report what is held back too, with the reason; it counts for nothing.", cli="--show-suppressed",
        file=False,
    )  # fmt: skip
    redact: bool = key("bool", True, "Mask what sensitive rules find.", cli="--redact")
    color: str = key("str", "auto", "When to use colour.", cli="--color", choices=("auto", "always", "never"))
    progress: bool | None = key("bool", None, "Show progress; by default on a terminal.", cli="--progress")
    quiet: bool = key("bool", False, "Show findings only.", cli="--quiet", file=False)
    silent: bool = key("bool", False, "Show nothing; the exit code tells.", cli="--silent", file=False)
    verbose: int = key("int", 0, "Tell more; may be repeated.", cli="--verbose", file=False)

    fail_level: str = key(
        "str",
        "error",
        "The least severity that makes the run fail.",
        cli="--fail-level",
        choices=(*SEVERITIES, "never"),
    )
    exit_zero: bool = key("bool", False, "Exit 0 in spite of findings.", cli="--exit-zero", file=False)
    max_warnings: int | None = key(
        "int", None, "Fail when there are more warnings than this.", cli="--max-warnings", least=0
    )
    maxfail: int | None = key(
        "int", None, "Stop after this many findings that fail the run.", cli="--maxfail", file=False, least=1
    )

    gates: tuple[Table, ...] = key(
        "tables", (), "Budgets: rules that fail the run only where they find more than this.", of=GATE_KEYS
    )

    include: tuple[str, ...] = key("globs", (), "Files to check when no path is given.", example='["data/**/*.jsonl"]')
    exclude: tuple[str, ...] = key("globs", (), "Files and folders to leave out.", cli="--exclude")
    extend_exclude: tuple[str, ...] = key("globs", (), "More files and folders to leave out.", cli="--extend-exclude")
    force_exclude: bool = key("bool", False, "Leave out excluded files even when named.", cli="--force-exclude")
    respect_gitignore: bool = key("bool", True, "Leave out what git ignores in folders.", cli="--respect-gitignore")
    format: str = key(
        "format", "auto", "Record format: a name, or a table with shape and the names of its fields.", cli="--format",
        per_file=True, example='{ shape = "alpaca", instruction = "query" }',
    )  # fmt: skip
    fields: Table = Table()  # the names of the format's fields in this data, from the [format] table
    target: str = key(
        "str", "", "The trainer or provider the data is for: what it will do is predicted.", cli="--target",
        choices=TARGETS, example='"trl"',
    )  # fmt: skip
    tokenizer: str = key(
        "str", "", "What counts tokens: a tokenizer.json, a model folder, cl100k or o200k; estimated if not set.",
        cli="--tokenizer", example='"models/mine/tokenizer.json"',
    )  # fmt: skip
    max_tokens: int | None = key(
        "int", None, "Tokens of the longest record that is trained whole.", cli="--max-tokens", least=1, example="2048"
    )
    prompt_weight: float | None = key(
        "float", None, "Weight of the loss on tokens of prompts, as it will be set: 0 none, 1 that of answers.", least=0
    )
    id_field: str = key("str", "", "Key or JSON pointer of a record's id.", per_file=True, example='"id"')
    template: str = key(
        "template", "", "Chat template that training uses: a family, a template file, a tokenizer config, a model folder.",
        cli="--template", per_file=True, example='"qwen3"',
    )  # fmt: skip
    serve_template: str = key(
        "template", "", "Chat template that serving uses, if another.", cli="--serve-template", per_file=True,
        example='"model/chat_template.jinja"',
    )  # fmt: skip
    now: str = key(
        "str", "2026-01-01", "What the clock says in templates that print the date.", cli="--now", per_file=True
    )
    lock: Path | None = key(
        "path", None, "What `datalint lock` wrote: fail where templates or data no longer give it.", cli="--lock",
        per_file=True, example='"datalint.lock"',
    )  # fmt: skip
    stdin_filename: str = key("str", "", "Name that standard input goes by.", cli="--stdin-filename", file=False)

    jobs: int | Literal["auto"] = key("jobs", "auto", "Processes to work with.", cli="--jobs")
    executor: str = key("str", "auto", "What runs the scans: serial, processes, or a plugin's.", cli="--executor")
    cache: bool = key("bool", True, "Keep what is found, so that the next run scans only what changed.", cli="--cache")
    cache_dir: Path | None = key("path", None, "The folder to keep it in.", cli="--cache-dir", example='".cache"')
    severity: Table = key(
        "table", Table(), "Severity of rules: lists of selectors.", of="list", choices=SEVERITIES, per_file=True,
        example='{ warning = ["QLT"] }',
    )  # fmt: skip
    rules: Table = key(
        "table", Table(), "Options of rules, by name or code.", of="table", per_file=True,
        example='{ some-rule = { option = 3 } }',
    )  # fmt: skip
    rule_paths: tuple[Path, ...] = key("paths", (Path("rules"),), "Folders (and files) with the project's own rules.")
    python_rules: bool = key("bool", True, "Load the project's Python rules, which run code.", cli="--python-rules")
    required_plugins: tuple[str, ...] = key("list", (), "Plugins that must be there.", example='["datalint-acme>=1.2"]')
    plugins_off: tuple[str, ...] = key("list", (), "Plugins to leave out.", cli="-p no:NAME")
    plugins_on: tuple[str, ...] = key(
        "list", (), "Plugins (modules) to load besides the installed ones.", cli="-p NAME"
    )
    rule_timeout: float = key("float", 1.0, "Seconds a rule may take on one record.", cli="--rule-timeout", least=0.001)
    max_record_bytes: int = key("int", 256 << 20, "Size of the longest record that is parsed.", least=1)

    _near: dict[Path, Settings] = field(default_factory=dict, compare=False, repr=False)

    @property
    def policy(self) -> Policy:
        """What holds for the project as a whole, before any override."""
        shared = {f.name: getattr(self, f.name) for f in fields(Policy) if hasattr(self, f.name)}
        return Policy(**shared, config=self.config_path)

    def policy_for(self, path: Path) -> Policy:
        """What holds for the data file at ``path``: the nearest config, overrides and per-file ignores."""
        return _policy(self.nearest(path), Path(os.path.abspath(self.cwd / path)))

    def nearest(self, path: Path) -> Settings:
        """The settings of the config nearest to the data file at ``path``."""
        folder = Path(os.path.abspath(self.cwd / path)).parent
        if self.isolated:
            return self
        if folder not in self._near:
            found = config_file.find(folder)
            if found is None or found == self.config_path:
                self._near[folder] = self
            else:
                self._near[folder] = _build(dict(self.cli), self.inline, self.cwd, found, isolated=False)
        return self._near[folder]


KEYS: dict[str, Key] = keys_of(Settings)


@contextmanager
def placed(settings: Settings, name: str) -> Iterator[None]:
    """Where the value of a key turns out to be wrong within: say which key, and where it was set."""
    try:
        yield
    except DatalintError as error:
        place = settings.origins.get(name, "")
        if error.place or not place or place == COMMAND_LINE:
            raise
        raise ConfigError(f"{name}: {error.message}", place=place, hint=error.hint) from error


def load(
    cli: Mapping[str, Any], *, cwd: Path, config: str | Sequence[str] | None = None, isolated: bool = False
) -> Settings:
    """The settings of a run. ``cli``: by field of ``Settings``, None where not given; lists may hold commas.

    ``plugins`` takes the values of ``-p`` (NAME or no:NAME). ``config``: a file, or TOML text (several times).
    """
    given = {name: value for name, value in cli.items() if value is not None}
    texts = [config] if isinstance(config, str) else list(config or ())
    files = [t for t in texts if "=" not in t or (cwd / t).is_file()]
    inline = tuple(t for t in texts if t not in files)
    if len(files) > 1 or (files and isolated):
        raise UsageError("--config names more than one file" if len(files) > 1 else "--config FILE and --isolated")
    if files and not (cwd / files[0]).is_file():
        raise UsageError(f"the config {files[0]} does not exist")
    path = Path(os.path.abspath(cwd / files[0])) if files else None if isolated else config_file.find(cwd)
    return _build(given, inline, cwd, path, isolated=isolated or bool(files))


def _build(
    cli: Mapping[str, Any], inline: tuple[str, ...], cwd: Path, path: Path | None, *, isolated: bool
) -> Settings:
    layers = config_file.layers(path, KEYS) if path is not None else []
    layers += [config_file.inline(text, KEYS, cwd) for text in inline]
    root = path.parent if path is not None else cwd
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for layer in layers:
        values = config_file.merged(values, layer.values, KEYS)
        origins |= layer.places
    made = {KEYS[name].field: value for name, value in values.items()}
    made |= _rooted(made, root) | ({} if path is None and isolated else _beside(made, root))
    made = with_cli(made, from_cli(cli, KEYS, cwd))
    origins |= {name.replace("_", "-"): COMMAND_LINE for name in cli}
    return Settings(
        cwd=cwd, root=root, config_path=path, isolated=isolated, cli=Table(cli), inline=inline, origins=Table(origins),
        **_finished(made),
    )  # fmt: skip


def _rooted(made: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """Defaults that are paths of the project."""
    return {f: v for f, v in (("quarantine", root / ".datalint/quarantine.jsonl"), ("rule_paths", (root / "rules",)))
            if f not in made}  # fmt: skip


def _beside(made: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """Files that are used where they are, unless the config names others."""
    usual = (("baseline", root / BASELINE), ("ignore_file", root / IGNORE_FILE))
    return {f: path for f, path in usual if f not in made and path.is_file()}


def _finished(made: dict[str, Any]) -> dict[str, Any]:
    """The values as the fields of ``Settings`` hold them."""
    made["overrides"] = tuple(map(_override, made.get("overrides", ())))
    made["severity"] = _by_selector(made.get("severity", {}))
    made |= _format(made.get("format", "auto"))
    made["scopes"] = frozenset(made.get("scopes", SCOPES))
    if not made.get("output_format"):
        made["output_format"] = "full" if sys.stdout.isatty() and "output_file" not in made else "concise"
    if os.environ.get("DATALINT_NO_PYTHON_RULES", "0") not in ("", "0"):
        made["python_rules"] = False
    return made


def _override(table: Mapping[str, Any]) -> Override:
    values = {name.replace("-", "_"): value for name, value in table.items()}
    if "format" in values:
        values |= _format(values["format"])
    if "severity" in values:
        values["severity"] = _by_selector(values["severity"])
    return Override(**values)


def _by_selector(severity: Mapping[str, Sequence[str]]) -> Table:
    return Table({selector: level for level, selectors in severity.items() for selector in selectors})


def _format(value: str | Table) -> dict[str, Any]:
    if isinstance(value, str):
        return {"format": value, "fields": Table()}
    return {"format": value.get("shape", "auto"), "fields": Table({k: v for k, v in value.items() if k != "shape"})}


def _policy(settings: Settings, path: Path) -> Policy:
    ignored = [
        s for glob, names in settings.per_file_ignores.items() if fits(path, (glob,), settings.root) for s in names
    ]
    policy = replace(settings.policy, never=tuple(ignored))
    for override in settings.overrides:
        if fits(path, override.files, settings.root):
            policy = _overridden(policy, override)
    return policy


def _overridden(policy: Policy, override: Override) -> Policy:
    if override.where:
        return replace(policy, wheres=(*policy.wheres, Where(override.where, override.ignore)))
    return replace(
        policy,
        select=policy.select if override.select is None else override.select,
        extend_select=(*policy.extend_select, *override.extend_select),
        never=(*policy.never, *override.ignore),
        format=override.format or policy.format,
        fields=override.fields if override.format else policy.fields,
        rules=config_file.joined(policy.rules, override.rules),
        severity=Table({**policy.severity, **override.severity}),
    )
