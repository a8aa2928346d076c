"""What shells are offered, and that nothing slow is loaded for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner

from datalint.cli import main


def offered(line: str) -> list[str]:
    """The words offered at the end of a command line."""
    *before, last = line.split(" ")
    complete = BashComplete(main, {}, "datalint", "_DATALINT_COMPLETE")
    return [item.value for item in complete.get_completions(before, last)]


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a rule of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.toml").write_text('[rule]\ncode = "ZZZ001"\nname = "zebra"\ntags = ["herd"]\n')
    return tmp_path


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("check --select ZZ", ["ZZZ", "ZZZ001"]),
        ("check --select PII,zeb", ["PII,zebra"]),
        ("check --ignore tag:he", ["tag:herd"]),
        ("check --extend-select susp", ["suspicious"]),
        ("rule zeb", ["zebra"]),
        ("rules --select ZZZ0", ["ZZZ001"]),
        ("check --output-format rd", ["rdjson", "rdjsonl"]),
        ("check --report sa", ["sarif="]),
        ("check --scope d", ["dataset"]),
        ("check --fail-level w", ["warning"]),
        ("check --format sharegpt-", []),
        ("check --format auto", ["auto"]),
        ("config extend-s", ["extend-select", "extend-safe-fixes"]),
        ("completion ", ["bash", "zsh", "fish"]),
        ("repo", ["report"]),
        ("check --select nothing-of-ours", []),
    ],
)
def test_words(line: str, wanted: list[str]) -> None:
    assert offered(line) == wanted


@pytest.mark.parametrize("line", ["check da", "report da", "formats da", "check --output-file da", "test ru"])
def test_files_are_left_to_the_shell(line: str) -> None:
    *before, last = line.split(" ")
    (item,) = BashComplete(main, {}, "datalint", "_DATALINT_COMPLETE").get_completions(before, last)
    assert (item.type, item.value) == ("file", last)


def test_codes_come_with_a_first_letter_and_names_with_their_codes() -> None:
    assert "ZZZ001" not in offered("check --select ")
    complete = BashComplete(main, {}, "datalint", "_DATALINT_COMPLETE")
    helps = {item.value: item.help for item in complete.get_completions(["check", "--select"], "zeb")}
    assert helps == {"zebra": "ZZZ001"}


def test_a_broken_config_does_not_disturb_typing(project: Path) -> None:
    (project / "datalint.toml").write_text("selekt = 3\n")
    assert offered("check --select ZZZ") == []
    assert "PII101" in offered("check --select PII1")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts(shell: str) -> None:
    done = CliRunner().invoke(main, ["completion", shell])
    assert done.exit_code == 0
    assert f"_DATALINT_COMPLETE={shell}_complete" in done.stdout
    if path := shutil.which(shell):
        said = subprocess.run([path, "-n"], input=done.stdout, capture_output=True, text=True)
        assert (said.returncode, said.stderr) == (0, "")


def test_an_unknown_shell_is_refused() -> None:
    done = CliRunner().invoke(main, ["completion", "tcsh"])
    assert done.exit_code == 2
    assert "'bash', 'zsh', 'fish'" in done.stderr


def test_completing_rules_loads_none() -> None:
    ask = "import sys\nfrom datalint.cli import main\ntry:\n    main(prog_name='datalint')\nexcept SystemExit: pass\n"
    ask += "print('loaded:', *{m.split('.')[0] for m in sys.modules})"
    env = os.environ | {
        "_DATALINT_COMPLETE": "bash_complete",
        "COMP_WORDS": "datalint check --select PII1",
        "COMP_CWORD": "3",
    }
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, env=env)
    said, _, loaded = done.stdout.partition("loaded:")
    assert "plain,PII101" in said
    assert {"datalint_rules", "pluggy", "numpy", "orjson"} & {*loaded.split()} == set()
