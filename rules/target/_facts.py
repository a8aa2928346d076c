"""What is known of a trainer or provider, as far as it decides what becomes of a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple


class Prediction(NamedTuple):
    """What a trainer does with a record, why, and where in the record."""

    kind: Literal["stops", "drops"]
    why: str
    pointer: str = ""
    source: str = ""  # where that is written, if elsewhere than the rest of it


Predict = Callable[[Mapping[str, Any]], Prediction | None]


@dataclass(frozen=True)
class Target:
    """A trainer or provider. ``source``: the file or page that the predictions are taken from."""

    name: str
    called: str  # with the version the facts are of
    source: str
    takes: frozenset[str]  # shapes it reads as they are, or with a mapping of names
    formats: str  # the same in words
    predict: Predict
    stops: str = "stops"  # what it does with a file it cannot read
    limit: int = 0  # tokens of a record unless one is set; 0 where everybody sets one, or nobody knows
    limit_key: str = ""  # the setting
    over: Literal["cuts", "drops", ""] = ""  # what becomes of a longer record
    trains_prompt: frozenset[str] = frozenset()  # shapes whose prompts are trained unless a setting says otherwise
    mask_key: str = ""  # the setting
    reads_weight: bool = False  # whether ``weight`` of a message is read
    least: int = 0  # records
    most: int = 0
    most_bytes: int = 0
    limits_source: str = ""


FLAT = frozenset(
    {
        "alpaca", "dolly", "instruction-response", "query-response", "question-answer", "prompt-response", "input-output",
        "upper-case", "message-pair", "article-summary", "inputs-targets", "prompt-completion", "code-problem",
    }
)  # fmt: skip
CHAT = frozenset({"messages", "sharegpt"})
PREFERENCES = frozenset({"preference", "preference-chat", "preference-implicit", "preference-transcript"})
BESIDE = frozenset({"preference-sharegpt", "preference-messages"})  # a conversation with two answers beside it
TAGGED = frozenset({"kto-alpaca", "kto-sharegpt", "kto-tagged"})
LABELLED = frozenset({"kto", "kto-chat"})
PROMPTS = frozenset({"prompt-only", "prompt-only-chat", "prompt-messages"})


def named(value: Any) -> str:
    """What a value is, in words."""
    if value is None:
        return "null"
    return {bool: "a truth value", str: "a text", list: "a list", dict: "an object"}.get(type(value), "a number")
