"""Counting tokens: exactly, or estimated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datalint.errors import ConfigError, UsageError
from datalint.tokens import tokens_of

TEXTS = [
    "",
    "Hello, world!",
    "Wie heißt der Baum?",
    "这棵树叫什么名字？",
    "x = [1, 2, 345678]\n",
    "Hello, world!",
    "🌳🌳",
]


def toy(folder: Path, **more: Any) -> Path:
    """A tokenizer.json of one token a word."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    made = Tokenizer(WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    data = json.loads(made.to_str()) | more
    path = folder / "tokenizer.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["", "o200k", "cl100k"])
def test_a_text_counts_the_same_alone_and_among_others(name: str) -> None:
    tokens = tokens_of(name, Path())
    together = tokens.lengths(TEXTS).tolist()
    assert together == [tokens.lengths([text]).tolist()[0] for text in TEXTS]
    assert together[0] == 0
    assert together[1] == together[5] == 4
    assert tokens.lengths([]).tolist() == []


def test_numbers_are_marked_where_they_are_estimates() -> None:
    assert tokens_of("", Path()).said(1234) == "about 1,234 tokens (est.)"
    assert tokens_of("o200k", Path()).said(1234) == "1,234 tokens"


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("The quick brown fox jumps over the lazy dog, and nobody in the village seems to mind it. " * 3, 0.15),
        ("Der schnelle braune Fuchs springt über den faulen Hund, und niemand im Dorf stört sich daran. " * 3, 0.25),
        ("def area(width, height):\n    return width * height  # no check\n\nprint(area(3, 4))\n" * 3, 0.2),
        ("敏捷的棕色狐狸跳过了懒狗，村里似乎没有人介意。" * 4, 0.25),
        ("Быстрая коричневая лиса прыгает через ленивую собаку, и никто в деревне не возражает. " * 3, 0.25),
    ],
)
def test_estimates_are_near(text: str, within: float) -> None:
    exact = int(tokens_of("o200k", Path()).lengths([text])[0])
    assert abs(int(tokens_of("", Path()).lengths([text])[0]) / exact - 1) <= within


def test_estimates_do_not_depend_on_what_is_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    from datalint import estimate

    texts = [f"{n} trees, {n * n} leaves: été {'x' * n}" for n in range(60)]
    whole = tokens_of("", Path()).lengths(texts).tolist()
    monkeypatch.setattr(estimate, "_AHEAD", 50)
    assert tokens_of("", Path()).lengths(texts).tolist() == whole


@pytest.mark.parametrize("where", ["file", "folder"])
def test_a_tokenizer_of_ones_own(tmp_path: Path, where: str) -> None:
    file = toy(tmp_path)
    tokens = tokens_of(str(file if where == "file" else tmp_path), Path())
    assert tokens.exact
    assert tokens.lengths(["one two three", "", "one two three", "four"]).tolist() == [3, 0, 3, 1]
    assert tokens.lengths(["one two three", "five six"]).tolist() == [3, 2]


def test_a_tokenizer_that_cuts_texts_is_told_not_to(tmp_path: Path) -> None:
    cut = {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0}
    toy(tmp_path, truncation=cut)
    assert tokens_of("tokenizer.json", tmp_path).lengths(["one two three four"]).tolist() == [4]


