"""The exemptions that rules share: what is code, markup, quotation, verse, and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from datalint import prose
from datalint.batch import Batch
from datalint.model import Layout, Slot, Turn
from datalint.views import Message


def fenced(text: str) -> list[str]:
    return [text[a:b] for a, b in prose.fences(text)]


def coded(text: str) -> list[str]:
    return [text[a:b] for a, b in prose.code(text)]


def chat(*texts: str, roles: Sequence[str] = ("user", "assistant")) -> list[Message]:
    """The messages of one conversation."""
    slots = tuple(Slot(role, f"/{n}", n) for n, role in zip(range(len(texts)), roles, strict=False))
    turns = tuple(Turn(slot.role, slot.pointer, (n,)) for n, slot in enumerate(slots))
    layout = Layout("test", slots, turns, (tuple(range(len(slots))),))
    data: list[Any] = [{}]
    return list(Batch(0, "a.jsonl", [b"{}"], [0], data, [layout], list(texts), [0, len(texts)]).record(0).messages)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no code at all", []),
        ("a\n```\nx\n```\nb", ["```\nx\n```"]),
        ("```python\nx\n```", ["```python\nx\n```"]),
        ("~~~\nx\n~~~\ny", ["~~~\nx\n~~~"]),
        ("```\nx\n~~~\ny\n```", ["```\nx\n~~~\ny\n```"]),  # another mark does not close it
        ("````\n```\nx\n```\n````", ["````\n```\nx\n```\n````"]),  # nor does a shorter one
        ("```\nx\n`````", ["```\nx\n`````"]),  # a longer one does
        ("```\nx\n``` y\n```", ["```\nx\n``` y\n```"]),  # nor one with words after it
        ("1. a\n   ```\n   x\n   ```\n2. b", ["   ```\n   x\n   ```"]),
        ("> ```\n> x\n> ```", ["> ```\n> x\n> ```"]),
        ("- ```\n  x\n  ```", ["- ```\n  x\n  ```"]),
        ("a\n```\nnever closed", ["```\nnever closed"]),
        ("So: ```sh\nx\n``` \nb", ["```sh\nx\n``` "]),  # it opens behind words
        ("```\nx()```\nb", ["```\nx()```"]),  # and closes behind code
        ("say ```x``` there", []),  # in one line it is inline code
        ("```\na\n```\nb\n```\nc\n```", ["```\na\n```", "```\nc\n```"]),
    ],
)
def test_fences(text: str, expected: list[str]) -> None:
    assert fenced(text) == expected


@pytest.mark.parametrize(
    ("text", "start"),
    [("plain", None), ("```\nx\n```", None), ("a\n```\nx", 2), ("```\na\n```\n~~~\nb", 10), ("x ```y``` z", None)],
)
def test_unclosed_fence(text: str, start: int | None) -> None:
    assert prose.unclosed_fence(text) == start


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("use `ls` and ``a ` b``", ["`ls`", "``a ` b``"]),
        ("an apostrophe ` alone", []),
        ("`never\nover a line`", []),
        ("```\n`x`\n```\n`y`", ["```\n`x`\n```", "`y`"]),
        ("say ```x``` there", []),
    ],
)
def test_code_spans(text: str, expected: list[str]) -> None:
    assert coded(text) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [((2, 4), True), ((4, 5), True), ((5, 6), False), ((0, 2), False), ((2, 2), True), ((9, 9), False)],
)
def test_covered(span: tuple[int, int], expected: bool) -> None:
    assert prose.covered(span, [(2, 5)]) is expected


CODE = [
    "def add(a, b):\n    return a + b",
    "import os\nfrom re import match\nprint(os.name)",
    '#include <stdio.h>\nint main() {\n  printf("hello world\\n");\n  return 0;\n}',
    'public class Dog {\n    private String name;\n    public void bark() { System.out.println("Woof"); }\n}',
    "const f = (x) => {\n  console.log(x);\n};",
    "SELECT name, age\nFROM people\nWHERE age > 30\nORDER BY name;",
    "CREATE TABLE t (\n  id SERIAL PRIMARY KEY,\n  name VARCHAR(255)\n);",
    "<html>\n<body>\n<p>Hello</p>\n</body>\n</html>",
    "<ul>\n  <li>One</li>\n  <li>Two</li>\n</ul>",
    "body {\n  color: red;\n  margin: 0 auto;\n}",
    '{\n  "name": "Eva",\n  "age": 31\n}',
    '#!/bin/bash\nfor f in *.txt; do\n  mv "$f" old/\ndone',
    "fib :: Int -> Int\nfib 0 = 0\nmain = print (fib 3)",
    "def total(list)\n  list.sum\nend\nputs total([1, 2])",
    "IF x > 3\n  PRINT x\nELSE\n  SET x = 3\nENDIF",
    "x = 3\ny = [1, 2]\nprint(x)",
    "Here it is:\n\nimport numpy as np\na = np.zeros(3)\nprint(a)",
    "```\nanything\n```",
    "SELECT column_a, column_b FROM my_table",
]
PROSE = [
    "The cat sat on the mat.",
    "If you want to go, do so: the train leaves at nine.",
    "For example, there are many ways to cook rice:\n1. Boil it;\n2. Fry it with onions and a little oil;\n3. Steam it.",
    "Three effects are:\n1. Rising seas and lost coasts in the south;\n2. More storms than there ever were before;",
    "I am {{name}}, an assistant trained by {{author}}.",
    "<nooutput>",
    "@eva thanks for the help yesterday, see you soon",
    "import duties rise when trade falls",
    "Return to the start and try it again, please.",
    "class was over and we went home",
    "From the hill we saw the town.",
    "冰雪(snow)，寒冷(cold)",
    "Dear Ann,\n\nthank you for your letter.\n\nYours,\nEva",
    "54*10 = 540",
    "",
]


@pytest.mark.parametrize("text", CODE)
def test_is_code(text: str) -> None:
    assert prose.is_code(text)
    assert prose.has_code(text)


@pytest.mark.parametrize("text", PROSE)
def test_is_no_code(text: str) -> None:
    assert not prose.is_code(text)
    assert not prose.has_code(text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("    return x", True),
        ("# a comment", True),
        ("// a comment", True),
        ("for (int i = 0; i < n; i++) {", True),
        ("x += 1", True),
        ("$ ls -l", True),
        ("</div>", True),
        ("private static final String name;", True),
        ("- name: build", False),
        ("Total = the sum of all the parts.", False),
        ("We met (all of us) there;", False),
    ],
)
def test_is_code_line(line: str, expected: bool) -> None:
    assert prose.is_code_line(line) is expected


@pytest.mark.parametrize(
    "prompt",
    [
        "Write a Python function that adds two numbers.", "Create a SQL query.", "Design a program to sort names.",
        "Give me a regex for dates.", "Sort this with C++", "Write it in Rust", "Output as JSON", "用Python写一个函数", "编写一个程序",
        "プログラムを書いて", "프로그램을 작성", "Напиши функцию", "Écris une fonction", "Schreibe eine Funktion", "Escribe un programa",
        "Escreva um código", "Scrivi una funzione", "Viết đoạn mã", "اكتب برنامج",
    ],
)  # fmt: skip
def test_asks_for_code(prompt: str) -> None:
    assert prose.asks_for_code(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "How would you react to rust on a car?", "Describe spring in the mountains.", "Name a ruby necklace.",
        "Who sold sea shells?", "Write a poem about a swift.", "Decode nothing, just rest.", "эпизод о кодексе", "写一首诗",
    ],
)  # fmt: skip
def test_asks_for_no_code(prompt: str) -> None:
    assert not prose.asks_for_code(prompt)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write an HTML form.", True),
        ("Which tag makes a list?", True),
        ("Build a landing page", True),
        ("解释HTML的标签", True),
        ("什么是网页", True),
        ("Как устроен сайт?", True),
        ("Quelle balise ?", True),
        ("Suggest a price tag.", False),
        ("Give me hashtags.", False),
        ("Name a bird.", False),
    ],
)
def test_about_markup(text: str, expected: bool) -> None:
    assert prose.about_markup(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!DOCTYPE html><html></html>", True),
        ("  <?xml version='1.0'?><a/>", True),
        ("<svg><path d=''/></svg>", True),
        ("<note><to>Eva</to></note>", True),
        ("<div>\n<p>A long text that is not only tags.</p>\n</div>", True),
        ("The <b>red</b> team won the match on Sunday.", False),
        ("I <3 you", False),
        ("plain", False),
    ],
)
def test_is_document(text: str, expected: bool) -> None:
    assert prose.is_document(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wind in the reeds,\nrain on the roof,\nnight at the door,\nsleep in the house.", True),
        ("床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。", True),
        ("one\ntwo", False),
        ("- one\n- two\n- three\n- four", False),
        ("1. one\n2. two\n3. three\n4. four", False),
        ("Name: Eva\nAge: 31\nTown: Graz\nJob: baker", False),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", False),
        ("A first long line that goes on and on until it fills the page and more.\n" * 4, False),
    ],
)
def test_is_verse(text: str, expected: bool) -> None:
    assert prose.is_verse(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| a | b |\n| 1 | 2 |", True),
        ("a | b\n--- | ---\n1 | 2", True),
        ("name\tage\nEva\t31", True),
        ("a,b,c,d,e\n1,2,3,4,5", True),
        ("One, two, three, four, five, six.\nSeven, eight, nine, ten, eleven, twelve.", False),
        ("a | b", False),
        ("plain text", False),
    ],
)
def test_is_table(text: str, expected: bool) -> None:
    assert prose.is_table(text) is expected


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ('He said "go home" today.', "go", True),
        ('He said "go" home today.', "home", False),
        ("He said “go home” today.", "go", True),
        ("Er sagte „geh heim“ zu mir.", "geh", True),
        ("Il dit « rentre » hier.", "rentre", True),
        ("彼は「帰れ」と言った", "帰れ", True),
        ("“Go,” he said, and “stay.”", "said", False),
        ('"One"\nline go two "three"', "go", False),
        ("go", "go", False),
    ],
)
def test_in_quotes(text: str, word: str, expected: bool) -> None:
    message = chat(text)[0]
    start = text.index(word)
    assert prose.in_quotes(message, (start, start + len(word))) is expected


def test_in_code() -> None:
    message = chat("Call `here()` and go.")[0]
    assert prose.in_code(message, (6, 10))
    assert not prose.in_code(message, (18, 20))
    assert prose.in_code(chat("x = 1\ny = 2")[0], (0, 1))


@pytest.mark.parametrize(
    ("prompt", "answer", "code", "markup"),
    [
        ("Write a Python loop.", "Fine.", True, False),
        ("Explain it.", "Like this:\n```\nx\n```", True, False),
        ("Write an HTML list.", "<ul><li>One</li></ul>", True, True),
        ("Tell me a story.", "Once upon a time there was a fox.", False, False),
    ],
)
def test_tasks(prompt: str, answer: str, code: bool, markup: bool) -> None:
    message = chat(prompt, answer)[1]
    assert prose.in_code_task(message, (0, 1)) is code
    assert prose.in_markup_task(message, (0, 1)) is markup


def test_what_a_user_says_counts_as_its_own_surroundings() -> None:
    assert prose.in_code_task(chat("Write a Python loop.")[0], (0, 1))
    assert prose.in_markup_task(chat("Write an HTML list.")[0], (0, 1))


@pytest.mark.parametrize("name", ["code", "code-task", "markup-task", "quotes", "verse", "table"])
def test_contexts_answer(name: str) -> None:
    assert prose.CONTEXTS[name](chat("Plain words.", "More of them.")[1], (0, 4)) is False


@pytest.mark.parametrize(
    "text", ["`" * 3000, "```\n" * 800, "a" * 60_000, "<" * 20_000, "=" * 20_000, "x = " * 8000, '"' * 9999]
)
def test_no_text_takes_long(text: str) -> None:
    import time

    start = time.perf_counter()
    for ask in (
        prose.is_code,
        prose.has_code,
        prose.is_document,
        prose.is_table,
        prose.is_verse,
        prose.about_markup,
        prose.asks_for_code,
    ):
        ask(text)
    prose.code(text)
    assert time.perf_counter() - start < 2.0
