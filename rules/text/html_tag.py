"""TXT401: tags left over from a page."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from datalint import Finding, Judged, Message, bad, good, prose, rule
from datalint_rules.text._wording import count

Span = tuple[int, int]

_ATTRIBUTES = r"(?:\s+[\w:@-]+(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+))?)*"
# Elements whose names mean nothing else. A name with attributes, or an end of its own, is a tag; else it may be a placeholder.
_SURE = "br|div|span|em|strong|ul|ol|li|table|tbody|thead|tr|td|th|h[1-6]|img|blockquote|font|hr|sup|sub|nobr|iframe|tt|center|strike|figure|figcaption|p|pre|small"
_PAIRED = "b|i|u|s|a|q|del|ins|code|big|cite|script|style|abbr|mark|html|body|head"
_TAG = regex.compile(rf"<(?<end>/?)(?<name>(?i:{_SURE}|{_PAIRED}))(?<attributes>{_ATTRIBUTES})\s*(?<empty>/?)>")
_COMMENT = regex.compile(r"<!--.{0,2000}?-->", regex.S)
_HIDDEN = regex.compile(r"(?is)<(script|style)\b[^<>]*>.{0,20000}?</\1\s*>")
_MARKDOWN_HTML = frozenset({"sub", "sup", "u", "br", "small", "mark", "del", "ins"})  # what Markdown has no sign for
_MARKDOWN = regex.compile(r"^#{1,6} |\*\*\w|^```|^\|.*\|$|\]\(https?:", regex.M)
_LINE_BREAKS = regex.compile(r"(?i)br|hr")
_BLOCKS = regex.compile(r"(?i)p|div|ul|ol|table|tr|h[1-6]|blockquote|pre|figure|center")
_SIGNS = {"2": "²", "3": "³", "1": "¹"}
_ABOUT = regex.compile(
    r"(?i)(?<![A-Za-z])(?:html5?|xhtml|xml|svg|css|markdown|markup|(?<!hash ?|price |name |dog )tags?|web ?pages?|web ?sites?|web ?forms?|landing page|dom|jsx|"
    r"template|bootstrap|front-?end|angle brackets?|bold(?:ed|face)?|italici[sz]e[ds]?|italics?|underlin\w+|strikethrough|highlight\w*|superscript|subscript|fonts?|"
    r"format(?:ted|ting)?|typograph\w+|styl(?:e|ed|ing) (?:of )?(?:the )?text|colou?r(?:ed)?|php|javascript|jquery|react|vue|angular|email signature|annotat\w+|rss|"
    r"wiki(?:text)?|ssml|bbcode|crawl\w*|scrap(?:e|ed|ing|er)|parse[rd]?|parsing|escap(?:e|ed|ing)|sanitiz\w+|xss|blazor|asp\.net|hyperlinks?)(?![A-Za-z])"
    r"|网页|網頁|标签|標籤|标记|網站|网站|前端|加粗|粗体|斜体|下划线|タグ|太字|ウェブ|ホームページ|태그|굵게|웹|тег|сайт|разметк|жирн|курсив|balise|gras|italique|"
    r"page web|site web|webseite|fett|kursiv|página web|negrita|cursiva|negrito|itálico|grassetto|corsivo|pagina web"
)
_EXPLAINS = regex.compile(r"(?i)(?<![A-Za-z])(?:html5?|xml|css|jsx|tags?|elements?|markup)(?![A-Za-z])|标签|元素|タグ|태그|тег|balise")


@rule(
    "TXT401",
    "html-tag",
    category="suspicious",
    roles=["user", "assistant", "text", "unknown"],
    triggers=[
        r"</?([bh]r|div|span|em|strong|[uo]l|li|t[dhrt]|tbody|thead|table|h[1-6]|img|blockquote|font|su[pb]|nobr|iframe|center|strike|p|pre|small)[ />]",
        r"</([biusaq]|del|ins|code|big|cite|script|style|abbr|mark|html|body|head)>",
        r"<(BR|P|DIV|SPAN|B|I|LI|UL|FONT|TD|TR)[ />]",
        r"<!--",
    ],
    fix="unsafe",
    fix_safety="Takes the tags out; line breaks, paragraphs and list items keep a line of their own. The target of a link and the "
    "source of a picture are lost.",
    known_problems="A prompt that speaks of formatting, tags or web pages clears its answer, whatever is in it.",
    examples=[
        bad(
            {"instruction": "Who won?", "input": "", "output": "<p>The <b>red</b> team won.</p><p>See <a href=\"https://example.com\">the report</a>.</p>"},
            fixed={"instruction": "Who won?", "input": "", "output": "The red team won.\n\nSee the report."},
            name="paragraphs, bold, a link",
        ),
        bad(
            {"instruction": "Write two verses.", "input": "", "output": "Rain on the roof,<br>\nwind at the door,<br/>night."},
            fixed={"instruction": "Write two verses.", "input": "", "output": "Rain on the roof,\nwind at the door,\nnight."},
            name="line breaks",
        ),
        bad(
            {"instruction": "How do I install git on Ubuntu?", "input": "", "output": "Two steps:</p>\n\n<ol>\n<li><p>Update.</p></li>\n<li>Install git.</li>\n</ol>"},
            fixed={"instruction": "How do I install git on Ubuntu?", "input": "", "output": "Two steps:\n\n\n- Update.\n- Install git.\n"},
            name="an answer scraped from a forum",
        ),
        bad(
            {"instruction": "How large is it?", "input": "", "output": "It has 70 m<sup>2</sup>.<!-- checked -->"},
            fixed={"instruction": "How large is it?", "input": "", "output": "It has 70 m²."},
            name="an exponent and a comment",
        ),
        good({"instruction": "Write HTML for a list.", "input": "", "output": "<ul><li>One</li></ul>"}, name="asked for"),
        good({"instruction": "Make the verb bold.", "input": "Birds sing.", "output": "Birds <b>sing</b>."}, name="formatting asked for"),
        good({"instruction": "How do lines break?", "input": "", "output": "The HTML tag <br> breaks a line."}, name="an answer about tags"),
        good({"instruction": "Sign-up form", "input": "", "output": "<!DOCTYPE html>\n<html><body><p>Hi</p></body></html>"}, name="a whole document"),
        good({"instruction": "Show it.", "input": "", "output": "Use:\n```\n<b>Hi</b>\n```\nor `<br>`."}, name="code in Markdown"),
        good({"instruction": "Declare a list.", "input": "", "output": "List<String> a = new ArrayList<>(); Map<K, List<I>> b;"}, name="generics"),
        good({"instruction": "Tell <name> about <a> and <b>.", "input": "", "output": "If a < b and c > d, then <i> is free."}, name="placeholders and inequalities"),
        good({"instruction": "Think first.", "input": "", "output": "<thinking>Two.</thinking><answer>2</answer><summary>ok</summary>"}, name="tags of an answer format"),
        good({"instruction": "Table?", "input": "", "output": "| a | b |\n|---|---|\n| 1<br>2 | 3 |"}, name="a line break in a Markdown table"),
        good({"instruction": "Water?", "input": "", "output": "**Water** is H<sub>2</sub>O."}, name="Markdown has no sign for an index"),
        good({"instruction": "Mail?", "input": "", "output": "Write to <a@example.org> or <https://example.org>."}, name="addresses in angle brackets"),
    ],
    judged=Judged(0, 0, ""),
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
    if not edits or _is_asked_for(message) or _is_code(text):
        return
    saved = sum(b - a - len(new) for (a, b), new in edits)
    names = list(dict.fromkeys(text[a:b].split()[0].strip("</>") or "tag" for (a, b), _ in edits))
    said = ", ".join(f"<{name}>" if name.isalnum() else "comment" for name in names[:5]) + (" …" if len(names) > 5 else "")
    fix = message.replace(edits, f"remove {count(saved, 'character')} of markup")
    yield message.finding(edits[0][0], f"{count(len(edits), 'HTML tag')} in plain text: {said}", fix=fix)


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
    if _BLOCKS.fullmatch(name) and tag["end"] and not last and text[end : end + 1] != "\n" and text[end : end + 2] != "</":
        return "\n\n" if name in ("p", "h1", "h2", "h3", "h4", "h5", "h6") else "\n"
    return ""


def _with_signs(text: str, edits: list[tuple[Span, str]]) -> list[tuple[Span, str]]:
    """A superscript figure as the sign for it."""
    found = []
    for n, ((start, end), new) in enumerate(edits):
        raised = text[start:end].lower().startswith("<sup") and n + 1 < len(edits) and text[slice(*edits[n + 1][0])].lower() == "</sup>"
        inside = text[end : edits[n + 1][0][0]] if raised else ""
        if inside in _SIGNS:
            found.append(((start, end + 1), _SIGNS[inside]))
        else:
            found.append(((start, end), "^" if inside and (inside.isdigit() or len(inside) < 3) else new))
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
    return any(map(_ABOUT.search, asking)) or any(map(_TAG.search, asking[:1])) or _EXPLAINS.search(_TAG.sub(" ", text)) is not None


def _is_code(text: str) -> bool:
    """A whole document, or source code around the tags."""
    if regex.match(r"(?i)\s*<(?:!doctype|html|\?xml|svg|head|body)\b", text):
        return True
    rest = _TAG.sub("", _HIDDEN.sub("", text))
    return bool(rest.strip()) and prose.is_code(rest)
