"""The renderer against that of transformers, where it is installed: the same text, the same spans, the same refusals."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from datalint.templating import Renderer, load
from datalint.templating.engine import Compiled
from datalint.templating.jobs import Job
from datalint.templating.template import families

NOW = datetime(2026, 1, 1)
if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOOL = {
    "type": "function",
    "function": {
        "name": "tree_of",
        "description": "Names <a> tree, äh",
        "parameters": {"type": "object", "properties": {"b": {"type": "string"}, "a": {"enum": [1, 2.5, None, True]}}},
    },
}
TEXT_CALL = {"type": "function", "function": {"name": "tree_of", "arguments": '{"leaf": "x"}'}}
CALL = {"id": "abcdefghi", "type": "function", "function": {"name": "tree_of", "arguments": {"leaf": "lobed ü <b>"}}}


def says(role: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


CHAT = [
    says("user", "Which tree? "),
    says("assistant", "  An oak.\n"),
    says("user", "«é»\u2028 ok"),
    says("assistant", "Yes."),
]
CONVERSATIONS: dict[str, list[dict[str, Any]]] = {
    "plain": CHAT,
    "one": CHAT[:1],
    "system": [says("system", "Be kind.\n"), *CHAT],
    "system later": [*CHAT, says("system", "Be brief."), *CHAT],
    "doubled": [CHAT[0], *CHAT],
    "assistant first": CHAT[1:],
    "roles": [says("developer", "d"), says("human", "h"), says("gpt", "g")],
    "thinking": [CHAT[0], says("assistant", "<think>\nhm\n</think>\n\nOak."), *CHAT[:2]],
    "reasoning": [CHAT[0], says("assistant", "Oak.", reasoning_content="Lobed.")],
    "thinking field": [CHAT[0], says("assistant", "Oak.", thinking="Lobed."), *CHAT],
    "nothing": [CHAT[0], says("assistant", None)],
    "empty": [CHAT[0], says("assistant", "")],
    "parts": [says("user", [{"type": "text", "text": "Which tree?"}, {"type": "image"}]), CHAT[1]],
    "calls": [CHAT[0], says("assistant", "", tool_calls=[CALL]), says("tool", "oak", tool_call_id="abcdefghi", name="tree_of"), CHAT[1]],
    "two calls": [CHAT[0], says("assistant", "I look.", tool_calls=[CALL, CALL])],
    "call as text": [CHAT[0], says("assistant", "", tool_calls=[TEXT_CALL])],
    "no messages": [],
}  # fmt: skip
OWN: dict[str, str] = tomllib.loads((Path(__file__).parent / "templates.toml").read_text(encoding="utf-8"))
SOURCES = OWN | {name: load(name).source for name in families()}
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


@pytest.fixture(scope="module")
def theirs() -> Any:
    """The module of transformers that renders, with a clock that stands still."""
    utils = pytest.importorskip("transformers.utils.chat_template_utils")

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Clock:
            return cls(2026, 1, 1)

    utils.datetime = Clock
    return utils


@pytest.mark.parametrize("called", SOURCES)
def test_the_text_is_that_of_transformers(called: str, theirs: Any) -> None:
    source = SOURCES[called]
    ours = Compiled(source, NOW)
    for name, messages in CONVERSATIONS.items():
        for prompt in (False, True):
            for tools in (None, [TOOL]):
                told = ours.render(Job(messages, tools, None, prompt, TOKENS))
                text, spans, error = wanted(theirs, source, messages, tools, prompt)
                assert bool(told.error) == bool(error), (name, told, error)
                assert (told.text, list(told.generated)) == (text, spans), name


def wanted(theirs: Any, source: str, messages: Any, tools: Any, prompt: bool) -> tuple[str, list[tuple[int, int]], str]:
    try:
        texts, spans = theirs.render_jinja_template(
            [messages], tools=tools, chat_template=source, return_assistant_tokens_mask=True,
            add_generation_prompt=prompt, **TOKENS,
        )  # fmt: skip
    except Exception as error:
        return "", [], f"{type(error).__name__}: {error}"
    return texts[0], [tuple(span) for span in spans[0]], ""


def test_these_sources_say_something_without_transformers_too() -> None:
    for source in SOURCES.values():
        answers = [
            Compiled(source, NOW).render(Job(messages, None, None, False, TOKENS))
            for messages in CONVERSATIONS.values()
        ]
        assert any(a.text or a.error for a in answers)


def test_every_family_prints_a_conversation_in_order() -> None:
    for name in families():
        renderer = Renderer(load(name))
        answer = renderer.answers([Job(CHAT, variables=renderer.template.tokens)])[0]
        places = [answer.text.find(m["content"].strip()) for m in CHAT]
        assert not answer.error, name
        assert sorted(places) == places, name
        assert places[0] >= 0, name
