"""The commands that tell about a project: rules, rule, formats, config, plugins, version."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datalint import __version__
from datalint.cli import main
from datalint.config import KEYS

RULE = """
[rule]
code = "{code}"
name = "{name}"
summary = "Answers say {name}"
category = "{category}"
tags = ["{tag}"]
[docs]
why = "Why it matters."
[options.words]
type = "list[str]"
default = ["x"]
doc = "Which words."
[match]
any = [{{ phrases = {{ option = "words" }} }}]
[[example]]
bad = '{{"text": "x"}}'
[[example]]
good = '{{"text": "y"}}'
"""


@pytest.fixture(autouse=True)
def only_rules_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datalint.own_rules.CARDS", ())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    rules = tmp_path / "rules"
    rules.mkdir()
    for code, name, category, tag in (
        ("ACM001", "first", "suspicious", "one"),
        ("ACM002", "second", "pedantic", "two"),
        ("BCM001", "third", "style", "two"),
    ):
        text = RULE.format(code=code, name=name, category=category, tag=tag)
        (rules / f"{name}.toml").write_text(text)
    (tmp_path / "datalint.toml").write_text(
        'ignore = ["BCM"]\nplugins-off = ["builtin"]\n\n[severity]\nerror = ["ACM"]\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATALINT_DISABLE_PLUGIN_AUTOLOAD", "1")
    return tmp_path


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, arguments, prog_name="datalint")
    assert result.exit_code == code, result.output
    return result


def test_rules(project: Path) -> None:
    assert (
        run("rules").stdout
        == """\
code    name    category    severity  fix  status  here  summary
ACM001  first   suspicious  error     -    stable  on    Answers say first
ACM002  second  pedantic    info      -    stable  off   Answers say second
BCM001  third   style       info      -    stable  off   Answers say third

3 rules, 1 of them on here. `datalint rule NAME` tells all about one.
"""
    )


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (["--enabled"], ["ACM001"]),
        (["--enabled", "--select", "ALL"], ["ACM001", "ACM002", "BCM001"]),
        (["--enabled", "--extend-select", "second"], ["ACM001", "ACM002"]),
        (["--enabled", "-k", "second"], []),
        (["--category", "style", "--category", "pedantic"], ["ACM002", "BCM001"]),
        (["--tag", "two"], ["ACM002", "BCM001"]),
        (["--enabled", "--config", "ignore = []"], ["ACM001", "BCM001"]),
        (["--enabled", "--isolated", "-p", "no:builtin"], ["ACM001", "BCM001"]),
    ],
)
def test_rules_can_be_filtered(project: Path, arguments: list[str], codes: list[str]) -> None:
    listed = json.loads(run("rules", "--output-format", "json", *arguments).stdout)
    assert [entry["code"] for entry in listed] == codes


def test_rules_tell_why(project: Path) -> None:
    listed = json.loads(run("rules", "--output-format", "json").stdout)
    assert {entry["code"]: entry["reason"] for entry in listed} == {
        "ACM001": "enabled by select = 'DEFAULT'",
        "ACM002": "pedantic: not in DEFAULT",
        "BCM001": "disabled by ignore = 'BCM'",
    }


def test_rules_as_markdown(project: Path) -> None:
    lines = run("rules", "--output-format", "markdown", "--enabled").stdout.splitlines()
    assert lines[-1] == "| ACM001 | first | suspicious | warning |  | on | Answers say first |"


def test_rule(project: Path) -> None:
    text = run("rule", "first").stdout
    assert text.startswith("# first (ACM001)\n\nAnswers say first.\n")
    assert '### words\n\nWhich words.\n\nType `list[str]`; default `["x"]`.' in text
    assert run("rule", "ACM", "third").stdout.count("\n# ") == 2
    told = json.loads(run("rule", "--all", "--output-format", "json").stdout)
    assert [entry["name"] for entry in told] == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rule"], "name a rule, or give --all"),
        (["rule", "first", "--all"], "name a rule, or give --all"),
        (["rule", "frist"], "did you mean 'first'?"),
        (["rules", "--select", "thirt"], "did you mean 'third'?"),
        (["config", "selekt"], "did you mean 'select'?"),
        (["rules", "--config", "selekt = 1"], "did you mean 'select'?"),
        (["rules", "-k", "("], "expected a word"),
    ],
)
def test_slips(project: Path, arguments: list[str], message: str) -> None:
    result = run(*arguments, code=2)
    assert (result.stdout, message in result.stderr) == ("", True)


def test_formats(project: Path) -> None:
    told = json.loads(run("formats", "--output-format", "json").stdout)
    assert {"alpaca", "messages", "sharegpt"} <= set(told["records"])
    assert {"concise", "full", "json"} <= set(told["outputs"])
    text = run("formats").stdout
    assert all(name in text for name in (*told["records"], *told["outputs"]))


def test_formats_of_files(project: Path) -> None:
    record = '{"instruction": "a", "input": "", "output": "b"}\n'
    (project / "a.jsonl").write_text(record * 2 + '{"what": "else"}\n')
    told = json.loads(run("formats", "a.jsonl", "--output-format", "json").stdout)
    assert told == {"records": 3, "formats": {"alpaca": 2, "unknown": 1}}
    assert run("formats", "a.jsonl").stdout.splitlines()[0] == "2 of 3 records: alpaca"
    run("formats", "nowhere.jsonl", code=2)


def test_config_lists_every_key_of_a_file(project: Path) -> None:
    listed = [line.split()[0] for line in run("config").stdout.splitlines()]
    assert listed == [key.name for key in KEYS.values() if key.file]
    assert list(json.loads(run("config", "--output-format", "json").stdout)) == listed


def test_config_explains_a_key(project: Path) -> None:
    assert (
        run("config", "fail_level").stdout
        == """\
