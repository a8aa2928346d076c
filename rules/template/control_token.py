"""TPL101: control tokens of the data's own template, typed in a text."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.template._markers import FAMILY, ROLES, TRIGGERS, deletion, marks, told

from datalint import Finding, Judged, Message, bad, families, good, rule


def _chat(prompt: str, answer: str) -> dict[str, list[dict[str, str]]]:
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]}


@rule(
    "TPL101",
    "control-token",
    category="correctness",
    roles=ROLES,
    triggers=TRIGGERS,
    options={"family": FAMILY},
    fix="unsafe",
    fix_safety="Deletes the tokens. What follows a token that ended the turn may be no part of the text and stays.",
    known_problems="""
    Says nothing until the family of the template is known, by the option `family`. Tokens that data holds on purpose,
    for thinking, tools, images and gaps in code, are left alone.
    """,
    references=("https://github.com/huggingface/transformers/issues/29279",),
    examples=(
        bad(
            _chat("Is ice wet?", "When it melts.<|im_end|>"),
            fixed=_chat("Is ice wet?", "When it melts."),
            options={"family": "qwen2.5"},
            name="the end of a turn",
        ),
        bad(
            _chat("What is new?", "The price is now <s>5</s> 4 francs."),
            fixed=_chat("What is new?", "The price is now 5 4 francs."),
            options={"family": "llama2"},
            name="markup that the tokenizer reads as begin and end of a text",
        ),
        good(_chat("Is ice wet?", "When it melts.<|im_end|>"), name="the family is not known"),
        good(_chat("Is ice wet?", "When it melts.<|im_end|>"), options={"family": "gemma"}, name="another family's"),
        good(
            _chat("Which special tokens has ChatML?", "<|im_start|> begins a turn."),
            options={"family": "chatml"},
            name="a text about templates",
        ),
        good(
            _chat("What is 2 + 2?", "<think>\nEasy.\n</think>\n\n4"),
            options={"family": "qwen3"},
            name="tokens that belong in the text",
        ),
    ),
    judged=Judged(2, 2, "all its findings on 46 public sets, 74,000 records, with the families zephyr and llama2"),
)
def check_control_token(message: Message, family: str) -> Iterator[Finding]:
    """The text holds a control token of the template it will be rendered with

    The tokenizer takes it for the real one: the turn ends in the middle of the text, or another speaker begins. The model
    learns to stop early, or to write both sides of the conversation.
    """
    if not family:
        return
    own = frozenset((*families.named(family).marks, *families.named(family).edges))
    found = [m for m in marks(message, own) if m.token in own]
    if found:
        said = f"control token of {family} in the text: {told(found)}"
        yield message.finding(found[0].span, said, fix=deletion(message, found))
