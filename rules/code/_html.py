"""HTML, as browsers tolerate it: only what stops in the middle is a flaw."""

from __future__ import annotations

from datalint_rules.code._flaw import Flaw

from datalint import pattern

_TOKEN = pattern(
    r"(?is)<!--.*?(?:-->|(?P<comment>\Z))|<(?P<raw>script|style|textarea)\b[^>]*>.*?(?:</(?P=raw)\s*>|(?P<rawend>\Z))"
    r"|<(?P<close>/)?(?P<name>[a-z][a-z0-9]*)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+(?P<end>/?>|(?:[\"'][^\"'<>]*)?\Z)"
)
_MUST_CLOSE = frozenset(
    [
        "html",
        "body",
        "div",
        "table",
        "form",
        "ul",
        "ol",
        "select",
        "section",
        "article",
        "main",
        "nav",
        "header",
        "footer",
    ]
)


def parse(code: str) -> Flaw | None:
    """Where a page stops before its end: within a tag, a comment, a script, or with its <html> still open."""
    opened: list[tuple[str, int]] = []
    for match in _TOKEN.finditer(code):
        if match["comment"] is not None:
            return Flaw(match.start(), "a comment is never closed", True)
        if match["rawend"] is not None:
            return Flaw(match.start(), f"<{match['raw'].lower()}> is never closed", True)
        if match["name"] is None:
            continue
        name = match["name"].lower()
        if not match["end"].endswith(">"):
            return Flaw(match.start(), f"the tag <{name} is never closed", True)
        if name not in _MUST_CLOSE or match["end"] == "/>":
            continue
        if not match["close"]:
            opened.append((name, match.start()))
        elif any(n == name for n, _ in opened):
            while opened.pop()[0] != name:
                pass
    if opened and opened[0][0] == "html" and "</html" not in code.lower():
        name, at = opened[-1]
        return Flaw(at, f"<{name}> is never closed", True)
    return None