## fail-level

The least severity that makes the run fail.

- Type: string
- Default: `"error"`
- Choices: `error`, `warning`, `info`, `never`
- Command line: `--fail-level`
"""
    )


def shown(*arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run("config", *arguments, "--output-format", "json").stdout)
    return told


def test_config_shows_where_values_come_from(project: Path) -> None:
    told = shown("--show", "", "--ignore", "ACM001")
    assert told["ignore"] == {"value": ["BCM", "ACM001"], "origin": "command line"}
    assert told["plugins-off"] == {"value": ["builtin"], "origin": f"{project / 'datalint.toml'}:2"}
    assert told["severity"] == {"value": {"ACM": "error"}, "origin": f"{project / 'datalint.toml'}:4"}
    assert told["preview"] == {"value": False, "origin": "default"}
    assert "config: " in run("config", "--show").stdout


def test_config_shows_what_holds_for_a_file(project: Path) -> None:
    (project / "near").mkdir()
    (project / "near/datalint.toml").write_text(
        '[[overrides]]\nfiles = ["a.jsonl"]\nselect = ["ACM"]\nignore = ["ACM002"]\n'
    )
    told = shown("--show", "near/a.jsonl")
    assert told["select"] == {"value": ["ACM"], "origin": "overrides"}
    assert told["never"]["value"] == ["ACM002"]
    assert shown("--show", "near/b.jsonl")["select"] == {"value": ["DEFAULT"], "origin": "default"}


def test_config_schema_describes_what_is_accepted(project: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(run("config", "--schema").stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    good = {
        "select": ["ALL"], "jobs": "auto", "format": {"shape": "alpaca", "instruction": "query"},
        "severity": {"error": ["ACM"]}, "rules": {"first": {"words": ["a"]}, "ACM002": {"words": []}},
        "overrides": [{"files": ["a"], "where": {"x": 1}, "ignore": ["ACM"]}], "scopes": ["record"],
    }  # fmt: skip
    validator.validate(good)
    for wrong in (
        {"selekt": []}, {"jobs": 0}, {"severity": {"fatal": []}}, {"overrides": [{"ignore": []}]},
        {"rules": {"first": {"wrods": []}}}, {"scopes": ["rekord"]}, {"fail-level": "eror"},
    ):  # fmt: skip
        assert not validator.is_valid(wrong), wrong


def test_plugins(project: Path) -> None:
    (folder,) = json.loads(run("plugins").stdout)
    assert folder["name"] == str(project / "rules")
    assert folder["rules"] == ["ACM001", "ACM002", "BCM001"]
    assert json.loads(run("plugins", "--hook", "register_rules").stdout) == []
    assert json.loads(run("plugins", "--all", "--isolated").stdout)[0]["name"] == "builtin"


def test_version(project: Path) -> None:
    assert run("version").stdout == f"datalint {__version__}\n"
    told = run("version", "-v").stdout
    assert f"config {project / 'datalint.toml'}" in told
    assert "pluggy 1." in told
    (project / "datalint.toml").write_text("selekt = 1")
    assert "config or plugins: unknown key 'selekt'" in run("version", "-v").stdout


def test_the_version_alone_loads_next_to_nothing() -> None:
    code = (
        "import sys; sys.argv = ['datalint', '--version']\nfrom datalint.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.startswith(('datalint', 'regex', 'numpy', 'pluggy', 'orjson'))"
        " and 'editable' not in m))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['datalint', 'datalint.cli']"


def test_rules_need_nothing_heavy(project: Path) -> None:
    code = (
        "import sys; sys.argv = ['datalint', 'rules']\nfrom datalint.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = ('numpy', 'hyperscan', 'ftfy', 'presidio_analyzer', 'langdetect', 'spacy')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=project)
    assert done.stdout.splitlines()[-1] == "[]"
