"""Flat shapes for supervised tuning: Alpaca and its kin, prompt and completion, question and answer, plain text."""

from __future__ import annotations

from datalint.shapes.flat import FlatShape, Text

SYSTEM = Text(("system", "system_prompt"), "system", optional=True)
INPUT = Text(("input",), "user", optional=True)
ANSWERS = ("completion", "completions", "response", "output", "answer", "generation", "chosen", "rejected", "solution")


def _pair(name: str, summary: str, order: int, user: str, assistant: str) -> FlatShape:
    return FlatShape(name, summary, order, (Text((user,), "user"), Text((assistant,), "assistant")))


SHAPES = (
    FlatShape(
        "prompt-completion", "prompt and completion, both text", 90,
        (SYSTEM, Text(("prompt",), "user"), Text(("completion",), "assistant", rivals=("response",))),
    ),
    FlatShape(
        "alpaca", "instruction, input and output; system and history (pairs of texts) where there are any", 100,
        (
            SYSTEM,
            Text(("instruction",), "user", rivals=("prompt",)),
            INPUT,
            Text(("output",), "assistant", rivals=("response", "completion")),
        ),
        history="history", heads=(("instruction", "input"), ("instruction", "output")),
        without=("response1", "response2"),
    ),
    FlatShape(
        "dolly", "instruction, context and response", 102,
        (Text(("instruction",), "user"), Text(("context",), "user"), Text(("response",), "assistant")),
    ),
    FlatShape(
        "instruction-response", "instruction, input and response", 104,
        (
            SYSTEM,
            Text(("instruction",), "user", rivals=("prompt",)),
            INPUT,
            Text(("response", "completion"), "assistant"),
        ),
        history="history",
    ),
    FlatShape(
        "query-response", "query and response with history, as ms-swift reads it", 106,
        (SYSTEM, Text(("query",), "user"), Text(("response",), "assistant")), history="history",
    ),
    FlatShape(
        "question-answer", "question and answer (or response, solution, std_answer), and a system_prompt", 108,
        (
            SYSTEM,
            Text(("question",), "user"),
            Text(("context",), "user", optional=True),
            Text(("answer", "std_answer", "solution", "response", "output"), "assistant"),
            Text(("explanation",), "assistant", optional=True),
        ),
    ),
    FlatShape(
        "prompt-response", "prompt and response (or answer, output, generation)", 110,
        (SYSTEM, Text(("prompt",), "user"), Text(("response", "answer", "output", "generation"), "assistant")),
        history="history",
    ),
    FlatShape(
        "input-output", "input and output", 112,
        (SYSTEM, Text(("input",), "user"), Text(("output",), "assistant")), without=("instruction",),
    ),
    _pair("upper-case", "INSTRUCTION and RESPONSE", 114, "INSTRUCTION", "RESPONSE"),
    _pair("message-pair", "message_1 and message_2", 116, "message_1", "message_2"),
    _pair("article-summary", "article and summary", 118, "article", "summary"),
    _pair("inputs-targets", "inputs and targets, as FLAN writes them", 120, "inputs", "targets"),
    _pair("code-problem", "prompt and canonical_solution, as in HumanEval", 122, "prompt", "canonical_solution"),
    FlatShape(
        "prompt-only", "a prompt or an instruction without an answer", 210,
        (SYSTEM, Text(("prompt", "instruction", "question", "query", "Instruction"), "user")),
        without=(*ANSWERS, "input", "response1", "response2", "instances"), unless=("messages", "conversations"), open=True,
    ),
    FlatShape(
        "text", "text: plain text to continue", 220,
        (Text(("text",), "text"),),
        unless=(
            "instruction", "output", "prompt", "completion", "question", "answer", "messages", "conversations", "role",
        ),
    ),
)  # fmt: skip
