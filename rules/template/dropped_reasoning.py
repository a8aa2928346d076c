"""TPL203: reasoning that the rendered text does not have."""

from __future__ import annotations

from datalint_rules.template import _tally

from datalint import Judged, Record, Rendered, bad, good, rule

_ASKED = {"role": "user", "content": "Is 7 prime?"}
_INLINE = {"role": "assistant", "content": "<think>\nNothing divides it.\n</think>\n\nYes."}
_FIELD = {"role": "assistant", "content": "Yes.", "reasoning_content": "Nothing divides it."}


@rule(
    "TPL203",
    "dropped-reasoning",
    category="correctness",
    tags=("file",),
    known_problems="Templates of models that reason leave out earlier reasoning on purpose, as it is left out when they are served.",
    references=(
        "https://github.com/deepseek-ai/DeepSeek-R1/issues/633",
        "https://github.com/huggingface/trl/pull/6766",
    ),
    judged=Judged(0, 0, "what a template leaves out is a fact of it"),
    examples=(
        bad({"messages": [_ASKED, _INLINE]}, settings={"template": "deepseek-r1"}, name="what the model should learn"),
        bad({"messages": [_ASKED, _FIELD]}, settings={"template": "chatml"}, name="in a field of its own"),
        bad(
            {"messages": [_ASKED, _INLINE, _ASKED, _INLINE]},
            settings={"template": "qwen3"},
            name="of an earlier answer",
        ),
        good({"messages": [_ASKED, _INLINE]}, settings={"template": "qwen3"}),
        good({"messages": [_ASKED, _FIELD]}, settings={"template": "qwen3"}),
        good({"messages": [_ASKED, _INLINE]}, settings={"template": "chatml"}),
    ),
)
class DroppedReasoning(_tally.Rule):
    """The chat template leaves out reasoning

    Templates of models that reason cut what stands before `</think>` out of earlier answers, and some out of the last one
    too, where it is what the model should learn. An error where it is the last answer's, a warning where it is an earlier
    one's: such an answer is trained as if it had come without thinking. Train with a template that keeps it, or make a
    record of each answer.
    """

    def look(self, record: Record, told: tuple[Rendered, ...], count: _tally.Count) -> None:
        """Whether reasoning of the record is gone."""
        for rendered in told:
            if rendered.error:
                continue
            thoughts = [
                (n, piece.message, part.state == "dropped" if piece.kind == "reasoning" else bool(part.lost))
                for n, (piece, part) in enumerate(zip(rendered.pieces, rendered.parts, strict=True))
                if piece.kind == "reasoning" or part.lost or _thinks(rendered, n)
            ]
            if not thoughts:
                continue
            last = max(n for n, m in enumerate(rendered.job.messages) if m.get("role") == "assistant")
            for of in {_LAST if message == last else _EARLIER for _, message, _ in thoughts}:
                count.able(of)
            for n, message, gone in thoughts:
                if gone:
                    final = message == last
                    what = f"the template leaves out the reasoning of {'the last' if final else 'an earlier'} answer"
                    pointer = _tally.pointer_of(record, rendered, n)
                    of = _LAST if final else _EARLIER
                    count.saw(what, of, record, what, pointer, "error" if final else "warning")


_LAST = "records whose last answer has some"
_EARLIER = "records in which an earlier answer has some"


def _thinks(rendered: Rendered, n: int) -> bool:
    piece, span = rendered.pieces[n], rendered.parts[n].span
    return piece.role == "assistant" and span is not None and "</think>" in rendered.text[slice(*span)]
