"""TPL211: templates or data that no longer give what was locked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from datalint import Batch, Finding, Judged, Move, Records, Related, Templates, bad, good, rule, template_lock

_RECORD = {"messages": [{"role": "user", "content": "Which tree?"}, {"role": "assistant", "content": "An oak."}]}
_PLAIN = "{% for m in messages %}<s>{{ m.content }}</s>{% endfor %}"
_WRITTEN = """{"version": 1, "template": {"name": "mine.jinja", "tokens": {}, "adds-first-token": null,
"sha256": "4d223c654caf86b1e9c9384325cfe188958e56c60627f081a9e41ac620400db0",
"behaviour": {"system": "kept",
"system later": "kept",
"turns": "any order",
"other roles": "kept",
"reasoning": "in text: kept; field: dropped",
"tools": "**dropped**",
"tool calls": "**dropped**",
"trims": "no",
"end of answer": "`</s>`",
"generation prompt": "none",
"first token": "none",
"adds": "nothing"},
"around": {"system 0 after system": ["<s>", "</s><s>"],
"user 1 after system": ["</s><s>", "</s><s>"],
"assistant 2 after system": ["</s><s>", "</s><s>"],
"user 3 after system": ["</s><s>", "</s><s>"],
"assistant 4 after system": ["</s><s>", "</s>"],
"user 0": ["<s>", "</s><s>"],
"assistant 1": ["</s><s>", "</s><s>"],
"user 2": ["</s><s>", "</s><s>"],
"assistant 3": ["</s><s>", "</s>"]}}, "serve-template": null, "examples": {}}"""
_LOCK = {"template": "mine.jinja", "lock": "datalint.lock"}


class State(NamedTuple):
    """Of the locked examples that were met: hash -> hash of its rendered text, and where it is."""

    met: dict[str, tuple[str, int]]


@rule(
    "TPL211",
    "changed-since-lock",
    category="correctness",
    known_problems="Data is compared by a few of its records: a record that was changed is taken to be gone.",
    references=("https://github.com/hiyouga/LLaMA-Factory/issues/2509",),
    judged=Judged(0, 0, "what templates print is a fact of them"),
    examples=(
        bad(
            _RECORD, settings=_LOCK, name="the template prints a space more",
            files={"mine.jinja": _PLAIN.replace("<s>", "<s> "), "datalint.lock": _WRITTEN},
        ),
        good(_RECORD, settings=_LOCK, files={"mine.jinja": _PLAIN, "datalint.lock": _WRITTEN}),
        good(_RECORD, settings={"template": "chatml"}, name="nothing is locked"),
    ),
)  # fmt: skip
class ChangedSinceLock:
    """What the templates print is no longer what `datalint lock` wrote down

    A model must be served with exactly the text it was trained on. `datalint lock` writes down what the templates print
    around each role, the special tokens, and what some records are rendered to. Where a template is changed by an update
    of a model's folder, or the data by a script, this says what differs. If it is meant, lock anew.
    """

    def __init__(self, templates: Templates | None = None) -> None:
        self._templates = templates
        self._locked = templates.locked() if templates is not None else None

    def map(self, batch: Batch, picked: object) -> State:
        """The locked examples among these records."""
        known = self._locked["examples"] if self._locked is not None else {}
        met: dict[str, tuple[str, int]] = {}
        for k, told in enumerate(self._templates.batch(batch) if known and self._templates is not None else ()):
            name = template_lock.of_raw(batch.raws[k]) if told else ""
            if name in known and name not in met:
                met[name] = (template_lock.of_text(told), batch.ref(k).key)
        return State(met)

    def merge(self, one: State, other: State) -> State:
        """Both together."""
        both = {**one.met, **other.met}
        for name in one.met.keys() & other.met.keys():
            both[name] = min(one.met[name], other.met[name])
        return State(both)

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        return State({name: (text, key + to.keys) for name, (text, key) in state.met.items()})

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """What differs: of each template, and of the data."""
        if self._locked is None or self._templates is None:
            return
        for side, called in template_lock.SIDES:
            yield from self._of_template(self._locked[called], side, called)
        known: dict[str, str] = self._locked["examples"]
        gone = len(known.keys() - state.met.keys())
        if gone:
            level: Any = "error" if gone == len(known) else "warning"
            yield Finding(f"{gone} of {len(known)} locked records are not in the data any more", severity=level)
        other = {key: "is rendered differently" for name, (text, key) in state.met.items() if known[name] != text}
        if other:
            related = tuple(Related(ref, other[ref.key]) for ref, _ in records.located(other))
            yield Finding(f"{len(other)} of {len(known)} locked records are rendered differently now", related=related)

    def _of_template(self, locked: Any, side: Any, called: str) -> Iterator[Finding]:
        renderer = self._templates.renderer(side) if self._templates is not None else None
        if renderer is None or locked is None:
            if (renderer is None) != (locked is None):
                yield Finding(
                    f"{called}: {'one' if locked else 'none'} was locked, {'none' if locked else 'one'} is named now"
                )
            return
        for said, printed in template_lock.differences(locked, template_lock.facts(renderer)):
            yield Finding(f"{called}: {said}", severity=None if printed else "warning")
