"""TXT404: buttons and citation marks of chat interfaces."""

from __future__ import annotations

from collections.abc import Iterator

import regex
from datalint_rules.text._wording import count

from datalint import Finding, Judged, Message, bad, good, pattern, prose, rule

# Whole lines, and ends of lines, that only an interface writes.
_LINE = pattern(
    r"^(?:[ \t]*(?:Copy code|(?:Regenerate|Retry) response|Regenerate|Stop generating|Continue generating"
    r"|Share Prompt|View other drafts|Show drafts|"
    r"Was this response better or worse\?.*|(?:Better|Worse|Same){2,}|Is this conversation helpful so far\?|(?:You"
    r"|ChatGPT|Claude|Copilot|Gemini) said:|"
    r"Thought for (?:a few|a couple of|\d+) seconds?|Model: Default \(GPT-[\w.]+\)|Generating answers for you(?:…|\.\.\.)|"
    r"Free Research Preview\. ?ChatGPT may produce.*|ChatGPT \w{3,9} \d{1,2} Version.*|"
    r"(?:ChatGPT|Claude|Gemini|Copilot) (?:can|may) make mistakes\..*)[ \t]*(?:\n|\Z))+",
    regex.M,
)
_LANGUAGE = pattern(r"^([A-Za-z+#]{1,15})Copy code$", regex.M)
_END = pattern(r"(?<=[.!?\"”)])[ \t]*(?:Share Prompt|Regenerate response|Copy code)[ \t]*$", regex.M)
_CITATION = pattern(
    r"[ \t]?(?:【\d{1,3}(?::\d{1,3})?†[^】\n]{0,60}】|:contentReference\[oaicite:\d+\](?:\{index=\d+\})?"
    r"|\[oaicite:\d+\]|\u3010oaicite:\d+\u3011|"
    r"\ue200(?:file)?cite\ue202[^\ue201\n]{1,200}\ue201|(?:cite)?(?:turn\d{1,2}(?:search|view|news|image|file)\d{1,2}){1,6}|\[\^\d{1,2}\^\](?:\[\d{1,2}\])?|\[\d{1,2}†source\])"
)
_PAGE = pattern(r"\A(\d{1,2}) / (\d{1,2})[ \t]*\n+(?=[A-Z])|(?<=[.!?\"”)`])\n+(\d{1,2}) / (\d{1,2})[ \t]*\Z")
_ABOUT = pattern(
    r"(?i)\b(?:interface|buttons?|clipboard|UI|copy code|regenerat\w+|citation (?:marks?|tokens?)|footnotes?"
    r"|oaicite|chat ?gpt|screenshot|transcript)\b|按钮|界面|кнопк|bouton"
)
_SUMS = pattern(
    r"\d ?[/÷:*+] ?\d|(?i)\b(?:fraction|divi\w+|calculat\w+|ratio|score|rat(?:e|ing)|grade|probability|quotient"
    r"|half|thirds?|quarters?|numbers?|how (?:much|many)|odds|chance)\b"
)


