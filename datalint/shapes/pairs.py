"""Flat shapes of preferences: a prompt with a chosen and a rejected text, answers with a verdict, compared answers."""

from __future__ import annotations

from datalint.shapes.fields import INPUT, SYSTEM
from datalint.shapes.flat import FlatShape, Text

SHAPES = (
    FlatShape(
        "preference", "chosen and rejected texts, with or without a prompt (or instruction, input)", 27,
        (
            SYSTEM,
            Text(("prompt", "instruction", "question", "query"), "user", optional=True),
            INPUT,
            Text(("chosen",), "assistant", branch=1),
            Text(("rejected",), "assistant", branch=2, rejected=True),
        ),
        history="history", heads=(("prompt", "chosen"), ("prompt", "rejected"), ("instruction", "chosen")),
    ),
    FlatShape(
        "stack-preference", "question with response_j (better) and response_k", 42,
        (
            Text(("question",), "user"),
            Text(("response_j",), "assistant", branch=1),
            Text(("response_k",), "assistant", branch=2, rejected=True),
        ),
    ),
    FlatShape(
        "query-preference", "query, response and rejected_response", 44,
        (
            SYSTEM,
            Text(("query", "prompt", "instruction"), "user"),
            Text(("response",), "assistant", branch=1),
            Text(("rejected_response",), "assistant", branch=2, rejected=True),
        ),
        history="history",
    ),
    FlatShape(
        "kto", "prompt, completion and a true or false label: single answers marked good or bad", 50,
        (SYSTEM, Text(("prompt",), "user"), Text(("completion",), "assistant")), label=("label",),
    ),
    FlatShape(
        "kto-alpaca", "instruction, input, output and kto_tag", 51,
        (
            SYSTEM,
            Text(("instruction", "prompt"), "user"),
            INPUT,
            Text(("output", "response", "completion"), "assistant"),
        ),
        history="history", label=("kto_tag",),
    ),
    FlatShape(
        "comparison", "instruction with response1 and response2, judged elsewhere", 60,
        (
            Text(("instruction",), "user"),
            INPUT,
            Text(("response1",), "assistant", branch=1),
            Text(("response2",), "assistant", branch=2),
        ),
    ),
    FlatShape(
        "revision", "Raw and Revised Instruction, Input and Response: expert corrections", 62,
        (
            Text(("Revised Instruction",), "user", branch=1),
            Text(("Revised Input",), "user", branch=1, optional=True),
            Text(("Revised Response",), "assistant", branch=1),
            Text(("Raw Instruction",), "user", branch=2),
            Text(("Raw Input",), "user", branch=2, optional=True),
            Text(("Raw Response",), "assistant", branch=2, rejected=True),
        ),
    ),
)  # fmt: skip
