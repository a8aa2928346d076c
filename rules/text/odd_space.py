"""TXT204: spaces that are not the space."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import regex
from datalint_rules.text._wording import count

from datalint import Finding, Judged, Message, bad, good, pattern, prose, rule

_NAMES = {
    "\u00a0": "non-breaking space", "\u202f": "narrow non-breaking space", "\u2009": "thin space", "\u200a": "hair space",
    "\u2002": "en space", "\u2003": "em space", "\u3000": "ideographic space", "\u2028": "line separator",
    "\u2029": "paragraph separator",
}  # fmt: skip
_UNICODE = pattern("[\u00a0\u2000-\u200a\u202f\u205f\u3000\u2028\u2029]+")
_KEPT = pattern(
    # French and Russian punctuation, quotation marks and dashes
    r".(?=[:;!?»›%‰€$£°—–…])|(?<=[«‹№§¶—–])."
    # before a figure, between figures, a figure and its unit; titles, pages, initials
    r"|.(?=\d)|(?<=\d).(?=\p{L}{1,3}(?:\b|\d)|[¥µ×+−/-])|(?<=\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nr|pp?|S|Fig|vol|ch|Art|Abs|M|Mme|Sr|Sra)\.)."
    r"|(?<=\b\p{Lu}\.).(?=\p{Lu})"
    # a word of one letter that may not end a line in Slavic languages
    r"|(?<=(?:^|[\s(„«])[aiouvkszwAIOUVKSZWавикосуяАВИКОСУЯ]).(?=\p{L})",
    regex.M,
)
_CJK = pattern(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Block=CJK_Symbols_And_Punctuation}\p{Block=Halfwidth_And_Fullwidth_Forms}]"
)
# Two or three spaces within a sentence. Two after a full stop are a style of its own.
_RUN = pattern(r"(?<=[\p{L}\p{N},;)’'\"”])(?<!\\n) {2,3}(?=[\p{L}\p{N}$€£(“\"'])|(?<=[.!?] {1}) {2,3}(?=[\p{Lu}“\"'])")
_TAB = pattern(r"(?<=[\p{Ll},;])\t+(?=\p{Ll})")
_COLUMNS = pattern(r" {2,}|\t")
_LABEL = pattern(r"\p{Lu}[\p{L}_]*(?: \p{L}+)?:|\w{1,2}[.)] |[-#•]")
_NUMBERING = pattern(r"\s*[\d.]+")
_REACH = 400  # characters of the line that are looked at on either side
_GAPS = pattern(
    r"(?i)\b(?:white ?space|spaces?|spacing|blanks?|gaps?|tabs?|indent\w*|align\w*|trim|fill in|missing|format\w*"
    r"|ascii|non-breaking)\b|空格|пробел|espace"
)


@rule(
    "TXT204",
    "odd-space",
    category="style",
    roles=["system", "user", "assistant", "text", "unknown", "rejected"],
    triggers=[
        "\u00a0|[\u2000-\u200a]|\u202f|\u205f|\u2028|\u2029",
        "[a-zA-Z,.]\u3000[a-zA-Z]",
        r"[^\s|.!?:*\x2d_=]   ?[^\s|*\x2d_=#]",
        r"[.!?]   [A-Z]",
        r"[a-z,;]\t[a-z]",
    ],
    fix="unsafe",
    fix_safety="Puts one plain space in the place of each. Unsafe, for a space may keep a number and its unit together in a "
    "language that the rule does not know.",
    known_problems="Columns of two cells in one line look like a sentence with two spaces in it.",
    references=["https://www.unicode.org/charts/PDF/U2000.pdf"],
    examples=[
        bad(
            {
                "instruction": "Name a tree.",
                "input": "",
                "output": "The\u00a0old oak\u2009by the  river, of\u00a0course.",
            },
            fixed={"instruction": "Name a tree.", "input": "", "output": "The old oak by the river, of course."},
            name="non-breaking and thin spaces, and two in a row",
        ),
        bad(
            {"instruction": "Code.", "input": "", "output": "def f():\n\u00a0\u00a0\u00a0\u00a0return 1"},
            fixed={"instruction": "Code.", "input": "", "output": "def f():\n    return 1"},
            name="in code they do not even run",
        ),
        bad(
            {"instruction": "Go on, please.", "input": "", "output": "First line.\u2028Second line with a\tgap in it."},
            fixed={
                "instruction": "Go on, please.",
                "input": "",
                "output": "First line.\nSecond line with a gap in it.",
            },
            name="a line separator and a tab",
        ),
        good(
            {"instruction": "Traduis.", "input": "", "output": "« Oui\u00a0! »\u00a0: 12\u00a0000\u00a0€, 5\u202f%"},
            name="French punctuation",
        ),
        good(
            {
                "instruction": "How far?",
                "input": "",
                "output": "It is 12\u00a0km, or 7.5\u202fmi, says Mr.\u00a0Hill (p.\u00a05).",
            },
            name="units and titles",
        ),
        good(
            {"instruction": "Jak?", "input": "", "output": "Byli v\u00a0Praze a\u00a0pak k\u00a0řece."},
            name="Czech words of one letter",
        ),
        good(
            {"instruction": "写", "input": "", "output": "\u3000\u3000春天来了。\u3000花开了。"},
            name="Chinese indentation",
        ),
        good(
            {"instruction": "Tell me.", "input": "", "output": "It rained.  We stayed in.  Nobody minded."},
            name="two spaces after a full stop",
        ),
        good(
            {"instruction": "Table.", "input": "", "output": "Name   Age   Town\nEva    31    Brno\nJan    28    Graz"},
            name="columns",
        ),
        good({"instruction": "Table.", "input": "", "output": "name\tage\neva\tthirty"}, name="tabs between columns"),
        good(
            {"instruction": "Code.", "input": "", "output": "Run `a  b` here:\n```\nx  =  1\n```\nDone."}, name="code"
        ),
        good(
            {"instruction": "List.", "input": "", "output": "1.  One\n-   two\nSubject: dog  Action: barked"},
            name="list markers and labels",
        ),
        good(
            {"instruction": "Remove the extra spaces.", "input": "the  old   oak", "output": "the old oak"},
            name="asked for",
        ),
    ],
    judged=Judged(120, 117, "findings on 16 public sets; the wrong ones are thin spaces that a typographer set"),
)
def check_odd_space(message: Message) -> Iterator[Finding]:
    """Non-breaking and other Unicode spaces, tabs and runs of spaces in prose.

    They come from web pages and word processors. A tokenizer reads each as something else than a space, so the same words
    have two spellings; in code they break it. Where a language asks for them (French punctuation, numbers and their units,
    words of one letter in Czech or Russian, Chinese indentation) they are fine, and so are tables, columns and code.
    """
    text = message.text
    edits = [(m.span(), _plain(m, text)) for m in _UNICODE.finditer(text) if not _is_kept(m, text)]
    names = Counter(_NAMES.get(text[a], "other Unicode space") for (a, b), _ in edits for _ in range(b - a))
    runs = list(_runs(text))
    if runs and not _gaps_matter(message):
        names.update(
            {
                "run of spaces": sum(text[a] == " " for (a, _), _ in runs),
                "tab": sum(text[a] == "\t" for (a, _), _ in runs),
            }
        )
        edits += runs
    if not edits:
        return
    edits.sort()
    said = ", ".join(f"{n} × {name}" for name, n in names.most_common() if n)
    saved = sum(b - a - len(new) for (a, b), new in edits)
    title = f"use plain spaces in {count(len(edits), 'place')}" + (
        f": remove {count(saved, 'character')}" if saved else ""
    )
    yield message.finding(edits[0][0], f"odd spaces: {said}", fix=message.replace(edits, title))


def _gaps_matter(message: Message) -> bool:
    """Whether the task is about spaces, so that they stand there on purpose."""
    asked = (
        [message.prompt]
        if message.role == "assistant"
        else [message.prompt, message.text, *(s.text for s in message.siblings)]
    )
    return any(_GAPS.search(text) for text in asked)


def _plain(match: regex.Match[str], text: str) -> str:
    """What takes the place of a run: as many spaces in an indentation, else one, or none beside another."""
    run, (start, end) = match.group(), match.span()
    if "\u2028" in run or "\u2029" in run:
        return "\n" * sum(c in "\u2028\u2029" for c in run)
    if not text[text.rfind("\n", 0, start) + 1 : start].strip():
        return " " * len(run)
    return "" if " " in (text[start - 1], text[end : end + 1]) else " "


def _is_kept(match: regex.Match[str], text: str) -> bool:
    """Whether the language of the text asks for this space."""
    start, end = match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    if "\u3000" in match.group():
        return before in ("", "\n") or _CJK.match(before) is not None or _CJK.match(after) is not None
    if "\u2028" in match.group() or "\u2029" in match.group():
        return False
    if (
        match.group() in ("\u200a", "\u2007", "\u2008")
        and (before + after).strip("\u2018\u2019\u201c\u201d–—.,0123456789") != before + after
    ):
        return True
    return end - start == 1 and _KEPT.match(text, start) is not None


def _runs(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Runs of spaces, and tabs, within the sentences of a text."""
    found = [*_RUN.finditer(text), *_TAB.finditer(text)]
    if not found or prose.is_code(text) or prose.is_table(text):
        return
    code = prose.code(text)
    for match in found:
        start, end = match.span()
        if not prose.covered((start, end), code) and _in_sentence(text, start, end):
            yield (start, end), ("" if text[start - 1] == " " else " ")


def _in_sentence(text: str, start: int, end: int) -> bool:
    """Whether words run on before and after, and no columns are meant."""
    before = text[max(0, start - _REACH) : start].rpartition("\n")[2]
    after = text[end : end + _REACH].partition("\n")[0]
    words, gaps = (
        len(before.split()) + len(after.split()),
        len(_COLUMNS.findall(before.strip() + "x  x" + after.strip())),
    )
    if _LABEL.match(after) or _NUMBERING.fullmatch(before) or words < 6 * gaps:
        return False
    return not prose.is_code_line(before + " " + after)
