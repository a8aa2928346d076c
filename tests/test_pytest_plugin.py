"""The pytest plugin: examples of rules as tests, rules on data as tests, and nothing at all unless asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

TOML = """
[rule]
code = "ACM001"
name = "ticket-number"
summary = "The answer names a ticket"
category = "correctness"
[docs]
why = "Tickets mean nothing to those who use the model."
[target]
roles = ["assistant"]
[match]
triggers = ["ACM-[0-9]"]
any = [{ regex = 'ACM-\\d+' }]
[[example]]
bad = '{"prompt": "Done?", "completion": "See ACM-12."}'
[[example]]
good = '{"prompt": "Done?", "completion": "%s"}'
"""
PYTHON = '''
from datalint import bad, good, rule

@rule("ACM002", "shouting", category="suspicious", examples=[
    bad({"prompt": "Hi", "completion": "HELLO"}),
    good({"prompt": "Hi", "completion": "Hello"}),
])
def check_shouting(message, loud):
    """Somebody shouts.

    It hurts.
    """
    if loud(message.text):
        yield message.finding(None, "too loud")
'''
FIXTURES = """
from datalint import fixture

@fixture
def loud():
    return str.isupper
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with a folder of rules, of which pytest knows; other plugins stay away, they take their time."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.plugins = ["datalint.pytest_plugin"]
    pytester.makeini("[pytest]\ndatalint_rules = rules\n")
    pytester.mkdir("rules")
    put(pytester, "rules/ticket.toml", TOML % "Yes.")
    return pytester


def put(project: pytest.Pytester, name: str, text: str) -> Path:
    path = project.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def record(answer: str) -> str:
    return json.dumps({"prompt": "Is it done?", "completion": answer}) + "\n"


def test_examples_of_a_toml_rule_are_tests(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("rules", "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["rules/ticket.toml::example[[]0[]] PASSED*", "rules/ticket.toml::card PASSED*"])


def test_an_example_that_does_not_hold_fails_with_the_reason(project: pytest.Pytester) -> None:
    put(project, "rules/ticket.toml", TOML % "No, ACM-7 is open.")
    result = project.runpytest_subprocess("rules")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["ACM001 ticket-number", "*should be silent*"])
    assert "Traceback" not in result.stdout.str()


def test_one_example_can_be_named(project: pytest.Pytester) -> None:
    project.runpytest_subprocess("rules/ticket.toml::example[1]").assert_outcomes(passed=1)


def test_python_rules_have_a_collector_each_and_their_fixtures(project: pytest.Pytester) -> None:
    put(project, "rules/tone/shouting.py", PYTHON)
    put(project, "rules/_fixtures.py", FIXTURES)
    result = project.runpytest_subprocess("rules/tone", "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["rules/tone/shouting.py::shouting::example[[]1[]] PASSED*"])


def test_a_broken_rule_file_is_an_error_that_says_why(project: pytest.Pytester) -> None:
    put(project, "rules/ticket.toml", TOML.replace("[docs]", "[dogs]") % "Yes.")
    result = project.runpytest_subprocess("rules")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*unknown key*dogs*"])


def test_other_folders_are_left_alone(project: pytest.Pytester) -> None:
    put(project, "other/ticket.toml", TOML % "Yes.")
    assert project.runpytest_subprocess("other").ret == pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.mark.parametrize(
    ("answers", "failed"),
    [(["Yes."], []), (["Yes.", "See ACM-1."], ["ACM001"]), (["{broken"], ["JSN101", "checked"])],
    ids=["clean", "an error", "no JSON"],
)
def test_rules_on_data_are_tests(project: pytest.Pytester, answers: list[str], failed: list[str]) -> None:
    put(project, "datalint.toml", 'select = ["ACM"]\n')
    put(project, "data/train.jsonl", "".join(a if a.startswith("{") else record(a) for a in answers))
    result = project.runpytest_subprocess("--datalint", "data", "data", "-v")
    names = ["ACM001", "checked"]
    expected = [n for n in names if n in failed and n in ("ACM001",)]
    result.assert_outcomes(passed=len(names) - len(expected), failed=len(expected))
    for name in names:
        word = "FAILED" if name in expected else "PASSED"
        result.stdout.fnmatch_lines([f"data/train.jsonl::{name} {word}*"])


def test_errors_on_data_are_listed_with_their_place(project: pytest.Pytester) -> None:
    put(project, "datalint.toml", 'select = ["ACM"]\n')
    put(project, "data/train.jsonl", record("Yes.") + record("See ACM-1."))
    result = project.runpytest_subprocess("--datalint", "data/train.jsonl", "data/train.jsonl")
    result.stdout.fnmatch_lines(["data/train.jsonl:2:*: The answer names a ticket [[]ticket-number[]]"])


def test_warnings_do_not_fail(project: pytest.Pytester) -> None:
    put(project, "datalint.toml", 'select = ["ACM"]\n[severity]\nwarning = ["ACM001"]\n')
    put(project, "data/train.jsonl", record("See ACM-1."))
    project.runpytest_subprocess("--datalint", "data", "data").assert_outcomes(passed=2)


def test_what_cannot_be_checked_fails(project: pytest.Pytester) -> None:
    put(project, "datalint.toml", 'select = ["ACM"]\n')
    put(project, "data/train.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    result = project.runpytest_subprocess("--datalint", "data", "data")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*Git LFS pointer*"])


def test_data_that_is_not_there_is_a_usage_error(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--datalint", "nowhere")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_wrong_config_is_told_without_a_traceback(project: pytest.Pytester) -> None:
    put(project, "datalint.toml", 'selekt = ["ACM"]\n')
    put(project, "data/train.jsonl", record("Yes."))
    result = project.runpytest_subprocess("--datalint", "data", "data")
    assert result.ret != pytest.ExitCode.OK
    assert "selekt" in result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in result.stdout.str()


def test_the_plugin_is_installed_and_sleeps_unless_asked(pytester: pytest.Pytester) -> None:
    put(pytester, "rules/ticket.toml", TOML % "Yes.")
    pytester.makepyfile(
        """
        import sys

        def test_nothing_is_imported(pytestconfig):
            assert pytestconfig.getoption("--datalint") == []
            own = {name for name in sys.modules if name.split(".")[0] in ("datalint", "datalint_rules")}
            assert own <= {"datalint", "datalint.pytest_plugin"}
            assert not {"numpy", "orjson", "click", "regex"} & set(sys.modules)
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
