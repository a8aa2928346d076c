"""The way of a user, from nothing to a pull request that is told off, mended and passes: commands and git, as they are."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datalint.cli import main

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


class Repository:
    """A git repository with a set of chats, and the two commands in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "x")
        self.git("config", "user.email", "x@example.org")

    def git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.folder, check=True, capture_output=True)

    def commit(self, said: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", said)

    def datalint(self, *words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    def write(self, records: list[dict[str, Any]]) -> None:
        path = self.folder / "data/chats.jsonl"
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")


def chat(name: str, *texts: str) -> dict[str, Any]:
    roles = ("user", "assistant")
    return {"id": name, "messages": [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]}


def twice(name: str, first: str, second: str, answer: str) -> dict[str, Any]:
    """A chat in which the user speaks twice, which is an error."""
    made = chat(name, first, answer)
    made["messages"].insert(1, {"role": "user", "content": second})
    return made


PLACES = ("harbour", "station", "library", "market", "museum", "theatre", "garden", "bridge")
OLD = [
    chat(f"c-{n}", f"How far is the {place}?", f"It is {n + 2} streets from here.") for n, place in enumerate(PLACES)
]
OLD[2] = twice("c-2", "How far is the library?", "I am on foot.", "It is four streets from here.")


def test_a_user_s_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    repository = Repository(tmp_path)
    repository.write(OLD)
    repository.commit("Chats")

    # A project is set up: what is wrong already is written down, and no longer counts.
    made = repository.datalint("init", "--workflow")
    assert made.exit_code == 0, made.stderr
    assert 'id-field = "id"' in (tmp_path / "datalint.toml").read_text()
    assert repository.datalint("check").exit_code == 1
    created = repository.datalint("baseline", "create")
    assert "Wrote 1 finding of 1 rule to .datalint-baseline." in created.stdout
    passed = repository.datalint("check")
    assert (passed.exit_code, "(1 in the baseline)" in passed.stdout) == (0, True), passed.stdout
    repository.commit("datalint")

    # A pull request moves the records about, and adds good ones and a bad one: that one is told, and nothing else.
    repository.git("switch", "-q", "-c", "more-chats")
    new = [
        chat("n-1", "Is the museum open today?", "Yes, until six in the evening."),
        twice("n-2", "Which bus goes to the garden?", "I am in a hurry.", "Number nine does, every ten minutes."),
    ]
    mixed = [*new, *OLD]
    random.Random(1).shuffle(mixed)
    repository.write(mixed)
    line = mixed.index(new[1]) + 1
    told = repository.datalint("check", "--output-format", "concise", "--report", "json=report.json")
    assert told.exit_code == 1
    found = [entry["code"] for entry in json.loads((tmp_path / "report.json").read_text())["findings"]]
    assert found == ["CHT102"]
    assert told.stdout.startswith(f"data/chats.jsonl:{line}:")
    assert "::error title=datalint CHT102" in repository.datalint("check", "--output-format", "github").stdout

    # What it is, in the words of the record, and what would mend it.
    place = told.stdout.partition(" ")[0].rstrip(":")
    explained = repository.datalint("explain", place)
    assert explained.exit_code == 0, explained.stderr
    for said in ("record n-2", "user: I am in a hurry.", "on: select = 'DEFAULT' (datalint.toml:", "--unsafe-fixes"):
        assert said in explained.stdout, explained.stdout
    old = repository.datalint("explain", f"data/chats.jsonl:{mixed.index(OLD[2]) + 1}")
    assert "held: in the baseline" in old.stdout

    # It is fixed, and only it: what the baseline has is left alone.
    fixed = repository.datalint("check", "--fix", "--unsafe-fixes")
    assert fixed.exit_code == 0, fixed.stdout
    records = [json.loads(text) for text in (tmp_path / "data/chats.jsonl").read_text().splitlines()]
    assert len(records[line - 1]["messages"]) == 2
    assert OLD[2] in records
    assert repository.datalint("check").exit_code == 0
    (tmp_path / "report.json").unlink()
    repository.commit("More chats")

    # Whoever pays a debt off hears of it, and the baseline shrinks.
    assert repository.datalint("check", "--no-baseline", "--fix", "--unsafe-fixes").exit_code == 0
    assert "`datalint baseline prune` takes it out" in repository.datalint("check").stdout
    pruned = repository.datalint("baseline", "prune")
    assert "Took 1 finding out of .datalint-baseline, 0 are left." in pruned.stdout
