"""QLT508: a summary that is longer than its text."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.answer._asked import asked

from datalint import Finding, Judged, Message, Option, Related, bad, good, pattern, rule

_SUMMARISES = pattern(
    r"(?i)\A\W*(?:please |can you |could you |in your own words,? )?(?:(?:write|create|generate|provide"
    r"|give|make)(?: me)? (?:an? |the )?(?:\w+ )?summary of"
    r"|summari[sz]e|sum up|shorten|condense|abridge)\b"
    r"|\A(?:请)?(?:总结|概括|概述|缩写)|\A(?:résume|fasse|zusammenfass|resume|кратко)"
)
_MORE = pattern(
    r"(?i)\b(?:and|then|explain|analy[sz]e|discuss|expand|translate|evaluate|implications?|opinion|reflect"
    r"|step|list|points?|outline|compare|describe|plot"
    r"|story|book|novel|movie|film|play|episode|poem|history|concept|theory|detail\w*|essay|at least"
    r"|words?|sentences?|paragraphs?)\b"
)
_WORD = pattern(r"[\p{L}\d]+(?:['’-][\p{L}\d]+)*|\p{Han}")


_TEXT = (
    "The harbour was built in 1840. Ships brought coal and left with grain. After the railway came, trade moved inland, and the "
    "quays were empty by 1900. Today the old stores are flats and cafés."
)
_LONGER = (
    "The harbour, which was built in the year 1840, was once a busy place where many ships brought in large loads of coal and then "
    "left again with grain. But after the railway had come to the town, the trade moved away inland, and so by the year 1900 the "
    "quays were all empty, though today the old stores have become flats and cafés."
)
_SHORTER = "A coal and grain harbour of 1840 lost its trade to the railway; its stores are flats now."


@rule(
    "QLT508",
    "long-summary",
    category="suspicious",
    roles=["user"],
    triggers=(r"(?i)^.{0,40}(summar|sum up|shorten|condense|abridge)", r"^.{0,6}(总结|概括|概述|缩写)"),
    options={"shortest": Option("int", 30, "The fewest words of a text whose summary is measured.")},
    known_problems="A text that only names what is to be summarised, as the title of a book, is taken for a text if it is long.",
    judged=Judged(11, 11, "all findings in 23 public sets"),
    examples=[
        bad({"instruction": "Summarise the text.", "input": _TEXT, "output": _LONGER}, name="longer"),
        good({"instruction": "Summarise the text.", "input": _TEXT, "output": _SHORTER}, name="shorter"),
        good(
            {
                "instruction": "Summarise the story.",
                "input": "The Old Mill",
                "output": "A miller loses his mill and builds another.",
            },
            name="only a title",
        ),
        good(
            {
                "instruction": "Summarise the text.",
                "input": "The mill is old.",
                "output": "An old mill. It has stood for long.",
            },
            name="too short to shorten",
        ),
    ],
)
def check_long_summary(message: Message, shortest: int) -> Iterator[Finding]:
    """A summary is longer than the text it sums up.

    What makes a summary is that it is shorter. One with more words than its text has added what the text does not say, or
    repeats it, and teaches to write long.
    """
    instruction = message.text.partition("\n")[0].partition(":")[0]
    if len(instruction) > 200 or not _SUMMARISES.search(instruction) or _MORE.search(instruction):
        return
    task = asked(message)
    if task is None:
        return
    given = task.given or task.task[len(instruction) :]
    had, has = _length(given), _length(task.answer.text)
    if had >= shortest and has > had:
        told = (Related(message.record.ref, "the text", message.pointer, (0, len(message.text))),)
        yield task.answer.finding(None, f"the summary has {has} words, its text {had}", related=told)


def _length(text: str) -> int:
    return len(_WORD.findall(text))
