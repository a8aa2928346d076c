"""What is prose and what is not: code, markup, quotations, verse. Pure functions of text that many rules share.

A rule about text is only as good as what it leaves alone. These are the common exemptions, cheap and deterministic;
each errs on the side of calling something legitimate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import regex

from datalint.batch import Message
from datalint.model import Span

_FENCE = regex.compile(r"^[ \t]*(?P<mark>`{3,}|~{3,})[^\n]*\n(?:.*?^[ \t]*(?P=mark)[`~]*[ \t]*$|.*\Z)", regex.M | regex.S)
_INLINE = regex.compile(r"(?<!`)(`{1,2})(?!`)(?:[^`\n]|(?<!`)`(?!`)(?=.*\1))+?\1(?!`)")
_CODE_LINE = regex.compile(
    r"""^\s*(?:
        (?:def|class|async\ def)\s+\w+.*:\s*$ | (?:from\s+[\w.]+\s+)?import\s+[\w.*{]+ | \#include\s*[<"] | using\s+\w+.*;\s*$
      | (?:public|private|protected|static|final|const|let|var|func|fn|function|package|namespace|struct|enum|interface)\b.*[{;(=)]\s*$
      | (?:if|for|while|switch|else\ if|elif|else|try|catch|except|finally|with|do)\b.*[{:]\s*$
      | return\b.*;?\s*$ | (?:print|printf|console\.log|System\.out\.print\w*|echo|puts|cout|fmt\.Print\w*)\s*[(<"'].*
      | [\w.\[\]*>-]+\s*(?:[-+*/]?=|\+\+|--)(?!=)\s*[^=].*[;)\]}"'\d\w]?\s*$(?<=;|\)|\]|\}|"|'|\d)
      | [\w.>-]+\(.*\)\s*[;{]?\s*$ | [{}()\]\[;,]+\s*$ | .*[;{}]\s*$ | </?[a-zA-Z!][^>]*>.* | (?://|/\*|\*/|\#!|\#\s).*
      | (?:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|CREATE\s+(?:TABLE|DATABASE|VIEW|INDEX)|ALTER|DROP|FROM|WHERE|GROUP\s+BY|ORDER\s+BY|JOIN|INNER|LEFT)\b.*
      | \$\s+\w+.* | >>>\s.* | @\w+.* | [.\#]?[\w-]+(?:\s[.\#\w-]+)*\s*\{.* | [\w-]+\s*:\s*[^;]+;\s*$
    )""",
    regex.X,
)
_STRONG = regex.compile(
    r"#include\s*<|\bdef \w+\(.*\):|\bpublic (?:static )?(?:class|void|int)\b|\bfunction\s*\w*\([^)]*\)\s*\{|<!DOCTYPE|</(?:html|body|div|script|head|table)>"
    r"|\bconsole\.log\(|\bSystem\.out\.|\bimport (?:numpy|pandas|java\.|React|os|sys|random|math|re)\b|\bSELECT\b[^.]{1,200}\bFROM\b|=>\s*\{|\bprintf?\(\"|std::|\$\(\"|^\s*<\?(?:php|xml)",
    regex.M,
)
_CODE_WORDS = (
    r"code|codes|coding|program|programs|script|scripts|function|functions|algorithm|class|method|html5?|css3?|sql|mysql|query|queries|javascript|typescript|"
    r"js|jquery|react|vue|angular|node(?:\.js)?|python|java|c\+\+|c#|php|ruby|rust|golang|swift|kotlin|matlab|latex|bash|shell|regex(?:p|es)?|"
    r"regular expressions?|json|xml|yaml|toml|csv|markdown|svg|api|compiler?|debug|snippet|syntax|pseudo-?code|django|flask|spring|unix|linux|"
    r"command line|terminal|docker|makefile|graphql|excel formula|spreadsheet formula"
)
_ASKS_CODE = regex.compile(rf"(?i)(?<![\w-])(?:{_CODE_WORDS})(?![\w-])|代码|程序|函数|编程|算法|脚本|код|программ|fonction|programme")
_MARKUP = regex.compile(
    r"(?i)(?<![\w-])(?:html5?|xhtml|xml|svg|markdown|css|tags?|web ?pages?|web ?sites?|web ?forms?|landing page|hyperlinks?|urls?|markup|templates?|latex|rss|jsx|"
    r"mark(?:ed)? up|anchor element|div|iframe|bootstrap|front-?end|email signature|header element|email template|dom|jquery|javascript|php|wiki(?:text)?|ssml|bbcode)(?![\w-])"
    r"|网页|标签|标记|网站|html|超链接|前端|сайт|тег|разметк|page web|site web|balise"
)
_TAG = regex.compile(r"</?[a-zA-Z][^<>]*>")


@lru_cache(maxsize=256)
def fences(text: str) -> tuple[Span, ...]:
    """Fenced blocks, fences included; one that is never closed runs to the end."""
    if "```" not in text and "~~~" not in text:
        return ()
    return tuple(m.span() for m in _FENCE.finditer(text))


@lru_cache(maxsize=256)
def code(text: str) -> tuple[Span, ...]:
    """Fenced blocks and inline code spans."""
    if "`" not in text and "~~~" not in text:
        return ()
    blocks = fences(text)
    inline = (m.span() for m in _INLINE.finditer(text))
    return tuple(sorted({*blocks, *(s for s in inline if not covered(s, blocks))}))


def covered(span: Span, spans: Sequence[Span]) -> bool:
    """Whether ``span`` touches one of ``spans``."""
    return any(a < span[1] and span[0] < b or a == span[0] for a, b in spans)


@lru_cache(maxsize=256)
def is_code(text: str) -> bool:
    """Whether the text outside fences is source code, whole or for the most part."""
    rest = text
    for a, b in reversed(fences(text)):
        rest = rest[:a] + rest[b:]
    lines = [line for line in rest.split("\n") if line.strip()]
    if not lines:
        return bool(fences(text))
    hits = sum(1 for line in lines[:200] if _CODE_LINE.match(line))
    share = hits / len(lines[:200])
    return share >= 0.5 or (share >= 0.2 and _STRONG.search(rest) is not None)


def has_code(text: str) -> bool:
    """Whether the text holds any source code, fenced or bare."""
    return bool(fences(text)) or is_code(text) or _STRONG.search(text) is not None


def asks_for_code(text: str) -> bool:
    """Whether a prompt speaks of code, a programming language or a data format."""
    return _ASKS_CODE.search(text) is not None


def about_markup(text: str) -> bool:
    """Whether a text speaks of markup, web pages or templates."""
    return _MARKUP.search(text) is not None


def is_document(text: str) -> bool:
    """Whether the text is a whole markup document rather than prose with tags in it."""
    stripped = text.lstrip()
    if regex.match(r"(?i)<(?:!doctype|html|\?xml|svg|head|body)\b", stripped):
        return True
    tags = sum(len(m.group()) for m in _TAG.finditer(text))
    return tags > 0.4 * len(text.strip()) or (stripped.startswith("<") and text.rstrip().endswith(">"))


@lru_cache(maxsize=256)
def is_verse(text: str) -> bool:
    """Whether the text reads as verse or lyrics: many short lines, few of which end a sentence."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 4:
        return False
    short = sum(1 for line in lines if len(line) < 70)
    listed = sum(1 for line in lines if regex.match(r"(?:[-*•+]|\d+[.)])\s", line))
    return short >= 0.85 * len(lines) and listed <= 0.2 * len(lines)


def is_table(text: str) -> bool:
    """Whether at least two lines look like rows of a table (pipes, tabs, or comma-separated values)."""
    rows = [line for line in text.split("\n") if line.count("|") >= 2 or line.count("\t") >= 1 or line.count(",") >= 4]
    return len(rows) >= 2


def in_code(message: Message, span: Span) -> bool:
    """The span lies in fenced or inline code, or the whole text is code."""
    return covered(span, code(message.text)) or is_code(message.text)


def in_quotes(message: Message, span: Span) -> bool:
    """The span lies between quotation marks on its line."""
    text = message.text
    start = text.rfind("\n", 0, span[0]) + 1
    end = text.find("\n", span[1])
    before, after = text[start : span[0]], text[span[1] : end if end >= 0 else len(text)]
    return any(
        before.count(a) > (0 if a == b else before.count(b)) and b in after and (a != b or before.count(a) % 2 == 1)
        for a, b in ('""', "“”", "«»", "「」", "『』", "‘’")
    )


def in_code_task(message: Message, span: Span) -> bool:
    """The prompt speaks of code, or the text holds some."""
    return asks_for_code(_surroundings(message)) or has_code(message.text) or has_code(message.prompt)


def in_markup_task(message: Message, span: Span) -> bool:
    """Prompt or answer is about markup, or the text is a whole document."""
    return about_markup(_surroundings(message)) or is_document(message.text) or about_markup(message.text)


def in_verse(message: Message, span: Span) -> bool:
    """The text is verse."""
    return is_verse(message.text)


def in_table(message: Message, span: Span) -> bool:
    """The text holds a table."""
    return is_table(message.text)


def _surroundings(message: Message) -> str:
    if message.role == "assistant":
        return message.prompt
    return "\n".join([message.prompt, message.text, *(s.text for s in message.siblings)])


# What a declarative rule may name in ``outside``.
CONTEXTS: dict[str, Callable[[Message, Span], bool]] = {
    "code": in_code,
    "code-task": in_code_task,
    "markup-task": in_markup_task,
    "quotes": in_quotes,
    "verse": in_verse,
    "table": in_table,
}
