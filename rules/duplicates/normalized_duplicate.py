"""DUP102: the same record twice, but for form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from datalint import Batch, Edit, Finding, Fix, Judged, Records, Splits, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import Place, State

OAK = {"instruction": "Name two trees.", "input": "", "output": "The oak and the lime."}
SHOUTED = {"instruction": "name TWO trees", "input": "", "output": "- the oak, and\n- the lime"}
FIX = Fix("delete the copy", "unsafe", (Edit("delete-record"),))


@rule(
    "DUP102",
    "normalized-duplicate",
    category="suspicious",
    tags=("copies",),
    fix="unsafe",
    fix_safety="The longest of the records stays, of equals the first; the others go to the quarantine file.",
    known_problems="Where case or punctuation is what the record teaches, two records may be meant to differ in nothing else.",
    references=("https://www.unicode.org/reports/tr15/", "https://github.com/ChenghaoMou/text-dedup"),
    examples=(
        bad([SHOUTED, OAK], fixed=[SHOUTED], name="case, punctuation, a list"),
        bad(
            [{"prompt": "Café?", "completion": "Yes!!"}, {"prompt": "Cafe\u0301?", "completion": "Yes!"}],
            fixed=[{"prompt": "Café?", "completion": "Yes!!"}],
            name="letters composed and decomposed",
        ),
        bad(
            [{"text": "什么是人工智能?"}, {"text": "什么是人工智能？"}],
            fixed=[{"text": "什么是人工智能？"}],
            name="wide and narrow marks",
        ),
        good([OAK, {**OAK, "output": "The oak and the elm."}]),
        good([OAK, OAK], name="equal to the last character is DUP101's"),
        good(
            [{"prompt": "What is 5 - 3?", "completion": "2"}, {"prompt": "What is 5, 3?", "completion": "2"}],
            name="a minus is no punctuation",
        ),
        good([{"prompt": "-3 or 3?", "completion": "-3"}, {"prompt": "-3 or 3?", "completion": "3"}], name="a sign"),
        good(
            [
                {"prompt": "Print x.", "completion": "```\nprint(x)\n```"},
                {"prompt": "Print x.", "completion": "```\nprint('x')\n```"},
            ],
            name="in code every character counts",
        ),
    ),
    judged=Judged(
        67,
        66,
        "all findings in 44 public sets, all of them in GPTeacher: a full stop, a capital, a colon; in one the case of a "
        "string that code turns round matters",
    ),
)
class NormalizedDuplicate:
    """The record says what another one says, but for case, white space, punctuation and Unicode form

    Two records that differ only in such things are one record: what there is to learn from the second is learned from the
    first. They come from texts that were collected twice, or cleaned in two ways, and no count of equal lines finds them.
    Signs of arithmetic and currencies count, and in code everything but white space.
    """

    def __init__(self, splits: Splits | None = None) -> None:
        self._splits = splits

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key, size and both hashes of each record that has words."""
        from datalint_rules.duplicates import _content, _words
        from datalint_rules.splits import _splits

        some = _content.with_words(batch)
        return (
            {
                "keys": _words.keys(batch)[some],
                "exact": _content.exact(batch)[some],
                "normal": _splits.apart(_content.normal(batch), batch, self._splits)[some],
            },
        )

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """All but the longest of the records that differ in form only."""
        from datalint_rules.duplicates import _places

        for here, there in _pairs(state, records):
            yield _places.copy(here, there, f"the same as {there.beside(here)} but for form", FIX)

    def copies(self, state: State, records: Records) -> Iterator[tuple[int, int]]:
        """Keys of each record that is kept and of the one that differs in form only."""
        return ((there.ref.key, here.ref.key) for here, there in _pairs(state, records))


def _pairs(state: State, records: Records) -> Iterator[tuple[Place, Place]]:
    """Each record that differs in form only, and the one that is kept."""
    from datalint_rules.duplicates import _form, _places

    found = _places.table(state)
    places = _places.places(records, (key for keys in _alike(found) for key in keys), _form.forms)
    for keys in _alike(found):
        best: dict[int, Place] = {}
        for here in sorted((places[key] for key in keys), key=lambda place: (-place.ref.length, place.ref.key)):
            there = best.setdefault(here.told, here)
            if there is not here:
                yield here, there


def _alike(found: dict[str, Any]) -> Iterator[list[int]]:
    """Keys of records that have their words in common, of those that are equal the first."""
    from datalint_rules.duplicates import _places

    for group in _places.groups(found["normal"]):
        keys: list[int] = found["keys"][_places.first(found["exact"], group)].tolist()
        if len(keys) > 1:
            yield keys
