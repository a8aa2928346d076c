"""TPL209: training and serving that render the data differently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from datalint_rules.template._tally import Place, excerpt

from datalint import Batch, Finding, Judged, Move, Records, Related, Rendered, Templates, bad, good, rule

_BOTH = {"template": "chatml", "serve-template": "llama-3"}
_SPACE = "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content | trim + '<|im_end|>\\n' }}{% endfor %}"
_RECORD = {"messages": [{"role": "user", "content": "Which tree?"}, {"role": "assistant", "content": "An oak."}]}


class State(NamedTuple):
    """How many records were compared, how many differ, and the first that do."""

    compared: int
    different: int
    first: tuple[Place, ...]


@rule(
    "TPL209",
    "template-mismatch",
    category="correctness",
    known_problems="Templates that differ on purpose, as where training marks what it learns, must print the same text.",
    references=(
        "https://github.com/hiyouga/LLaMA-Factory/issues/2509",
        "https://github.com/axolotl-ai-cloud/axolotl/issues/1832",
    ),
    judged=Judged(0, 0, "what two templates print is a fact of them"),
    examples=(
        bad(_RECORD, settings=_BOTH),
        bad(
            {"messages": [{"role": "user", "content": "Which tree? "}, {"role": "assistant", "content": "An oak."}]},
            settings={"template": "chatml", "serve-template": "served.jinja"}, files={"served.jinja": _SPACE}, name="one trims",
        ),
        good(_RECORD, settings={"template": "chatml", "serve-template": "served.jinja"}, files={"served.jinja": _SPACE}),
        good(_RECORD, settings={"template": "chatml"}),
    ),
)  # fmt: skip
class TemplateMismatch:
    """The template that serves renders this data differently from the one that trains

    A model answers best to prompts that look exactly like those it was trained on. A space, a missing first token or
    another header costs quality that no metric of the training shows. Set `template` and `serve-template` to what is really
    used on both sides.
    """

    def __init__(self, templates: Templates | None = None) -> None:
        self._templates = templates

    def map(self, batch: Batch, picked: object) -> State:
        """The records that both templates were tried on."""
        if self._templates is None or self._templates.renderer("serve") is None:
            return State(0, 0, ())
        first: list[Place] = []
        compared = different = 0
        both = zip(self._templates.batch(batch), self._templates.batch(batch, "serve"), strict=False)
        for k, (trained, served) in enumerate(both):
            compared += bool(trained)
            pair = next(((a, b) for a, b in zip(trained, served, strict=True) if _said(a) != _said(b)), None)
            if pair is not None:
                different += 1
                if len(first) < 3:
                    first.append(Place(batch.ref(k).key, None, _apart(*map(_said, pair)), ""))
        return State(compared, different, tuple(first))

    def merge(self, one: State, other: State) -> State:
        """Both together."""
        first = tuple(sorted((*one.first, *other.first))[:3])
        return State(one.compared + other.compared, one.different + other.different, first)

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        return state._replace(first=tuple([place._replace(key=place.key + to.keys) for place in state.first]))

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """One finding for all of the data."""
        if state.first:
            by_key = {place.key: place.message for place in state.first}
            related = tuple(Related(ref, by_key[ref.key]) for ref, _ in records.located(by_key))
            yield Finding(
                f"training and serving differ in {state.different:,} of {state.compared:,} records: {state.first[0].message}",
                related=related,
            )  # fmt: skip


def _said(rendered: Rendered) -> str:
    return f"(the template raises: {rendered.error})" if rendered.error else rendered.text


def _apart(one: str, other: str) -> str:
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, same - 12)
    return f"trained on {excerpt(one[start:], 48)}, served {excerpt(other[start:], 48)} (character {same})"
