"""QLT204: an answer that gives the prompt back."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Batch, Finding, Judged, Message, bad, good, pattern, rule

_SHORTEST = 8  # bytes of a text that can be echoed: labels and numbers are repeated by nature
_SHORTEST_HEAD = 20
# Tasks whose right answer can be the very text they were given.
_MAY_STAY = pattern(
    r"(?i)\b(?:sort\w*|order\w*|arrange\w*|rearrange\w*|rank\w*|organi[sz]e\w*|sequence\w*|priorit\w*|timeline|alphabet\w*"
    r"|chronolog\w*|correct\w*|proof-?read\w*|fix (?:any|the (?:grammar|spelling|punctuation)|grammar|spelling|punctuation)"
    r"|grammar\w*|grammatical\w*|spelling|punctuat\w*|edit\w*|errors?|mistakes?|select\w*|choose|pick|identify|find"
    r"|extract\w*|highlight|detect|locate|which|who|what|where|when|how|tell me|describe|repeat\w*|read\w*|say|speak|recite"
    r"|copy|paste|type|print\w*|echo|output the (?:text|input|string|same)|verbatim|transcribe|quote|cite|citation|format\w*"
    r"|comma-?separated|list of|clean\w*|normali[sz]e|capitali[sz]\w*|lower-?case|upper-?case|trim|remove|delete|censor\w*"
    r"|redact\w*|mask\w*|translate\w*|names?)\b|排序|排列|顺序|改正|修正|更正|纠正|语法|拼写|标点|错误|选择|找出|查找|识别|提取|确定|朗读|重复|复制|引用|格式|删除|去掉|翻译"
    r"|什么|哪|谁|编辑|检查|校对|\b(?:trie[rz]?|corrige\w*|répète\w*|sortiere?|korrigiere?|wiederhole?|ordena?|corrige|repite|повтори"
    r"|исправь|отсортируй|упорядочи)\b"
)
_SAYS_SO = pattern(
    r"(?i)\b(?:repeat\w*|say|recite|copy|paste|type|print|echo|verbatim|read)\b|重复|朗读|复制|повтори|répète|wiederhole|repite"
)
# Prompts that an answer may begin with: a start to go on from, or a heading.
_GOES_ON = pattern(
    r"(?i)\b(?:complete\w*|continu\w*|finish\w*|begin\w*|start\w*|story|poem|lyrics|fill|blanks?|add|append|extend|expand"
    r"|insert|rewrite|restate|rephrase|punch|prompt|title|headline|sentence|paragraph|dialog\w*|opening)\b|续写|补全|完成|开头|故事|句子"
    r"|填空"
)
_ASKS = pattern(r"[.?!:。？！：]\s*\Z")


@rule(
    "QLT204",
    "echoed-prompt",
    category="suspicious",
    known_problems="An echo in other words is not seen. A rewriting task whose text needed no change is found.",
    judged=Judged(
        34, 33, "36 public sets, 59,000 records: all its findings; wrong was a label that the input gave already"
    ),
    examples=[
        bad(
            {
                "instruction": "Put it in the past tense.",
                "input": "The boat leaves at noon.",
                "output": "The boat leaves at noon.",
            },
            name="the input again",
        ),
        bad(
            {
                "messages": [
                    {"role": "user", "content": "Invent a game."},
                    {"role": "assistant", "content": "Invent a game."},
                ]
            },
            name="the instruction again",
        ),
        bad(
            {
                "instruction": "Invent a game for two.",
                "input": "",
                "output": "Invent a game for two. It is played with dice.",
            },
            name="the instruction in front of the answer",
        ),
        bad({"instruction": "改成过去时。", "input": "船在中午离开。", "output": "船在中午离开。"}, name="Chinese"),
        good(
            {
                "instruction": "Correct the sentence.",
                "input": "The boat leaves at noon.",
                "output": "The boat leaves at noon.",
            },
            name="nothing to correct",
        ),
        good(
            {"instruction": "Sort the words.", "input": "ant, bee, cow", "output": "ant, bee, cow"},
            name="sorted already",
        ),
        good(
            {"instruction": "Repeat after me: good morning", "input": "", "output": "Repeat after me: good morning"},
            name="asked for",
        ),
        good(
            {
                "instruction": "Continue: once there was a fox.",
                "input": "",
                "output": "Continue: once there was a fox. It ran.",
            },
            name="a beginning to go on from",
        ),
        good({"instruction": "Translate into English.", "input": "Internet", "output": "Internet"}, name="a name"),
        good(
            {
                "instruction": "Explain the idea.",
                "input": "The tides of the sea",
                "output": "The tides of the sea follow the moon.",
            },
            name="an answer that starts with its subject",
        ),
    ],
)
def check_echoed_prompt(batch: Batch) -> Iterator[Finding]:
    """The answer repeats the prompt instead of answering it.

    An answer that is the input or the instruction again, or has the instruction in front of it, teaches to parrot. Tasks
    whose right answer can be the text itself, as sorting and proofreading, are left alone.
    """
    for answer, prompt in _pairs(batch):
        if not batch.texts[answer].lstrip().startswith(batch.texts[prompt].strip()):
            continue
        message = batch.message(answer)
        told = batch.message(prompt)
        if told.turn is message.turn or told.text not in message.prompt:
            continue
        text, source = message.text.strip(), told.text.strip()
        if text == source:
            if not _may_stay(told):
                yield message.finding(None, "the answer is the prompt again")
        elif _heads(text, source, message, told):
            start = message.text.find(source)
            yield message.finding((start, start + len(source)), "the answer starts with the prompt")


def _pairs(batch: Batch) -> Iterator[tuple[int, int]]:
    """Answers and the prompt texts just before them that begin alike and are as long, or shorter: all at once."""
    import numpy as np

    answers, asked = batch.numbers("assistant"), batch.numbers("user")
    if not len(answers) or not len(asked):
        return
    data = np.frombuffer(batch.joined + bytes(_SHORTEST), dtype=np.uint8)
    ends = np.append(batch.starts[1:] - 1, len(batch.joined))
    sizes = ends - batch.starts
    is_asked = np.zeros(len(sizes), dtype=np.bool_)
    is_asked[asked] = True
    for back in (1, 2):
        mine = answers[answers >= back]
        theirs = mine - back
        at = is_asked[theirs] & (batch.owners[mine] == batch.owners[theirs]) & (sizes[theirs] >= _SHORTEST)
        at &= sizes[mine] >= sizes[theirs] - 2
        mine, theirs = mine[at], theirs[at]
        for byte in range(_SHORTEST - 2):
            at = data[batch.starts[mine] + byte] == data[batch.starts[theirs] + byte]
            mine, theirs = mine[at], theirs[at]
        yield from zip(mine.tolist(), theirs.tolist(), strict=True)


def _may_stay(told: Message) -> bool:
    task = "\n".join(m.text for m in told.siblings).strip()
    if not task or len(told.text) > len(task) * 4:  # the instruction itself, or a long text to work on
        return _SAYS_SO.search(task or told.text) is not None or (task != "" and _MAY_STAY.search(task) is not None)
    return _MAY_STAY.search(task) is not None


def _heads(text: str, source: str, message: Message, told: Message) -> bool:
    """The answer has the whole instruction in front of it."""
    if len(source) < _SHORTEST_HEAD or not text.startswith(source) or len(text) < len(source) + 5:
        return False
    asked = [m for m in told.record.messages if m.role == "user" and m.text and m.text in message.prompt]
    if asked[0] is not told:  # not the instruction but the input beside it
        return False
    return _ASKS.search(source) is not None and not _GOES_ON.search(source) and not _SAYS_SO.search(source)
