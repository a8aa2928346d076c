"""Small git repositories in folders of their own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import running
from click.testing import CliRunner, Result

from datalint import run
from datalint.cli import main
from datalint.outcome import Outcome

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "n@example.org",
    "GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "n@example.org", "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}  # fmt: skip


class Repo:
    """A repository, and checks of its data."""

    def __init__(self, folder: Path, files: Mapping[str, bytes] = {}) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.git("init", "-q", "-b", "main")
        if files:
            self.commit(files)

    def git(self, *command: str) -> str:
        ran = subprocess.run(
            ["git", *command], cwd=self.folder, env=os.environ | _NOBODY, check=True, capture_output=True
        )
        return ran.stdout.decode().strip()

    def write(self, files: Mapping[str, bytes | None]) -> None:
        for name, data in files.items():
            if data is None:
                (self.folder / name).unlink()
            else:
                running.write(self.folder, {name: data})

    def commit(self, files: Mapping[str, bytes | None]) -> str:
        self.write(files)
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "--allow-empty", "-m", "data")
        return self.git("rev-parse", "HEAD")

    def check(self, rev: str = "HEAD", *paths: str, **more: Any) -> Outcome:
        paths = paths or (".",)
        wanted = running.settings(self.folder, *paths, **({"new_from_rev": rev, "rule_paths": ()} | more))
        return run.scan_paths(wanted, running.built_in())[0]

    def told(self, rev: str = "HEAD", *paths: str, **more: Any) -> list[dict[str, Any]]:
        """The findings that count, as jsonl tells them."""
        outcome = self.check(rev, *paths, **more)
        lines = running.told(outcome, running.settings(self.folder)).splitlines()
        return [one for one in map(json.loads, lines) if "code" in one]

    def __call__(self, line: str) -> Result:
        """The command line, in the current folder."""
        return CliRunner().invoke(main, line.split())


def array(rows: Iterable[Any]) -> bytes:
    """Records as a JSON array."""
    return json.dumps(list(rows), indent=2).encode()
