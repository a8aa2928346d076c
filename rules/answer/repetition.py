"""QLT301: an answer that goes round in circles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datalint import Batch, Finding, Judged, Message, Option, bad, good, pattern, prose, rule

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_MIN_BYTES = 240  # about fifty words: below it, repetition is style
_SUSPECT = 0.25  # share of sampled places that occur twice, from which an answer is looked at
_LOOPING = 0.4  # from which it can be a loop
_WINDOW = 5  # one place is sampled in every 2 ** 5 bytes or more often
_COPIES = 4
_LOOP_CHARS = 60
_SEED = 12
_SHORTEST_SENTENCE = 20

_ANCHOR = pattern(r"[\s，。！？、；]+|(?<=[.!?])(?=\S)")
_SENTENCE = pattern(r"(?<=[.!?。！？])[\"”’]?\s*|\n+")
_WORD = pattern(r"\p{Han}|\p{Hiragana}|\p{Katakana}|[\p{L}\p{N}'’]+")
_ITEM = pattern(r"\s*(?:\d{1,3}[.)、]|[-*•#>|+]|\p{Lu}[.)]\s|(?i:step|day|week|question|option)\s\d)")
_MEANT = pattern(
    r"(?i)\b(?:repeat\w*|repetit\w*|songs?|lyrics|rap|chorus|poems?|poetry|haiku|verse|ballad|hymn|chant|jingle"
    r"|nursery rhyme|palindrome|patterns?|sequence|mantra|theme|melody|tune|beatbox|times|random\w*|dna|binary|sort\w*"
    r"|step by step|survey|questionnaire|form|template|table|schedule|timetable|workout|training"
    r"|all (?:possible )?(?:combinations|permutations))\b|重复|歌|诗|说唱|问卷|表格|循环|répète|chanson|poème|wiederhol|gedicht|lied"
    r"|canción|poema|repite|песн|стих|повтор"
)
_LOOP = "The gate is shut. "
_HARBOUR = "The harbour lies below the old town and was built by monks who came from the north. "
_STONES = "The stones were carried down from the hills in small carts, and the work took forty years. "
_SEA = "In the end the sea took half of it. "
_MEN = "What is left is a wall where fishermen mend their nets, and nobody knows who drew the plans."


@rule(
    "QLT301",
    "repetition",
    category="suspicious",
    options={
        "duplicate-share": Option(
            "float", 0.5, "Share of an answer's characters in repeated runs of five words that makes it a finding."
        ),
        "sentence-share": Option(
            "float", 0.2, "Share of an answer in sentences that it has said before that makes it a finding."
        ),
    },
    known_problems="""
        Repetition is looked for in answers of fifty words or more, in running text. Lists, steps and tables repeat their
        wording by nature: there only a loop without any change is found.
    """,
    judged=Judged(1, 1, "36 public sets, 59,000 records: all its findings"),
    examples=[
        bad({"instruction": "Name a fruit.", "input": "", "output": "Eat a plum!" * 40}, name="a loop without blanks"),
        bad(
            {"instruction": "What is wrong?", "input": "", "output": "I tried it. " + _LOOP * 20},
            name="a loop after a start",
        ),
        bad({"instruction": "描述大门。", "input": "", "output": "大门是石头做的，" * 20}, name="Chinese"),
        bad(
            {"instruction": "Describe it.", "input": "", "output": _HARBOUR + (_STONES + _SEA) * 2},
            name="two sentences said twice",
        ),
        good(
            {"instruction": "Describe it.", "input": "", "output": _HARBOUR + _STONES + _SEA + _MEN},
            name="plain text",
        ),
        good(
            {"instruction": "Write a song.", "input": "", "output": "Row the boat, row the boat,\n" * 12}, name="a song"
        ),
        good(
            {
                "instruction": "Which are in stock?",
                "input": "",
                "output": "\n".join(f"- {c} paper: could not be found in the shop" for c in "ABCDEFGHIJ"),
            },
            name="a list",
        ),
        good({"instruction": "Write a loop.", "input": "", "output": "```\n" + "print(1)\n" * 40 + "```"}, name="code"),
        good(
            {"instruction": "Write the word plum 100 times.", "input": "", "output": "plum plum plum " * 33},
            name="asked for",
        ),
    ],
)
def check_repetition(batch: Batch, duplicate_share: float, sentence_share: float) -> Iterator[Finding]:
    """The answer repeats itself: a loop, or the same sentences again.

    Models stuck in a loop write such answers, and models learn to get stuck from them. Code, tables, verse, lists that share
    their wording and prompts that ask for repetition are left alone.
    """
    for i, share in _suspects(batch):
        message = batch.message(i)
        text = message.text
        span, why = _loop(text) if share >= _LOOPING else ((0, 0), "")
        if not why and not _is_list(text):
            span, why = _sentences(text, sentence_share)
            if not why and _duplicate_share(text) >= duplicate_share:
                span, why = (0, len(text)), "most of it is said twice"
        if why and not _is_meant(message, text):
            yield message.finding(span, f"the answer repeats itself: {why}")


def _suspects(batch: Batch) -> Sequence[tuple[int, float]]:
    """Answers much of which occurs twice, and how much, by a sample of places that depends on the content alone."""
    import numpy as np

    answers = batch.numbers("assistant")
    sizes = np.append(batch.starts[1:] - 1, len(batch.joined)) - batch.starts
    answers = answers[sizes[answers] >= _MIN_BYTES]
    if not len(answers):
        return []
    encoded = batch.encoded
    buffer = b"\n".join([encoded[i] for i in answers.tolist()]) + bytes(16)
    places = _sample(np.frombuffer(buffer, dtype=np.uint8)[:-16])
    places = places[places < len(buffer) - 16]
    starts = np.append(0, np.cumsum(sizes[answers] + 1)[:-1])
    counts = np.diff(np.append(np.searchsorted(places, starts), len(places)))
    owners = np.repeat(np.arange(len(answers), dtype=np.uint64), counts)
    first = np.ndarray(len(buffer) - 15, dtype="<u8", buffer=buffer, strides=(1,))[places]
    second = np.ndarray(len(buffer) - 15, dtype="<u8", buffer=buffer, offset=8, strides=(1,))[places]
    keys = first * np.uint64(0x9E3779B97F4A7C15) ^ second * np.uint64(0xC2B2AE3D27D4EB4F)
    keys = keys >> np.uint64(24) | owners << np.uint64(40)
    keys.sort()
    again = keys[1:][keys[1:] == keys[:-1]] >> np.uint64(40)
    twice = np.bincount(again.astype(np.int64), minlength=len(answers))
    shares = twice / np.maximum(counts, 4)
    at = shares >= _SUSPECT
    return list(zip(answers[at].tolist(), shares[at].tolist(), strict=True))


def _sample(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Places whose three bytes hash lowest in their window: the same text gives the same places, wherever it stands."""
    import numpy as np

    hashes = data[:-2] * np.uint8(171) + data[1:-1] * np.uint8(57) + data[2:] * np.uint8(13)
    low, step = hashes, 1
    for _ in range(_WINDOW):
        low = np.minimum(low[:-step], low[step:])
        step *= 2
    return np.flatnonzero(hashes[: len(low)] == low)


