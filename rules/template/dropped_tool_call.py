"""TPL204: tools and calls of tools that the rendered text does not have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from datalint_rules.template import _tally

from datalint import Judged, Record, Rendered, bad, good, rule

_TOOL = {
    "type": "function",
    "function": {"name": "tree_of", "description": "Names a tree", "parameters": {"type": "object", "properties": {}}},
}
_CALL = {"id": "call00001", "type": "function", "function": {"name": "tree_of", "arguments": {"leaf": "lobed"}}}


_HELLO = {"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hello."}]}


def _chat(*calls: Any) -> dict[str, Any]:
    return {
        "messages": [
            {"role": "user", "content": "A lobed leaf?"},
            {"role": "assistant", "content": "", "tool_calls": list(calls)},
            {"role": "tool", "tool_call_id": "call00001", "content": "oak"},
            {"role": "assistant", "content": "An oak."},
        ],
        "tools": [_TOOL],
    }


@rule(
    "TPL204",
    "dropped-tool-call",
    category="correctness",
    tags=("file",),
    known_problems="Names and arguments are searched as they are written; a template that rewrites them is misjudged.",
    references=("https://huggingface.co/docs/transformers/chat_extras",),
    judged=Judged(0, 0, "what a template leaves out is a fact of it"),
    examples=(
        bad(_chat(_CALL), settings={"template": "chatml"}, name="a template that knows no tools"),
        bad(
            {**_HELLO, "tools": [_TOOL]},
            settings={"template": "phi-4"}, name="tools that nobody calls",
        ),
        good(_chat(_CALL), settings={"template": "qwen2.5"}),
        good(_chat(_CALL), settings={"template": "mistral-v3"}),
        good(_HELLO, settings={"template": "phi-4"}),
    ),
)  # fmt: skip
class DroppedToolCall(_tally.Rule):
    """The chat template leaves out a tool, or the call of one

    Templates that know no tools print such messages as if they held text alone: the call is gone, or its arguments, or
    the second of two calls, or the list of tools the record brings. The model is trained to answer with nothing, or to
    know a result out of thin air.
    """

    def look(self, record: Record, told: tuple[Rendered, ...], count: _tally.Count) -> None:
        """Whether a tool or a call of the record is gone."""
        for rendered in told:
            if rendered.error:
                continue
            job = rendered.job
            if job.tools:
                count.able(_TOOLS)
                names = [str(n) for t in job.tools if type(t) is dict and (n := (t.get("function") or t).get("name"))]
                gone = [name for name in names if name not in rendered.text]
                if gone:
                    said = f"the template leaves out the tool {gone[0]!r}"
                    count.saw("the template leaves out tools", _TOOLS, record, said, "/tools")
            calls = list(_calls(job.messages))
            if calls:
                count.able(_CALLS)
            for number, function in calls:
                part = _lost(function, rendered.text)
                if part:
                    said = f"the template leaves out {part} of a tool call"
                    pointer = record.layout.turns[record.layout.conversations[rendered.conversation][number]].pointer
                    count.saw(f"the template leaves out {part} of a tool call", _CALLS, record, said, pointer)


_TOOLS = "records that bring tools"
_CALLS = "records that call one"


def _calls(messages: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number of the message, and the function, of each call."""
    for number, message in enumerate(messages):
        calls = message.get("tool_calls")
        for call in calls if type(calls) is list else ():
            function = call.get("function", call) if type(call) is dict else None
            if type(function) is dict:
                yield number, function


def _lost(function: dict[str, Any], text: str) -> str:
    """What of a call is not in the text."""
    name, arguments = function.get("name"), function.get("arguments")
    if type(name) is str and name not in text:
        return "the name"
    if type(arguments) is str:
        try:
            parsed = json.loads(arguments)
        except ValueError:
            return "" if _shown(arguments, text) else "an argument"
        if _shown(arguments, text):
            return ""
        arguments = parsed
    values = list(arguments.values()) if type(arguments) is dict else []
    return "" if all(_shown(v, text) for v in values) else "an argument"


def _shown(value: Any, text: str) -> bool:
    """Whether a value stands in the text, as it is or as JSON; of lists and objects, all that they hold."""
    if type(value) is dict:
        return all(_shown(v, text) for v in value.values())
    if type(value) is list:
        return all(_shown(v, text) for v in value)
    if type(value) is str:
        forms = (value, value.strip(), *(json.dumps(value, ensure_ascii=a)[1:-1] for a in (False, True)))
        return any(form in text for form in forms)
    return json.dumps(value) in text or str(value) in text
