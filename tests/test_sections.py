"""What the config says the data should be like, and mistakes in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import running

from datalint import config, run, sections
from datalint.config_keys import Table
from datalint.errors import DatalintError
from datalint.sections import Target


def test_targets() -> None:
    made = sections.coverage(
        Table(
            {
                "topic": {"math-code": {"min": 0.4}, "chat": {"max": 0}},
                "language": {"de + fr": {"min": 0.1, "max": 0.5}},
            }
        )
    )
    assert made == (
        Target("topic", "math-code", ("math", "code"), 0.4, 1.0),
        Target("topic", "chat", ("chat",), 0.0, 0.0),
        Target("language", "de + fr", ("de", "fr"), 0.1, 0.5),
    )
    assert sections.coverage(Table({"answer-length": {"1-4": {"max": 0.1}}}))[0].values == ("1-4",)


@pytest.mark.parametrize(
    ("method", "least", "wanted"),
    [("pilot", None, 50), ("peft", None, 300), ("full", None, 10_000), ("peft", 9, 9), ("", 7, 7)],
)
def test_numbers(method: str, least: int | None, wanted: int) -> None:
    table = {"method": method, "min": least}
    assert sections.quantity(Table({k: v for k, v in table.items() if v not in (None, "")})).least == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[coverage.topic]\nmaths = { min = 0.1 }", "'maths' is no value of this axis"),
        ("[coverage.topic]\nmath = { min = 40 }", "expected a share between 0 and 1"),
        ("[coverage.topic]\nmath = { min = 0.5, max = 0.4 }", "min 0.5 is above max 0.4"),
        ("[coverage.topic]\nmath = { least = 0.5 }", "expected min and max"),
        ("[coverage.topic]\nmath = 0.5", "expected min and max"),
        ("[coverage]\ntopic = 0.5", "expected a table"),
        ("[coverage.topic]\nmath = { min = 0.7 }\ncode = { min = 0.7 }", "the least shares add up to 1.4"),
        ("[quantity]\nmethod = 'lora'", "'lora' is not a choice"),
        ("[quantity.strata.topic]\nmath = 0", "expected a number of records"),
        ("[annotation]\nannotator = 'who'", "needs 'annotations', or 'item' and 'label'"),
        ("[provenance]\nmax-synthetic = 0.5", "has 'max-synthetic' and no 'generator' or 'synthetic'"),
        ("[provenance]\nallowed-licences = ['MIT']", "has 'allowed-licences' and no 'licence'"),
        ("[provenance]\nlicense = 'x'", "unknown key 'license'"),
    ],
)
def test_a_mistake_shows_itself_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    running.write(tmp_path, {"datalint.toml": text.encode(), "a.jsonl": b'{"text": "Hi"}\n'})
    with pytest.raises(DatalintError) as caught:
        run.scan_paths(config.load({"paths": ("a.jsonl",)}, cwd=tmp_path), running.built_in())
    assert said in str(caught.value)
    assert "datalint.toml:" in str(caught.value)


HI = {"instruction": "Say hi.", "output": "Hi.", "by": "ann"}
EVERYTHING: dict[str, Any] = {
    "coverage": {"topic": {"math": {"min": 0.2}}, "langauge": {"en": {"min": 0.2}}},
    "quantity": {"method": "pilot", "strata": {"format": {"list": 2}}},
    "annotation": {"item": "id", "annotator": "by", "label": ["rating"]},
    "provenance": {"source": "src", "licence": "lic", "allowed-licences": ["MIT"], "generator": "model", "max-synthetic": 0.1,
                   "synthetic": "made"},
}  # fmt: skip
CODES = ("COV", "QTY", "ANN", "PRV", "LEN", "SCH107", "SCH108", "TXT502")


def said(folder: Path, content: bytes, declared: dict[str, Any] = EVERYTHING) -> list[str]:
    running.write(folder, {"a.jsonl": content})
    tables: Any = {name: Table(table) for name, table in declared.items()}
    outcome = running.scan(running.settings(folder, "a.jsonl", select=CODES, **tables))
    assert outcome.not_checked == []
    return [f"{f.code} {f.message}" for f in outcome.findings]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", ["COV101 topic math: there are no records", "QTY101 there are no records", "ANN101 there are no records"]),
        (b"\n\n", ["COV101 topic math: there are no records", "QTY101 there are no records"]),
        (b'{"instruction": "Say hi.", "output": "Hi."}\n', [
            "COV101 topic math: 0 of 1 records (0.0%)",
            "COV101 [coverage] names 'langauge', which no record has; did you mean 'language'?",
            "QTY101 there is 1 record; pilot wants 50",
            "ANN101 no record has the annotations",
            "PRV101 no record has the field 'src'",
            "PRV102 no record has the field 'lic'",
            "PRV103 no record has the field 'made'",
        ]),
        (b"no json\n[1, 2]\n3\n", ["QTY101 there are 2 records"]),
    ],
)  # fmt: skip
def test_poor_data_is_told_of_and_crashes_nothing(content: bytes, wanted: list[str], tmp_path: Path) -> None:
    found = said(tmp_path, content)
    for start in wanted:
        assert any(one.startswith(start) for one in found), (start, found)


def test_an_annotator_with_one_item(tmp_path: Path) -> None:
    lines = [b'{"text": "Hi", "id": 1, "by": "ann", "rating": 2}', b'{"text": "Ho", "id": 2, "by": "bob", "rating": 3}']
    found = said(tmp_path, b"\n".join(lines), {"annotation": EVERYTHING["annotation"]})
    assert "ANN101 the agreement on 'rating' cannot be told: no item has two annotations" in found
    assert "ANN103 2 of 2 items (100.0%) have one annotation of 'rating' only" in found


def test_labels_that_are_no_numbers_and_labels_that_are_texts(tmp_path: Path) -> None:
    wanted = {"annotation": {**EVERYTHING["annotation"], "scale": "ordinal"}}
    lines = [b'{"text": "Hi", "id": 1, "rating": "good"}', b'{"text": "Hi", "id": 1, "rating": 3}']
    assert "ANN101 'rating' is ordinal and has the value 'good', which is no number" in said(
        tmp_path, b"\n".join(lines), wanted
    )
    lines = [b'{"text": "Hi", "id": 1, "rating": "r%d"}' % n for n in range(1001)]
    found = said(tmp_path, b"\n".join(lines), {"annotation": EVERYTHING["annotation"]})
    assert "ANN101 'rating' has 1,001 different values: agreement needs labels, not texts" in found