def _loop(text: str) -> tuple[tuple[int, int], str]:
    """The same words over and over, without a change between the copies."""
    anchors = [m.end() for m in _ANCHOR.finditer(text)]
    if len(anchors) * 40 < len(text):
        anchors = list(range(len(text)))
    last: dict[str, int] = {}
    done = 0
    for at in anchors:
        if at < done:
            continue
        seed = text[at : at + _SEED]
        before = last.get(seed)
        last[seed] = at
        if before is None or len(seed) < _SEED:
            continue
        size = at - before
        unit, copies = text[before:at], 2
        if not text.startswith(unit, at):
            continue
        while text.startswith(unit, before + copies * size):
            copies += 1
        done = before + copies * size
        if copies >= _COPIES and copies * size >= _LOOP_CHARS and sum(map(str.isalpha, unit)) >= 2:
            return (before, done), f"{unit.strip()[:40]!r} {copies} times in a row"
    return (0, 0), ""


def _is_list(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) >= 5 or sum(1 for line in lines if _ITEM.match(line)) >= 3


def _sentences(text: str, share: float) -> tuple[tuple[int, int], str]:
    """Whole sentences said again."""
    said = [s.strip() for s in _SENTENCE.split(text)]
    counts = Counter(s.casefold() for s in said if len(s) >= _SHORTEST_SENTENCE or _WORD.subn("", s)[1] >= 8)
    again = [s for s in counts if counts[s] > 1]
    if sum(len(s) * (counts[s] - 1) for s in again) < max(share * len(text), _LOOP_CHARS):
        return (0, 0), ""
    if len(again) < 2 and max(counts.values()) < 3:
        return (0, 0), ""
    worst = next(s for s in said if counts[s.casefold()] > 1)
    start = text.find(worst, text.find(worst) + 1)
    return (max(start, 0), max(start, 0) + len(worst)), f"{worst[:60]!r} again"


def _duplicate_share(text: str) -> float:
    """Share of the characters that lie in a run of five words said before."""
    words = [w.casefold() for w in _WORD.findall(text)]
    if len(words) < 100:
        return 0.0
    seen: set[tuple[str, ...]] = set()
    covered, i = 0, 0
    while i <= len(words) - 5:
        run = tuple(words[i : i + 5])
        if run in seen:
            covered += sum(map(len, run))
            i += 5
        else:
            seen.add(run)
            i += 1
    return covered / sum(map(len, words))


def _is_meant(message: Message, text: str) -> bool:
    if _MEANT.search(message.prompt) or prose.is_table(text):
        return True
    return prose.has_code(text) or (prose.is_verse(text) and len(text) < 4000)
