"""DUP103: nearly the same record twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Edit, Finding, Fix, Judged, Option, Records, Splits, bad, good, rule

if TYPE_CHECKING:
    from datalint_rules.duplicates._places import State

BREAD = {
    "instruction": "How do I keep bread fresh for longer?",
    "output": "Keep it in a bread box or a cotton bag at room temperature, away from the sun. The fridge dries it out. "
    "What you will not eat within three days goes into the freezer, best of all in slices.",
}
AGAIN = {**BREAD, "output": BREAD["output"].replace(", best of all in slices", " in slices")}
STORY = (
    "Anna has a bakery by the harbour. She gets up at three, lights the oven and bakes until seven. Then the fishermen come "
    "in and take what they need for the day. In the afternoon she sleeps, and in the evening she reads about the sea."
)
CHINESE = (
    "请问怎样才能让面包保持新鲜更长时间？请把面包放进面包盒或者棉布袋里，"
    "放在室温下避免阳光直射，不要放进冰箱，三天内吃不完的切片冷冻。"
)
FIX = Fix("delete the copy", "unsafe", (Edit("delete-record"),))


@rule(
    "DUP103",
    "near-duplicate",
    status="preview",
    category="suspicious",
    tags=("copies",),
    options={"similarity": Option("int", 80, "Share of shingles, in percent, from which records count as alike.")},
    fix="unsafe",
    fix_safety="The longest of records that are alike stays, of equals the first; what the others say differently is lost.",
    known_problems="""
        Candidates are found by MinHash bands laid out for a similarity of 80 %: of pairs that alike 99 % are found, of
        those 85 % alike 99.9 %; with a lower `similarity` more are missed. A question about a long text is told from
        another one about it by its answer: where both have the same answer, the records count as alike.
    """,
    references=(
        "https://arxiv.org/abs/2107.06499",
        "https://www.cs.princeton.edu/courses/archive/spring13/cos598C/broder97resemblance.pdf",
        "http://www.mmds.org/",
    ),
    examples=(
        bad([BREAD, AGAIN], fixed=[BREAD], name="two words less"),
        bad([AGAIN, BREAD], fixed=[BREAD], name="the longest is kept"),
        bad(
            [{"text": CHINESE}, {"text": CHINESE.replace("切片", "切块")}], fixed=[{"text": CHINESE}], name="no spaces"
        ),
        good([BREAD, {**BREAD, "output": "Freeze it, in slices, and take out what you need in the evening before."}]),
        good([BREAD, BREAD], name="equal records are DUP101's"),
        good([BREAD, {**BREAD, "output": BREAD["output"].upper()}], name="what differs in form only is DUP102's"),
        bad(
            [{**BREAD, "output": f"{BREAD['output']} It costs {cost}."} for cost in ("+5", "-5")],
            fixed=[{**BREAD, "output": f"{BREAD['output']} It costs +5."}],
            name="the same words, another sign",
        ),
        good(
            [
                {"instruction": f"{STORY}\nWhen does Anna get up?", "output": "At three."},
                {"instruction": f"{STORY}\nWhat does Anna read about?", "output": "The sea."},
            ],
            name="two questions about one text",
        ),
        good(
            [
                {"instruction": f"{STORY}\nHow many rolls are {n} times 12?", "output": f"They are {12 * n} rolls."}
                for n in (3, 4)
            ],
            name="another number in a brief answer",
        ),
        good(
            [
                {
                    "messages": [
                        {"role": "system", "content": STORY},
                        {"role": "user", "content": q},
                        {"role": "assistant", "content": a},
                    ]
                }
                for q, a in (
                    ("Who is Anna?", "A baker by the harbour."),
                    ("Who are you?", "A friend of hers, I think."),
                )
            ],
            name="system texts are not compared",
        ),
    ),
    judged=Judged(
        79,
        73,
        "30 of 826 in GPTeacher's tools, 12 of 163 in a toy set of FastChat, 10 of 292 in T0 and all 27 others in 44 public "
        "sets; wrong are four toy conversations about other models, and twice another question about the same text",
    ),
)
class NearDuplicate:
    """The record says nearly what another one says

    Near-copies come from templates, from texts that were collected twice and from models that repeat themselves. They
    weigh on what they repeat as copies do, and no count of equal records finds them. Two records are alike when four
    fifths of their shingles (three words in a row; two in short records, five characters where words are not parted) are
    the same and so are four fifths of the words of their answers, and in brief answers all numbers. System texts, tools
    and attachments must be equal and are not compared. One record of each cluster is kept: the longest, of equals the
    first; every other finding names the one it is like.
    """

    def __init__(self, similarity: int, splits: Splits | None = None) -> None:
        self._similarity = similarity
        self._splits = splits

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """Key, band keys and size of each record."""
        from datalint_rules.duplicates import _near

        return _near.sketch(batch, self._splits)

    def merge(self, one: State, other: State) -> State:
        """Both."""
        return one + other

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """Of each cluster all but the best."""
        from datalint_rules.duplicates import _places

        alike = list(self._alike(state, records))
        places = _places.places(records, {key for pair in alike for key in pair[:2]})
        for kept, key, percent in alike:
            here, there = places[key], places[kept]
            yield _places.copy(here, there, f"{percent} % the same as {there.beside(here)}", FIX)

    def copies(self, state: State, records: Records) -> Iterator[tuple[int, int]]:
        """Keys of each record that is kept and of the one that is like it."""
        return ((kept, key) for kept, key, _ in self._alike(state, records))

    def _alike(self, state: State, records: Records) -> Iterator[tuple[int, int, int]]:
        """The same with how alike they are; without those that differ in form only."""
        from datalint_rules.duplicates import _form, _near, _places

        alike = list(_near.alike(state, records, self._similarity))
        equal = {key for *pair, percent in alike if percent == 100 for key in pair}
        forms = _places.places(records, equal, _form.forms)
        for kept, key, percent in alike:
            if percent < 100 or forms[kept].told != forms[key].told:
                yield kept, key, percent
