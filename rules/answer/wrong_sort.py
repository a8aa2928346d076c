"""QLT504: a list that was to be put in order and is not, or lost or gained items on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import regex
from datalint_rules.answer._asked import Asked, asked, bare, data_of, is_code, items_of
from datalint_rules.answer._order import Order, first_out_of_order, in_order, number, order_of, sorted_by

from datalint import Finding, Judged, Message, Related, bad, good, pattern, rule

_SORTS = pattern(
    r"(?i)\b(?:sort|order|arrange|rearrange|reorder|organi[sz]e|put|place|rank|list|set|alphabeti[sz]e"
    r"|display|output|write)\b|排序|排列|排成"
)
_OF_WORDS = pattern(
    r"(?i)\bwords? (?:in|of|from) (?:the|this|a|each) (?:\w+ )?(?:sentence|phrase|text|string)"
    r"|\b(?:sentence|phrase)\b.{0,30}\bwords\b|this sentence in alphabetical"
)
_DEDUPLICATES = pattern(
    r"(?i)\b(?:remov|delet|eliminat|drop|discard|filter)\w*\b.{0,30}\b(?:duplicat|repeat)\w*"
    r"|\bde-?duplicat\w*|去除重复|去重|删除重复"
)
_REVERSES = pattern(
    r"(?i)\brevers\w*\s+(?:the\s+|this\s+|a\s+)?(?:order of\s+)?(?:the\s+|this\s+)?(?:following\s+"
    r"|given\s+|input\s+)*(?:list|array|numbers|sequence|items|elements|order of (?:the |these )?(?:items"
    r"|numbers|elements|list))\b"
)
_NOT_LISTS = pattern(
    r"(?i)\b(?:categor|classif|group|into (?:two|three|\d)|each (?:word|letter)|letters (?:of|in)"
    r"|digits? of|create|generate|sentences?\b.{0,20}\bmeaning)\w*"
)
_MOST_AROUND = 160  # letters of an answer beside the items of the list


@rule(
    "QLT504",
    "wrong-sort",
    category="suspicious",
    roles=["user"],
    triggers=(
        r"(?i)(alphabeti|ascending|descending|(in|de)creasing order|numerical order|lexicogr)",
        r"(?i)(least|est) to (the )?[a-z]{1,8}est|(low|small) to (high|large)",
        r"(?i)duplicate|remov[a-z]{1,3} .{0,30}repeat",
        r"(?i)revers[a-z]{1,3} (the |this )?(order |following |given |list|array|numbers|sequence|items)",
        r"(字母|升序|降序|从小到大|从大到小|去重|去除重复|删除重复)",
    ),
    fix="display-only",
    fix_safety="The right order is only shown; the answer may be a poor one for other reasons too.",
    known_problems="Lists whose items have several words each, and orders by meaning (by size, by price, by date), are not judged.",
    judged=Judged(6, 6, "all findings in 23 public sets; 76 more sorting tasks there are right"),
    examples=[
        bad(
            {
                "instruction": "Sort the words alphabetically.",
                "input": "plum, cherry, apple",
                "output": "apple, plum, cherry",
            },
            name="words",
        ),
        bad(
            {"instruction": "Sort in ascending order: 5, 3, 9, 1", "input": "", "output": "1, 3, 9, 5"}, name="numbers"
        ),
        bad(
            {"instruction": "Sort from least to greatest.", "input": "[4, -2, 7]", "output": "[-2, 7, 4]"},
            name="an array",
        ),
        bad(
            {"instruction": "Sort the numbers in descending order.", "input": "4, 2, 8, 6", "output": "8, 6, 4"},
            name="an item lost",
        ),
        bad(
            {"instruction": "Sort the numbers in ascending order.", "input": "4, 2, 8", "output": "2, 4, 6, 8"},
            name="an item invented",
        ),
        bad(
            {"instruction": "Remove the duplicates from the list.", "input": "[1, 2, 2, 3]", "output": "[1, 2]"},
            name="lost with the duplicates",
        ),
        bad({"instruction": "Reverse the list.", "input": "1, 2, 3, 4", "output": "4, 2, 3, 1"}, name="reversed"),
        bad(
            {
                "messages": [
                    {"role": "user", "content": "Put these words in alphabetical order: fox, elk, ant"},
                    {"role": "assistant", "content": "Sure! ant, fox, elk."},
                ]
            },
            name="in a conversation",
        ),
        bad({"instruction": "把下列数字从小到大排序。", "input": "5、3、9", "output": "3、9、5"}, name="Chinese"),
        good(
            {
                "instruction": "Sort the words alphabetically.",
                "input": "plum, cherry, apple",
                "output": "Apple, Cherry, Plum.",
            },
            name="right",
        ),
        good(
            {
                "instruction": "Sort the numbers in ascending order.",
                "input": "4, 2, 8",
                "output": "The numbers in order are: 2, 4, 8.",
            },
            name="right, with words",
        ),
        good(
            {
                "instruction": "Sort the titles alphabetically.",
                "input": "The Sea, A Boat, Calm",
                "output": "A Boat, Calm, The Sea",
            },
            name="articles passed over",
        ),
        good(
            {"instruction": "Sort by price, in ascending order.", "input": "ham, egg, tea", "output": "egg, tea, ham"},
            name="by something else",
        ),
        good(
            {
                "instruction": "Write a function that sorts numbers in ascending order.",
                "input": "3, 1, 2",
                "output": "sorted([3, 1, 2])",
            },
            name="a program",
        ),
        good(
            {
                "instruction": "Explain ascending order.",
                "input": "",
                "output": "3, 5, 9 are in ascending order, 9, 3 are not.",
            },
            name="no list",
        ),
        good({"instruction": "Remove duplicates.", "input": "a, b, a", "output": "a, b"}, name="duplicates gone"),
    ],
)
def check_wrong_sort(message: Message) -> Iterator[Finding]:
    """A sorted list is not in the order asked for, or lost or gained items.

    Sorting has one right answer, and a list that is nearly sorted teaches that nearly is enough. Tasks that name an
    alphabetical or numerical order, or ask to reverse a list or to remove its duplicates, are done again and compared.
    Capitals, articles, spaces and accents may be treated in any usual way.
    """
    task = asked(message)
    if task is None or _NOT_LISTS.search(task.task):
        return
    items = _given(task)
    if items is None or is_code(task.answer.text):
        return
    told = (Related(message.record.ref, "asked for here", message.pointer, (0, len(message.text))),)
    for said, span, right in _judged(task, items):
        fix = task.answer.replace([(span, right)], "Show the right order", "display-only") if right else None
        yield task.answer.finding(span, said, fix=fix, related=told)


def _given(task: Asked) -> list[str] | None:
    data = data_of(task.task, task.given)
    if not data:
        return None
    items = items_of(data, words=_OF_WORDS.search(task.task) is not None)
    return items if items and len(set(items)) > 1 else None


def _judged(task: Asked, items: Sequence[str]) -> Iterator[tuple[str, tuple[int, int], str]]:
    text = task.answer.text
    instruction = task.task if task.given else task.task.partition(":")[0]
    if _DEDUPLICATES.search(instruction):
        if order_of(instruction) is None:
            yield from _without_duplicates(text, items)
        return
    order = order_of(instruction)
    if order is not None and _SORTS.search(instruction):
        yield from _ordered(text, items, order)
    elif _REVERSES.search(instruction):
        yield from _reversed(text, items)


def _ordered(text: str, items: Sequence[str], order: Order) -> Iterator[tuple[str, tuple[int, int], str]]:
    if in_order(items, order) is None:
        return
    places, listed = _places(text, items), _listed(text)
    if places is not None and not (listed is not None and len(listed) > len(items)):
        shown = [text[a:b] for a, b in places]
        if in_order(shown, order) is False:
            one, other = first_out_of_order(shown, order)
            right = _rebuilt(text, places, sorted_by(shown, order))
            span = (places[0][0], places[-1][1])
            yield f"not in {order.name} order: {one!r} stands before {other!r}", span, right
    elif listed is not None:
        yield from _changed(text, items, listed)


def _reversed(text: str, items: Sequence[str]) -> Iterator[tuple[str, tuple[int, int], str]]:
    places = _places(text, items)
    if places is None:
        return
    shown = [text[a:b].casefold() for a, b in places]
    wanted = [i.casefold() for i in reversed(items)]
    if shown != wanted and sorted(shown) == sorted(wanted):
        right = _rebuilt(text, places, list(reversed(items)))
        yield "not the list in reverse", (places[0][0], places[-1][1]), right


def _without_duplicates(text: str, items: Sequence[str]) -> Iterator[tuple[str, tuple[int, int], str]]:
    listed = _listed(text)
    if listed is None:
        return
    given, shown = Counter(i.casefold() for i in items), Counter(i.casefold() for i in listed)
    once = {i for i, n in given.items() if n == 1}
    if set(shown) == once and max(shown.values()) == 1:
        return
    twice = next((i for i, n in shown.items() if n > 1), None)
    if twice is not None and set(shown) <= set(given):
        yield f"{twice!r} is still there {shown[twice]} times", (0, len(text)), ""
    else:
        yield from _changed(text, list(given), list(shown))


def _changed(text: str, items: Sequence[str], listed: Sequence[str]) -> Iterator[tuple[str, tuple[int, int], str]]:
    """Items lost or invented, where most of the list is there."""
    given, shown = Counter(map(_same, items)), Counter(map(_same, listed))
    lost, gained = given - shown, shown - given
    common = sum((given & shown).values())
    if not (lost or gained) or common * 2 < len(items) or common < 2:
        return
    if any(_alike(a, b) for a in lost for b in gained) or any(
        _alike(a, b) for a in gained for b in given if not a.isdigit()
    ):
        return
    if any(item in text.casefold() for item in lost if not item.isdigit()):
        return
    names = ", ".join(repr(i) for i in [*lost, *gained][:3])
    said = (
        "lost or invented"
        if lost and gained
        else "lost"
        if lost
        else "invented"
        if not set(gained) <= set(given)
        else "there too often"
    )
    yield f"{names} {said}: {sum(given.values())} items were given, {sum(shown.values())} came back", (0, len(text)), ""


def _same(item: str) -> str:
    try:
        return str(number(item))
    except ValueError:
        return item.casefold()


def _alike(one: str, other: str) -> bool:
    if one.lstrip("-").replace("/", "").isdigit() or other.lstrip("-").replace("/", "").isdigit():
        return False
    return one in other or other in one or SequenceMatcher(None, one, other).ratio() > 0.7


def _places(text: str, items: Sequence[str]) -> list[tuple[int, int]] | None:
    """Where the items stand in ``text``, in order; None unless each stands there as often as in the list, and little else."""
    wanted = Counter(i.casefold() for i in items)
    names = sorted(wanted, key=len, reverse=True)
    named = regex.compile(
        r"(?i)(?<![\w.]|\d/|(?<!\d)-)(?:" + "|".join(map(regex.escape, names)) + r")(?![\w%]|[./]\d|-\w)"
    )
    body = _MARKS.sub(lambda m: " " * len(m.group()), text)
    places = [m.span() for m in named.finditer(body)]
    if Counter(text[a:b].casefold() for a, b in places) != wanted:
        return None
    rest = "".join(
        text[a:b] for a, b in zip([0, *(p[1] for p in places)], [*(p[0] for p in places), len(text)], strict=True)
    )
    return (
        places
        if sum(c.isalnum() for c in rest) <= _MOST_AROUND
        and "\n\n" not in text[places[0][0] : places[-1][1]].replace("\n\n", "\n", 0)
        else None
    )


_MARKS = pattern(r"(?m)^[ \t]*\(?\d{1,3}[.)][ \t]+")
_INTRODUCED = pattern(r"(?is)\A[^\n:,]{0,120}?(?::|\b(?:is|are)\b(?!,))\s*")


def _listed(text: str) -> list[str] | None:
    """The answer as a list of its own."""
    introduced = _INTRODUCED.match(text)
    for body in (text[introduced.end() :], text) if introduced else (text,):
        items = items_of(body)
        if items is not None and all(len(i.split()) <= 4 for i in items):
            return items
    return None


def _rebuilt(text: str, places: Sequence[tuple[int, int]], items: Sequence[str]) -> str:
    """The stretch of ``text`` that holds the items, with ``items`` in their places."""
    parts: list[str] = []
    for n, (place, item) in enumerate(zip(places, items, strict=True)):
        parts.append(bare(item))
        if n + 1 < len(places):
            parts.append(text[place[1] : places[n + 1][0]])
    return "".join(parts)
