"""SCH302: calls of tools without a result, and results without a call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datalint_rules.schema._calls import TRIGGERS, Call, Result, Trade, trade, trades

from datalint import Finding, Judged, Record, Turn, bad, good, pattern, rule

# A text that may hold a call in a form that is not known.
_CALLING = pattern(r"[{<`\[(|]|(?i)\b(?:action|tool|function|search|execut\w+|call\w*|run\w*)\b")


def _call(*ids: str | None) -> dict[str, Any]:
    calls = [{"id": i, "type": "function", "function": {"name": "find", "arguments": "{}"}} for i in ids]
    return {"role": "assistant", "tool_calls": [{k: v for k, v in c.items() if v is not None} for c in calls]}


def _chat(*messages: Any) -> dict[str, Any]:
    said = [{"role": "assistant", "content": m} if type(m) is str else m for m in messages]
    return {"messages": [{"role": "user", "content": "Where is it?"}, *said]}


def _result(call: str | None) -> dict[str, Any]:
    return {"role": "tool", "content": "here", **({"tool_call_id": call} if call else {})}


@rule(
    "SCH302",
    "unmatched-tool-call",
    category="correctness",
    gate=trades,
    triggers=TRIGGERS,
    known_problems="""
    A conversation may end with a call: whoever runs the tool is not there yet. Where calls have no ids, one result may
    answer all calls of a turn. A result after a text that may call a tool in a form that is not known is taken as right.
    """,
    references=(
        "https://platform.openai.com/docs/guides/function-calling",
        "https://github.com/mistralai/mistral-common",
    ),
    examples=(
        bad(_chat(_call("a"), "It is here."), name="a call that nobody answers"),
        bad(_chat(_call("a", "b"), _result("a"), "It is here."), name="one of two is answered"),
        bad(_chat(_result("a"), "It is here."), name="a result of no call"),
        bad(_chat(_call("a"), _result("b"), "It is here."), name="the id of another call"),
        bad(_chat(_call("a"), _result(None), "It is here."), name="a result without an id"),
        bad(_chat(_call(None), _result("a"), "It is here."), name="a call without an id"),
        bad(_chat(_call("a", "a"), _result("a"), _result("a"), "It is here."), name="an id twice"),
        bad(_chat(_call("a"), _result("a"), _result("a"), "It is here."), name="a second result"),
        bad(
            {
                "conversations": [
                    {"from": "human", "value": "Where is it?"},
                    {"from": "observation", "value": "here"},
                    {"from": "gpt", "value": "It is here."},
                ]
            },
            name="ShareGPT, an observation of nothing",
        ),
        bad(
            {
                "messages": [
                    {"role": "user", "content": "Where is it?"},
                    {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "find", "input": {}}]},
                    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t2", "content": "here"}]},
                    {"role": "assistant", "content": "It is here."},
                ]
            },
            name="parts of Anthropic",
        ),
        good(_chat(_call("a", "b"), _result("b"), _result("a"), "It is here."), name="in any order"),
        good(_chat(_call("a")), name="the call is the answer"),
        good(_chat(_call("a"), _result("a"), _call("b"), _result("b"), "It is here."), name="one after the other"),
        good(_chat(_call(None), _result(None), "It is here."), name="no ids at all"),
        good(
            {
                "conversations": [
                    {"from": "human", "value": "Where are they?"},
                    {
                        "from": "function_call",
                        "value": '[{"name": "find", "arguments": {}}, {"name": "look", "arguments": {}}]',
                    },
                    {"from": "observation", "value": "here and there"},
                    {"from": "gpt", "value": "Here and there."},
                ]
            },
            name="two calls, one observation",
        ),
        good(
            _chat(
                '<tool_call>\n{"name": "find", "arguments": {}}\n</tool_call>',
                {"role": "tool", "content": "<tool_response>here</tool_response>"},
                "It is here.",
            ),
            name="a call in a text",
        ),
        good(_chat("Action: find[it]", _result(None), "It is here."), name="a form that is not known"),
    ),
    judged=Judged(0, 0, "nothing found in 211 calls of 46 public sets, where nothing is wrong of this kind"),
)
def check_unmatched_tool_call(record: Record) -> Iterator[Finding]:
    """A tool call without its result, or a result without its call

    Templates look the call up by the id of its result, and interfaces refuse a conversation where one is missing. A model
    trained on calls that nobody answers learns to make the result up.
    """
    seen: set[tuple[str, str]] = set()
    if record.layout.open:
        return
    for branch in record.layout.branches:
        for pointer, said in _Reader(record, trade(record)).read(branch):
            if (pointer, said) not in seen:
                seen.add((pointer, said))
                yield record.finding(said, pointer=pointer)


class _Reader:
    """Reads a conversation from start to end and says what does not match."""

    def __init__(self, record: Record, made: Trade) -> None:
        self._record = record
        self._made = made
        self._numbers = {t: n for n, t in enumerate(record.layout.turns)}
        self._open: list[Call] = []  # calls of this exchange
        self._answered: set[int] = set()  # numbers of the open calls that have a result
        self._ids: set[str] = set()
        self._spoken = ""  # what the assistant said last, without a call

    def read(self, branch: tuple[Turn, ...]) -> Iterator[tuple[str, str]]:
        """Pointer and words of all that is wrong."""
        for turn in branch:
            n = self._numbers[turn]
            results, calls = self._made.results.get(n, ()), self._made.calls.get(n, [])
            for result in results:
                yield from self._answer(result)
            if results or turn.role == "tool" or turn.rejected:
                continue
            if not calls or self._answered:
                yield from self._unanswered()
                self._open, self._answered = [], set()
            yield from self._begin(calls)
            if turn.role == "assistant":
                self._spoken = "\n".join(self._record.texts[s] for s in turn.slots) + "{" * turn.calls

    def _begin(self, calls: list[Call]) -> Iterator[tuple[str, str]]:
        for call in calls:
            if isinstance(call.id, str):
                if call.id in self._ids:
                    yield call.pointer, f"two calls have the id {call.id[:40]!r}"
                self._ids.add(call.id)
        self._open += calls

    def _answer(self, result: Result) -> Iterator[tuple[str, str]]:
        ids = [c.id for c in self._open]
        if not self._open:
            if not _CALLING.search(self._spoken):
                yield result.pointer, "the result of a tool that was not called"
        elif result.id is None:
            if all(i is not None for i in ids) and all(c.place for c in self._open):
                yield result.pointer, "the result does not say which call it answers (no id)"
            self._answered.update(range(len(ids)))
        elif result.id not in ids:
            known = [i for i in ids if i is not None]
            told = (
                f"no call has the id {str(result.id)[:40]!r}"
                if known
                else f"the call has no id, its result {str(result.id)[:40]!r}"
            )
            yield result.pointer, told
            self._answered.update(range(len(ids)) if not known or len(ids) == 1 else ())  # said once
        else:
            places = [n for n, i in enumerate(ids) if i == result.id]
            free = [n for n in places if n not in self._answered]
            if not free:
                yield result.pointer, f"a second result of the call {str(result.id)[:40]!r}"
            self._answered.update(free[:1])

    def _unanswered(self) -> Iterator[tuple[str, str]]:
        for n, call in enumerate(self._open):
            if n not in self._answered:
                yield call.pointer, f"the call{f' of {call.name}' if call.name else ''} has no result"
