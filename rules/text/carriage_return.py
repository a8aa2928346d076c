"""TXT205: line ends of another system inside a text."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.text._wording import count

from datalint import Batch, Finding, Judged, Message, bad, good, pattern, rule

_RETURNS = pattern(r"\r+(?=\n|\Z)")


@rule(
    "TXT205",
    "carriage-return",
    category="style",
    fix="safe",
    fix_safety="Takes the carriage return of CR LF out; the line feed stays.",
    known_problems="Texts that quote a protocol with CR LF lines (HTTP, SMTP) are reported too.",
    examples=[
        bad(
            {"instruction": "Two lines.", "input": "", "output": "One.\r\nTwo.\r\n\r\nThree."},
            fixed={"instruction": "Two lines.", "input": "", "output": "One.\nTwo.\n\nThree."},
            name="CR LF",
        ),
        bad(
            {"instruction": "One.\r", "input": "", "output": "Two.\r\r\nThree."},
            fixed={"instruction": "One.", "input": "", "output": "Two.\nThree."},
            name="doubled, and at the end of a text",
        ),
        good({"instruction": "Two lines.", "input": "", "output": "One.\nTwo."}, name="line feeds"),
        good(
            {"instruction": "Show it", "input": "", "output": "10 %\r20 %"},
            name="a lone carriage return is a control character",
        ),
        good({"instruction": "What is \\r\\n?", "input": "", "output": "Two escapes: \\r and \\n."}, name="escapes"),
    ],
    judged=Judged(1, 1, "all its findings on 46 public sets, 70,000 records"),
)
def check_carriage_return(batch: Batch) -> Iterator[Finding]:
    """Carriage returns at line ends inside a text.

    Windows ends lines with CR LF, most data does not: the same text then has other tokens, and a model trained on both writes
    both. The line ends of the file itself are another rule's.
    """
    joined = batch.joined
    at = joined.find(b"\r")
    if at < 0:
        return
    import numpy as np

    places = np.flatnonzero(np.frombuffer(joined, dtype=np.uint8) == 13)
    texts = np.searchsorted(batch.starts, places, side="right") - 1
    for i in sorted(set(texts.tolist())):
        yield from _returns(batch.message(i))


def _returns(message: Message) -> Iterator[Finding]:
    spans = [m.span() for m in _RETURNS.finditer(message.text)]
    if spans and message.role != "tool":
        number = count(sum(b - a for a, b in spans), "carriage return")
        fix = message.replace([(s, "") for s in spans], f"remove {number}", "safe")
        yield message.finding(spans[0], number, fix=fix)
