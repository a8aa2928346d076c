"""Runs the trainers' own code over records, one by one, and prints what became of each. For an interpreter that has them:

    pip install trl torch together==1.5.35 mistral-common addict colorama
    pip install --no-deps torchtune llamafactory axolotl

    python benchmarks/targets_trainers.py trl < records.jsonl

Prints a JSON list: "takes", "stops: why" or "drops" for each record, or nothing if the trainer is not installed. Packages
that a trainer imports and the code that is called does not need are stood in for.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

Run = Callable[[dict[str, Any]], str]
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] if m['content'] else '' }}"
    "{% if m.tool_calls %}{{ m.tool_calls | tojson }}{% endif %}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


class Absent:
    """Finds packages that are not installed and not needed."""

    names: set[str] = set()  # noqa: RUF012

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """A stand-in, if the package is known to be absent."""
        known = name.split(".")[0] in self.names
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if known else None  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> Any:
        """Something that answers to every name."""
        module = MagicMock(name=spec.name)
        module.__path__, module.__spec__, module.__name__, module.__version__ = [], spec, spec.name, "99"
        return module

    def exec_module(self, module: Any) -> None:
        """Nothing."""


def load(name: str) -> Any:
    """The module, with stand-ins for whatever it imports that is not installed."""
    if not any(isinstance(finder, Absent) for finder in sys.meta_path):
        sys.meta_path.append(Absent())
    top = name.split(".")[0]
    if importlib.util.find_spec(top) is None:
        return None
    for _ in range(40):
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            Absent.names.add(str(error.name).split(".")[0])
            for loaded in [m for m in sys.modules if m.split(".")[0] == top]:
                del sys.modules[loaded]
    return None


def tokenizer() -> Any:
    """A tokenizer of single characters with a ChatML template."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = {chr(n): n for n in range(32, 300)} | {"\n": 0, "<unk>": 1, "<|im_start|>": 2, "<|im_end|>": 3}
    made = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token="<|im_end|>", unk_token="<unk>", pad_token="<unk>"
    )
    wrapped.chat_template = TEMPLATE
    return wrapped


