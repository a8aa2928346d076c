"""TPL201: records on which the chat template raises."""

from __future__ import annotations

from datalint_rules.template import _tally

from datalint import Judged, Record, Rendered, bad, good, rule

_GEMMA = {"template": "gemma"}
_TURNS = [{"role": "user", "content": "Which tree is that?"}, {"role": "assistant", "content": "An oak."}]
_SYSTEM = {"role": "system", "content": "You know trees."}


@rule(
    "TPL201",
    "render-error",
    category="correctness",
    tags=("file",),
    known_problems="A template may raise in one version of transformers and not in another.",
    references=(
        "https://github.com/unslothai/unsloth/issues/332",
        "https://huggingface.co/docs/transformers/chat_templating",
    ),
    judged=Judged(0, 0, "what a template raises is a fact of it"),
    examples=(
        bad({"messages": [_SYSTEM, *_TURNS]}, settings=_GEMMA, name="Gemma knows no system messages"),
        bad([{"messages": [_SYSTEM, *_TURNS]}] * 6, settings=_GEMMA, name="all of them, said once"),
        bad({"messages": [*_TURNS, _TURNS[1]]}, settings={"template": "mistral-v1"}, name="two answers in a row"),
        good({"messages": _TURNS}, settings=_GEMMA),
        good({"messages": [_SYSTEM, *_TURNS]}, settings={"template": "gemma-3"}),
        good({"messages": [_SYSTEM, *_TURNS]}, name="no template is named"),
    ),
)
class RenderError(_tally.Rule):
    """The chat template raises on this record

    Many templates refuse what they were not made for: a system message, two messages of one role in a row, a role they do
    not know, two tool calls at once. The trainer stops there, or leaves the record out without a word. The message is
    the template's own.
    """

    def look(self, record: Record, told: tuple[Rendered, ...], count: _tally.Count) -> None:
        """Whether a conversation of the record makes it raise."""
        count.able("records")
        for rendered in told:
            if rendered.error:
                said = rendered.error if len(rendered.error) <= 160 else f"{rendered.error[:159]}…"
                count.saw(f"the template raises {said!r}", "records", record, f"the template raises {said!r}")
