"""The run: bad rules and bad records are named, everything else is still judged, and nothing depends on how it is cut."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

from datalint import run
from datalint.config import load
from datalint.errors import PluginError, RuleError, UsageError
from datalint.executors.processes import WorkerLost
from datalint.outcome import Outcome

GOOD = {"instruction": "Say hi.", "input": "", "output": "Hello there."}


@pytest.fixture
def project(tmp_path: Path):
    """A function that writes rules and data and checks them with nothing but these rules."""

    def check(rules: str, records: list, config: str = "", **settings) -> Outcome:
        (tmp_path / "rules").mkdir(exist_ok=True)
        (tmp_path / "rules" / "mine.py").write_text("from datalint import Finding, rule\n" + dedent(rules))
        (tmp_path / "datalint.toml").write_text(config)
        lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
        (tmp_path / "data.jsonl").write_text("".join(line + "\n" for line in lines))
        names = ("data.jsonl",)
        made = load({"paths": names, "plugins": ("no:builtin",), **settings}, cwd=tmp_path)
        return run.check(made)

    return check


def said(outcome: Outcome) -> list[tuple[int | None, str, str]]:
    return [(f.ref.line if f.ref else None, f.code, f.message) for f in outcome.findings]


def test_a_rule_that_raises_is_named_on_its_record_and_the_others_are_judged(project) -> None:
    outcome = project(
        """
        def check_fragile(record):
            if record.data["output"] == "boom":
                raise ValueError("no")
            assert record.data["output"] != "bad", "bad output"

        def check_steady(message):
            assert message.text != "boom", "it says boom"
        """,
        [GOOD, {**GOOD, "output": "boom"}, {**GOOD, "output": "bad"}],
    )
    assert said(outcome) == [
        (2, "DLT901", "rule fragile crashed here: ValueError: no"),
        (2, "steady", "it says boom"),
        (3, "fragile", "bad output"),
    ]
    assert [(n.what, n.line) for n in outcome.not_checked] == [("rule fragile", 2)]


COUNT = '''
    from datalint import bad, good

    @rule("ACM001", "record-count", category="suspicious", examples=(bad("{}"), good("[]")))
    class Count:
        """How many there are.

        It is a test.
        """

        def map(self, batch, picked):
            if any(d["output"] == "boom" for d in batch.datas):
                raise ValueError("no")
            return len(batch)

        def merge(self, one, other):
            return one + other

        def finish(self, state, records):
            yield Finding(f"{state} records")
'''


def test_a_dataset_rule_that_raises_is_cut_down_to_the_guilty_record(project) -> None:
    outcome = project(COUNT, [GOOD] * 5 + [{**GOOD, "output": "boom"}] + [GOOD] * 3)
    assert said(outcome) == [
        (6, "DLT901", "rule ACM001 crashed here: ValueError: no"),
        (None, "ACM001", "8 records"),
    ]


def test_a_rule_that_never_ends_is_stopped(project) -> None:
    outcome = project(
        """
        def check_endless(record):
            while record.data["output"] == "loop":
                pass
        """,
        [GOOD, {**GOOD, "output": "loop"}, GOOD],
        "rule-timeout = 0.2",
    )
    assert said(outcome) == [(2, "DLT902", "rule endless timed out here: did not end in time")]
    assert [n.what for n in outcome.not_checked] == ["rule endless"]


def test_a_rule_that_always_raises_is_given_up(project) -> None:
    outcome = project("def check_it(record):\n    raise KeyError(1)\n", [GOOD] * 100)
    assert {code for _, code, _ in said(outcome)} == {"DLT901"}
    assert 20 <= len(said(outcome)) < 100


RECORDS = """
    def check_bad(record):
        assert record.data["output"] != "bad", "bad output"