def loaded(record: dict[str, Any]) -> Any:
    """The record as the second of a data set, after a sound one of its kind, read from a file as trainers do."""
    from datasets import load_dataset

    chat = [{"role": "user", "content": "Which tree?"}, {"role": "assistant", "content": "The oak."}]
    turns = [{"from": "human", "value": "Which?"}, {"from": "gpt", "value": "The oak."}]
    sound: dict[str, Any] = {
        "messages": chat, "conversations": turns, "instruction": "Which tree?", "input": "", "output": "The oak.",
        "text": "Oaks bear acorns.", "history": [], "kto_tag": True, "label": True,
    }  # fmt: skip
    for key, place in (("prompt", chat[:1]), ("completion", chat[1:]), ("chosen", chat[1:]), ("rejected", chat[1:])):
        sound[key] = place if isinstance(record.get(key), list) else "The oak."
    if isinstance(record.get("chosen"), dict):
        sound |= {"chosen": turns[1], "rejected": turns[1], "conversations": turns[:1]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.jsonl")
        first = {key: sound[key] for key in record if key in sound}
        path.write_text("".join(json.dumps(r) + "\n" for r in (first, record)))
        return load_dataset("json", data_files=str(path), split="train", cache_dir=folder, keep_in_memory=True)


def trl() -> Run | None:
    """SFTTrainer and DPOTrainer prepare a data set of one record."""
    if load("trl") is None:
        return None
    from accelerate import PartialState
    from trl.trainer.dpo_trainer import DPOTrainer
    from trl.trainer.sft_trainer import SFTTrainer

    PartialState()
    tokens = tokenizer()

    def run(record: dict[str, Any]) -> str:
        data = loaded(record)
        args = SimpleNamespace(
            dataset_num_proc=None, dataset_text_field="text", assistant_only_loss=False, max_length=100_000,
            truncation_mode="keep_start", shuffle_dataset=False, seed=0,
        )  # fmt: skip
        both = "prompt" in record and "completion" in record
        trainer = SimpleNamespace(_tokenizer=tokens, chat_template=None, completion_only_loss=both)
        if "chosen" in record or "rejected" in record:
            made = DPOTrainer._prepare_dataset(trainer, data, tokens, args, "train")  # type: ignore[arg-type]
        else:
            made = SFTTrainer._prepare_dataset(trainer, data, tokens, args, False, None, "train")  # type: ignore[arg-type]
        return "takes" if len(made) == 2 else "drops"

    return run


def axolotl() -> Run | None:
    """The chat_template strategy tokenises a record; without a trained token it is dropped."""
    module = load("axolotl.prompt_strategies.chat_template")
    if module is None:
        return None

    tokens = tokenizer()

    def run(record: dict[str, Any]) -> str:
        record = loaded(record)[1]
        names = (
            {"role": "from", "content": "value"}
            if "conversations" in record
            else {"role": "role", "content": "content"}
        )
        prompter = module.ChatTemplatePrompter(
            tokens, TEMPLATE, message_property_mappings=names, max_length=100_000,
            field_messages="conversations" if "conversations" in record else "messages",
        )  # fmt: skip
        strategy = module.ChatTemplateStrategy(
            prompter, tokens, False, 100_000, roles_to_train=["assistant"], train_on_eos="turn", train_on_eot="turn",
            eot_tokens=["<|im_end|>"],
        )  # fmt: skip
        labels = strategy.tokenize_prompt(record)["labels"]
        return "takes" if any(label != -100 for label in labels) else "drops"

    return run


def llama_factory() -> Run | None:
    """The converters, and the conditions of the processors on what they give."""
    module = load("llamafactory.data.converter")
    if module is None:
        return None

    parser = importlib.import_module("llamafactory.data.parser")

    def run(record: dict[str, Any]) -> str:
        record = loaded(record)[1]
        ranking, tagged = "chosen" in record or "rejected" in record, "kto_tag" in record
        beside = {"chosen": "chosen", "rejected": "rejected"} if ranking else {}
        attr = parser.DatasetAttr(load_from="file", dataset_name="x", ranking=ranking, **beside)
        attr.kto_tag = "kto_tag" if tagged else None
        attr.query = "input" if "input" in record else None
        attr.history = "history" if "history" in record else None
        attr.response = "output" if "output" in record else None
        kind = "alpaca"
        if "messages" in record:
            kind, attr.messages, attr.role_tag, attr.content_tag = "openai", "messages", "role", "content"
            attr.user_tag, attr.assistant_tag, attr.observation_tag = "user", "assistant", "tool"
        elif "conversations" in record:
            kind = "sharegpt"
        made = module.DATASET_CONVERTERS[kind](attr, SimpleNamespace(media_dir=""))(record)
        answers = 2 if ranking or tagged else 1
        wrong = len(made["_response"]) < 2 if answers == 2 else len(made["_response"]) != 1
        if len(made["_prompt"]) % 2 != 1 or wrong:
            return "drops"
        for message in made["_prompt"] + made["_response"]:  # as template/formatter.py wants it
            if not isinstance(message["content"], str):
                return "stops: Expected a string"
        return "takes"

    return run


def torchtune() -> Run | None:
    """The message transforms and validate_messages."""
    Absent.names.add("torchao")
    module = load("torchtune.data._messages")
    if module is None:
        return None

    def run(record: dict[str, Any]) -> str:
        record = loaded(record)[1]
        if "messages" in record:
            made = module.OpenAIToMessages()(record)
        elif "conversations" in record:
            made = module.ShareGPTToMessages()(record)
        else:
            made = module.AlpacaToMessages()(record)
        module.validate_messages(made["messages"])
        given = record.get("messages") or ()
        return "drops" if any(not isinstance(m["content"], (str, list)) for m in given) else "takes"

    return run


def together() -> Run | None:
    """check_file on a file of one record, without the columns that the service ignores by now."""
    os.environ["TOGETHER_NO_BANNER"] = "1"
    module = load("together.utils.files")
    if module is None:
        return None
    forms = [("text",), ("messages",), ("prompt", "completion"), ("input", "preferred_output", "non_preferred_output")]

    def run(record: dict[str, Any]) -> str:
        known = {key for form in forms for key in form if all(k in record for k in form)}
        path = Path(folder, "x.jsonl")
        path.write_text(json.dumps({k: v for k, v in record.items() if k in known or not known}) + "\n")
        report = module.check_file(path)
        return "takes" if report["is_check_passed"] else f"stops: {report['message']}"

    folder = tempfile.mkdtemp()
    return run


def mistral() -> Run | None:
    """The messages and the validator of mistral-common, as mistral-finetune puts records to them."""
    if load("mistral_common") is None:
        return None
    from mistral_common.protocol.instruct.messages import (
        FinetuningAssistantMessage,
        SystemMessage,
        ToolMessage,
        UserMessage,
    )
    from mistral_common.protocol.instruct.validator import MistralRequestValidatorV3, ValidationMode

    kinds = {"user": UserMessage, "assistant": FinetuningAssistantMessage, "tool": ToolMessage, "system": SystemMessage}
    fields = {"user": ("content",), "assistant": ("content", "tool_calls", "weight"), "tool": ("content", "tool_call_id"),
              "system": ("content",)}  # fmt: skip

    def run(record: dict[str, Any]) -> str:
        messages = []
        systems = 0
        for message in record["messages"]:
            role = message["role"]
            systems += role == "system"
            if systems > 1:
                return "stops: two system messages"
            for call in message.get("tool_calls") or ():
                assert "id" in call
                assert isinstance(call["function"]["arguments"], str)
            if message.get("content") is None and message.get("tool_calls") is None:
                return "stops: no content"
            made = kinds[role](**{k: message[k] for k in fields[role] if k in message})
            if role != "system":
                messages.append(made)
        MistralRequestValidatorV3(ValidationMode.finetuning).validate_messages(messages)
        return "takes"

    return run


def openai() -> Run | None:
    """The checks of the cookbook's notebook, written anew, with the types of the API's specification."""

    def run(record: dict[str, Any]) -> str:
        messages = record.get("messages")
        if not messages:
            return "stops: missing_messages_list"
        for m in messages:
            called = bool(m.get("tool_calls") or m.get("function_call"))
            if "role" not in m or ("content" not in m and not called):
                return "stops: message_missing_key"
            if m["role"] not in ("system", "user", "assistant", "function", "tool", "developer"):
                return "stops: unrecognized_role"
            if (not m.get("content") or not isinstance(m["content"], (str, list))) and not called:
                return "stops: missing_content"
            if "weight" in m and (m["role"] != "assistant" or m["weight"] not in (0, 1)):
                return "stops: weight"
            for call in m.get("tool_calls") or ():
                if not isinstance(call["function"]["arguments"], str):
                    return "stops: arguments"
        return "takes" if any(m["role"] == "assistant" for m in messages) else "stops: no assistant"

    return run


TRAINERS: dict[str, Callable[[], Run | None]] = {
    "trl": trl, "axolotl": axolotl, "llama-factory": llama_factory, "torchtune": torchtune, "together": together,
    "mistral": mistral, "openai": openai,
}  # fmt: skip


def outcome(run: Run, record: dict[str, Any]) -> str:
    """What becomes of a record; whatever the trainer raises stops it."""
    try:
        return run(record)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return f"stops: {type(error).__name__}: {error}"[:200]


def main() -> None:
    """Outcomes of the records on standard input."""
    out, sys.stdout = sys.stdout, sys.stderr
    records = [json.loads(line) for line in sys.stdin]
    os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
    run = TRAINERS[sys.argv[1]]()
    print(json.dumps([outcome(run, record) for record in records]) if run is not None else "", file=out)


if __name__ == "__main__":
    main()