@pytest.mark.parametrize(
    ("name", "files", "message", "hint"),
    [
        ("o20k", {}, "there is no tokenizer 'o20k'", "did you mean 'o200k'?"),
        ("models/mine", {}, "there is no tokenizer 'models/mine'", 'or "cl100k" or "o200k"'),
        ("tokenizer.json", {"tokenizer.json": "version https://git-lfs"}, "is no tokenizer", "git lfs pull"),
        ("tokenizer_config.json", {"tokenizer_config.json": "{}"}, "is no tokenizer", "called tokenizer.json"),
        (".", {"tokenizer.model": "x"}, "has no tokenizer.json; it has tokenizer.model", "save_pretrained"),
        (".", {}, "the folder . has no tokenizer.json", ""),
    ],
)
def test_what_is_no_tokenizer(tmp_path: Path, name: str, files: dict[str, str], message: str, hint: str) -> None:
    for file, text in files.items():
        (tmp_path / file).write_text(text)
    with pytest.raises(UsageError) as caught:
        tokens_of(name, tmp_path)
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(("name", "package"), [("o200k", "quicktok"), ("tokenizer.json", "tokenizers")])
def test_a_package_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, package: str) -> None:
    toy(tmp_path)
    monkeypatch.setattr("datalint.tokens.find_spec", lambda wanted: None)
    with pytest.raises(UsageError, match=package) as caught:
        tokens_of(name, tmp_path)
    assert "pip install" in caught.value.hint


@pytest.fixture
def check(tmp_path: Path) -> Any:
    """Checks two records in a folder with this config."""

    def run(config: str, data: str | None = None) -> Any:
        from datalint import config as settings
        from datalint import run as whole

        records = [
            {"instruction": "Name a tree.", "output": "An oak."},
            {"instruction": "Name ten.", "output": "Oak, " * 40},
        ]
        text = "".join(json.dumps(r) + "\n" for r in records) if data is None else data
        (tmp_path / "x.jsonl").write_text(text, encoding="utf-8")
        (tmp_path / "datalint.toml").write_text(config, encoding="utf-8")
        given = {"paths": ("x.jsonl",), "output_format": "concise", "select": ("TOK", "TGT"), "jobs": 1}
        return whole.check(settings.load(given, cwd=tmp_path))

    return run


@pytest.mark.parametrize(
    ("config", "message", "hint"),
    [
        ('target = "axolotol"', "'axolotol' is not a choice", "did you mean 'axolotl'?"),
        ("max-tokens = 0", "expected 1 or more, got 0", ""),
        ("prompt-weight = -1", "expected 0 or more, got -1", ""),
        ('tokenizer = "o20k"', "there is no tokenizer 'o20k'", "did you mean 'o200k'?"),
    ],
)
def test_a_slip_in_the_config_has_its_place(check: Any, config: str, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check(f"jobs = 1\n{config}\n")
    assert message in caught.value.message
    assert caught.value.place.endswith("datalint.toml:2")
    assert caught.value.hint == hint


def test_nothing_is_said_until_the_run_is_described(check: Any) -> None:
    assert not list(check("").findings)


@pytest.mark.parametrize("target", ["trl", "axolotl", "llama-factory", "together"])
def test_empty_data_has_no_limits_to_break(check: Any, target: str) -> None:
    outcome = check(f'target = "{target}"\nmax-tokens = 1\nprompt-weight = 1\n', data="")
    assert {f.code for f in outcome.findings} == ({"TGT105"} if target == "together" else set())
    assert not any(note.what.startswith("rule") for note in outcome.not_checked)


@pytest.mark.parametrize("tokenizer", ["", "o200k"])
def test_what_is_over_the_limit(check: Any, tokenizer: str) -> None:
    outcome = check(f'tokenizer = "{tokenizer}"\nmax-tokens = 60\ntarget = "llama-factory"\n')
    found = {(f.code, f.ref.line if f.ref else 0): f.message for f in outcome.findings}
    assert set(found) == {("TOK101", 2), ("TGT103", 2)}
    assert all(("(est.)" in message) == (not tokenizer) for message in found.values())


def test_a_record_of_two_answers_is_as_long_as_the_longer(check: Any) -> None:
    pair = {"prompt": "Name trees.", "chosen": "Oak, ash.", "rejected": "Oak, " * 40}
    found = check(
        "max-tokens = 60\n", data=json.dumps(pair) + "\n" + json.dumps({**pair, "rejected": "Ash."}) + "\n"
    ).findings
    assert [(f.code, f.ref.line if f.ref else 0) for f in found] == [("TOK101", 1)]
