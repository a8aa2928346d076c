"""What a template does with what it is given, measured by rendering conversations made for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from datalint.templating.jobs import Answer, Job
from datalint.templating.locating import AFTER, BEFORE, frame_of, probe, word
from datalint.templating.structure import injected
from datalint.templating.template import Family, Template

COLUMNS = (
    "system", "system later", "turns", "other roles", "reasoning", "tools", "tool calls", "trims", "end of answer",
    "generation prompt", "first token", "adds",
)  # fmt: skip


class Renders(Protocol):
    """What renders a template."""

    template: Template

    @property
    def dated(self) -> str:
        """The date that it prints of its own, "" if none."""

    def answers(self, jobs: Sequence[Job]) -> list[Answer]:
        """What the template makes of each job."""


@dataclass(frozen=True)
class Around:
    """What stands before and after the text of each role."""

    before: str
    after: str


def behaviour(renderer: Renders) -> dict[str, str]:
    """By column of ``COLUMNS``, in words."""
    return {name: measure(_Asked(renderer)) for name, measure in zip(COLUMNS, _MEASURES, strict=True)}


def around(renderer: Renders) -> dict[str, Around]:
    """The exact text around each role in a conversation of two exchanges: "first user" and "last assistant" where these
    differ from the others. Roles that the template does not print are not there."""
    asked = _Asked(renderer)
    made: dict[str, Around] = {}
    for system in (True, False):
        roles = [*(["system"] if system else []), "user", "assistant", "user", "assistant"]
        answer = asked.of([_says(role, n) for n, role in enumerate(roles)])
        if answer.error:
            continue
        frame = frame_of(answer.text, len(roles))
        for at, n in enumerate(frame.order):
            called = f"{roles[n]} {n}" + (" after system" if system else "")
            made[called] = Around(frame.fixed[at], frame.fixed[at + 1])
    return made


class _Asked:
    """Asks a template, with its special tokens."""

    def __init__(self, renderer: Renders) -> None:
        self.renderer = renderer
        self.template = renderer.template

    def of(self, messages: Sequence[Any], **more: Any) -> Answer:
        """The answer to these messages."""
        return self.renderer.answers([Job(messages, variables=self.template.tokens, **more)])[0]

    def fate(self, messages: Sequence[Any], sought: str, **more: Any) -> str:
        """What becomes of a word in these messages."""
        answer = self.of(messages, **more)
        return "raises" if answer.error else "kept" if sought in answer.text else "dropped"


def _says(role: str, n: int, text: str = "", **more: Any) -> dict[str, Any]:
    return {"role": role, "content": text or word(n), **more}


_CHAT = (_says("user", 1), _says("assistant", 2))


def _system(asked: _Asked) -> str:
    told = asked.of(
        [_says("system", 0), _says("user", 1), _says("assistant", 2), _says("user", 3), _says("assistant", 4)]
    )
    if told.error or word(0) not in told.text:
        return "**raises**" if told.error else "**dropped**"
    frame = frame_of(told.text, 5)
    before = dict(zip(frame.order, frame.fixed, strict=False))
    one, other = before.get(1, ""), before.get(3, "")
    header = next(
        (n for n in range(min(len(one), len(other))) if one[-1 - n] != other[-1 - n]), min(len(one), len(other))
    )
    return "kept" if one[len(one) - header :].strip() else "in the first user message"


def _later(asked: _Asked) -> str:
    return _marked(asked.fate([*_CHAT, _says("system", 0), *_CHAT], word(0)))


def _turns(asked: _Asked) -> str:
    doubled = asked.of([_says("user", 1), _says("user", 3), _says("assistant", 2)]).error
    first = asked.of([_says("assistant", 2), *_CHAT]).error
    said = "must alternate" if doubled else "any order"
    return said if doubled or not first else f"{said}, user first"


def _others(asked: _Asked) -> str:
    made: dict[str, list[str]] = {}
    for role in ("developer", "human"):
        answer = asked.of([_says(role, 0), *_CHAT])
        kept = word(0) in answer.text
        header = answer.text[: answer.text.index(word(0))] if kept else ""
        fate = "raises" if answer.error else "dropped" if not kept else "printed" if role in header else "kept"
        made.setdefault(fate, []).append(role)
    return "; ".join(f"{_marked(f)}: {', '.join(r)}" if len(made) > 1 else _marked(f) for f, r in made.items())


def _reasoning(asked: _Asked) -> str:
    said = f"<think>\n{word(5)}\n</think>\n\n{word(6)}"
    last = asked.fate([_says("user", 1), _says("assistant", 2, said)], word(5))
    earlier = asked.fate([_says("user", 1), _says("assistant", 2, said), *_CHAT], word(5))
    field = asked.fate([_says("user", 1), _says("assistant", 2, reasoning_content=word(5))], word(5))
    inline = "in text: " + (last if last == earlier else f"last {last}, earlier {earlier}")
    return f"{inline}; field: {field}".replace("last dropped", "**last dropped**").replace(
        "in text: dropped", "in text: **dropped**"
    )


_TOOL = {
    "type": "function",
    "function": {
        "name": word(7), "description": "d", "parameters": {"type": "object", "properties": {"k": {"type": "string"}}}
    },
}  # fmt: skip


def _tools(asked: _Asked) -> str:
    return _marked(asked.fate(_CHAT, word(7), tools=[_TOOL]))


def _calls(asked: _Asked) -> str:
    fates: dict[str, list[str]] = {}
    for called, arguments in (("object", {"k": word(8)}), ("text", f'{{"k": "{word(8)}"}}')):
        call = {"id": "abcdefghi", "type": "function", "function": {"name": word(7), "arguments": arguments}}
        messages = [
            _says("user", 1), {"role": "assistant", "content": "", "tool_calls": [call]},
            _says("tool", 3, tool_call_id="abcdefghi", name=word(7)), _says("assistant", 2),
        ]  # fmt: skip
        fates.setdefault(asked.fate(messages, word(8), tools=[_TOOL]), []).append(called)
    if len(fates) == 1:
        return _marked(next(iter(fates)))
    return "; ".join(f"{_marked(fate)}: arguments as {', '.join(which)}" for fate, which in fates.items())


def _trims(asked: _Asked) -> str:
    messages = [{"role": r, "content": probe(n)} for n, r in enumerate(("system", "user", "assistant"))]
    answer = asked.of(messages)
    if answer.error or word(0) not in answer.text:
        answer = asked.of(messages[1:])
    cut = [
        m["role"] for n, m in enumerate(messages)
        if word(n) in answer.text and not (BEFORE + word(n) in answer.text and word(n) + AFTER in answer.text)
    ]  # fmt: skip
    return ", ".join(cut) or "no"


def _end(asked: _Asked) -> str:
    text = asked.of(_CHAT).text
    tail = text[text.index(word(2)) + len(word(2)) :] if word(2) in text else ""
    return _code(tail) if tail.strip() else "**nothing**"


def _prompt(asked: _Asked) -> str:
    bare, served = asked.of(_CHAT[:1]).text, asked.of(_CHAT[:1], prompt=True).text
    added = served[len(bare) :] if served.startswith(bare) else served.rpartition(word(1))[2]
    if not added:
        return "none"
    fits = asked.of(_CHAT).text.startswith(served)
    return _code(added) + ("" if fits else " **not what is trained**")


def _first(asked: _Asked) -> str:
    bos = asked.template.tokens.get("bos_token", "")
    return _code(bos) if bos and asked.of(_CHAT).text.startswith(bos) else "none"


def _adds(asked: _Asked) -> str:
    answer = asked.of([{"role": "user", "content": probe(0)}, {"role": "assistant", "content": probe(1)}])
    said = injected(frame_of(answer.text, 2), asked.template.tokens.values()) if not answer.error else ""
    if not said:
        return "nothing"
    return "a system text" + (" with today's date" if asked.renderer.dated else "")


_MEASURES = (_system, _later, _turns, _others, _reasoning, _tools, _calls, _trims, _end, _prompt, _first, _adds)
_LOUD = {"dropped": "**dropped**", "raises": "**raises**"}


def _marked(fate: str) -> str:
    return _LOUD.get(fate, fate)


def _code(text: str) -> str:
    return f"`{text}`".replace("\n", "\\n")


def table(renderers: Mapping[str, Renders]) -> Iterator[str]:
    """Families and what they do, as a Markdown table."""
    yield "| family | " + " | ".join(COLUMNS) + " |"
    yield "|---" * (len(COLUMNS) + 1) + "|"
    for name, renderer in renderers.items():
        cells = [cell.replace("|", "\\|") for cell in behaviour(renderer).values()]
        yield f"| {name} | " + " | ".join(cells) + " |"


def _row(family: Family) -> str:
    cells = (family.name, family.models, ", ".join(family.aliases), family.note)
    return "| " + " | ".join(_quoted(cell) for cell in cells) + " |"


def _quoted(text: str) -> str:
    """``text`` as Markdown shows it as it is."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def families_page() -> str:
    """The page that tells what each family does."""
    from datalint.templating import Renderer
    from datalint.templating.template import families, load

    known = families()
    return "\n".join([
        _PAGE_HEAD, *table({name: Renderer(load(name)) for name in known}), "", "| family | models | also called | note |",
        "|---|---|---|---|",
        *(_row(f) for f in known.values()), "",
    ])  # fmt: skip


_PAGE_HEAD = """# Families of chat templates

What the templates of each [family](templates.md) do with what they are given, measured by rendering conversations with them.

- **system**: what becomes of a system message at the start of a conversation that ends with an answer; **system later**: of
  one in the middle
- **turns**: whether user and assistant must take turns; **other roles**: what becomes of `developer` and `human`
- **reasoning**: what becomes of `<think>…</think>` in the text of the last answer and of earlier ones, and of a field of its
  own, `reasoning_content`, in the last one
- **tools**: what becomes of the list of tools; **tool calls**: of the arguments of a call
- **trims**: the roles of whose texts surrounding space is cut off
- **end of answer**: what the template prints after the last answer
- **generation prompt**: what it adds for the model to go on from
- **first token**, **adds**: what else it prints
"""
