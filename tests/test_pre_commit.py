"""The hooks, run by pre-commit itself from a clone of these files, in real git repositories.

pre-commit builds the hooks' environment once for all tests: it installs the clone as it does for users, only that what
datalint depends on is taken from here. Where pre-commit is missing, or what builds packages cannot be had, they are skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from datalint import __version__

ROOT = Path(__file__).parent.parent
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
NO_NETWORK = ("No matching distribution found for setuptools", "Could not fetch URL", "NewConnectionError")
WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "x"), ("EMAIL", "x@example.org"), ("DATE", "2026-01-01T00:00:00Z"))
}
SHARDS = 3_000

pytestmark = pytest.mark.skipif(
    find_spec("pre_commit") is None or shutil.which("git") is None, reason="needs pre-commit and git"
)


def git(folder: Path, *words: str) -> str:
    """Run git; equal files give equal commits."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *words], cwd=folder, env=clean | WHO, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


class PreCommit:
    """pre-commit in a repository of its own, with the hooks of the clone."""

    def __init__(self, folder: Path, clone: Path | None, environment: dict[str, str]) -> None:
        self.folder = folder
        self._environment = environment
        folder.mkdir(exist_ok=True)
        git(folder, "init", "-q")
        if clone is None:
            return
        ids = [{"id": hook["id"], "verbose": True} for hook in HOOKS]
        chosen = {"repos": [{"repo": str(clone), "rev": git(clone, "rev-parse", "HEAD"), "hooks": ids}]}
        self.write({".pre-commit-config.yaml": json.dumps(chosen).encode()})

    def write(self, files: dict[str, bytes]) -> None:
        for name, data in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(data)
        git(self.folder, "add", "-A")

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", *words],
            cwd=self.folder, env=self._environment, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    def run(self, hook: str) -> tuple[int, str]:
        """Exit code and output of one hook over all files."""
        stage = next(h for h in HOOKS if h["id"] == hook).get("stages", ["pre-commit"])[-1]
        done = self("run", hook, "--all-files", "--hook-stage", stage)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of a parallel run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def clone(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """These files, as they are now, in a git repository."""
    wanted = shared / "clone"
    if wanted.exists():
        return wanted
    made = tmp_path_factory.mktemp("clone")
    for name in ("datalint", "rules", "pyproject.toml", "setup.py", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, made / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, made / name)
    git(made, "init", "-q")
    git(made, "add", "-A")
    git(made, "commit", "-q", "-m", "x")
    try:
        made.rename(wanted)
    except OSError:  # another process was faster, with the same files
        assert wanted.exists()
    return wanted


@pytest.fixture(scope="session")
def environment(shared: Path, clone: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What pre-commit runs in. ``PYTHONPATH`` has all packages that are installed here, but neither datalint nor pip."""
    packages = tmp_path_factory.mktemp("packages")
    for folder in (Path(path) for path in sys.path if path.endswith("site-packages")):
        for path in folder.iterdir() if folder.is_dir() else ():
            own = any(word in path.name for word in ("datalint", "__editable__", "setuptools", "pip", "distutils"))
            if not own and path.suffix != ".pth" and not (packages / path.name).exists():
                (packages / path.name).symlink_to(path)
    clean = {n: v for n, v in os.environ.items() if not n.startswith(("GIT_", "DATALINT_", "PRE_COMMIT"))}
    return clean | {
        "PRE_COMMIT_HOME": str(shared / "pre-commit"), "PYTHONPATH": str(packages), "PYTHONUTF8": "1",
        "PIP_NO_DEPS": "1", "PIP_RETRIES": "0", "PIP_TIMEOUT": "10", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "DATALINT_DISABLE_PLUGIN_AUTOLOAD": "1", "DATALINT_CACHE_DIR": os.environ["DATALINT_CACHE_DIR"],
        "XDG_CACHE_HOME": str(shared / "cache"),
    }  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, clone: Path, environment: dict[str, str]) -> PreCommit:
    made = PreCommit(tmp_path, clone, environment)
    done = made("install-hooks")
    if done.returncode and any(word in done.stdout for word in NO_NETWORK):
        pytest.skip("what builds packages cannot be had: no network")
    assert done.returncode == 0, done.stdout
    return made


def row(question: str, answer: str, **more: Any) -> bytes:
    return json.dumps({"instruction": question, "input": "", "output": answer, **more}).encode() + b"\n"


def test_three_thousand_shards_are_all_checked_and_compared(project: PreCommit) -> None:
    shards = {
        f"data/größe of the shard, number {n:04}.jsonl": row(f"What is {n} and {n}?", f"The sum of both is {2 * n}.")
        for n in range(SHARDS)
    }
    first, *_, last = shards
    shards[first] = shards[last] = row("Which house has number seven?", "The one with the blue door has it.")
    shards["data/000 broken.jsonl"] = shards["data/zzz broken.jsonl"] = b'{"instruction": \n'
    project.write(shards | {"datalint.toml": b'select = ["JSN", "CHT1", "DUP101"]\n'})
    code, said = project.run("datalint-check")
    calls = [line for line in said.splitlines() if line.startswith("Checked ")]
    assert (code, len(calls) > 1) == (1, True), said
    assert sum(int(line.split(" in ")[1].split()[0].replace(",", "")) for line in calls) == SHARDS + 2
    assert "data/000 broken.jsonl:1" in said
    assert "data/zzz broken.jsonl:1" in said
    assert "DUP" not in said
    code, said = project.run("datalint-dataset")
    assert code == 1
    assert said.count("DUP101") == 1
    assert f"{last}:1:1: error DUP101" in said
    assert f"Checked {SHARDS + 2:,} records in {SHARDS + 2:,} files" in said


def test_files_that_git_takes_for_binary_are_not_passed_over(project: PreCommit) -> None:
    good = row("What is it?", "It is a lamp.")
    project.write({"a b.jsonl": good, "ü.ndjson": good, "wide.jsonl": good.decode().encode("utf-16")})
    code, said = project.run("datalint-check")
    assert code == 1
    assert "exit code: 3" in said
    assert "file (wide.jsonl is UTF-16, not UTF-8)" in said
    assert "in 3 files" in said


def test_what_the_config_excludes_stays_excluded(project: PreCommit) -> None:
    project.write({"old/a.jsonl": b"{\n", "a.jsonl": row("What is it?", "It is a lamp.")})
    project.write({"datalint.toml": b'exclude = ["old"]\n'})
    code, said = project.run("datalint-check")
    assert (code, "in 1 file " in said) == (0, True), said


def test_fixing_fails_until_there_is_nothing_to_fix(project: PreCommit) -> None:
    project.write({"a.jsonl": row("What is it?", "It is a lamp.\u200b")})
    code, said = project.run("datalint-fix")
    assert code == 1
    assert "Fixed 1 finding in 1 file." in said
    git(project.folder, "add", "-A")
    assert project.run("datalint-fix")[0] == 0


RULE = """
[rule]
code = "ACM001"
name = "lamp"
summary = "Answers name a lamp"
category = "suspicious"
[docs]
why = "Lamps are another team's."
[match]
any = [{ phrases = ["lamp"] }]
[[example]]
bad = '{"text": "It is a lamp."}'
[[example]]
good = '{"text": "%s"}'
"""


def test_the_rules_of_the_project_are_tested(project: PreCommit) -> None:
    project.write({"rules/lamp.toml": (RULE % "It is a door.").encode()})
    assert project.run("datalint-rules")[0] == 0
    project.write({"rules/lamp.toml": (RULE % "It is no lamp.").encode()})
    code, said = project.run("datalint-rules")
    assert (code, "1 failed" in said) == (1, True), said


def test_try_repo(project: PreCommit, clone: Path) -> None:
    """As the page on hooks says they may be tried."""
    project.write({"a.jsonl": row("What is it?", "It is a lamp.")})
    done = project("try-repo", str(clone), "datalint-check", "--files", "a.jsonl", "--verbose")
    assert done.returncode == 0, done.stdout
    assert "Checked 1 record in 1 file" in done.stdout


def test_the_hooks_that_init_writes(tmp_path: Path, environment: dict[str, str]) -> None:
    """As they are written, but for the installation: the package of this version need not be published yet."""
    repository, tools = tmp_path / "repository", tmp_path / "tools"
    project = PreCommit(repository, None, environment | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"})
    tools.mkdir()
    script = f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m datalint "$@"\n'
    (tools / "datalint").write_text(script)
    (tools / "datalint").chmod(0o755)
    pair = row("Which house is it?", "The one with the blue door, at the end of the lane.")
    project.write({"sub dir/data/a.jsonl": pair, "sub dir/data/b.jsonl": pair + b"{\n", "other.jsonl": b"{\n"})
    init = [str(tools / "datalint"), "init", "--pre-commit"]
    done = subprocess.run(init, cwd=repository / "sub dir", env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    path = repository / ".pre-commit-config.yaml"
    assert project("validate-config").returncode == 0
    config = yaml.safe_load(path.read_text())
    for hook in config["repos"][0]["hooks"]:
        assert hook.pop("additional_dependencies") == [f"llm-datalint=={__version__}"]
        hook["language"] = "system"
    project.write({".pre-commit-config.yaml": json.dumps(config).encode()})
    done = project("run", "datalint-check", "--all-files")
    assert (done.returncode, "other" in done.stdout) == (1, False), done.stdout
    assert "data/b.jsonl:2:" in done.stdout
    done = project("run", "datalint-dataset", "--all-files", "--hook-stage", "manual")
    assert done.returncode == 1
    assert "data/b.jsonl:1:1: error DUP101" in done.stdout
