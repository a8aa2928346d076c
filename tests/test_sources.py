"""Which files a run reads."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from datalint.config import Settings, load
from datalint.errors import UsageError
from datalint.sources import Files, find

RECORD = b'{"text": "one"}\n'
ARRAY = b'[\n {"text": "one"}\n]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files of all kinds."""
    put(tmp_path, "a.jsonl", "b.ndjson", "c.jsonl.gz", "deep/d.jsonl", "deep/er/e.JSONL", "notes.txt", "README.md")
    put(tmp_path, ".git-not/f.jsonl", ".venv/g.jsonl", "node_modules/h.jsonl", "__pycache__/i.jsonl")
    put(tmp_path, "array.json", content=ARRAY)
    put(tmp_path, "lines.json", content=RECORD * 2)
    put(tmp_path, "config.json", content=b'{"name": "a package"}\n')
    put(tmp_path, "pretty.json", content=b'{\n  "name": "a package"\n}\n')
    put(tmp_path, "numbers.json", content=b"[1, 2]")
    return tmp_path


def put(folder: Path, *names: str, content: bytes = RECORD) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def found(folder: Path, *paths: str, **more: Any) -> Files:
    return find(Settings(paths=paths, cwd=folder, root=folder, **more))


def shown(files: Files) -> list[str]:
    return [Path(path).as_posix() for path in files.paths]


WALKED = [
    "a.jsonl", "array.json", "b.ndjson", "c.jsonl.gz", "lines.json", ".git-not/f.jsonl", "deep/d.jsonl", "deep/er/e.JSONL",
]  # fmt: skip


def test_a_folder_brings_its_data_files(folder: Path) -> None:
    assert shown(found(folder, ".")) == WALKED
    assert shown(found(folder)) == WALKED


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("a.jsonl",), ["a.jsonl"]),
        (("notes.txt",), ["notes.txt"]),  # a name that is given is read whatever it is
        (("config.json",), ["config.json"]),
        (("deep",), ["deep/d.jsonl", "deep/er/e.JSONL"]),
        (("deep/",), ["deep/d.jsonl", "deep/er/e.JSONL"]),
        (("b.ndjson", "a.jsonl"), ["b.ndjson", "a.jsonl"]),
        (("a.jsonl", "./a.jsonl", "deep/../a.jsonl"), ["a.jsonl"]),
        (("a.jsonl", "."), ["a.jsonl", *WALKED[1:]]),
        (("-", "a.jsonl", "-"), ["-", "a.jsonl"]),
        ((".venv",), [".venv/g.jsonl"]),
    ],
)
def test_what_is_named_is_read_once_and_in_order(folder: Path, paths: tuple[str, ...], expected: list[str]) -> None:
    assert shown(found(folder, *paths)) == expected


def test_absolute_paths_stay_absolute(folder: Path) -> None:
    assert found(folder, str(folder / "a.jsonl")).paths == [str(folder / "a.jsonl")]
    assert found(folder, str(folder / "deep")).paths[0] == str(folder / "deep" / "d.jsonl")


@pytest.mark.parametrize("path", ["nothing.jsonl", "deep/nothing", "a.jsonl/b"])
def test_a_path_that_does_not_exist_is_a_slip(folder: Path, path: str) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        found(folder, "a.jsonl", path)


def test_a_folder_without_data_is_a_slip_when_named(folder: Path) -> None:
    put(folder, "empty/notes.txt")
    with pytest.raises(UsageError, match="empty holds no data file"):
        found(folder, "empty")


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        (("deep",), 2),
        (("*.json",), 2),
        (("e.JSONL",), 1),
        (("*",), 8),
    ],
)
def test_what_is_excluded_is_counted(folder: Path, exclude: tuple[str, ...], left: int) -> None:
    one, other = found(folder, ".", exclude=exclude), found(folder, ".", extend_exclude=exclude)
    assert one == other
    assert (one.excluded, len(one.paths)) == (left, len(WALKED) - left)


def test_a_named_file_is_excluded_only_by_force(folder: Path) -> None:
    assert shown(found(folder, "a.jsonl", exclude=("*.jsonl",))) == ["a.jsonl"]
    forced = found(folder, "a.jsonl", "b.ndjson", exclude=("*.jsonl",), force_exclude=True)
    assert (shown(forced), forced.excluded) == (["b.ndjson"], 1)


