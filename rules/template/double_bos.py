"""TPL210: texts that would start with two first tokens."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Batch, Finding, Judged, Templates, bad, good, rule

_LLAMA = {"template": "llama-3"}
_TWO = """{"bos_token": "<s>", "chat_template": "{{ bos_token * 2 + messages[0].content }}"}"""
_TEXT = "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"


@rule(
    "TPL210",
    "double-bos",
    category="correctness",
    known_problems="What the tokenizer adds is known of families, and of configs that say it; a trainer may be told not to add it.",
    references=(
        "https://github.com/huggingface/trl/issues/1400",
        "https://github.com/ggml-org/llama.cpp/pull/7107",
    ),
    judged=Judged(0, 0, "what a template prints is a fact of it"),
    examples=(
        bad({"text": _TEXT}, settings=_LLAMA, name="the tokenizer adds another"),
        bad(
            {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]},
            settings={"template": "model"}, files={
                "model/tokenizer_config.json": _TWO
            }, name="a template that prints two",
        ),
        good({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]}, settings=_LLAMA),
        good({"text": "Hi <|begin_of_text|>"}, settings=_LLAMA),
        good({"text": _TEXT}, settings={"template": "chatml"}),
    ),
)  # fmt: skip
def check_double_bos(batch: Batch, templates: Templates) -> Iterator[Finding]:
    """The text would start with two first tokens

    Tokenizers of many models put the first token of a text (`<s>`, `<|begin_of_text|>`) there by themselves. A text that
    starts with it, or a template that prints it twice, gives two, which is not how the model was trained or will be
    served, and costs quality without a warning.
    """
    renderer = templates.renderer()
    bos = renderer.template.tokens.get("bos_token", "") if renderer is not None else ""
    if renderer is None or not bos:
        return
    if renderer.template.adds_bos:
        for layout in batch.distinct:
            if any(slot.role == "text" for slot in layout.slots):
                yield from _texts(batch, bos)
                break
    for k, told in enumerate(templates.batch(batch)):
        if any(_twice(rendered.text, bos) for rendered in told):
            yield batch.record(k).finding(f"the rendered text starts with {bos} twice")


def _texts(batch: Batch, bos: str) -> Iterator[Finding]:
    for i in batch.numbers("text").tolist():
        if batch.texts[i].startswith(bos):
            said = f"the text starts with {bos}, and the tokenizer adds another"
            yield batch.message(i).finding((0, len(bos)), said)


def _twice(text: str, bos: str) -> bool:
    return text.startswith(bos) and text[len(bos) :].lstrip().startswith(bos)
