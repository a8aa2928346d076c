"""A few hundred records with every kind of nastiness, made up here; the same ones every time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

PROMPTS = (
    "Name three fruits.",
    "Summarise the text in one sentence.",
    "Translate to French: good morning",
    "Write a Python function that adds two numbers.",
    "What is 17 + 25?",
    "用三句话介绍北京。",
    "Объясни, что такое фотосинтез.",
    "¿Cuál es la capital de Perú?",
    "Rewrite this in a formal tone:\n\nhey, whats up",
    "Who are you?",
    "Fix the HTML: <p>Hello</b>",
    "Give me a list of 5 animals, one a line.",
    "  Describe a sunset.  ",
    "describe a SUNSET please",
    "",
)
PLAIN = (
    "Apple, pear and plum.",
    "42",
    "Bonjour.",
    "def add(a, b):\n    return a + b",
    "```python\ndef add(a, b):\n    return a + b\n```",
    "1. cat\n2. dog\n3. cow\n4. hen\n5. fox",
    "北京是中国的首都，历史悠久，文化丰富。",
    "Фотосинтез — это процесс, при котором растения создают пищу из света.",
    "La capital de Perú es Lima.",
    "Family emoji stay whole: \U0001f469\u200d\U0001f469\u200d\U0001f467 and flags too: \U0001f1eb\U0001f1f7.",
    "می\u200cخواهم بروم.",
    "The formula is \\(a^2 + b^2 = c^2\\), see \\frac{1}{2}.",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "Use `<br>` to break a line, and &amp; for an ampersand.",
    "- [ ] task\n- [x] done",
    "A poem:\n\nRoses are red,\nviolets are blue.",
)
NASTY = (
    # nothing, or as good as nothing
    "", " ", "\n", "\t \n", "N/A", "n/a", "nan", "None", "null", "-", "...", "TBD", "<noinput>", "noinput", "No input",
    "[insert name here]", "{{answer}}", "Lorem ipsum dolor sit amet, consectetur adipiscing elit.", "undefined",
    # mark-up and entities
    "<p>Hello <b>world</b></p>", "line<br>line<br/>line", "<div class=\"x\">text</div>", "Tom &amp; Jerry &lt;3",
    "it&#39;s &quot;fine&quot; &nbsp; here", "&amp;amp; twice", "<a href=\"http://example.org\">here</a>", "<!-- note -->",
    "[link](http://example.org/a_(b)) and **bold**", "# Title\n\nText", "<script>alert(1)</script>",
    # blanks, controls, invisible characters
    "trailing blanks   ", "  leading", "two  spaces   inside", "tab\there ", "line \nline\t\nend", "a\r\nb\r\nc", "a\rb",
    "zero\u200bwidth", "\ufeffbom", "soft\u00adhyphen", "no\u00a0break", "bell\x07", "null\x00byte", "esc\x1b[31mred",
    "\u202ereversed\u202c", "line\u2028sep", "next\u0085line", "private \ue000 use", "tag\U000e0041s", "vt\x0bff\x0c",
    "many\n\n\n\n\nlines", "replacement \ufffd\ufffd here",
    # mojibake and width
    "caf\u00c3\u00a9", "it\u00e2\u20ac\u2122s", "\u00e2\u20ac\u0153quoted\u00e2\u20ac\u009d", "ï»¿start",
    "\u00d0\u0178\u00d1\u20ac\u00d0\u00b8\u00d0\u00b2\u00d0\u00b5\u00d1\u201a", "ﬁne ﬂow", "ｆｕｌｌ　ｗｉｄｔｈ",
    "decomposed cafe\u0301", "Ｈｅｌｌｏ，world", "paypa\u0430l",
    # the voice of another model
    "As an AI language model, I cannot feel.", "I'm sorry, but I can't help with that.", "I am ChatGPT, made by OpenAI.",
    "作为一个人工智能语言模型，我不能回答。", "As of my knowledge cutoff in September 2021, it was so.", "Sure! Here is the list:",
    "Certainly, I'd be happy to help!", "I hope this helps! Let me know if you have any questions.", "Regenerate response",
    "As a large language model I have no opinion, but here it is: yes.", "I cannot browse the internet.",
    # cut off, repeated, merged
    "The main reasons are the following: first, the", "and then he said that", "1. one\n2. two\n3.", "```python\nprint(1)",
    "very very very very very very very very very very", "ha" * 60, "The end. The end. The end. The end. The end. The end.",
    "=" * 80, "a" * 300, "Blue.\n\n### Instruction:\nName a fruit.\n\n### Response:\nApple.",
    "Question: Why?\nAnswer: So.\n\nQuestion: How?\nAnswer: Thus.", "Human: hi\nAssistant: hello\nHuman: bye",
    "User: what?\nAI: that.", "Output: Paris", "### Response:\nParis", "Answer:", "Input: x\nOutput: y\nInput: z\nOutput:",
    # tokens of templates
    "<|im_start|>assistant\nHi<|im_end|>", "[INST] hi [/INST] hello </s>", "<s>hi</s>", "<|endoftext|>", "<unk>",
    "<start_of_turn>user\nhi<end_of_turn>", "<think>hm</think>done", "<|user|>hi<|assistant|>ho", "[PAD][PAD]", "<0x0A>",
    # personal data and secrets (none of them real)
    "Write to jane.doe@example.com or call +1 555 0100.", "192.0.2.7 is down", "key sk-test-0000000000000000000000000000",
    "card 4111 1111 1111 1111", "https://user:pass@example.org/path?x=1", "-----BEGIN PRIVATE KEY-----",
    # languages that do not fit, facts that do not fit
    "Это ответ по-русски.", "这是一个中文回答。", "Dies ist eine deutsche Antwort auf eine englische Frage.",
    "Two and two are 5.", "def broken(:\n  return", "{\"json\": tru}", "$x = \\frac{1}{2$", "(unbalanced [brackets}",
    "\"only quoted\"", "'single'", "lowercase start", "ALL CAPS ANSWER!!!", "Why?????", "no full stop at the end of this",
    "Hello ,world .Bad spacing !", "Mr.Smith went home.He slept.", "“mixed\" quotes'", "1,2,3,4,5,6,7,8,9,10" * 20,
)  # fmt: skip
BROKEN = (
    b'{"instruction": "cut off", "output": "he',
    b"not json at all",
    b'{"a": 1} trailing',
    b'{"a": NaN}',
    b"{'single': 'quotes'}",
    b'{"bad": "\xff\xfe"}',
    b'{"lone": "\\ud800"}',
    b'{"tab": "a\tb"}',
    b"[1, 2, 3]",
    b'"just a string"',
    b"null",
    b"{}",
    b"",
    b"   ",
    b'{"prompt": "twice", "prompt": "twice", "completion": "yes"}',
    b'{"prompt": "crlf", "completion": "yes"}\r',
    b'\xef\xbb\xbf{"prompt": "bom", "completion": "yes"}',
    b'{"big": 123456789012345678901234567890, "prompt": "a", "completion": "b"}',
    b'{"conversations": "not a list"}',
    b'{"messages": []}',
    b'{"messages": [{"role": "user"}]}',
    b'{"messages": [{"role": "robot", "content": "x"}, {"role": "assistant", "content": 3}]}',
    b'{"text": "a plain text record"}',
    b'{"unknown": "keys", "only": 1}',
    b'{"instruction": null, "input": 3, "output": ["a"]}',
)


def alpaca(prompt: str, answer: str, more: str) -> dict[str, Any]:
    """An instruction, an input and an output."""
    return {"instruction": prompt, "input": more, "output": answer}


def pair(prompt: str, answer: str, more: str) -> dict[str, Any]:
    """A prompt and a completion."""
    return {"prompt": prompt, "completion": answer}


def messages(prompt: str, answer: str, more: str) -> dict[str, Any]:
    """A chat."""
    return {"messages": [_said("system", more), _said("user", prompt), _said("assistant", answer)]}


def turns(prompt: str, answer: str, more: str) -> dict[str, Any]:
    """A chat with two rounds, or one that goes wrong."""
    said = [_said("user", prompt), _said("assistant", more), _said("user", more), _said("assistant", answer)]
    return {"id": more, "messages": said[: 4 - len(answer) % 2]}


def sharegpt(prompt: str, answer: str, more: str) -> dict[str, Any]:
    """A chat in the other dialect."""
    return {"conversations": [{"from": "human", "value": prompt}, {"from": "gpt", "value": answer}]}


def preference(prompt: str, answer: str, more: str) -> dict[str, Any]:
    """A better and a worse answer."""
    return {"prompt": prompt, "chosen": answer, "rejected": more}


def kto(prompt: str, answer: str, more: str) -> dict[str, Any]:
    """An answer and whether it is wanted."""
    return {"prompt": prompt, "completion": answer, "label": len(answer) % 2 == 0}


def _said(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


SHAPES = (alpaca, pair, messages, turns, sharegpt, preference, kto)


@cache
def lines(count: int = 400, seed: int = 1) -> tuple[bytes, ...]:
    """Lines of a file, without their line feeds; no two seeds give the same."""
    return tuple(_lines(count, random.Random(seed)))


def _lines(count: int, chance: random.Random) -> Iterator[bytes]:
    nasty = list(NASTY)
    chance.shuffle(nasty)
    broken = list(BROKEN)
    for number in range(count):
        if number % 17 == 16 and broken:
            yield broken.pop()
            continue
        answer = nasty[number // 2 % len(nasty)] if number % 2 else chance.choice(PLAIN)
        prompt = chance.choice(nasty if number % 11 == 0 else PROMPTS)
        more = chance.choice(("", "", chance.choice(nasty), chance.choice(PLAIN)))
        record = chance.choice(SHAPES)(prompt, answer, more)
        yield json.dumps(record, ensure_ascii=bool(number % 3 == 0)).encode("utf-8", "surrogatepass")
        if number % 23 == 22:
            yield json.dumps(record, ensure_ascii=False).encode()  # a duplicate


def content(some: Sequence[bytes]) -> bytes:
    """The lines as a file."""
    return b"".join(line + b"\n" for line in some)
