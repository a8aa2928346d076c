"""The command line: options reach the settings, reports reach their places, and every ending has its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from outcomes import story

from datalint import run
from datalint.cli import main
from datalint.cli import run as guarded
from datalint.cli.check import command
from datalint.config import KEYS, Settings
from datalint.errors import ConfigError
from datalint.outcome import Outcome

ENVIRONMENT = dict.fromkeys(
    ("FORCE_COLOR", "CLICOLOR_FORCE", "NO_COLOR", "CI", "DATALINT_CONFIG", "DATALINT_ALLOW_UNREDACTED")
)
Check = Callable[..., Result]
MAIL = "ada@example.org"


class Run:
    """Stands for ``run.check``: keeps the settings, gives a story."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.outcome: Outcome = story()
        self.raises: BaseException | None = None

    def __call__(self, settings: Settings, *, progress: Any = None) -> Outcome:
        self.settings = settings
        if self.raises is not None:
            raise self.raises
        return self.outcome


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """``run.check`` replaced, in an empty folder."""
    made = Run()
    monkeypatch.setattr(run, "check", made)
    monkeypatch.chdir(tmp_path)
    return made


@pytest.fixture
def check(fake: Run) -> Check:
    """``datalint check`` with arguments."""

    def call(*arguments: str, **environ: str) -> Result:
        return CliRunner(env=ENVIRONMENT | environ).invoke(main, ["check", *arguments], prog_name="datalint")

    return call


# ---- options ----


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], {"paths": (), "fix": False, "output_format": "concise", "progress": None}),
        (["a.jsonl", "b"], {"paths": ("a.jsonl", "b")}),
        (["--select", "A,B", "--select", "C"], {"select": ("A", "B", "C")}),
        (["--ignore", "A", "--extend-select", "B,C"], {"ignore": ("A",), "extend_select": ("B", "C")}),
        (["-k", "pii and not phone"], {"keyword": "pii and not phone"}),
        (["--scope", "record,file"], {"scopes": frozenset({"record", "file"})}),
        (["--preview"], {"preview": True}),
        (["--fix", "--unsafe-fixes"], {"fix": True, "unsafe_fixes": True}),
        (["--fix", "--no-fix"], {"fix": False}),
        (["--fixable", "A", "--unfixable", "B"], {"fixable": ("A",), "unfixable": ("B",)}),
        (["--extend-safe-fixes", "A", "--extend-unsafe-fixes", "B"],
         {"extend_safe_fixes": ("A",), "extend_unsafe_fixes": ("B",)}),
        (["--diff", "--show-fixes", "--fix-only", "--exit-non-zero-on-fix"],
         {"diff": True, "show_fixes": True, "fix_only": True, "exit_non_zero_on_fix": True}),
        (["--statistics", "--max-per-rule", "0"], {"statistics": True, "max_per_rule": 0}),
        (["--no-redact", "--color", "never", "--no-progress"], {"redact": False, "color": "never", "progress": False}),
        (["-q", "-vv"], {"quiet": True, "verbose": 2}),
        (["--fail-level", "warning", "--max-warnings", "3"], {"fail_level": "warning", "max_warnings": 3}),
        (["--maxfail", "7"], {"maxfail": 7}),
        (["-x"], {"maxfail": 1}),
        (["-e"], {"exit_zero": True}),
        (["--exclude", "*.tmp", "--force-exclude", "--no-respect-gitignore"],
         {"exclude": ("*.tmp",), "force_exclude": True, "respect_gitignore": False}),
        (["--format", "alpaca", "--stdin-filename", "x.jsonl"], {"format": "alpaca", "stdin_filename": "x.jsonl"}),
        (["-j", "3"], {"jobs": 3}),
        (["-j", "auto"], {"jobs": "auto"}),
        (["--rule-timeout", "2.5"], {"rule_timeout": 2.5}),
        (["--no-python-rules"], {"python_rules": False}),
        (["-p", "no:acme", "-p", "mine"], {"plugins_off": ("acme",), "plugins_on": ("mine",)}),
        (["--config", "max-per-rule = 3", "--isolated"], {"max_per_rule": 3, "isolated": True}),
    ],
)  # fmt: skip
def test_options_become_settings(check: Check, fake: Run, arguments: list[str], wanted: dict[str, Any]) -> None:
    check(*arguments)
    assert {name: getattr(fake.settings, name) for name in wanted} == wanted


def test_paths_of_options_are_seen_from_here(check: Check, fake: Run, tmp_path: Path) -> None:
    check("-o", "out.txt", "--quarantine", "q.jsonl", "--report", "json=r.json")
    found = fake.settings
    assert (found.output_file, found.quarantine) == (tmp_path / "out.txt", tmp_path / "q.jsonl")
    assert dict(found.reports) == {"json": (tmp_path / "r.json",)}


