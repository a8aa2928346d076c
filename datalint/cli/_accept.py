"""``datalint check --add-ignore REASON``: what is found goes to the ignore file."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from datalint import ignores, plugins
from datalint.cli import _output
from datalint.config import IGNORE_FILE, Settings
from datalint.errors import UsageError
from datalint.identity import Identity, relative, value_at
from datalint.outcome import NEW, Outcome
from datalint.report import Located, Report
from datalint.verdict import not_checked

MANY = 200  # entries from which on a baseline is the better place


def ready(settings: Settings) -> None:
    """Say before any work is done what cannot be."""
    if not settings.add_ignore.strip():
        raise UsageError("--add-ignore needs a reason", hint='--add-ignore "the address is that of our support"')
    if settings.no_suppressions or settings.diff or settings.show_suppressed:
        raise UsageError("--add-ignore goes with none of --no-suppressions, --diff and --show-suppressed")
    path = _path(settings)
    if path.exists():
        ignores.read(path, relative(str(path), settings), plugins.load(settings).registry)


def accept(outcome: Outcome, settings: Settings) -> int:
    """Add all new findings to the ignore file; gives the exit code of a run that found nothing else."""
    path = _path(settings)
    shown = relative(str(path), settings)
    report = Report(outcome, settings, _output.look(sys.stderr, settings))
    entries = list(ignores.addition(_entries(report, outcome), settings.add_ignore.strip()))
    if entries:
        old = path.read_text(encoding="utf-8").rstrip("\n") if path.exists() else ""
        _output.write_file(path, [f"{old}\n\n" if old else "", "\n".join(entries)])
    number = "1 entry" if len(entries) == 1 else f"{len(entries):,} entries"
    said = f"Added {number} to {shown}." if entries else f"Nothing new was found; {shown} stays as it is."
    hint = " For so many, `datalint baseline create` is the better place." if len(entries) > MANY else ""
    _output.write([said + hint + "\n"], sys.stdout)
    _output.write((line + "\n" for line in not_checked(report, notes=False)), sys.stderr)
    return 3 if any(not n.note for n in outcome.not_checked) else 0


def _path(settings: Settings) -> Path:
    return settings.ignore_file or settings.root / IGNORE_FILE


def _entries(report: Report, outcome: Outcome) -> Iterator[dict[str, str | Sequence[str]]]:
    for found in report:
        if found.status == NEW and not found.code.startswith("DLT"):
            yield {"rules": [found.name], **_place(found)}


def _place(found: Located) -> dict[str, str | Sequence[str]]:
    """Where a finding is. What sensitive rules found is written nowhere: such an id gives way to the hash of the record."""
    if found.record is None or found.record_id is None:
        return {"files": [found.path]} if found.path else {}
    content = Identity(found.record, found.path).content
    plain = "***" not in found.record_id and _writable(found.record_id)
    place: dict[str, str | Sequence[str]] = {"record": found.record_id if plain else content}
    if found.pointer and _writable(found.pointer) and not value_at(found.record.data, found.pointer)[2]:
        place["pointer"] = found.pointer
    return place


def _writable(text: str) -> bool:
    return text.isprintable()
