"""Words of rules read off their files: the same that loading them gives."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import running

from datalint import words


def folders() -> list[Path]:
    spec = importlib.util.find_spec("datalint_rules")
    return [Path(p) for p in (spec.submodule_search_locations or ())] if spec is not None else []


def test_they_are_those_of_the_rules_that_load() -> None:
    cards = [spec.card for spec in running.specs() if spec.card.origin]
    found = words.read(folders())
    assert found.names == {card.code: card.name for card in cards}
    assert {*found.tags} == {tag for card in cards for tag in card.tags}


def test_files_that_are_no_rules_are_passed_over(tmp_path: Path) -> None:
    for name, text in {
        "a.toml": '[rule]\nname = "late"\ncode = "ACM001"\n',
        "b.toml": '[rule]\ncode = "ACM002"\n# why\nsummary = "x"\nname = "second"\ntags = ["crm", "old"]\n',
        "_fixtures.py": '@rule("ACM003", "hidden")\n',
        "c.py": '@rule("ACM004", "fourth", category="style", tags=["crm"])\n@rule(\n    code="ACM005", name="fifth")\n',
        "d.py": 'tags = ["stray"]\n',
        "e.md": 'code = "ACM006"\nname = "sixth"\n',
    }.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "f.py").write_bytes(b"\xff\xfe")
    found = words.read([tmp_path, tmp_path / "nowhere"])
    assert found == words.Words({"ACM002": "second", "ACM004": "fourth", "ACM005": "fifth"}, ("crm", "old"))
