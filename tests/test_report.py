"""Where findings lie, who they are, what is masked, and how a run ends."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from outcomes import CARDS, ROOT, Files, outcome, settings, story

from datalint.exit_codes import exit_code
from datalint.identity import relative, value_at
from datalint.jsonspan import canonical
from datalint.masking import Masks, blot, mask
from datalint.model import Edit, Finding, Fix, Related
from datalint.outcome import NotChecked, Outcome
from datalint.report import Located, Report


def located(files: Files, *findings: Finding, **more: Any) -> list[Located]:
    """The findings as a report gives them."""
    return list(Report(outcome(files, findings, **more), settings()))


def chat(*texts: str, **more: Any) -> bytes:
    """One record, written as plainly as JSON goes."""
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]
    return json.dumps(more | {"messages": messages}, ensure_ascii=False).encode()


def one_file(*lines: bytes) -> Files:
    """A file of these lines."""
    return Files({"a.jsonl": b"".join(line + b"\n" for line in lines)})


# ---- places ----


@pytest.mark.parametrize(
    ("raw", "pointer", "span", "marked"),
    [
        (b'{"text": "one two"}', "/text", (4, 7), "two"),
        ('{"text": "谢谢 two"}'.encode(), "/text", (3, 6), "two"),
        (b'{"text": "\\u8c22\\n two"}', "/text", (1, 2), "\\n"),
        (b'{"text": "\\ud83d\\ude00 two"}', "/text", (0, 1), "\\ud83d\\ude00"),
        ('{"text": "one 😀 two"}'.encode(), "/text", (6, 9), "two"),
        (b'{"a": [1, {"b/c": null}]}', "/a/1/b~1c", None, "null"),
        (b'{"a": "whole"}', "/a", None, '"whole"'),
        (b'{"a": 1}', None, None, '{"a": 1}'),
        (b'{"a": 1}', "/missing", None, '{"a": 1}'),
        (b'{"a": "short"}', "/a", (2, 99), '"short"'),
    ],
)
def test_columns_are_code_points_of_the_line(
    raw: bytes, pointer: str | None, span: tuple[int, int] | None, marked: str
) -> None:
    files = one_file(b"{}", raw)
    (found,) = located(files, Finding("m", files.ref(2), pointer, span, code="TXT201"))
    assert (found.line, found.end_line) == (2, 2)
    assert found.column is not None
    assert found.end_column is not None
    assert raw.decode()[found.column - 1 : found.end_column - 1] == marked


def test_a_place_in_bytes() -> None:
    raw = '{"é": 1, "é": 2'.encode()
    files = one_file(raw)
    (found,) = located(files, Finding("m", files.ref(1), raw_span=(10, 14), code="JSN104"))
    assert (found.column, found.end_column) == (10, 13)
    assert found.record is not None
    assert found.record_id is not None
    assert found.record_id.startswith("sha:")


def test_a_record_over_several_lines() -> None:
    files = Files({"a.json": b"{}"})
    files.batches[0].raws = [b'{"a":\n  "b"}']
    files.batches[0].datas[0] = {"a": "b"}
    (found,) = located(files, Finding("m", files.ref(1), "/a", (0, 1), code="TXT201"))
    assert (found.line, found.column, found.end_line, found.end_column) == (2, 4, 2, 5)


def test_findings_of_a_record_come_by_column_and_those_of_the_data_set_last() -> None:
    files = one_file(b'{"z": "1", "a": "2"}')
    found = located(
        files,
        Finding("all", code="BAL101"),
        Finding("late", files.ref(1), "/a", code="TXT201"),
        Finding("early", files.ref(1), "/z", code="TXT201"),
        Finding("file", source=0, code="JSN203"),
    )
    assert [f.message for f in found] == ["file", "early", "late", "all"]
    assert [f.path for f in found] == ["a.jsonl", "a.jsonl", "a.jsonl", ""]
    assert [f.where for f in found] == ["a.jsonl", "a.jsonl:1:7", "a.jsonl:1:17", "data set"]
    assert found[0].line is found[0].column is found[0].pointer is found[0].record_id is None


@pytest.mark.parametrize(
    ("path", "cwd", "wanted"),
    [
        ("data/a.jsonl", "/project", "data/a.jsonl"),
        ("a.jsonl", "/project/data", "data/a.jsonl"),
        ("../a.jsonl", "/project/data", "a.jsonl"),
        ("/project/data/a.jsonl", "/elsewhere", "data/a.jsonl"),
        ("/elsewhere/a.jsonl", "/project", "/elsewhere/a.jsonl"),
        ("-", "/project", "-"),
        ("stdin.jsonl", "/project/data", "stdin.jsonl"),
    ],
)
def test_paths_are_below_the_root(path: str, cwd: str, wanted: str) -> None:
    assert relative(path, settings(cwd=Path(cwd), stdin_filename="stdin.jsonl")) == wanted


def test_records_are_read_only_when_shown() -> None:
    files = one_file(*(chat("Hi", f"Answer {n}  ") for n in range(50)))
    asked: list[int] = []

    class Counting(Files):
        def at(self, ref: Any) -> Any:
            asked.append(ref.index)
            return super().at(ref)

    files.__class__ = Counting
    found = [Finding("m", files.ref(n), "/messages/1/content", (0, 1), code="TXT201") for n in range(1, 51)]
    report = Report(outcome(files, found), settings(max_per_rule=3))
    assert [f.line for f in report.shown()] == [1, 2, 3]
    assert report.hidden == {"TXT201": 47}
    assert sorted(set(asked)) == [0, 1, 2]


def test_zero_shows_all_and_rare_rules_are_not_crowded_out() -> None:
    files = one_file(*(chat("Hi", "Answer") for n in range(9)))
    found = [Finding("m", files.ref(n), code="TXT201") for n in range(1, 10)]
    found.append(Finding("rare", files.ref(9), code="CHT102"))
    made = outcome(files, found)
    assert len(list(Report(made, settings(max_per_rule=0)).shown())) == 10
    assert [f.line for f in Report(made, settings(max_per_rule=2)).shown() if f.code == "CHT102"] == [9]
    assert len(list(Report(made, settings(max_per_rule=2)))) == 10


# ---- identity ----


def fingerprint(raw: bytes, pointer: str | None = "/messages/1/content", code: str = "TXT201") -> str:
    """The fingerprint of a finding on the last line of a file."""
    files = one_file(*raw.split(b"\n"))
    (found,) = located(files, Finding("m", files.ref(raw.count(b"\n") + 1), pointer, (0, 1), code=code))
    return found.fingerprint


def test_the_fingerprint_is_the_documented_one() -> None:
    (found,) = [f for f in Report(story(), settings()) if f.code == "QLT101"]
    assert found.fingerprint == "fe1a15fd4f47d5b5"


ANSWER = "An answer that is long enough to be known by itself"


def test_a_fingerprint_outlives_what_does_not_touch_the_value() -> None:
    plain = chat("Hi", ANSWER)
    kept = [
        b"{}\n" + plain,  # moved
        plain.replace(b": ", b":"),  # other spacing
        plain.replace(b"Hi", b"Hello"),  # another field edited
        plain.replace(b'"An answer', b'"\\u0041n answer'),  # other escapes
        chat("Hi", ANSWER, source="x"),
    ]
    assert {fingerprint(raw) for raw in kept} == {fingerprint(plain)}
    deeper = chat("Hi", "other", "Hi", ANSWER)
    assert fingerprint(deeper, "/messages/3/content") == fingerprint(plain)


def test_a_fingerprint_tells_what_matters_apart() -> None:
    plain = chat("Hi", ANSWER)
    made = [
        fingerprint(plain),
        fingerprint(plain, code="QLT101"),
        fingerprint(chat("Hi", ANSWER + "!")),
        fingerprint(plain, "/messages/0/content"),
        fingerprint(plain, None),
        fingerprint(b'{"a": {"1": "x"}}', "/a/1"),
        fingerprint(b'{"a": ["y", "x"]}', "/a/1"),
    ]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize(
    ("data", "pointer", "wanted"),
    [
        ({"a": [1, 2]}, "/a/1", (2, "/a/*", False)),
        ({"a": {"1": 2}}, "/a/1", (2, "/a/1", False)),
        ({"a~/b": 3}, "/a~0~1b", (3, "/a~0~1b", False)),
        ({"a": 1}, "/b/0", ({"a": 1}, "/b/0", True)),
        ([5], "/3", ([5], "/3", True)),
        ({"a": 1}, "", ({"a": 1}, "", False)),
    ],
)
def test_value_at(data: Any, pointer: str, wanted: tuple[Any, str, bool]) -> None:
    assert value_at(data, pointer) == wanted


def test_canonical_json_knows_no_order_and_fears_no_value() -> None:
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    assert canonical({"n": 1 << 80, "s": "\ud800"}) == b'{"n":1208925819614629174706176,"s":"\\ud800"}'


@pytest.mark.parametrize(
    ("field", "record", "wanted"),
    [
        ("id", {"id": "t-1"}, "t-1"),
        ("id", {"id": 7}, "7"),
        ("/meta/id", {"meta": {"id": "m"}}, "m"),
        ("a/b", {"a/b": "slash"}, "slash"),
        ("id", {"id": None}, "sha:"),
        ("id", {}, "sha:"),
        ("", {"id": "t-1"}, "sha:"),
    ],
)
def test_record_ids(field: str, record: dict[str, Any], wanted: str) -> None:
    files = one_file(json.dumps(record).encode())
    (found,) = located(files, Finding("m", files.ref(1), code="TXT201"), id_fields={0: field})
    assert found.record_id is not None
    assert found.record_id == wanted or (wanted == "sha:" and len(found.record_id) == 16)


# ---- masks ----

MAIL = "ada@example.org"


@pytest.mark.parametrize(
    ("secret", "masked", "blotted"),
    [
        (MAIL, "a***@***", "a**@***********"),
        ("4111 1111", "4***", "4********"),
        ("@handle", "@***", "@******"),
    ],
)
def test_masks(secret: str, masked: str, blotted: str) -> None:
    assert (mask(secret), blot(secret)) == (masked, blotted)
    assert len(blot(secret)) == len(secret)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"mail {MAIL}!", "mail a***@***!"),
        (f"twice {MAIL} and {MAIL}", "twice a***@*** and a***@***"),
        (f"cut {MAIL[:10]}…", "cut a***@***…"),
        (f"cut {MAIL[:9]!r}", "cut 'a***@***'"),
        ("ada@exam is another", "ada@exam is another"),
        ("nothing", "nothing"),
    ],
)
def test_secrets_are_found_in_texts(text: str, wanted: str) -> None:
    assert Masks.of([MAIL]).text(text) == wanted


def test_secrets_are_found_as_json_and_python_spell_them() -> None:
    masks = Masks.of(['k"é\n1'])
    for spelled in ('k"é\n1', json.dumps('k"é\n1')[1:-1], repr('k"é\n1')[1:-1]):
        assert masks.text(f"<{spelled}>") == "<k***>"


def test_many_secrets_are_masked_like_few() -> None:
    mails = [f"user{n}@example.org" for n in range(300)] + ["abc", "abcdefghij"]
    masks = Masks.of(mails)
    assert masks.text("user7@example.org, user299@example.org; abcdefghij") == "u***@***, u***@***; a***"
    assert masks.text("no") == "no"


def test_everything_about_a_sensitive_finding_is_masked() -> None:
    files = one_file(chat(f"Write to {MAIL} now", f"I wrote to {MAIL}.", id=MAIL))
    where = "/messages/0/content"
    sensitive = files.on(
        "PII101", 1, where, MAIL, f"E-mail {MAIL}",
        fix=Fix(f"drop {MAIL}", "unsafe", (Edit("set", where, None, {"was": [MAIL], MAIL: 1}),)),
        related=(Related(files.ref(1), f"see {MAIL}"),),
    )  # fmt: skip
    other = files.on("QLT101", 1, "/messages/1/content", "wrote", f"An answer quotes 'to {MAIL}'")
    made = outcome(files, [sensitive, other], id_fields={0: "id"})
    shown = [replace(f, record=None, masks=Masks()) for f in Report(made, settings())]
    assert MAIL not in repr(shown)
    assert shown[0].record_id == "a***@***"
    assert shown[0].message == "E-mail a***@***"
    assert shown[1].message == "An answer quotes 'to a***@***'"
    assert shown[0].fix is not None
    assert shown[0].fix.edits[0].value == {"was": ["a***@***"], "a***@***": 1}
    assert MAIL in repr(list(Report(made, settings(), redact=False)))


def test_a_sensitive_finding_whose_record_is_gone_says_nothing_of_it() -> None:
    files = one_file(chat(f"Write to {MAIL}"))
    made = outcome(files, [files.on("PII101", 1, "/messages/0/content", MAIL, f"E-mail {MAIL}")])

    class Gone(Files):
        def at(self, ref: Any) -> Any:
            raise KeyError(ref)

    files.__class__ = Gone
    (found,) = Report(made, settings())
    assert (found.message, found.line, found.column, found.record) == ("Summary of email-address", 1, 1, None)


def test_diffs_are_masked() -> None:
    files = one_file(chat(f"Write to {MAIL}"))
    found = files.on("PII101", 1, "/messages/0/content", MAIL, "E-mail")
    made = outcome(files, [found], diffs=[f"-Write to {MAIL}\n+Write to [EMAIL]\n"])
    assert list(Report(made, settings()).diffs()) == ["-Write to a***@***\n+Write to [EMAIL]\n"]


# ---- exit codes ----


def run(**counts: int) -> Outcome:
    """An outcome with so many findings of each severity."""
    made = outcome(one_file(b"{}"), [])
    made.stats.severities = Counter(counts)  # type: ignore[arg-type]
    return made


UNREAD = [NotChecked("file", "is a Git LFS pointer")]
NOTE = [NotChecked("3 files", "excluded", note=True)]


@pytest.mark.parametrize(
    ("counts", "outcome_more", "settings_more", "code"),
    [
        ({}, {}, {}, 0),
        ({"error": 1}, {}, {}, 1),
        ({"warning": 5}, {}, {}, 0),
        ({"warning": 5}, {}, {"fail_level": "warning"}, 1),
        ({"info": 5}, {}, {"fail_level": "warning"}, 0),
        ({"info": 5}, {}, {"fail_level": "info"}, 1),
        ({"error": 5}, {}, {"fail_level": "never"}, 0),
        ({"error": 5}, {}, {"exit_zero": True}, 0),
        ({"warning": 5}, {}, {"max_warnings": 5}, 0),
        ({"warning": 6}, {}, {"max_warnings": 5}, 1),
        ({"warning": 6}, {}, {"max_warnings": 5, "exit_zero": True}, 0),
        ({}, {"not_checked": UNREAD}, {}, 3),
        ({}, {"not_checked": NOTE}, {}, 0),
        ({"error": 1}, {"not_checked": UNREAD}, {}, 3),
        ({"error": 1}, {"not_checked": UNREAD}, {"exit_zero": True}, 3),
        ({}, {"exit_code": 2, "not_checked": UNREAD}, {}, 2),
        ({"error": 1}, {"exit_code": 130, "not_checked": UNREAD}, {"exit_zero": True}, 130),
        ({}, {"diffs": ["-a\n+b\n"]}, {"diff": True}, 1),
        ({}, {"diffs": []}, {"diff": True}, 0),
        ({"error": 1}, {"diffs": []}, {"diff": True}, 1),
        ({"error": 1}, {}, {"fix_only": True}, 0),
        ({}, {"diffs": ["-a\n+b\n"]}, {"diff": True, "fix_only": True}, 1),
    ],
)
def test_exit_codes(
    counts: dict[str, int], outcome_more: dict[str, Any], settings_more: dict[str, Any], code: int
) -> None:
    made = run(**counts)
    for name, value in outcome_more.items():
        setattr(made, name, value)
    assert exit_code(made, settings(**settings_more)) == code


@pytest.mark.parametrize(("wanted", "code"), [(True, 1), (False, 0)])
def test_fixing_may_fail_the_run(wanted: bool, code: int) -> None:
    made = run()
    made.stats.fixed["TXT201"] = 1
    assert exit_code(made, settings(exit_non_zero_on_fix=wanted)) == code


def test_engine_findings_need_no_card() -> None:
    files = one_file(b"{}")
    made = outcome(files, [])
    made.findings.add_late([Finding("rule X crashed", files.ref(1), code="DLT901", severity="error")])
    (found,) = Report(made, settings())
    assert (found.code, found.name, found.severity) == ("DLT901", "DLT901", "error")
    assert "DLT901" not in CARDS
    assert settings().root == ROOT


def test_columns_count_what_stands_before_a_record_on_its_line() -> None:
    files = one_file(b'{"a": "one two"}')
    made = outcome(files, [Finding("m", files.ref(1), code="CHT102"), Finding("m", files.ref(1), "/a", code="TXT201")])
    made.before = lambda ref: 7
    assert [(f.column, f.end_column) for f in Report(made, settings())] == [(8, 24), (14, 23)]
