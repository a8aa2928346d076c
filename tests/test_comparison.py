"""Two versions of data are told apart record by record, however they are written and wherever they lie."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from houses import dumped, mended, reordered, row, rows, shuffled
from repos import Repo, array

from datalint.cli import main
from datalint.cli._diff import LARGEST, MARK
from datalint.nearest import LIKE, Loose, _likeness, _sketch

Rows = list[dict[str, Any]]
OLD = rows()[:60]
WORSE = row(99, "As an AI language model, I cannot visit house 99.")


def unnamed(some: Rows) -> Rows:
    return [{key: value for key, value in one.items() if key != "id"} for one in some]


def story(number: int, end: str = "") -> dict[str, str]:
    """Texts that have little in common."""
    words = ["".join(chr(97 + (number * 7 + n * k) % 26) for k in range(3, 12)) for n in range(1, 30)]
    return {"text": " ".join(words) + end}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def diff(line: str) -> Result:
    return CliRunner().invoke(main, ["diff", "--isolated", *line.split()])


def told(folder: Path, old: bytes, new: bytes, *more: str, suffix: str = ".jsonl") -> dict[str, Any]:
    (folder / "old.jsonl").write_bytes(old)
    (folder / f"new{suffix}").write_bytes(new)
    done = diff(f"old.jsonl new{suffix} --output-format json --select QLT101,CHT201,TXT202 {' '.join(more)}")
    assert done.exit_code == 0, done.output
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def counts(made: dict[str, Any]) -> tuple[int, int, int, int]:
    records = made["records"]
    return records["added"], records["removed"], records["changed"], records["same"]


def test_equal_files_do_not_differ(folder: Path) -> None:
    made = told(folder, dumped(OLD), dumped(OLD))
    assert counts(made) == (0, 0, 0, 60)
    assert made["findings"] == {"introduced": 0, "fixed": 0, "by_rule": []}


SAME = [
    ("shuffled", ".jsonl", dumped(shuffled(OLD)), 0),
    ("keys in another order", ".jsonl", dumped(reordered(OLD)), 60),
    ("an array", ".json", array(OLD), 60),
    ("compressed", ".jsonl.gz", gzip.compress(dumped(OLD)), 0),
    ("blank lines", ".jsonl", dumped(OLD).replace(b"\n", b"\n\n"), 0),
]


@pytest.mark.parametrize(("name", "suffix", "data", "rewritten"), SAME, ids=[name for name, *_ in SAME])
def test_what_is_only_written_otherwise_does_not_differ(
    folder: Path, name: str, suffix: str, data: bytes, rewritten: int
) -> None:
    made = told(folder, dumped(OLD), data, suffix=suffix)
    assert counts(made) == (0, 0, 0, 60)
    assert made["records"]["rewritten"] == rewritten
    assert made["findings"]["introduced"] == made["findings"]["fixed"] == 0


def test_records_change_by_their_ids(folder: Path) -> None:
    made = told(folder, dumped(OLD), dumped([*mended(OLD)[5:], WORSE]))
    assert made["records"]["id_field"] == "id"
    assert counts(made) == (1, 5, 11, 44)
    assert made["fields"] == {"/messages/*/content": 11, "/meta": 11, "/meta/source": 11}
    by_rule = {one["code"]: (one["introduced"], one["fixed"]) for one in made["findings"]["by_rule"]}
    assert by_rule == {"QLT101": (3, 2), "CHT201": (2, 2), "TXT202": (2, 2)}
    assert made["added"][0]["id"] == "r99"


def test_records_without_ids_change_if_they_are_alike(folder: Path) -> None:
    old = [story(n) for n in range(12)]
    new = [*old[:3], story(3, " and more"), *old[5:], story(77)]
    made = told(folder, dumped(old), dumped(shuffled(new)))
    assert made["records"]["id_field"] is None
    assert counts(made) == (1, 1, 1, 10)
    assert made["changed"][0]["old"]["line"] == 4


def test_a_line_that_is_no_json_has_no_id_and_is_a_record(folder: Path) -> None:
    made = told(folder, dumped(OLD), dumped(OLD[:59]) + b'{"id": "r59", \n')
    assert counts(made) == (1, 1, 0, 59)


def test_copies_are_counted(folder: Path) -> None:
    assert counts(told(folder, dumped([OLD[1]] * 3), dumped([OLD[1]] * 5))) == (2, 0, 0, 3)


def test_how_much_alike_texts_are() -> None:
    def sketched(data: dict[str, str]) -> list[int]:
        loose = object.__new__(Loose)
        loose.raw = json.dumps(data).encode()
        return _sketch(loose)

    one = sketched(story(1))
    assert _likeness(one, one) == 1
    assert _likeness(one, sketched(story(1, " and a few words more"))) > 0.7
    assert _likeness(one, sketched(story(2))) < LIKE


def test_lengths_and_formats_are_told(folder: Path) -> None:
    made = told(folder, dumped(OLD), dumped([{"instruction": "Say yes.", "output": "yes"}]))
    assert made["new"]["lengths"]["p50"] == 44
    assert made["new"]["shapes"] == {"alpaca": 1}
    assert made["old"]["shapes"] == {"messages": 60}


def test_what_came_and_went_is_like(folder: Path) -> None:
    more = {"instruction": "Explain how a volcano works.", "output": "Magma rises through the crust of the earth."}
    made = told(folder, dumped(OLD), dumped([*OLD[1:], more, {**more, "output": "Magma rises."}]))
    assert made["profile"]["came"]["turns"] == {"1": 2}
    assert made["profile"]["gone"]["turns"] == {"1": 1}
    text = diff("old.jsonl new.jsonl").stdout
    assert "instruction-length" in text
    assert "volcano" in text


# ---- revisions ----


@pytest.fixture
def repo(folder: Path) -> Repo:
    return Repo(folder, {"data/a.jsonl": dumped(OLD[:30]), "data/b.jsonl": dumped(OLD[30:]), "x.txt": b"x"})


def test_a_revision_and_the_working_tree(repo: Repo) -> None:
    repo.write({"data/a.jsonl": None, "data/c.jsonl": dumped([*OLD[:29], WORSE])})
    for line in ("HEAD:data", "HEAD:data data", "HEAD: ."):
        done = diff(f"{line} --output-format json")
        assert counts(json.loads(done.stdout)) == (1, 1, 0, 59), line
    assert "data/c.jsonl:30" in diff("HEAD:data").stdout


def test_two_revisions_of_one_file(repo: Repo) -> None:
    repo.commit({"data/a.jsonl": dumped(OLD[:20])})
    made = json.loads(diff("HEAD~1:data/a.jsonl HEAD:data/a.jsonl --output-format json").stdout)
    assert counts(made) == (0, 10, 0, 20)
    assert made["old"]["files"] == made["new"]["files"] == ["data/a.jsonl"]


def test_from_a_folder_below(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.folder / "data")
    assert diff("HEAD:./a.jsonl").exit_code == 0
    assert diff("HEAD:data/a.jsonl").exit_code == 0
    assert "did you mean HEAD:./a.jsonl?" in diff("HEAD:a.jsonl").stderr


def test_the_config_holds_for_old_files_too(repo: Repo) -> None:
    repo.write(
        {"datalint.toml": b'select = ["CHT201"]\n[[overrides]]\nfiles = ["data/a.jsonl"]\nignore = ["CHT201"]\n'}
    )
    done = CliRunner().invoke(main, ["diff", "HEAD:data", "--output-format", "json"])
    made = json.loads(done.stdout)
    assert made["old"]["findings"] == made["new"]["findings"] == 1


WRONG = [
    ("nope.jsonl x", "nope.jsonl does not exist"),
    ("data/a.jsonl", "name two versions, OLD and NEW"),
    ("nope:data data", "git knows no revision 'nope'"),
    ("HEAD:nope data", "HEAD has no data at nope"),
    ("HEAD:data nope", "nope does not exist"),
]


@pytest.mark.parametrize(("line", "said"), WRONG)
def test_what_cannot_be_compared(repo: Repo, line: str, said: str) -> None:
    done = diff(line)
    assert done.exit_code == 2
    assert said in done.stderr


def test_what_was_not_checked_is_told(repo: Repo) -> None:
    repo.write({"c.jsonl.gz": b"\x1f\x8bnothing"})
    done = diff("data/a.jsonl c.jsonl.gz")
    assert done.exit_code == 3
    assert "Not checked: 1 file (c.jsonl.gz" in done.stderr


# ---- how it is told ----

NASTY = {
    "id": "x`|y", "messages": [
        {"role": "user", "content": "``` | @everyone <script>alert(1)</script> \x1b[31m [a](https://x.example)\n## b"},
        {"role": "assistant", "content": "Write to tamsin.okafor@brightmail.net, please."},
    ],
}  # fmt: skip


def test_nothing_of_the_data_is_markup(folder: Path) -> None:
    (folder / "old.jsonl").write_bytes(dumped(OLD[:3]))
    (folder / "new.jsonl").write_bytes(dumped([*OLD[:3], NASTY]))
    text = diff("old.jsonl new.jsonl --output-format markdown").stdout
    assert text.startswith(MARK)
    assert "\x1b" not in text
    assert "brightmail" not in text
    line = next(line for line in text.splitlines() if "everyone" in line)
    assert "@everyone" not in line
    assert "<script" not in line
    assert "https://" not in line


def test_secrets_are_masked_everywhere(folder: Path) -> None:
    (folder / "old.jsonl").write_bytes(dumped([NASTY]))
    (folder / "new.jsonl").write_bytes(dumped([{**NASTY, "messages": NASTY["messages"][1:]}]))
    for style in ("table", "markdown", "json"):
        assert "okafor@brightmail" not in diff(f"old.jsonl new.jsonl --output-format {style}").output


def test_a_comment_is_never_too_long(folder: Path) -> None:
    (folder / "old.jsonl").write_bytes(dumped([]) or b"\n")
    long = "和" * 3000
    (folder / "new.jsonl").write_bytes(dumped([{"id": f"{n}", "text": f"{n} {long}"} for n in range(900)]))
    done = diff("old.jsonl new.jsonl --output-format markdown --show 900")
    assert len(done.stdout.encode()) <= LARGEST
    assert "of 900</summary>" in done.stdout


def test_as_text(folder: Path) -> None:
    (folder / "old.jsonl").write_bytes(dumped(OLD))
    (folder / "new.jsonl").write_bytes(dumped([*mended(OLD), WORSE]))
    text = diff("old.jsonl new.jsonl --show 2 --select QLT101,CHT201,TXT202").stdout
    assert "1 record added, 0 removed, 12 changed, 48 as they were." in text
    assert "7 findings new, 6 gone." in text
    assert "Changed (2 of 12)" in text
    assert "Records are the same if their id is." in text


def test_it_can_go_to_a_file(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(dumped(OLD))
    done = diff("a.jsonl a.jsonl --output-format markdown -o out.md")
    assert (done.exit_code, done.stdout) == (0, "")
    assert (folder / "out.md").read_text().startswith(MARK)


def test_the_first_new_place_is_on_a_record_that_came(repo: Repo) -> None:
    repo.write({"data/0.jsonl": dumped([OLD[10]])})
    done = diff("HEAD:data --output-format json --select QLT101,CHT201,TXT202")
    assert [one["place"] for one in json.loads(done.stdout)["findings"]["by_rule"]] == ["data/0.jsonl:1"]
