"""TXT101: characters that steer a terminal have come into a text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex
from datalint_rules.text._wording import count

from datalint import Finding, Judged, Message, bad, good, pattern, rule

# UTF-8 bytes read as Latin-1 hold C1 characters too: those are mojibake and left to that rule.
_UTF8 = r"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
_CONTROL = pattern(
    rf"(?:{_UTF8})(*SKIP)(*FAIL)|\x1b\[[0-9;]{{0,12}}[A-Za-z]|\r(?!\r*(?:\n|\Z))|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
# "\frac" in a string that was not escaped: the first letter of the command became a control character.
_EATEN = {
    "\x07": ("a", pattern(r"(?:lpha|pprox|ngle|st\b|rc(?:sin|cos|tan)|lign)")),
    "\x08": ("b", pattern(r"(?:egin|eta|oxed|ar\b|inom|mod|igl?|f\{|oldsymbol|ullet|ot\b)")),
    "\x0b": ("v", pattern(r"(?:ec\b|arepsilon|arphi|dots|ee\b|space|ert)")),
    "\x0c": ("f", pattern(r"(?:rac|orall|lat\b|lo{2}r|box)")),
}
_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\r"


@rule(
    "TXT101",
    "control-character",
    category="suspicious",
    triggers=[r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", r"\r[^\r\n]", "[\x80-\x9f]"],
    fix="safe",
    fix_safety="Safe where the character is taken out and nothing seen changes. Unsafe where something takes its place: a letter "
    "of Windows-1252, the backslash of a LaTeX command, a line break; and for terminal colour codes.",
    known_problems="A form feed between the pages of a text or of source code is reported too.",
    references=["https://www.unicode.org/charts/PDF/U0000.pdf", "https://www.unicode.org/charts/PDF/U0080.pdf"],
    examples=[
        bad(
            {"instruction": "Name a river.", "input": "", "output": "The Vltava\u0000 flows north.\u0007"},
            fixed={"instruction": "Name a river.", "input": "", "output": "The Vltava flows north."},
            name="NUL and bell go",
        ),
        bad(
            {"instruction": "Traduis.", "input": "", "output": "L\u0092arbre est l\u00e0."},
            fixed={"instruction": "Traduis.", "input": "", "output": "L’arbre est l\u00e0."},
            name="a byte of Windows-1252",
        ),
        bad(
            {"instruction": "Half of x?", "input": "", "output": "It is $\u000crac{x}{2}$."},
            fixed={"instruction": "Half of x?", "input": "", "output": "It is $\\frac{x}{2}$."},
            name="an escape ate the backslash",
        ),
        bad(
            {"instruction": "Show the log.", "input": "", "output": "\u001b[32mdone\u001b[0m in 3 s"},
            fixed={"instruction": "Show the log.", "input": "", "output": "done in 3 s"},
            name="terminal colours",
        ),
        good(
            {"instruction": "Two columns, please.", "input": "", "output": "a\tb\r\nc\td\n"},
            name="tab, line feed, CR LF",
        ),
        good(
            {"instruction": "Who directed it?", "input": "", "output": "It was RenÃ\u0089e."},
            name="mojibake has a rule of its own",
        ),
    ],
    judged=Judged(14, 14, "all its findings on 46 public sets, 70,000 records: bytes of Windows-1252, an eaten \\frac"),
)
def check_control_character(message: Message) -> Iterator[Finding]:
    """Control characters in a text.

    Control characters do not belong in text: they come from terminals, from page breaks, or from bytes of Windows-1252 and
    escapes that were read wrongly. Tokenizers spend rare tokens on them, and what they stood for is often lost. Tab, line
    feed and CR LF are fine.
    """
    text = message.text
    plain: list[tuple[tuple[int, int], str]] = []
    replaced: list[tuple[tuple[int, int], str]] = []
    for match in _CONTROL.finditer(text):
        new = _reading(match, text)
        (plain if new is None else replaced).append((match.span(), new or ""))
    for edits, applicability in ((plain, "safe"), (replaced, "unsafe")):
        if edits:
            names = sorted({_name(text[a]) for (a, _), _ in edits})
            shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
            title = f"{'remove' if applicability == 'safe' else 'replace'} {count(len(edits), 'control character')}"
            fix = message.replace(edits, title, "safe" if applicability == "safe" else "unsafe")
            yield message.finding(edits[0][0], f"{count(len(edits), 'control character')}: {shown}", fix=fix)


def _reading(match: regex.Match[str], text: str) -> str | None:
    """What the character stands for, None if nothing."""
    shown, after = match.group(), text[match.end() :]
    if len(shown) > 1:
        return ""
    letter, command = _EATEN.get(shown, ("", None))
    if command is not None and command.match(after):
        return f"\\{letter}"
    if "\x80" <= shown <= "\x9f":
        return _windows_1252(shown)
    if shown in _BREAKS and match.start() and after and not (text[match.start() - 1].isspace() or after[0].isspace()):
        return "\n"
    return None


def _windows_1252(character: str) -> str | None:
    try:
        return character.encode("latin-1").decode("cp1252")
    except UnicodeDecodeError:
        return None


def _name(character: str) -> str:
    alias = {"\r": "lone carriage return", "\x00": "NUL", "\x1b": "escape", "\x0c": "form feed", "\x7f": "delete"}
    return (
        alias.get(character, f"U+{ord(character):04X}") if unicodedata.category(character) == "Cc" else repr(character)
    )
