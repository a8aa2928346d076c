"""The commands that look at data and divide it: stats, sample, split, curve."""

from __future__ import annotations

import json
import random
from collections import Counter
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import pytest
import running
from click.testing import CliRunner, Result

from datalint import plugins, portrait, survey
from datalint.cli import main
from datalint.profile import read

WORDS = (
    "tree",
    "river",
    "stone",
    "bread",
    "night",
    "window",
    "garden",
    "letter",
    "silver",
    "engine",
    "paper",
    "market",
)


def records(count: int, seed: int = 0) -> list[dict[str, Any]]:
    rng = random.Random(seed)

    def text(words: int) -> str:
        return " ".join(rng.choice(WORDS) + str(rng.randrange(500)) for _ in range(words))

    return [
        {"instruction": f"Describe {text(6)}", "output": text(40), "source": rng.choice("aab"), "id": n}
        for n in range(count)
    ]


def lines(found: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in found)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATALINT_DISABLE_PLUGIN_AUTOLOAD", "1")
    return tmp_path


def call(*args: str, code: int = 0, stdin: str | bytes | None = None) -> Result:
    found = CliRunner().invoke(main, list(args), input=stdin)
    assert found.exit_code == code, found.output
    return found


# ---- stats ----


def test_stats_shows_what_there_is(folder: Path) -> None:
    some = records(30)
    (folder / "x.jsonl").write_bytes(lines([*some, some[0]]))
    shown = call("stats", "x.jsonl").stdout
    assert shown.startswith("31 records in 1 file")
    for part in ("all: record format alpaca, language", "lengths in words", "openings of prompts", "exact", "3.2%"):
        assert part in shown, part
    assert "\x1b" not in shown


def test_stats_as_json_is_a_profile(folder: Path) -> None:
    (folder / "x.jsonl").write_bytes(lines(records(30)))
    text = call("stats", "--by", "source", "--output-format", "json", "x.jsonl").stdout
    told = json.loads(text)
    assert read(text, "x").records == told["records"] == 30
    assert told["lengths"]["answer"]["p50"] == told["lengths"]["answer"]["max"] == 40
    assert sum(group["records"] for group in told["by"]["source"].values()) == 30
    assert told["axes"]["source"] == {name: g["records"] for name, g in told["by"]["source"].items()}


def test_stats_as_markdown(folder: Path) -> None:
    (folder / "x.jsonl").write_bytes(lines([{**one, "source": "a|b"} for one in records(5)]))
    shown = call("stats", "--by", "source", "--output-format", "markdown", "x.jsonl").stdout
    assert "| a\\|b | 5 | 100.0% |" in shown


@pytest.mark.parametrize(
    ("data", "args", "code", "said"),
    [
        (b"", (), 0, "There are no records."),
        (b"[]", (), 0, "There are no records."),
        (lines(records(1)), (), 0, "1 record in 1 file"),
        (lines(records(3)), ("--by", "sorce"), 2, "did you mean 'source'"),
        (lines(records(3)), ("--axis", "/nowhere/at/all"), 2, "no record has a field"),
        (lines(records(3)) + b"{broken\n", (), 3, "1 line that holds no record"),
        (b"3\n", (), 0, "1 record in 1 file"),
    ],
)
def test_stats_of_little(folder: Path, data: bytes, args: tuple[str, ...], code: int, said: str) -> None:
    (folder / "x.jsonl").write_bytes(data)
    assert said in call("stats", *args, "x.jsonl", code=code).output


def test_a_field_with_too_many_values_is_not_told(folder: Path) -> None:
    (folder / "x.jsonl").write_bytes(lines(records(portrait.VALUES + 1)))
    assert "more than 1,000 different values" in call("stats", "--no-copies", "--by", "id", "x.jsonl").stdout


