"""Examples as tests: whatever an example can get wrong is told; and ``datalint test`` tells it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datalint import declarative, rule_folders, testing
from datalint.cli import main
from datalint.rule import RuleSpec

HEAD = """
[rule]
code = "ACM001"
name = "filler"
summary = "A word that says nothing"
[docs]
why = "It says nothing."
fix-safety = "Takes the word out."
[options.words]
type = "list[str]"
default = ["basically"]
doc = "The words."
[match]
any = [{ phrases = { option = "words" } }]
"""
FIX = """
[fix]
title = "take it out"
applicability = "unsafe"
replace = { pattern = 'basically ', with = "" }
"""
BAD = '{"text": "It is basically done."}'
GOOD = '{"text": "It is done."}'


def example(**members: Any) -> str:
    return "[[example]]\n" + "".join(f"{name} = {_toml(value)}\n" for name, value in members.items())


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return f"'''{value}'''"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def spec(*examples: str, head: str = HEAD) -> RuleSpec:
    return declarative.parse("".join((head, *examples)), "rules/filler.toml")


def why(*examples: str, head: str = HEAD) -> list[str]:
    return [str(f) for f in testing.failures(spec(*examples, head=head))]


PASSING = {
    "found and silent": (HEAD, [example(bad=BAD), example(good=GOOD)]),
    "fixed": (HEAD + FIX, [example(bad=BAD, fixed=GOOD), example(good=GOOD)]),
    "expected": (
        HEAD,
        [example(bad=BAD, expect=[{"pointer": "/text", "span": [6, 15], "line": 1}]), example(good=GOOD)],
    ),
    "options": (HEAD, [example(bad=GOOD, options={"words": ["done"]}), example(bad=BAD), example(good=GOOD)]),
    "several records": (HEAD, [example(bad=f"{GOOD}\n{BAD}", expect=[{"line": 2}]), example(good=f"{GOOD}\n{GOOD}")]),
}
FAILING = {
    "missing": (HEAD, [example(bad=GOOD), example(good='{"text": "x"}')], "example[0]: should be found, but is not"),
    "noisy": (HEAD, [example(bad=BAD), example(good=BAD, name="loud")], "example[1] (loud): should be silent, but says at /text"),
    "wrong span": (HEAD, [example(bad=BAD, expect=[{"span": [0, 2]}]), example(good=GOOD)], "expected span (0, 2), got (6, 15)"),
    "wrong pointer": (HEAD, [example(bad=BAD, expect=[{"pointer": "/x"}]), example(good=GOOD)], "expected pointer '/x', got '/text'"),
    "wrong line": (HEAD, [example(bad=BAD, expect=[{"line": 2}]), example(good=GOOD)], "expected line 2, got 1"),
    "too few": (HEAD, [example(bad=BAD, expect=[{}, {}]), example(good=GOOD)], "expected 2 findings, got 1"),
    "fix not shown": (HEAD + FIX, [example(bad=BAD), example(good=GOOD)], "fixing changes it, and the example shows no fixed"),
    "never fixed": (HEAD + FIX, [example(bad=BAD), example(good=GOOD)], "offers fixes and no example shows one"),
    "fixed otherwise": (HEAD + FIX, [example(bad=BAD, fixed=BAD), example(good=GOOD)], "fixing gives '{\"text\": \"It is done.\"}"),
    "remaining": (HEAD + FIX, [example(bad=BAD, fixed=GOOD, remaining=1), example(good=GOOD)], "after fixing 0 findings remain, not 1"),
    "twice the same": (HEAD, [example(bad=BAD), example(bad=BAD), example(good=GOOD)], "two examples are the same"),
    "both": (HEAD, [example(bad=BAD), example(bad=BAD, good=GOOD), example(good=GOOD)], "an example is either bad or good"),
}  # fmt: skip


@pytest.mark.parametrize(("head", "examples"), PASSING.values(), ids=PASSING)
def test_examples_that_hold(head: str, examples: list[str]) -> None:
    assert why(*examples, head=head) == []


@pytest.mark.parametrize(("head", "examples", "reason"), FAILING.values(), ids=FAILING)
def test_examples_that_do_not_hold(head: str, examples: list[str], reason: str) -> None:
    failures = why(*examples, head=head)
    assert [f for f in failures if reason in f], failures
    assert all(f.startswith("ACM001::") for f in failures)


def test_a_rule_that_crashes_fails_its_example(tmp_path: Path) -> None:
    file = tmp_path / "crash.py"
    file.write_text(
        "from datalint import bad, good, rule\n\n"
        '@rule("ACM002", "crash", category="suspicious", examples=[bad({"text": "a"}), good({"text": "b"})])\n'
        'def check_crash(message):\n    """It crashes.\n\n    So it says nothing.\n    """\n    raise ValueError("boom")\n'
    )
    (found,) = rule_folders.read(file).specs
    assert any("the rule crashed" in str(f) and "boom" in str(f) for f in testing.failures(found))


def test_a_slip_in_an_example_is_a_failure() -> None:
    wrong = spec(example(bad=BAD, options={"wrods": ["done"]}), example(good=GOOD))
    first = next(testing.claims(wrong))
    assert first.name == "example[0]"
    assert "no option 'wrods'" in first.tried()[0]


def test_claims_are_examples_and_the_card() -> None:
    names = [claim.name for claim in testing.claims(spec(example(bad=BAD), example(good=GOOD)))]
    assert names == ["example[0]", "example[1]", "card"]


# ---- the command ----


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two rules, one of which fails."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/filler.toml").write_text(HEAD + example(bad=BAD) + example(good=GOOD))
    other = HEAD.replace("ACM001", "ACM002").replace('"filler"', '"other"')
    (tmp_path / "rules/other.toml").write_text(other + example(bad=BAD) + example(good=BAD, name="loud"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def datalint(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["test", *arguments])


@pytest.mark.parametrize(
    ("arguments", "code", "last"),
    [
        ([], 1, "1 failed, 5 passed"),
        (["rules"], 1, "1 failed, 5 passed"),
        (["rules/filler.toml"], 0, "3 passed"),
        (["-k", "filler"], 0, "3 passed"),
        (["-k", "not filler"], 1, "1 failed, 2 passed"),
        (["-x", "-k", "other"], 1, "1 failed, 1 passed"),
        (["ACM001"], 0, "3 passed"),
        (["other", "-q"], 1, "1 failed, 2 passed"),
        (["--builtin", "-k", "QLT101"], 0, "passed"),
    ],
)
def test_what_is_run(project: Path, arguments: list[str], code: int, last: str) -> None:
    result = datalint(*arguments)
    assert result.exit_code == code, result.output
    assert last in result.output.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-k", "nothing"], "no rules found"),
        (["rules/missing.toml"], "rules/missing.toml does not exist"),
        (["fillr"], "no rule is called 'fillr'"),
        (["-k", "filler and"], "expected a word"),
        (["empty"], "no rules found in empty"),
    ],
)
def test_wrong_use(project: Path, arguments: list[str], said: str) -> None:
    (project / "empty").mkdir()
    result = datalint(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_a_project_without_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = datalint()
    assert result.exit_code == 2
    assert "no rules found in rules" in result.output


def test_a_rule_file_that_cannot_be_read(project: Path) -> None:
    (project / "rules/broken.toml").write_text("[rule\n")
    result = datalint()
    assert result.exit_code == 2
    assert "broken.toml" in result.output


def test_failures_are_told_with_their_place(project: Path) -> None:
    text = datalint().output
    assert "2 cards, 4 examples\n\n....F.\n" in text
    assert "ACM002 other  rules/other.toml::example[1]" in text
    assert "should be silent, but says at /text" in text


def test_python_rules_that_are_not_loaded_are_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "rules/more.py").write_text("raise SystemExit\n")
    monkeypatch.setenv("DATALINT_NO_PYTHON_RULES", "1")
    result = datalint()
    assert "Left out: 1 Python rule file in rules: python-rules is off." in result.output
    assert "1 failed, 5 passed" in result.output


def test_quiet_and_verbose(project: Path) -> None:
    assert datalint("-q", "rules/filler.toml").output.startswith("3 passed in ")
    assert "rules/other.toml::example[1] FAILED\n" in datalint("-v").output
