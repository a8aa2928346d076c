"""TXT402: characters that a web page wrote as entities."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator

import regex
from datalint_rules.text._wording import count

from datalint import Finding, Judged, Message, bad, good, pattern, prose, rule

_ENTITY = pattern(r"&(?:amp;){0,2}(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-zA-Z][a-zA-Z0-9]{1,23});")
# In code only these: "&copy;" and "&reg;" may be addresses of variables.
_ESCAPED = pattern(r"&(?:amp;){0,2}(?:lt|gt|quot|amp|nbsp|apos|#0?39|#x27|#34|#60|#62|#x2[Ff]);")
_ABOUT = pattern(
    r"(?i)(?<![A-Za-z])(?:html5?|xhtml|xml|xss|svg|jsx|rss|dom|entit(?:y|ies)|(?:un)?escap(?:e|es|ed|ing)|encod(?:e"
    r"|ed|ing)|sanitiz\w+|markup|web ?pages?|"
    r"hyperlinks?|email template|php|vue|angular|react)(?![A-Za-z])|实体|转义|网页|сущност|экранир|balise|entité"
)
_REAL_TAG = pattern(
    r"</?(?:html|head|body|div|span|p|a|b|i|u|em|strong|br|hr|ul|ol|li|table|tr|td|th|h[1-6]|img|pre|code|font|form|input|script|style|blockquote|sup|sub)(?:\s[^<>\n]*)?/?>",
    regex.I,
)
_FENCE_INFO = pattern(
    r"(?i)[ \t>]*[`~]{3,}[ \t]*(?:html\w*|xml|xhtml|svg|jsx|tsx|vue|svelte|php|erb|jinja2?|handlebars|md|markdown|xaml|rss)\b"
)


@rule(
    "TXT402",
    "html-entity",
    category="suspicious",
    roles=["system", "user", "assistant", "text", "unknown", "rejected"],
    triggers=[r"&#[0-9xX][0-9a-fA-F]{1,5};", r"&[a-zA-Z][a-zA-Z0-9]{1,7};"],
    fix="unsafe",
    fix_safety="Writes each entity as its character, &nbsp; as a space. Unsafe, for a text about markup may mean the entity.",
    known_problems="A prompt that speaks of HTML, escaping or encoding clears its answer.",
    references=["https://html.spec.whatwg.org/multipage/named-characters.html"],
    examples=[
        bad(
            {
                "instruction": "Who won?",
                "input": "",
                "output": "Smith &amp; Sons&nbsp;won, &quot;at last&quot;. It&#39;s &lt;true&gt;&hellip;",
            },
            fixed={"instruction": "Who won?", "input": "", "output": 'Smith & Sons won, "at last". It\'s <true>…'},
            name="entities in prose",
        ),
        bad(
            {
                "instruction": "Write a loop.",
                "input": "",
                "output": "```python\nif a &lt; b:\n    print(&quot;less&quot;)\n```",
            },
            fixed={
                "instruction": "Write a loop.",
                "input": "",
                "output": '```python\nif a < b:\n    print("less")\n```',
            },
            name="code that was escaped",
        ),
        bad(
            {"instruction": "Who?", "input": "", "output": "Tom &amp;amp; Ann"},
            fixed={"instruction": "Who?", "input": "", "output": "Tom & Ann"},
            name="escaped twice",
        ),
        good(
            {"instruction": "Write HTML for a note.", "input": "", "output": "<p>Fish &amp; chips</p>"},
            name="asked for",
        ),
        good(
            {
                "instruction": "How do I write an ampersand on a web page?",
                "input": "",
                "output": "Write &amp; instead.",
            },
            name="about entities",
        ),
        good(
            {
                "instruction": "Show a note.",
                "input": "",
                "output": "```html\n<p>Fish &amp; chips</p>\n```\nor `&nbsp;`.",
            },
            name="code",
        ),
        good(
            {"instruction": "Fix it", "input": "int main() { int *p = &reg; use(&copy;); }", "output": "Fine."},
            name="addresses in C",
        ),
        good(
            {"instruction": "Who?", "input": "", "output": "R&D; Q&A; AT&T; Ben & Jerry; a&b;"},
            name="an ampersand and a semicolon",
        ),
        good(
            {"instruction": "Link?", "input": "", "output": "https://example.com/?a=1&b=2&copy=3"},
            name="the query of a URL",
        ),
    ],
    judged=Judged(
        137,
        137,
        "all its findings on 46 public sets, 70,000 records; most from one machine translation that escaped its code too",
    ),
)
def check_html_entity(message: Message) -> Iterator[Finding]:
    """HTML entities in text that is no HTML.

    "&amp;amp;" and "&amp;#39;" are left over from a page that was not unescaped, or from a translation service. They cost
    three to five tokens each, break code, and the model writes them back. Tasks about markup, and HTML itself, are left alone.
    """
    text = message.text
    found = [m for m in _ENTITY.finditer(text) if html.unescape(m.group()) != m.group()]
    if not found or _is_about(message):
        return
    spans = [s for s in prose.code(text) if _is_markup(text[slice(*s)])]
    found = [m for m in found if not prose.covered(m.span(), spans)]
    if prose.has_code(_ENTITY.sub("x", text)):
        found = [m for m in found if _ESCAPED.fullmatch(m.group())]
    edits = [(m.span(), new) for m in found if (new := _meant(m.group())) is not None]
    if edits:
        saved = sum(b - a - len(new) for (a, b), new in edits)
        names = Counter(text[a:b] for (a, b), _ in edits)
        said = ", ".join(f"{n} × {name}" for name, n in names.most_common(4))
        fix = message.replace(
            edits, f"write {count(len(edits), 'character')} instead of entities: {count(saved, 'character')} fewer"
        )
        yield message.finding(edits[0][0], f"HTML entities: {said}", fix=fix)


def _is_about(message: Message) -> bool:
    """Whether markup is what the task is about, or what the text is."""
    text = message.text
    asking = [message.prompt] if message.role == "assistant" else [message.prompt, *(s.text for s in message.siblings)]
    return any(map(_ABOUT.search, [*asking, _ENTITY.sub(" ", text)])) or (
        _REAL_TAG.search(text) is not None and (prose.is_document(text) or any(map(prose.about_markup, asking)))
    )


def _is_markup(code: str) -> bool:
    """Whether an entity has its place in this piece of code."""
    if not code.startswith(("```", "~~~")) and "\n" not in code:
        return _ENTITY.sub("", code.strip("`")).strip() == "" or _REAL_TAG.search(code) is not None
    return _FENCE_INFO.match(code) is not None or _REAL_TAG.search(code) is not None


def _meant(entity: str) -> str | None:
    """The character an entity stands for, None for a control character."""
    read = html.unescape(html.unescape(entity)).replace("\u00a0", " ")
    return read if read.isprintable() else None