def test_stats_compares_with_a_profile_and_with_data(folder: Path) -> None:
    then = records(300)
    now = [{**one, "output": "Yes."} for one in then[:250]] + then[250:]
    (folder / "then.jsonl").write_bytes(lines(then))
    (folder / "now.jsonl").write_bytes(lines(now))
    (folder / "then.json").write_text(call("stats", "--output-format", "json", "then.jsonl").stdout)
    shown = [
        call("stats", "--compare", f"then.{kind}", "now.jsonl").stdout.split("\n", 1)[1] for kind in ("json", "jsonl")
    ]
    assert shown[0] == shown[1]
    assert "answer-length        moved by  83.3%; chance" in shown[0]
    told = json.loads(call("stats", "--compare", "then.json", "--output-format", "json", "now.jsonl").stdout)
    assert {a["axis"] for a in told["axes"] if a["moved"]} >= {"answer-length"}
    assert (
        "| turns | 0.0% |" in call("stats", "--compare", "then.json", "--output-format", "markdown", "now.jsonl").stdout
    )
    (folder / "bad.json").write_text('{"datalint-profile": 7}')
    assert "version 7" in call("stats", "--compare", "bad.json", "now.jsonl", code=2).output


def portraits(folder: Path, *paths: str, **more: Any) -> portrait.Portrait:
    painter = portrait.Painter(survey.card("portrait", "all"), ("id",), "source")
    found = survey.survey(running.settings(folder, *paths, **more), [painter])
    made: portrait.Portrait = found.state("portrait", portrait.Portrait())
    return made


