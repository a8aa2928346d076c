"""What git is asked, and what is said where it has no answer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from repos import EMPTY_TREE, Repo

from datalint.errors import UsageError
from datalint.revisions import Repository


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "r", {"a.jsonl": b"1\n", "b/ä ö.jsonl": b"2\n"})


def around(repo: Repo, folder: str = "") -> Repository:
    return Repository.around(str(repo.folder / folder))


def test_files_of_a_revision_and_those_that_changed(repo: Repo) -> None:
    git = around(repo, "b")
    tree = git.tree("HEAD")
    assert sorted(git.files(tree)) == ["a.jsonl", "b/ä ö.jsonl"]
    assert git.changed(tree) == frozenset()
    repo.write({"b/ä ö.jsonl": b"3\n", "new.jsonl": b"4\n"})
    assert git.changed(tree) == {"b/ä ö.jsonl"}
    assert git.changed(EMPTY_TREE) == {"a.jsonl", "b/ä ö.jsonl"}


def test_a_file_that_was_touched_is_as_it_was(repo: Repo) -> None:
    os.utime(repo.folder / "a.jsonl", (1, 1))
    assert around(repo).changed("HEAD") == frozenset()


def test_links_are_no_files(repo: Repo) -> None:
    (repo.folder / "c.jsonl").symlink_to("a.jsonl")
    repo.commit({})
    git = around(repo)
    assert "c.jsonl" not in git.files(git.tree("HEAD"))
    assert git.path(str(repo.folder / "c.jsonl")) == "a.jsonl"


def test_folders_that_hooks_set_do_not_matter(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert around(repo).top == os.path.realpath(repo.folder)


UNKNOWN = [
    ("HED", "did you mean 'HEAD'?"),
    ("mian", "did you mean 'main'?"),
    ("v1.0", "`git fetch origin v1.0` if it is elsewhere"),
    ("main~4", "main does not go so far back"),
]


@pytest.mark.parametrize(("revision", "hint"), UNKNOWN)
def test_an_unknown_revision(repo: Repo, revision: str, hint: str) -> None:
    with pytest.raises(UsageError, match="git knows no revision") as error:
        around(repo).tree(revision)
    assert error.value.hint == hint


@pytest.mark.parametrize("revision", ["", " ", "-x", "--output=x"])
def test_no_revision_at_all(repo: Repo, revision: str) -> None:
    with pytest.raises(UsageError, match="is no revision"):
        around(repo).tree(revision)


def test_a_repository_without_commits(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        around(Repo(tmp_path)).tree("HEAD")
    assert error.value.hint == "the repository has no commit yet"


def test_branches_without_a_common_commit(repo: Repo) -> None:
    repo.git("checkout", "-q", "--orphan", "other")
    repo.commit({"a.jsonl": b"6\n"})
    with pytest.raises(UsageError, match="no common ancestor of main and HEAD") as error:
        around(repo).merge_base("main")
    assert "--new-from-rev" in error.value.hint


def test_a_shallow_clone(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"a.jsonl": b"5\n"})
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.folder}", str(tmp_path / "clone"))
    git = Repository.around(str(tmp_path / "clone"))
    with pytest.raises(UsageError) as error:
        git.tree("HEAD~1")
    for said in ("shallow", "git fetch --unshallow", "git fetch --depth=1 origin HEAD~1", "fetch-depth: 0"):
        assert said in error.value.hint
    assert git.tree("HEAD") == around(repo).tree("HEAD")


def test_a_branch_that_only_the_remote_has(repo: Repo, tmp_path: Path) -> None:
    repo.git("branch", "base")
    repo.git("clone", "-q", f"file://{repo.folder}", str(tmp_path / "clone"))
    with pytest.raises(UsageError) as error:
        Repository.around(str(tmp_path / "clone")).merge_base("base")
    assert error.value.hint == "did you mean 'origin/base'?"


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is in no git repository"):
        Repository.around(str(tmp_path))


def test_no_git(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo.folder))
    with pytest.raises(UsageError, match="git is not installed"):
        around(repo)


def test_what_git_says_is_passed_on(repo: Repo) -> None:
    (repo.folder / ".git" / "config").write_text("[core\n")
    with pytest.raises(UsageError, match="git says: "):
        around(repo)


def test_a_file_that_the_clone_does_not_have(repo: Repo, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="git says: "):
        around(repo).fetch("1" * 40, tmp_path / "out", "a.jsonl")
