"""TPL103: texts that a chat template has rendered already."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from datalint_rules.template._markers import FAMILY, TRIGGERS, UNRENDERED
from datalint_rules.template._parse_back import parsed_back
from datalint_rules.template._rendered import Rendering, rendering

from datalint import Finding, Judged, Record, bad, families, good, rule

_PREAMBLE = (
    "Below is an instruction that describes a task, paired with an input that provides further context. "
    "Write a response that appropriately completes the request.\n\n"
)


def _chat(*texts: str) -> dict[str, list[dict[str, str]]]:
    return {"messages": [{"role": ("user", "assistant")[n % 2], "content": t} for n, t in enumerate(texts)]}


def _written(key: str, *said: tuple[str, str], role: str = "role", text: str = "content") -> str:
    """A record as the fix writes it: the list it sets has no blanks."""
    return f'{{"{key}": {json.dumps([{role: r, text: t} for r, t in said], separators=(",", ":"))}}}'


@rule(
    "TPL103",
    "rendered-text",
    category="correctness",
    triggers=(
        *TRIGGERS,
        "^Below is an instruction that describes a task",
        "^##?# (Instruction|User|System|Human): ?",
        "^(A chat between a curious|USER: |Human: |GPT4 Correct User: )",
    ),
    options={"family": FAMILY},
    fix="unsafe",
    fix_safety="Writes the messages that the text was rendered from. Unsafe, for blanks that the template had put there may stay.",
    known_problems="""
    Plain text and completions are taken as they are by most trainers, so text that is rendered in those shapes is fine; it
    is found only when the option `family` names another family. A prompt for base models that begins with
    "Human:" and ends with "Assistant:" counts as rendered.
    """,
    references=("https://huggingface.co/docs/transformers/chat_templating",),
    examples=(
        bad(
            _chat("<|im_start|>user\nIs ice wet?<|im_end|>\n<|im_start|>assistant\n", "When it melts."),
            fixed=_chat("Is ice wet?", "When it melts."),
            name="ChatML in the prompt",
        ),
        bad(
            _chat("<|im_start|>user\nIs ice wet?<|im_end|>\n", "<|im_start|>assistant\nWhen it melts.<|im_end|>\n"),
            fixed=_chat("Is ice wet?", "When it melts."),
            name="each message by itself",
        ),
        bad(
            _chat("<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nIs ice wet? [/INST]", "When it melts."),
            fixed=_written(
                "messages", ("system", "Be brief."), ("user", "Is ice wet?"), ("assistant", "When it melts.")
            ),
            name="Llama 2, with a system text",
        ),
        bad(
            {
                "instruction": f"{_PREAMBLE}### Instruction:\nTranslate.\n\n### Input:\nglace\n\n### Response:\n",
                "input": "",
                "output": "ice",
            },
            fixed={"instruction": "Translate.", "input": "glace", "output": "ice"},
            name="the prompt of Alpaca",
        ),
        bad(
            {
                "conversations": [
                    {
                        "from": "human",
                        "value": "<|start_header_id|>user<|end_header_id|>\n\nIs ice wet?<|eot_id|>"
                        "<|start_header_id|>assistant<|end_header_id|>\n\nWhen it melts.<|eot_id|>"
                        "<|start_header_id|>user<|end_header_id|>\n\nAnd below zero?<|eot_id|>"
                        "<|start_header_id|>assistant<|end_header_id|>\n\n",
                    },
                    {"from": "gpt", "value": "It is dry."},
                ]
            },
            fixed=_written(
                "conversations",
                ("human", "Is ice wet?"),
                ("gpt", "When it melts."),
                ("human", "And below zero?"),
                ("gpt", "It is dry."),
                role="from",
                text="value",
            ),
            name="several turns of Llama 3 in one message",
        ),
        bad(
            _chat("<|im_start|>user\nIs ice <|im_start|> wet?", "When it melts."),
            name="what cannot be read back is left as it is",
            remaining=1,
        ),
        bad(
            {"text": "[INST] Is ice wet? [/INST] When it melts.</s>"},
            options={"family": "chatml"},
            name="plain text, rendered for another family",
            remaining=1,
        ),
        good(
            {"text": "<|im_start|>user\nIs ice wet?<|im_end|>\n<|im_start|>assistant\nNo.<|im_end|>\n"},
            name="plain text",
        ),
        good(
            {"prompt": "[INST] Is ice wet? [/INST]", "completion": " When it melts.</s>"},
            name="a completion is not rendered again",
        ),
        good(
            {"text": "[INST] Is ice wet? [/INST] When it melts.</s>"},
            options={"family": "mistral-v1"},
            name="plain text for its own family",
        ),
        good(
            {
                "instruction": "Fill in this form.",
                "input": "### Response:\n(your words)",
                "output": "### Response:\nYes.",
            },
            name="a heading",
        ),
        good(
            _chat("What does ChatML look like?", "<|im_start|>user\nHello<|im_end|>"),
            name="an example that was asked for",
        ),
        good(
            {"instruction": "Go on.", "input": "Human: Is ice wet?\nAssistant:", "output": "When it melts."},
            name="a dialogue to go on with",
        ),
    ),
    judged=Judged(0, 0, "nothing found in 46 public sets, 74,000 records, of which none is rendered but plain text"),
)
def check_rendered_text(record: Record, family: str) -> Iterator[Finding]:
    """The text is rendered by a chat template already, and would be rendered again

    The trainer puts its template around a text that holds one: the model sees the headers of turns inside a turn, learns to
    write them, and meets prompts in use that look like nothing it was trained on.
    """
    again = record.shape not in UNRENDERED
    found = {n: seen for n, m in enumerate(record.messages) if (seen := _seen(m)) is not None}
    if not again:
        found = {n: r for n, r in found.items() if family and r.tokens and not _same(r.family, family)}
    if not found:
        return
    first = next(iter(found))
    message, by = record.message(first), found[first]
    fix = parsed_back(record, found) if again else None
    much = f" ({len(found)} messages)" if len(found) > 1 else ""
    why = "and would be rendered again" if again else f"not of {family}"
    start = len(message.text) - len(message.text.lstrip())
    said = f"rendered by a template of {by.family}, {why}{much}"
    yield record.finding(said, pointer=message.pointer, span=(start, max(by.end, start)), fix=fix)


def _seen(message: Any) -> Rendering | None:
    """What rendered the message, None where nothing did or the prompt asks to see it."""
    from datalint_rules.template._markers import Mark, is_about

    by = rendering(message)
    if by is None or (message.role == "assistant" and is_about(message, [Mark("", (0, len(message.text)))])):
        return None
    if by.certain:
        return by
    alone = not any(m.text.strip() and m.pointer != "/input" for m in message.siblings)
    return by if message.role == "user" and alone and not (message.siblings and message.pointer == "/input") else None


def _same(one: str, other: str) -> bool:
    """Whether two families mark their turns alike."""
    return bool(set(families.named(one).marks) & set(families.named(other).marks))
