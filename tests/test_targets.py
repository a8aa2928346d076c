"""Predictions of what trainers and providers do with records."""

from __future__ import annotations

from typing import Any

import pytest
from datalint_rules.target._targets import TARGETS
from hypothesis import given
from hypothesis import strategies as some

from datalint.config_tables import TARGETS as NAMES
from datalint.shapes import builtin

USER: dict[str, Any] = {"role": "user", "content": "Which tree bears acorns?"}
OAK: dict[str, Any] = {"role": "assistant", "content": "The oak."}
SYSTEM: dict[str, Any] = {"role": "system", "content": "You know trees."}
CALL = {"id": "abcdef123", "type": "function", "function": {"name": "grow", "arguments": "{}"}}
CALLS: dict[str, Any] = {"role": "assistant", "content": "", "tool_calls": [CALL]}
GROWN: dict[str, Any] = {"role": "tool", "content": "ok", "tool_call_id": "abcdef123"}
ALL = "trl axolotl llama-factory unsloth torchtune together fireworks openai mistral"


def test_every_target_of_the_config_is_known() -> None:
    assert tuple(TARGETS) == NAMES
    shapes = {shape.name for shape in builtin()}
    for target in TARGETS.values():
        assert target.takes <= shapes, target.name
        assert target.over or not target.limit


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("messages", [[USER, OAK], [SYSTEM, USER, OAK], [USER, OAK, USER, OAK]])
def test_a_sound_conversation_is_taken(name: str, messages: list[Any]) -> None:
    assert TARGETS[name].predict({"messages": messages}) is None


@pytest.mark.parametrize(
    ("messages", "stops", "drops"),
    [
        ([], "trl unsloth axolotl torchtune together fireworks openai mistral", "llama-factory"),
        ([USER, USER, OAK], "torchtune together", "llama-factory"),
        ([USER, OAK, OAK], "torchtune together", "llama-factory"),
        ([OAK, USER], "torchtune mistral", "llama-factory"),
        ([USER], "torchtune together openai mistral", "axolotl llama-factory"),
        ([USER, SYSTEM, OAK], "torchtune fireworks", "llama-factory"),
        ([USER, {**OAK, "role": "narrator"}], "llama-factory together fireworks openai mistral", "axolotl"),
        ([USER, {**OAK, "content": None}], "llama-factory together fireworks openai mistral", "torchtune axolotl"),
        ([USER, {**OAK, "weight": 2}], "together fireworks openai mistral", ""),
        ([{**USER, "weight": 1}, OAK], "openai", ""),
        ([USER, CALLS, GROWN, OAK], "torchtune", ""),
        ([USER, {**CALLS, "tool_calls": [{**CALL, "id": "1"}]}, {**GROWN, "tool_call_id": "1"}, OAK], "torchtune mistral", ""),
        ([USER, None], ALL, ""),
    ],
)  # fmt: skip
def test_defects_of_conversations(messages: list[Any], stops: str, drops: str) -> None:
    found = {name: target.predict({"messages": messages}) for name, target in TARGETS.items()}
    assert {name for name, said in found.items() if said and said.kind == "stops"} == set(stops.split())
    assert {name for name, said in found.items() if said and said.kind == "drops"} == set(drops.split())
    assert all(said.why and said.source for said in found.values() if said)


@pytest.mark.parametrize(
    ("name", "data", "kind", "pointer"),
    [
        ("trl", {"prompt": "Which tree?", "completion": None}, "stops", "/completion"),
        ("trl", {"prompt": [USER], "completion": "The oak."}, "stops", ""),
        ("trl", {"text": None}, "stops", "/text"),
        ("trl", {"messages": [USER, OAK], "tools": "{"}, "stops", "/tools"),
        ("trl", {"chosen": "The oak."}, "stops", ""),
        ("trl", {"prompt": None, "chosen": "The oak.", "rejected": "The ash."}, "stops", "/prompt"),
        ("axolotl", {"conversations": [{"from": "human", "value": "Which?"}]}, "drops", "/conversations"),
        ("axolotl", {"messages": [USER, OAK], "tools": {"name": "grow"}}, "stops", "/tools"),
        ("llama-factory", {"instruction": "Hi", "output": None}, "drops", "/output"),
        ("llama-factory", {"instruction": "Hi", "chosen": ["a"], "rejected": "b"}, "drops", "/chosen"),
        ("llama-factory", {"messages": [USER, OAK], "kto_tag": "true"}, "drops", "/kto_tag"),
        ("llama-factory", {"messages": [USER, CALLS, GROWN, GROWN, OAK]}, None, ""),
        ("torchtune", {"conversations": [{"from": "user", "value": "Hi"}]}, "stops", "/conversations/0"),
        ("together", {"text": "Oaks.", "messages": [USER, OAK]}, "stops", ""),
        ("together", {"prompt": "Which?", "completion": ["oak"]}, "stops", "/completion"),
        ("openai", {"input": {"messages": [USER]}, "preferred_output": [OAK], "non_preferred_output": []}, "stops",
         "/non_preferred_output"),
        ("openai", {"input": {"messages": [USER]}, "preferred_output": [OAK], "non_preferred_output": [OAK]}, None, ""),
        ("mistral", {"messages": [USER, OAK], "interactions": []}, "stops", ""),
    ],
)  # fmt: skip
def test_what_a_target_does(name: str, data: dict[str, Any], kind: str | None, pointer: str) -> None:
    said = TARGETS[name].predict(data)
    assert (said.kind if said else None, said.pointer if said else "") == (kind, pointer)


_VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=5),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(
                ["role", "content", "from", "value", "tool_calls", "function", "arguments", "weight", "id", "type"]
            ),
            inner | some.sampled_from(["user", "assistant", "system", "tool", "human", "gpt"]),
            max_size=5,
        )
    ),
    max_leaves=12,
)
_KEYS = some.sampled_from(
    ["messages", "conversations", "prompt", "completion", "text", "chosen", "rejected", "tools", "instruction", "output",
     "history", "kto_tag", "input", "preferred_output", "non_preferred_output", "interactions", "chat_template_kwargs"]
)  # fmt: skip


@given(some.dictionaries(_KEYS, _VALUES, max_size=4), some.sampled_from(sorted(TARGETS)))
def test_no_record_breaks_a_prediction(data: dict[str, Any], name: str) -> None:
    said = TARGETS[name].predict(data)
    assert said is None or said.why