@pytest.mark.parametrize(
    ("name", "value", "field", "wanted"),
    [
        ("DATALINT_OUTPUT_FORMAT", "grouped", "output_format", "grouped"),
        ("DATALINT_JOBS", "2", "jobs", 2),
        ("DATALINT_CONFIG", "max-per-rule = 4", "max_per_rule", 4),
    ],
)
def test_environment(check: Check, fake: Run, name: str, value: str, field: str, wanted: Any) -> None:
    check(**{name: value})
    assert getattr(fake.settings, field) == wanted


def test_every_option_with_a_key_is_offered_and_explained() -> None:
    offered = {p.name for p in command.params if isinstance(p, click.Option)}
    assert {k.field for k in KEYS.values() if k.cli and not k.cli.startswith("-p ")} <= offered
    assert all(p.help for p in command.params if isinstance(p, click.Option))


def test_help_is_by_topic(check: Check) -> None:
    said = check("--help").output
    topics = [line[:-1] for line in said.split("\n") if line.endswith(":") and not line.startswith(" ")]
    wanted = [
        "Rules",
        "Fixing",
        "Held back",
        "Output",
        "Failing",
        "Files",
        "Chat template",
        "Training",
        "Running",
        "Options",
    ]
    assert topics == wanted


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--nonsense"], "No such option"),
        (["--fail-level", "fatal"], "'fatal' is not one of"),
        (["--max-warnings", "many"], "not a valid integer"),
        (["--jobs", "0"], "a number above 0"),
        (["--scope", "recrod"], "did you mean 'record'?"),
        (["--report", "json"], "not of the form FORMAT=PATH"),
        (["--output-format", "concice"], "did you mean 'concise'?"),
        (["--config", "selct = []"], "did you mean 'select'?"),
        (["--config", "none.toml"], "does not exist"),
    ],
)
def test_wrong_use_is_exit_2_with_one_clear_message(check: Check, arguments: list[str], said: str) -> None:
    done = check(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


# ---- endings ----


@pytest.mark.parametrize(
    ("raises", "code", "said"),
    [
        (ConfigError("unknown key 'x'", place="datalint.toml:3", hint="did you mean 'y'?"), 2,
         "error: unknown key 'x'\n  --> datalint.toml:3\n  = help: did you mean 'y'?\n"),
        (ConfigError("bad \x1b[31m name"), 2, "error: bad ␛[31m name\n"),
        (KeyboardInterrupt(), 130, "\ninterrupted\n"),
        (BrokenPipeError(), 141, ""),
    ],
)  # fmt: skip
def test_endings(check: Check, fake: Run, raises: BaseException, code: int, said: str) -> None:
    fake.raises = raises
    done = check()
    assert (done.exit_code, done.stderr) == (code, said)


@pytest.mark.parametrize(("arguments", "code"), [([], 3), (["-e"], 3)])
def test_exit_code_of_the_report(check: Check, arguments: list[str], code: int) -> None:
    assert check(*arguments).exit_code == code


def test_exit_code_of_findings(check: Check, fake: Run) -> None:
    fake.outcome.not_checked.clear()
    assert check().exit_code == 1
    assert check("--exit-zero").exit_code == 0
    assert check("--fail-level", "never").exit_code == 0


# ---- where things go ----


def test_text_goes_to_stdout_with_the_verdict(check: Check) -> None:
    done = check()
    assert done.stdout.startswith("data/train.jsonl:1:1: info JSN203")
    assert "Checked 6 records" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_a_machine_format_is_all_of_stdout(check: Check, name: str) -> None:
    done = check("--output-format", name)
    assert [json.loads(line) for line in ([done.stdout] if name == "json" else done.stdout.splitlines())]
    assert "Checked 6 records" in done.stderr
    assert check("--output-format", name, "-s").stdout == ""


def test_quiet_shows_findings_and_what_was_not_checked(check: Check) -> None:
    done = check("-q")
    assert "Checked" not in done.stdout
    assert done.stderr == "Not checked: 1 file (data/old.jsonl is a Git LFS pointer).   -> exit 3\n"


def test_silent_shows_nothing(check: Check) -> None:
    done = check("-s")
    assert (done.exit_code, done.stdout, done.stderr) == (3, "", "")


def test_one_run_writes_many_reports(check: Check, tmp_path: Path) -> None:
    done = check("-o", "out.txt", "--report", "json=a.json", "--report", "jsonl=b.jsonl")
    assert done.stdout == ""
    assert "Checked 6 records" in done.stderr
    assert "Checked 6 records" in (tmp_path / "out.txt").read_text()
    assert len(json.loads((tmp_path / "a.json").read_text())["findings"]) == 8
    assert len((tmp_path / "b.jsonl").read_text().splitlines()) == 10


def test_statistics(check: Check) -> None:
    assert check("--statistics").stdout.startswith("1  BAL101  [ ] one-source")
    assert json.loads(check("--statistics", "--output-format", "json").stdout)["rules"][0]["code"] == "BAL101"


def test_a_diff_is_all_of_stdout_and_findings_go_beside_it(check: Check, fake: Run) -> None:
    fake.outcome.diffs.append(f"--- a.jsonl\n+++ a.jsonl\n@@ -3 +3 @@\n-{MAIL}\n+[EMAIL]\n")
    done = check("--diff")
    assert done.stdout == "--- a.jsonl\n+++ a.jsonl\n@@ -3 +3 @@\n-a***@***\n+[EMAIL]\n"
    assert "CHT102" in done.stderr
    colored = check("--diff", "--color", "always").stdout
    assert "\x1b[32m+[EMAIL]\x1b[0m\n" in colored


def test_verbose_tells_of_the_run(check: Check) -> None:
    said = check("-v").stderr
    assert said == "config: none\nrules: 8 of 8\nformats: messages 6\n"


@pytest.mark.parametrize(
    ("arguments", "environ", "shown"),
    [
        ([], {}, False),
        (["--no-redact"], {}, False),
        (["--no-redact"], {"DATALINT_ALLOW_UNREDACTED": "1"}, True),
        ([], {"DATALINT_ALLOW_UNREDACTED": "1"}, False),
    ],
)
def test_secrets_show_only_with_leave(check: Check, arguments: list[str], environ: dict[str, str], shown: bool) -> None:
    for name in ("concise", "full", "jsonl"):
        done = check(*arguments, "--output-format", name, "-o", "out", "--report", "json=r.json", **environ)
        assert done.exit_code == 3
        said = Path("out").read_text() + Path("r.json").read_text()
        assert (MAIL in said) is shown


def test_color_on_request(check: Check) -> None:
    assert "\x1b[" not in check().stdout
    assert "\x1b[" in check("--color", "always").stdout
    assert "\x1b[" in check(FORCE_COLOR="1").stdout


def test_a_file_that_cannot_be_written_is_a_message(check: Check) -> None:
    done = check("-o", "no/such/out")
    assert done.exit_code == 2
    assert "does not exist" in done.stderr


# ---- whole processes ----


def process(*arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """``datalint`` in a process of its own."""
    return subprocess.run([sys.executable, "-c", "from datalint.cli import main; main()", *arguments], **more)


def test_version_loads_nothing_but_click() -> None:
    script = (
        "import sys\nfrom datalint.cli import main\ntry: main(['--version'])\nexcept SystemExit: pass\n"
        "print([m for m in sys.modules if m.startswith(('datalint.', 'numpy', 'pluggy', 'regex', 'orjson'))])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "datalint, version 0.1.0\n['datalint.cli']\n"


def test_a_closed_pipe_is_silent(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "Hi"}]}\n')
    reader, writer = os.pipe()
    os.close(reader)
    done = process("check", str(path), "--isolated", stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_closed_stdout_is_silent(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"messages": [\n')
    script = f"{sys.executable} -c 'from datalint.cli import main; main()' check {path} --isolated >&-"
    done = subprocess.run(["sh", "-c", script], capture_output=True)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_a_message(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "Hi"}]}\n')
    with open("/dev/full", "wb") as full:
        done = process("check", str(path), "--isolated", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert b"cannot write the report" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding_of_the_terminal_will_do(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "谢.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "谢谢"}]}\n')
    environ = os.environ | {"PYTHONIOENCODING": encoding}
    for name in ("full", "concise", "json"):
        done = process("check", str(path), "--isolated", "--output-format", name, capture_output=True, env=environ)
        assert done.returncode in (0, 1)
        assert b"Traceback" not in done.stderr
        text = done.stdout.decode("utf-8" if name == "json" else encoding)
        assert name != "json" or json.loads(text)["findings"][0]["path"].endswith("谢.jsonl")


def test_unknown_commands_bring_a_hint() -> None:
    done = CliRunner(env=ENVIRONMENT).invoke(main, ["chek"], prog_name="datalint")
    assert done.exit_code == 2
    assert "Did you mean 'check'?" in done.stderr


def test_listing_files_and_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text("{}\n")
    done = CliRunner(env=ENVIRONMENT).invoke(main, ["check", "--isolated", "--show-files"])
    assert (done.exit_code, done.stdout) == (0, "a.jsonl\n")
    done = CliRunner(env=ENVIRONMENT).invoke(main, ["check", "--isolated", "--collect-only"])
    assert done.exit_code == 0
    assert done.stdout.split("\n\n")[1] == "a.jsonl"


def test_a_crash_of_datalint_itself_is_exit_3_and_says_so(monkeypatch, capsys) -> None:
    def broken() -> int:
        raise RuntimeError("oh no")

    assert guarded(broken) == 3
    told = capsys.readouterr().err
    assert "RuntimeError: oh no" in told
    assert "datalint itself crashed" in told
