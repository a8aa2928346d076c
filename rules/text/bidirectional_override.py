"""TXT104: text that is hidden from the eye and read by the model."""

from __future__ import annotations

from collections.abc import Iterator

from datalint_rules.text._wording import count

from datalint import Finding, Judged, Message, bad, good, pattern, rule

_STEERING = pattern("[\u202a-\u202e\u2066-\u2069\n]")
_END = {**dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"), **dict.fromkeys("\u2066\u2067\u2068", "\u2069")}
_OVERRIDES = "\u202d\u202e"
# The flag of a region is a black flag, its letters as tags, and the tag that ends them.
_TAGS = pattern(
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,8}\U000e007f(*SKIP)(*FAIL)|[\U000e0000-\U000e007f]+"
)
_SELECTORS = pattern("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")  # one selects a glyph, a row of them carries bytes
_HEAD = pattern("[ \t>*•\\-\u200e\u200f\u202a\u202b\u2066-\u2068]*+")  # what may stand before the words of a line
_RIGHT_TO_LEFT = pattern(r"[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]")


@rule(
    "TXT104",
    "bidirectional-override",
    category="safety",
    triggers=[
        "[\u202a\u202b\u202d\u202e\u2066-\u2068]",
        "[\U000e0000-\U000e007f]",
        "[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2}",
    ],
    fix="unsafe",
    fix_safety="Takes the hidden characters out. What was hidden by an override becomes visible in the order it is read: look at it.",
    known_problems="Overrides that are closed around a number in right-to-left text are left alone.",
    references=["https://trojansource.codes/", "https://www.unicode.org/reports/tr9/"],
    examples=[
        bad(
            {"instruction": "Is this safe?", "input": "", "output": "Open photo\u202egpj.exe now."},
            fixed={"instruction": "Is this safe?", "input": "", "output": "Open photogpj.exe now."},
            name="an override turns a file name round",
        ),
        bad(
            {"instruction": "Review it.", "input": 'if level != "user\u2066 // admins only":', "output": "Fine."},
            fixed={"instruction": "Review it.", "input": 'if level != "user // admins only":', "output": "Fine."},
            name="an isolate that never ends",
        ),
        bad(
            {
                "instruction": "Hello\U000e0049\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065",
                "input": "",
                "output": "Hi!",
            },
            fixed={"instruction": "Hello", "input": "", "output": "Hi!"},
            name="words in tag characters",
        ),
        bad(
            {"instruction": "Smile", "input": "", "output": "😊\U000e0158\U000e0155\U000e015c\U000e015c\U000e015f"},
            fixed={"instruction": "Smile", "input": "", "output": "😊"},
            name="bytes in variation selectors",
        ),
        good(
            {"instruction": "Call", "input": "", "output": "Ring \u202a+972 3 555 0100\u202c today."},
            name="a balanced embedding",
        ),
        good(
            {"instruction": "שלום", "input": "", "output": "הוא אמר \u2067hello\u2069 והלך.\u200f טוב\u200e"},
            name="isolates and marks",
        ),
        good(
            {"instruction": "سلام", "input": "", "output": "\u202bمتن فارسی\n\u202bخط دوم"},
            name="the direction of a whole line",
        ),
        good(
            {
                "instruction": "Flags",
                "input": "",
                "output": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f ❤\ufe0f 葛\U000e0100",
            },
            name="the flag of Scotland, a heart, a variant of a character",
        ),
    ],
    judged=Judged(
        7, 7, "all its findings in a public list of nasty strings; 46 public sets in 75 languages gave none, rightly"
    ),
)
def check_bidirectional_override(message: Message) -> Iterator[Finding]:
    """Characters that hide text: overrides, embeddings that never end, tag characters.

    An override shows text in another order than it is read; tag characters and rows of variation selectors are not shown at
    all. Both carry instructions past the people who review the data. Marks of direction (LRM, RLM), balanced embeddings and
    isolates, and an embedding that sets the direction of a whole line, are the ordinary means of right-to-left text.
    """
    text = message.text
    found = [(span, "an override of the writing direction" if text[span[0]] in _OVERRIDES else "an embedding that never ends")
             for span in _unbalanced(text)]  # fmt: skip
    found += [(m.span(), "hidden tag characters") for m in _TAGS.finditer(text)]
    found += [(m.span(), "a row of variation selectors") for m in _SELECTORS.finditer(text) if _carries(m.group())]
    if not found:
        return
    found.sort()
    number = sum(b - a for (a, b), _ in found)
    fix = message.replace([(span, "") for span, _ in found], f"remove {count(number, 'hidden character')}")
    kinds = list(dict.fromkeys(kind for _, kind in found))
    yield message.finding(found[0][0], " and ".join(kinds), fix=fix)


def _carries(selectors: str) -> bool:
    """Whether a row of selectors can hold a text: emoji copied twice have two of one kind."""
    return len(selectors) > 2 or len(set(selectors)) > 1


def _unbalanced(text: str) -> Iterator[tuple[int, int]]:
    """Openers that hide: overrides with their ends, and embeddings that no end closes in their line."""
    open_: list[tuple[int, str]] = []
    for match in _STEERING.finditer(text):
        character = match.group()
        if character == "\n":
            yield from _left_open(open_, text)
            open_.clear()
        elif character in _END:
            open_.append((match.start(), character))
        else:
            opener = next((o for o in reversed(open_) if _END[o[1]] == character), None)
            if opener is not None:
                open_.remove(opener)
                inside = text[opener[0] + 1 : match.start()]
                if opener[1] in _OVERRIDES and not _is_number(inside, text):
                    yield opener[0], opener[0] + 1
                    yield match.span()
    yield from _left_open(open_, text)


def _left_open(openers: list[tuple[int, str]], text: str) -> Iterator[tuple[int, int]]:
    """Of the openers left in one line, those that do more than set the direction of the whole line."""
    if openers:
        head = _HEAD.match(text, text.rfind("\n", 0, openers[0][0]) + 1)
        first = head.end() if head else 0
        yield from ((start, start + 1) for start, character in openers if character in _OVERRIDES or start >= first)


def _is_number(inside: str, text: str) -> bool:
    """A number kept in its order within right-to-left text."""
    return not any(c.isalpha() for c in inside) and _RIGHT_TO_LEFT.search(text) is not None
