"""QLT201: a stand-in where a value belongs."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from datalint import Finding, Judged, Message, bad, good, pattern, prose, rule

_WRAP = r"[\s\"'`“”‘’<>()\[\]{}*_#.,!:;。，《》【】「」-]|&lt;|&gt;|&quot;"
_TAG = r"(?:<|&lt;)\s*no[\s_-]*(?:in|out)put\s*/?\s*(?:>|&gt;)|(?:<|&lt;)\s*(?:无输入|无输出)\s*(?:>|&gt;)"
_NEEDED = (
    r"(?:\s+(?:is|are|was|were))?(?:\s+(?:data|text|values?|files?))?(?:\s+(?:required|needed|necessary|provided|given|available"
    r"|possible|specified|supplied|present))?(?:\s+(?:for|to|in)\s+(?:this|the)\s+(?:task|instruction|question|prompt|exercise))?"
)

# No text but a note that there is none. STRONG means it everywhere, ABSENT and WEAK only in a field beside another text.
_STRONG = pattern(
    rf"""(?i)(?:{_WRAP})*(?:
        no[\s_-]*(?:(?:additional|specific|further|other|user|text)\s+)?(?:in|out)puts?{_NEEDED} | ninput | noput | noimput
      | (?:the\s+)?inputs?\s+(?:is\s+|was\s+)?not\s+(?:required|needed|necessary|applicable|provided|available)
      | (?:this|the)\s+(?:task|instruction|question|prompt)\s+(?:does\s+not|doesn['’]t)\s+(?:require|need)\s+(?:an?y?\s+)?inputs?
      | (?:无|没有|无需|不需要|无须|不需)(?:输入|输出)(?:内容|数据)? | 输入(?:为)?(?:空|无)
      | (?:pas\s+d['’]|aucune\s+|sans\s+)entrée(?:\s+(?:requise|nécessaire))?
      | keine\s+eingabe(?:\s+(?:erforderlich|nötig|notwendig))?
      | (?:sin|ninguna)\s+entrada(?:\s+(?:requerida|necesaria))? | no\s+(?:se\s+)?(?:requiere|necesita)\s+entrada
      | (?:нет|без)\s+(?:ввода|входных\s+данных) | ввод\s+не\s+(?:требуется|нужен)
    )(?:{_WRAP})*""",
    regex.X,
)
_WEAK = pattern(
    rf"""(?i)(?:{_WRAP})*(?:
        none(?:\s+(?:required|needed|provided|given))? | null | nil
      | nothing | empty | blank | undefined | tbd | todo
      | no\s+(?:text|context|data|passage)(?:\s+(?:required|needed|provided|given))?
      | 无 | 空 | 暂无 | 无内容 | aucune? | keine? | ninguno | отсутствует
    )(?:{_WRAP})*""",
    regex.X,
)
_ABSENT = pattern(
    rf"""(?i)(?:{_WRAP})*(?:
        n\s?[/.]\s?a | (?-i:NA) | not\s+(?:applicable|required|needed|provided|given)
      | 不适用 | sans\s+objet | entfällt | no\s+aplica | не\s+требуется
    )(?:{_WRAP})*""",
    regex.X,
)
_NAME_TASK = pattern(
    r"(?i)\b(?:acronym\w*|abbreviat\w*|stands? for|symbols?|chemical|elements?|meaning|translat\w*|countr\w+)\b|意思|翻译|缩写"
)
_WORD_TASK = pattern(
    r"(?i)\b(?:words?|mean\w*|defin\w*|translat\w*|acronym\w*|abbreviat\w*|synonym\w*|antonym\w*|opposite|spell\w*|letters?"
    r"|strings?|values?|variables?|constants?|elements?|symbols?|keywords?|types?|phrases?|rhym\w*|plural|prefix|code"
    r"|language|pronounc\w*|country|capital)\b|意思|翻译|近义|反义|词|字"
)
_IN_TEXT = pattern(rf"(?i){_TAG}|(?<=\n)[^\w\n]*no\s?input[^\w\n]*\Z|(?<=\n)\s*无输入[。.]?\s*\Z")
_FEW_SHOT = pattern(r"(?im)^\W*\d*\W*(?:instruction|output|response|task|指令|输出)s?\s?\d*\s?[:：]")
_ABOUT_INPUT = pattern(r"(?i)\b(?:inputs?|instructions?|prompts?|noinput|nooutput)\b|输入|指令")
_STAND_IN = pattern(
    r"(?i)\s*[\[<]\s*(?:(?:please\s+)?(?:insert|enter|paste|provide|put|add)\b[^\[\]<>\n]{2,100}|(?:the\s+|an?\s+|your\s+"
    r"|given\s+)?(?:[\w'’-]+\s+){0,3}(?:article|text|passage|paragraph|poem|essay|story|document|table|data(?:\s?set)?"
    r"|letter|report|review|book|transcript|speech|recipe|resume|family tree|song|lyrics|code|email)(?:\s+(?:about|on|of|for"
    r"|from|containing|describing|goes|here|provided)\b[^\[\]<>\n]{0,100})?|(?:插入|输入|粘贴"
    r"|提供的?)[^\[\]<>\n]{2,40})\s*[\]>]\s*\.?\s*"
)
_MEDIUM = pattern(
    r"(?i)\b(?:image|picture|photo|photograph|painting|drawing|video|audio|screenshot|link|url|website|attach\w*|chart|graph"
    r"|figure|map|logo)s?\b|图|照片|链接|视频"
)  # media are the business of unavailable-reference
_ANSWERED = pattern(
    r"(?i)\s*\W{0,2}(?:<\s*no[\s_-]*(?:in|out)put\b|no[\s_-]*output\b\s*(?:[,.;:]|required|needed|$)|n/a\s*(?:[(,.;]|$)"
    r"|(?:todo|tbd)\W*$)"
)
_BRACKETED = pattern(
    r"(?i)\s*\*?(?:\[|<|\()\s*(?:(?:please\s+)?(?:insert|attached|attachment|output|enter|paste|put)\b[^\[\]<>()\n]{0,100}"
    r"|[^\[\]<>()\n]{0,60}\b(?:output|attached|screenshot|presentation|web ?page\b[^\[\]<>()\n]{0,40}))\s*(?:\]|>"
    r"|\))\*?\.?\s*"
)
_INSERT = pattern(r"(?i)[\[<](?:please )?insert (?!into\b)[^\[\]<>\n]{2,60}[\]>]|[\[【]插入[^\]】\n]{1,20}[\]】]")
_LETTER = pattern(
    r"(?i)\b(?:e-?mails?|letters?|templates?|forms?|memo|messages?|invitation|notes?|scripts?|speech|pitch|contract"
    r"|agreement|press release|invoice|announcement|repl(?:y|ies)|respon[sd]\w*|apolog\w*|placeholders?|blanks?|mad libs?"
    r"|survey|proposal|voicemail|greeting|resume|cv|introduc\w*|outline|statement|post|tweet|ads?|advertisement|fill|card"
    r"|certificate|agenda|complain\w*|conversation|say|ask\w*|tone|tell)\b|信|邮件|模板|表格"
)
_FIELD = pattern(r"(?<!\$)\{\{\s*[\p{L}_][\w.]{0,30}\s*\}\}")
_TEMPLATING = pattern(
    r"(?i)\b(?:templat\w*|jinja\w*|handlebars|mustache|placeholders?|variables?|prompts?|latex|vue|angular|ansible|helm"
    r"|liquid|twig|django|wiki\w*|yaml|bind\w*|cookiecutter)\b|模板|变量"
)
_LOREM = pattern(r"(?i)\blorem ipsum\b")
_FILLER = pattern(
    r"(?i)\b(?:lorem|placeholder|dummy|filler|mock\w*|sample|html|css|web\w*|templat\w*|layout|design|typeset\w*|latin"
    r"|font)\b|网页|示例"
)

_EXAMPLES = [
    bad(
        {"instruction": "Name a river.", "input": "<noinput>", "output": "The Rhine."},
        fixed={"instruction": "Name a river.", "input": "", "output": "The Rhine."},
        name="an input that says there is none",
    ),
    bad(
        {"instruction": "Name a river.", "input": "No input required.", "output": "The Rhine."},
        fixed={"instruction": "Name a river.", "input": "", "output": "The Rhine."},
        name="in words",
    ),
    bad(
        {"instruction": "Name a river.", "input": "N/A", "output": "The Rhine."},
        fixed={"instruction": "Name a river.", "input": "", "output": "The Rhine."},
        name="not applicable",
    ),
    bad(
        {"instruction": "说出一条河。", "input": "无输入", "output": "莱茵河。"},
        fixed={"instruction": "说出一条河。", "input": "", "output": "莱茵河。"},
        name="Chinese",
    ),
    bad(
        {"instruction": "Cite un fleuve.", "input": "Aucune entrée", "output": "Le Rhin."},
        fixed={"instruction": "Cite un fleuve.", "input": "", "output": "Le Rhin."},
        name="French",
    ),
    bad(
        {"instruction": "Nenne einen Fluss.", "input": "Keine Eingabe erforderlich", "output": "Der Rhein."},
        fixed={"instruction": "Nenne einen Fluss.", "input": "", "output": "Der Rhein."},
        name="German",
    ),
    bad(
        {"instruction": "Nombra un río.", "input": "Sin entrada", "output": "El Rin."},
        fixed={"instruction": "Nombra un río.", "input": "", "output": "El Rin."},
        name="Spanish",
    ),
    bad(
        {"instruction": "Назови реку.", "input": "Нет ввода", "output": "Рейн."},
        fixed={"instruction": "Назови реку.", "input": "", "output": "Рейн."},
        name="Russian",
    ),
    bad(
        {"instruction": "Summarise this.", "input": "[insert article]", "output": "It is about rivers."},
        name="a text that was to be put in",
    ),
    bad({"instruction": "Draw a river.", "input": "", "output": "<No output>"}, name="an answer that is none"),
    bad(
        {"instruction": "Give it a title.", "input": "A walk by the river.", "output": '<noinput>\n"By the River"'},
        name="in front of an answer",
    ),
    bad(
        {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "I am {{name}}, hello!"}]},
        name="a template that was not filled",
    ),
    bad(
        {"instruction": "Describe your town.", "input": "", "output": "Lorem ipsum dolor sit amet."}, name="filler text"
    ),
    good({"instruction": "Name a river.", "input": "", "output": "The Rhine."}, name="an empty input"),
    good(
        {"instruction": "Give a synonym of this word.", "input": "nothing", "output": "naught"},
        name="a word to work on",
    ),
    good(
        {"instruction": "Write a letter of thanks.", "input": "", "output": "Dear [Your Name], thank you!"},
        name="a letter with fields",
    ),
    good(
        {"instruction": "Write a Jinja template that greets.", "input": "", "output": "Hello {{name}}!"},
        name="a template that was asked for",
    ),
    good(
        {"instruction": "Which colour is missing? Say N/A if none is.", "input": "red, blue", "output": "N/A"},
        name="an answer that was allowed",
    ),
    good(
        {"instruction": "Reverse the list.", "input": "[table, chair]", "output": "[chair, table]"},
        name="a list in brackets",
    ),
    good(
        {"instruction": "Write HTML with filler text.", "input": "", "output": "<p>Lorem ipsum dolor sit amet.</p>"},
        name="filler text that was asked for",
    ),
    good(
        {"instruction": "What does this program print?", "input": "x = 1", "output": "No output."},
        name="a program that prints nothing",
    ),
]


@rule(
    "QLT201",
    "placeholder",
    category="correctness",
    roles=["user", "assistant"],
    triggers=(
        r"(?i)no[ _-]?(in|out)put",
        r"(?i)^[\"'<(`\[]?(n ?[/.] ?a|na|none|null|nil|nothing|empty|blank|undefined|tbd|todo|ninput|noput|noimput)\b.{0,3}$",
        r"(?i)^.{0,2}(n/a ?[(,.]|not applicable|none (required|needed|provided|given)|no (text|context|data|passage)\b.{0,10}$)",
        r"(?i)input (is |was )?not (req|need|nec|appl|prov|avail)",
        r"(?i)not? (require|need) (any |an )?input",
        r"(?i)[\[<](please )?(insert|enter|paste|provide|put|add) ",
        r"(?i)^[*]?[\[<(][a-z][^\[\]<>()\n]{1,110}[\]>)]",
        r"\{\{ {0,2}\w[\w.]{0,30} {0,2}\}\}",
        r"(?i)lorem ipsum",
        r"(无|没有|无需|不需要|无须|不需)输(入|出)",
        r"^.{0,8}(无|空|暂无|不适用|无内容|输入为空)\W{0,3}$",
        r"(\[|【)(插入|输入|粘贴|提供)",
        r"(?i)^.{0,2}((aucune|sans|pas d.{1,3}) ?entr.{1,2}e|sans objet|aucune?|keine eingabe|entf.{1,2}llt|keine?"
        r"|sin entrada|ninguna? entrada|no aplica|ninguno)[ a-z]{0,14}.?$",
        r"([Нн]ет|[Бб]ез|[Вв]вод не|[Нн]е) (ввода|входных данных|требуется|нужен)|[Оо]тсутствует\W{0,3}$",
    ),
    fix="unsafe",
    fix_safety="Empties an input that only says there is none. Where the words were meant, as in a task about words, the input is lost.",
    known_problems="""
        Fields such as [Your Name] inside letters and templates are taken as meant. A bare "None" in an answer is taken as
        an answer.
    """,
    judged=Judged(
        250,
        249,
        "36 public sets, 59,000 records: 250 of 601 findings; wrong was a bracketed table that a query task was about",
    ),
    examples=_EXAMPLES,
)
def check_placeholder(message: Message) -> Iterator[Finding]:
    """A placeholder stands where a value belongs.

    `<noinput>`, "N/A", `[insert article]`, `{{name}}` or lorem ipsum were to be replaced, or to be left out, before anybody
    trains on them; a model learns to expect and to write them. Templates, code, forms and letters with fields are left
    alone, and so are words that the task is about.
    """
    if message.role == "assistant":
        yield from _in_answer(message)
    else:
        yield from _in_prompt(message)


def _in_prompt(message: Message) -> Iterator[Finding]:
    text = message.text
    beside = "\n".join(m.text for m in message.siblings)
    alone = not beside.strip()
    if _STRONG.fullmatch(text) or (not alone and _is_absent(text, beside)):
        fix = None if alone else message.replace([((0, len(text)), "")], "empty the input", "unsafe")
        yield message.finding(None, f"{text.strip()!r} says that there is no input", fix=fix)
    elif not alone and _STAND_IN.fullmatch(text) and not _MEDIUM.search(text):
        yield message.finding(None, f"{text.strip()!r} stands for a text that is not there")
    elif (match := _IN_TEXT.search(text)) and not _about_inputs(text, match.span(), beside):
        yield message.finding(match.span(), f"{match.group().strip()!r} stands for a text that is not there")


def _is_absent(text: str, beside: str) -> bool:
    if _ABSENT.fullmatch(text):
        return not _NAME_TASK.search(beside)
    return _WEAK.fullmatch(text) is not None and not _WORD_TASK.search(beside)


def _about_inputs(text: str, span: tuple[int, int], beside: str) -> bool:
    rest = text[: span[0]] + " " + text[span[1] :]
    return any(p.search(t) for p in (_FEW_SHOT, _ABOUT_INPUT) for t in (rest, beside))


def _in_answer(message: Message) -> Iterator[Finding]:
    text, prompt = message.text, message.prompt
    match = _empty_answer(text, prompt) or _stand_in(message, prompt)
    if match is not None:
        yield message.finding(match.span(), f"{match.group().strip()[:60]!r} stands where an answer belongs")


def _empty_answer(text: str, prompt: str) -> regex.Match[str] | None:
    match = _ANSWERED.match(text) or _STRONG.fullmatch(text)
    if match is not None:
        allowed = regex.search(r"(?i)\bn/a\b|not applicable|\bnone\b|\bif (?:there|no|not|it)\b", prompt)
        printing = regex.search(r"(?i)\b(?:print\w*|outputs? of|program|execut\w*|run)\b", prompt)
        return None if allowed or printing else match
    tag = regex.search(rf"(?i){_TAG}", text)
    return None if tag is None or _ABOUT_INPUT.search(prompt) else tag


def _stand_in(message: Message, prompt: str) -> regex.Match[str] | None:
    text = message.text
    whole = _BRACKETED.fullmatch(text)
    if whole is not None and not prose.asks_for_code(prompt):
        return whole
    insert = _INSERT.search(text)
    if insert is not None and not _LETTER.search(prompt) and not prose.in_code_task(message, insert.span()):
        return insert
    field = _FIELD.search(text)
    if field is not None and not _TEMPLATING.search(prompt) and not prose.in_code_task(message, field.span()):
        return field
    lorem = _LOREM.search(text)
    return lorem if lorem is not None and not _FILLER.search(prompt) and not prose.has_code(text) else None
