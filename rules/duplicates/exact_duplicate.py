"""DUP101: the same record twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from datalint import Batch, Edit, Finding, Fix, Judged, Records, Splits, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import Place, State

OAK = {"instruction": "Name a tree.", "input": "", "output": "The oak."}
LIME = {"instruction": "Name a tree.", "input": "", "output": "The lime."}
CALL = {"name": "weather", "parameters": {"place": "string"}}


def chat(prompt: str, answer: str, **more: Any) -> dict[str, Any]:
    """A short conversation."""
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}], **more}


FIX = Fix("delete the copy", "unsafe", (Edit("delete-record"),))


@rule(
    "DUP101",
    "exact-duplicate",
    category="correctness",
    tags=("copies",),
    fix="unsafe",
    fix_safety="The first of equal records stays; the others go to the quarantine file. Metadata of theirs goes with them.",
    known_problems="A record that is repeated on purpose, to weigh more, is reported as well.",
    references=(
        "https://aclanthology.org/2022.acl-long.577/",
        "https://github.com/teknium1/GPTeacher",
    ),
    examples=(
        bad([OAK, LIME, OAK], fixed=[OAK, LIME]),
        bad(
            [{**OAK, "id": 1}, {"output": "The oak.", "id": 2, "instruction": "Name a tree.", "input": ""}],
            fixed=[{**OAK, "id": 1}],
            name="metadata and the order of keys do not count",
        ),
        bad([OAK, chat("Name a tree.", "The oak.")], fixed=[OAK], name="the same in two shapes"),
        bad([OAK, OAK, OAK], fixed=[OAK], name="three times"),
        good([OAK, LIME]),
        good([OAK, {**OAK, "output": "The oak"}], name="a full stop is DUP102's"),
        good([{**OAK, "split": "train"}, {**OAK, "split": "test"}], name="in two splits it is SPL101's"),
        good([chat("Rain?", "No.", tools=[CALL]), chat("Rain?", "No.")], name="tools are content"),
        good([{"text": "good film", "label": 1}, {"text": "good film", "label": 0}], name="labels are content"),
        good(
            [
                {"prompt": "Rain?", "chosen": "No.", "rejected": "Yes."},
                {"prompt": "Rain?", "chosen": "Yes.", "rejected": "No."},
            ],
            name="the better answer is another",
        ),
    ),
    judged=Judged(
        85,
        85,
        "all findings in 44 public sets, each compared with a plain count of equal records: 84 are equal to the last key, one "
        "differs in its category",
    ),
)
class ExactDuplicate:
    """The record says exactly what an earlier one says

    Copies teach nothing new. They weigh on what they repeat, invite the model to learn it by heart, and where they fall
    on both sides of a split they spoil the test. Compared are texts with their roles, tools, calls, attachments and
    labels, in all files together; the order of keys, and ids and other metadata, do not count.
    """

    def __init__(self, splits: Splits | None = None) -> None:
        self._splits = splits

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key and hash of each record."""
        from datalint_rules.duplicates import _content, _words
        from datalint_rules.splits import _splits

        read = _content.read(batch)
        return (
            {
                "keys": _words.keys(batch)[read],
                "exact": _splits.apart(_content.exact(batch), batch, self._splits)[read],
            },
        )

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """All but the first of the records with equal content."""
        from datalint_rules.duplicates import _places

        for here, there in _pairs(state, records):
            yield _places.copy(here, there, f"the same as {there.beside(here)}", FIX)

    def copies(self, state: State, records: Records) -> Iterator[tuple[int, int]]:
        """Keys of each record that is kept and of its copy."""
        return ((there.ref.key, here.ref.key) for here, there in _pairs(state, records))


def _pairs(state: State, records: Records) -> Iterator[tuple[Place, Place]]:
    """Each copy, and the record that it repeats."""
    from datalint_rules.duplicates import _content, _places

    found = _places.table(state)
    keys = found["keys"]
    copied = (key for group in _places.groups(found["exact"]) for key in keys[group].tolist())
    places = _places.places(records, copied, _content.contents)
    for group in _places.groups(found["exact"]):
        first: dict[int, Place] = {}
        for key in keys[group].tolist():
            here = places[key]
            there = first.setdefault(here.told, here)
            if there is not here:
                yield here, there
