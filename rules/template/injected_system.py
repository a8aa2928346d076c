"""TPL208: a system text, or a date, that the template adds."""

from __future__ import annotations

from typing import Any

from datalint_rules.template import _tally

from datalint import Batch, Judged, bad, good, rule

_TURNS = [{"role": "user", "content": "Which tree is that?"}, {"role": "assistant", "content": "An oak."}]
_SYSTEM = {"role": "system", "content": "You know trees."}


@rule(
    "TPL208",
    "injected-system",
    category="suspicious",
    tags=("file",),
    known_problems="A text that is the same in training and in serving does no harm: ignore the rule where you know of it.",
    references=(
        "https://github.com/sgl-project/sglang/issues/3296",
        "https://github.com/huggingface/trl/pull/1930",
    ),
    judged=Judged(0, 0, "what a template prints is a fact of it"),
    examples=(
        bad({"messages": _TURNS}, settings={"template": "qwen2.5"}, name="whose model it is"),
        bad({"messages": [_SYSTEM, *_TURNS]}, settings={"template": "llama-3.2"}, name="today's date"),
        good({"messages": [_SYSTEM, *_TURNS]}, settings={"template": "qwen2.5"}),
        good({"messages": _TURNS}, settings={"template": "chatml"}),
        good({"messages": _TURNS}, settings={"template": "openchat"}, name="names of speakers are no text"),
    ),
)
class InjectedSystem(_tally.Rule):
    """The chat template adds a system text or a date of its own

    Templates print a default system message where the record has none, or always. Where some records have a system message
    and others get the default one, the model is trained as two. A date that comes from the clock is another one in each
    run of training and each day of serving: name it in the template's variables, or set `now` to know what it looks like.
    """

    always = True

    def map(self, batch: Batch, picked: Any) -> _tally.State:
        """The records whose structure shows it."""
        count = _tally.Count(batch)
        renderer = self._templates.renderer() if self._templates is not None else None
        if renderer is None:
            return count.state()
        for layout in batch.distinct:
            known = renderer.structure(layout) if layout.conversations else None
            if known is None:
                continue
            count.several("records", batch.layouts.count(layout))
            if known.injected:
                dated = renderer.dated
                what = f"the template adds {_tally.excerpt(dated or known.injected, 100)}{_CLOCK if dated else ''}"
                for k, other in enumerate(batch.layouts):
                    if other is layout:
                        count.saw(what, "records", batch.record(k), what)
        return count.state()


_CLOCK = ", which the clock decides,"
