"""TPL202: texts of the record that the rendered text does not have."""

from __future__ import annotations

from datalint_rules.template import _tally

from datalint import Judged, Record, Rendered, bad, good, rule

_MISTRAL = {"template": "mistral-v3"}
_TURNS = [{"role": "user", "content": "Which tree is that?"}, {"role": "assistant", "content": "An oak."}]
_SYSTEM = {"role": "system", "content": "You know trees."}
_TOOL = {"role": "tool", "content": "quercus robur"}


@rule(
    "TPL202",
    "dropped-content",
    category="correctness",
    tags=("file",),
    known_problems="A text that stands elsewhere in the rendered text by chance, such as `1`, is taken to be there.",
    references=(
        "https://github.com/ollama/ollama/pull/5803",
        "https://github.com/axolotl-ai-cloud/axolotl/pull/3736",
    ),
    judged=Judged(0, 0, "what a template leaves out is a fact of it"),
    examples=(
        bad({"messages": [_SYSTEM, *_TURNS]}, settings=_MISTRAL, name="the system message, as the last one is an answer"),
        bad([{"messages": [_SYSTEM, *_TURNS]}] * 6, settings=_MISTRAL, name="all of them, said once"),
        bad({"messages": [_TURNS[0], _TOOL, _TURNS[1]]}, settings={"template": "phi-4"}, name="a role it does not know"),
        good({"messages": [_SYSTEM, *_TURNS]}, settings={"template": "chatml"}),
        good({"messages": _TURNS}, settings=_MISTRAL),
        good({"messages": [_SYSTEM, *_TURNS]}, settings={"template": "llama-2"}, name="folded into the first question"),
        good(
            {"messages": [_TURNS[0], {"role": "assistant", "content": " An oak.\n"}]}, settings={"template": "gemma-3"},
            name="trimmed",
        ),
        good(
            {"messages": [{"role": "user", "content": "Is it?"}, {"role": "assistant", "content": "<think>\nNo…\n</think>\n\nNo."}]},
            settings={"template": "deepseek-r1"}, name="reasoning is TPL203",
        ),
    ),
)  # fmt: skip
class DroppedContent(_tally.Rule):
    """The chat template leaves a message out

    Some templates print a message only under conditions that training data does not meet: Mistral's of 2024 print the
    system message only where the last message is the user's, others know no tools or only their own names for roles.
    Nothing is said; the model is trained on another conversation than the record shows, and a system message it never saw
    in training is served to it. Use another template, move the text into a message that is printed, or leave it out.
    """

    def look(self, record: Record, told: tuple[Rendered, ...], count: _tally.Count) -> None:
        """Whether a text of the record is gone."""
        for role in {piece.role for rendered in told if not rendered.error for piece in rendered.pieces}:
            count.able(_having(role))
        for rendered in told:
            for n, (piece, part) in enumerate(zip(rendered.pieces, rendered.parts, strict=False)):
                if part.state == "dropped" and piece.kind == "content":
                    what = f"the template leaves out {_tally.CALLED.get(piece.role, 'a message')}"
                    pointer = _tally.pointer_of(record, rendered, n)
                    count.saw(what, _having(piece.role), record, what, pointer)


def _having(role: str) -> str:
    return f"records that have {'one' if role == 'system' else _tally.CALLED.get(role, 'one')}"
