"""What single texts tell by their looks: the verb a task starts with, the form an answer has."""

from __future__ import annotations

import orjson

from datalint.patterns import pattern


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_POLITE = _words(
    "please kindly can could would will you i we i'd need want like help me us to let's lets now just then hey hi hello ok so"
)
_TASKS = """
    write writing; create creating; generate generating; compose; draft; craft; invent; imagine; design designing;
    develop; build; make; construct; produce; what what's whats; who who's whom whose; when; where where's; why; how
    how's; which; is are was were am; does do did has have had; should; explain; describe; define; outline;
    illustrate; list; name; give; provide; suggest; recommend; propose; brainstorm; summarize summarise summarizing;
    condense; paraphrase; rewrite re-write reword; rephrase; edit; revise; proofread; correct; fix; improve;
    convert; transform; change; modify; replace; simplify; shorten; expand; format; reformat; translate translating;
    classify classifying; categorize categorise; label; identify; detect; determine; decide; predict; rate; rank;
    sort; order; arrange; group; match; compare; contrast; analyze analyse; evaluate; assess; critique; review;
    interpret; infer; deduce; extract; find; select; choose; pick; search; locate; calculate; compute; solve;
    estimate; simulate; count; add; subtract; multiply; divide; prove; factor; implement; code; program; debug;
    complete completing; finish; continue; fill; insert; combine; merge; connect; remove; delete; answer; respond
    reply; tell; say; talk; discuss; argue; persuade; convince; plan; organize organise; prepare; formulate; verify;
    check; confirm; validate; act roleplay role-play pretend; use; adapt; assign; automate; cite; spell; punctuate;
    rhyme; teach; show; state; mention; draw; sketch; parse; tokenize; tag; annotate; rename; refactor; optimize
    optimise; test; execute; run; conjugate; assemble
    """
# The verb of a task by the forms it may have at the start of one.
_VERBS = {form: group.split()[0] for group in _TASKS.split(";") for form in group.split()}
# Verbs that are hardly ever anything else, and so are told apart in the middle of a sentence as well.
_CLEAR = _words("""
    write generate compose explain describe define summarize paraphrase rewrite rephrase edit proofread convert transform translate
    classify categorize identify determine predict compare analyze evaluate extract calculate compute solve implement suggest recommend
    brainstorm create provide
    """)
_EDGES = "\"'`*#:,.!?()[]-–—“”‘’"
_HEAD = 120  # characters in which a verb is looked for


def task(instruction: str) -> str:
    """The verb (or the question word) that an instruction starts with, "other" where it starts with none."""
    later = ""
    first = True
    for word in instruction[:_HEAD].lower().split():
        word = word if word.isalpha() else word.strip(_EDGES).replace("’", "'")
        if word in _POLITE:
            continue
        verb = _VERBS.get(word)
        if verb is not None:
            if first:
                return verb
            if verb in _CLEAR:
                later = verb
                break
        first = False
    return later or "other"


_FENCED = pattern(r"(?s)```.*?(?:```|\Z)")
_BULLETS = frozenset("-*•–●▪‣")
_DIGITS = "0123456789"
_AFTER = frozenset(".):、．")  # what may follow the number of an item
_SECTIONS = frozenset("一二三四五六七八九十")
_KEYWORDS = _words("""
    def class import from return if elif else: for while try: except with switch case function func fn public private protected static
    const let var int void double float char bool string String using namespace package SELECT FROM WHERE INSERT UPDATE DELETE CREATE
    JOIN ORDER GROUP end begin echo print printf puts #include #define #!/bin/bash @Override async await struct interface
    """)
_MOST_LINES = 80  # lines that tell the form of a text
_NUMBER = pattern(r"[^\w\n]{0,3}\d[\d,.\u00a0 ]*\s?(?:%|[^\W\d_]{1,3}\b|°[CF]?)?[.]?")
_LONG = 60  # characters that a label or a number has at most
_LABEL_WORDS = 4


def form(answer: str) -> str:
    """The form of an answer: prose, list, table, json, code, label, number or none."""
    text = answer.strip()
    if not text:
        return "none"
    if text[0] in "{[" and text[-1] in "}]" and _is_json(text):
        return "json"
    if "\n" not in text:
        return _of_line(text)
    if "```" in text:
        fenced = sum(m.end() - m.start() for m in _FENCED.finditer(text))
        if 2 * fenced >= len(text):
            return "code"
    return _of_lines(text)


def _of_lines(text: str) -> str:
    lines = [line for line in map(str.strip, text.split("\n", _MOST_LINES)[:_MOST_LINES]) if line]
    total = len(lines)
    if 2 * sum(1 for line in lines if line[0] == "|" and line[-1] == "|") >= total:
        return "table"
    items = sum(map(_is_item, lines))
    if items >= 2 and (5 * items >= 2 * total or items >= 5):
        return "list"
    if ("(" in text or ";" in text or "<" in text or "=" in text) and 2 * sum(map(_is_code, lines)) >= total:
        return "code"
    return "prose"


def _is_item(line: str) -> bool:
    first = line[0]
    if first in _BULLETS:
        return line[1:2] in (" ", "\t") or first not in "-*–"
    if first in _DIGITS:
        rest = line[:4].lstrip(_DIGITS)
        return rest[:1] in _AFTER and bool(rest)
    if first in _SECTIONS:
        return line[1:2] == "、"
    return first.isalpha() and line[1:3] in (". ", ") ")


def _is_code(line: str) -> bool:
    first, last = line[0], line[-1]
    if last in ";{}" or line.startswith(("//", "/*", "*/", "</", "<!")) or (first == "<" and last == ">"):
        return True
    head = line.partition(" ")[0]
    if head in _KEYWORDS:
        return last in "):,;'\"" or head.isupper() or head[0] in "#@" or line.count(" ") < 3
    if last == ")":
        return "(" in head and "." not in line[:-1].rstrip(")").rpartition(" ")[2][-1:]
    return line.partition(" = ")[0].replace(".", "").replace("_", "").isalnum() and " = " in line and line[1:2] != " "


def _of_line(text: str) -> str:
    if len(text) <= _LONG:
        if _NUMBER.fullmatch(text):
            return "number"
        if text[-1] not in ".!?。！？" or " " not in text:
            words = text.count(" ") + 1
            wide = text[0] >= "\u3040" and len(text) > 8  # no spaces to count in these scripts
            if words <= _LABEL_WORDS and not wide and text[-1] not in ";)}>":
                return "label"
    return "code" if text[-1] in ";)}>" and _is_code(text) else "prose"


def _is_json(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), (dict, list))
    except ValueError:
        return False
