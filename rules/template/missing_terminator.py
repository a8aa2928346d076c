"""TPL206: answers after which nothing trainable stands."""

from __future__ import annotations

from datalint_rules.template import _tally

from datalint import Judged, Record, Rendered, bad, good, rule

_TURNS = [{"role": "user", "content": "Which tree is that?"}, {"role": "assistant", "content": "An oak."}]
_PLAIN = "{% for m in messages %}{{ m.role }}: {{ m.content }}{{ '' if loop.last else '\\n' }}{% endfor %}"
_TAGGED = (
    "{% for m in messages %}{{ m.role }}: "
    "{% generation %}{{ m.content }}{% endgeneration %}<end>{% endfor %}"
)  # fmt: skip
_WHOLE = _TAGGED.replace("{% endgeneration %}<end>", "<end>{% endgeneration %}")


@rule(
    "TPL206",
    "missing-terminator",
    category="suspicious",
    tags=("file",),
    known_problems="Some trainers add the end of text to every record by themselves.",
    references=(
        "https://github.com/huggingface/trl/pull/5988",
        "https://github.com/axolotl-ai-cloud/axolotl/pull/2710",
    ),
    judged=Judged(0, 0, "what a template prints is a fact of it"),
    examples=(
        bad({"messages": _TURNS}, settings={"template": "glm-4.5"}, name="the next speaker's mark would end it"),
        bad({"messages": _TURNS}, settings={"template": "mine.jinja"}, files={"mine.jinja": _PLAIN}, name="nothing at all"),
        bad(
            {"messages": _TURNS}, settings={"template": "mine.jinja"}, files={"mine.jinja": _TAGGED},
            name="it stands outside of what is trained",
        ),
        good({"messages": _TURNS}, settings={"template": "mine.jinja"}, files={"mine.jinja": _WHOLE}),
        good({"messages": _TURNS}, settings={"template": "chatml"}),
        good({"messages": _TURNS[:1]}, settings={"template": "glm-4.5"}, name="no answer"),
    ),
)  # fmt: skip
class MissingTerminator(_tally.Rule):
    """Nothing trainable ends the answer

    A model stops because it has learned to print the end of its turn. Where the template puts nothing after the last
    answer, or the `{% generation %}` block ends before it, the end is never trained, and the model goes on talking.
    """

    always = True

    def look(self, record: Record, told: tuple[Rendered, ...], count: _tally.Count) -> None:
        """Whether the last answer of the record ends in something."""
        for rendered in told:
            if rendered.error or not rendered.pieces or rendered.roles[-1] != "assistant":
                continue
            part = rendered.parts[-1]
            if part.span is None or rendered.pieces[-1].message != len(rendered.roles) - 1:
                continue
            count.able(_ANSWERED)
            if not rendered.text[part.span[1] :].strip():
                count.saw("nothing ends the last answer", _ANSWERED, record, "nothing ends the answer")
            elif rendered.trained and rendered.trained[-1][1] <= part.span[1]:
                what = "what ends the last answer is not trained"
                count.saw(what, _ANSWERED, record, what)


_ANSWERED = "records that end with an answer"
