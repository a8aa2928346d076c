"""QLT401: a prompt that leans on something the record does not carry."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from datalint import Finding, Judged, Message, bad, good, pattern, prose, rule

_LONG = 600  # a prompt of more characters carries its matter itself
_MEDIA = (
    r"(?:image|picture|photo|photograph|painting|drawing|cartoon|comic strip|video|clip|audio|recording|sound clip"
    r"|screenshot|diagram|chart|figure|graph|infographic|map|illustration|artwork|sculpture|logo|poster|attachment|file|pdf"
    r"|meme|sketch|portrait)"
)
_SHORT = r"image|picture|photo|painting|drawing|cartoon|video|clip|audio|recording|screenshot|diagram|chart|figure|graph|artwork|attach"
_URL = r"(?:https?://|www\.)[^\s\])>,]+(?:\s{1,2}[\w.%?-]*(?:[=&]|\.html?\b)\S*)?"
_LABEL = r"(?:(?:[\w'’#-]+\s+){0,3}[\w'’#-]+\s?(?::|-)\s*)?"
# The whole text: links, each perhaps with a label of a few words in front of it.
_LINKS = pattern(rf"(?i)\s*{_LABEL}[\s\[(<\"']*{_URL}[\])>\"'.]*(?:[\s,;]+{_LABEL}[\[(<]*{_URL}[\])>]*)*\s*")
_EMBEDDED = pattern(
    r"(?i)\s*(?:[\w' -]{0,30}:\s*)?(?:!\[[^\]\n]*\](?:\([^)\s]*\)|\[[^\]\n]*\])|<img\b[^>]*>|<(?:image|video"
    r"|audio)\b[^>\n]*>|\[img\].*\[/img\])\s*(?:\[\d+\]:\s*\S+\s*)?"
)
_STAND_IN = pattern(
    rf"""(?i)\s*(?:{_MEDIA}\s?\d*\s?:\s*)?(?:
        [\[<(]\s*(?:(?:please\s+)?(?:insert|attach(?:ed)?|add|upload|provide|input:|see)\s+)?(?:
            link\s+to\b[^\]>)\n]*
          | (?:an?\s+|the\s+|your\s+|given\s+)?(?:[\w'’-]+\s+){{0,2}}{_MEDIA}s?
            (?:\s+(?:of|showing|depicting|from|with|attached|provided|here|goes|included|\d)\b[^\]>)\n]*)?
          | (?:website\s+|article\s+|image\s+)?(?:url|link)
        )\s*[\]>)]\s*\.?
      | (?:please\s+)?(?:attach(?:ed)?|see(?:\s+the)?\s+attached)\s+(?:is\s+)?(?:an?\s+|the\s+)?{_MEDIA}s? | {_MEDIA}\s+attached
      | [\[<(【]?(?:附上|附|提供)?的?(?:图片|照片|图像|图)(?:附上|链接)?[\]>)】]?
      | [\[【][^\]】\n]{{0,16}}(?:图片|照片|图像|链接)[\]】]
    )\s*""",
    regex.X,
)
_REFERS = pattern(
    rf"""(?i)\b(?:(?:the\s+)?(?:following|attached|accompanying|below)|the\s+(?:given|provided|above)|this)\s+(?:\w+\s+)?{_MEDIA}s?\b
        (?!\s+(?:of|showing|depicting|with|that|which|by|titled|called|named|is|format|type|editing|library|class|system|below\s*:)\b)
      | \bthe\s+{_MEDIA}s?\s+(?:below|above|attached|provided|shown\s+here|linked)\b
      | (?:下面|以下|这张|这幅|这个|给定|附上|所附|上面|下列)的?(?:图片|照片|图像|图表|视频|音频|画作|插图)
      | \b(?:image|photo|photographie|vidéo|pièce)s?\s+(?:ci-jointe?s?|ci-dessous|suivante?s?)\b | \bcette\s+(?:image|photo|vidéo)\b
      | \b(?:folgende[ns]?|angehängte[ns]?|beigefügte[ns]?|diese[ms]?)\s+(?:Bild|Foto|Video|Datei|Diagramm)\b
      | \b(?:la\s+siguiente|esta)\s+(?:imagen|foto|fotografía)\b | \b(?:imagen|foto|vídeo|archivo)\s+adjunt[oa]\b
      | \b(?:следующ\w+|эт(?:ой|у|ом|а)|прикрепл[её]нн\w+|приложенн\w+)\s+(?:изображени\w+|картин\w+|фото\w*|видео)\b
    """,
    regex.X,
)
_GIVEN = pattern(r"[:\n\"“]\s*\S")
_ASKS_PAGE = pattern(
    r"(?is)\b(?:summari[sz]e|summary|read|review|analy[sz]e|describe|explain|critique|evaluate|watch|listen|extract"
    r"|translate|rewrite|improve|edit|identify|classify|caption|write|create|compose|generate|list|give|what|based on"
    r"|according to)\b[^\n]{0,160}\b(?:article|page|website|site|video|trailer|paper|post|blog|story|link|document|image"
    r"|photo|picture|painting|song|podcast|news"
    rf"|report|recipe|content)s?\b[^\n]{{0,80}}?[\s:(\[]+{_URL}[)\].?!\s]*\Z"
)
# What the task wants of a text that is a link but for a few words.
_DEMANDS = pattern(
    r"(?i)\b(?:summar\w+|articles?|papers?|news|key (?:points|ideas|concepts)|main (?:points?|ideas?|topics?|themes?)"
    r"|web ?pages?|blog posts?|this (?:photo|image|picture|video|painting|figure)|the (?:following |given "
    r"|two given )?(?:photo|image|picture|video|painting|figure)s?)\b"
)
_EMBED = pattern(r"!\[[^\]\n]*\]\([^)]*\)|<img\b[^>]*>")
_WITH_TOOLS = pattern(r"(?i)\b(?:html|toolformer|tools?|api|curl|scrap\w*|crawl\w*|cite|citation)\b")
# The link itself is the matter, or a tool will open it.
_ABOUT_LINK = pattern(
    r"(?i)\b(?:urls?|domains?|hyperlinks?|html|anchor|protocol|encode\w*|decode\w*|shorten\w*|slug|subdomains?|parse\w*"
    r"|normali[sz]e|crawl\w*|scrap\w*|cite|citations?|apa|mla|(?:create|make|add|insert) (?:a|the) link|(?:button|that"
    r"|which) links? to|button|bookmark|block|browser|download|fetch|curl|ping|qr|api|broken|phishing|tools?|search engine"
    r"|embed|share)\b"
)
_STILL_CONTENT = pattern(
    r"(?i)\b(?:summari[sz]e|summary of|article (?:in|on|at|from) the (?:given |following )?(?:link|url)|type of article)\b"
)

_EXAMPLES = [
    bad(
        {
            "instruction": "Summarise this article.",
            "input": "https://news.example/rivers",
            "output": "Rivers are long.",
        },
        name="a link in place of the text",
    ),
    bad(
        {
            "instruction": "Summarise the article: https://news.example/rivers",
            "input": "",
            "output": "Rivers are long.",
        },
        name="a link in the prompt",
    ),
    bad(
        {
            "instruction": "Who painted this?",
            "input": "![painting](https://pictures.example/p.jpg)",
            "output": "A painter.",
        },
        name="a picture that text does not hold",
    ),
    bad(
        {"instruction": "Describe what you see.", "input": "[Image of a harbour]", "output": "Ships at anchor."},
        name="a picture in brackets",
    ),
    bad(
        {"instruction": "Count the people in the attached photo.", "input": "", "output": "Eight."},
        name="an attachment that is not there",
    ),
    bad(
        {
            "messages": [
                {"role": "user", "content": "Find a caption for the following picture."},
                {"role": "assistant", "content": "Summer!"},
            ]
        },
        name="nothing follows",
    ),
    bad({"instruction": "描述以下图片。", "input": "", "output": "一片草地。"}, name="Chinese"),
    bad({"instruction": "Décris la photo ci-jointe.", "input": "", "output": "Un port."}, name="French"),
    bad({"instruction": "Beschreibe das angehängte Bild.", "input": "", "output": "Ein Hafen."}, name="German"),
    bad({"instruction": "Describe esta imagen.", "input": "", "output": "Un puerto."}, name="Spanish"),
    bad({"instruction": "Опиши следующее изображение.", "input": "", "output": "Порт."}, name="Russian"),
    good(
        {
            "instruction": "Describe the following photo.",
            "input": "Two boats at dawn, seen from the pier.",
            "output": "A calm morning.",
        },
        name="a description stands for it",
    ),
    good(
        {
            "instruction": "Which domain is this URL from?",
            "input": "https://news.example/rivers",
            "output": "news.example",
        },
        name="about the link itself",
    ),
    good(
        {
            "instruction": "Write Python code that reads this page.",
            "input": "https://news.example",
            "output": "print(1)",
        },
        name="code that opens it",
    ),
    good(
        {
            "messages": [
                {"role": "user", "content": "<image>Describe this picture."},
                {"role": "assistant", "content": "A harbour."},
            ],
            "images": ["h.jpg"],
        },
        name="the picture is there",
    ),
    good({"instruction": "What is a bar chart?", "input": "", "output": "A chart with bars."}, name="about pictures"),
    good(
        {"instruction": "Invent a title for this painting of two boats at dawn.", "input": "", "output": "First Light"},
        name="described in the prompt",
    ),
]


@rule(
    "QLT401",
    "unavailable-reference",
    category="suspicious",
    roles=["user"],
    triggers=(
        r"https?://",
        r"www\.\w",
        r"!\[",
        r"<(img|image|video|audio)[ >:]",
        rf"(?i)(following|attached|accompanying|below|given|provided|above|this) ({_SHORT}|photograph|map|illustration|sculpture|logo"
        r"|poster|file|pdf|meme|sketch|portrait|infographic|comic)",
        rf"(?i)(following|attached) \w{{2,14}} ({_SHORT}|photograph|map|illustration)",
        r"(?i)(image|picture|photo|photograph|painting|drawing|video|audio|chart|figure|graph|diagram|map|file"
        r"|attachment)s? (below|above|attached|provided|shown here|linked)",
        rf"(?i)^[\[<(] ?({_SHORT}|photograph|illustration|link|url|map|logo|sketch|portrait|poster)",
        rf"(?i)^[\[<(] ?\w{{1,10}} (\w{{1,10}} ){{0,2}}({_SHORT}|photograph|illustration|link|url|map|logo|sketch|portrait|poster)",
        r"(?i)(image|photo|picture|painting|artwork|video)( \d)?: ?[\[<(]",
        r"(?i)^(please )?(attach|see attached|see the attached)",
        r"(下面|以下|这张|这幅|这个|给定|附上|所附|上面|下列|提供).{0,2}(图|照片|视频|音频|画作|插图)",
        r"(图片|照片|图像|链接)(\]|】|>)",
        r"(?i)((image|photo|photographie|vid.{1,2}o|pi.{1,2}ce)s? (ci-|suivante)|cette (image|photo|vid))",
        r"(?i)(folgende.?|angeh.{1,2}ngte.?|beigef.{1,2}gte.?|diese.?) (bild|foto|video|datei|diagramm)",
        r"(?i)((la siguiente|esta) (imagen|foto)|(imagen|foto|deo|archivo) adjunt)",
        r"([Сс]ледующ|[Ээ]т|рикрепл|риложенн).{1,6} (изображ|картин|фото|видео)",
    ),
    known_problems="""
        Pictures that are described in a few words in brackets are found: the model sees the words, but the answer often
        speaks of more. Links that a later stage will fetch are found.
    """,
    judged=Judged(
        197, 193, "36 public sets, 59,000 records: all its findings; wrong were home pages that everybody knows"
    ),
    examples=_EXAMPLES,
)
def check_unavailable_reference(message: Message) -> Iterator[Finding]:
    """The prompt needs a picture, a link or an attachment that the record does not carry.

    A text model cannot open a link or see a picture that is not in the record; the answer in the data is then invented,
    and teaches to invent. Records with attachments, tasks about the link itself, code, and prompts for an assistant with
    tools are left alone.
    """
    if message.record.layout.attachments or message.turn.attached:
        return
    text = message.text
    beside = "\n".join(m.text for m in message.siblings).strip()
    if len(text) < 200 and (_EMBEDDED.fullmatch(text) or _STAND_IN.fullmatch(text)):
        if beside and not _about_link(message, beside) and not prose.about_markup(beside):
            yield message.finding(_inner(text), f"{text.strip()[:60]!r} is not in the record")
    elif _is_link(text) or (beside and _is_mostly_link(text, beside)):
        if (beside or not message.history) and not _about_link(message, beside):
            yield message.finding(_inner(text), f"the model cannot open {text.strip()[:60]!r}")
    elif not beside and len(text) < _LONG:
        yield from _in_prompt(message)


def _is_link(text: str) -> bool:
    return len(text) < _LONG and ("://" in text or "www." in text) and _LINKS.fullmatch(text) is not None


def _is_mostly_link(text: str, beside: str) -> bool:
    """A link or an embedded picture with a few words around it, where the task is about what it shows."""
    rest = _EMBED.sub(" ", text)
    rest = regex.sub(_URL, " ", rest)
    if len(rest) == len(text) or len(text) > 2 * _LONG or len(rest.split()) > 18 or regex.search(r"[{}=;|<]", rest):
        return False
    return _DEMANDS.search(beside) is not None


def _in_prompt(message: Message) -> Iterator[Finding]:
    text = message.text
    match = _ASKS_PAGE.search(text) if "://" in text or "www." in text else None
    if match is not None:
        if not _WITH_TOOLS.search(text) and not prose.asks_for_code(text):
            yield message.finding(match.span(), "the model cannot open the link that the prompt is about")
        return
    refers = _REFERS.search(text) if len(text) < 300 else None
    if refers is None or message.history.strip() or prose.asks_for_code(text) or prose.has_code(text):
        return
    rest = text[refers.end() :].strip()
    given = _GIVEN.search(rest) or len(rest) > 120 or refers.start() > 160
    if not given and not prose.about_markup(text):
        yield message.finding(
            refers.span(), f"the prompt speaks of {refers.group()!r}, and there is none in the record"
        )


def _about_link(message: Message, beside: str) -> bool:
    near = f"{beside}\n{message.history}"
    if "toolformer" in near:
        return True
    return (_ABOUT_LINK.search(near) is not None or prose.asks_for_code(near)) and not _STILL_CONTENT.search(beside)


def _inner(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, len(text.rstrip())
