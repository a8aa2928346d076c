"""Code in answers: what parses, what does not, what stops before its end, and what is no code to be judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import running
from datalint_rules.code import _data, _grammars, _html, _python, _shell, _sql
from datalint_rules.code._brackets import brackets
from datalint_rules.code._flaw import Flaw, bounded
from datalint_rules.code._languages import named, of_fence, of_task
from hypothesis import given
from hypothesis import strategies as st

# Language, code, what is said of it ("" for nothing), whether it is cut off.
ALWAYS = [
    ("python", "x = [1,\n     2]\nprint(x)", "", False),
    ("python", "x = [1,\n     2", "'[' is never closed", True),
    ("python", "x = (1\ny = 2\n", "'(' is never closed", False),
    ("python", "def f(x):\nreturn x", "a block is not indented", False),
    ("python", "x = 1\nif x:", "a block is missing after 'if x:'", True),
    ("python", "if x:", "", False),  # a header, shown as such
    ("python", "x = 'one", "a string is never closed", True),
    ("python", "x = 'one\ny = 2", "a string is not closed on its line", False),
    ("python", "def f():\n    '''Text", "a string in triple quotes is never closed", True),
    ("python", "    x = 1\n    y = 2", "", False),  # indented as a whole
    ("python", "x = 1 +", "invalid syntax", True),
    ("python", "print 'one'\nprint x, y", "", False),
    ("python", "try:\n    f()\nexcept E, e:\n    pass", "", False),
    ("python", ">>> f(2)\n4", "", False),
    ("python", "!pip install x\nimport x", "", False),
    ("python", "%matplotlib inline\nimport x", "", False),
    ("python", "else:\n    x = 1", "", False),
    ("python", "async def f():\n    await g()", "", False),
    ("python", "await g()\nreturn 3", "", False),
    ("python", "match x:\n    case 1: pass", "", False),
    ("python", 'x = "\\d"', "", False),  # a warning, no error
    ("python", "def f[T](x: T) -> T:\n    return x", "", False),  # newer versions than some
    ("python", 'x = f"{d["a"]}"', "", False),
    ("python", "x = 1\n\xa0\xa0\xa0\xa0y = 2", "U+00A0 where a space should be", False),
    ("python", "x = 3\nThis will print the value of x", "", False),  # prose among it
    ("json", '{"a": [1, 2]}', "", False),
    ("json", '{"a": [1, 2', "']' is missing", True),
    ("json", '{"a": 1', "'}' is missing", True),
    ("json", '{"a": "one', "a string is never closed", True),
    ("json", '{"a": 1,}', "a comma before '}'", False),
    ("json", "{'a': 1}", "expected property name", False),
    ("json", '{"a": 1} {"b": 2}\n{"c": 3}', "", False),
    ("json", '"a": 1,\n"b": 2', "", False),
    ("json", '{"a": 1 // one\n}', "", False),
    ("json", '{"a": NaN}', "", False),
    ("json", "just words", "", False),
    ("toml", "[a]\nb = 1", "", False),
    ("toml", "[a]\nb = = 1", "invalid value", False),
    ("yaml", "a: 1\nb:\n  - c", "", False),
    ("yaml", "a: [1, 2\nb: 3", "did not find expected", False),
    ("yaml", "a: !!python/object:x.Y {}", "", False),
    ("yaml", "&a [*a]", "", False),
    ("xml", "<a><b/></a>", "", False),
    ("xml", "<?xml version='1.0'?>\n<a><b></a>", "is never closed", False),
    ("xml", "<a><b>", "<b> is never closed", True),
    ("xml", "<a/><b/>", "", False),
    ("xml", "<a:b>é</a:b>", "", False),
    ("xml", "<a>&nbsp;</a>", "", False),
    ("xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "", False),
    ("html", "<p>One<p>Two<br>", "", False),
    ("html", "<!DOCTYPE html><html><body><p>One</body></html>", "", False),
    ("html", "<!DOCTYPE html><html><body><p>One", "<body> is never closed", True),
    ("html", '<div class="a', "the tag <div is never closed", True),
    ("html", "<p>One</p><!-- two", "a comment is never closed", True),
    ("html", "<script>if (a < b) { x('</p>') }", "<script> is never closed", True),
    ("html", "<div>One", "", False),
    ("shell", "if [ 1 ]; then echo; fi", "", False),
    ("shell", "for i in 1 2; do\n  echo $i\ndone", "", False),
    ("shell", "for i in 1 2; do\n  echo $i", "'do' has no 'done'", True),
    ("shell", "f() {\n  if x; then y; fi}\nf", "'}' closes nothing here", False),
    ("shell", "if x; then y; done", "'done' where 'fi' was expected", False),
    ("shell", "echo 'one", "a string is never closed", True),
    ("shell", "echo \"it's if $x\" # don't do it", "", False),
    ("shell", "cat <<EOF\nif it's \"open\nEOF\necho", "", False),
    ("shell", "case $x in\n  a) echo;;\nesac", "", False),
    ("shell", "echo if then do done", "", False),
    ("shell", "echo ${x:0:3} $((1 << 2)) $#", "", False),
]
SITTERS = [
    ("javascript", "const f = (a) => { return `x ${a} {`; };", "", False),
    ("javascript", "function f(a) {\n  if (a) {\n    return /[{]/.test(a);\n", "'{' is never closed", True),
    ("javascript", "f(a, [1, 2);", "')' where ']' was expected for '[' of line 1", False),
    ("javascript", "return <div>{x}</div>;", "", False),
    ("javascript", "a() { return 1; }", "", False),
    ("javascript", ".then(x => x)", "", False),
    ("javascript", "const total = 1;\nconsole.log(tot", "'(' is never closed", True),
    ("typescript", "interface A { b: string; }\nconst c = <T,>(d: T): T => d;", "", False),
    ("java", "int f(int a) { return a; }", "", False),
    ("java", 'public class A {\n  void f() {\n    g("{");\n', "'{' is never closed", True),
    ("c", "#include <stdio.h>\nint main(void) { char c = '{'; return 0; }", "", False),
    ("c", "int main() { return 0 }", "';' is missing", False),
    ("c", "x = 1;\ny++;", "", False),
    ("cpp", "#include <vector>\nstd::vector<int> f() { return {}; }", "", False),
    ("cpp", "UCLASS(Blueprint)\nclass A : public B { GENERATED_BODY() };", "", False),
    ("csharp", 'public void F() { Console.WriteLine($"{a}"); }', "", False),
    ("csharp", "Console.Write('one');", "in single quotes", False),
    ("go", "package main\nfunc main() { x := []int{1}\n_ = x }", "", False),
    ("go", 'func main() {\n\tfmt.Println("a")\n', "'{' is never closed", True),
    ("rust", 'fn main() { let x: &\'static str = "}"; }', "", False),
    ("rust", "fn main() { let x = vec![1, 2];", "'{' is never closed", True),
    ("ruby", "def f(x)\n  x.map { |y| y }\nend", "", False),
    ("php", "<?php\nfunction f($a) { return $a; }", "", False),
    ("php", 'function f($a) { return "$a"; }', "", False),
    ("php", "<?php\nfunction f($a) {\n  echo 'a';\n", "'{' is never closed", True),
]
QUERIES = [
    ("SELECT a FROM b WHERE c = 1;", "", False),
    ("SELECT TOP 5 [a] FROM b", "", False),
    ("INSERT INTO b VALUES (1, 'it''s')", "", False),
    ("SELECT a FROM b WHERE (c = 1", "not understood", True),
    ("SELECT a, FROM WHERE b", "not understood", False),
    ("SELECT a FROM b WHERE c = 'one", "a string or name is never closed", True),
    ("a | b\n--+--\n1 | 2", "", False),
    ("CREATE PROCEDURE x AS BEGIN SELECT 1", "", False),
]
PARSERS = {
    "python": _python.parse, "json": _data.parse_json, "toml": _data.parse_toml, "yaml": _data.parse_yaml,
    "xml": _data.parse_xml, "html": _html.parse, "shell": _shell.parse,
}  # fmt: skip
TASKS = [
    ("Write a Python function.", "def f():\n    pass", "python"),
    ("Write a function.", "def f():\n    pass", "python"),
    ("Write a function in Scala.", "def f(x: Int): Int = x", None),
    ("Write a JavaScript function.", "function f() {}", "javascript"),
    ("Write a function in Java or JavaScript.", "function f() {}", None),
    ("Translate this Python code to JavaScript.", "import a from 'b'", None),
    ("Fetch JSON with Python.", "import json", "python"),
    ("Write a C program.", "#include <stdio.h>\nint main() {}", "c"),
    ("Play a C major chord.", "C, E and G", None),
    ("Let us go.", "import x", None),
    ("Write a Go program.", "package main", "go"),
    ("Style it with CSS in JavaScript.", "const a = 1", None),
    ("Write an HTML page.", "<!DOCTYPE html>", "html"),
    ("What is Python?", "Python is a language.", None),
    ("Greet.", "#!/bin/bash\necho", "shell"),
]
MEANT = [
    ("What is wrong with this code?", "```python\nx = (1\n```"),
    ("Show Python.", "This is invalid:\n```python\nx = (1\n```"),
    ("Show Python.", "```python\nx = (1, ...\n```"),
    ("Show Python.", "```python\nx = <your key>\n```"),
    ("Show Python.", "```python\n+x = (1\n```"),
    ("Show Python.", "```python\n{% if x %}\nx = (1\n{% endif %}\n```"),
    ("Show Python.", "```text\nx = (1\n```"),
    ("Show Python.", "```\nx = (1\n```"),
    ("Show Python.", "```python\nx = (1"),  # the fence is open, which is another rule's
    ("Say what this does: x = (1", "```python\nx = (1\n```"),
    ("Write pseudocode for a sum.", "def f(x):\nreturn x"),
    ("Explain Python.", "def is a word that starts a function.\nA function has a name."),
]


@pytest.mark.parametrize(("language", "code", "said", "cut"), ALWAYS)
def test_what_needs_nothing_installed(language: str, code: str, said: str, cut: bool) -> None:
    """Python, data formats, HTML and shells."""
    same(PARSERS[language](code), said, cut, code)


@pytest.mark.parametrize(("language", "code", "said", "cut"), SITTERS)
def test_what_grammars_know(language: str, code: str, said: str, cut: bool) -> None:
    """Pieces of a program are taken for pieces."""
    pytest.importorskip("tree_sitter")
    same(_grammars.parse(code, language), said, cut, code)


@pytest.mark.parametrize(("code", "said", "cut"), QUERIES)
def test_queries_of_any_dialect(code: str, said: str, cut: bool) -> None:
    """One dialect that takes it is enough."""
    pytest.importorskip("sqlglot")
    same(_sql.parse(code), said, cut, code)


def same(flaw: Flaw | None, said: str, cut: bool, code: str) -> None:
    """A flaw says ``said``, none where that is ""."""
    assert (flaw is not None) == bool(said), flaw
    if flaw is not None:
        assert said in flaw.said
        assert flaw.cut == cut
        assert 0 <= flaw.at <= len(code)


@pytest.mark.parametrize(("prompt", "code", "language"), TASKS)
def test_prompts_name_the_language(prompt: str, code: str, language: str | None) -> None:
    """And the code starts as one does."""
    assert of_task(prompt, code) == language


def test_fences_name_the_language() -> None:
    """In the ways people write it."""
    assert [of_fence(info) for info in ("Python", "py title=x", "{.python}", "c++", "text", "")] == [
        "python", "python", "python", "cpp", None, None,
    ]  # fmt: skip
    assert named("Java and JavaScript, not C or Kotlin") >= {"java", "javascript", ""}


@pytest.mark.parametrize(("prompt", "answer"), MEANT)
def test_code_that_is_left_alone(tmp_path: Path, prompt: str, answer: str) -> None:
    """Wrong on purpose, excerpts, templates, and what is no code."""
    assert findings(tmp_path, prompt, answer) == []


def test_one_finding_a_block(tmp_path: Path) -> None:
    """At its place, with its line."""
    answer = "One:\n```python\nx = (1\ny = 2\n```\nTwo:\n```python\nx = [1,\n```\n"
    found = findings(tmp_path, "Show Python.", answer)
    assert [(c, m) for c, m, _ in found] == [
        ("QLT502", "Python that does not parse: '(' is never closed (line 1 of the block)"),
        ("QLT511", "Python that stops before its end: '[' is never closed (line 1 of the block)"),
    ]
    assert [answer[a:b] for _, _, (a, b) in found] == ["(", "["]


def test_one_finding_though_prompt_and_answer_lead_to_it(tmp_path: Path) -> None:
    """Both have a trigger."""
    assert [c for c, *_ in findings(tmp_path, "Write a Python function.", "def f(x):\nreturn x")] == ["QLT502"]


def test_half_a_word(tmp_path: Path) -> None:
    """Stands for code that was cut there; a name that stands elsewhere too does not."""
    code = "word_count = 3\nprint(word_count)\n"
    assert [m for _, m, _ in findings(tmp_path, "Write Python code.", code + "word_co")] == [
        "Python that stops before its end: 'word_co' is half of 'word_count' (line 3 of the answer)"
    ]
    assert findings(tmp_path, "Write Python code.", code + "word_count") == []


@pytest.mark.parametrize(
    "code",
    [
        "(" * 100_000, "[" * 5_000, "x = " + "-" * 100_000 + "1", "x = " + "+".join("1" * 20_000), "x" + ".a" * 15_000,
        "if a: pass\n" + "elif a: pass\n" * 3_000, "lambda: " * 10_000 + "1", '{"a":' * 50_000, "<a>" * 10_000,
        "- " * 10_000, "a: " * 10_000, "'" * 30_000, "`" * 30_000, "\\" * 30_000, "<div " * 8_000, "$(" * 10_000, "{{" * 10_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", [*PARSERS, "javascript", "cpp", "php", "sql"])
def test_huge_and_deep_code_ends_soon(tmp_path: Path, code: str, language: str) -> None:
    """It is not judged, or judged at once."""
    fence = "~" * 40_000 if "~" in code else "~~~"
    for text in (code, code[:3_000], "\n".join(code[i : i + 3_000] for i in range(0, 39_000, 3_000))):
        findings(tmp_path, "Show code.", f"{fence}{language}\n{text}\n{fence}")


def test_bounds() -> None:
    """Of size, lines and depth."""
    assert bounded("f((1))")
    assert not bounded("(" * 61)
    assert not bounded("x\n" * 2_000)
    assert not bounded("x" * 5_000)


@given(
    st.text(alphabet="ab(){}[]'\"`\\/*\n#<>=:;-$ ", max_size=80),
    st.sampled_from([*PARSERS, "javascript", "php", "sql"]),
)
def test_no_code_breaks_it(code: str, language: str) -> None:
    """Flaws lie in the code."""
    parser = PARSERS.get(language)
    flaw = parser(code) if parser else _sql.parse(code) if language == "sql" else _grammars.parse(code, language)
    assert flaw is None or 0 <= flaw.at <= len(code)


@given(st.text(alphabet="ab(){}[]'\"`\\/*\n", max_size=60))
def test_brackets_close_or_are_told(code: str) -> None:
    """Of each language with brackets."""
    for language in ("c", "javascript", "php", "rust", "go", "csharp", "java"):
        found = brackets(code, language)
        assert found is not None
        assert all(code[at] == mark for at, mark in found.open)


def findings(folder: Path, prompt: str, answer: str) -> list[tuple[str, str, tuple[int, int]]]:
    """What the rules say of one record."""
    record = {"instruction": prompt, "input": "", "output": answer}
    running.write(folder, {"a.jsonl": json.dumps(record).encode() + b"\n"})
    outcome = running.scan(running.settings(folder, "a.jsonl", select=("QLT502", "QLT511")))
    assert not outcome.not_checked
    return [(f.code, f.message, f.span or (0, 0)) for f in outcome.findings]
