"""TXT201: blanks before and after a text."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.text._wording import count

from datalint import Batch, Finding, Judged, Message, bad, good, prose, rule

_CONTINUED = frozenset({"prompt-completion", "text"})  # shapes whose texts go on where another ends


_BLANKS = " \t\r\n"


@rule(
    "TXT201",
    "surrounding-whitespace",
    category="style",
    fix="safe",
    fix_safety="Trailing blanks are taken off as a safe fix, leading ones as an unsafe one: with them goes what may have been "
    "meant as indentation.",
    known_problems="A text whose format ends in a line feed on purpose is reported.",
    examples=[
        bad(
            {"instruction": "Name a bird. ", "input": "", "output": "The wren.\n\n"},
            fixed={"instruction": "Name a bird.", "input": "", "output": "The wren."},
            name="trailing blanks",
        ),
        bad(
            {
                "messages": [
                    {"role": "user", "content": "Name a bird."},
                    {"role": "assistant", "content": "\n\nThe wren. \t"},
                ]
            },
            fixed={
                "messages": [{"role": "user", "content": "Name a bird."}, {"role": "assistant", "content": "The wren."}]
            },
            name="both sides",
        ),
        good(
            {"prompt": "Name a bird:", "completion": " The wren.\n"},
            name="a completion starts with its blank and ends with its line feed",
        ),
        good({"text": " and so it went on"}, name="plain text goes on"),
        good(
            {"instruction": "Indent it", "input": "", "output": "    def wren():\n        return 1\n"},
            name="code is indented and ends with a line feed",
        ),
        good(
            {"messages": [{"role": "user", "content": "list"}, {"role": "tool", "content": "a.txt\nb.txt\n"}]},
            name="what a tool says is left as it is",
        ),
        good({"instruction": "Name a bird.", "input": "", "output": "The wren."}, name="nothing around it"),
        good(
            {"instruction": "Say nothing.", "input": " ", "output": "Done."},
            name="a blank text is an empty one, which has a rule of its own",
        ),
    ],
    judged=Judged(
        56, 56, "findings on 14 public sets, at most six a set; a few are the last line feed of a small data table"
    ),
)
def check_surrounding_whitespace(batch: Batch) -> Iterator[Finding]:
    """Blanks before or after a text.

    They come from copying and splitting. A prompt that ends in a blank, or an answer that starts with one, puts tokens at the
    seam that the template never produces when the model is used; the blanks at the end are tokens that teach nothing. The
    leading blank of a completion, plain text, and code are fine.
    """
    import numpy as np

    if not batch.joined:
        return
    data = np.frombuffer(batch.joined, dtype=np.uint8)
    starts = batch.starts
    ends = np.empty_like(starts)
    ends[:-1], ends[-1] = starts[1:] - 1, len(data)
    full = np.flatnonzero(ends > starts)
    first, last = data[starts[full]], data[ends[full] - 1]
    for i in full[(first <= 32) | (last <= 32)].tolist():
        yield from _around(batch.message(i))


def _around(message: Message) -> Iterator[Finding]:
    text, slot, shape = message.text, message.slot, message.record.shape
    if not text.strip(_BLANKS) or slot.role == "tool" or slot.kind == "reasoning":
        return
    head = 0 if shape in _CONTINUED else _head(text)
    tail = len(text.rstrip(_BLANKS))
    if shape in _CONTINUED and "\n" in text[tail:]:
        tail = len(text)
    if (not head and tail == len(text)) or prose.is_code(text):
        return
    if tail < len(text):
        yield _finding(message, (tail, len(text)), "trailing")
    if head:
        yield _finding(message, (0, head), "leading")


def _head(text: str) -> int:
    """How much to take off at the start: not the indentation of lines that stand in a row."""
    start = len(text) - len(text.lstrip(_BLANKS))
    line = text.rfind("\n", 0, start) + 1
    lines = text[line:].split("\n")
    if start > line + 1 and len(lines) > 1 and lines[1].startswith((" ", "\t")):
        return line
    return start


def _finding(message: Message, span: tuple[int, int], side: str) -> Finding:
    blanks = count(span[1] - span[0], f"{side} blank")
    fix = message.replace([(span, "")], f"remove {blanks}", "safe" if side == "trailing" else "unsafe")
    return message.finding(span, blanks, fix=fix)
