"""Thinking tags and weights of messages, case by case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import running

from datalint.config_keys import Table


def found(folder: Path, record: Any, code: str, **options: Any) -> list[str]:
    """The messages of the findings of one rule in one record."""
    running.write(folder, {"a.jsonl": json.dumps(record).encode()})
    rules = Table({code: Table(options)}) if options else Table()
    outcome = running.scan(running.settings(folder, "a.jsonl", select=(code,), rules=rules))
    assert outcome.not_checked == []
    return [f.message for f in outcome.findings]


def chat(answer: Any, prompt: str = "2 + 2?", **more: Any) -> dict[str, Any]:
    """One exchange."""
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer, **more}]}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("<think>\nFour", "<think> without </think>"),
        ("Four\n</think>\n4", "</think> without <think>"),
        ("</think>\n4", "</think> without <think>"),
        ("<think>Four</think>", "nothing follows the thinking"),
        ("<think>Four</think>\n\n  \n", "nothing follows the thinking"),
        ("<think>Four</thinking>\n4", "</thinking> without <thinking>"),
        ("<thinking>Four\n4", "<thinking> without </thinking>"),
        ("<think>a</think>\n4\n<think>b", "<think> without </think>"),
        ("<seed:think>a", "<seed:think> without </seed:think>"),
        ("a [/THINK] 4", "[/THINK] without [THINK]"),
    ],
)
def test_thinking_out_of_balance(tmp_path: Path, answer: str, said: str) -> None:
    assert found(tmp_path, chat(answer), "CHT302") == [said]


@pytest.mark.parametrize(
    "record",
    [
        chat("4"),
        chat("<think></think>\n\n4"),
        chat("<think>\nI think, therefore.\n</think>\n4\n<think>\nOr not.\n</think>\n5"),
        chat("Wrap it in `<think>` tags."),
        chat("```\n<think>\n```\nis all of it."),
        chat("It prints <think> and stops.", prompt="Which tag does the reasoning model print?"),
        chat("", reasoning_content="Four."),
        chat([{"type": "text", "text": "<think>Four</think>"}, {"type": "text", "text": "4"}]),
        {
            "conversations": [
                {"from": "human", "value": "Rain?"},
                {"from": "function_call", "value": '<think>I ask.</think>\n{"name": "weather", "arguments": {}}'},
                {"from": "observation", "value": "<think>"},
                {"from": "gpt", "value": "No."},
            ]
        },
        {"prompt": "2 + 2?", "chosen": "4", "rejected": "<think>Four"},
        {"text": "<think>"},
    ],
)
def test_thinking_in_balance(tmp_path: Path, record: Any) -> None:
    assert found(tmp_path, record, "CHT302") == []


def test_thinking_that_the_template_opens(tmp_path: Path) -> None:
    assert found(tmp_path, chat("Four\n</think>\n4"), "CHT302", prefilled=True) == []
    assert found(tmp_path, chat("Four\n</think>\n4\n</think>"), "CHT302", prefilled=True) == [
        "</think> without <think>"
    ]
    assert found(tmp_path, chat("Four\n</think>\n"), "CHT302", prefilled=True) == ["nothing follows the thinking"]


def weighted(*pairs: tuple[str, Any], key: str = "weight") -> dict[str, Any]:
    """Messages of these roles with these weights."""
    return {"messages": [{"role": r, "content": "x"} | ({} if w is None else {key: w}) for r, w in pairs]}


@pytest.mark.parametrize(
    ("record", "count"),
    [
        (weighted(("user", None), ("assistant", 1)), 0),
        (weighted(("user", 0), ("assistant", 1)), 0),
        (weighted(("user", None), ("assistant", 1.0)), 0),
        (weighted(("user", None), ("assistant", True), key="train"), 0),
        (weighted(("user", 0.0), ("assistant", 0.25), key="loss_weight"), 0),
        (weighted(("user", None), ("assistant", 0), ("user", None), ("assistant", None)), 0),
        (weighted(("user", None), ("assistant", 0)), 1),
        (weighted(("user", None), ("assistant", 3)), 1),
        (weighted(("user", None), ("assistant", "1")), 1),
        (weighted(("user", None), ("assistant", [1])), 1),
        (weighted(("user", None), ("assistant", float("1e300"))), 1),
        (weighted(("system", 1), ("user", None), ("assistant", 1)), 1),
        (weighted(("user", True), ("assistant", True), key="train"), 1),
        (weighted(("user", -1.0), ("assistant", 1.0), key="loss_weight"), 1),
        ([{"role": "user", "content": "x"}, {"role": "assistant", "content": "y", "weight": 2}], 1),
        ({"instruction": "x", "input": "", "output": "y", "weight": 7}, 0),
    ],
)
def test_weights(tmp_path: Path, record: Any, count: int) -> None:
    assert len(found(tmp_path, record, "CHT301")) == count


TASK = "Say in one word what kind of thing the following is, please: "


@pytest.mark.parametrize(
    ("prompts", "end"),
    [
        ([f"{TASK}{n} stones" for n in range(40)], len(TASK) - 1),
        ([f"{TASK}the {n}th stone" for n in range(40)], len(TASK) + 3),
        ([TASK.strip()] * 40, None),  # one prompt, forty times
        ([f"{n} {TASK}" for n in range(40)], None),
        ([f"{TASK}{n}" if n % 3 else f"What is {n}?" for n in range(40)], None),
        ([f"{TASK}{n}" for n in range(6)], None),
    ],
)
def test_one_description_before_every_prompt(tmp_path: Path, prompts: list[str], end: int | None) -> None:
    lines = [json.dumps({"prompt": p, "completion": " stone"}) for p in prompts]
    for order in (lines, lines[::-1]):
        running.write(tmp_path, {"a.jsonl": "\n".join(order).encode()})
        outcome = running.scan(running.settings(tmp_path, "a.jsonl", select=("QLT602",)))
        spans = [f.span for f in outcome.findings]
        assert spans == ([] if end is None else [(0, end)])
