"""TPL102: control tokens of some other template, typed in a text."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.template._markers import FAMILY, ROLES, TRIGGERS, deletion, known_from, marks, told

from datalint import Finding, Judged, Message, bad, families, good, rule


def _chat(prompt: str, answer: str) -> dict[str, list[dict[str, str]]]:
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]}


@rule(
    "TPL102",
    "foreign-control-token",
    category="suspicious",
    roles=ROLES,
    triggers=TRIGGERS,
    options={"family": FAMILY},
    fix="unsafe",
    fix_safety="Deletes the tokens. What follows a token that ended the turn may be no part of the text and stays.",
    known_problems="""
    Without the option `family` the tokens of every known family are found, those of the template in use as well. Ordinary
    words that some templates use, such as "User:" or "### Response:", are no tokens and not found here.
    """,
    references=("https://github.com/huggingface/transformers/issues/29279",),
    examples=(
        bad(
            _chat("Is ice wet?", "When it melts.<|im_end|>"),
            fixed=_chat("Is ice wet?", "When it melts."),
            name="the end of a turn",
        ),
        bad(
            _chat("Is ice wet?", "When it melts.</s> It is dry below zero."),
            fixed=_chat("Is ice wet?", "When it melts. It is dry below zero."),
            name="the end of a text",
        ),
        bad(
            _chat("[INST] Is ice wet?", "Ice is cold. [/INST] When it melts."),
            fixed=_chat("Is ice wet?", "Ice is cold. When it melts."),
            name="brackets of Llama 2 and Mistral",
        ),
        bad(
            _chat("Is ice wet?", "When it melts.<｜end▁of▁sentence｜>"),
            fixed=_chat("Is ice wet?", "When it melts."),
            name="DeepSeek",
        ),
        bad(
            _chat("Is ice wet?", "When it melts.<|im_end|>"),
            fixed=_chat("Is ice wet?", "When it melts."),
            options={"family": "gemma"},
            name="the family is known and it is none of its own",
        ),
        good(_chat("Is ice wet?", "When it melts.<|im_end|>"), options={"family": "chatml"}, name="its own: TPL101"),
        good(_chat("Cross it out.", "The price is <s>5</s> 4 francs."), name="struck through in HTML"),
        good(_chat("Write a list view.", "ListView<User> users = new ListView<User>();"), name="code"),
        good(_chat("How does a chat template end a turn?", "ChatML writes <|im_end|>."), name="a text about templates"),
        good(_chat("What does it print?", "It prints `<|im_end|>` and stops."), name="a token that is quoted"),
        good({"prompt": "Is ice wet?", "completion": " When it melts.<|endoftext|>"}, name="the end of a completion"),
        good(
            {"text": "<|im_start|>user\nIs ice wet?<|im_end|>\n<|im_start|>assistant\nNo.<|im_end|>\n"},
            name="plain text is rendered by whoever wrote it",
        ),
        good(_chat("Use pipes.", "x |> f <| y"), name="operators"),
    ),
    judged=Judged(2, 2, "all its findings on 46 public sets, 74,000 records"),
)
def check_foreign_control_token(message: Message, family: str) -> Iterator[Finding]:
    """The text holds a control token of a chat template

    Scraped and generated conversations bring the tokens of the model they came from. Another tokenizer cuts them into a
    handful of ordinary tokens, and the tuned model prints them at the end of its answers; the right tokenizer takes them
    for the real ones and the turn ends there.
    """
    own = families.named(family).tokens if family else frozenset()
    found = [m for m in marks(message) if m.token not in own]
    if found:
        said = f"control token of {'another' if family else 'a'} chat template: {told(found)} ({known_from(found[0].token)})"
        yield message.finding(found[0].span, said, fix=deletion(message, found))
