"""How a run ends: the exit code and the last words, whatever the files, the rules or the user do to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from datalint.cli import main

Check = Callable[..., Result]
GOOD = '{"instruction": "Say hi.", "input": "", "output": "Hello there."}\n'
BAD = '{"instruction": "Say hi.", "input": "", "output": "bad"}\n'
RULES = """
from datalint import bad, good, rule

SAID = dict(fix="safe", fix_safety="Safe.", examples=(bad("{}", fixed="[]"), good("[]")))

@rule("ACM001", "bad-word", category="correctness", **SAID)
def check_bad(message):
    '''A bad word.

    It is a test.
    '''
    if message.text == "bad":
        yield message.finding((0, 3), "it is bad", fix=message.replace([((0, 3), "fine")], "mend it", "safe"))

def check_loud(message):
    print("so loud")
    assert message.text != "loud", "it is loud"

def check_broken(message):
    assert message.text != "broken" or message.nothing
"""


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """``datalint check`` in a project with rules of its own and a few files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.py").write_text(RULES)
    (tmp_path / "folder").mkdir()
    (tmp_path / "dead.jsonl").symlink_to("nowhere")
    for name, text in {
        "good": GOOD, "bad": GOOD + BAD, "loud": BAD.replace("bad", "loud"), "broken": BAD.replace("bad", "broken"),
        "none": "", "blank": "\n\n",
    }.items():  # fmt: skip
        (tmp_path / f"{name}.jsonl").write_text(text)

    def call(*arguments: str) -> Result:
        return CliRunner(env={"DATALINT_CONFIG": None}).invoke(main, ["check", "-p", "no:builtin", *arguments])

    return call


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("good.jsonl", 0, "All checks passed. Checked 1 record in 1 file in"),
        ("bad.jsonl", 1, "Checked 2 records in 1 file in"),
        ("bad.jsonl --exit-zero", 0, "1 error"),
        ("bad.jsonl --fail-level never", 0, "1 error"),
        ("loud.jsonl", 0, "1 warning"),
        ("loud.jsonl --fail-level warning", 1, "1 warning"),
        ("loud.jsonl --max-warnings 0", 1, "More than 0 warnings"),
        ("bad.jsonl --diff", 1, "+{"),
        ("loud.jsonl --diff", 0, "1 warning"),
        ("bad.jsonl --fix", 0, "Fixed 1 finding in 1 file."),
        ("bad.jsonl --fix --exit-non-zero-on-fix", 1, "Fixed 1 finding in 1 file."),
        ("bad.jsonl --fix --unfixable ACM001", 1, "1 error.\n"),
        ("broken.jsonl", 3, "Not checked: rule broken (broken.jsonl:1: AttributeError"),
        ("broken.jsonl --exit-zero", 3, "-> exit 3"),
        ("dead.jsonl", 3, "No file could be checked.\nNot checked: 1 file (dead.jsonl is a link that leads nowhere)"),
        ("bad.jsonl dead.jsonl", 3, "ACM001"),
        ("none.jsonl", 0, "There are no records to check in 1 file."),
        ("blank.jsonl", 0, "There are no records to check in 1 file."),
        ("good.jsonl -k nothing", 0, "No rule is on: nothing was judged."),
        ("good.jsonl --exclude good.jsonl --force-exclude", 0, "There are no files to check."),
        ("gone.jsonl --exit-zero", 2, "gone.jsonl does not exist"),
        ("folder", 2, "folder holds no data file"),
        ("good.jsonl --select ACM999", 2, "no rule, category or tag is called 'ACM999'"),
        ("good.jsonl --exclude [", 2, "'[' is never closed"),
        ("good.jsonl --rule-timeout 0", 2, "expected 0.001 or more"),
        ("good.jsonl --jobs 0", 2, "expected \"auto\" or a number above 0, got '0'"),
        ("good.jsonl --format nothing", 2, "no shape is named 'nothing'"),
        ("good.jsonl --executor nothing", 2, "no executor is called 'nothing'"),
        ("good.jsonl -p nothing", 2, "plugin nothing failed to load"),
    ],
)
def test_endings(check: Check, arguments: str, code: int, said: str) -> None:
    done = check(*arguments.split())
    assert done.exit_code == code, done.output
    assert said in done.output


@pytest.mark.parametrize(
    "wrong", ["--output-format=nope", "--report=nope=a.txt", "--output-file=no/such/out", "-ofolder"]
)
def test_what_cannot_be_written_is_said_before_anything_is_checked(
    check: Check, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setattr("datalint.run.check", None)
    assert check("bad.jsonl", wrong).exit_code == 2


def test_standard_output_is_for_the_report_alone(check: Check) -> None:
    done = check("loud.jsonl", "--output-format", "json")
    assert [f["code"] for f in json.loads(done.stdout)["findings"]] == ["loud"]
    assert "so loud" in done.stderr


def test_the_traceback_of_a_rule_is_shown_on_request(check: Check) -> None:
    assert "Traceback" not in check("broken.jsonl").output
    assert "AttributeError" in check("broken.jsonl", "-v").stderr


def test_a_plugin_that_wants_to_leave_is_named(check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "leaver.py").write_text("raise SystemExit(0)")
    monkeypatch.syspath_prepend(tmp_path)
    done = check("good.jsonl", "-p", "leaver")
    assert (done.exit_code, done.stderr) == (2, "error: plugin leaver failed to load: SystemExit: 0\n")


def test_closed_standard_input_is_told(check: Check, tmp_path: Path) -> None:
    script = f"{sys.executable} -c 'from datalint.cli import main; main()' check - -p no:builtin <&-"
    done = subprocess.run(["sh", "-c", script], capture_output=True, cwd=tmp_path)
    assert (done.returncode, b"(- is closed)" in done.stdout) == (3, True)


@pytest.mark.skipif(os.name == "nt", reason="signals of its own")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_nothing_behind(check: Check, tmp_path: Path, number: int) -> None:
    ready = tmp_path / "ready"
    wait = "def check_wait(record):\n    import pathlib, time\n    pathlib.Path('ready').touch()\n    time.sleep(60)\n"
    (tmp_path / "rules" / "wait.py").write_text(wait)
    command = [sys.executable, "-c", "from datalint.cli import main; main()", "check", "good.jsonl", "bad.jsonl"]
    options = ["-p", "no:builtin", "--executor", "processes", "--jobs", "2", "--rule-timeout", "60", "-k", "wait"]
    run = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, cwd=tmp_path, start_new_session=True)
    while not ready.exists():
        time.sleep(0.01)
    run.send_signal(number)
    _, said = run.communicate(timeout=30)
    assert (run.returncode, said) == (130, b"\ninterrupted\n")
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)
