"""QLT512: not as many words, sentences, paragraphs or items as asked for."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.constraints._bounds import Bound, bounds, han_bounds
from datalint_rules.constraints._count import COUNTS
from datalint_rules.constraints._items import Amount, amount, holds_lists, listed, named
from datalint_rules.constraints._request import Request, blanked, is_code, readings, request, task_of

from datalint import Finding, Judged, Message, bad, good, prose, rule

_RAIN = "Rain falls on the hills, on the town and on the sea, and nobody there minds it at all. It has always been so."

_EXAMPLES = [
    bad(
        {"instruction": "Describe the sea in exactly five words.", "input": "", "output": "The sea is deep."},
        name="words",
    ),
    bad(
        {
            "instruction": "Describe the sea in 10 words or less.",
            "input": "",
            "output": "The sea is deep and blue, and it is never quite still.",
        },
        name="at most",
    ),
    bad(
        {"instruction": "Write a two-sentence story.", "input": "", "output": "It rained. We stayed in. Nobody came."},
        name="sentences",
    ),
    bad(
        {
            "instruction": "Write one paragraph about rain.",
            "input": "",
            "output": _RAIN + "\n\n" + _RAIN,
        },
        name="paragraphs",
    ),
    bad(
        {"instruction": "List three rivers.", "input": "", "output": "1. Rhine\n2. Rhone\n3. Po\n4. Elbe"},
        name="items",
    ),
    bad(
        {"instruction": "List three rivers.", "input": "", "output": "Rhine, Rhone"},
        name="names",
    ),
    bad(
        {
            "instruction": "用20字以内描述大海。",
            "input": "",
            "output": "大海又深又蓝，从不停息，海边的人们每天都听着它的声音入睡。",
        },
        name="Chinese",
    ),
    good(
        {
            "instruction": "Describe the sea in exactly five words.",
            "input": "",
            "output": "Well-known, deep, wide and blue.",
        },
        name="a hyphen, which counts either way",
    ),
    good(
        {
            "instruction": "Describe the sea in five words.",
            "input": "",
            "output": "Five words: deep, wide, blue, cold, calm.",
        },
        name="a label",
    ),
    good(
        {
            "instruction": "Write a 300-word essay on rain.",
            "input": "",
            "output": "Rain falls. " * 110,
        },
        name="about as many",
    ),
    good(
        {
            "instruction": "Write two sentences on rain.",
            "input": "",
            "output": "It rained at 5 p.m. in Dr. Low's garden. We stayed in.",
        },
        name="abbreviations",
    ),
    good(
        {
            "instruction": "Write a sentence for each of the three words.",
            "input": "a, b, c",
            "output": "One. Two. Three.",
        },
        name="for each",
    ),
    good(
        {
            "instruction": "What is the structure of a five-paragraph essay?",
            "input": "",
            "output": "An introduction, a body and an end.",
        },
        name="a question about it",
    ),
    good(
        {
            "instruction": "Find a 5-word phrase in the text.",
            "input": "It is what it is now.",
            "output": '"it is what it is"',
        },
        name="found, not written",
    ),
    good(
        {"instruction": "List at least two rivers.", "input": "", "output": "1. Rhine\n2. Rhone\n3. Po"},
        name="at least",
    ),
    good(
        {"instruction": "Name five pathogens.", "input": "", "output": "1. Bacteria: a, b, c\n2. Viruses: d, e, f"},
        name="groups of several",
    ),
]


@rule(
    "QLT512",
    "wrong-count",
    category="suspicious",
    roles=["user"],
    triggers=(
        r"(?i)\d[- ]((short|full|complete|different|long|simple|or (less|fewer|more)) )?(word|sentence|paragraph)",
        r"(?i)\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|hundred)"
        r"[- ]((short|full|complete|different|long|simple|or (less|fewer|more)) )?(word|sentence|paragraph)",
        r"(?i)\b(list|name|give|provide|suggest|identify|state|mention|brainstorm|think|come|offer|propose|recommend|tell|generate"
        r"|create|write|make|describe|explain|outline|discuss|compile|produce|enumerate|cite|show|present|share) ([a-z]{1,8} ){0,6}"
        r"(\d|two |three |four |five |six |seven |eight |nine |ten |eleven |twelve |fifteen |twenty )",
        r"\d\s?个?字|(列出|列举|给出|提供|写出|说出|提出|建议|举出|生成|创建|推荐|想出|描述)(\d|一|二|两|三|四|五|六|七|八|九|十)",
    ),
    known_problems="""
        Lists are counted only where they are numbered, bulleted or nothing but names; a number of words above twenty is taken for
        about as many unless the prompt says "at most" or "at least". Prompts that set more than one amount are not judged.
    """,
    judged=Judged(
        139,
        139,
        "26 public sets: all findings; lists that run on, stories of 80 words where 50 were asked for, six-word stories of five",
    ),
    examples=_EXAMPLES,
)
def check_wrong_count(message: Message) -> Iterator[Finding]:
    """Not as many words, sentences, paragraphs or items as asked for.

    A model that learns to ignore a stated length or number ignores it later. Counted are words, sentences, paragraphs and the items
    of a list, and Chinese characters. Each is counted in every usual way, without a title, a label or a preface, and the answer is
    right if one of them fits. Amounts for a part of the answer, for each of several things or in a question about texts are left alone.
    """
    bare = blanked(task_of(message))
    wanted = amount(bare)
    told = [*bounds(bare), *han_bounds(bare)]
    if not told and wanted is None:
        return
    task = request(message)
    if task is None:
        return
    said = next(_told(task, told, wanted), None)
    if said is not None and not is_code(task):
        yield task.broken(*said)


def _told(task: Request, told: list[Bound], wanted: Amount | None) -> Iterator[tuple[tuple[int, int], str]]:
    """Each amount that the answer misses: where the prompt sets it, and what is said of it."""
    for bound in told:
        said = _misses(task, bound)
        if said:
            yield bound.span, said
    said = _items(task, wanted) if wanted is not None else ""
    if wanted is not None and said:
        yield wanted.span, said


def _misses(task: Request, bound: Bound) -> str:
    if bound.unit == "character" and prose.is_table(task.text):
        return ""
    counts = [COUNTS[bound.unit](t) for t in readings(task.text)]
    if any(low <= bound.high and high >= bound.low for low, high in counts):
        return ""
    low, high = counts[0]
    n = low if low > bound.high else high
    return f"{n} {bound.unit}{'s' if n != 1 else ''} where the prompt says {bound.said!r}"


def _items(task: Request, wanted: Amount) -> str:
    n = listed(task.text)
    if n is None:
        n = named(task.text) if not wanted.makes else None
    if n is None or n == wanted.n:
        return ""
    if wanted.more or wanted.makes if n > wanted.n else wanted.fewer or holds_lists(task.text):
        return ""
    return f"{n} items where the prompt asks for {wanted.n}"
