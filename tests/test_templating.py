"""Records joined with chat templates: what is rendered, and where the texts of the record are in it."""

from __future__ import annotations

import json
from typing import Any

from datalint.batch import Batch
from datalint.shapes import Detector, builtin
from datalint.templating import Rendered, Templates
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
