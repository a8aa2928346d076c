"""CHT302: thinking that is opened and not closed, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from datalint import Finding, Judged, Message, Option, bad, good, pattern, prose, rule

_PAIRS = {
    "<think>": "</think>", "<thinking>": "</thinking>", "[THINK]": "[/THINK]", "<seed:think>": "</seed:think>",
    "<|begin_of_thought|>": "<|end_of_thought|>", "<|START_THINKING|>": "<|END_THINKING|>",
}  # fmt: skip
_STARTS = {end: start for start, end in _PAIRS.items()}
_TAG = pattern(
    r"</?(?:think|thinking)>|\[/?THINK\]|</?seed:think>|<\|(?:begin|end)_of_thought\|>|<\|(?:START|END)_THINKING\|>"
)
_QUOTED = pattern(r"[\"'`“”‘’«»「」]")
_ABOUT = pattern(
    r"(?i)\b(?:tags?|tokens?|chat templates?|reasoning (?:models?|traces?|format)|think(?:ing)? (?:blocks?|sections?|mode)|"
    r"xml|html|markup|regex\w*|pars(?:e|er|ing)|strip)\b|标签|标记"
)


class _Fault(NamedTuple):
    span: tuple[int, int]
    said: str


def _chat(answer: str, prompt: str = "2 + 2?") -> dict[str, list[dict[str, str]]]:
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]}


@rule(
    "CHT302",
    "unbalanced-thinking",
    category="correctness",
    roles=["assistant", "tool"],
    triggers=(r"</?think(ing)?>|</?seed:think>", r"\[/?THINK\]|_of_thought\|>|_THINKING\|>"),
    options={
        "prefilled": Option(
            "bool", False, "The template puts the opening tag into the prompt: answers go on with the thinking."
        ),
    },
    known_problems="""
    Answers that were sampled with a template that opens the thinking itself (DeepSeek R1 and its like) begin without a
    tag. Most templates cut such answers at the closing tag or show the thinking as text, so they are found; set
    `prefilled = true` where yours does neither.
    """,
    references=("https://github.com/vllm-project/vllm/issues/13125",),
    examples=(
        bad(_chat("<think>\nTwo and two are"), name="cut off while thinking"),
        bad(_chat("Two and two are four.\n</think>\n\n4"), name="an end without a start"),
        bad(_chat("<think>\nTwo and two are four.\n</think>\n"), name="nothing after it"),
        bad(_chat("<think>\nTwo\n<think>\nand two\n</think>\n\n4"), name="opened twice"),
        bad(_chat("<think>\nFour.\n</think>\n</think>\n\n4"), name="closed twice"),
        bad(_chat("[THINK]Two and two are four. 4"), name="another way to write it"),
        bad(
            _chat("<think>\nFour.\n</think>"),
            options={"prefilled": True},
            name="nothing after it, opened by the template or not",
        ),
        good(_chat("<think>\nTwo and two are four.\n</think>\n\n4")),
        good(_chat("<think>\n\n</think>\n\n4"), name="no thinking"),
        good(_chat("Two and two are four.\n</think>\n\n4"), options={"prefilled": True}, name="opened by the template"),
        good(_chat("<think>\nOne.\n</think>\n\nFirst 1.\n\n<think>\nTwo.\n</think>\n\nThen 2."), name="twice in a row"),
        good(_chat("Put the thoughts between `<think>` and `</think>`."), name="tags that are spoken of"),
        good(_chat("The model writes <think> first.", "Which tag opens the reasoning?"), name="a question about tags"),
        good(
            {
                "messages": [
                    {"role": "user", "content": "Rain?"},
                    {
                        "role": "assistant",
                        "content": "<think>\nI ask.\n</think>\n",
                        "tool_calls": [{"id": "a", "function": {"name": "weather", "arguments": "{}"}}],
                    },
                ]
            },
            name="a call follows",
        ),
        good(
            {"prompt": "2 + 2? Assistant: <think>\n", "completion": "Four.\n</think>\n4"}, name="opened in the prompt"
        ),
    ),
    judged=Judged(0, 0, "nothing found in 46 public sets, where nobody thinks in tags"),
)
def check_unbalanced_thinking(message: Message, prefilled: bool) -> Iterator[Finding]:
    """Thinking that has no end, no start, or no answer after it

    Templates split an answer at its thinking tags. Without the end all of it counts as thinking and the answer is empty;
    without the start the thoughts stand in the answer, or everything before the closing tag is thrown away. The model
    learns not to stop thinking, or not to answer.
    """
    if message.turn.role != "assistant":
        return
    fault = _fault(message, prefilled)
    if fault is not None and not (
        _ABOUT.search(message.prompt) and not message.text.lstrip().startswith(tuple(_PAIRS))
    ):
        yield message.finding(fault.span, fault.said)


def _fault(message: Message, prefilled: bool) -> _Fault | None:
    """The first thing that is wrong."""
    text = message.text
    opened: str = ""
    start = (0, 0)
    last = 0
    first = True
    for match in _TAG.finditer(text):
        if _is_mentioned(message, match.span()):
            continue
        tag = match.group()
        if tag in _PAIRS:
            if opened:
                return _Fault(match.span(), f"{tag} within a {opened} that is not closed")
            opened, start = tag, match.span()
        elif opened and _PAIRS[opened] == tag:
            opened, last = "", match.end()
        elif not (first and _is_opened_before(message, prefilled, _STARTS[tag])):
            return _Fault(match.span(), f"{tag} without {_STARTS[tag]}")
        else:
            last = match.end()
        first = False
    if opened:
        return _Fault(start, f"{opened} without {_PAIRS[opened]}")
    if last and not text[last:].strip() and not _says_more(message):
        return _Fault((last, len(text)) if last < len(text) else (0, last), "nothing follows the thinking")
    return None


def _is_opened_before(message: Message, prefilled: bool, start: str) -> bool:
    return prefilled or message.prompt.rstrip().endswith(start)


def _is_mentioned(message: Message, span: tuple[int, int]) -> bool:
    """In quotation marks or in code."""
    text, (start, end) = message.text, span
    if start > 0 and end < len(text) and _QUOTED.match(text[start - 1]) and _QUOTED.match(text[end]):
        return True
    return prose.covered(span, prose.code(text))


def _says_more(message: Message) -> bool:
    """Whether the turn calls a tool, or says something in another text."""
    return message.turn.calls or any(m.slot.kind == "content" and m.text.strip() for m in message.siblings)
