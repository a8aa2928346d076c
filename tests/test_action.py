"""The action for GitHub: its shell steps run here, as the runner would run them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import regex
import yaml

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
EXPRESSION = regex.compile(r"\$\{\{\s*(.*?)\s*\}\}")
BAD = '{"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}, {"role": "assistant", "content": "c."}]}'

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


class Runner:
    """As much of a runner as the action needs: expressions for inputs, variables, files for output and summary."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        self.workspace.mkdir()
        self.tools = folder / "tools"
        self.tools.mkdir()
        self.output, self.summary, self.installed = (folder / name for name in ("output", "summary", "installed"))
        python = f'#!/bin/sh\nif [ "$1 $2" = "-m pip" ]; then echo "$@" >> {self.installed}; else exec {sys.executable} "$@"; fi\n'
        for name, script in (("python", python), ("datalint", f'#!/bin/sh\nexec {sys.executable} -m datalint "$@"\n')):
            (self.tools / name).write_text(script)
            (self.tools / name).chmod(0o755)

    def __call__(self, name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        step = STEPS[name]
        known = {f"inputs.{key}": str(value["default"]) for key, value in ACTION["inputs"].items()}
        known |= {f"inputs.{key.replace('_', '-')}": value for key, value in inputs.items()}
        known["github.action_path"] = str(ROOT)
        variables = {key: _filled(value, known) for key, value in step["env"].items()}
        assert not EXPRESSION.search(step["run"])
        script = self.tools / "step.sh"
        script.write_text(step["run"])
        path = os.pathsep.join([str(self.tools), os.environ["PATH"]])
        files = {"GITHUB_OUTPUT": str(self.output), "GITHUB_STEP_SUMMARY": str(self.summary), "PATH": path}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace / _filled(step.get("working-directory", "."), known),
            env=os.environ | files | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | variables,
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    def outputs(self) -> dict[str, str]:
        lines = self.output.read_text().splitlines() if self.output.exists() else []
        return dict(line.split("=", 1) for line in lines)


def _filled(text: str, known: Mapping[str, str]) -> str:
    return EXPRESSION.sub(lambda found: known[found[1]], text)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def put(runner: Runner, name: str, text: str) -> None:
    path = runner.workspace / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")


def test_every_input_is_told_and_used() -> None:
    text = (ROOT / "action.yml").read_text()
    for name, said in ACTION["inputs"].items():
        assert said["description"], name
        assert f"inputs.{name}" in text
    page = (ROOT / "docs/ci.md").read_text()
    for name in (*ACTION["inputs"], *ACTION["outputs"]):
        assert f"`{name}`" in page


def test_it_installs_itself_or_what_it_is_told(runner: Runner) -> None:
    assert runner("Install datalint").returncode == 0
    assert runner("Install datalint", requirement="llm-datalint==9.9").returncode == 0
    first, second = runner.installed.read_text().splitlines()
    assert first.endswith(f" {ROOT}")
    assert second.endswith(" llm-datalint==9.9")


def test_findings_are_annotations_a_summary_and_the_exit_code(runner: Runner) -> None:
    put(runner, "data/a.jsonl", BAD)
    done = runner("Check")
    assert done.returncode == 1, done.stderr
    assert "::error title=datalint CHT102 consecutive-roles,file=data/a.jsonl,line=1" in done.stdout
    assert "CHT102" in runner.summary.read_text()
    assert runner.outputs() == {"exit-code": "1"}


def test_paths_and_arguments(runner: Runner) -> None:
    put(runner, "data/a b.jsonl", BAD)
    put(runner, "-c.jsonl", BAD)
    put(runner, "other.jsonl", BAD)
    done = runner("Check", paths="data/a b.jsonl\n\n-c.jsonl\n", args="-k 'consecutive-roles or refusal' --exit-zero")
    assert done.returncode == 0, done.stderr
    assert "Checked 2 records in 2 files" in done.stdout
    assert "other" not in done.stdout


def test_nothing_in_an_input_is_run(runner: Runner) -> None:
    done = runner("Check", paths="$(touch ran)`touch ran`; touch ran", args="--select '$(touch ran)'")
    assert done.returncode == 2
    assert not (runner.workspace / "ran").exists()


def test_sarif(runner: Runner) -> None:
    put(runner, "sub/a.jsonl", BAD)
    assert runner("Check", sarif="found.sarif", working_directory="sub").returncode == 1
    assert runner.outputs() == {"exit-code": "1", "sarif": "sub/found.sarif"}
    (run,) = json.loads((runner.workspace / "sub/found.sarif").read_text())["runs"]
    assert run["results"][0]["ruleId"] == "CHT102"
    assert STEPS["Upload to code scanning"]["with"]["sarif_file"] == "${{ steps.check.outputs.sarif }}"


def test_wrong_use_ends_with_2_and_says_so(runner: Runner) -> None:
    put(runner, "a.jsonl", BAD)
    done = runner("Check", args="--fail-level nonsense", sarif="x.sarif")
    assert done.returncode == 2
    assert runner.outputs() == {"exit-code": "2"}
