"""TXT401: tags left over from a page."""

from __future__ import annotations

from collections.abc import Iterator

import regex
from datalint_rules.text._wording import count

from datalint import Finding, Judged, Message, bad, good, pattern, prose, rule

Span = tuple[int, int]

_ATTRIBUTES = r"(?:\s+[\w:@-]+(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+))?)*"
# Elements whose names mean nothing else. A name with attributes, or an end of its own, is a tag; else it may be a placeholder.
_SURE = (
    "br|div|span|em|strong|ul|ol|li|table|tbody|thead|tr|td|th|h[1-6]|img|blockquote|font|hr|sup|sub|nobr|iframe|tt|"
    "center|strike|figure|figcaption|p|pre|small"
)
_PAIRED = "b|i|u|a|q|del|ins|code|big|cite|script|style|abbr|mark|html|body|head"
_TAG = pattern(rf"<(?<end>/?)(?<name>(?i:{_SURE}|{_PAIRED}))(?<attributes>{_ATTRIBUTES})\s*(?<empty>/?)>")
_COMMENT = pattern(r"<!--.{0,2000}?-->", regex.S)
_HIDDEN = pattern(r"(?is)<(script|style)\b[^<>]*>.{0,20000}?</\1\s*>")
_MARKDOWN_HTML = frozenset({"sub", "sup", "u", "br", "small", "mark", "del", "ins"})  # what Markdown has no sign for
_MARKDOWN = pattern(r"^#{1,6} |\*\*\w|^```|^\|.*\|$|\]\(https?:", regex.M)
_DOCUMENT = pattern(r"(?i)\s*<(?:!doctype|html|\?xml|svg|head|body)\b")
_BLOCK = pattern(r"(?is)<(pre|script|style)\b[^<>]*>.*?</\1\s*>|<!--.*?-->")
_PAYLOAD = pattern(r"(?i)javascript:|\balert\(|\bon(?:error|load|click|mouseover)\s*=")  # a test of a page's defences
_MADE = pattern(r"(?i)<\w+\s[^<>]*?\b(?:style|class(?:name)?|id|on\w+|type|name|method|action)\s*=")
_MAKES = pattern(
    r"(?i)\b(?:code|generate|create|write|build|design|make|implement|develop|program|snippet|component)\b"
)
_LINE_BREAKS = pattern(r"(?i)br|hr")
_BLOCKS = pattern(r"(?i)p|div|ul|ol|table|tr|h[1-6]|blockquote|pre|figure|center")
_SIGNS = {"2": "²", "3": "³", "1": "¹"}
_ABOUT = pattern(
    r"(?i)(?<![A-Za-z])(?:html5?|xhtml|xml|svg|css|markdown|markup|(?<!hash ?|price |name |dog )tags?|web ?pages?"
    r"|web ?sites?|web ?forms?|landing page|dom|jsx|"
    r"template|bootstrap|front-?end|angle brackets?|bold(?:ed|face)?|italici[sz]e[ds]?|italics?|underlin\w+"
    r"|strikethrough|highlight\w*|superscript|subscript|fonts?|"
    r"format(?:ted|ting)?|typograph\w+|styl(?:e|ed|ing) (?:of )?(?:the )?text|colou?r(?:ed)?|php|javascript|jquery"
    r"|react|vue|angular|email signature|annotat\w+|rss|"
    r"wiki(?:text)?|ssml|bbcode|crawl\w*|scrap(?:e|ed|ing|er)|parse[rd]?|parsing|escap(?:e|ed|ing)|sanitiz\w+|xss|blazor|asp\.net|hyperlinks?)(?![A-Za-z])"
    r"|网页|網頁|标签|標籤|标记|網站|网站|前端|加粗|粗体|斜体|下划线|タグ|太字|ウェブ|ホームページ|태그|굵게|웹|тег|сайт|разметк|жирн|курсив|balise|gras|italique|"
    r"page web|site web|webseite|fett|kursiv|página web|negrita|cursiva|negrito|itálico|grassetto|corsivo|pagina web"
)
_EXPLAINS = pattern(
    r"(?i)(?<![A-Za-z])(?:x?html5?|xml|css|jsx|markup)(?![A-Za-z])|<[^<>\n]{1,20}>[`\"'”]?\s*(?:tags?|elements?|标签|元素|タグ|태그|balise|тег)"
    r"|(?:\b(?:tags?|elements?|balises?)\b|标签|元素|タグ|태그|тег)[^.\n<]{0,30}[`\"'“]?<\w"
)


