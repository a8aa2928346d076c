"""What each reporter writes: one golden file a format, and nothing hostile in any of them.

``UPDATE_GOLDEN=1 pytest tests/test_reporters.py`` writes the golden files anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import regex
from outcomes import Files, outcome, settings, story

from datalint.errors import PluginError, UsageError
from datalint.frames import frame
from datalint.model import Edit, Finding, Fix, Related
from datalint.outcome import NotChecked, Outcome
from datalint.plugins import Manager
from datalint.report import Report
from datalint.reporters import names, reporter
from datalint.terminal import Look, text_width

GOLDEN = Path(__file__).parent / "golden"
MATCHER = regex.compile(r"^(.+?):(\d+):(\d+): (error|warning|info) ([A-Z]{2,5}\d{3}) (?:\[\*\] )?(.*) \[(.+)\]$")
WIDE = Look(width=120)


@pytest.fixture(autouse=True)
def _no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no job of GitHub ran the tests."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def told(name: str, made: Outcome, look: Look = WIDE, **more: Any) -> str:
    """What a reporter says of an outcome."""
    return "".join(reporter(name).render(Report(made, settings(output_format=name, **more), look)))


@pytest.mark.parametrize(
    ("golden", "name", "look", "more"),
    [
        ("concise.txt", "concise", WIDE, {}),
        ("grouped.txt", "grouped", WIDE, {}),
        ("full.txt", "full", WIDE, {}),
        ("full_narrow.txt", "full", Look(width=48), {}),
        ("full_ascii.txt", "full", Look(width=80, encoding="ascii"), {}),
        ("full_color.txt", "full", Look(width=80, color=True), {}),
        ("json.json", "json", WIDE, {}),
        ("jsonl.jsonl", "jsonl", WIDE, {}),
        ("statistics.txt", "statistics", WIDE, {}),
        ("github.txt", "github", WIDE, {}),
        ("gitlab.json", "gitlab", WIDE, {}),
        ("junit.xml", "junit", WIDE, {}),
        ("markdown.md", "markdown", WIDE, {}),
        ("rdjson.json", "rdjson", WIDE, {}),
        ("rdjsonl.jsonl", "rdjsonl", WIDE, {}),
        ("sarif.sarif", "sarif", WIDE, {}),
    ],
)
def test_golden(golden: str, name: str, look: Look, more: dict[str, Any]) -> None:
    path = GOLDEN / golden
    made = told(name, story(), look, **more)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(made.encode())
    assert made == path.read_bytes().decode()


def test_every_reporter_has_a_golden_file_and_says_what_it_is() -> None:
    assert names() == (
        "concise", "full", "github", "gitlab", "grouped", "json", "jsonl", "junit", "markdown", "rdjson", "rdjsonl",
        "sarif", "statistics",
    )  # fmt: skip
    for name in names():
        found = reporter(name)
        assert (found.NAME, bool(found.SUMMARY)) == (name, True)
        assert list(GOLDEN.glob(f"{name}.*"))


def test_an_unknown_format_brings_a_hint() -> None:
    with pytest.raises(UsageError) as caught:
        reporter("concice")
    assert caught.value.hint == "did you mean 'concise'?"
    assert reporter("concice", {"concice": reporter("full")}).NAME == "full"


def test_concise_lines_fit_the_documented_pattern() -> None:
    lines = [line for line in told("concise", story()).split("\n") if line.startswith("data/")]
    assert len(lines) == 7
    assert all(MATCHER.match(line) for line in lines)


def test_json_and_jsonl_say_the_same() -> None:
    whole = json.loads(told("json", story()))
    head, *findings, foot = map(json.loads, told("jsonl", story()).splitlines())
    assert whole == head | foot | {"findings": findings}
    assert [("code" in line) for line in (head, *findings, foot)] == [False, *[True] * len(findings), False]
    assert (foot["exit_code"], foot["status"]) == (3, "incomplete")


def test_statistics_as_json() -> None:
    made = "".join(reporter("statistics").render(Report(story(), settings(output_format="json"))))
    rules = json.loads(made)["rules"]
    said = {"code": "BAL101", "name": "one-source", "severity": "info", "findings": 1}
    assert rules[0] == said | {"records": 0, "share": 0.0, "fix": None}


# ---- closing lines ----


def many(*numbers: int, **more: Any) -> Outcome:
    """An outcome with so many findings of several rules, one a record."""
    codes = ("TXT201", "QLT101", "CHT102", "PII101", "DUP101", "JSN104", "JSN203", "BAL101")
    raw = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes"}]}\n'
    files = Files({"a.jsonl": raw * max(numbers, default=1)})
    found = [Finding("m", files.ref(k + 1), code=c) for c, n in zip(codes, numbers, strict=False) for k in range(n)]
    return outcome(files, found, **more)


def tail(made: Outcome, **more: Any) -> list[str]:
    """The closing lines."""
    return [line for line in told("concise", made, **more).split("\n") if not line.startswith("a.jsonl:")]


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ((12, 3), "… and 2 more TXT201 (use --max-per-rule 0)"),
        ((11, 12), "… and 2 more QLT101, 1 more TXT201 (use --max-per-rule 0)"),
        ((11,) * 7, "… and 7 more findings of 7 rules (use --max-per-rule 0)"),
    ],
)
def test_what_is_hidden_is_counted(numbers: tuple[int, ...], wanted: str) -> None:
    assert wanted in tail(many(*numbers))
    assert not any("more" in line for line in tail(many(*numbers), max_per_rule=0))
    assert wanted in tail(many(*numbers), quiet=True)


def test_a_table_closes_long_reports() -> None:
    assert tail(many(18, 4)) == [
        "",
        "findings  of records  code    name               severity  fix",
        "      18    100.00 %  TXT201  trailing-blanks    info      safe",
        "       4     22.22 %  QLT101  ai-self-reference  warning   unsafe",
        "",
        "… and 8 more TXT201 (use --max-per-rule 0)",
        "Checked 18 records in 1 file in 0.31 s: 4 warnings, 18 infos.",
        "",
    ]
    assert not any("severity" in line for line in tail(many(17, 3)))


@pytest.mark.parametrize(
    ("made", "more", "wanted"),
    [
        (many(), {}, "All checks passed. Checked 1 record in 1 file in 0.31 s."),
        (many(1), {}, "Checked 1 record in 1 file in 0.31 s: 1 info."),
        (many(0, 2), {"max_warnings": 1},
         "Checked 2 records in 1 file in 0.31 s: 2 warnings. More than 1 warning (--max-warnings)."),
    ],
)  # fmt: skip
def test_the_verdict(made: Outcome, more: dict[str, Any], wanted: str) -> None:
    assert tail(made, **more)[-2] == wanted


def test_the_verdict_tells_what_was_suppressed() -> None:
    made = many(1)
    made.stats.suppressed.update({"config": 3, "baseline": 12403})
    assert tail(made)[-2].endswith(": 1 info (12,403 in the baseline, 3 ignored by the config).")


@pytest.mark.parametrize(
    ("fixable", "more", "wanted"),
    [
        ({"A safe": 3, "B safe": 1}, {}, "[*] 4 fixable with `--fix`."),
        ({"A safe": 4, "B unsafe": 3}, {}, "[*] 4 fixable with `--fix` (3 more with `--unsafe-fixes`)."),
        ({"A unsafe": 3, "B display-only": 9}, {}, "No safe fixes; 3 fixable with `--fix --unsafe-fixes`."),
        ({"A safe": 4, "B unsafe": 3}, {"unsafe_fixes": True}, "[*] 7 fixable with `--fix --unsafe-fixes`."),
    ],
)
def test_what_can_be_fixed(fixable: dict[str, int], more: dict[str, Any], wanted: str) -> None:
    made = many(1)
    made.stats.fixable.update(fixable)
    assert wanted in tail(made, **more)


def test_what_was_fixed() -> None:
    made = many()
    made.stats.fixed.update({"TXT201": 3, "JSN203": 1})
    made.fix_notes.append("1 fix was refused")
    assert tail(made)[:2] == ["Fixed 4 findings.", "1 fix was refused"]
    assert tail(made, show_fixes=True)[1:3] == [
        "        3  TXT201  trailing-blanks",
        "        1  JSN203  final-newline",
    ]
    assert tail(made, diff=True)[0] == "Would fix 4 findings."


@pytest.mark.parametrize(
    ("items", "wanted"),
    [
        ([NotChecked("file", "is a Git LFS pointer", "old.jsonl"), NotChecked("rule PII401", "no model")],
         "Not checked: 1 file (old.jsonl is a Git LFS pointer), rule PII401 (no model).   -> exit 3"),
        ([NotChecked("rule X", "crashed", "a.jsonl", n) for n in (3, 4, 5)],
         "Not checked: rule X (a.jsonl:3 and 2 more: crashed).   -> exit 3"),
        ([NotChecked("record", "is too long", "a.jsonl", n) for n in (3, 4)],
         "Not checked: 2 records (a.jsonl:3 and 1 more: is too long).   -> exit 3"),
        ([NotChecked("3 files", "excluded", note=True)], "Left out: 3 files (excluded)."),
    ],
)  # fmt: skip
def test_what_was_not_checked(items: list[NotChecked], wanted: str) -> None:
    assert tail(many(not_checked=items))[-2] == wanted


def test_nothing_left_to_say_when_only_fixing() -> None:
    assert tail(many(30), fix_only=True) == ["Checked 30 records in 1 file in 0.31 s: 30 infos.", ""]


class Speaks:
    """A plugin that speaks at the end."""

    @staticmethod
    def datalint_terminal_summary(report: Report) -> list[str]:
        return [f"{report.stats.records} records, says \x1b[31ma plugin", "more\nlines"]

    @staticmethod
    def datalint_exit_code(report: Report, exit_code: int) -> int | None:
        return 7 if exit_code == 3 else None


def with_plugin(made: Outcome, plugin: type) -> Outcome:
    """The outcome of a run with one plugin."""
    manager = Manager()
    manager.register(plugin)
    made.hooks = manager.hook
    return made


def test_plugins_speak_before_the_verdict_and_may_choose_the_exit_code() -> None:
    lines = told("concise", with_plugin(story(), Speaks)).splitlines()
    at = lines.index("6 records, says ␛[31ma plugin")
    assert lines[at : at + 3] == ["6 records, says ␛[31ma plugin", "more", "lines"]
    assert lines[-2].endswith("-> exit 7")
    assert Report(with_plugin(many(), Speaks), settings()).exit_code == 0


def test_a_failing_plugin_is_named() -> None:
    class Fails:
        @staticmethod
        def datalint_exit_code(exit_code: int) -> int:
            raise ValueError("boom")

    with pytest.raises(PluginError, match="a plugin failed in datalint_exit_code: ValueError: boom"):
        _ = Report(with_plugin(many(), Fails), settings()).exit_code


# ---- frames ----


def framed(record: bytes, finding: dict[str, Any], width: int = 80) -> list[str]:
    """The frame of one finding, its marks below."""
    files = Files({"a.jsonl": record + b"\n"})
    made = outcome(files, [Finding(**({"message": "m", "ref": files.ref(1), "code": "QLT101"} | finding))])
    (found,) = Report(made, settings())
    lines: list[str] = []
    for part in frame(found, WIDE, width).parts:
        lines.append(part.label + part.text)
        lines += [part.mark] if part.mark else ["label"] if part.mark_label else []
    return lines


DPO = (
    b'{"prompt": [{"role": "user", "content": "2+2?"}], "chosen": [{"role": "assistant", "content": "4"}],'
    b' "rejected": [{"role": "assistant", "content": "5"}]}'
)
ALPACA = b'{"instruction": "Add.", "input": "2 and 2", "output": "4."}'
SHAREGPT = b'{"conversations": [{"from": "human", "value": "Hi\\nthere"}, {"from": "gpt", "value": "Yes"}]}'


@pytest.mark.parametrize(
    ("record", "finding", "wanted"),
    [
        (SHAREGPT, {"pointer": "/conversations/1/value", "span": (0, 3)}, ["human: Hi↵…", "gpt: Yes", "^^^"]),
        (SHAREGPT, {"pointer": "/conversations/1/from"}, ["human: Hi↵…", "gpt: Yes", "label"]),
        (SHAREGPT, {"pointer": "/conversations/0"}, ["human: Hi↵…", "label"]),
        (SHAREGPT, {"pointer": "/conversations"}, ["human: Hi↵…", "gpt: Yes"]),
        (SHAREGPT, {}, ["human: Hi↵…", "gpt: Yes"]),
        (SHAREGPT, {"pointer": "/conversations/0/value", "span": (3, 8)}, ["human: Hi↵", "there", "^^^^^"]),
        (ALPACA, {"pointer": "/output", "span": (1, 2)}, ["user: Add.", "2 and 2", "assistant: 4.", " ^"]),
        (ALPACA, {"pointer": ""}, ["user: Add.", "2 and 2", "assistant: 4."]),
        (DPO, {"pointer": "/rejected/0/content", "span": (0, 1)}, ["user: 2+2?", "assistant (rejected): 5", "^"]),
        (b'{"a": {"b": "c"}}', {"pointer": "/a/b"}, ['{"a": {"b": "c"}}', "            ^^^"]),
        (b'{"messages": [{"role": "user", "content": "a"}], "meta": 1}', {"pointer": "/meta"},
         ['{"messages": [{"role": "user", "content": "a"}], "meta": 1}', " " * 57 + "^"]),
        (b'{"a": ', {"raw_span": (6, 6)}, ['{"a": ', "      ^"]),
    ],
)  # fmt: skip
def test_frames(record: bytes, finding: dict[str, Any], wanted: list[str]) -> None:
    assert framed(record, finding) == wanted


# ---- hostile data ----

HOSTILE = "\x1b[31m\x1b]0;gone\x07\x00\x9b2J\u202e\u2066\u200b\r\n\t谢谢\udcff\U000e0041" + "A\u0301" * 20
OBEYED = regex.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")


def hostile() -> Outcome:
    """An outcome in which everything that data can say is hostile."""
    whole = HOSTILE.replace("\udcff", "")
    text = whole + "x" * 100_000
    record = {"id": whole, whole: {whole: text}, "messages": [{"role": "user", "content": text}] * 3}
    raw = json.dumps(record).encode()
    files = Files({f"da{HOSTILE[:12]}ta.jsonl": raw + b"\n" + HOSTILE.encode("utf-8", "surrogateescape")})
    pointer = "/" + "/".join([whole.replace("/", "~1")] * 2)
    findings = [
        Finding(text, files.ref(1), "/messages/1/content", (0, 30), code="QLT101",
                related=(Related(files.ref(1), text),)),
        Finding(HOSTILE, files.ref(1), pointer, code="TXT201",
                fix=Fix(HOSTILE, "unsafe", (Edit("set", pointer, None, HOSTILE),))),
        Finding(HOSTILE, files.ref(1), "/messages/2/content", (0, 100_000), code="PII101"),
        Finding(HOSTILE, files.ref(2), raw_span=(0, 9), code="JSN104"),
        Finding(HOSTILE, source=0, code="JSN203"),
        Finding(HOSTILE, code="BAL101"),
    ]  # fmt: skip
    notes = [NotChecked(HOSTILE, HOSTILE, HOSTILE, 3), NotChecked(HOSTILE, HOSTILE, note=True)]
    return outcome(files, findings, not_checked=notes, id_fields={0: "id"}, fix_notes=[HOSTILE])


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("look", [WIDE, Look(encoding="ascii"), Look(width=40)])
@pytest.mark.parametrize("redact", [True, False])
def test_nothing_hostile_reaches_the_terminal(name: str, look: Look, redact: bool) -> None:
    report = Report(hostile(), settings(output_format=name), look, redact=redact)
    said = "".join(reporter(name).render(report))
    assert not OBEYED.search(said)
    if name == "full":
        assert f": {'␛' if look.unicode else chr(92) + 'x1b'}[31m" in said  # a frame of the conversation
    if not reporter(name).MACHINE:
        said.encode(look.encoding)
        assert max(map(text_width, said.split("\n"))) < 1500
        assert len(said) < 60_000
    elif name in ("json", "sarif", "gitlab", "rdjson"):
        assert json.loads(said)
    elif name in ("jsonl", "rdjsonl"):
        assert all(json.loads(line) for line in said.splitlines())