@rule(
    "TXT404",
    "interface-residue",
    category="suspicious",
    roles=["user", "assistant", "text", "unknown"],
    triggers=[
        r"Copy code$|^(Regenerate|Retry) response|(Share Prompt|Regenerate response)[ \t]{0,3}$|^(Stop|Continue) generating|^Regenerate$",
        r"^(View other|Show) drafts$|^Was this response better|^(Better|Worse|Same)(Better|Worse|Same)"
        r"|^Is this conversation helpful so far",
        r"^(You|ChatGPT|Claude|Copilot|Gemini) said:|^Thought for (a|[0-9])|^Model: Default|^Generating answers"
        r"|^Free Research Preview|^ChatGPT [A-Z][a-z]{2,8} [0-9]",
        r"^(ChatGPT|Claude|Gemini|Copilot) (can|may) make mistakes",
        "oaicite:|[0-9]†|\ue200",
        r"turn[0-9]{1,2}(search|view|news|image|file)[0-9]|\[\^[0-9]{1,2}\^\]",
        r"^[0-9]{1,2} / [0-9]{1,2}[ \t]{0,2}$",
    ],
    fix="unsafe",
    fix_safety="Takes the words of the interface out. Unsafe, for a conversation may be about them.",
    known_problems="Only the words of well-known chat interfaces in English, and their citation marks, are known.",
    examples=[
        bad(
            {
                "instruction": "Print hello.",
                "input": "",
                "output": 'python\nCopy code\nprint("hello")\nRegenerate response',
            },
            fixed={"instruction": "Print hello.", "input": "", "output": 'python\nprint("hello")\n'},
            name="buttons",
        ),
        bad(
            {
                "instruction": "When was it built?",
                "input": "",
                "output": "It was built in 1889【12†source】 and restored :contentReference[oaicite:3]{index=3}.",
            },
            fixed={"instruction": "When was it built?", "input": "", "output": "It was built in 1889 and restored."},
            name="citation marks",
        ),
        bad(
            {"instruction": "Thanks a lot.Share Prompt", "input": "", "output": "2 / 2\n\nYou are welcome."},
            fixed={"instruction": "Thanks a lot.", "input": "", "output": "You are welcome."},
            name="a page number, a button at the end",
        ),
        bad(
            {
                "messages": [
                    {"role": "user", "content": "You said:\nWrite a haiku."},
                    {"role": "assistant", "content": "ChatGPT said:\nRain again."},
                ]
            },
            fixed={
                "messages": [
                    {"role": "user", "content": "Write a haiku."},
                    {"role": "assistant", "content": "Rain again."},
                ]
            },
            name="labels of a copied page",
        ),
        good(
            {
                "instruction": "What does the copy code button do?",
                "input": "",
                "output": "Click\nCopy code\nand paste it.",
            },
            name="a task about the interface",
        ),
        good({"instruction": "Half of one?", "input": "", "output": "That is:\n1 / 2"}, name="a fraction"),
        good(
            {
                "instruction": "Who?",
                "input": "",
                "output": "He can copy code from page 3/4. Regenerate the response later.",
            },
            name="the words in a sentence",
        ),
        good(
            {"instruction": "Cite.", "input": "", "output": "As shown [1][2] and in Fig. 3†."},
            name="ordinary references",
        ),
    ],
    judged=Judged(4, 4, "all its findings on 46 public sets, 70,000 records"),
)
def check_interface_residue(message: Message) -> Iterator[Finding]:
    """Buttons, page numbers and citation marks of a chat interface.

    Conversations copied from a web page bring the words of the page: "Copy code", "Regenerate response", "2 / 2", and marks
    that link to a source nobody else has. A model trained on them prints them.
    """
    text = message.text
    spans = [m.span() for pattern in (_LINE, _END, _CITATION) for m in pattern.finditer(text)]
    spans += [(m.end(1), m.end()) for m in _LANGUAGE.finditer(text)]
    spans += [m.span() for m in _PAGE.finditer(text) if _is_page(message, m)]
    if not spans or _ABOUT.search(message.prompt) or _ABOUT.search(_without(text, spans)):
        return
    spans = _apart(spans)
    saved = count(sum(b - a for a, b in spans), "character")
    fix = message.replace([(span, "") for span in spans], f"remove {saved} of the interface")
    shown = " ".join(text[slice(*spans[0])].split())
    yield message.finding(spans[0], f"left over from a chat interface: {shown[:60]!r}", fix=fix)


def _is_page(message: Message, match: regex.Match[str]) -> bool:
    """A page number, not a fraction."""
    number, of = (int(g) for g in match.groups() if g)
    return 1 <= number <= of and of > 1 and not _SUMS.search(message.prompt) and not prose.is_code(message.text)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + " " + text[end:]
    return text


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
