"""TXT202: blanks before the ends of lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress

from datalint_rules.text._wording import count

from datalint import Batch, Edit, Finding, Fix, Judged, Ref, Slot, Span, bad, good, prose, rule

# What code or a table worth leaving alone has; most texts have none of it, and need no closer look.
_MAYBE_CODE = ("{", "}", ";", "= ", "<", "|", "\t", "def ", "import ", "return ", "SELECT ")


@rule(
    "TXT202",
    "trailing-line-whitespace",
    category="style",
    fix="safe",
    fix_safety="Takes blanks before line ends off. Two blanks that break a line in Markdown are not touched, nor is code.",
    examples=[
        bad(
            {"instruction": "Two lines.", "input": "", "output": "One. \nTwo.\t\n \nThree."},
            fixed={"instruction": "Two lines.", "input": "", "output": "One.\nTwo.\n\nThree."},
            name="blanks and a tab before line ends, and a line of blanks",
        ),
        bad(
            {"instruction": "A list.", "input": "", "output": "- one   \n- two  \n\n- three"},
            fixed={"instruction": "A list.", "input": "", "output": "- one\n- two\n\n- three"},
            name="three blanks, and two before a blank line",
        ),
        good(
            {"instruction": "A poem.", "input": "", "output": "Wind in the reeds,  \nrain on the roof."},
            name="a line break of Markdown",
        ),
        good({"instruction": "Code.", "input": "", "output": "So:\n```\nx = 1 \n\n```\nDone."}, name="inside a fence"),
        good(
            {"instruction": "Code.", "input": "", "output": "def f(x): \n    return x \n\nprint(f(1)) \n"},
            name="bare code",
        ),
        good(
            {"instruction": "One line. ", "input": "", "output": "Fine."},
            name="the end of the text has a rule of its own",
        ),
        good({"instruction": "A table.", "input": "", "output": "a | b \n--- | --- \n1 | 2 "}, name="rows of a table"),
    ],
    judged=Judged(80, 80, "findings on 11 public sets, at most nine a set"),
)
def check_trailing_line_whitespace(batch: Batch) -> Iterator[Finding]:
    """Blanks before the ends of lines.

    Nobody sees them, each is a token or changes one, and a model that learns them writes them. The two blanks that break a
    line in Markdown, tables and code are left alone.
    """
    for i, spans in _blanks(batch):
        text = batch.texts[i]
        if not text.isascii() or text[-1] <= " ":
            spans = _before_feeds(text, len(text.rstrip()))
        if spans and not _is_laid_out(text):
            found = _trailing(text, spans, *batch.place(i))
            if found is not None:
                yield found


def _blanks(batch: Batch) -> Iterator[tuple[int, list[Span]]]:
    """Texts with blanks before line ends, and where these are in bytes; line breaks of Markdown are left out."""
    import numpy as np

    data = np.frombuffer(batch.joined, dtype=np.uint8)
    blank = np.zeros(256, dtype=np.bool_)
    blank[[9, 32]] = True
    feeds = batch.feeds[np.searchsorted(batch.feeds, 2) :]
    ends = feeds - (data[feeds - 1] == 13)
    some = blank[data[ends - 1]]
    feeds, ends = feeds[some], ends[some]
    texts = np.searchsorted(batch.starts, feeds, side="right") - 1
    some = feeds < np.append(batch.starts[1:] - 1, len(data))[texts]  # what is between two texts belongs to neither
    feeds, ends, texts = feeds[some], ends[some], texts[some]
    if not len(feeds):
        return
    first = batch.starts[texts]
    starts = ends - 1
    while (more := (starts > first) & blank[data[starts - 1]]).any():
        starts -= more
    after = data[np.minimum(feeds + 1, len(data) - 1)]
    breaks = (ends - starts == 2) & (data[starts] == 32) & (data[ends - 1] == 32) & (after != 10) & (after != 13)
    breaks &= (starts > first) & (data[starts - 1] != 10)
    places = list(zip((starts - first).tolist(), (ends - first).tolist(), strict=True))
    kept = (~breaks).tolist()
    bounds = np.flatnonzero(np.concatenate((texts[:-1] != texts[1:], [True]))) + 1
    start = 0
    for i, stop in zip(texts[bounds - 1].tolist(), bounds.tolist(), strict=True):
        yield i, list(compress(places[start:stop], kept[start:stop]))
        start = stop


def _is_laid_out(text: str) -> bool:
    """Code or a table, where blanks may have a meaning."""
    return any(map(text.__contains__, _MAYBE_CODE)) and (prose.is_code(text) or prose.is_table(text))


def _trailing(text: str, spans: list[Span], ref: Ref, slot: Slot) -> Finding | None:
    if slot.role == "tool" or slot.kind == "reasoning":
        return None
    fences = prose.fences(text) if "```" in text or "~~~" in text else ()
    if fences:
        spans = [s for s in spans if not prose.covered(s, fences)]
        if not spans:
            return None
    number = count(sum([b - a for a, b in spans]), "blank")
    where = "before a line end" if len(spans) == 1 else f"before {len(spans)} line ends"
    pointer = slot.pointer
    edits = tuple([Edit("replace-text", pointer, span, "") for span in spans])
    return Finding(f"{number} {where}", ref, pointer, spans[0], Fix(f"remove {number}", "safe", edits))


def _before_feeds(text: str, last: int) -> list[Span]:
    """Blanks before line ends that come before ``last``. Looked for with find: a pattern takes ten times as long."""
    feed = "\n" if "\t" in text or "\r" in text else " \n"
    spans = []
    at = text.find(feed)
    while 0 <= at < last:
        end = at + len(feed) - 1
        if end and text[end - 1] == "\r":
            end -= 1
        start = end
        while start and text[start - 1] in " \t":
            start -= 1
        if start < end and not _breaks(text, start, end):
            spans.append((start, end))
        at = text.find(feed, at + 1)
    return spans


def _breaks(text: str, start: int, end: int) -> bool:
    """Exactly two blanks between two lines of text: a line break of Markdown."""
    if text[start:end] != "  " or start == 0 or text[start - 1] == "\n":
        return False
    following = text[end : end + 3].lstrip("\r")[1:2]
    return following not in ("\n", "\r", "")
