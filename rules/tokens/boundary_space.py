"""TOK104: the blank between prompt and completion stands on the wrong side."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Batch, Edit, Finding, Fix, Judged, Layout, bad, good, pattern, rule

_GLUED = pattern(r"[\p{L}\p{N}]")
_UNSPACED = pattern(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
ASKED = {"prompt": "Q: Which tree bears acorns?\nA:", "completion": " The oak."}


def _joined(layout: Layout) -> bool:
    """Records whose prompt and completion are texts that are put one after the other."""
    return layout.shape == "prompt-completion" and len(layout.slots) == 2


@rule(
    "TOK104",
    "boundary-space",
    category="suspicious",
    fix="unsafe",
    fix_safety="What is trained changes by a blank; a program that cuts answers at a blank may see it.",
    known_problems="""
    Trainers that put a chat template around both texts (LLaMA-Factory, Fireworks) do not join them, so the blank does no
    harm there. That a completion lacks its blank is only said of data for TRL and Together, which join the texts as they are.
    """,
    references=(
        "https://huggingface.co/docs/trl/dataset_formats#prompt-completion",
        "https://github.com/huggingface/trl/pull/5213",
    ),
    examples=(
        bad(
            {"prompt": "Q: Which tree bears acorns?\nA: ", "completion": "The oak."},
            fixed=ASKED,
        ),
        bad(
            {"prompt": "Q: Which tree bears acorns?\nA:", "completion": "The oak."},
            fixed=ASKED,
            settings={"target": "trl"},
            name="a completion without its blank",
        ),
        good(ASKED),
        good({"prompt": "Which tree bears acorns?\n", "completion": "The oak."}, settings={"target": "trl"}),
        good({"prompt": "Q: Which tree bears acorns?\nA:", "completion": "The oak."}, name="no trainer is named"),
        good(
            {"prompt": "哪种树结橡子？答：", "completion": "橡树。"},
            settings={"target": "trl"},
            name="a script without blanks",
        ),
        good({"instruction": "Which tree bears acorns? ", "output": "The oak."}, name="texts that are not joined"),
    ),
    judged=Judged(0, 0, "no set of texts to be joined is at hand"),
)
def check_boundary_space(batch: Batch, target: str) -> Iterator[Finding]:
    """The prompt ends in a blank, or the completion lacks one

    Tokenizers take the blank before a word into the word's token. A prompt that ends in a blank so ends in a token that
    is hardly ever followed by a word, and prompt and completion tokenised together give other tokens than the prompt
    alone: the loss mask is one off. The blank belongs to the completion. Without any blank the answer is glued to the
    prompt's last word.
    """
    layouts = {layout for layout in batch.distinct if _joined(layout)}
    if not layouts:
        return
    for k, layout in enumerate(batch.layouts):
        if layout in layouts:
            yield from _boundary(batch, k, joins=target in ("trl", "together"))


def _boundary(batch: Batch, k: int, *, joins: bool) -> Iterator[Finding]:
    prompt, completion = batch.texts[batch.first[k]], batch.texts[batch.first[k] + 1]
    if not prompt or not completion:
        return
    spaced = prompt.endswith((" ", "\t"))
    glued = joins and not prompt[-1].isspace() and _GLUED.match(completion[0]) and not _UNSPACED.search(completion[0])
    if not spaced and not glued:
        return
    record = batch.record(k)
    before, after = record.messages
    bare = prompt.rstrip(" \t")
    edits: list[Edit] = []
    if spaced:
        edits.append(Edit("replace-text", before.pointer, (len(bare), len(prompt)), ""))
    if not completion[0].isspace() and (not bare or bare[-1] != "\n"):
        edits.append(Edit("replace-text", after.pointer, (0, 0), " "))
    fix = Fix("Give the blank to the completion", "unsafe", tuple(edits))
    if spaced:
        yield before.finding(
            (len(bare), len(prompt)), "the prompt ends in a blank, which belongs to the completion", fix=fix
        )
    else:
        yield after.finding((0, 1), "no blank stands between prompt and completion: they will be one word", fix=fix)
