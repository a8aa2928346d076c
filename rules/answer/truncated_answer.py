"""QLT202: an answer that stops before its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import regex

from datalint import Batch, Finding, Judged, Message, Option, bad, good, pattern, prose, rule

if TYPE_CHECKING:
    pass

_OPEN_BYTES = b",;:([{"
_TAIL_BYTES = 4
_MARKER_BYTES = 12  # the number or bullet of a list item with its blanks, and the line feed before it
_TAIL = 60  # characters in which a hanging end shows
# Words that end no sentence, as they stand at the end of the UTF-8 text.
_HANGING = (
    b" the", b" and", b" an", b" a", b" or", b" of", b" to", b" but", b" as", b" by", b" is", b"heir", b" its",
    b" his", b" our", b"your", b"ause", b" not", b" The", b" For", b" In", b" It", b" And", b" To", b" By", b" A",
    b" As", b" An", b" But", b" If", b"This", b"hese", b"With", b"When", b"over", b"ally", b"ough", b"ever", b" 20",
    b" 19", b"with", b" in", b" on", b" for", b"from", b" at", b"into", b" was", b"were", b"that", b"hich", b" who",
    b" can", b"will", b"ould", b" has", b"have", b" had", b" be", b"been", b"also", b"more", b"most", b"very",
    b"such", b"hose", b"this", b"ween", b"ring", b"bout", b"nder", b"hile", b"when", b"here", b" if", b" so", b"like",
    b"both", b"ther", b" any", b"some", b"many", b"each", b" new", b"rent", b" are", b" we", b" I", b" he", b" it",
    b"they", b"hout", b"ding", b" us", b"lies",
)  # fmt: skip
_WIDE = ["，", "、", "；", "：", "（", "「", "《"]

_HANGS = pattern(
    r"(?<=\p{Ll}{2,}[,;]?\s)(?:the|an?|and|or|but|because|than|their|its|his|your|our|my|every|whose|such\s+as"
    r"|as\s+well\s+as|due\s+to|equal\s+to|according\s+to|in\s+order\s+to|(?:importance|number|one|because|variety|range|lack"
    r"|use|impact|benefits|amount|out|each|some|many|most|part|list)\s+of|team\s+at|(?:is|are|was|were)\s+(?:an?|the|to|also"
    r"|not)|(?:in|of|on|by|with|from|at)\s+the)\Z"
)
_FRAGMENT = pattern(
    r"(?<=\p{Ll}{2})[.!?][\"”’)]?\s+(?:The|An?|In|For|This|These|It|And|But|To|By|With|As|However|Additionally|Furthermore"
    r"|Moreover|Through|When|If|It was \w+)\Z"
)
_LAST_WORD = pattern(
    r"the|an?|and|or|but|because|than|their|its|his|your|our|my|every|whose|as|to|of|at|also|not|is|are|was|were|will|would"
    r"|can|The|An?|In|For|This|These|It|And|But|To|By|With|As|However|Additionally|Furthermore|Moreover|Through|When|If"
)
# Words that seldom end a sentence: enough where the sentences before have their full stop.
_SELDOM_LAST = pattern(
    r"with|in|on|for|from|by|at|into|of|to|is|are|was|were|be|been|that|which|who|whose|can|could|will|would|should|may"
    r"|might|must|has|have|had|not|also|more|most|very|such|these|those|this|between|through|throughout|during|about|under"
    r"|without|within|while|when|where|if|so|like|both|either|other|another|any|some|many|each|new|different|various"
    r"|including|regarding|the|an?|and|or|but|because|than|their|its|his|her|your|our|my|every|as|we|they|he|she|I|it"
)
_PREDICATE = pattern(
    r"\A\s*(?:The|An?|This|These|Its|His|Her|Their|Our|My)\b[^.!?:\n]{8,300}\s(?:is|are|was|were|will|would|can)\Z"
)
_COUNTED = pattern(r"\bfrom\s+\d+\s+to\Z")
_YEAR = pattern(
    r"(?i)\b(?:in|since|until|by|of|for|january|february|march|april|may|june|july|august|september|october|november"
    r"|december)\s(?:20|19)\Z"
)
_MARKER = pattern(r"\n[ \t]*(?:\d{1,3}[.)]|[-*•])\Z")
_SENTENCE_END = pattern(r"(?<=\p{Ll}{3}|\p{Ll}[)\]])[.!?][\"”’)]?\s+[\"“(]?(?=\p{Lu})|(?<=\p{Han})[。！？]")
_LIST_LINE = pattern(r"\s*(?:\d{1,3}[.)、]|[-*•#>|+]|\p{Lu}[.)]\s|[\w ]{1,30}:\s|\|)")
_ENDS_WELL = pattern(r"[.!?。！？…:：;)\]\"”’'»*_`>~]\s*\Z")
_CLOSE = pattern(
    r"(?i)(?:\A|[\n.!?,])\s*(?:(?:yours|best|warm|kind|with|many|all)\b[\w ]{0,24}|sincerely|regards|cheers|love|thanks"
    r"|thank you|respectfully|cordially|gratefully|cordialement|mit freundlichen grüßen|saludos|atentamente|с уважением|此致"
    r"|敬上|祝好|最好的),?[^\n.!?]{0,30}\s*[\p{P}\p{L} \n\[\]]{0,40}\Z"
)
_SALUTATION = pattern(
    r"(?i)\s*(?:dear|hi|hello|hey|to|亲爱的|尊敬的|ch[eè]re?|sehr|liebe|estimad|querid|уважаем|дорог)"
)
_FORM = pattern(
    r"(?i)\b(?:forms?|templates?|survey|questionnaire|outline|headings?|labels?|categor\w*|classif\w*|fields?)\b|表格|问卷|模板|分类"
)
_WANTS_FRAGMENT = pattern(
    r"(?i)\b(?:sentences?|phrases?|clauses?|statements?|complete|continue|finish|fill|blank|begin\w*|start\w*|opening"
    r"|salutation|greeting|subject line|title|headline|slogan|motto|punctuat\w*|comma|colon|semi-?colon|edit|correct"
    r"|grammar\w*|tweet|hashtag\w*|poem|haiku|songs?|lyrics|verse|rap|limerick|sonnet|melody|notes|chords|prompt|cliffhanger"
    r"|words?|letters?|regex|formula|equation|symbol|transcri\w+|extract|quote|dialogue|script|json|translat\w+|alphabet\w*"
    r"|sort\w*|remove|delete|address)\b|句子|短语|填空|补全|续写|诗|歌|标题|翻译|排序|信"
)
_QUERY = pattern(r"(?i)\bsql\b|查询|语句|&\w+;[)\]};]*\Z")
_MIN = 3

_LONG_ANSWER = (
    "The harbour was built by monks. They needed a place for their boats. The first wall was made of wood, and it burned"
    " down in a single night. "
    "The second wall was made of stone. It still stands today, and the fishermen tie their boats to it. Behind the wall lies"
    " the market. "
)


@rule(
    "QLT202",
    "truncated-answer",
    category="suspicious",
    options={
        "min-length": Option(
            "int", 1000, "Characters from which an answer without a full stop at its end counts as cut off."
        ),
    },
    known_problems="""
        A cut at the end of a sentence cannot be seen, nor one in the middle of a word in a short answer. People who leave out
        the last full stop of a long answer are taken for a limit.
    """,
    judged=Judged(
        27, 26, "36 public sets, 59,000 records: all its findings; wrong was a list of names without a full stop"
    ),
    examples=[
        bad(
            {"instruction": "Who built the harbour?", "input": "", "output": "The harbour was built by monks,"},
            name="a comma",
        ),
        bad(
            {
                "instruction": "How many tiles are there?",
                "input": "",
                "output": "The game has tiles that are numbered from 1 to",
            },
            name="no end of a range",
        ),
        bad(
            {"instruction": "Why is it famous?", "input": "", "output": "It is a reminder of the importance of"},
            name="a hanging word",
        ),
        bad(
            {
                "instruction": "Compare them.",
                "input": "",
                "output": "The first one is cheap. The second one lasts. However",
            },
            name="a sentence of one word",
        ),
        bad(
            {"instruction": "Name three rivers.", "input": "", "output": "1. The Rhine\n2. The Rhone\n3."},
            name="an empty item",
        ),
        bad({"instruction": "When was it built?", "input": "", "output": "It was finished in 20"}, name="half a year"),
        bad(
            {
                "instruction": "Tell me of the harbour.",
                "input": "",
                "output": _LONG_ANSWER * 4 + "The market opens early",
            },
            name="a long answer without its end",
        ),
        bad({"instruction": "说说港口。", "input": "", "output": "港口由修士建造，石墙、市场、"}, name="Chinese"),
        good(
            {"instruction": "Select all rows.", "input": "", "output": "SELECT * FROM rows ORDER BY id DESC;"},
            name="code",
        ),
        good(
            {
                "instruction": "Write to Ann.",
                "input": "",
                "output": "Dear Ann,\n\nthank you for the boat.\n\nSincerely,",
            },
            name="a letter",
        ),
        good({"instruction": "What is wrong?", "input": "", "output": "Something went wrong..."}, name="an ellipsis"),
        good(
            {"instruction": "Name three rivers.", "input": "", "output": "Rhine, Rhone and Po"}, name="a list of names"
        ),
        good(
            {"instruction": "Start a sentence with 'despite'.", "input": "", "output": "Despite the rain,"},
            name="a fragment was asked for",
        ),
        good({"instruction": "Write a form.", "input": "", "output": "Name:\nAddress:"}, name="a form"),
        good(
            {"instruction": "Which note?", "input": "", "output": "Play G G A, then G and A"}, name="a letter as a name"
        ),
    ],
)
def check_truncated_answer(batch: Batch, min_length: int) -> Iterator[Finding]:
    """The answer stops in the middle.

    An answer that a length limit cut off teaches to stop anywhere. Found are answers that end on a comma, a colon or an open
    bracket, on a word that ends no sentence, on an empty list item, and long answers whose last sentence has no end. Code,
    verse, letters, forms and tasks that ask for a fragment are left alone.
    """
    for i in _candidates(batch, min_length):
        message = batch.message(i)
        text = message.text.rstrip()
        if len(text) < _MIN or message.slot.kind != "content" or message.turn.calls:
            continue
        why = _why(text, message, min_length)
        if why and not _is_meant(text, message):
            yield message.finding((max(0, len(text) - 20), len(text)), f"the answer stops {why}")


def _candidates(batch: Batch, min_length: int) -> Sequence[int]:
    """Answers whose last bytes can be the end of a cut: cheap, for all answers at once."""
    import numpy as np

    answers = batch.numbers("assistant")
    data = np.frombuffer(batch.joined, dtype=np.uint8)
    starts = batch.starts[answers]
    ends = np.append(batch.starts[1:] - 1, len(data))[answers]
    full = ends - starts >= _TAIL_BYTES
    answers, starts, ends = answers[full], starts[full], ends[full]
    last, long = data[ends - 1], ends - starts >= min_length
    open_ended = np.zeros(256, dtype=np.bool_)
    open_ended[: ord(" ") + 1] = True  # trailing blanks: look again
    open_ended[list(_OPEN_BYTES)] = True
    letter = ((last | 32) >= 97) & ((last | 32) <= 122)
    at = open_ended[last] | long & (letter | (last >= 128))
    feeds = np.append(-1, batch.feeds)[np.searchsorted(batch.feeds, ends)]
    mark = (last == 45) | (last == 42) | (((last == 46) | (last == 41)) & (data[ends - 2] - 48 < 10))
    at |= mark & (feeds >= starts) & (ends - feeds <= _MARKER_BYTES)
    tail = (
        data[ends - 4].astype(np.uint32) << 24
        | data[ends - 3].astype(np.uint32) << 16
        | data[ends - 2].astype(np.uint32) << 8
        | last
    )
    for size in (2, 3, 4):
        wanted = np.array(_hanging(size), dtype=np.uint32)
        some = tail & np.uint32((1 << 8 * size) - 1)
        at |= wanted[np.minimum(np.searchsorted(wanted, some), len(wanted) - 1)] == some
    found: list[int] = answers[at].tolist()
    return found


@cache
def _hanging(size: int) -> list[int]:
    """Ends of so many bytes, as numbers in order."""
    return sorted({int.from_bytes(w, "big") for w in (*_HANGING, *(w.encode() for w in _WIDE)) if len(w) == size})


def _why(text: str, message: Message, min_length: int) -> str:
    """In which way the answer stops, "" if it may well be whole."""
    tail = text[-_TAIL:]
    if tail.endswith((" 20", " 19")) and _YEAR.search(tail):
        return "in the middle of a year"
    if tail[-1] in "-*•.)" and _MARKER.search(tail):
        return "at an empty list item"
    if text[-1] in ",;([{，；（「《、:：":
        return "" if _may_end(text, message.prompt) else f"on {text[-1]!r}"
    word = tail.split()[-1]
    if _LAST_WORD.fullmatch(word) or " It was " in tail:
        hangs = _HANGS.search(tail) or _COUNTED.search(tail) or _PREDICATE.match(text)
        if _FRAGMENT.search(tail) or (hangs and not _wants_fragment(text, message.prompt)):
            return f"on {word!r}"
    if _SELDOM_LAST.fullmatch(word) and _breaks_off(text):
        return f"on {word!r}"
    return "without an end to its last sentence" if len(text) >= min_length and _lacks_end(text) else ""


def _may_end(text: str, prompt: str) -> bool:
    """Whether an end on a comma, a colon or a bracket is as it should be."""
    mark, last = text[-1], text[text.rfind("\n") + 1 :]
    if mark in ":：":
        labels = len(regex.findall(r"[:：][ \t]*(?:\n|\Z)", text))
        return labels > 2 or ("\n" not in text and len(text) < 40) or _FORM.search(prompt) is not None
    if mark in ",，" and (_SALUTATION.match(last) or (last != text and len(last) < 40)):
        return True
    if mark in ";；[{(" and (prose.asks_for_code(prompt) or _QUERY.search(prompt) or _QUERY.search(text)):
        return True
    return (len(text.split()) < 4 and text.isascii()) or _wants_fragment(text, prompt)


def _wants_fragment(text: str, prompt: str) -> bool:
    return len(text) < 400 and (_WANTS_FRAGMENT.search(prompt) is not None or prompt.rstrip()[-1:] == text[-1])


def _breaks_off(text: str) -> bool:
    """The last line is running text, of sentences that have their full stop but for the last."""
    last = text[text.rfind("\n") + 1 :]
    if len(last) < 80 or _LIST_LINE.match(last) or not _SENTENCE_END.search(last):
        return False
    rest = _SENTENCE_END.split(last)[-1]
    return len(rest.split()) >= 2 and not regex.search(r"[#@/\"“”]|\s[-–—]\s|http", rest)


def _lacks_end(text: str) -> bool:
    """The last sentence of a paragraph of several has no end, though other paragraphs have theirs."""
    last = text[text.rfind("\n") + 1 :]
    if not text[-1].isalpha() or _LIST_LINE.match(last) or len(_SENTENCE_END.findall(last)) < 2:
        return False
    rest = _SENTENCE_END.split(last)[-1]
    if regex.search(r"[#@/\"“”]|\s[-–—]\s|http", rest):
        return False
    lines = [line for line in text.split("\n")[:-1] if line.strip() and not _LIST_LINE.match(line)]
    return sum(1 for line in lines if not _ENDS_WELL.search(line)) <= 0.3 * len(lines)


def _is_meant(text: str, message: Message) -> bool:
    """Code, verse, tables, and the close of a letter."""
    if prose.has_code(text) or prose.fences(text) or prose.is_verse(text) or prose.is_table(text):
        return True
    if len(text) < 400 and prose.asks_for_code(message.prompt):
        return True
    return len(text) > 40 and _CLOSE.search(text[-90:]) is not None
