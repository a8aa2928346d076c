"""Leftovers of chat templates: what is one, and all that only looks like one."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import running
from datalint_rules.template._rendered import Part, rendering

from datalint import families
from datalint.config_keys import Table
from datalint.errors import UsageError

WHOLE = ("TPL101", "TPL102", "TPL103", "TPL104")


def found(folder: Path, record: Any, **options: Any) -> list[str]:
    """The codes of the findings in one record."""
    running.write(folder, {"a.jsonl": json.dumps(record, ensure_ascii=False).encode()})
    rules = Table({code: Table(options) for code in WHOLE[:3]}) if options else Table()
    outcome = running.scan(running.settings(folder, "a.jsonl", select=WHOLE, rules=rules))
    assert outcome.not_checked == []
    return [f.code for f in outcome.findings]


def chat(*texts: str) -> dict[str, Any]:
    """A conversation that the user begins."""
    return {"messages": [{"role": ("user", "assistant")[n % 2], "content": t} for n, t in enumerate(texts)]}


ICE = "Is ice wet?"


@pytest.mark.parametrize(
    "answer",
    [
        "When it melts.<|eot_id|>",
        "When it melts.<|endoftext|>",
        "When it melts. </s>",
        "When it melts.</s>\n",
        "<s> Ice is dry, and water is wet. </s>",
        "When it melts.<end_of_turn>\n<eos>",
        "When it melts.<eos>",
        "<bos>When it melts, and only then.<eos>",
        "When<｜end▁of▁sentence｜> it melts.",
        "When it melts.[/INST] Or so they say.",
        "<<SYS>> Be brief. <</SYS>> When it melts.",
        "When it melts.[e~[",
        "When it melts.[|endofturn|]",
        "When it melts.<turn|>",
        "<|channel|>analysis<|message|>The user asks about ice.<|end|>",
        "When it melts.<|END_OF_TURN_TOKEN|>",
        "When it melts.<|end_of_text|>",
        "When it melts. [EOS]",
        "[gMASK]<sop>When it melts.",
        "As an AI language model I have no hands.<|im_end|>",
        "I am ChatGPT, a large language model trained by OpenAI.<|im_end|>",
        "- Snow\n- Hail\n- Ice<|im_end|>",
    ],
)
def test_tokens_left_in_answers(tmp_path: Path, answer: str) -> None:
    assert found(tmp_path, chat(ICE, answer)) == ["TPL102"]


@pytest.mark.parametrize("prompt", ["Is ice wet?<|im_end|>", "<|endoftext|>Is ice wet?", "Is ice wet? [/INST]"])
def test_tokens_left_in_prompts(tmp_path: Path, prompt: str) -> None:
    assert found(tmp_path, chat(prompt, "When it melts.")) == ["TPL102"]
    assert found(tmp_path, {"instruction": prompt, "input": "", "output": "When it melts."}) == ["TPL102"]


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("Write it in Java.", "List<User> users = new ArrayList<User>();\nMap<String, Assistant> a;"),
        ("How do I strike text through?", "Write <s>old</s> and it is struck through."),
        ("What is it now?", "It was <s>5</s> and is <s>4</s> 3 francs."),
        ("Mark the sentences up in SSML.", "<speak><s>Ice is dry.</s><s>Water is wet.</s></speak>"),
        ("Write a generic.", "std::vector<s> v; a<s>b</s>"),
        ("How does Llama 2 mark instructions?", "Its prompt format puts [INST] and [/INST] around them."),
        ("What does <|im_end|> do?", "It is a special token: the end of a turn."),
        ("Explain the EOS token.", "Most models end with </s> or <|endoftext|>."),
        ("How do I stop my model from rambling?", "Add `<|eot_id|>` to the stop words."),
        ("How do I stop my model from rambling?", 'Set stop to "<|eot_id|>" and try again.'),
        ("Show the config.", '```json\n{"eos_token": "</s>", "stop": ["<|im_end|>"]}\n```'),
        ("Fill the form in.", "### Instruction:\nRead.\n\n### Response:\nDone."),
        ("Write in F#.", "xs |> List.map f <| ys"),
        ("What does the regex match?", "It matches \\<s\\> and <s>."),
        ("Who sings?", "[INST] begins the solo of the guitar."),
        ("A matrix?", "[INST]\n[EOS] stands for Canon's camera."),
        ("Mark the verse.", "[BOS]ton is a city."),
        ("Mask a word.", "Ice is <mask> when it melts."),
        ("Think.", "<think>\nIce melts.\n</think>\n\nWhen it melts."),
        ("Weather?", '<tool_call>\n{"name": "weather", "arguments": {}}\n</tool_call>'),
        ("分词器用什么结束？", "它用 <|im_end|> 作为特殊标记。"),
        ("How do Alpaca prompts look?", "### Instruction:\n{instruction}\n\n### Response:"),
        ("Compare a < b | c > d", "if a <|b|> c then d"),
    ],
)
def test_what_only_looks_like_a_token(tmp_path: Path, prompt: str, answer: str) -> None:
    assert found(tmp_path, chat(prompt, answer)) == []


@pytest.mark.parametrize(
    "record",
    [
        {"text": "Ice is wet.<|endoftext|>Snow is dry."},
        {"text": "<s>Ice is wet.</s>"},
        {"text": "### Instruction:\nIs ice wet?\n\n### Response:\nWhen it melts."},
        {"prompt": "<|im_start|>user\nIs ice wet?<|im_end|>\n<|im_start|>assistant\n", "completion": "No.<|im_end|>"},
        {"prompt": "Is ice wet?", "completion": " No.</s>"},
        {"prompt": "[INST] Is ice wet? [/INST]", "chosen": " No.</s>", "rejected": " Yes.</s>"},
        {
            "prompt": "Below is an instruction that describes a task.\n\n### Instruction:\nGo.\n\n### Response:",
            "completion": "x",
        },
    ],
)
def test_what_is_trained_on_as_it_is_may_be_rendered(tmp_path: Path, record: Any) -> None:
    assert found(tmp_path, record) == []


@pytest.mark.parametrize(
    "prompt",
    [
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nIs ice wet?<|im_end|>\n<|im_start|>assistant\n",
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nIs ice wet?<|eot_id|>",
        "<bos><start_of_turn>user\nIs ice wet?<end_of_turn>\n<start_of_turn>model\n",
        "<|user|>\nIs ice wet?<|end|>\n<|assistant|>\n",
        "<|user|>\nIs ice wet?</s>\n<|assistant|>\n",
        "[gMASK]<sop><|user|>\nIs ice wet?<|assistant|>",
        "<｜begin▁of▁sentence｜><｜User｜>Is ice wet?<｜Assistant｜>",
        "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>Is ice wet?<|END_OF_TURN_TOKEN|>",
        "<|start_of_role|>user<|end_of_role|>Is ice wet?<|end_of_text|>",
        "<|start|>user<|message|>Is ice wet?<|end|><|start|>assistant",
        "[|user|]Is ice wet?[|endofturn|]\n[|assistant|]",
        "GPT4 Correct User: Is ice wet?<|end_of_turn|>GPT4 Correct Assistant:",
        "<|turn>user\nIs ice wet?<turn|>\n",
        "<s>[INST] Is ice wet? [/INST]",
        "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful answers. "
        "USER: Is ice wet? ASSISTANT:",
        "Human: Is ice wet?\n\nAssistant:",
        "### Instruction:\nIs ice wet?\n\n### Response:",
        "### User:\nIs ice wet?\n\n### Assistant:\n",
    ],
)
def test_rendered_prompts(tmp_path: Path, prompt: str) -> None:
    for record in (chat(prompt, "When it melts."), {"instruction": prompt, "input": "", "output": "When it melts."}):
        assert found(tmp_path, record) == ["TPL103"]


@pytest.mark.parametrize(
    "answer",
    [
        "<|assistant|>\nWhen it melts.</s>",
        "<|im_start|>assistant\nWhen it melts.<|im_end|>",
        "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
        "### Instruction:\nIs ice wet?\n\n### Response:\nWhen it melts.",
        "[INST] Is ice wet? [/INST] When it melts.</s>",
    ],
)
def test_rendered_answers(tmp_path: Path, answer: str) -> None:
    assert found(tmp_path, chat(ICE, answer)) == ["TPL103"]


def test_the_example_of_a_message_in_a_list_of_parts(tmp_path: Path) -> None:
    parts = [{"type": "text", "text": "<|im_start|>user\nIs ice wet?<|im_end|>"}]
    said = {"messages": [{"role": "user", "content": parts}, {"role": "assistant", "content": "When it melts."}]}
    assert found(tmp_path, said) == ["TPL103"]


@pytest.mark.parametrize(
    ("record", "family", "codes"),
    [
        (chat(ICE, "No.<|im_end|>"), "qwen3", ["TPL101"]),
        (chat(ICE, "No.<|im_end|>"), "llama3", ["TPL102"]),
        (chat(ICE, "No. <s>Yes.</s>"), "llama2", ["TPL101"]),
        (chat(ICE, "No. <s>Yes.</s>"), "llama3", []),
        (chat("How does ChatML end?", "With <|im_end|>."), "qwen3", []),
        ({"text": "[INST] Is ice wet? [/INST] No.</s>"}, "llama3", ["TPL103"]),
        ({"text": "[INST] Is ice wet? [/INST] No.</s>"}, "mistral-v3", []),
        ({"text": "### Instruction:\nGo.\n\n### Response:\nGone."}, "llama3", []),
        (chat("<|im_start|>user\nIs ice wet?<|im_end|>\n", "No."), "chatml", ["TPL103"]),
        ({"prompt": ICE, "completion": " No.<|endoftext|>"}, "qwen3", []),
        ({"prompt": ICE, "completion": " No.<|endoftext|> Yes."}, "qwen3", ["TPL101"]),
        ({"text": "Ice is wet.<|endoftext|>Snow is dry."}, "qwen3", []),
    ],
)
def test_a_known_family(tmp_path: Path, record: Any, family: str, codes: list[str]) -> None:
    assert found(tmp_path, record, family=family) == codes


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        (ICE, "No.\nUser: Why?\nAssistant: It is cold."),
        (ICE, "No.\n\nHuman: Why is it dry below zero?"),
        (ICE, "No.\n\nHuman: Why?\n\nAssistant: It is cold.\n\nHuman: Thanks!"),
        (ICE, "No.\n### Human: Why?"),
        (ICE, "No.<|endoftext|>Human: why\n\nAssistant: It is cold."),
        (ICE, "No.</s> User: why"),
        (ICE, "No.\n**User:** Why?\n**Assistant:** It is cold."),
        (ICE, "No.\n\n<|im_start|>user\nWhy?"),
        (ICE, "No.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhy?"),
        (ICE, "No.<end_of_turn>\n<start_of_turn>user\nWhy?"),
        (ICE, "No.<｜end▁of▁sentence｜><｜User｜>Why?"),
        (ICE, "No.</s><s>[INST] Why? [/INST] It is cold."),
        (ICE, "No.\n[|Human|] Why?\n[|AI|] It is cold."),
        ("What is an API call?", "A request.\n\nUser: And a hook?\nAssistant: It calls you."),
        ("User: Is ice wet?\nAssistant:", "No.\nUser: Why?\nAssistant: It is cold."),
        ("什么是冰？", "固态的水。\n\n用户：为什么？\n助手：因为冷。"),
    ],
)
def test_answers_that_go_on_as_the_user(tmp_path: Path, prompt: str, answer: str) -> None:
    assert found(tmp_path, chat(prompt, answer)) == ["TPL104"]


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("Write a conversation.", "Sure.\n\nUser: Is ice wet?\nAssistant: No."),
        ("Interview a robot.", "Setting: a lab.\n\nHUMAN: Are you well?\nAI: Yes."),
        ("Write a scene in a cave.", "Dark.\n\nHUMAN: Who is there?\nSYSTEM: Nobody."),
        ("Write a story about a robot.", "It woke.\n\nHuman: Hello, who are you?\nRobot: I am new here."),
        ("Help me.", "Bot: What is it?\nUser: My door is stuck.\nBot: Pull."),
        ("How do I connect?", "Use:\nHost: example.org\nUser: root\nPassword: none"),
        ("Which roles exist?", "There are two.\n\nUser: reads.\nAdmin: writes."),
        ("Classify: dog, Tom.", "Here it is:\nAnimal: dog\nHuman: Tom"),
        ("Show a compose file.", "```yaml\nservices:\n  web:\nUser: root\n```"),
        ("Explain few-shot prompts.", "Like this:\n\nUser: 1+1\nAssistant: 2"),
        ("Show how our chatbot answers.", "Like this:\n\nUser: Hi\nChatbot: Hello"),
        ("Define the terms of our site.", "Site: this page.\n\nUser: a person who visits it."),
        ("Fill in the log.", "Date: today\n\nUser: guest logged in again today"),
        ("写一段对话。", "好的。\n用户：你好\n助手：你好"),
        ("What is User: in this file?", "It names the account."),
    ],
)
def test_answers_that_only_look_so(tmp_path: Path, prompt: str, answer: str) -> None:
    assert found(tmp_path, chat(prompt, answer)) == []


# ---- the table of families ----


@pytest.mark.parametrize("family", families.FAMILIES.values(), ids=lambda f: f.name)
def test_a_family_keeps_its_tokens_apart(family: families.Family) -> None:
    kinds = (family.marks, family.edges, family.extras)
    assert sum(map(len, kinds)) == len(family.tokens), "a token is in two places"
    assert all(t == t.strip() and t for t in family.tokens)
    assert family.models


def test_families_by_name() -> None:
    assert families.named("Qwen2.5").name == "qwen2.5"
    assert families.named("mistral_v1").name == "mistral-v1"
    assert [f.name for f in families.holders("<|eom_id|>")] == ["llama3.1"]
    with pytest.raises(UsageError, match="unknown family") as caught:
        families.named("lama3")
    assert "llama3" in caught.value.hint


class Said:
    """A message that holds only a text."""

    def __init__(self, text: str) -> None:
        self.text = text


USER, ASSISTANT = {"user": "user", "User": "User"}, {"assistant": "assistant"}


@pytest.mark.parametrize(
    "text",
    [
        "<|im_start|>user\nIs ice wet?<|im_end|>\n<|im_start|>assistant\nNo.<|im_end|>\n",
        "<|im_start|>user<|im_sep|>Is ice wet?<|im_end|><|im_start|>assistant<|im_sep|>No.<|im_end|>",
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nIs ice wet?<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\nNo.<|eot_id|>",
        "<bos><start_of_turn>user\nIs ice wet?<end_of_turn>\n<start_of_turn>model\nNo.<end_of_turn>\n",
        "<|user|>\nIs ice wet?<|end|>\n<|assistant|>\nNo.<|end|>\n",
        "<|user|>\nIs ice wet?</s>\n<|assistant|>\nNo.</s>\n",
        "<|user|>\nIs ice wet?\n<|assistant|>\nNo.<|endoftext|>",
        "<|user|>\nIs ice wet?</s>\n<|assistant|>\nNo.</s>",
        "<｜begin▁of▁sentence｜><｜User｜>Is ice wet?<｜Assistant｜>No.<｜end▁of▁sentence｜>",
        "<|start|>user<|message|>Is ice wet?<|end|><|start|>assistant<|channel|>final<|message|>No.<|return|>",
        "<|im_user|>user<|im_middle|>Is ice wet?<|im_end|><|im_assistant|>assistant<|im_middle|>No.<|im_end|>",
        "]~!b[]~b]user\nIs ice wet?[e~[\n]~b]ai\nNo.[e~[\n",
        "<s>[INST] Is ice wet? [/INST] No.</s>",
        "<|user_start|>Is ice wet?<|user_end|><|assistant_start|>No.<|assistant_end|>",
        "USER: Is ice wet? ASSISTANT: No.</s>USER: Why? ASSISTANT:",
    ],
)
def test_rendered_text_is_read_back(text: str) -> None:
    by = rendering(Said(text))  # type: ignore[arg-type]
    assert by is not None
    assert by.parts is not None
    said = [(p.role, p.text) for p in by.parts][:2]
    assert said == [("user", "Is ice wet?"), ("assistant", "No.")]


def test_what_cannot_be_read_back_is_not() -> None:
    by = rendering(Said("<|im_start|>user\nIs ice wet?<|im_end|> and <|im_start|>assistant\nNo."))  # type: ignore[arg-type]
    assert by is not None
    assert by.parts is None
    assert rendering(Said("Ice is not wet.")) is None  # type: ignore[arg-type]
    assert Part("user", "x").open is False


@pytest.mark.parametrize(
    "text",
    [
        "<|user|>\n" * 20_000,
        "a<|user|>" * 20_000,
        "x [INST] " * 20_000,
        "No.<|im_end|>" + "\n" * 100_000 + "x",
        "No." + " \n" * 50_000 + "<|im_start|>",
        "</s> " * 20_000,
        "<s>x" * 20_000,
        "No.\nUser: a b c\n" * 10_000,
        "### Instruction:\n" * 10_000 + "### Response:",
        "[INST] <<SYS>> " * 10_000 + "[/INST]",
        "USER: a ASSISTANT: b " * 5_000 + "ASSISTANT:",
        "<think>" * 20_000,
    ],
    ids=lambda t: t[:20],
)
def test_no_text_takes_long(tmp_path: Path, text: str) -> None:
    start = time.process_time()
    found(tmp_path, chat("A" + text, text))
    found(tmp_path, chat(text, "A" + text))
    assert time.process_time() - start < 8.0