@rule(
    "TXT401",
    "html-tag",
    category="suspicious",
    roles=["user", "assistant", "text", "unknown"],
    triggers=[
        r"</?([bh]r|div|span|em|strong|[uo]l|li|t[dhrt]|tbody|thead|table|h[1-6]|img|blockquote|font|su[pb]|nobr"
        r"|iframe|center|strike|p|pre|small)[ />]",
        r"</([biuaq]|del|ins|code|big|cite|script|style|abbr|mark|html|body|head)>",
        r"<(BR|P|DIV|SPAN|B|I|LI|UL|FONT|TD|TR)[ />]",
        r"<!--",
    ],
    fix="unsafe",
    fix_safety="Takes the tags out; line breaks, paragraphs and list items keep a line of their own. The target of a link and the "
    "source of a picture are lost.",
    known_problems="A prompt that speaks of formatting, tags or web pages clears its answer, whatever is in it.",
    examples=[
        bad(
            {
                "instruction": "Who won?",
                "input": "",
                "output": '<p>The <b>red</b> team won.</p><p>See <a href="https://example.com">the report</a>.</p>',
            },
            fixed={"instruction": "Who won?", "input": "", "output": "The red team won.\n\nSee the report."},
            name="paragraphs, bold, a link",
        ),
        bad(
            {
                "instruction": "Write two verses.",
                "input": "",
                "output": "Rain on the roof,<br>\nwind at the door,<br/>night.",
            },
            fixed={
                "instruction": "Write two verses.",
                "input": "",
                "output": "Rain on the roof,\nwind at the door,\nnight.",
            },
            name="line breaks",
        ),
        bad(
            {
                "instruction": "How do I install git on Ubuntu?",
                "input": "",
                "output": "Two steps:</p>\n\n<ol>\n<li><p>Update.</p></li>\n<li>Install git.</li>\n</ol>",
            },
            fixed={
                "instruction": "How do I install git on Ubuntu?",
                "input": "",
                "output": "Two steps:\n\n\n- Update.\n- Install git.\n",
            },
            name="an answer scraped from a forum",
        ),
        bad(
            {"instruction": "How large is it?", "input": "", "output": "It has 70 m<sup>2</sup>.<!-- checked -->"},
            fixed={"instruction": "How large is it?", "input": "", "output": "It has 70 m²."},
            name="an exponent and a comment",
        ),
        good(
            {"instruction": "Write HTML for a list.", "input": "", "output": "<ul><li>One</li></ul>"}, name="asked for"
        ),
        good(
            {"instruction": "Make the verb bold.", "input": "Birds sing.", "output": "Birds <b>sing</b>."},
            name="formatting asked for",
        ),
        good(
            {"instruction": "How do lines break?", "input": "", "output": "The HTML tag <br> breaks a line."},
            name="an answer about tags",
        ),
        good(
            {
                "instruction": "Give me a test string.",
                "input": "",
                "output": "Try <b onclick='alert(1)'>this</b> in the field.",
            },
            name="a test of a page's defences",
        ),
        good(
            {
                "instruction": "Sign-up form",
                "input": "",
                "output": "<!DOCTYPE html>\n<html><body><p>Hi</p></body></html>",
            },
            name="a whole document",
        ),
        good(
            {"instruction": "Show it.", "input": "", "output": "Use:\n```\n<b>Hi</b>\n```\nor `<br>`."},
            name="code in Markdown",
        ),
        good(
            {
                "instruction": "Declare a list.",
                "input": "",
                "output": "List<String> a = new ArrayList<>(); Map<K, List<I>> b;",
            },
            name="generics",
        ),
        good(
            {
                "instruction": "Tell <name> about <a> and <b>.",
                "input": "",
                "output": "If a < b and c > d, then <i> is free.",
            },
            name="placeholders and inequalities",
        ),
        good(
            {
                "instruction": "Think first.",
                "input": "",
                "output": "<thinking>Two.</thinking><answer>2</answer><summary>ok</summary>",
            },
            name="tags of an answer format",
        ),
        good(
            {"instruction": "Table?", "input": "", "output": "| a | b |\n|---|---|\n| 1<br>2 | 3 |"},
            name="a line break in a Markdown table",
        ),
        good(
            {"instruction": "Water?", "input": "", "output": "**Water** is H<sub>2</sub>O."},
            name="Markdown has no sign for an index",
        ),
        good(
            {"instruction": "Mail?", "input": "", "output": "Write to <a@example.org> or <https://example.org>."},
            name="addresses in angle brackets",
        ),
    ],
    judged=Judged(
        5,
        5,
        "all its findings on 46 public sets, 70,000 records: of 170 texts with tags the others were asked for, code "
        "or documents; 20 of 20 made-up forms of residue, none of 20 look-alikes",
    ),
)
def check_html_tag(message: Message) -> Iterator[Finding]:
    """Tags left over from a page.

    Text taken from the web keeps its markup: a paragraph tag costs three tokens and says nothing, and a model that learns them
    writes them into plain answers. Most tags in instruction data are legitimate, so tasks about markup, pages or formatting,
    code, whole documents, and the tags of an answer format are left alone.
    """
    text = message.text
    tags = [m for m in _TAG.finditer(text) if not prose.covered(m.span(), prose.code(text))]
    edits = _removed(text, tags)
    if not edits or _is_asked_for(message) or _is_code(message):
        return
    saved = sum(b - a - len(new) for (a, b), new in edits)
    names = list(dict.fromkeys(_name(text[a:b]) for (a, b), _ in edits))
    said = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    fix = message.replace(edits, f"remove {count(saved, 'character')} of markup")
    yield message.finding(edits[0][0], f"{count(len(edits), 'HTML tag')} in plain text: {said}", fix=fix)


