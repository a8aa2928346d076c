"""Messages in all their forms, the branches of a record, and what a layout says of its turns."""

from __future__ import annotations

from typing import Any

import pytest

from datalint.model import Reading
from datalint.shapes import Detector, builtin

USER, ANSWER = {"role": "user", "content": "How tall?"}, {"role": "assistant", "content": "Ten metres."}
HUMAN, GPT = {"from": "human", "value": "How tall?"}, {"from": "gpt", "value": "Ten metres."}


def read(data: Any, **options: Any) -> Reading:
    return Detector(builtin(), **options).read(data)


def resolved(data: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        data = data[int(token)] if isinstance(data, list) else data[token]
    return data


# message, role, calls, attached, slots: role, pointer, and a star for reasoning
MESSAGES: list[tuple[dict[str, Any], str, bool, bool, list[str]]] = [
    ({"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}, "assistant", True, False, []),
    ({"role": "assistant", "content": "x", "tool_calls": []}, "assistant", False, False, ["assistant /content"]),
    ({"role": "assistant", "reasoning_content": "r", "content": "x"}, "assistant", False, False,
     ["assistant /reasoning_content*", "assistant /content"]),
    ({"role": "tool_call", "content": "{}"}, "assistant", True, False, ["tool /content"]),
    ({"role": "tool_response", "content": "1"}, "tool", False, False, ["tool /content"]),
    ({"role": "developer", "content": "1"}, "system", False, False, ["system /content"]),
    ({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "u"}}, {"type": "text", "text": "x"}]},
     "user", False, True, ["user /content/1/text"]),
    ({"role": "user", "content": [{"type": "text", "value": "x"}]}, "user", False, False, ["user /content/0/value"]),
    ({"role": "assistant", "content": [{"type": "thinking", "thinking": "t"}, {"type": "tool_use", "input": {}}]},
     "assistant", True, False, ["assistant /content/0/thinking*"]),
    ({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "x"}]},
     "tool", False, False, ["tool /content/0/content"]),
    ({"role": "user", "content": [
        {"type": "tool_result", "content": [{"type": "text", "text": "x"}]}, {"type": "text", "text": "y"}]},
     "user", False, False, ["tool /content/0/content/0/text", "user /content/1/text"]),
    ({"role": "assistant", "content": None, "refusal": "no"}, "assistant", False, False, ["assistant /refusal"]),
    ({"role": "user", "content": ["x"]}, "user", False, False, ["user /content/0"]),
    ({"role": "user", "content": "x", "name": "Ada", "weight": 1}, "user", False, False, ["user /content"]),
]  # fmt: skip


@pytest.mark.parametrize(("message", "role", "calls", "attached", "slots"), MESSAGES)
def test_messages_in_all_their_forms(
    message: dict[str, Any], role: str, calls: bool, attached: bool, slots: list[str]
) -> None:
    layout, texts = read({"messages": [message]})
    assert layout.problems == ()
    places = [s.pointer.removeprefix("/messages/0") for s in layout.slots]
    stars = ["*" if s.kind == "reasoning" else "" for s in layout.slots]
    assert [f"{s.role} {p}{star}" for s, p, star in zip(layout.slots, places, stars, strict=True)] == slots
    assert (layout.turns[0].role, layout.turns[0].calls, layout.turns[0].attached) == (role, calls, attached)
    assert [resolved(message, place) for place in places] == list(texts)


BRANCHES = [
    ({"prompt": "p", "chosen": "a", "rejected": "b"}, ((0, 1), (0, 2))),
    ({"chosen": [USER, ANSWER], "rejected": [USER, ANSWER]}, ((0, 1), (0, 2))),
    ({"chosen": [USER, ANSWER], "rejected": [HUMAN, GPT]}, ((0, 1), (2, 3))),
    ({"messages": [USER, ANSWER], "rejected_response": "b"}, ((0, 1), (0, 2))),
    ({"instruction": "a", "instances": [{"output": "b"}, {"input": "c", "output": "d"}]}, ((0, 1), (0, 2, 3))),
    ({"messages": [USER, ANSWER]}, ((0, 1),)),
    ({"messages": []}, ((),)),
    ({"input_ids": [1]}, ()),
    ({"foo": "bar"}, ()),
]


@pytest.mark.parametrize(("data", "branches"), BRANCHES)
def test_branches_share_their_prompt(data: Any, branches: tuple[tuple[int, ...], ...]) -> None:
    assert read(data).layout.conversations == branches


def test_branches_are_told_turn_by_turn_unless_a_turn_may_be_missing() -> None:
    assert [[t.role for t in b] for b in read({"messages": [USER, ANSWER]}).layout.branches] == [["user", "assistant"]]
    assert len(read({"messages": [USER, {"role": "assistant", "content": None}]}).layout.branches[0]) == 2
    assert read({"instruction": "a", "output": None}).layout.branches == ()
    assert read({"messages": [USER, "hello"]}).layout.branches == ()
    assert read({"messages": "hello"}).layout.branches == ()


@pytest.mark.parametrize(("data", "removable"), [
    ({"messages": [USER]}, True),
    ([USER], True),
    ({"conversations": [HUMAN], "chosen": GPT, "rejected": GPT}, False),
    ({"instruction": "a", "output": "b", "history": [["x", "y"]]}, False),
    ({"conversation": [{"input": "a", "output": "b"}]}, False),
])  # fmt: skip
def test_only_a_message_of_a_list_can_be_removed(data: Any, removable: bool) -> None:
    assert read(data).layout.turns[-1].removable is removable


@pytest.mark.parametrize(("data", "is_open"), [
    ({"prompt": "a"}, True),
    ({"prompt": [USER]}, True),
    ({"messages": [USER], "label": 3}, True),
    ({"messages": [USER]}, False),
    ({"instruction": "a", "output": "b"}, False),
])  # fmt: skip
def test_prompts_on_purpose_are_open(data: Any, is_open: bool) -> None:
    assert read(data).layout.open is is_open


def test_values_nested_as_deep_as_json_allows_are_read() -> None:
    deep: Any = []
    for _ in range(1000):
        deep = [deep]
    one = [USER | {"content": deep}, ANSWER]
    assert read({"chosen": one, "rejected": [dict(m) for m in one]}).layout.shape == "preference-implicit"
    assert read({"query": deep}, fields={"instruction": "query"}).layout.shape == "unknown"


@pytest.mark.parametrize(("data", "attached"), [
    ({"messages": [USER], "images": ["a.png"]}, True),
    ({"instruction": "a", "output": "b", "images": ["a.png"]}, True),
    ({"instruction": "a", "output": "b", "images": []}, False),
    ({"conversations": [HUMAN, GPT], "videos": ["a.mp4"]}, True),
    ({"messages": [USER]}, False),
])  # fmt: skip
def test_attachments_are_seen(data: Any, attached: bool) -> None:
    assert read(data).layout.attachments is attached