@pytest.mark.parametrize(
    ("include", "expected"),
    [
        ('"deep/**/*.jsonl"', ["deep/d.jsonl"]),
        ('"deep"', ["deep/d.jsonl", "deep/er/e.JSONL"]),
        ('"*.{ndjson,gz}"', ["b.ndjson", "c.jsonl.gz"]),
        ('"notes.txt"', ["notes.txt"]),
        ('"*.txt"', ["notes.txt"]),
        ('"config.*"', []),
        ('"config.json"', ["config.json"]),
        ('"a.jsonl", "a.*"', ["a.jsonl"]),
    ],
)
def test_include_globs(folder: Path, include: str, expected: list[str]) -> None:
    (folder / "datalint.toml").write_text(f"include = [{include}]\n")
    settings = load({}, cwd=folder)
    if expected:
        assert shown(find(settings)) == expected
        assert shown(find(load({}, cwd=folder / "deep"))) == [os.path.relpath(e, "deep") for e in expected]
    else:
        with pytest.raises(UsageError, match="include matches no file"):
            find(settings)


def test_include_goes_with_exclude_but_not_with_paths(folder: Path) -> None:
    (folder / "datalint.toml").write_text('include = ["*.jsonl"]\nexclude = ["deep"]\n')
    files = find(load({}, cwd=folder))
    assert (shown(files), files.excluded) == (["a.jsonl", ".git-not/f.jsonl"], 1)
    assert shown(find(load({"paths": ("b.ndjson",)}, cwd=folder))) == ["b.ndjson"]


def test_links(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    links = tmp_path_factory.mktemp("links")
    (links / "dead.jsonl").symlink_to(links / "gone.jsonl")
    (links / "z-same.jsonl").symlink_to(links / "data.jsonl")
    put(links, "data.jsonl")
    (links / "elsewhere").symlink_to(folder / "deep")
    assert shown(found(links, ".")) == ["data.jsonl", "dead.jsonl"]  # the dead one is told when it is opened
    assert shown(found(links, "z-same.jsonl", ".")) == ["z-same.jsonl", "dead.jsonl"]
    assert shown(found(links, "elsewhere")) == ["elsewhere/d.jsonl", "elsewhere/er/e.JSONL"]
    assert shown(found(links, "dead.jsonl")) == ["dead.jsonl"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_read_is_not_passed_over(folder: Path) -> None:
    (folder / "deep" / "er").chmod(0)
    try:
        assert "deep/er" in shown(found(folder, "."))
    finally:
        (folder / "deep" / "er").chmod(0o755)


# ---- git ----


@pytest.fixture
def repository(folder: Path) -> Path:
    """The folder as a git repository that ignores some of it."""
    if shutil.which("git") is None:
        pytest.skip("no git here")
    subprocess.run(["git", "init", "-q", str(folder)], check=True, capture_output=True)
    (folder / ".gitignore").write_text("deep/\n*.gz\n")
    return folder


@pytest.mark.parametrize(
    ("paths", "more", "expected", "ignored"),
    [
        ((".",), {}, [p for p in WALKED if not p.startswith("deep") and not p.endswith(".gz")], 3),
        ((".",), {"respect_gitignore": False}, WALKED, 0),
        (("deep/d.jsonl", "c.jsonl.gz"), {}, ["deep/d.jsonl", "c.jsonl.gz"], 0),
        (("deep",), {}, ["deep/d.jsonl", "deep/er/e.JSONL"], 0),  # named, though ignored: meant
        (("deep/er",), {}, ["deep/er/e.JSONL"], 0),
    ],
)
def test_what_git_ignores_is_left_out_of_walks(
    repository: Path, paths: tuple[str, ...], more: dict[str, Any], expected: list[str], ignored: int
) -> None:
    files = found(repository, *paths, **more)
    assert (shown(files), files.ignored) == (expected, ignored)


def test_the_repository_of_the_folder_counts_not_that_of_the_caller(repository: Path) -> None:
    put(repository, "data/x.jsonl.gz", "data/y.jsonl")
    files = find(Settings(paths=(str(repository / "data"),), cwd=repository.parent, root=repository.parent))
    assert [Path(p).name for p in files.paths] == ["y.jsonl"]
    assert files.ignored == 1


def test_a_folder_whose_files_are_all_ignored_says_so(repository: Path) -> None:
    put(repository, "packed/x.jsonl.gz")
    with pytest.raises(UsageError, match="1 are ignored by git: --no-respect-gitignore"):
        found(repository, "packed")


def test_files_of_a_repository_within(repository: Path) -> None:
    put(repository, "inner/x.jsonl", "inner/y.tmp.jsonl")
    subprocess.run(["git", "init", "-q", str(repository / "inner")], check=True, capture_output=True)
    (repository / "inner" / ".gitignore").write_text("*.tmp.jsonl\n")
    assert "inner/x.jsonl" in shown(found(repository, "."))
    assert shown(found(repository, "inner")) == ["inner/x.jsonl"]
