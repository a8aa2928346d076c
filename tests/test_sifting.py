"""What sieves hold back leaves reports, counts and the exit code; what they let through stays as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import running

from datalint import run
from datalint.exit_codes import exit_code
from datalint.identity import Identity
from datalint.model import Finding
from datalint.outcome import Outcome
from datalint.sifting import Ran

BLANKS = "TXT202"  # blanks at the ends of lines
MAIL = "PII101"


@dataclass
class Held:
    """Holds back what ``test`` says, and remembers what it was asked."""

    test: Callable[[Finding, Identity], bool]
    codes: frozenset[str] | None = None
    status: str = "old"
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    words: tuple[Finding | str, ...] = ()
    ran: Ran | None = None

    def catches(self, finding: Finding, identity: Identity) -> bool:
        self.asked.append((finding.code, identity.record_id))
        return self.test(finding, identity)

    def why(self, finding: Finding, identity: Identity) -> str:
        return f"because of {identity.record_id}"

    def finish(self, ran: Ran) -> Iterable[Finding | str]:
        self.ran = ran
        return self.words


def record(number: int, text: str = "Yes. \nIt is.") -> bytes:
    turns = [{"role": "user", "content": f"Is {number} a number?"}, {"role": "assistant", "content": text}]
    return json.dumps({"id": f"r{number}", "messages": turns}).encode()


def lines(*records: bytes) -> bytes:
    return b"\n".join(records) + b"\n"


def sifted(folder: Path, data: bytes, *sieves: Held, **more: Any) -> tuple[Outcome, list[dict[str, Any]]]:
    """The outcome, and the findings that jsonl tells of."""
    names = running.write(folder, {"a.jsonl": data})
    wanted = running.settings(folder, *names, **({"select": (BLANKS, MAIL, "DUP101"), "id_field": "id"} | more))
    outcome = run.scan_paths(wanted, running.built_in(), None, sieves)[0]
    told = [json.loads(line) for line in running.told(outcome, wanted).splitlines()]
    return outcome, [one for one in told if "code" in one]


def of(*ids: str) -> Callable[[Finding, Identity], bool]:
    return lambda finding, identity: identity.record_id in ids


def test_what_is_held_back_counts_for_nothing(tmp_path: Path) -> None:
    data = lines(*map(record, range(6)))
    before, _ = sifted(tmp_path, data)
    outcome, told = sifted(tmp_path, data, Held(of("r1", "r4")))
    stats = outcome.stats
    assert before.stats.findings == {BLANKS: 6}
    assert stats.findings == {BLANKS: 4}
    assert stats.severities == {"info": 4}
    assert stats.by_rule_records == {BLANKS: 4}
    assert stats.records_with_findings == 4
    assert stats.fixable == {f"{BLANKS} safe": 4}
    assert stats.suppressed["old"] == 2
    assert [one["record"]["id"] for one in told] == ["r0", "r2", "r3", "r5"]
    assert [one["line"] for one in told] == [1, 3, 4, 6]


def test_the_exit_code_knows_only_what_counts(tmp_path: Path) -> None:
    wanted = running.settings(tmp_path, fail_level="info")
    outcome, _ = sifted(tmp_path, lines(record(1)), Held(of("r1")))
    assert exit_code(outcome, wanted) == 0


def test_the_first_sieve_that_holds_a_finding_back_has_it(tmp_path: Path) -> None:
    first, second = Held(of("r1"), status="first"), Held(of("r1", "r2"), status="second")
    outcome, told = sifted(tmp_path, lines(*map(record, range(4))), first, second)
    assert outcome.stats.suppressed == {"first": 1, "second": 1, "config": 0}
    assert [who for _, who in second.asked] == ["r0", "r2", "r3"]
    assert len(told) == 2


def test_findings_of_dataset_rules_pass_too_and_last(tmp_path: Path) -> None:
    same = record(1)
    sieve = Held(lambda finding, identity: finding.code == "DUP101")
    outcome, told = sifted(tmp_path, lines(same, record(2), same), sieve)
    assert [code for code, _ in sieve.asked] == [BLANKS, BLANKS, BLANKS, "DUP101"]
    assert outcome.stats.findings == {BLANKS: 3}
    assert {one["code"] for one in told} == {BLANKS}


def test_a_sieve_is_asked_about_its_rules_only(tmp_path: Path) -> None:
    sieve = Held(lambda finding, identity: True, codes=frozenset({MAIL}))
    outcome, _ = sifted(tmp_path, lines(record(1), record(2, "Write to tamsin.okafor@brightmail.net now.")), sieve)
    assert [code for code, _ in sieve.asked] == [MAIL]
    assert outcome.stats.findings == {BLANKS: 1}


def test_findings_on_files_have_an_identity_without_a_record(tmp_path: Path) -> None:
    sieve = Held(lambda finding, identity: identity.record is None and identity.path == "a.jsonl")
    outcome, _ = sifted(tmp_path, record(1, "Yes."), sieve, select=("JSN",))
    assert outcome.stats.suppressed["old"] == len(sieve.asked) == 1
    assert not outcome.stats.findings


def test_records_have_their_data_and_no_messages(tmp_path: Path) -> None:
    seen: list[Any] = []

    def look(finding: Finding, identity: Identity) -> bool:
        assert identity.record is not None
        seen.append((identity.record.data["id"], json.loads(identity.record.raw)["id"], identity.record.messages))
        return False

    sifted(tmp_path, b"\n" + lines(record(1)), Held(look))
    assert seen == [("r1", "r1", ())]


def shown(folder: Path, **more: Any) -> Iterator[tuple[str, str, str | None]]:
    data = lines(*(record(n, "Write to tamsin.okafor@brightmail.net now. \nDo.") for n in range(3)))
    sieve = Held(lambda finding, identity: finding.code == MAIL or identity.record_id == "r2")
    _, told = sifted(folder, data, sieve, **more)
    for one in told:
        assert "tamsin.okafor@brightmail.net" not in json.dumps(one)
        yield one["record"]["id"], one["status"], one.get("justification")


def test_reports_show_what_is_held_back_where_that_is_wanted(tmp_path: Path) -> None:
    assert list(shown(tmp_path)) == [("r0", "new", None), ("r1", "new", None)]
    told = list(shown(tmp_path, show_suppressed=True))
    assert told.count(("r1", "new", None)) == 1
    assert told.count(("r1", "old", "because of r1")) == 1
    assert told.count(("r2", "old", "because of r2")) == 2
    assert [who for who, _, _ in told] == ["r0", "r0", "r1", "r1", "r2", "r2"]


def test_what_sensitive_rules_found_stays_masked_when_it_is_held_back(tmp_path: Path) -> None:
    names = running.write(tmp_path, {"a.jsonl": lines(record(1, "Write to tamsin.okafor@brightmail.net now. \nDo."))})
    wanted = running.settings(tmp_path, *names, select=(BLANKS, MAIL))
    sieve = Held(lambda finding, identity: True, codes=frozenset({MAIL}))
    outcome = run.scan_paths(wanted, running.built_in(), None, [sieve])[0]
    assert "tamsin.okafor@brightmail.net" not in running.told(outcome, wanted, "full")
    assert "Write to t**" in running.told(outcome, wanted, "full")


def test_text_reports_say_why_a_finding_does_not_count(tmp_path: Path) -> None:
    names = running.write(tmp_path, {"a.jsonl": lines(record(1), record(2))})
    wanted = running.settings(tmp_path, *names, select=(BLANKS,), id_field="id", show_suppressed=True, max_per_rule=1)
    outcome = run.scan_paths(wanted, running.built_in(), None, [Held(of("r1"), status="ignored")])[0]
    said = running.told(outcome, wanted, "concise")
    assert "(ignored: because of r1)" in said
    assert "1 info (1 ignored)." in said


@pytest.mark.parametrize("jobs", [1, 3])
def test_it_is_all_the_same_on_several_processes(tmp_path: Path, jobs: int) -> None:
    data = lines(*(record(n) for n in range(40)))
    counts = {f"r{n}": 0 for n in range(0, 40, 3)}
    sieve = Held(of(*counts))
    outcome, told = sifted(tmp_path, data, sieve, jobs=jobs, executor="processes" if jobs > 1 else "serial")
    assert outcome.stats.suppressed["old"] == 14
    assert len(told) == 26


def test_the_last_words_are_findings_and_closing_lines(tmp_path: Path) -> None:
    sieve = Held(of("r1"), words=("The sieve is full.", Finding("stale", code=BLANKS), Finding("off", code="QLT101")))
    outcome, told = sifted(tmp_path, lines(record(1)), sieve)
    assert outcome.notes == ["The sieve is full."]
    assert [one["message"] for one in told] == ["stale"]
    assert sieve.ran is not None
    assert sieve.ran.is_complete
    assert sieve.ran.paths == ("a.jsonl",)


@pytest.mark.parametrize(("other", "whole"), [("notes.txt", True), ("b.jsonl", False)])
def test_a_run_is_whole_if_it_saw_all_the_data_there_is(tmp_path: Path, other: str, whole: bool) -> None:
    (tmp_path / other).write_bytes(lines(record(9)))
    sieve = Held(of())
    sifted(tmp_path, lines(record(1)), sieve)
    assert sieve.ran is not None
    assert sieve.ran.is_whole() is whole


def test_a_run_that_stops_early_counts_new_findings_and_is_not_complete(tmp_path: Path) -> None:
    sieve = Held(lambda finding, identity: True)
    sifted(tmp_path, lines(record(1)), sieve, maxfail=1, fail_level="info")
    assert sieve.ran is not None
    assert sieve.ran.is_complete
    sieve = Held(of())
    sifted(tmp_path, lines(record(1)), sieve, maxfail=1, fail_level="info")
    assert sieve.ran is not None
    assert not sieve.ran.is_complete