"""


def test_where_silences_rules_on_records_that_fit(project) -> None:
    config = """
        [[overrides]]
        files = ["data.jsonl"]
        where = { "/meta/source" = ["old", "older"] }
        ignore = ["bad"]
    """
    bad = {**GOOD, "output": "bad"}
    records = [bad, {**bad, "meta": {"source": "old"}}, {**bad, "meta": {"source": "new"}}, {**bad, "meta": []}]
    outcome = project(RECORDS, records, dedent(config))
    assert [line for line, _, _ in said(outcome)] == [1, 3, 4]
    assert outcome.stats.suppressed["config"] == 1


@pytest.mark.parametrize(("settings", "lines"), [({}, 12), ({"maxfail": 3, "fail_level": "warning"}, 12)])
def test_maxfail_stops_after_the_shard(project, settings, lines, monkeypatch) -> None:
    assert len(said(project(RECORDS, [{**GOOD, "output": "bad"}] * 12, **settings))) == lines


def test_maxfail_leaves_the_rest_and_says_so(project, monkeypatch) -> None:
    monkeypatch.setattr(run, "SHARD_BYTES", 200)
    outcome = project(RECORDS, [{**GOOD, "output": "bad"}] * 40, maxfail=1, fail_level="warning")
    assert 0 < len(said(outcome)) < 40
    assert [(n.what, n.note) for n in outcome.not_checked] == [("the rest", True)]


def test_lines_are_counted_from_the_start_of_the_source_in_every_shard(project, monkeypatch) -> None:
    records = [{**GOOD, "output": "bad" if i % 7 == 0 else "fine"} for i in range(60)]
    records[10] = ""
    wanted = said(project(RECORDS, records))
    monkeypatch.setattr(run, "SHARD_BYTES", 150)
    outcome = project(RECORDS, records)
    assert said(outcome) == wanted
    assert [outcome.record_index(f.ref) for f in outcome.findings][:3] == [0, 7, 13]


@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_every_executor_says_the_same(project, executor, monkeypatch) -> None:
    monkeypatch.setattr(run, "SHARD_BYTES", 400)
    records = [{**GOOD, "output": "bad" if i % 5 == 0 else "fine"} for i in range(50)]
    outcome = project(RECORDS, records, executor=executor, jobs=2)
    assert [line for line, _, _ in said(outcome)] == list(range(1, 51, 5))
    assert outcome.stats.records == 50


def test_workers_that_are_spawned_build_their_own_rules(project, monkeypatch) -> None:
    monkeypatch.setattr("datalint.executors.processes.start_method", lambda: "spawn")
    outcome = project(RECORDS, [{**GOOD, "output": "bad"}], executor="processes", jobs=2)
    assert said(outcome) == [(1, "bad", "bad output")]


def test_an_unknown_executor_is_refused(project) -> None:
    with pytest.raises(UsageError, match="no executor is called 'cloud'"):
        project(RECORDS, [GOOD], executor="cloud")


def test_counts_are_those_of_the_findings(project) -> None:
    outcome = project(RECORDS, [{**GOOD, "output": "bad"}, GOOD, "", {**GOOD, "output": "bad"}])
    stats = outcome.stats
    assert (stats.records, stats.lines, stats.files) == (3, 4, 1)
    assert (stats.findings, stats.severities) == ({"bad": 2}, {"warning": 2})
    assert (stats.records_with_findings, stats.by_rule_records) == (2, {"bad": 2})
    assert stats.shapes == {"alpaca": 3}


GUEST = '''
"""A plugin that reads comma-separated values."""

NAME = "csv"
SUFFIXES = (".csv",)


def datalint_register_readers(register):
    import datalint_csv

    register(datalint_csv)


def records(path):
    import csv
    import json

    with open(path, newline="") as f:
        for row in csv.DictReader(f):
            if row["output"] == "broken":
                raise ValueError("a row is broken")
            yield json.dumps(row).encode()
'''


@pytest.mark.parametrize("path", ["data.csv", "."])
def test_a_plugin_may_read_files_of_another_kind(project, tmp_path, monkeypatch, path) -> None:
    (tmp_path / "datalint_csv.py").write_text(GUEST)
    (tmp_path / "data.csv").write_text("instruction,output\nSay hi.,Hello there.\nSay no.,bad\n")
    monkeypatch.syspath_prepend(tmp_path)
    project(RECORDS, [])
    (tmp_path / "data.jsonl").unlink()
    given = {"paths": (path,), "plugins": ("no:builtin", "datalint_csv"), "fix": True}
    outcome = run.check(load(given, cwd=tmp_path))
    assert [(outcome.paths[f.ref.source], f.ref.line, f.message) for f in outcome.findings] == [
        ("data.csv", 2, "bad output")
    ]
    (tmp_path / "data.csv").write_text("instruction,output\nSay hi.,broken\n")
    assert [n.why for n in run.check(load(given, cwd=tmp_path)).not_checked] == ["csv cannot read it: a row is broken"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return 5", "TypeError: 'int' object is not iterable"),
        ("return ['said']", "TypeError: it yielded 'said', which is no finding"),
        ("yield message.finding((3, 1), 'said')", "ValueError: (3, 1) is no span"),
        ("raise SystemExit(7)", "SystemExit: 7"),
    ],
)
def test_a_rule_that_yields_nonsense_or_wants_to_leave_is_named_once_a_record(project, body: str, why: str) -> None:
    outcome = project(f"def check_odd(message):\n    {body}\n{dedent(RECORDS)}", [GOOD, {**GOOD, "output": "bad"}])
    wanted = [(n, "DLT901", f"rule odd crashed here: {why}") for n in (1, 2)]
    assert said(outcome) == [*wanted, (2, "bad", "bad output")]
    assert len(outcome.traces) == 6


def test_a_rule_cannot_hide_from_the_clock(project) -> None:
    outcome = project(
        """
        def check_stubborn(message):
            while True:
                try:
                    while True:
                        pass
                except Exception:
                    pass
        """,
        [GOOD] * 5,
        "rule-timeout = 0.05",
    )
    assert {code for _, code, _ in said(outcome)} == {"DLT902"}
    assert "left out from there on" in outcome.not_checked[-1].why


@pytest.mark.parametrize("method", ["merge", "finish"])
def test_a_dataset_rule_that_raises_in_the_end_is_named(project, monkeypatch, method: str) -> None:
    monkeypatch.setattr(run, "SHARD_BYTES", 100)
    outcome = project(
        f"{dedent(COUNT)}\n    def {method}(self, one, other):\n        raise ValueError('no')\n", [GOOD] * 3
    )
    found = said(outcome)
    assert (None, "DLT901", "rule ACM001 crashed: ValueError: no") in found
    assert outcome.stats.findings["DLT901"] == found.count(found[-1]) or method == "merge"
    assert "rule ACM001" in {n.what for n in outcome.not_checked}


def test_a_rule_that_cannot_be_made_ready_is_named(project) -> None:
    rules = dedent(COUNT) + "\n    def __init__(self):\n        raise ValueError('no')\n"
    with pytest.raises(PluginError, match="rule record-count cannot be made ready: ValueError: no") as caught:
        project(rules, [GOOD])
    assert caught.value.place.endswith(f"mine.py:{len(rules.splitlines()) + 1}")


def test_what_cannot_be_sent_between_processes_is_named(project) -> None:
    rules = COUNT.replace("return len(batch)", "return lambda: 1")
    with pytest.raises(RuleError, match="cannot go from process to process"):
        project(rules, [GOOD], executor="processes", jobs=2)


def test_a_killed_worker_ends_the_run(project) -> None:
    rules = "import os, signal\ndef check_kill(record):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    with pytest.raises(WorkerLost) as caught:
        project(rules, [GOOD], executor="processes", jobs=2)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("doing", "why"), [("write_text('{}')", "changed while it was read"), ("unlink()", "no such file or directory")]
)
def test_a_file_that_goes_or_changes_meanwhile_is_told(project, tmp_path, doing: str, why: str) -> None:
    path = str(tmp_path / "data.jsonl")
    outcome = project(f"import pathlib\ndef check_it(record):\n    pathlib.Path({path!r}).{doing}\n", [GOOD])
    assert [(n.what, n.why, n.path) for n in outcome.not_checked] == [("file", why, "data.jsonl")]


def test_a_file_that_cannot_be_read_to_its_end_is_told(project, monkeypatch) -> None:
    def blocks(*given: object) -> object:
        raise OSError(5, "Input/output error")
        yield

    monkeypatch.setattr("datalint.readers.jsonl.JsonlReader.blocks", blocks)
    outcome = project(RECORDS, [GOOD])
    assert [(n.what, n.why) for n in outcome.not_checked] == [("file", "input/output error")]
