"""Saved reports: told again they say what the run said, and a file that is none, or not all of one, is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import regex
from click.testing import CliRunner, Result
from outcomes import settings

from datalint import saved
from datalint.cli import main
from datalint.errors import UsageError
from datalint.reporters import reporter

CONFIG = """
select = ["TXT", "JSN", "PII", "CHT", "DUP"]
[[overrides]]
files = ["sub/*"]
ignore = ["TXT"]
"""
MAIL = "zorvath.kimmel@brightmail.net"
FORMATS = ("concise", "full", "grouped", "json", "jsonl", "gitlab", "markdown", "rdjson", "rdjsonl", "sarif", "github")


def chat(*texts: str) -> str:
    roles = ("user", "assistant")
    return json.dumps(
        {"messages": [{"role": roles[n % 2], "content": t} for n, t in enumerate(texts)]}, ensure_ascii=False
    )


def run(*arguments: str, text: str | None = None) -> Result:
    done = CliRunner().invoke(main, arguments, input=text)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with data in lines and in an array, and its saved reports one folder up."""
    project = tmp_path / "project"
    (project / "sub").mkdir(parents=True)
    (project / "datalint.toml").write_text(CONFIG)
    (project / "a.jsonl").write_text(
        "\n".join([chat("Hi 😀", "Good  \nday.  "), "", chat(f"I am {MAIL}.", "Hello\u200b there"), "{broken",
                   '{"id": "x", "id": "y", "messages": [{"role": "user", "content": "Hi"}, {"role": "user", "content": ""}]}',
                   chat("Hi 😀", "Good  \nday.  ")]), encoding="utf-8",
    )  # fmt: skip
    (project / "sub" / "b.json").write_text(
        f"[{chat('é', '')}, {chat('é', ' x', '')},\n{chat('Hi', '')}]", encoding="utf-8"
    )
    monkeypatch.chdir(project)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    for name in ("json", "jsonl"):
        run("check", ".", "--output-format", name, "--output-file", f"../r.{name}")
    return project


def check(name: str, *more: str) -> tuple[str, int]:
    done = run("check", ".", "--output-format", name, *more)
    return timeless(done.stdout), done.exit_code


def told(name: str, *more: str, file: str = "../r.jsonl") -> tuple[str, int]:
    done = run("report", file, "--output-format", name, *more)
    return timeless(done.stdout), done.exit_code


def timeless(text: str) -> str:
    """The text without the time the run took, which is not saved."""
    return regex.sub(r"(Checked .* files?) in [\d.]+ s", r"\1", text)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("saved", ["../r.jsonl", "../r.json"])
def test_a_saved_report_says_what_the_run_said(folder: Path, name: str, saved: str) -> None:
    assert check(name) == told(name, file=saved)


@pytest.mark.parametrize("more", [("--max-per-rule", "1"), ("--statistics",), ("--quiet",)])
def test_options_of_output_hold(folder: Path, more: tuple[str, ...]) -> None:
    assert check("concise", *more) == told("concise", *more)


def test_it_may_come_from_standard_input_or_be_formatted_anew(folder: Path) -> None:
    wanted = told("concise")
    text = Path("../r.json").read_text()
    done = run("report", "-", "--output-format", "concise", text=text)
    assert (timeless(done.stdout), done.exit_code) == wanted
    for spelled in (json.dumps(json.loads(text), indent=2), json.dumps(json.loads(text))):
        Path("../other.json").write_text(spelled)
        assert told("concise", file="../other.json") == wanted


def test_several_reports_go_to_files_and_one_to_standard_output(folder: Path) -> None:
    done = run(
        "report", "../r.jsonl", "--report", "sarif=../a.sarif", "--report", "sarif=../b.sarif", "--report", "gitlab=-"
    )
    assert isinstance(json.loads(done.stdout), list)
    assert Path("../a.sarif").read_bytes() == Path("../b.sarif").read_bytes() != b""


def test_reports_that_the_config_names_are_left_alone(folder: Path) -> None:
    Path("datalint.toml").write_text('output-file = "../x.txt"\nreports = { json = "../y.json" }\n' + CONFIG)
    run("report", "../r.jsonl")
    assert not Path("../x.txt").exists()
    assert not Path("../y.json").exists()


