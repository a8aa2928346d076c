"""What is prose and what is not: code, markup, quotations, verse. Pure functions of text that many rules share.

A rule about text is only as good as what it leaves alone. These are the common exemptions, cheap and deterministic;
each errs on the side of calling something legitimate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import regex

from datalint.model import Span
from datalint.patterns import pattern
from datalint.views import Message

# A run of fence marks with what stands before and after it on its line.
_MARKS = pattern(r"^(?P<lead>[^\n`~]*+)(?P<mark>`{3,}+|~{3,}+)(?P<info>[^\n]*)", regex.M)
_LEAD = pattern(r"[ \t>]*(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+)*\Z")  # indentation, block quotes, list markers
_INLINE = pattern(r"(?<!`)(`{1,2})(?!`)(?:[^`\n]|(?<!`)`(?!`)(?=.*\1))+?\1(?!`)")

# Lines of code: what may follow their first word, and what they look like where that word says nothing.
_FIRST = pattern(r"[@#$]?\w+[?!]?")
_BLOCK = pattern(r".*[:{;(\])]$|\w+$|.*\b(?:do|then)$|\w+ \[.*|for \w+ in \S+$")
_NAMED = pattern(r"(?:async )?\w+ [\w.:~]+.*[:{();]$|class [A-Z]\w*(?: [<:] \w+)?$")
_IMPORT = pattern(
    r"(?:from [\w.]+ )?import [\w.*{]+(?:, \w+| as \w+)*;?$|from [\w.]+ import\b|import .*[\"'].*|\w+ [\w.:\\*]+;?$"
)
_MODIFIED = pattern(r".*[{;(=),]$|\w+ \w+ ?=.*|.* = .*")
_RETURN = pattern(r"return(?:\s+\S+){0,7}$(?<![a-z][.!?])")
_PRINT = pattern(r"[\w.]+!?\s*(?:<<|[(\"'$]).*")
_SQL = pattern(r"[A-Z]+\b(?: [A-Z]{2,})*\s*(?:$|[\w*(`\"'].*(?<![.!?])$)")
_SHELL = pattern(r"\w+ [\w\"'$./~*-]\S*(?: \S+){0,8}(?<![.!?:,])$")
_PSEUDO = pattern(r"[A-Z]+(?: [A-Z]+)*$|[A-Z]+ .*(?<![.!?])$")
_HEADS: dict[str, regex.Pattern[str]] = {
    word: compiled
    for words, compiled in (
        ("if for while switch else elif elsif try catch except finally with do case unless until foreach match loop", _BLOCK),
        ("done then fi end esac endif begin default endwhile endfor", pattern(r"\w+[;:.]?$")),
        ("def class async fn func function sub impl struct enum interface trait module namespace package type", _NAMED),
        ("import from using use require include", _IMPORT),
        ("public private protected static final const let var abstract override export local my our", _MODIFIED),
        ("return yield raise throw", _RETURN),
        ("print printf println echo puts cout cin console System fmt document alert input", _PRINT),
        ("SELECT INSERT UPDATE DELETE CREATE ALTER DROP FROM WHERE GROUP ORDER JOIN INNER LEFT RIGHT VALUES LIMIT HAVING", _SQL),
        ("mkdir cd ls sudo pip npm npx git docker apt yarn curl chmod grep cat mv cp rm export wget tar ssh conda brew", _SHELL),
        ("IF FOR WHILE FUNCTION REPEAT UNTIL SET PRINT RETURN READ INPUT OUTPUT CALL DECLARE FOREACH PROCEDURE", _PSEUDO),
        ("ELSE END ENDIF ENDWHILE ENDFOR BEGIN THEN START STOP", _PSEUDO),
    )
    for word in words.split()
}  # fmt: skip
_TAGS = (
    "html|head|body|div|span|p|a|b|i|u|em|strong|br|hr|ul|ol|li|dl|dt|dd|table|tbody|thead|tfoot|tr|td|th|caption|form|input|"
    "button|select|option|textarea|label|fieldset|legend|img|video|audio|source|iframe|script|noscript|style|link|meta|title|"
    "h[1-6]|header|footer|nav|section|article|aside|main|figure|figcaption|blockquote|pre|code|svg|path|canvas|center|font|small|big|sub|sup|"
    "strike|del|ins|mark|abbr|cite|kbd|tt|details|summary|address|time|picture|embed|object|param|map|area|col|colgroup|base|nobr|wbr|marquee"
)
_LINE = pattern(
    rf"""(?://|/\*|\*/|\#!|\#(?:include|define|if|endif)\b|<!--|-->|<!DOCTYPE|<\?|>>>\s|\$\s\w).*
    | \#\s(?!.*[a-z]\.$).* | [^\w\s]{{1,8}}$ | </?(?:{_TAGS})\b[^<>]*>.* | <([A-Za-z][\w.-]*)(?:\s[\w:-]+=["'].*|[^<>]*>.*</\1>)$
    | [A-Za-z_$"'*\[][\w$.\[\]"'*]*(?:,\s?[\w$.\[\]]+)*\s*(?:[-+*/%|&]?=|:=|<-|\+\+|--)(?!=)\s*[^\s=].*$(?<![a-z][.!?])
    | [A-Za-z_$.][A-Za-z0-9_.$:>-]*\(.*\)[;:{{,]?$ | @[\w.]+(?:\(.*\))?$ | "[\w $-]+"\s*:\s*(?:["\[{{\d-]|true|false|null).*
    | \w+\s+[A-Z]{{3,}}(?:\(\d+\))?(?:\s[A-Z_]+)*,?$ | [\w$]+\s*(?:::|=>)\s*\S.* | \|\s.*=.*""",
    regex.X,
)
_SIGN = pattern(
    r"[^\w\s,.'’-]|--|[A-Z]{3}|^[,.'’-]{1,8}$"
)  # a line without one is no line of code, unless its first word says so
_STRING = pattern(r'"[^"]*"|\'[^\']*\'')
_FEW = 4  # white space between the words that no statement reads like
_WORDS = pattern(r"(?:[\p{L}'’,()-]+\s+){4}[\p{L}'’]")  # no statement reads like that
# Signs of code that one look finds, each with a word that must be there before it is worth a look.
_STRONG = tuple(
    (needle, pattern(source, regex.M))
    for needle, source in (
        ("#include", r"#include\s*<"),
        ("def ", r"\bdef \w+\(.*\)\s*(?:->.*)?:"),
        ("public ", r"\bpublic (?:static )?(?:class|void|int|String)\b"),
        ("function", r"\bfunction\s*\w*\([^)]*\)\s*\{"),
        ("<!DOCTYPE", r"<!DOCTYPE"),
        ("</", r"</(?:html|body|div|script|head|table)>"),
        ("console.log(", r"\bconsole\.log\("),
        ("System.out.", r"\bSystem\.out\."),
        ("import ", r"\bimport (?:numpy|pandas|java\.|React|os|sys|random|math|re|torch|tensorflow)\b"),
        ("SELECT", r"\bSELECT\b[^.]{1,200}\bFROM\b"),
        ("CREATE TABLE", r"\bCREATE TABLE\b"),
        ("INSERT INTO", r"\bINSERT INTO\b"),
        ("=>", r"=>\s*\{"),
        ('("', r"\bprintf?\(\"|\$\(\""),
        ("std::", r"\bstd::"),
        ("<?", r"^\s*<\?(?:php|xml)"),
        ("#!", r"^#!/"),
        (" :: ", r"^\w+ :: \w+"),
        ("fn ", r"\bfn \w+\("),
        ("; do", r"^\s*(?:for|while) .*;\s*do$"),
    )
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of a task about code or markup. Words decide; a phrase is looked for where one of its words is there.
_SPACES = str.maketrans(dict.fromkeys("!\"$%&'()*,/:;<=>?@[\\]^`{|}~", " "))
_TOKEN = pattern(r"[a-z\u00df-\u024f\u0400-\u04ff\u1e00-\u1eff][a-z0-9\u00df-\u024f\u0400-\u04ff\u1e00-\u1eff_.+#-]*")
_CODE_WORDS = _words(
    """
    code codes coding coder programming function functions algorithm algorithms class classes method methods html
    html5 css css3 sql mysql postgres postgresql sqlite query queries javascript typescript js jquery reactjs
    react.js vue angular node.js nodejs python java c++ c# php golang kotlin matlab latex tex bash zsh powershell
    regex regexp regexes json jsonl xml yaml toml csv markdown svg api apis compiler compilers debug debugging
    snippet snippets syntax pseudocode pseudo-code django flask unix linux ubuntu command-line docker kubernetes
    makefile graphql vba ascii unicode loop loops variable variables array arrays string strings recursive recursion
    fonction fonctions programme programmes algorithme algorithmes requête funktion funktionen skript quelltext
    quellcode algorithmus programm código función funciones programa programas programación programação programar
    algoritmo algoritmos função funções codice funzione funzioni programma код кода коде кодом коду скрипт скрипта
    """
)
_CODE_PHRASES = pattern(
    r"(?i)\b(?:react (?:native|component)|regular expressions?|spring boot|command line|(?:excel|spreadsheet) (?:formula|function|macro)|"
    r"escape (?:character|sequence)s?|data structures?|computer programs?|shell (?:script|command)s?|(?:write|create|implement|design|"
    r"develop|build|construct|generate|compose|produce|make)\b.{0,60}\b(?:programs?|scripts?)|(?:in|using|with) (?-i:Ruby|Rust|Swift|Go|"
    r"R|C|Scala|Perl|Dart|React|Haskell|Lua|Elixir|Clojure|Julia))(?![A-Za-z0-9_+#-])"
)
_CODE_HEADS = _words(
    """
    react regular spring command excel spreadsheet escape data computer shell program programs script scripts ruby
    rust swift go r c scala perl dart haskell lua elixir clojure julia
    """
)
_CODE_ELSEWHERE = pattern(
    r"代码|代碼|程序|程式|函数|函數|编程|编写|算法|脚本|正则|コード|プログラ|関数|スクリプト|アルゴリズム"
    r"|코드|프로그램|함수|스크립트|알고리즘|программ\w|функци\w|"
    r"алгоритм|mã nguồn|đoạn mã|lập trình|chương trình|कोड|प्रोग्राम|फ़ंक्शन|كود|برنامج|دالة|خوارزمية"
)
_MARKUP_WORDS = _words(
    """
    html html5 xhtml xml svg markdown css webpage webpages website websites webform webforms hyperlink hyperlinks
    url urls markup template templates latex rss jsx div iframe bootstrap frontend front-end dom jquery javascript
    php wiki wikitext ssml bbcode webseite webseiten internetseite balise balises etiqueta etiquetas marcação сайт
    сайта сайте тег теги тегов веб
    """
)
_MARKUP_PHRASES = pattern(
    r"(?i)\b(?:(?<!hash |price |name |dog )tags?|web (?:page|site|form)s?|landing page|marked up|mark up|anchor element|email signature|"
    r"header element|angle brackets?|page web|site (?:web|internet)|p[áa]gina web|sitio web|sito web|trang web|thẻ html)\b"
)
_MARKUP_HEADS = _words(
    "tag tags web landing mark marked anchor email header angle page site página pagina sitio sito trang thẻ"
)
_MARKUP_ELSEWHERE = pattern(
    r"网页|網頁|标签|標籤|标记|標記|网站|網站|超链接|前端|模板|タグ|ウェブ|ホームページ|マークアップ"
    r"|태그|웹|마크업|разметк|веб-|वेब|टैग|موقع|وسم|صفحة ويب"
)
_TAG = pattern(r"</?[a-zA-Z][^<>]*>")
_DOCUMENT = pattern(r"(?i)<(?:!doctype|html|\?xml|svg|head|body)\b")
_WRAPPED = pattern(r"(?s)\s*<([a-zA-Z][\w:-]*)(?:\s[^<>]*)?>.*</\1>\s*")
_LISTED = pattern(r"(?:[-*•+·]|\d+[.)、]|#+)\s*|[|>]|[\w .]{1,25}[:：]\s")
_RULED = pattern(r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*\|[ \t|:-]*$", regex.M)  # under the head of a Markdown table
_CELLS = pattern(r"\t|,(?! )")
_QUOTES = (
    ('"', '"'), ("“", "”"), ("„", "“"), ("„", "”"), ("«", "»"), ("»", "«"), ("‹", "›"), ("‘", "’"), ("‚", "‘"),
    ("「", "」"), ("『", "』"), ("《", "》"), ("＂", "＂"),
)  # fmt: skip


@lru_cache(maxsize=256)
def fences(text: str) -> tuple[Span, ...]:
    """Fenced blocks, fences included; one that is never closed runs to the end.

    As CommonMark has it: a fence is closed by one of the same mark, at least as long, with nothing after it. Two
    liberties, for answers often take them: a fence may open or close a line that has text before it.
    """
    found, opened = _fenced(text)
    return found if opened is None else (*found, (opened, len(text)))


def unclosed_fence(text: str) -> int | None:
    """Where the fence starts that is never closed, None if there is none."""
    return _fenced(text)[1]


@lru_cache(maxsize=256)
def _fenced(text: str) -> tuple[tuple[Span, ...], int | None]:
    """The closed blocks, and the start of one that is never closed."""
    if "```" not in text and "~~~" not in text:
        return (), None
    spans: list[Span] = []
    start, mark = 0, ""
    for line in _MARKS.finditer(text):
        info, leading = line["info"].strip(), _LEAD.match(line["lead"]) is not None
        if mark:
            if line["mark"][0] == mark[0] and len(line["mark"]) >= len(mark) and not info:
                spans.append((start, line.end()))
                mark = ""
        elif "`" not in info and (leading or (line["mark"][0] == "`" and " " not in info)):
            start, mark = line.start() if leading else line.start("mark"), line["mark"]
    return tuple(spans), start if mark else None


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
    return any((a < span[1] and span[0] < b) or a == span[0] for a, b in spans)


@lru_cache(maxsize=256)
def is_code(text: str) -> bool:
    """Whether the text outside fences is source code, whole or for the most part."""
    rest = text
    for a, b in reversed(fences(text)):
        rest = rest[:a] + rest[b:]
    lines = [line for line in rest.split("\n") if line.strip()][:200]
    if not lines:
        return bool(fences(text))
    enough = len(lines) * (1 if _is_strong(rest) else 2.5) / 5
    found = 0
    for left, line in zip(range(len(lines), 0, -1), lines, strict=True):
        found += is_code_line(line)
        if found >= enough or found + left - 1 < enough:
            break
    return found >= enough


def is_code_line(line: str) -> bool:
    """Whether one line reads as source code."""
    line = line.strip()
    first = _FIRST.match(line)
    head = _HEADS.get(first.group()) if first is not None else None
    if line.endswith((";", "{", "}")):
        return head is _MODIFIED or line.count(" ") < _FEW or _WORDS.search(_STRING.sub("", line)) is None
    if head is not None and head.match(line) is not None:
        return True
    return _SIGN.search(line) is not None and _LINE.match(line) is not None


def has_code(text: str) -> bool:
    """Whether the text holds any source code, fenced or bare."""
    return bool(fences(text)) or _is_strong(text) or is_code(text)


def _is_strong(text: str) -> bool:
    return any(needle in text and sign.search(text) for needle, sign in _STRONG)


@lru_cache(maxsize=256)
def asks_for_code(text: str) -> bool:
    """Whether a prompt speaks of code, a programming language or a data format."""
    return _speaks(text, _CODE_WORDS, _CODE_HEADS, _CODE_PHRASES, _CODE_ELSEWHERE)


@lru_cache(maxsize=256)
def about_markup(text: str) -> bool:
    """Whether a text speaks of markup, web pages or templates."""
    return _speaks(text, _MARKUP_WORDS, _MARKUP_HEADS, _MARKUP_PHRASES, _MARKUP_ELSEWHERE)


def _speaks(
    text: str,
    words: frozenset[str],
    heads: frozenset[str],
    phrases: regex.Pattern[str],
    elsewhere: regex.Pattern[str],
) -> bool:
    """Whether a text has one of the words, one of the phrases, or one of the signs of a script without spaces."""
    said = _said(text.lower())
    if not said.isdisjoint(words):
        return True
    if not said.isdisjoint(heads) and phrases.search(text) is not None:
        return True
    return not text.isascii() and elsewhere.search(text) is not None


def _said(text: str) -> set[str]:
    """The words of a text in small letters; "c++", "node.js" and "front-end" are words."""
    if text.isascii():
        return {word.strip(".-") for word in text.translate(_SPACES).split()}
    return {word.rstrip(".-") for word in _TOKEN.findall(text)}


def is_document(text: str) -> bool:
    """Whether the text is a whole markup document rather than prose with tags in it."""
    if _DOCUMENT.match(text.lstrip()):
        return True
    tags = sum(len(m.group()) for m in _TAG.finditer(text))
    return tags > 0.4 * len(text.strip()) or (tags > 0 and _WRAPPED.fullmatch(text) is not None)


@lru_cache(maxsize=256)
def is_verse(text: str) -> bool:
    """Whether the text reads as verse or lyrics: many short lines that are neither list, labels nor code."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 4:
        return False
    short = sum(1 for line in lines if len(line) < 70)
    listed = sum(1 for line in lines if _LISTED.match(line))
    return short >= 0.85 * len(lines) and listed <= 0.2 * len(lines)


def is_table(text: str) -> bool:
    """Whether at least two lines look like rows of a table (pipes, tabs, or comma-separated values)."""
    if "|" not in text and "\t" not in text and text.count(",") < 8:
        return False
    if _RULED.search(text):
        return True
    rows = 0
    for line in text.split("\n"):
        commas = line.count(",") >= 4 and len(_CELLS.findall(line)) >= line.count(",") - 1
        rows += line.count("|") >= 2 or "\t" in line.strip() or commas
    return rows >= 2


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
        b in after and (before.count(a) % 2 == 1 if a == b else before.rfind(a) > before.rfind(b)) for a, b in _QUOTES
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
