"""TRL 1.16.0: what SFTTrainer, DPOTrainer and KTOTrainer do with a record. Unsloth uses its own preparation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from datalint_rules.target._facts import CHAT, LABELLED, PREFERENCES, PROMPTS, Prediction, Target, named

_SFT = "trl/trainer/sft_trainer.py, SFTTrainer._prepare_dataset"
_DATA = "trl/data_utils.py, is_conversational"
_DPO = "trl/trainer/dpo_trainer.py, DPOTrainer._prepare_dataset"


def predict(data: Mapping[str, Any]) -> Prediction | None:
    """What TRL does with a record, None: it trains on it."""
    if "input_ids" in data:
        return None
    found = _tools(data) or _kwargs(data)
    if found is not None:
        return found
    if "chosen" in data or "rejected" in data:
        return _pair(data)
    if "prompt" in data and "completion" in data:
        return _completion(data)
    key = "conversations" if "conversations" in data else "messages" if "messages" in data else ""
    if key:
        return _messages(data[key], f"/{key}", "from" if key == "conversations" else "role")
    if "text" in data and not isinstance(data["text"], str):
        return Prediction(
            "stops", f"text is {named(data['text'])}: it has no end to add the end token to", "/text", _SFT
        )
    return None


def _messages(value: Any, pointer: str, role: str) -> Prediction | None:
    if not isinstance(value, list):
        said = f"{pointer[1:]} is {named(value)}, so there is neither a conversation nor a text: KeyError"
        return Prediction("stops", said, pointer, _SFT)
    if not value:
        return Prediction("stops", f"{pointer[1:]} is empty: IndexError on its first message", pointer, _DATA)
    first = value[0]
    if not isinstance(first, dict) or (role not in first and "role" not in first):
        said = f"the first message has no {role}: it is read as plain text, which is not there (KeyError)"
        return Prediction("stops", said, f"{pointer}/0", _DATA)
    for n, message in enumerate(value):
        if not isinstance(message, dict):
            said = f"message {n + 1} is {named(message)}, which no chat template renders"
            return Prediction("stops", said, f"{pointer}/{n}", _SFT)
    return None


def _completion(data: Mapping[str, Any]) -> Prediction | None:
    prompt, completion = data["prompt"], data["completion"]
    for key in ("prompt", "completion"):
        if isinstance(data[key], list):
            found = _messages(data[key], f"/{key}", "role")
            if found is not None:
                return found
        elif not isinstance(data[key], str):
            return Prediction("stops", f"{key} is {named(data[key])}", f"/{key}", _SFT)
    if isinstance(prompt, list) is not isinstance(completion, list):
        return Prediction("stops", "one of prompt and completion is a text, the other a list: they cannot be joined", "",
                          _SFT)  # fmt: skip
    return None


def _pair(data: Mapping[str, Any]) -> Prediction | None:
    for key in ("chosen", "rejected"):
        if key not in data:
            return Prediction("stops", f"there is no {key}: KeyError", "", _DPO)
        if data[key] is None or not isinstance(data[key], (str, list)):
            return Prediction("stops", f"{key} is {named(data[key])}", f"/{key}", _DPO)
        if data[key] == []:
            return Prediction("stops", f"{key} is empty: IndexError on its first message", f"/{key}", _DATA)
    if isinstance(data["chosen"], list) is not isinstance(data["rejected"], list):
        return Prediction("stops", "one of chosen and rejected is a text, the other a list", "", _DPO)
    prompt = data.get("prompt", data["chosen"])
    if not isinstance(prompt, (str, list)):
        return Prediction("stops", f"prompt is {named(prompt)}", "/prompt", _DPO)
    if isinstance(prompt, list) is not isinstance(data["chosen"], list):
        said = f"prompt is {named(prompt)} and chosen {named(data['chosen'])}: they cannot be joined"
        return Prediction("stops", said, "/prompt", _DPO)
    return None


def _tools(data: Mapping[str, Any]) -> Prediction | None:
    tools = data.get("tools")
    if isinstance(tools, str):
        try:
            tools = json.loads(tools)
        except ValueError:
            return Prediction("stops", "tools is a text that is no JSON", "/tools", _SFT)
    if tools and not (isinstance(tools, list) and all(isinstance(tool, dict) for tool in tools)):
        return Prediction("stops", f"tools is {named(tools)}, not a list of JSON schemas", "/tools", _SFT)
    return None


def _kwargs(data: Mapping[str, Any]) -> Prediction | None:
    if "chat_template_kwargs" in data and not isinstance(data["chat_template_kwargs"], dict):
        said = f"chat_template_kwargs is {named(data['chat_template_kwargs'])}, not an object"
        return Prediction("stops", said, "/chat_template_kwargs", _SFT)
    return None


TRL = Target(
    "trl", "TRL 1.16.0", _SFT,
    takes=CHAT | PREFERENCES | LABELLED | PROMPTS
    | {"prompt-completion", "prompt-completion-chat", "text", "stepwise", "pretokenized"},
    formats="messages, conversations, prompt and completion, text, chosen and rejected",
    predict=predict, limit=1024, limit_key="max_length", over="cuts",
    trains_prompt=CHAT, mask_key="assistant_only_loss",
)  # fmt: skip

_UNSLOTH = "unsloth_zoo/dataset_utils.py, sft_prepare_dataset"
UNSLOTH = Target(
    "unsloth", "Unsloth 2026.10.9", _UNSLOTH,
    takes=frozenset({"messages", "prompt-completion", "prompt-completion-chat", "text", "pretokenized"})
    | PREFERENCES | LABELLED | PROMPTS,
    formats="messages, prompt and completion, text; anything else takes a formatting_func or standardize_data_formats",
    predict=predict, limit_key="max_seq_length", over="cuts",
    trains_prompt=frozenset({"messages"}), mask_key="train_on_responses_only",
)  # fmt: skip