def _name(tag: str) -> str:
    found = _TAG.match(tag)
    return f"<{found['name'].lower()}>" if found else "a comment or script"


def _removed(text: str, tags: list[regex.Match[str]]) -> list[tuple[Span, str]]:
    """What to put in the place of each tag, comment and script."""
    hidden = [m.span() for pattern in (_COMMENT, _HIDDEN) for m in pattern.finditer(text)]
    hidden = [s for s in hidden if not prose.covered(s, prose.code(text))]
    kept = _trusted(text, [t for t in tags if not prose.covered(t.span(), hidden)])
    edits = [(tag.span(), _instead(text, tag)) for tag in kept] + [(span, "") for span in hidden]
    return _with_signs(text, sorted(edits))


def _trusted(text: str, tags: list[regex.Match[str]]) -> list[regex.Match[str]]:
    """The tags that are no placeholders, and not what Markdown itself needs."""
    ends = {t["name"].lower() for t in tags if t["end"]}
    markdown = _MARKDOWN.search(text) is not None
    found = []
    for tag in tags:
        name = tag["name"].lower()
        sure = name in ends or bool(tag["attributes"].strip()) or _LINE_BREAKS.fullmatch(name) is not None
        if not sure and regex.fullmatch(_SURE, name):
            sure = len(tags) > 1 or name not in ("p", "pre", "small", "em", "th", "tt")
        if sure and not (markdown and name in _MARKDOWN_HTML):
            found.append(tag)
    return found


def _instead(text: str, tag: regex.Match[str]) -> str:
    """The line feeds or the list mark that a tag stood for."""
    name, (start, end) = tag["name"].lower(), tag.span()
    last, at_start = not text[end:].strip(), not text[:start].strip()
    on_new_line = at_start or text[start - 1] == "\n"
    if _LINE_BREAKS.fullmatch(name):
        return "" if last or text[end : end + 1] in ("\n", "\r") else "\n"
    if name == "li":
        return "" if tag["end"] else ("- " if on_new_line or text[max(0, start - 5) : start].endswith(">") else "\n- ")
    if name in ("td", "th"):
        return " " if tag["end"] and not last else ""
    if (
        _BLOCKS.fullmatch(name)
        and tag["end"]
        and not last
        and text[end : end + 1] != "\n"
        and text[end : end + 2] != "</"
    ):
        return "\n\n" if name in ("p", "h1", "h2", "h3", "h4", "h5", "h6") else "\n"
    return ""


def _with_signs(text: str, edits: list[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """A superscript figure as the sign for it, other superscripts behind a caret."""
    found: list[tuple[Span, str]] = []
    for (start, end), new in edits:
        opened = found[-1][0] if found and text[start:end].lower() == "</sup>" else (0, 0)
        inside = text[opened[1] : start] if text[opened[0] : opened[1]].lower().startswith("<sup") else ""
        if inside and len(inside) < 4:
            found[-1] = (opened[0], end), _SIGNS.get(inside, f"^{inside}")
        else:
            found.append(((start, end), new))
    return found


def _is_asked_for(message: Message) -> bool:
    """Whether markup is what the task is about."""
    text = message.text
    if message.role == "assistant":
        asking = [message.prompt]
    else:
        asking = [message.prompt, _TAG.sub(" ", text), *(s.text for s in message.siblings)]
        if any(map(prose.asks_for_code, asking)):
            return True
    return any(map(_ABOUT.search, asking)) or any(map(_TAG.search, asking[:1])) or _EXPLAINS.search(text) is not None


def _is_code(message: Message) -> bool:
    """A whole document, markup that was made on purpose, or source code around the tags."""
    text = message.text
    if _DOCUMENT.match(text) or _PAYLOAD.search(text):
        return True
    lines = [_TAG.sub(" ", line).strip() for line in _BLOCK.sub("", text).split("\n") if _TAG.search(line)]
    said = [line for line in lines if any(c.isalpha() for c in line)]
    if not said:
        return not _COMMENT.search(text) and not _BLOCK.search(text)
    if _MAKES.search(message.prompt) and (
        _MADE.search(text) or sum(len(line.split()) for line in said) < 4 * len(said)
    ):
        return True
    return 2 * sum("{" in line or prose.is_code_line(line) for line in said) >= len(said)
