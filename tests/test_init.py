"""``datalint init``: what it finds out about data, and that what it writes is valid and does what it says."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import regex
import yaml
from click.testing import CliRunner, Result

from datalint import config, inventory, sources
from datalint.cli import main
from datalint.config import Settings


def lines(*records: Any) -> bytes:
    return b"".join(json.dumps(r).encode() + b"\n" for r in records)


def alpaca(n: int, **more: Any) -> dict[str, Any]:
    return {**more, "instruction": f"Name the number {n}.", "input": "", "output": f"It is {n}."}


def chat(n: int, **more: Any) -> dict[str, Any]:
    turns = [{"from": "human", "value": f"Name the number {n}."}, {"from": "gpt", "value": f"It is {n}."}]
    return {**more, "conversations": turns}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def datalint(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def inventory_of(folder: Path) -> inventory.Inventory:
    return inventory.taken(Settings(cwd=folder, root=folder, isolated=True, rule_paths=()))


PROJECTS: list[tuple[str, dict[str, bytes], tuple[str, ...]]] = [
    ("one folder", {"data/a.jsonl": lines(alpaca(1)), "data/deep/b.jsonl": lines(alpaca(2))}, ("data/**/*.jsonl",)),
    ("two suffixes", {"data/a.jsonl": lines(alpaca(1)), "data/b.ndjson": lines(alpaca(2))}, ("data/**",)),
    ("two folders", {"x/a.jsonl": lines(alpaca(1)), "y/b.jsonl.gz": gzip.compress(lines(alpaca(2)))},
     ("x/**/*.jsonl", "y/**/*.jsonl.gz")),
    ("at the top", {"a.jsonl": lines(alpaca(1)), "b.jsonl": lines(alpaca(2))}, ("*.jsonl",)),
    ("an array", {"data/a.json": json.dumps([alpaca(1)]).encode(), "data/package.json": b'{"name": "x"}'},
     ("data/a.json",)),
    ("odd names", {"da ta/[1] é.jsonl": lines(alpaca(1))}, ("da ta/**/*.jsonl",)),
    ("what git ignores beside", {".gitignore": b"old/\n", "data/a.jsonl": lines(alpaca(1)),
                                 "data/old/b.jsonl": lines(alpaca(2))}, ("data/*.jsonl",)),
    ("nothing", {"readme.txt": b"x"}, ()),
]  # fmt: skip


@pytest.mark.parametrize(("files", "include"), [(f, i) for _, f, i in PROJECTS], ids=[name for name, _, _ in PROJECTS])
def test_globs_find_just_the_data(folder: Path, files: dict[str, bytes], include: tuple[str, ...]) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    put(folder, files)
    found = inventory_of(folder)
    assert found.include == include
    assert datalint("init").exit_code == 0
    made = config.load({}, cwd=folder)
    walked = sources.find(Settings(cwd=folder, root=folder)).paths
    assert {os.path.normpath(path) for path in sources.find(made).paths} == {os.path.normpath(path) for path in walked}


def test_data_that_git_ignores_is_found(folder: Path) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    put(folder, {".gitignore": b"data/\n", "data/a.jsonl": lines(alpaca(1))})
    found = inventory_of(folder)
    assert (found.hidden, found.include) == (True, ("data/**/*.jsonl",))
    assert "git ignores these files" in datalint("init", "--stdout").stdout


IDS: list[tuple[Callable[[int], dict[str, Any]], str]] = [
    (lambda n: alpaca(n, id=n), "id"),
    (lambda n: alpaca(n, record_id=f"t-{n}", id="same"), "record_id"),
    (lambda n: alpaca(n, meta={"uuid": f"u{n}"}), "/meta/uuid"),
    (lambda n: alpaca(n, convId=f"u{n}", meta={"id": n}), "convId"),
    (lambda n: alpaca(n, **{"/x_id": n}), "/~1x_id"),
    (lambda n: alpaca(n, id=n // 2), ""),
    (lambda n: alpaca(n, **({"id": n} if n else {})), ""),
    (lambda n: alpaca(n, id=f"the text number {n}"), ""),
    (lambda n: alpaca(n, valid=n, paid=n), ""),
    (lambda n: alpaca(n, id=bool(n)), ""),
]


@pytest.mark.parametrize(("record", "name"), IDS)
def test_the_id_field_differs_in_every_record(folder: Path, record: Callable[[int], dict[str, Any]], name: str) -> None:
    put(folder, {"a.jsonl": lines(*map(record, range(5))), "b.jsonl": lines(*map(record, range(5, 10)))})
    assert inventory_of(folder).id_field == name
    datalint("init")
    assert config.load({}, cwd=folder).id_field == name
    if name:
        put(folder, {"c.jsonl": lines(record(3))})
        assert inventory_of(folder).id_field == ""


def test_the_config_says_what_there_is(folder: Path) -> None:
    many = lines(*(chat(n) for n in range(30_000)))
    put(folder, {"data/x_train.jsonl": many, "data/x_test.jsonl": lines(chat(1))})
    put(folder, {"data/old.jsonl": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\n"})
    text = datalint("init", "--stdout").stdout
    assert regex.search(r"data/x_train\.jsonl +3\.\d MB  about (29|30|31|32),000 records, sharegpt\n", text)
    assert regex.search(r"data/x_test\.jsonl +\d+ B  1 record, sharegpt\n", text)
    assert "not checked: is a Git LFS pointer" in text
    assert '# format = "sharegpt"' in text
    assert "there are splits: test, train" in text
    assert not (folder / "datalint.toml").exists()


def test_all_that_is_commented_out_is_valid_too(folder: Path) -> None:
    put(folder, {"data/a.jsonl": lines(alpaca(1))})
    text = datalint("init", "--stdout").stdout
    offered = [regex.sub(r"^# ", "", line) for line in text.split("\n")]
    # Tables end what is before them, and a key is there once: each offer is tried by itself.
    blocks = regex.findall(r"(?m)^(?:[\w-]+ = .*|\[.*\]\n(?:[\w-]+ = .*\n?)+)", "\n".join(offered))
    assert len(blocks) >= 8
    put(folder, {"data/test.jsonl": lines(alpaca(2)), "data/raw/c.jsonl": lines(alpaca(3))})
    for block in blocks:
        (folder / "datalint.toml").write_text(block + "\n")
        assert datalint("check", "-q").exit_code in (0, 1), block


def test_nothing_is_written_over(folder: Path) -> None:
    put(folder, {"a.jsonl": lines(alpaca(1)), "datalint.toml": b"# mine\n"})
    done = datalint("init", "--yes")
    assert (done.exit_code, "datalint.toml exists" in done.stderr) == (2, True)
    assert sorted(os.listdir(folder)) == ["a.jsonl", "datalint.toml"]
    assert (folder / "datalint.toml").read_bytes() == b"# mine\n"
    assert datalint("init", "--force").exit_code == 0
    assert (folder / "datalint.toml").read_bytes() != b"# mine\n"


@pytest.mark.parametrize("name", [".github/workflows/datalint.yml", ".datalint-baseline"])
def test_no_file_is_written_where_one_could_not_be(folder: Path, name: str) -> None:
    put(folder, {"a.jsonl": lines(alpaca(1)), name: b"# mine\n"})
    assert datalint("init", "--yes").exit_code == 2
    assert not (folder / "datalint.toml").exists()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [(".datalint.toml", "", "would hold instead"), ("pyproject.toml", "[tool.datalint]\n", "[tool.datalint]")],
)
def test_other_configs_count(folder: Path, name: str, text: str, said: str) -> None:
    put(folder, {name: text.encode()})
    done = datalint("init")
    assert done.exit_code == 2
    assert said in done.stderr


def test_elsewhere_than_on_a_terminal_it_asks_nothing(folder: Path) -> None:
    put(folder, {"a.jsonl": lines(alpaca(1))})
    done = CliRunner().invoke(main, ["init"], input="")
    assert done.exit_code == 0
    assert sorted(os.listdir(folder)) == ["a.jsonl", "datalint.toml"]


def test_on_a_terminal_it_asks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, {"a.jsonl": lines(alpaca(1))})
    asked: list[str] = []

    def confirm(question: str, **more: Any) -> bool:
        asked.append(question)
        return "workflow" in question

    monkeypatch.setattr("datalint.cli.init._is_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", confirm)
    assert datalint("init", "--no-baseline").exit_code == 0
    assert len(asked) == 2
    assert sorted(os.listdir(folder)) == [".github", "a.jsonl", "datalint.toml"]


def test_all_files(folder: Path) -> None:
    put(folder, {"data/a.jsonl": lines(alpaca(1), alpaca(2) | {"output": "As an AI language model, I cannot."})})
    put(folder, {"data/b.json": json.dumps([alpaca(3)]).encode()})
    subprocess.run(["git", "init", "-q", "-b", "trunk"], check=True)
    done = datalint("init", "--yes")
    assert done.exit_code == 0, done.output
    check = datalint("check", "--fail-level", "info")
    assert (check.exit_code, "in the baseline" in check.stdout) == (0, True)
    workflow = yaml.safe_load((folder / ".github/workflows/datalint.yml").read_text())
    assert workflow[True]["push"]["branches"] == ["trunk"]
    hooks = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [hook["id"] for hook in hooks] == ["datalint-check", "datalint-dataset"]
    for path, fits in (("data/a.jsonl", True), ("x/y.ndjson", True), ("data/b.json", True), ("package.json", False)):
        assert bool(regex.search(hooks[0]["files"], path)) is fits, path


def test_below_the_root_of_the_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    put(folder, {"sub dir/a.jsonl": lines(alpaca(1)), ".pre-commit-config.yaml": b"repos: []\n"})
    monkeypatch.chdir(folder / "sub dir")
    done = datalint("init", "--pre-commit", "--workflow")
    assert done.exit_code == 0
    workflow = yaml.safe_load((folder / ".github/workflows/datalint.yml").read_text())
    assert workflow["jobs"]["datalint"]["defaults"]["run"]["working-directory"] == "sub dir"
    assert (folder / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    assert "exists and is left as it is" in done.stdout
    (hook, _) = yaml.safe_load("repos:\n" + done.stdout[done.stdout.index("  - repo") :].partition("Wrote")[0])[
        "repos"
    ][0]["hooks"]
    assert '--config "sub dir/datalint.toml"' in hook["entry"]
    assert regex.search(hook["files"], "sub dir/a.jsonl")
    assert not regex.search(hook["files"], "other/a.jsonl")
