"""``datalint init``: look at what data there is, and write the files that a project needs to check it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from datalint import config_file, proposals
from datalint.cli import _output, baseline
from datalint.cli._options import Command, Option
from datalint.cli._project import say
from datalint.config import BASELINE, Settings
from datalint.errors import UsageError
from datalint.terminal import count, size

if TYPE_CHECKING:
    from datalint.inventory import Inventory

NAME = "datalint.toml"
HOOKS, WORKFLOW = ".pre-commit-config.yaml", ".github/workflows/datalint.yml"
ASKED = {
    "baseline": f"Write what is found now to {BASELINE}, so that only what is new counts?",
    "pre_commit": "Write hooks for pre-commit?",
    "workflow": "Write a workflow for GitHub Actions?",
}


def init(paths: tuple[str, ...], **given: Any) -> int:
    """Look at the data here, or at PATHS, and write a commented datalint.toml for it.

    What is there is never written over without --force. On a terminal it asks whether to write the other files too;
    elsewhere it asks nothing, and writes those that are named.
    """
    from datalint.inventory import taken  # brings the engine, which help does without

    folder = Path.cwd()
    if not given["stdout"]:
        _refuse(folder, force=given["force"])
    found = taken(Settings(paths=paths, cwd=folder, root=folder, isolated=True, rule_paths=()))
    text = proposals.config(found)
    if given["stdout"]:
        _output.write([text], sys.stdout)
        return 0
    wanted = _wanted(given)
    top = _repository(folder) or folder
    below = "" if top == folder else folder.relative_to(top).as_posix()
    files = _files(found, wanted, top, below)
    _refuse_files(files, top, wanted, force=given["force"])
    _output.write_file(folder / NAME, [text])
    told = f": {count(len(found.files), 'file')}, {size(sum(f.size for f in found.files))}" if found.files else ""
    say([f"Wrote {NAME}{told}." if told else f"Wrote {NAME}. No data was found: it names none yet."])
    for path, content in files.items():
        _write(path, content, top)
    code = 0
    if wanted["baseline"]:
        code = _baseline(force=given["force"])
    say(
        [f"Next: `datalint check`{'' if wanted['baseline'] else ', then `datalint baseline create` if it finds much'}."]
    )
    return code


def _refuse(folder: Path, *, force: bool) -> None:
    """Raise UsageError where there is a config already."""
    hidden = folder / ".datalint.toml"
    if hidden.exists():
        raise UsageError(
            f"{hidden.name} exists, and would hold instead of {NAME}", hint="edit it, or take it away first"
        )
    if force:
        return
    if os.path.lexists(folder / NAME):
        raise UsageError(f"{NAME} exists", hint="--force writes it anew, --stdout shows what it would be")
    if config_file.find(folder) == folder / "pyproject.toml":
        raise UsageError(
            "pyproject.toml has a [tool.datalint] table", hint=f"--force writes a {NAME}, which then holds instead"
        )


def _refuse_files(files: Mapping[Path, str], top: Path, wanted: Mapping[str, bool], *, force: bool) -> None:
    """Raise UsageError where a file would be written over; nothing is written then. Hooks that are there are left alone."""
    there = [path for path in files if os.path.lexists(path) and path != top / HOOKS]
    if wanted["baseline"] and os.path.lexists(BASELINE):
        there.append(Path(BASELINE).absolute())
    if there and not force:
        raise UsageError(f"{os.path.relpath(there[0])} exists", hint="--force writes it anew")


def _wanted(given: Mapping[str, Any]) -> dict[str, bool]:
    """Which of the other files to write: those that are named; on a terminal the user is asked about the rest."""
    asks = _is_terminal() and not given["yes"]
    made: dict[str, bool] = {}
    for name, question in ASKED.items():
        said = given[name]
        made[name] = said if said is not None else given["yes"] or (asks and click.confirm(question, default=False))
    return made


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _files(found: Inventory, wanted: Mapping[str, bool], top: Path, below: str) -> dict[Path, str]:
    files: dict[Path, str] = {}
    if wanted["pre_commit"]:
        files[top / HOOKS] = proposals.pre_commit(found, below)
    if wanted["workflow"]:
        files[top / WORKFLOW] = proposals.workflow(below, _branch(top))
    return files


def _write(path: Path, text: str, top: Path) -> None:
    shown = os.path.relpath(path)
    if path == top / HOOKS and os.path.lexists(path):
        say([f"{shown} exists and is left as it is. To add to its `repos`:", *text.splitlines()[1:]])
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _output.write_file(path, [text])
    say([f"Wrote {shown}."])


def _baseline(*, force: bool) -> int:
    made: click.Command = baseline.command.commands["create"]
    context = click.Context(made, info_name="create")
    with context:
        made.parse_args(context, ["--force"] if force else [])
        code = context.invoke(made.callback, **context.params) if made.callback is not None else 0
    return int(code)


def _repository(folder: Path) -> Path | None:
    """The root of the git repository that the folder is in."""
    return next((place for place in (folder, *folder.parents) if (place / ".git").exists()), None)


def _branch(top: Path) -> str:
    """The branch that others start from: that of the remote, else the one that is checked out."""
    for words in (["symbolic-ref", "--short", "refs/remotes/origin/HEAD"], ["symbolic-ref", "--short", "HEAD"]):
        try:
            done = subprocess.run(["git", *words], cwd=top, capture_output=True, encoding="utf-8", check=False)
        except OSError:
            break
        if done.returncode == 0 and done.stdout.strip():
            return done.stdout.strip().removeprefix("origin/")
    return "main"


def _flag(name: str, words: str) -> Option:
    return Option(name, f"--{name.replace('_', '-')}/--no-{name.replace('_', '-')}", default=None, help=words)


command = Command(
    "init",
    params=[
        click.Argument(["paths"], nargs=-1, metavar="[PATHS]..."),
        _flag("baseline", "Also write a baseline of what is found now."),
        _flag("pre_commit", f"Also write {HOOKS}; one that is there is left, and told what to add."),
        _flag("workflow", f"Also write {WORKFLOW}."),
        Option("force", "--force", is_flag=True, help="Write over what is there."),
        Option("stdout", "--stdout", is_flag=True, help="Show the config, and write nothing."),
        Option("yes", "-y", "--yes", is_flag=True, help="Ask nothing, and write all of them."),
    ],
    callback=init,
    help=init.__doc__,
    short_help="Write a config for the data that is here.",
)
