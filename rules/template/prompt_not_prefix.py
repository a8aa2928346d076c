"""TPL207: a generation prompt that is no prefix of what the model is trained on."""

from __future__ import annotations

from typing import Any

from datalint_rules.template import _tally

from datalint import Batch, Judged, bad, good, rule

_OTHER = """{% for m in messages %}[{{ m.role }}] {{ m.content }} {% endfor -%}
{% if add_generation_prompt %}[model]{% endif %}"""
_TURNS = [{"role": "user", "content": "Is 7 prime?"}, {"role": "assistant", "content": "Yes."}]


@rule(
    "TPL207",
    "prompt-not-prefix",
    category="suspicious",
    tags=("file",),
    known_problems="Told by the structure of a conversation, not by its words: what a template does to reasoning in a text is not seen.",
    references=(
        "https://github.com/huggingface/trl/issues/5213",
        "https://github.com/hiyouga/LLaMA-Factory/issues/6987",
    ),
    judged=Judged(0, 0, "what a template prints is a fact of it"),
    examples=(
        bad({"messages": _TURNS}, settings={"template": "deepseek-r1"}, name="served with `<think>`, trained without"),
        bad({"messages": _TURNS}, settings={"template": "mine.jinja"}, files={
            "mine.jinja": _OTHER
        }, name="another name for the speaker"),
        good({"messages": _TURNS}, settings={"template": "chatml"}),
        good({"messages": _TURNS}, settings={"template": "mistral-v3"}, name="no prompt of its own"),
    ),
)  # fmt: skip
class PromptNotPrefix(_tally.Rule):
    """The model is served a prompt it was not trained after

    Before an answer, the template prints a generation prompt when the model is served, and a header when it is trained.
    Where they differ, by a `<think>` or a space, each answer starts in a place where the model has never been, and loss
    masks that look for the prompt find nothing.
    """

    always = True

    def map(self, batch: Batch, picked: Any) -> _tally.State:
        """The records whose structure shows it."""
        count = _tally.Count(batch)
        renderer = self._templates.renderer() if self._templates is not None else None
        for layout in batch.distinct if renderer is not None else ():
            known = renderer.structure(layout) if renderer is not None and layout.conversations else None
            if known is None or not known.prompt:
                continue
            count.several(_ANSWERED, batch.layouts.count(layout))
            if known.prompt != known.trained:
                served, trained = _apart(known.prompt, known.trained)
                what = f"the model is served {served} before the last answer and trained after {trained}"
                for k, other in enumerate(batch.layouts):
                    if other is layout:
                        count.saw(what, _ANSWERED, batch.record(k), what)
        return count.state()


_ANSWERED = "records that end with an answer"


def _apart(one: str, other: str) -> tuple[str, str]:
    """Where two texts part, with what comes before."""
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(same - 24, 0)
    return repr(one[start:]), repr(other[start:])
