"""JSON texts of every spelling, for the laws that bytes must keep."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

TEXTS = st.text(st.sampled_from('ab"\\/\n\t\u0001é中\U0001f600 ~'), max_size=8)
NUMBERS = st.sampled_from(["0", "-0", "1.0", "1e5", "-2.50E-3", "123456789012345678901234567890"])


@st.composite
def literals(draw: st.DrawFn, text: str | None = None) -> str:
    """A string literal with each character spelled in one of its ways."""
    chosen = draw(TEXTS) if text is None else text
    ways = [draw(st.sampled_from(_spellings(char))) for char in chosen]
    return '"' + "".join(ways) + '"'


def _spellings(char: str) -> list[str]:
    pairs = char.encode("utf-16-be")
    escaped = "".join(f"\\u{pairs[i]:02x}{pairs[i + 1]:02X}" for i in range(0, len(pairs), 2))
    plain = [char] if char >= " " and char not in '"\\' else []
    short = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\n": "\\n", "\t": "\\t"}
    return [*plain, escaped, *([short[char]] if char in short else [])]


@st.composite
def documents(draw: st.DrawFn, depth: int = 3) -> str:
    """JSON text with any spacing, spelling and repeated keys."""

    def space() -> str:
        return draw(st.sampled_from(["", "", "", " ", "\t ", "\r\n  "]))

    kind = draw(st.sampled_from(["text", "number", "word"] + ["object", "array"] * (2 if depth else 0)))
    if kind == "text":
        return draw(literals())
    if kind == "number":
        return draw(NUMBERS)
    if kind == "word":
        return draw(st.sampled_from(["true", "false", "null"]))
    items = []
    for _ in range(draw(st.integers(0, 4))):
        name = draw(literals()) + space() + ":" + space() if kind == "object" else ""
        items.append(space() + name + draw(documents(depth - 1)) + space())
    body = ",".join(items) or space()
    return "{" + body + "}" if kind == "object" else "[" + body + "]"


def pointers(value: Any, at: str = "") -> list[str]:
    """Every pointer of a parsed value."""
    found = [at]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += pointers(inner, f"{at}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            found += pointers(inner, f"{at}/{n}")
    return found


def resolve(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        value = value[int(token)] if isinstance(value, list) else value[token.replace("~1", "/").replace("~0", "~")]
    return value
