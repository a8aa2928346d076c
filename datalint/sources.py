"""From what the user named to the files to read: folders walked, excludes applied, everything left out counted."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import regex

from datalint.config import Settings
from datalint.errors import UsageError
from datalint.globs import fits, literal
from datalint.readers import HEAD_BYTES, is_data
from datalint.readers.sniffing import holds_records

# Folders no data set lives in. No generic names here: "build" and "data" are where people keep data.
SKIPPED = (".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".datalint", ".datalint_cache",
           ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".nox", ".ipynb_checkpoints")  # fmt: skip
_LITERAL = regex.compile(r"[^*?\[{]*/")


@dataclass
class Files:
    """The paths to read, in order, and how many were left out and why."""

    paths: list[str] = field(default_factory=list)
    ignored: int = 0  # by git
    excluded: int = 0
    suffixes: tuple[str, ...] = ()  # that plugins read


def find(settings: Settings, suffixes: Sequence[str] = ()) -> Files:
    """All files of a run, each once. ``suffixes``: of files that plugins read.

    Raises UsageError for a named path that does not exist or yields no data file.
    """
    found = Files(suffixes=tuple(suffixes))
    if settings.paths:
        for path in settings.paths:
            _take(path, settings, found)
    elif settings.include:
        for glob in settings.include:
            _include(glob, settings, found)
        if not found.paths and not found.excluded:
            raise UsageError(f"include matches no file: {', '.join(settings.include)}")
    else:
        _walk(".", settings, found)
    names = {path if path == "-" else os.path.realpath(settings.cwd / path): path for path in reversed(found.paths)}
    once = set(names.values())
    found.paths = [path for path in dict.fromkeys(found.paths) if path in once]
    return found


def _take(path: str, settings: Settings, found: Files) -> None:
    """One path as the user named it: a file is read whatever its name, a folder is walked."""
    real = settings.cwd / path
    if path == "-" or path in settings.stand_ins:
        found.paths.append(path)
    elif not os.path.lexists(real):
        raise UsageError(f"{path} does not exist")
    elif real.is_dir():
        before = len(found.paths) + found.excluded
        _walk(path, settings, found)
        if len(found.paths) + found.excluded == before:
            note = f" ({found.ignored} are ignored by git: --no-respect-gitignore)" if found.ignored else ""
            raise UsageError(f"{path} holds no data file{note}", hint="data files end in .jsonl, .ndjson or .json")
    elif settings.force_exclude and is_excluded(path, settings):
        found.excluded += 1
    else:
        found.paths.append(str(Path(path)))


def _include(glob: str, settings: Settings, found: Files) -> None:
    """The files that fit an include glob; git has no say in them."""
    found_prefix = _LITERAL.match(glob.removeprefix(literal(settings.root.as_posix().rstrip("/")) + "/"))
    start = settings.root / (found_prefix.group() if found_prefix is not None else "")
    for full in _files(str(start)):
        path = Path(full)
        if fits(path, (glob,), settings.root) and (
            is_wanted(path, found.suffixes) or (path.suffix and glob.endswith(path.suffix))
        ):
            shown = os.path.relpath(full, settings.cwd)
            if is_excluded(shown, settings):
                found.excluded += 1
            else:
                found.paths.append(shown)


def _walk(path: str, settings: Settings, found: Files) -> None:
    base = str(settings.cwd / path)
    kept: list[str] = []
    for full in _files(base):
        if os.path.isdir(full) or is_wanted(Path(full), found.suffixes):
            if is_excluded(full, settings):
                found.excluded += 1
            else:
                kept.append(os.path.relpath(full, base))
    ignored = _git_ignored(kept, base) if settings.respect_gitignore else set()
    found.ignored += len(ignored)
    found.paths.extend(os.path.normpath(os.path.join(path, name)) for name in kept if name not in ignored)


def _files(base: str) -> Iterator[str]:
    """All files below a folder in order of their names; a folder that cannot be read stands for what is in it."""
    unread: list[str] = []
    for folder, folders, names in os.walk(base, onerror=lambda error: unread.append(str(error.filename))):
        folders[:] = sorted(d for d in folders if d not in SKIPPED)
        yield from (os.path.join(folder, name) for name in sorted(names))
    yield from sorted(unread)


def is_wanted(path: Path, more: Sequence[str] = ()) -> bool:
    """A folder brings its JSONL files; a ``.json`` file only when its start looks like records."""
    if not is_data(path, more):
        return False
    if path.suffix.lower() != ".json":
        return True
    try:
        with open(path, "rb") as f:
            return holds_records(f.read(HEAD_BYTES))
    except OSError:
        return True  # opening it again will say why it cannot be read


def is_excluded(path: str, settings: Settings) -> bool:
    """Whether the settings leave a path out."""
    globs = (*settings.exclude, *settings.extend_exclude)
    return bool(globs) and fits(Path(os.path.abspath(settings.cwd / path)), globs, settings.root)


def _git_ignored(files: Sequence[str], base: str) -> set[str]:
    """Those of ``files`` in folder ``base`` that git ignores; none if it ignores the folder itself, which was named."""
    inside = any((folder / ".git").exists() for folder in (Path(base).resolve(), *Path(base).resolve().parents))
    if not files or not inside or _check_ignore([os.curdir], base) != set():
        return set()
    ignored = _check_ignore(files, base)
    if ignored is None:  # one path it will not judge, as in a submodule: ask for each by itself
        return {name for file in files for name in _check_ignore([file], base) or ()}
    return ignored


def _check_ignore(files: Sequence[str], base: str) -> set[str] | None:
    """Which of ``files`` git ignores; None where it does not say."""
    asked = "\0".join(files).encode(errors="surrogateescape")
    command = ["git", "check-ignore", "-z", "--stdin"]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, cwd=base, check=False)
    except OSError:
        return None
    if done.returncode > 1:
        return None
    return {p.decode(errors="surrogateescape") for p in done.stdout.split(b"\0") if p}
