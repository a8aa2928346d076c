"""Counting tokens: exactly, or estimated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datalint.errors import UsageError
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
