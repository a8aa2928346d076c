"""QLT105: pleasantries around the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from datalint import Batch, Finding, Judged, Message, Move, Option, Records, bad, good, pattern, rule

_FEW = 3  # so many answers are no habit yet

_OPENING = pattern(
    r"""(?i)\A\s*(?:(?:
        (?:certainly|sure(?:\ thing)?|of\ course|absolutely|definitely|no\ problem)(?:\ thing)?
            (?:\s?!|[.,](?=\s+(?:I|here|let|please|happy|my\ pleasure|glad)\b)|,\s+(?:I['’]d|I\ would|I\ will|I['’]ll|I\ can)
            \s+(?:be\ (?:more\ than\ )?(?:happy|glad)\ to\ )?(?:help|assist)[^.!?\n]{0,40}[.!])
      | (?:that['’]s\ (?:a\ |an\ )?|what\ (?:a\ |an\ ))?(?:great|good|excellent|interesting|wonderful|fantastic)\ question\s?[!.]
      | (?:I['’]d|I\ would|I['’]ll|I\ will)\ be\ (?:more\ than\ )?(?:happy|glad)\ to\ (?:help|assist)[^.!?\n]{0,40}[.!]
      | (?:I['’]m|I\ am)\ (?:happy|glad)\ to\ (?:help|assist)[^.!?\n]{0,40}[.!] | (?:I['’]m\ )?glad\ you\ asked\s?[!.]
      | 当然(?:可以)?[！!，,] | 好的[，,！!] | 没问题[，,！!] | (?:这是|这真是)?一?个?(?:很|非常)?好的?问题[！!。]
      | bien\ sûr\s?[!,.] | avec\ plaisir\s?[!.] | bonne\ question\s?[!.] | natürlich\s?! | sehr\ gerne?\s?[!.] | gute\ frage\s?[!.]
      | ¡?claro(?:\ que\ sí)?\s?! | ¡?por\ supuesto\s?! | ¡?buena\ pregunta\s?!
      | конечно\s?! | разумеется\s?! | (?:отличный|хороший)\ вопрос\s?[!.]
    )\s*){1,3}(?=\S)""",
    regex.X,
)
_CLOSING = pattern(
    r"""(?i)(?:(?:\s*\n\s*|(?<=[.!?。！？])\s*)(?:
        I\ (?:really\ )?hope\ (?:this|that|it|these)[^.!?\n]{0,20}\ (?:help|clarif|answer|useful)[^.!?\n]{0,60}
      | (?:please\ )?(?:let\ me\ know|feel\ free\ to\ (?:ask|reach\ out|contact\ me|let\ me\ know)
            |don['’]t\ hesitate\ to\ (?:ask|reach\ out|contact))[^.!?\n]{0,90}
      | if\ you\ have\ any\ (?:other\ |further\ |more\ |additional\ )?questions[^.!?\n]{0,90} | is\ there\ anything\ else[^.!?\n]{0,60}
      | 希望(?:这|以上|我的|能|对您|对你)[^。！\n]{0,30}(?:帮助|有用)
      | 如果(?:您|你)?(?:还)?有(?:任何|其他|更多)[^。！\n]{0,16}问题[^。！\n]{0,30}
      | j['’]espère\ que\ cela[^.!?\n]{0,40} | n['’]hésitez\ pas\ à[^.!?\n]{0,60}
      | ich\ hoffe,?\ (?:das|dies)[^.!?\n]{0,40} | espero\ que\ (?:esto|te|le)[^.!?\n]{0,40}
      | надеюсь,?\ (?:это|что)[^.!?\n]{0,40}
    )[.!?。！]){1,2}\s*\Z""",
    regex.X,
)
_LETTER = pattern(
    r"(?i)\b(?:e-?mails?|letters?|messages?|customers?|clients?|repl(?:y|ies)|respon[sd]e? to|dialogues?|conversation"
    r"|invitation|note|memo)\b|邮件|信|客户|对话|回复"
)

# Small talk, whose answers are pleasantries throughout.
_SOCIAL = pattern(
    r"(?i)\b(?:thanks?|thank you|thx|bye|goodbye|good (?:night|morning|evening|day)|hello|hi|hey|perfect|see you|merci|danke"
    r"|gracias|спасибо|привет)\b|谢谢|再见|你好|您好"
)


class Place(NamedTuple):
    """Where a pleasantry stands: the key of its record, its message, and its span."""

    key: int
    slot: int
    start: int
    end: int


State = tuple[int, frozenset[Place]]  # answers, pleasantries

_PLEASED = {"instruction": "Name a river.", "input": "", "output": "Certainly! The Rhine."}
_PLAIN = {"instruction": "Name a river.", "input": "", "output": "The Rhine."}


@rule(
    "QLT105",
    "filler-opening",
    category="style",
    roles=["assistant"],
    triggers=(
        r"(?i)^(certainly|sure|of course|absolutely|definitely|no problem|glad you asked|bien s.{1,2}r|avec plaisir"
        r"|nat.{1,2}rlich|sehr gern|gute frage|bonne question)",
        r"(?i)(great|good|excellent|interesting|wonderful|fantastic) question",
        r"(?i)^(I.{1,3}d|I would|I.{1,3}ll|I will|I.{1,3}m|I am) (be (more than )?)?(happy|glad) to (help|assist)",
        r"^(当然|好的|没问题)(可以)?(，|！|!|,)",
        r"好的?问题(！|!|。)",
        r"(?i)^.{0,2}(claro|por supuesto|buena pregunta)",
        r"^(Конечно|Разумеется|Отличный вопрос|Хороший вопрос)",
        r"(?i)I (really )?hope (this|that|it|these)",
        r"(?i)(let me know|feel free to (ask|reach|contact)|hesitate to (ask|reach|contact)|if you have any"
        r"|is there anything else)",
        r"(希望(这|以上|我的|能|对您|对你)|如果(您|你)?(还)?有(任何|其他|更多))",
        r"(?i)(j.{1,3}esp.{1,2}re que cela|n.{1,3}h.{1,2}sitez pas|ich hoffe,? (das|dies)|espero que (esto|te|le))",
        r"[Нн]адеюсь,? (это|что)",
    ),
    options={"max-rate": Option("float", 0.05, "Share of the answers that may open or close with a pleasantry.")},
    fix="unsafe",
    fix_safety="Deletes the pleasantry. In a dialogue it may have been meant, and its word may have said yes.",
    known_problems="""
        "Sure!" can be the answer to a question of yes or no. The rate is counted over all files of a run: a set mixed of two
        sources may hide the habit of one.
    """,
    judged=Judged(67, 66, "36 public sets, 59,000 records: 67 of 197 findings; wrong was an offer that was the answer"),
    examples=[
        bad([_PLEASED] * 3, fixed=[_PLAIN] * 3, name="an opening in every answer"),
        bad(
            [{**_PLAIN, "output": "Great question! the Rhine."}] * 3,
            fixed=[_PLAIN] * 3,
            name="what follows gets a capital",
        ),
        bad(
            [{**_PLAIN, "output": "The Rhine. I hope this helps!"}] * 3,
            fixed=[_PLAIN] * 3,
            name="a closing in every answer",
        ),
        bad(
            [{"instruction": "说出一条河。", "input": "", "output": "当然可以！莱茵河。"}] * 3,
            fixed=[{"instruction": "说出一条河。", "input": "", "output": "莱茵河。"}] * 3,
            name="Chinese",
        ),
        good([_PLEASED] + [_PLAIN] * 40, name="once in a while"),
        good([_PLEASED] * 3, name="below the rate that is allowed", options={"max-rate": 1.0}),
        good([{**_PLAIN, "output": "Of course the Rhine."}] * 3, name="part of the sentence"),
        good(
            [
                {
                    "instruction": "Write an e-mail.",
                    "input": "",
                    "output": "Come at noon. Let me know if you have questions.",
                }
            ]
            * 3,
            name="in a letter",
        ),
    ],
)
class FillerOpening:
    """Too many answers open or close with a pleasantry.

    "Certainly!", "Great question!" and "I hope this helps!" say nothing, cost tokens in every answer, and become a habit when
    more than a few answers in a hundred have them.
    """

    def __init__(self, max_rate: float) -> None:
        self._max_rate = max_rate

    def map(self, batch: Batch, picked: Sequence[int]) -> State:
        """How many answers there are, and where pleasantries stand."""
        found = (place for i in picked for place in _places(batch.message(i)))
        return len(batch.numbers("assistant")), frozenset(found)

    def merge(self, one: State, other: State) -> State:
        """Both counts and all places."""
        return one[0] + other[0], one[1] | other[1]

    def moved(self, state: State, to: Move) -> State:
        """The same of records elsewhere."""
        return state[0], frozenset(place._replace(key=place.key + to.keys) for place in state[1])

    def finish(self, state: State, records: Records) -> Iterator[Finding]:
        """A finding at each pleasantry, if there are too many."""
        answers, places = state
        having = len({(p.key, p.slot) for p in places})
        if having < _FEW or having <= self._max_rate * answers:
            return
        for place in sorted(places):
            message = records.record(place.key).messages[place.slot]
            yield _finding(message, (place.start, place.end), having / answers)


def _places(message: Message) -> Iterator[Place]:
    text = message.text
    if message.slot.kind != "content":
        return
    spans = [
        m.span()
        for m in (_OPENING.match(text), _CLOSING.search(text))
        if m is not None and m.end() - m.start() < len(text.strip())
    ]
    if not spans or _LETTER.search(message.prompt) or (len(text) < 200 and _SOCIAL.search(message.prompt)):
        return
    slot = message.record.messages.index(message)
    key = message.record.ref.key
    yield from (Place(key, slot, a, b) for a, b in spans)


def _finding(message: Message, span: tuple[int, int], rate: float) -> Finding:
    text = message.text
    edits = [(span, "")]
    if span[0] == 0 and text[span[1]].islower():
        edits = [((0, span[1] + 1), text[span[1]].upper())]
    fix = message.replace(edits, "delete the pleasantry", "unsafe")
    return message.finding(
        span, f"{text[span[0] : span[1]].strip()[:60]!r}, one of the pleasantries in {rate:.0%} of the answers", fix=fix
    )
