"""Shapes: every record is read by the shape it is of, every text lies where its pointer says, nothing ever fails."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datalint.errors import UsageError
from datalint.model import Reading
from datalint.shapes import Detector, builtin
from datalint.shapes.building import CACHE_LIMIT, Cache, DrawnShape

USER, ANSWER = {"role": "user", "content": "How tall?"}, {"role": "assistant", "content": "Ten metres."}
HUMAN, GPT = {"from": "human", "value": "How tall?"}, {"from": "gpt", "value": "Ten metres."}


def read(data: Any, **options: Any) -> Reading:
    return Detector(builtin(), **options).read(data)


def roles(reading: Reading) -> str:
    """The turns in short: ``sua`` for system, user, assistant; capitals for rejected ones."""
    return "".join(t.role[0].upper() if t.rejected else t.role[0] for t in reading.layout.turns)


def resolved(data: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        data = data[int(token)] if isinstance(data, list) else data[token]
    return data


# record, shape, turns, texts
KNOWN: list[tuple[Any, str, str, int]] = [
    ({"instruction": "a", "input": "b", "output": "c"}, "alpaca", "ua", 3),
    ({"instruction": "a", "output": "c"}, "alpaca", "ua", 2),
    ({"instruction": "a", "input": None, "output": "c"}, "alpaca", "ua", 2),
    ({"instruction": "a", "input": "", "output": "c", "text": "a c"}, "alpaca", "ua", 3),
    ({"instruction": "a", "output": "c", "messages": None}, "alpaca", "ua", 2),
    ({"system": "s", "instruction": "a", "output": "c", "history": [["x", "y"]]}, "alpaca", "suaua", 5),
    ({"instruction": "a", "output": "c", "history": []}, "alpaca", "ua", 2),
    ({"instruction": "a", "input": "b", "response": "c"}, "instruction-response", "ua", 3),
    ({"instruction": "a", "context": "b", "response": "c", "category": "qa"}, "dolly", "ua", 3),
    ({"query": "a", "response": "b", "history": [["x", "y"]]}, "query-response", "uaua", 4),
    ({"question": "a", "answer": "b"}, "question-answer", "ua", 2),
    ({"question": "a", "std_answer": "b", "class": "code"}, "question-answer", "ua", 2),
    ({"system_prompt": "s", "question": "a", "response": "b"}, "question-answer", "sua", 3),
    ({"question": "a", "choices": ["x"], "solution": "b", "explanation": "c"}, "question-answer", "ua", 3),
    ({"prompt": "a", "completion": "b"}, "prompt-completion", "ua", 2),
    ({"prompt": "a", "completion": "b", "label": "news"}, "prompt-completion", "ua", 2),
    ({"prompt": "a", "generation": "b"}, "prompt-response", "ua", 2),
    ({"input": "a", "output": "b"}, "input-output", "ua", 2),
    ({"INSTRUCTION": "a", "RESPONSE": "b"}, "upper-case", "ua", 2),
    ({"message_1": "a", "message_2": "b"}, "message-pair", "ua", 2),
    ({"article": "a", "summary": "b"}, "article-summary", "ua", 2),
    ({"inputs": "a", "targets": "b"}, "inputs-targets", "ua", 2),
    ({"prompt": "a", "canonical_solution": "b", "test": "c"}, "code-problem", "ua", 2),
    ({"instruction": "a", "kind": "Generation"}, "prompt-only", "u", 1),
    ({"prompt": "a"}, "prompt-only", "u", 1),
    ({"text": "a", "id": 3}, "text", "t", 1),
    ({"text": "a", "messages": [], "instruction": None}, "messages", "", 0),
    ({"messages": [USER, ANSWER]}, "messages", "ua", 2),
    ({"messages": []}, "messages", "", 0),
    ({"messages": [HUMAN, GPT]}, "messages", "ua", 2),
    ({"system": "s", "messages": [USER, ANSWER]}, "messages", "sua", 3),
    ({"messages": [USER, {"role": "assistant", "content": [{"type": "text", "text": "a"}]}]}, "messages", "ua", 2),
    ({"messages": [USER, {"role": "assistant", "content": [{"type": "text", "value": "a"}]}]}, "messages", "ua", 2),
    ({"messages": [USER, {"role": "assistant", "content": [{"type": "image", "url": "a"}]}]}, "messages", "ua", 1),
    ({"system": "", "conversations": [HUMAN, GPT]}, "sharegpt", "ua", 2),
    ({"conversations": [HUMAN, GPT], "id": "x"}, "sharegpt", "ua", 2),
    ({"conversations": [USER, ANSWER]}, "sharegpt", "ua", 2),
    ({"conversations": [HUMAN, {"from": "function_call", "value": "{}"}, {"from": "observation", "value": "1"}, GPT]},
     "sharegpt", "uata", 4),
    ([USER, ANSWER], "message-list", "ua", 2),
    ({"prompt": [USER], "completion": [ANSWER]}, "prompt-completion-chat", "ua", 2),
    ({"prompt": [USER]}, "prompt-only-chat", "u", 1),
    ({"messages": [USER], "label": 1}, "prompt-messages", "u", 1),
    ({"messages": [USER], "solution": "ten metres"}, "prompt-messages", "u", 1),
    ({"messages": [USER, ANSWER], "solution": "ten metres"}, "messages", "ua", 2),
    ({"messages": [{"role": "pretrain", "content": "Oaks grow slowly."}]}, "messages", "t", 1),
    ({"chosen": "a", "rejected": "b"}, "preference", "aA", 2),
    ({"prompt": "p", "chosen": "a", "rejected": "b"}, "preference", "uaA", 3),
    ({"instruction": "p", "input": "i", "output": "o", "chosen": "a", "rejected": "b"}, "preference", "uaA", 4),
    ({"chosen": "\n\nHuman: a\n\nAssistant: b", "rejected": "\n\nHuman: a\n\nAssistant: c"},
     "preference-transcript", "tT", 2),
    ({"prompt": [USER], "chosen": [ANSWER], "rejected": [ANSWER]}, "preference-chat", "uaA", 3),
    ({"chosen": [USER, ANSWER], "rejected": [USER, ANSWER]}, "preference-implicit", "uaA", 3),
    ({"prompt": "How?", "chosen": [USER, ANSWER], "rejected": [ANSWER, ANSWER]}, "preference-implicit", "uaaA", 4),
    ({"chosen_messages": [USER, ANSWER], "rejected_messages": [USER, ANSWER]}, "preference-named", "uaA", 3),
    ({"conversations": [HUMAN], "chosen": GPT, "rejected": GPT}, "preference-sharegpt", "uaA", 3),
    ({"messages": [USER], "chosen": ANSWER, "rejected": "no"}, "preference-messages", "uaA", 3),
    ({"input": {"messages": [USER]}, "preferred_output": [ANSWER], "non_preferred_output": [ANSWER]},
     "openai-preference", "uaA", 3),
    ({"question": "q", "response_j": "a", "response_k": "b"}, "stack-preference", "uaA", 3),
    ({"query": "q", "response": "a", "rejected_response": "b"}, "query-preference", "uaA", 3),
    ({"messages": [USER, ANSWER], "rejected_response": "no"}, "rejected-response", "uaA", 3),
    ({"instruction": "q", "input": "", "response1": "a", "response2": "b"}, "comparison", "uaa", 4),
    ({"Raw Instruction": "q", "Raw Input": "", "Raw Response": "a", "Revised Instruction": "q", "Revised Input": "",
      "Revised Response": "b"}, "revision", "uauA", 6),
    ({"prompt": "p", "completion": "a", "label": False}, "kto", "uA", 2),
    ({"prompt": "p", "completion": "a", "label": 1}, "kto", "ua", 2),
    ({"instruction": "p", "input": "", "output": "a", "kto_tag": False}, "kto-alpaca", "uA", 3),
    ({"messages": [USER, ANSWER], "label": False}, "kto-messages", "uA", 2),
    ({"prompt": [USER], "completion": [ANSWER], "label": False}, "kto-chat", "uA", 2),
    ({"conversations": [HUMAN, GPT], "kto_tag": True}, "kto-sharegpt", "ua", 2),
    ({"messages": [USER, ANSWER], "kto_tag": False}, "kto-tagged", "uA", 2),
    ({"conversation": [{"system": "s", "input": "a", "output": "b"}, {"input": "c", "output": "d"}]},
     "conversation", "suaua", 5),
    ({"conversation": [{"system": "", "input": "", "output": "a"}]}, "conversation", "a", 1),
    ({"conversation": [{"input": "", "output": "a"}, {"input": "b", "output": "c"}]}, "conversation", "uaua", 4),
    ({"system": "s", "conversation": [{"human": "a", "assistant": "b"}]}, "conversation", "sua", 3),
    ({"instruction": "a", "instances": [{"input": "", "output": "b"}, {"input": "c", "output": "d"}]},
     "self-instruct", "uaua", 4),
    ({"prompt": "p", "completions": ["a", "b"], "labels": [True, False]}, "stepwise", "ua", 3),
    ({"prompt": "p", "completions": [{"model": "m", "completion": "a"}]}, "sampled", "ua", 2),
    ({"input_ids": [1, 2], "labels": [1, 2]}, "pretokenized", "", 0),
    ({"segments": [{"label": False, "text": "a"}, {"label": True, "text": "b"}]}, "segments", "t", 2),
    ({"topic": "t", "input": "[|Human|] hi\n[|AI|] hello"}, "transcript", "t", 1),
    ({"query": "q", "tools": "[]", "answers": "[]"}, "function-calling", "ua", 2),
    ({"system": "s", "chat": "USER: q\n\n\nASSISTANT: a"}, "chat-transcript", "st", 2),
    ({"meta_instruction": "s", "chat": {"turn_1": {"Human": "h", "Inner Thoughts": "i", "Commands": "c",
      "Tool Responses": "t", "MOSS": "m"}}}, "moss", "suata", 6),
    ({"message_tree_id": "1", "prompt": {"text": "q", "role": "prompter", "replies": [
        {"text": "a", "role": "assistant", "replies": [{"text": "c", "role": "prompter", "replies": []}]},
        {"text": "b", "role": "assistant", "replies": []}]}}, "oasst-tree", "uaua", 4),
    ({"message_id": "1", "parent_id": None, "text": "q", "role": "prompter"}, "oasst-message", "u", 1),
]  # fmt: skip


@pytest.mark.parametrize(("data", "shape", "turns", "texts"), KNOWN)
def test_a_record_is_read_by_its_shape(data: Any, shape: str, turns: str, texts: int) -> None:
    reading = read(data)
    assert (reading.layout.shape, roles(reading), len(reading.texts)) == (shape, turns, texts)
    assert reading.layout.problems == ()


@pytest.mark.parametrize(("data", "shape"), [(row[0], row[1]) for row in KNOWN])
def test_every_text_lies_where_its_pointer_says(data: Any, shape: str) -> None:
    layout, texts = read(data)
    assert [resolved(data, slot.pointer) for slot in layout.slots] == list(texts)
    assert [s for turn in layout.turns for s in turn.slots] == list(range(len(layout.slots)))
    for number, turn in enumerate(layout.turns):
        assert all(layout.slots[s].turn == number for s in turn.slots)
        assert turn.pointer == "" or resolved(data, turn.pointer) is not None


def test_every_shape_is_known_by_an_example() -> None:
    assert {shape.name for shape in builtin()} == {row[1] for row in KNOWN}


def test_names_and_orders_are_unique() -> None:
    shapes = builtin()
    assert len({s.name for s in shapes}) == len({s.order for s in shapes}) == len(shapes)


@pytest.mark.parametrize(("data", "shape"), [(row[0], row[1]) for row in KNOWN])
def test_a_forced_shape_reads_its_own(data: Any, shape: str) -> None:
    assert read(data, forced=shape).layout.shape == shape


# record, kind, pointer, value or a piece of the message
PROBLEMS: list[tuple[Any, str, str, str]] = [
    ({"instruction": "a", "output": None}, "wrong-type", "/output", "null"),
    ({"instruction": "a", "output": 4}, "wrong-type", "/output", "a number"),
    ({"instruction": ["a"], "output": "b"}, "wrong-type", "/instruction", "a list"),
    ({"instruction": "a", "input": 3, "output": "b"}, "wrong-type", "/input", "a number"),
    ({"instruction": "a", "input": "b"}, "missing-field", "", "`output`"),
    ({"instruction": "a", "output": "b", "response": "c"}, "rival-keys", "/response", "`output` and `response`"),
    ({"prompt": "x", "instruction": "a", "output": "b"}, "rival-keys", "/prompt", "`instruction` and `prompt`"),
    ({"instruction": "a", "output": "b", "history": [["x"]]}, "wrong-type", "/history/0", "pair"),
    ({"prompt": "a", "chosen": "b"}, "missing-field", "", "`rejected`"),
    ({"prompt": "a", "completion": None}, "wrong-type", "/completion", "null"),
    ({"messages": "hello"}, "wrong-type", "/messages", "a string"),
    ({"messages": [USER, {"role": "assistant"}]}, "missing-field", "/messages/1", "`content`"),
    ({"messages": [USER, {"content": "x"}]}, "missing-field", "/messages/1", "`role`"),
    ({"messages": [USER, {"role": "assistant", "content": None}]}, "wrong-type", "/messages/1/content", "null"),
    ({"messages": [USER, {"role": "assistant", "content": 3}]}, "wrong-type", "/messages/1/content", "a number"),
    ({"messages": [USER, "hello"]}, "wrong-type", "/messages/1", "no object"),
    ({"messages": [{"role": "human", "content": "x"}, ANSWER]}, "unknown-role", "/messages/0/role", "`user` is meant"),
    ({"messages": [{"role": ["x"], "content": "x"}, ANSWER]}, "wrong-type", "/messages/0/role", "a list"),
    ({"messages": [{"role": "narrator", "content": "x"}, ANSWER]}, "unknown-role", "/messages/0/role", "`narrator`"),
    ({"conversations": [{"from": "prompter", "value": "x"}, GPT]}, "unknown-role", "/conversations/0/from", "`human`"),
    ({"messages": [USER, ANSWER], "conversations": [HUMAN, GPT]}, "rival-keys", "/conversations", "conversation"),
    ({"messages": [USER, {"role": "assistant", "content": [{"type": "text"}]}]}, "missing-field",
     "/messages/1/content/0", "no text"),
    ({"conversations": [HUMAN, GPT], "kto_tag": "true"}, "wrong-type", "/kto_tag", "a string"),
    ({"prompt": "p", "completions": ["a"], "labels": [True, False]}, "wrong-type", "/labels", "2 `labels`"),
    ({"outputs": "a", "promptt": "b"}, "unknown-shape", "", "promptt"),
    ({"full_text": "a", "spans": []}, "unknown-shape", "", "`full_text` and `spans`"),
    ({"output": "a", "score": 3}, "unknown-shape", "", "lacks `instruction`"),
    ({}, "unknown-shape", "", "empty"),
    ([{"a": 1}], "unknown-shape", "", "list of messages"),
    ([1, 2], "not-an-object", "", "a list"),
    ("hello", "not-an-object", "", "a string"),
    (None, "not-an-object", "", "null"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "kind", "pointer", "told"), PROBLEMS)
def test_a_defect_of_structure_is_told_once(data: Any, kind: str, pointer: str, told: str) -> None:
    (problem,) = read(data).layout.problems
    assert (problem.kind, problem.pointer) == (kind, pointer)
    assert told in problem.message


@pytest.mark.parametrize(
    ("spoken", "meant"),
    [("human", "user"), ("gpt", "assistant"), ("User", "user"), ("observation", "tool"), ("cat", "")],
)
def test_the_value_of_an_unknown_role_is_what_it_stands_for(spoken: str, meant: str) -> None:
    layout = read({"messages": [{"role": spoken, "content": "x"}]}).layout
    assert layout.problems[0].value == meant
    assert layout.turns[0].role == (meant or "unknown")
    assert layout.turns[0].spoken_role == spoken


def test_equal_structures_are_one_layout() -> None:
    detector = Detector(builtin())
    for data, _, _, _ in KNOWN:
        assert detector.read(data).layout is detector.read(data).layout
        assert Detector(builtin()).read(data).layout is detector.read(data).layout


@pytest.mark.parametrize(
    "shape", [s for s in builtin() if isinstance(s, DrawnShape) and s.quick is not None], ids=lambda s: s.name
)
def test_the_quick_way_agrees_with_the_slow_one(shape: DrawnShape) -> None:
    seen = 0
    for data, _, _, _ in KNOWN:
        reading = shape.read(data)
        if reading is not None:
            slow = shape._draw(data)
            assert slow is not None
            assert (reading.layout, list(reading.texts)) == (slow.layout, list(slow.texts))
            seen += 1
    assert seen


# ---- the detector ----


def test_an_unknown_name_is_refused_with_a_hint() -> None:
    with pytest.raises(UsageError, match="did you mean 'alpaca'"):
        Detector(builtin(), "alpacca")


def test_a_forced_shape_refuses_all_others() -> None:
    (problem,) = read({"prompt": "a", "completion": "b"}, forced="alpaca").layout.problems
    assert problem.kind == "unknown-shape"
    assert "alpaca" in problem.message
    assert "`instruction` and `output`" in problem.message


def test_fields_go_by_the_names_of_the_user() -> None:
    names = {"instruction": "query", "output": "my/reply"}
    layout, texts = read({"query": "a", "my/reply": "b", "instruction": 3}, fields=names)
    assert (layout.shape, [s.pointer for s in layout.slots], list(texts)) == (
        "alpaca",
        ["/query", "/my~1reply"],
        ["a", "b"],
    )
    (problem,) = read({"query": "a", "my/reply": None}, fields=names).layout.problems
    assert (problem.pointer, problem.message) == ("/my~1reply", "`my/reply` is null, not a string")


def test_fields_reach_into_messages() -> None:
    data = {"dialog": [{"who": "user", "says": "x"}, {"who": "assistant", "says": "y"}]}
    layout, texts = read(data, fields={"messages": "dialog", "role": "who", "content": "says"})
    assert [s.pointer for s in layout.slots] == ["/dialog/0/says", "/dialog/1/says"]
    assert list(texts) == ["x", "y"]


def test_a_field_no_shape_knows_is_refused() -> None:
    with pytest.raises(UsageError, match="did you mean 'instruction'"):
        Detector(builtin(), fields={"instrution": "query"})


def test_a_guest_shape_needs_no_more_than_to_read() -> None:
    class Quiz:
        name, summary, order = "quiz", "riddle and reply", 5

        def read(self, data: Any) -> Reading | None:
            alpaca = next(s for s in builtin() if s.name == "alpaca")
            fits = isinstance(data, dict) and "riddle" in data
            return alpaca.read({"instruction": data["riddle"], "output": data["reply"]}) if fits else None

        def lacks(self, data: Any) -> tuple[int, str]:
            return 0, ""

    assert list(Detector((*builtin(), Quiz())).read({"riddle": "a", "reply": "b"}).texts) == ["a", "b"]


def test_a_cache_stays_bounded() -> None:
    cache = Cache()
    for n in range(CACHE_LIMIT * 2):
        cache.keep(n, n)
    assert len(cache) <= CACHE_LIMIT
    assert cache[CACHE_LIMIT * 2 - 1] == CACHE_LIMIT * 2 - 1


# ---- laws ----

KEYS = sorted(
    {k for s in builtin() for k in s.vocabulary} | {"role", "content", "from", "value", "system", "text", "images"}
)  # type: ignore[attr-defined]
LEAVES = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a", "user", "gpt", "assistant", "human"])
MESSAGE = st.dictionaries(
    st.sampled_from(["role", "content", "from", "value", "tool_calls", "type", "text"]), LEAVES, max_size=4
)
JSON = st.recursive(
    LEAVES | MESSAGE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)
SHARED = Detector(builtin())


@settings(max_examples=400, deadline=None)
@given(JSON | st.lists(MESSAGE) | st.fixed_dictionaries({"messages": st.lists(MESSAGE | LEAVES)}))
def test_anything_is_read_the_same_whatever_came_before(data: Any) -> None:
    layout, texts = SHARED.read(data)
    fresh = Detector(builtin()).read(data)
    assert (layout.shape, layout.slots, layout.turns, layout.conversations, layout.problems) == (
        fresh.layout.shape, fresh.layout.slots, fresh.layout.turns, fresh.layout.conversations, fresh.layout.problems,
    )  # fmt: skip
    assert [resolved(data, s.pointer) for s in layout.slots] == list(texts) == list(fresh.texts)
    assert all(p.pointer == "" or resolved(data, p.pointer) is not ... for p in layout.problems)
    if not layout.known:
        assert len(layout.problems) == 1