def test_a_portrait_does_not_depend_on_how_the_data_was_cut(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = records(1500)
    (folder / "x.jsonl").write_bytes(lines(some))
    (folder / "x.json").write_text(json.dumps(some, indent=1))
    whole = portraits(folder, "x.jsonl")
    assert "id" in whole.many
    assert whole.profile.axes == portraits(folder, "x.json").profile.axes
    for size in (1 << 12, 1 << 15):
        monkeypatch.setattr("datalint.run.SHARD_BYTES", size)
        monkeypatch.setattr("datalint.scan.BLOCK_BYTES", size // 2)
        assert portraits(folder, "x.jsonl") == whole
    assert portraits(folder, "x.jsonl", executor="processes", jobs=2) == whole


def test_lengths_of_texts() -> None:
    import numpy as np

    found = portrait.lengths_of(np.array([1, 2, 3, 1023, 1025, 100_001]))
    assert found.as_json() == {
        "texts": 6, "mean": 17009.2, "p5": 1, "p25": 2, "p50": 3, "p75": 1024, "p95": 99968, "p99": 99968, "max": 99968,
    }  # fmt: skip
    assert (found + portrait.Lengths()).counts == found.counts
    assert portrait.Lengths().at(0.5) == 0


# ---- sample ----


@pytest.mark.parametrize("stratify", [(), ("--stratify", "source"), ("--stratify", "source,answer-length")])
def test_subsets_are_nested_fair_and_byte_for_byte(folder: Path, stratify: tuple[str, ...]) -> None:
    data = lines(records(101))
    (folder / "x.jsonl").write_bytes(data)
    call("sample", "--fractions", "5,25,50,100", *stratify, "-o", "out", "x.jsonl")
    made = [(folder / f"out/sample-{name}.jsonl").read_bytes() for name in (5, 25, 50, 100)]
    assert made[3] == data
    assert [len(part.splitlines()) for part in made] == [5, 25, 51, 101]
    order = {line: n for n, line in enumerate(data.splitlines())}
    for part, larger in pairwise(made):
        assert set(part.splitlines()) <= set(larger.splitlines())
        assert [order[line] for line in part.splitlines()] == sorted(order[line] for line in part.splitlines())
    if stratify:
        whole = Counter(json.loads(line)["source"] for line in data.splitlines())
        for part in made:
            taken = [json.loads(line)["source"] for line in part.splitlines()]
            for value, count in whole.items():
                assert abs(taken.count(value) - count * len(taken) / 101) < 1


def test_bytes_of_every_kind_stay(folder: Path) -> None:
    odd = b'{"text":  "caf\\u00e9 \xe2\x80\xa8", "n": 1.50}\r\n'
    (folder / "x.jsonl").write_bytes(b"\xef\xbb\xbf" + odd + b"\n" + b'{"text": "last"}')
    (folder / "y.json").write_text('[\n {"text":\n  "a\\nb"}\n]')
    call("sample", "--fractions", "100", "-o", "out", "x.jsonl", "y.json")
    made = (folder / "out/sample-100.jsonl").read_bytes()
    assert made == odd + b'{"text": "last"}\n' + b'{"text":   "a\\nb"}\n'


def test_subsets_do_not_depend_on_shards_and_do_on_the_seed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "x.jsonl").write_bytes(lines(records(200)))
    call("sample", "--fractions", "10", "-o", "a", "x.jsonl")
    call("sample", "--fractions", "10", "--seed", "1", "-o", "b", "x.jsonl")
    monkeypatch.setattr("datalint.run.SHARD_BYTES", 1 << 12)
    call("sample", "--fractions", "10", "-o", "c", "x.jsonl")
    a, b, c = ((folder / name / "sample-10.jsonl").read_bytes() for name in "abc")
    assert a == c != b


@pytest.mark.parametrize(
    ("data", "args", "said"),
    [
        (b"", (), "25 % of 0 records is no record"),
        (lines(records(1)), (), "25 % of 1 record is no record"),
        (lines(records(9)), ("--fractions", "0,50"), "'0' is no percentage"),
        (lines(records(9)), ("--fractions", "half"), "'half' is no percentage"),
        (lines(records(9)), ("--fractions", ",".join(map(str, range(1, 62)))), "61 subsets are too many at once"),
        (lines(records(9)), ("--stratify", "sourc"), "no record has a field 'sourc'"),
        (lines(records(1001)), ("--stratify", "id"), "1,001 different values"),
    ],
)
def test_what_cannot_be_sampled(folder: Path, data: bytes, args: tuple[str, ...], said: str) -> None:
    (folder / "x.jsonl").write_bytes(data)
    assert said in call("sample", *args, "-o", "out", "x.jsonl", code=2).output
    assert not (folder / "out").exists()


def test_nothing_is_replaced_unasked(folder: Path) -> None:
    (folder / "x.jsonl").write_bytes(lines(records(8)))
    (folder / "sample-100.jsonl").write_text("mine")
    assert "is there already" in call("sample", "-o", ".", "x.jsonl", code=2).output
    assert not (folder / "sample-25.jsonl").exists()
    assert (folder / "sample-100.jsonl").read_text() == "mine"
    call("sample", "-o", ".", "--force", "x.jsonl")
    said = call("sample", "-o", ".", "--force", "sample-100.jsonl", code=2).output
    assert "is one of the files that are read" in said
    assert sorted(p.name for p in folder.iterdir()) == [
        "sample-100.jsonl", "sample-25.jsonl", "sample-50.jsonl", "x.jsonl"
    ]  # fmt: skip


# ---- split ----


def leaky() -> list[dict[str, Any]]:
    """Records with copies, copies in another form, near copies and one prompt with several answers."""
    made = records(120)
    for n in range(0, 60, 3):
        one = made[n]
        made.append({**one, "id": 1000 + n})
        made.append({**one, "output": one["output"].upper() + "!", "split": "test"})
        made.append({**one, "output": one["output"] + " indeed", "split": "train"})
        made.append({**one, "output": "Something else altogether."})
    return made


@pytest.mark.parametrize("seed", range(3))
def test_nothing_leaks_from_part_to_part(folder: Path, seed: int) -> None:
    data = lines(leaky())
    (folder / "x.jsonl").write_bytes(data)
    call(
        "split",
        "--test",
        "0.2",
        "--validation",
        "0.1",
        "--stratify",
        "source",
        "--seed",
        str(seed),
        "-o",
        "out",
        "x.jsonl",
    )
    parts = {name: (folder / f"out/{name}.jsonl").read_bytes().splitlines() for name in ("train", "validation", "test")}
    assert sorted(chain(*parts.values())) == sorted(data.splitlines())
    assert len(parts["test"]) == 40
    assert len(parts["validation"]) == 20
    tables = "".join(f'[[splits]]\nname = "{name}"\nfiles = ["out/{name}.jsonl"]\n' for name in parts)
    (folder / "datalint.toml").write_text(tables)
    call("check", "--select", "SPL", "--preview", "--fail-level", "info", "out")


def test_a_careless_split_leaks(folder: Path) -> None:
    some = lines(leaky()).splitlines(keepends=True)
    (folder / "train.jsonl").write_bytes(b"".join(some[::2]))
    (folder / "test.jsonl").write_bytes(b"".join(some[1::2]))
    call("check", "--select", "SPL", "--preview", "--fail-level", "info", "train.jsonl", "test.jsonl", code=1)


def test_pieces_of_test_items_stay_with_them(folder: Path) -> None:
    made = records(60)
    for n in range(0, 40, 2):
        made.append({"instruction": "Sum it up.", "output": f"They said: {made[n]['instruction']} and more."})
        made[n]["instruction"] += " " + made[n + 1]["output"]
        made[-1]["output"] = f"It is written that {made[n]['instruction'][:200]} and so on."
    (folder / "x.jsonl").write_bytes(lines(made))
    call("split", "--test", "0.3", "-o", "out", "x.jsonl")
    call("check", "--select", "SPL", "--preview", "--fail-level", "info", "out")


def test_a_field_keeps_records_together(folder: Path) -> None:
    made = [{**one, "user": n // 4} for n, one in enumerate(records(80))]
    (folder / "x.jsonl").write_bytes(lines(made))
    call("split", "--by", "duplicates,user", "--test", "0.25", "-o", "out", "x.jsonl")
    users = [
        {json.loads(line)["user"] for line in (folder / f"out/{name}.jsonl").read_bytes().splitlines()}
        for name in ("train", "test")
    ]
    assert not users[0] & users[1]
    assert len(users[1]) == 5


@pytest.mark.parametrize(
    ("data", "args", "said"),
    [
        (b"", (), "there is no record for train: 0 records"),
        (lines(records(1)), (), "there is no record for test: 1 record in 1 group"),
        (lines([records(1)[0]] * 20), (), "there is no record for test: 20 records in 1 group"),
        (lines(records(9)), ("--test", "1"), "is no share"),
        (lines(records(9)), ("--test", "0"), "nothing to split off"),
        (lines(records(9)), ("--test", "0.5", "--validation", "0.5"), "nothing to train on"),
        (lines(records(9)), ("--by", "usr"), "no record has a field 'usr'"),
    ],
)
def test_what_cannot_be_split(folder: Path, data: bytes, args: tuple[str, ...], said: str) -> None:
    (folder / "x.jsonl").write_bytes(data)
    assert said in call("split", *args, "-o", "out", "x.jsonl", code=2).output
    assert not (folder / "out").exists()


# ---- curve ----


def test_curve(folder: Path) -> None:
    (folder / "r.csv").write_text("size,seed,score\n" + "".join(
        f"{n},{seed},{0.8 - 5 * n**-0.5 + seed / 1000}\n" for n in (1000, 2000, 4000) for seed in range(3)
    ))  # fmt: skip
    assert "The next doubling, 4,000 to 8,000, should add 0.023" in call("curve", "r.csv").stdout
    told = json.loads(call("curve", "--output-format", "json", "-", stdin=(folder / "r.csv").read_text()).stdout)
    assert told["next-doubling"]["to"] == 8000
    assert told["verdict"] == "told"
    assert "is no picture" in call("curve", "--plot", "x.gif", "r.csv", code=2).output
    assert "cannot be read" in call("curve", "nowhere.csv", code=2).output


def test_the_rules_that_tell_what_belongs_together() -> None:
    registry = plugins.load(running.settings(Path())).registry
    assert {c.code for c in registry.cards if survey.COPIES in c.tags} == {"DUP101", "DUP102", "DUP103"}
    assert {c.code for c in registry.cards if survey.LEAKS in c.tags} == {"SPL101", "SPL102", "SPL103"}
