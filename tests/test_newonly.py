"""Findings on records that an older revision has do not count, wherever the records lie now; all others do."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import running
from houses import answer, dumped, edited, inserted, mended, reordered, row, rows, shuffled
from repos import EMPTY_TREE, Repo, array

from datalint import contents, run
from datalint.errors import UsageError

RULES = ("QLT101", "CHT201", "TXT202", "DUP101")
Rows = list[dict[str, Any]]
OLD = rows()[:60]
WORSE = row(7, "As an AI language model, I cannot visit house 7.")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path, {"data/a.jsonl": dumped(OLD), "data/b.jsonl": dumped(rows()[60:80]), "notes.txt": b"Hello\n"})


def codes(repo: Repo, rev: str = "HEAD", **more: Any) -> list[str]:
    return [one["code"] for one in repo.told(rev, **({"select": RULES} | more))]


MOVED: list[tuple[str, dict[str, bytes | None]]] = [
    ("nothing", {}),
    ("shuffled", {"data/a.jsonl": dumped(shuffled(OLD))}),
    ("keys in another order", {"data/a.jsonl": dumped(reordered(OLD))}),
    ("renamed", {"data/a.jsonl": None, "data/c.jsonl": dumped(OLD)}),
    ("split", {"data/a.jsonl": None, "x/1.jsonl": dumped(OLD[:25]), "x/2.jsonl": dumped(OLD[25:])}),
    ("joined", {"data/a.jsonl": dumped(rows()[:80]), "data/b.jsonl": None}),
    ("an array", {"data/a.jsonl": None, "data/a.json": array(OLD)}),
    ("compressed", {"data/a.jsonl": None, "data/a.jsonl.gz": gzip.compress(dumped(shuffled(OLD)))}),
    ("other line ends", {"data/a.jsonl": dumped(OLD).replace(b"\n", b"\r\n")}),
    ("a byte-order mark", {"data/a.jsonl": b"\xef\xbb\xbf" + dumped(OLD)}),
    ("some deleted", {"data/a.jsonl": dumped(OLD[::2])}),
    ("a blank line at the end", {"data/a.jsonl": dumped(OLD) + b"\n"}),
]


@pytest.mark.parametrize(("name", "files"), MOVED, ids=[name for name, _ in MOVED])
def test_records_that_moved_are_old(repo: Repo, name: str, files: dict[str, bytes | None]) -> None:
    repo.write(files)
    assert codes(repo) == []
    outcome = repo.check(select=RULES)
    assert outcome.stats.suppressed["old"] > 0


def test_an_unchanged_tree_has_nothing_new_and_is_not_read_again(repo: Repo) -> None:
    outcome = repo.check()
    assert not outcome.stats.findings
    assert outcome.stats.suppressed["old"] == repo.check("").stats.findings.total() > 0
    assert outcome.notes == ["New since HEAD: 0 records."]


def test_over_an_empty_tree_everything_is_new(repo: Repo) -> None:
    assert repo.check(EMPTY_TREE).stats.findings == repo.check("").stats.findings
    assert repo.told(EMPTY_TREE) == repo.told("")


CHANGED: list[tuple[str, Callable[[Rows], Rows], list[str]]] = [
    ("one more", lambda some: [*some[:30], WORSE, *some[30:]], ["QLT101"]),
    ("a good one more", inserted, []),
    ("one worse", lambda some: [WORSE if n == 7 else one for n, one in enumerate(some)], ["QLT101"]),
    ("ten mended, six worse", mended, ["QLT101", "QLT101", "CHT201", "CHT201", "TXT202", "TXT202"]),
    ("other fields edited", lambda some: edited(some)[:1], ["CHT201"]),
]


@pytest.mark.parametrize(("name", "change", "wanted"), CHANGED, ids=[name for name, *_ in CHANGED])
def test_findings_on_new_records_count(
    repo: Repo, name: str, change: Callable[[Rows], Rows], wanted: list[str]
) -> None:
    repo.write({"data/a.jsonl": dumped(change(OLD))})
    assert sorted(codes(repo)) == sorted(wanted)


def test_what_is_new_stays_new_when_all_else_moves(repo: Repo) -> None:
    repo.write({"data/a.jsonl": None, "x.json": array(reordered(shuffled([WORSE, *OLD])))})
    told = repo.told(select=RULES)
    assert [(one["code"], one["path"]) for one in told] == [("QLT101", "x.json")]


def test_a_copy_of_an_old_record_is_new(repo: Repo) -> None:
    bad = OLD[10]
    repo.write({"data/a.jsonl": dumped([*OLD, bad])})
    told = repo.told(select=RULES)
    assert {one["line"] for one in told} == {61}
    assert "DUP101" in {one["code"] for one in told}


def test_a_copy_in_another_file_is_the_new_one(repo: Repo) -> None:
    repo.write({"data/a.jsonl": dumped(OLD[:59]), "data/0.jsonl": dumped([OLD[10]])})
    told = repo.told(select=("QLT101", "TXT202", "CHT201"))
    assert [one["path"] for one in told] == ["data/0.jsonl"]


def test_a_copy_before_the_original_makes_the_pair_new(repo: Repo) -> None:
    """The finding lies on the old record, and only its related place is new."""
    repo.write({"data/0.jsonl": dumped([OLD[3]])})
    told = repo.told(select=("DUP101",))
    assert [(one["path"], one["related"][0]["path"]) for one in told] == [("data/a.jsonl", "data/0.jsonl")]


def test_old_pairs_are_old(tmp_path: Path) -> None:
    repo = Repo(tmp_path, {"a.jsonl": dumped([OLD[1], OLD[2], OLD[1]])})
    repo.write({"a.jsonl": dumped([OLD[2], OLD[1], OLD[1], OLD[3]])})
    assert codes(repo) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_new_does_not_depend_on_processes(repo: Repo, jobs: int) -> None:
    repo.write({"data/a.jsonl": dumped(mended(OLD)), "data/z.jsonl": dumped([OLD[10], WORSE])})
    told = repo.told(select=RULES, jobs=jobs, executor="serial" if jobs == 1 else "processes")
    assert told == repo.told(select=RULES)
    assert len(told) == 7


@pytest.mark.parametrize("shard", [64, 1000, 1 << 20])
def test_what_is_new_does_not_depend_on_shards(repo: Repo, monkeypatch: pytest.MonkeyPatch, shard: int) -> None:
    repo.write({"data/a.jsonl": dumped(mended(OLD)), "data/z.json": array([WORSE, *OLD[10:14]])})
    wanted = repo.told(select=RULES)
    monkeypatch.setattr(run, "SHARD_BYTES", shard)
    monkeypatch.setattr(contents, "SHARD_BYTES", shard)
    monkeypatch.setattr(contents, "BLOCK_BYTES", shard)
    assert repo.told(select=RULES) == wanted
    assert len(wanted) > 6


def test_new_and_old_findings_are_all_findings(repo: Repo) -> None:
    repo.write({"data/a.jsonl": dumped(shuffled(mended(OLD))), "data/z.jsonl": dumped([OLD[3], WORSE])})
    new, everything = repo.check(), repo.check("")
    assert new.stats.findings.total() + new.stats.suppressed["old"] == everything.stats.findings.total()
    assert new.stats.findings <= everything.stats.findings


def test_files_have_new_findings_where_they_have_new_records(repo: Repo) -> None:
    repo.commit({"data/b.jsonl": dumped(OLD[:3]).rstrip(b"\n")})
    assert codes(repo, select=("JSN",)) == []
    repo.write({"data/b.jsonl": dumped(shuffled(OLD[:3])).rstrip(b"\n")})
    assert codes(repo, select=("JSN",)) == []
    repo.write({"data/b.jsonl": dumped([WORSE, *OLD[:3]]).rstrip(b"\n")})
    assert len(codes(repo, select=("JSN",))) == 1


def test_files_have_new_findings_where_they_begin_or_end_as_none_did(repo: Repo) -> None:
    repo.write({"data/a.jsonl": dumped(OLD).rstrip(b"\n")})
    assert len(codes(repo, select=("JSN",))) == 1
    repo.write({"data/a.jsonl": b""})
    assert len(codes(repo, select=("JSN",))) == len(repo.told("", "data/a.jsonl", select=("JSN",)))


def test_damaged_lines_are_records_too(repo: Repo) -> None:
    repo.commit({"data/b.jsonl": b'{"a": \n'})
    repo.write({"data/b.jsonl": b'  {"a":  \n{"b": \n'})
    assert [one["line"] for one in repo.told(select=("JSN101", "JSN102"))] == [2]


def test_since_a_branch_parted(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "more")
    repo.commit({"data/c.jsonl": dumped([WORSE])})
    repo.git("checkout", "-q", "main")
    repo.commit({"data/d.jsonl": dumped([row(1, answer(1, True))])})
    repo.git("checkout", "-q", "more")
    assert codes(repo, "", new_from_merge_base="main") == ["QLT101"]
    assert codes(repo, "more", new_from_merge_base="") == []


def test_what_is_not_new_is_not_fixed(repo: Repo) -> None:
    repo.write({"data/a.jsonl": dumped([*OLD, row(5, "House 5 is red. \nIt is old.")])})
    before = (repo.folder / "data/b.jsonl").read_bytes()
    wanted = running.settings(repo.folder, ".", new_from_rev="HEAD", select=("TXT202",))
    outcome = running.fix(wanted, unsafe=False)
    assert outcome.stats.fixed == {"TXT202": 1}
    assert (repo.folder / "data/b.jsonl").read_bytes() == before


def test_standard_input_stands_for_its_file(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    data = dumped([*OLD[:20], WORSE])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    told = repo.told("HEAD", "-", select=RULES, stdin_filename="data/a.jsonl")
    assert [(one["line"], one["code"]) for one in told] == [(21, "QLT101")]


def test_a_file_outside_is_refused(repo: Repo, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "x.jsonl").write_bytes(dumped(OLD))
    with pytest.raises(UsageError, match="is in no git repository"):
        repo.check("HEAD", str(folder / "x.jsonl"))
    with pytest.raises(UsageError, match="is outside the git repository"):
        repo.check("HEAD", "data/a.jsonl", str(folder / "x.jsonl"))


def test_a_link_that_leads_out_is_refused(repo: Repo, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "x.jsonl").write_bytes(dumped(OLD))
    (repo.folder / "data" / "c.jsonl").symlink_to(folder / "x.jsonl")
    with pytest.raises(UsageError, match=r"data/c\.jsonl is outside"):
        repo.check("HEAD", "data/a.jsonl", "data/c.jsonl")


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 4\n"


def test_a_large_file_is_read_where_git_lfs_keeps_it(repo: Repo) -> None:
    oid = "ab" * 32
    repo.commit({"data/a.jsonl": POINTER % oid.encode()})
    repo.write({"data/a.jsonl": dumped([*OLD, WORSE])})
    with pytest.raises(UsageError, match="Git LFS pointer, and its data is not here") as error:
        repo.check(select=RULES)
    assert "git lfs fetch origin" in error.value.hint
    running.write(repo.folder / ".git/lfs/objects/ab/ab", {oid: dumped(OLD)})
    assert codes(repo) == ["QLT101"]


def test_an_old_file_that_cannot_be_read_is_told(repo: Repo) -> None:
    repo.commit({"c.jsonl.gz": b"\x1f\x8bnothing"})
    repo.write({"c.jsonl.gz": gzip.compress(dumped([WORSE]))})
    outcome = repo.check(select=RULES)
    assert outcome.stats.findings == {"QLT101": 1}
    assert any("c.jsonl.gz of HEAD cannot be unpacked" in note for note in outcome.notes)


def test_other_json_of_the_project_is_no_data(repo: Repo) -> None:
    repo.commit({"package.json": b'{"name": "x"}'})
    repo.write({"package.json": b'{"name": "y"}'})
    assert codes(repo) == []


# ---- the command line ----


@pytest.fixture
def here(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    monkeypatch.chdir(repo.folder)
    return repo


def test_the_report_says_what_is_new(here: Repo) -> None:
    here.write({"data/a.jsonl": dumped([*OLD, WORSE])})
    done = here("check --isolated --select QLT101,CHT201 --new-from-rev HEAD")
    assert "data/a.jsonl:61:" in done.stdout
    assert "New since HEAD: 1 record." in done.stdout
    assert "(6 on old records)" in done.stdout
    shown = here("check --isolated --select QLT101 --new-from-rev HEAD --show-suppressed")
    assert shown.stdout.count("(on old records: HEAD has them)") == 3


def test_the_config_may_say_it_and_the_command_line_wins(here: Repo) -> None:
    here.write({"datalint.toml": b'select = ["QLT101", "CHT201"]\nnew-from-merge-base = "main"\n'})
    assert "on old records" in here("check").stdout
    everything = here("check --new-from-merge-base=").stdout
    assert "on old records" not in everything
    assert "All checks passed" not in everything
    assert "New since" in here("check --new-from-rev HEAD").stdout
    both = here("check --new-from-rev HEAD --new-from-merge-base main")
    assert both.exit_code == 2


def test_a_wrong_revision_of_the_config_is_told_with_its_place(here: Repo) -> None:
    here.write({"datalint.toml": b'new-from-rev = "v9"\n'})
    done = here("check")
    assert done.exit_code == 2
    assert "new-from-rev: git knows no revision 'v9'" in done.stderr
    assert "datalint.toml:1" in done.stderr


def test_a_baseline_is_made_of_everything(here: Repo) -> None:
    here.write({"datalint.toml": b'select = ["QLT101"]\nnew-from-rev = "HEAD"\n'})
    assert "Wrote 3 findings" in here("baseline create").stdout


def test_machine_reports_count_what_is_old(here: Repo) -> None:
    done = here("check --isolated --select QLT101,CHT201 --new-from-rev HEAD --output-format json")
    assert json.loads(done.stdout)["stats"]["suppressed"] == {"old": 6}
    assert done.exit_code == 0
