"""TXT303: escapes that were written out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import regex
from datalint_rules.text._wording import count

from datalint import Finding, Judged, Message, bad, good, pattern, prose, rule

_ESCAPE = pattern(r"""(?<!\\)(?:\\r\\n|\\n|\\t|\\["']|(?:\\u[0-9a-fA-F]{4})+|(?:\\x[0-9a-fA-F]{2})+)""")
# What must stand around an escape for it to be one: "\nabla" and "\times" are LaTeX, "\"a\":" is JSON.
_AROUND = {
    "\\n": pattern(r"(?![a-z])|(?<=(?:[.!?:;,\"”)\d]|\\n)\\n)(?=[a-z]{1,20}(?:[ ,.'’\\]|$))"),
    "\\t": pattern(r"(?<=[\p{L}\p{N}.,:;!?]\\t)(?=[\p{Lu}\p{N}\\$(])"),
    "\\'": pattern(r"(?<=\p{L}\\')(?=(?:s|t|re|ve|ll|m|d|S|T)\b)"),
}
_REACH = 120  # characters before an escape in which the start of a path is looked for
_PATH = pattern(r"""(?:^|["'(\[])(?:[A-Za-z]:\\|\\\\|~\\|\.{1,2}\\|%\w+%\\)""")
_PLAIN = {"\\n": "\n", "\\r\\n": "\n", "\\t": "\t", '\\"': '"', "\\'": "'"}
_ABOUT = pattern(
    r"(?i)(?<![A-Za-z])(?:escap(?:e|es|ed|ing)|new ?lines?|line ?(?:break|feed)s?|backslash(?:es)?|unicode|utf-?8|regex(?:p|es)?|"
    r"regular expressions?|jsonl?|latex|tex|delimiters?|separat(?:or|ed) by|bytes?|hex(?:adecimal)?|raw strings?|code ?points?)(?![A-Za-z])"
    r"|换行|转义|正则|改行|エスケープ|перенос строки|retour à la ligne"
)
_MENTION = pattern(
    r"(?i)(?:^|\b(?:the|an?|does|use|using|print|characters?|symbols?|type|insert|add|contains?|of|with|by|is)\s)[\"'`“]?\\[nrt](?![A-Za-z\\])"
)
_FORMULA = pattern(r"\$[^$\n]{0,400}\\[a-zA-Z]|\\(?:[(\[]|begin\{|frac|text|mathbb|sum|times|cdot|left|neq|nu\b|nabla)")
_CALL = pattern(r"\w\(['\"]|\\\"\s*:|[:{\[]\s*\\\"")  # an escape within a call or an object


@rule(
    "TXT303",
    "literal-escape",
    category="suspicious",
    roles=["system", "user", "assistant", "text", "unknown"],
    triggers=[
        r"\\n",
        r"[A-Za-z0-9.,:;!?]\\t[A-Z0-9\\$(]",
        r'\\"[^\\\n]',
        r"\\'[a-zA-Z]",
        r"\\u[0-9a-fA-F]{4}",
        r"\\x[0-9a-fA-F]{2}",
    ],
    fix="unsafe",
    fix_safety="Puts the character in the place of its escape. Unsafe, for a text about escapes means them as they stand.",
    known_problems="Escapes in a small set of unusual formats (Java properties, RTF) are not known as code.",
    examples=[
        bad(
            {"instruction": "Choose.\\nOptions:\\n- yes\\n- no", "input": "", "output": 'It\\\'s \\"yes\\".'},
            fixed={"instruction": "Choose.\nOptions:\n- yes\n- no", "input": "", "output": 'It\'s "yes".'},
            name="line feeds and quotation marks",
        ),
        bad(
            {"instruction": "Where?", "input": "", "output": "In a caf\\u00e9 \\ud83d\\ude00 nearby."},
            fixed='{"instruction": "Where?", "input": "", "output": "In a caf\\u00e9 \\ud83d\\ude00 nearby."}',
            name="code points, one of them as a pair (the record writes its own characters as escapes)",
        ),
        bad(
            {"instruction": "Where?", "input": "", "output": "In a caf\\xc3\\xa9."},
            fixed={"instruction": "Where?", "input": "", "output": "In a café."},
            name="bytes of UTF-8",
        ),
        good(
            {"instruction": "How do I print a line feed in C?", "input": "", "output": 'Call printf("a\\n");'},
            name="code",
        ),
        good(
            {
                "instruction": "Join the lines.",
                "input": "",
                "output": "Use this:\n```\n'\\n'.join(lines)\n```\nor `\\n` itself.",
            },
            name="code in Markdown",
        ),
        good(
            {
                "instruction": "What is x?",
                "input": "",
                "output": "$x \\neq 3$ and $\\nu \\times \\text{ s}$, \\nabla f",
            },
            name="LaTeX",
        ),
        good(
            {"instruction": "Where is it?", "input": "", "output": "In C:\\New folder\\Notes or D:\\temp\\nightly."},
            name="paths",
        ),
        good(
            {"instruction": "What does \\n stand for?", "input": "", "output": "\\n stands for a new line."},
            name="asked for",
        ),
        good({"instruction": "Give me JSON.", "input": "", "output": '{"a": "x\\nY"}'}, name="inside JSON"),
        good(
            {"instruction": "Name the share.", "input": "", "output": "It is \\\\server\\News and AC\\DC."},
            name="names with a backslash",
        ),
    ],
    judged=Judged(75, 75, "findings on 4 public sets: the 11 outside one prompt template, and 64 of it"),
)
def check_literal_escape(message: Message) -> Iterator[Finding]:
    """Escapes as visible characters in prose.

    A text that was escaped twice, or read without its escapes, says backslash and n where a line should end. The model learns
    to write the two characters. Code, LaTeX, paths, regular expressions, and tasks about escapes are left alone.
    """
    text = message.text
    spans, paired = prose.code(text), text.count('\\"') % 2 == 0
    edits = [
        (m.span(), new)
        for m in _ESCAPE.finditer(text)
        if not prose.covered(m.span(), spans)
        and _stands_alone(m, text, paired)
        and (new := _meant(m.group())) is not None
    ]
    if not edits or _FORMULA.search(text) or _CALL.search(text) or _is_asked(message) or prose.has_code(text):
        return
    kinds = Counter(text[a : a + 2] for (a, _), _ in edits)
    said = ", ".join(f"{n} × {kind}" for kind, n in kinds.most_common(4))
    fix = message.replace(edits, f"write {count(len(edits), 'character')} instead of escapes")
    yield message.finding(edits[0][0], f"literal escapes: {said}", fix=fix)


def _stands_alone(match: regex.Match[str], text: str, paired: bool) -> bool:
    """Whether what stands around an escape is prose: no command, no path, no string of one escape."""
    start, end = match.span()
    escape = "\\n" if match.group() == "\\r\\n" else match.group()
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and before in "\"'`/" and before == after:
        return False
    if escape == '\\"':
        return paired
    if escape in _AROUND:
        token = text[max(0, start - _REACH) : start].replace("\n", " ").rpartition(" ")[2]
        return _AROUND[escape].match(text, end) is not None and _PATH.search(token) is None
    return escape[:2] != "\\x" or len(escape) > 4 or before.isalpha()


def _is_asked(message: Message) -> bool:
    """Whether the task is about escapes or code, or the text says that it shows some."""
    asking = [message.prompt] if message.role == "assistant" else [message.prompt, *(s.text for s in message.siblings)]
    plain = [_ESCAPE.sub(" ", part) for part in (*asking, message.text)]
    return (
        any(_ABOUT.search(part) or _MENTION.search(part) for part in plain)
        or any(_MENTION.search(part) for part in (*asking, message.text))
        or any(prose.asks_for_code(part) for part in (plain if message.role != "assistant" else plain[:-1]))
    )


def _meant(escape: str) -> str | None:
    """The characters an escape stands for, None if it stands for none."""
    if escape in _PLAIN:
        return _PLAIN[escape]
    kind, digits = escape[:2], escape.split(escape[:2])[1:]
    if kind == "\\x":
        raw = bytes(int(d, 16) for d in digits)
        try:
            read = raw.decode()
        except UnicodeDecodeError:
            read = raw.decode("cp1252", "replace")
    else:
        units = b"".join(int(d, 16).to_bytes(2, "big") for d in digits)
        read = units.decode("utf-16-be", "replace")
    return read if read.isprintable() or read == "\u00a0" else None
