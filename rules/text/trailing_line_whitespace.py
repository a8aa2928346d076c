"""TXT202: blanks before the ends of lines."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.text._wording import count

from datalint import Batch, Finding, Judged, Message, bad, good, prose, rule

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
    import numpy as np

    data = np.frombuffer(batch.joined, dtype=np.uint8)
    feeds = np.flatnonzero(data == 10)
    feeds = feeds[feeds > 1]
    before = data[feeds - 1]
    feeds = feeds[
        (before == 32) | (before == 9) | ((before == 13) & ((data[feeds - 2] == 32) | (data[feeds - 2] == 9)))
    ]
    if not len(feeds):
        return
    texts = np.searchsorted(batch.starts, feeds, side="right") - 1
    ends = np.append(batch.starts[1:] - 1, len(data))
    inside = feeds < ends[texts]  # the line feed between two texts belongs to neither
    last = -1
    for i in texts[inside].tolist():
        if i != last:
            last = i
            text = batch.texts[i]
            spans = _before_feeds(text, len(text.rstrip()))
            if spans and not _is_laid_out(text):
                yield from _trailing(batch.message(i), spans)


def _is_laid_out(text: str) -> bool:
    """Code or a table, where blanks may have a meaning."""
    return any(map(text.__contains__, _MAYBE_CODE)) and (prose.is_code(text) or prose.is_table(text))


def _trailing(message: Message, spans: list[tuple[int, int]]) -> Iterator[Finding]:
    slot, text = message.slot, message.text
    if slot.role == "tool" or slot.kind == "reasoning":
        return
    fences = prose.fences(text) if "```" in text or "~~~" in text else ()
    if fences:
        spans = [s for s in spans if not prose.covered(s, fences)]
    if spans:
        number = count(sum(b - a for a, b in spans), "blank")
        where = "before a line end" if len(spans) == 1 else f"before {len(spans)} line ends"
        fix = message.replace([(s, "") for s in spans], f"remove {number}", "safe")
        yield message.finding(spans[0], f"{number} {where}", fix=fix)


def _before_feeds(text: str, last: int) -> list[tuple[int, int]]:
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
