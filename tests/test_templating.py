"""Records joined with chat templates: what is rendered, and where the texts of the record are in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datalint import templating
from datalint.batch import Batch
from datalint.errors import UsageError
from datalint.shapes import Detector, builtin
from datalint.templating import Rendered, Templates
from datalint.templating.template import families, load
from datalint.views import Record

DETECTOR = Detector(builtin())


def record(data: Any) -> Record:
    """A record by itself."""
    layout, texts = DETECTOR.read(data)
    return Batch(0, "x.jsonl", [b""], [0], [data], [layout], list(texts), [0, len(texts)]).record(0)


def rendered(template: str, data: Any, **more: Any) -> Rendered:
    """The first conversation of a record."""
    made = Templates(template, **more).rendered(record(data))
    return made[0]


def told(template: str, data: Any, **more: Any) -> tuple[str, list[str], list[str]]:
    """The text, what is found of each string ("-" for what is gone), and what is trained."""
    one = rendered(template, data, **more)
    text = one.text
    return (
        text,
        [text[slice(*part.span)] if part.span else "-" for part in one.parts],
        [text[a:b] for a, b in one.trained],
    )


def chat(*turns: str, system: str = "") -> dict[str, Any]:
    """User and assistant in turn."""
    messages = [{"role": "system", "content": system}] if system else []
    messages += [{"role": ("user", "assistant")[n % 2], "content": turn} for n, turn in enumerate(turns)]
    return {"messages": messages}


def test_a_conversation_is_rendered_and_its_texts_are_found() -> None:
    assert told("chatml", chat("user", "assistant", "user", "assistant", system="user")) == (
        "<|im_start|>system\nuser<|im_end|>\n"
        "<|im_start|>user\nuser<|im_end|>\n<|im_start|>assistant\nassistant<|im_end|>\n"
        "<|im_start|>user\nuser<|im_end|>\n<|im_start|>assistant\nassistant<|im_end|>\n",
        ["user", "user", "assistant", "user", "assistant"],
        ["assistant<|im_end|>\n", "assistant<|im_end|>\n"],
    )


def test_texts_of_one_turn_are_one_message() -> None:
    data = json.loads('{"instruction": "Add.", "input": "1 and 2", "output": "3"}')
    assert told("chatml", data)[1:] == (["Add.\n1 and 2", "3"], ["3<|im_end|>\n"])


def test_nothing_is_rendered_without_a_template() -> None:
    assert Templates().rendered(record(chat("a", "b"))) == ()


@pytest.mark.parametrize(
    ("template", "trained"),
    [
        ("chatml", ["A1<|im_end|>\n", "A2<|im_end|>\n"]),
        ("qwen3", ["A1<|im_end|>\n", "<think>\n\n</think>\n\nA2<|im_end|>\n"]),
        ("mistral-v1", [" A1</s>", " A2</s>"]),
        ("llama-3.1", ["A1<|eot_id|>", "A2<|eot_id|>"]),
        ("phi-3", ["A1<|end|>\n", "A2<|end|>\n<|endoftext|>"]),
        ("deepseek-r1", ["A1<｜end▁of▁sentence｜>", "A2<｜end▁of▁sentence｜>"]),
        ("glm-4.5", ["\n<think></think>\nA1", "\n<think></think>\nA2"]),
        ("gpt-oss", ["<|channel|>final<|message|>A1<|end|>", "<|channel|>final<|message|>A2<|return|>"]),
    ],
)
def test_what_is_trained_starts_where_the_model_goes_on_and_ends_with_the_turn(
    template: str, trained: list[str]
) -> None:
    assert told(template, chat("Q1", "A1", "Q2", "A2"))[2] == trained


def test_a_conversation_that_ends_with_a_question_has_ends_of_answers_too() -> None:
    assert told("chatml", chat("Q1", "A1", "Q2"))[2] == ["A1<|im_end|>\n"]


@pytest.mark.parametrize(
    ("template", "texts", "found"),
    [
        ("gemma-3", (" Q ", "\nA\n"), ["Q", "A"]),
        ("mistral-v3", ("Q", " A "), ["Q", "A"]),
        ("chatml", ("A", "A"), ["A", "A"]),
        ("qwen3", ("is", "<think>\nQz\n</think>\n\nis", "is", "is"), ["is", "is", "is", "is"]),
        ("deepseek-r1", ("Q", "<think>\nhm\n</think>\n\nA"), ["Q", "A"]),
        ("qwen3", ("Q", "<think>\nhm\n</think>\n\nA"), ["Q", "<think>\nhm\n</think>\n\nA"]),
    ],
)
def test_texts_are_found_where_they_are(template: str, texts: tuple[str, ...], found: list[str]) -> None:
    assert told(template, chat(*texts))[1] == found


def test_a_text_said_again_later_is_not_taken_for_the_one_that_is_gone() -> None:
    thought = "<think>\nhm\n</think>\n\nYes."
    one = rendered("qwen3", chat("Q", thought, "Q", thought))
    assert [part.lost for part in one.parts] == ["", "hm", "", ""]
    assert [part.state for part in one.parts] == ["whole", "changed", "whole", "whole"]


TREE = {"prompt": {"role": "prompter", "text": "Q", "replies": [{"role": "assistant", "text": "A", "replies": []}]}}
CALL = '{"name": "tree_of", "arguments": {"leaf": "lobed"}}'
MESSAGES: list[tuple[Any, list[dict[str, Any]]]] = [
    ({"prompt": "Q", "completion": "A"}, [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]),
    (
        {"system": "S", "conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]},
        [{"role": r, "content": c} for r, c in (("system", "S"), ("user", "Q"), ("assistant", "A"))],
    ),
    (TREE, [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]),
    (
        {
            "conversations": [
                {"from": "human", "value": "Q"}, {"from": "function_call", "value": CALL},
                {"from": "observation", "value": "oak"},
            ],
        },
        [
            {"role": "user", "content": "Q"},
            {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function": json.loads(CALL)}]},
            {"role": "tool", "content": "oak"},
        ],
    ),
    (
        {
            "messages": [
                {"role": "user", "content": [{"type": "text", "value": "Q"}]},
                {"role": "assistant", "content": "A", "weight": 1},
            ],
        },
        [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A", "weight": 1}],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("data", "messages"), MESSAGES)
def test_records_of_every_shape_become_messages(data: Any, messages: list[dict[str, Any]]) -> None:
    made = [{k: v for k, v in m.items() if k != "type" or v != "text"} for m in rendered("qwen3", data).job.messages]
    assert [m | {"content": "Q"} if type(m["content"]) is list else m for m in made] == [
        m | {"content": "Q"} if type(m["content"]) is list else m for m in messages
    ]


def test_both_sides_of_a_preference_are_rendered() -> None:
    made = Templates("chatml").rendered(record({"prompt": "Q", "chosen": "Yes.", "rejected": "No."}))
    assert [one.text.split("\n")[-2] for one in made] == ["Yes.<|im_end|>", "No.<|im_end|>"]


@pytest.mark.parametrize("data", [{"text": "plain"}, {"nonsense": 1}, {"messages": []}, {"messages": "x"}, [1], None])
def test_what_is_no_conversation_is_not_rendered(data: Any) -> None:
    assert Templates("chatml").rendered(record(data)) == ()


def test_tools_and_variables_of_a_record_reach_the_template(tmp_path: Path) -> None:
    (tmp_path / "t.jinja").write_text(
        "{{ tools | tojson }}|{{ documents | tojson }}|{{ mood }}|{{ messages | length }}"
    )
    data = chat("Q", "A") | {"tools": '[{"name": "f"}]', "documents": [{"text": "d"}]}
    data["chat_template_kwargs"] = {"mood": "dry", "messages": []}
    one = rendered("t.jinja", data, base=tmp_path)
    assert one.text == '[{"type": "function", "function": {"name": "f"}}]|[{"text": "d"}]|dry|2'


# ---- where templates come from ----

NAMED = [{"name": "default", "template": "d{{ bos_token }}"}, {"name": "tool_use", "template": "t"}]


@pytest.mark.parametrize(
    ("files", "said", "source", "tokens"),
    [
        ({"t.jinja": "x"}, "t.jinja", "x", {}),
        (
            {"m/tokenizer_config.json": {"chat_template": "y", "bos_token": {"content": "<s>"}}},
            "m",
            "y",
            {"bos_token": "<s>"},
        ),
        (
            {"m/tokenizer_config.json": {"chat_template": "y", "eos_token": "</s>"}},
            "m/tokenizer_config.json",
            "y",
            {"eos_token": "</s>"},
        ),
        (
            {"m/chat_template.jinja": "z", "m/tokenizer_config.json": {"chat_template": "y", "bos_token": "<s>"}},
            "m",
            "z",
            {"bos_token": "<s>"},
        ),
        (
            {"m/chat_template.jinja": "z", "m/tokenizer_config.json": {"bos_token": "<s>"}},
            "m/chat_template.jinja",
            "z",
            {"bos_token": "<s>"},
        ),
        ({"m/chat_template.json": {"chat_template": "j"}}, "m", "j", {}),
        ({"m/tokenizer_config.json": {"chat_template": NAMED}}, "m", "d{{ bos_token }}", {}),
    ],
)
def test_templates_come_from_files(tmp_path: Path, files: Any, said: str, source: str, tokens: dict[str, str]) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content))
    found = load(said, tmp_path)
    assert (found.source, dict(found.tokens)) == (source, tokens)


def test_a_record_with_tools_takes_the_template_for_tools(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": NAMED, "bos_token": "<s>"}))
    assert rendered(str(tmp_path), chat("Q", "A")).text == "d<s>"
    assert rendered(str(tmp_path), chat("Q", "A") | {"tools": [{"name": "f"}]}).text == "t"


@pytest.mark.parametrize(
    ("said", "hint"),
    [("lama-3.1", "'llama-3.1'"), ("Qwen-3", ""), ("zzz", "lists the families"), ("no/such.jinja", "")],
)
def test_a_name_that_is_none_is_told(said: str, hint: str) -> None:
    if said == "Qwen-3":
        assert load(said).name == "qwen3"
        return
    with pytest.raises(UsageError) as caught:
        load(said)
    assert hint in caught.value.hint


def test_a_config_without_a_template_is_told(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text("{}")
    with pytest.raises(UsageError, match="no chat template"):
        load(str(tmp_path))


def test_no_two_families_answer_to_one_name() -> None:
    names = [name for family in families().values() for name in {family.name, *family.aliases}]
    assert len(names) == len(set(names))
    assert {path.stem for path in (Path(templating.__file__).parent / "families").iterdir()} == set(families())