def test_records_are_shown_only_where_they_still_say_the_same(folder: Path) -> None:
    whole = told("full")[0]
    assert "assistant: Hello<U+200B> there" in whole
    path = Path("a.jsonl")
    path.write_text(path.read_text(encoding="utf-8").replace("there", "you"), encoding="utf-8")
    changed = told("full")[0]
    assert "Hello<U+200B>" not in changed
    assert "user: Hi 😀" in changed
    path.write_text("\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert "user: Hi 😀" not in told("full")[0]
    path.unlink()
    os.mkdir("a.jsonl")
    gone, code = told("full")
    assert "PII101" in gone
    assert code == 1


@pytest.mark.parametrize("name", FORMATS)
def test_secrets_stay_masked(folder: Path, name: str) -> None:
    for more in ((), ("--max-per-rule", "0")):
        done = run("report", "../r.jsonl", "--output-format", name, *more)
        assert "orvath" not in done.stdout + done.stderr


def test_secrets_stay_masked_where_the_config_would_show_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATALINT_ALLOW_UNREDACTED", "1")
    Path("datalint.toml").write_text("redact = false\n" + CONFIG)
    for name in ("rdjson", "sarif"):
        assert "z***@***" not in told(name)[0].partition('"suggestions"')[2].partition("\n")[0]
        assert "fixes" not in json.dumps(
            [r for r in json.loads(told("sarif")[0])["runs"][0]["results"] if r["ruleId"] == "PII101"]
        )


def test_rules_that_are_not_known_here_are_told_by_their_names(folder: Path) -> None:
    text = Path("../r.jsonl").read_text().replace("DUP101", "ACM001").replace("exact-duplicate", "acme-rule")
    Path("../other.jsonl").write_text(text)
    said, code = told("concise", file="../other.jsonl")
    assert "error ACM001 " in said
    assert said.count("[acme-rule]") >= 1
    assert code == 1
    assert "ACM001" in told("sarif", file="../other.jsonl")[0]


HEAD = (
    '{"schema":"https://datalint.example/schema/report-1.json","version":1,"tool":{"name":"datalint","version":"0"}}\n'
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "is empty"),
        ("hello\n", "is no report of datalint"),
        ("[1]\n", "is no report of datalint"),
        ('{"a": 1}\n', "is no report of datalint"),
        ('{"version": "2.1.0", "runs": []}', "is no report of datalint"),
        (HEAD, "is cut off: its summary is missing"),
        (HEAD.replace("report-1", "statistics-1"), "holds counts only"),
        (HEAD.replace("report-1", "report-2"), "was made by another version"),
    ],
)
def test_files_that_are_no_reports_are_refused(folder: Path, text: str, wanted: str) -> None:
    Path("../other.jsonl").write_text(text)
    done = run("report", "../other.jsonl")
    assert done.exit_code == 2
    assert wanted in done.stderr


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_reports_that_are_cut_off_are_refused_wherever_that_is(folder: Path, name: str) -> None:
    whole = Path(f"../r.{name}").read_bytes()
    cuts = range(1, len(whole) - 1, max(1, len(whole) // 60))
    for size in (*cuts, len(whole) - 3, len(whole) - 2):
        Path("../cut").write_bytes(whole[:size])
        done = run("report", "../cut")
        assert done.exit_code == 2, size
        assert any(said in done.stderr for said in ("cut off", "no report")), (size, done.stderr)


def test_reports_that_lost_findings_or_were_changed_are_refused(folder: Path) -> None:
    lines = Path("../r.jsonl").read_text().splitlines(keepends=True)
    for changed, wanted in (
        ([lines[0], *lines[2:]], "it holds"),
        ([*lines[:1], lines[1].replace('"severity":"', '"severity":"x'), *lines[2:]], "holds a finding that is none"),
        ([*lines[:1], '{"code":"X"}\n', *lines[1:]], "holds a finding that is none"),
        ([*lines[:2], "oops\n", *lines[2:]], "this line is no part of a report"),
    ):
        Path("../other.jsonl").write_text("".join(changed))
        done = run("report", "../other.jsonl")
        assert (done.exit_code, wanted in done.stderr) == (2, True), done.stderr


def test_a_file_that_is_not_there() -> None:
    done = run("report", "nowhere.jsonl")
    assert (done.exit_code, done.stderr) == (2, "error: cannot read nowhere.jsonl: no such file or directory\n")


def test_findings_that_somebody_wrote_do_not_crash_it(folder: Path) -> None:
    lines = Path("../r.jsonl").read_text().splitlines()
    whole = next(json.loads(line) for line in lines if "TXT101" in line or "TXT102" in line)
    at = next(n for n, line in enumerate(lines) if '"code":"TXT102"' in line)
    wanted = settings(cwd=folder, root=folder, rule_paths=())
    refused = 0
    for name in whole:
        for junk in (None, 3, -1, "x", "/a/0", [], [1], [2, 1], {}, {"index": "x"}, True, 1.5):
            lines[at] = json.dumps(whole | {name: junk})
            Path("../other.jsonl").write_text("\n".join(lines) + "\n")
            try:
                made = saved.load(Path("../other.jsonl"), wanted)
                for told_as in ("full", "sarif", "rdjson", "junit"):
                    assert "".join(reporter(told_as).render(saved.SavedReport(made, wanted)))
            except UsageError:
                refused += 1
    assert refused > 100
