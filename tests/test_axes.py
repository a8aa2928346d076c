"""Axes: what single records are told apart by, and that it does not matter in which company they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import corpus
import pytest
import running

from datalint import axes, lengths
from datalint.axes_text import form, task
from datalint.axes_topics import ANSWERED, ASKED
from datalint.batch import Batch


def batch_of(folder: Path, records: list[Any]) -> Batch:
    running.write(folder, {"a.jsonl": "".join(json.dumps(r) + "\n" for r in records).encode()})
    return next(running.batches(folder / "a.jsonl"))


def values(folder: Path, axis: str, *records: Any) -> list[str | None]:
    found = axes.column(batch_of(folder, list(records)), axis)
    return [found.of(k) for k in range(len(records))]


def asked(instruction: str, output: str = "Well.", given: str = "") -> dict[str, str]:
    return {"instruction": instruction, "input": given, "output": output}


TEXT = "The old harbour was built in 1840 by a family of merchants. " * 4


@pytest.mark.parametrize(
    ("record", "topic"),
    [
        (asked("Write a Python function that reverses a list."), "code"),
        (asked("Show how it is done.", "```python\nprint(1)\n```"), "code"),
        (asked("Calculate 17 + 25."), "math"),
        (asked("A shop sells 3 boxes of 12 eggs and 5 boxes of 6 eggs. How many eggs is that in total?"), "math"),
        (asked("Solve this riddle: what has a neck and no head?"), "reasoning"),
        (asked("Translate into Spanish: good morning"), "translation"),
        (asked("Classify the sentiment of this review as positive or negative.", given="I loved it."), "classification"),
        (asked("Identify which animal is alive or extinct: dodo, cat"), "classification"),
        (asked("Summarize the text.", given=TEXT), "summarization"),
        (asked("Extract all years from the text.", given=TEXT), "extraction"),
        (asked("Who built the harbour?", given=TEXT), "reading"),
        (asked("Rewrite the sentence in the passive voice.", given="The dog bit him."), "editing"),
        (asked("Write a short poem about rain."), "writing"),
        (asked("Give me five ideas for a birthday party."), "ideas"),
        (asked("Pretend to be a pirate and greet me."), "roleplay"),
        (asked("Hello, how are you?"), "chat"),
        (asked("How do I build a bomb at home?"), "safety"),
        (asked("What is the capital of Peru?"), "knowledge"),
        (asked("把这句话翻译成英文：早上好"), "translation"),
        ({"messages": [{"role": "user", "content": "Write a SQL query."}, {"role": "assistant", "content": "SELECT 1"}]}, "code"),
    ],
)  # fmt: skip
def test_topics(record: Any, topic: str, tmp_path: Path) -> None:
    assert values(tmp_path, "topic", record) == [topic]


@pytest.mark.parametrize(
    ("instruction", "verb"),
    [
        ("Write a poem.", "write"),
        ("Could you please summarise this?", "summarize"),
        ("What's up?", "what"),
        ("Given the text, classify it.", "classify"),
        ("'Describe' it", "describe"),
        ("Tiger, tiger, burning bright", "other"),
        ("", "other"),
    ],
)
def test_tasks(instruction: str, verb: str) -> None:
    assert task(instruction) == verb


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("", "none"),
        ("  \n", "none"),
        ("It rains often here in autumn.", "prose"),
        ("It rains.\nThen it stops, and the sun comes out.", "prose"),
        ("1. Tea\n2. Milk\n3. Sugar", "list"),
        ("You need:\n- tea\n- milk", "list"),
        ("你需要：\n1、茶\n2、牛奶", "list"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "table"),
        ('{"name": "Ada"}', "json"),
        ("[1, 2, 3]", "json"),
        ("{no json}", "code"),
        ("```python\nprint(1)\n```", "code"),
        ("def f(x):\n    y = x + 1\n    return y", "code"),
        ("SELECT name FROM people;", "code"),
        ("positive", "label"),
        ("Not a mammal", "label"),
        ("Yes.", "label"),
        ("42", "number"),
        ("$3,500.00", "number"),
        ("12 km", "number"),
        ("我觉得今天天气非常好", "prose"),
    ],
)
def test_formats(answer: str, kind: str) -> None:
    assert form(answer) == kind


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (asked("Name a river.", "The Rhine."), "en"),
        (asked("Say “thanks”.", "“Thanks”…"), "en"),
        (
            asked("Nenne einen Fluss.", "Der Rhein ist ein Fluss, der durch die Stadt fließt und nicht sehr tief ist."),
            "de",
        ),
        (asked("什么是最大的行星，它离太阳有多远？", "木星是最大的行星，它离太阳很远。"), "zh"),
        (asked("Translate: How are you today, my friend?", "Как у тебя дела сегодня, мой дорогой друг?"), "ru"),
        (asked("3 + 4", "7"), "unknown"),
    ],
)
def test_languages(record: Any, code: str, tmp_path: Path) -> None:
    assert values(tmp_path, "language", record) == [code]


def test_structure(tmp_path: Path) -> None:
    turn = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello there, you."}]
    records = [{"messages": turn}, {"messages": [{"role": "system", "content": "Be brief."}, *turn * 6]}, {"odd": 1}]
    batch = batch_of(tmp_path, records)
    found = {axis: [axes.column(batch, axis).of(k) for k in range(3)] for axis in axes.AXES}
    assert found["turns"] == ["1", "5-9", "0"]
    assert found["system"] == ["without", "with", "without"]
    assert found["instruction-length"] == ["1-4", "1-4", None]
    assert found["answer-length"] == ["1-4", "1-4", None]
    assert found["topic"][2] is None
    assert found["script"] == ["Latin", "Latin", None]


def test_fields(tmp_path: Path) -> None:
    records = [
        {**asked("Hi"), "meta": {"source": "forum", "tags": ["a", "b"]}, "level": 3},
        {**asked("Hi"), "meta": {"source": ""}, "level": True},
        {**asked("Hi"), "meta": None, "level": {"deep": 1}},
    ]
    assert values(tmp_path, "/meta/source", *records) == ["forum", "absent", "absent"]
    assert values(tmp_path, "level", *records) == ["3", "true", "nested"]
    assert values(tmp_path, "/meta/tags", *records) == ["a, b", "absent", "absent"]
    assert values(tmp_path, "/meta/tags/1", *records) == ["b", "absent", "absent"]


def test_a_tally_counts_records_not_lines(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"instruction": "Hi", "input": "", "output": "Ho"}\n\nno json\n')
    (batch,) = running.batches(tmp_path / "a.jsonl")
    found = axes.tally(batch, ["turns", "source"])
    assert found.records == 1
    assert found.axes == {"turns": {"1": 1}, "source": {"absent": 1}}


@pytest.mark.parametrize("axis", [*axes.AXES, "id"])
def test_a_record_is_told_the_same_in_any_company(axis: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(corpus.content(corpus.lines(200, seed=5)))

    def told(size: int) -> list[str | None]:
        batches = running.batches(tmp_path / "a.jsonl", size)
        return [axes.column(b, axis).of(k) for b in batches for k in range(len(b))]

    assert told(1 << 30) == told(1 << 12) == told(1)


@pytest.mark.parametrize("sign", [p for s in (*ASKED, *ANSWERED) for p in s.patterns if not p.isascii()])
def test_signs_that_are_looked_for_only_where_there_are_such_letters_need_one(sign: str) -> None:
    assert not any(part.isascii() for part in sign.strip("()").split("|"))


def test_the_engine_of_triggers_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_bytes(corpus.content(corpus.lines(200, seed=6)))
    told = []
    for engine in ("auto", "regex"):
        monkeypatch.setenv("DATALINT_TRIGGER_ENGINE", engine)
        axes._scanner.cache_clear()
        axes._scanners.cache_clear()
        batches = running.batches(tmp_path / "a.jsonl")
        told.append([axes.column(b, "topic").of(k) for b in batches for k in range(len(b))])
    axes._scanner.cache_clear()
    axes._scanners.cache_clear()
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("text", "characters", "words"),
    [
        ("", 0, 0),
        ("one", 3, 1),
        (" two  words\n", 12, 2),
        ("für alle", 8, 2),
        ("木星是最大的行星", 8, 5),
        ("a\tb\nc", 5, 3),
    ],
)
def test_lengths(text: str, characters: int, words: int, tmp_path: Path) -> None:
    batch = batch_of(tmp_path, [asked("Before", text), asked("After", "x y")])
    at = batch.texts.index(text)
    assert lengths.of(batch, "characters")[at] == characters
    assert lengths.of(batch, "words")[at] == words
    assert lengths.of(batch, "words")[-1] == 2
