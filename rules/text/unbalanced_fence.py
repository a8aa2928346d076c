"""TXT405: a code fence that is never closed."""

from __future__ import annotations

from collections.abc import Iterator

from datalint import Finding, Judged, Message, bad, good, pattern, prose, rule

_MARK = pattern(r"[ \t>]*(?P<mark>`{3,})[ \t]*(?P<info>[^\n]*)")
_NESTED = pattern(r"(?im)^[ \t]*`{3,}[ \t]*(?:markdown|md|mdx|rst|text)\b")


@rule(
    "TXT405",
    "unbalanced-fence",
    category="suspicious",
    roles=["assistant", "text"],
    triggers=["```"],
    fix="unsafe",
    fix_safety="Closes the fence at the end of the text, or takes a fence out that opens nothing. Unsafe, for the code may end earlier.",
    known_problems="A block of Markdown that holds fences of its own is left alone, whether it is closed or not.",
    references=["https://spec.commonmark.org/current/#fenced-code-blocks"],
    examples=[
        bad(
            {"instruction": "Print hello.", "input": "", "output": 'Like this:\n```python\nprint("hello")'},
            fixed={"instruction": "Print hello.", "input": "", "output": 'Like this:\n```python\nprint("hello")\n```'},
            name="never closed",
        ),
        bad(
            {"instruction": "Print hello.", "input": "", "output": 'print("hello")\n```'},
            fixed={"instruction": "Print hello.", "input": "", "output": 'print("hello")'},
            name="closed and never opened",
        ),
        bad(
            {"instruction": "Print hello.", "input": "", "output": '````\nprint("hello")\n```\n'},
            fixed={"instruction": "Print hello.", "input": "", "output": '````\nprint("hello")\n```\n````'},
            name="closed by a shorter fence",
        ),
        good(
            {"instruction": "Print hello.", "input": "", "output": '```python\nprint("hello")\n```\nDone.'},
            name="closed",
        ),
        good(
            {"instruction": "Print hello.", "input": "", "output": 'So:```python\nprint("hello")```'},
            name="text before the fences",
        ),
        good(
            {"instruction": "Print hello.", "input": "", "output": 'Write ```print("hello")``` there.'},
            name="in one line",
        ),
        good(
            {"instruction": "A README.", "input": "", "output": "```markdown\n# Use\n```sh\nrun\n```\n```"},
            name="Markdown in Markdown",
        ),
        good(
            {"instruction": "Complete:\n```python\ndef f():", "input": "", "output": "    return 1\n```"},
            name="the prompt opened it",
        ),
        good({"instruction": "Decorate.", "input": "", "output": "~~~ The end ~~~"}, name="tildes as a decoration"),
    ],
    judged=Judged(7, 7, "all its findings on 46 public sets, 70,000 records"),
)
def check_unbalanced_fence(message: Message) -> Iterator[Finding]:
    """A code fence that is opened and never closed.

    All that follows an open fence is shown as code. Mostly the answer was cut off there, or the model that wrote it lost
    track; the one trained on it will do the same.
    """
    text = message.text
    start = prose.unclosed_fence(text)
    if start is None or prose.unclosed_fence(message.prompt) is not None or _NESTED.search(text):
        return
    found = _MARK.match(text, start)
    if found is None:
        return
    rest = text[found.end() :]
    if rest.strip():
        new, title = f"{'' if text.endswith(chr(10)) else chr(10)}{found['mark']}", "close the fence"
        last = len(text) - 1
        fix = message.replace([((last, last + 1), text[last] + new)], title)
    else:
        cut = start - 1 if start and text[start - 1] == "\n" else start
        fix = message.replace([((cut, len(text)), "")], f"remove the fence: {len(text) - cut} characters")
    line = found.group().strip()
    yield message.finding((start, found.end()), f"the fence {line[:40]!r} is never closed", fix=fix)
