"""From what the user named to the files to read: folders walked, excludes applied, everything left out counted."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from datalint.config import Settings
from datalint.errors import UsageError
from datalint.globs import fits
from datalint.readers import is_data

# Folders no data set lives in. No generic names here: "build" and "data" are where people keep data.
SKIPPED = (".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".datalint", ".datalint_cache",
           ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".nox", ".ipynb_checkpoints")  # fmt: skip


@dataclass
class Files:
    """The paths to read, in order, and how many were left out and why."""

    paths: list[str] = field(default_factory=list)
    ignored: int = 0  # by git
    excluded: int = 0


def find(settings: Settings) -> Files:
    """All files of a run. Raises UsageError for a named path that does not exist or yields no data file."""
    found = Files()
    named = settings.paths or _included(settings)
    for path in named:
        if path == "-":
            found.paths.append(path)
            continue
        real = settings.cwd / path
        if not os.path.lexists(real):
            raise UsageError(f"{path} does not exist")
        if real.is_dir():
            before = len(found.paths) + found.excluded
            _walk(path, settings, found)
            if settings.paths and len(found.paths) + found.excluded == before:
                note = f" ({found.ignored} are ignored by git: --no-respect-gitignore)" if found.ignored else ""
                raise UsageError(f"{path} holds no data file{note}", hint="data files end in .jsonl, .ndjson or .json")
        elif settings.force_exclude and _excluded(path, settings):
            found.excluded += 1
        else:
            found.paths.append(path)
    found.paths = list(dict.fromkeys(found.paths))
    return found


def _included(settings: Settings) -> tuple[str, ...]:
    if not settings.include:
        return (".",)
    matches: list[str] = []
    for glob in settings.include:
        hits = sorted(settings.root.glob(glob))
        matches.extend(
            os.path.relpath(p, settings.cwd) for p in hits if p.is_file() and not _excluded(str(p), settings)
        )
    if not matches:
        raise UsageError(f"include matches no file: {', '.join(settings.include)}")
    return tuple(matches)


def _walk(path: str, settings: Settings, found: Files) -> None:
    files: list[str] = []
    for folder, folders, names in os.walk(settings.cwd / path):
        folders[:] = sorted(d for d in folders if d not in SKIPPED)
        for name in sorted(names):
            full = os.path.join(folder, name)
            shown = os.path.join(path, os.path.relpath(full, settings.cwd / path))
            shown = os.path.normpath(shown)
            if not _wanted(Path(full)):
                continue
            if _excluded(shown, settings):
                found.excluded += 1
            else:
                files.append(shown)
    ignored = _git_ignored(files, settings.cwd) if settings.respect_gitignore else set()
    found.ignored += len(ignored)
    found.paths.extend(f for f in files if f not in ignored)


def _wanted(path: Path) -> bool:
    """A folder brings its JSONL files; ``.json`` files only when they hold an array or records, told by their start."""
    if not is_data(path):
        return False
    if path.suffix.lower() != ".json":
        return True
    try:
        with open(path, "rb") as f:
            return f.read(256).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"["
    except OSError:
        return True


def _excluded(path: str, settings: Settings) -> bool:
    globs = (*settings.exclude, *settings.extend_exclude)
    return bool(globs) and fits(Path(os.path.abspath(settings.cwd / path)), globs, settings.root)


def _git_ignored(files: Iterable[str], cwd: Path) -> set[str]:
    given = list(files)
    if not given or not _in_git(cwd):
        return set()
    asked = "\0".join(given).encode(errors="surrogateescape")
    try:
        done = subprocess.run(
            ["git", "check-ignore", "-z", "--stdin"], input=asked, capture_output=True, cwd=cwd, check=False
        )
    except OSError:
        return set()
    return set(_parts(done.stdout))


def _parts(output: bytes) -> Iterator[str]:
    return (p.decode(errors="surrogateescape") for p in output.split(b"\0") if p)


def _in_git(cwd: Path) -> bool:
    return any((folder / ".git").exists() for folder in (cwd, *cwd.parents))
