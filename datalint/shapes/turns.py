"""Turns written in other ways: xtuner, ms-swift, MOSS, self-instruct, stepwise, segments, token ids, transcripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datalint.shapes.building import Draft, DrawnShape, escaped

_MOSS_PARTS = (
    ("Human", "user", "content"),
    ("Inner Thoughts", "assistant", "reasoning"),
    ("Commands", "assistant", "content"),
    ("Tool Responses", "tool", "content"),
    ("MOSS", "assistant", "content"),
)
_EXCHANGES = (
    ("system", "system"),
    ("input", "user"),
    ("human", "user"),
    ("output", "assistant"),
    ("assistant", "assistant"),
)


def _say(draft: Draft, role: str, pointer: str, name: str, value: Any) -> int | None:
    if type(value) is not str:
        draft.mistyped(pointer, name, value, "a string")
        return None
    turn = draft.turn(role, pointer)
    draft.say(turn, pointer, value)
    return turn


def _are(kind: type[Any], key: str, *names: str) -> Callable[[dict[str, Any]], bool]:
    """Whether the value at ``key`` is a list or an object of objects that have one of ``names`` each."""

    def test(data: dict[str, Any]) -> bool:
        value: Any = data[key]
        if type(value) is not kind:
            return False
        items: list[Any] = list(value.values()) if kind is dict else value
        return all(type(i) is dict and any(n in i for n in names) for i in items)

    return test


def _draw_exchanges(data: dict[str, Any], draft: Draft) -> None:
    """``conversation``: items of system, input and output, or of human and assistant."""
    if type(data.get("system")) is str and data["system"].strip():
        _say(draft, "system", "/system", "system", data["system"])
    items = data["conversation"]
    for n, item in enumerate(items):
        for key, role in _EXCHANGES:
            idle = key == "system" and (n or not item.get(key))
            if key in item and not idle and not (key == "input" and _is_plain_text(items)):
                _say(draft, role, f"/conversation/{n}/{key}", key, item[key])
        for user, assistant in (("input", "output"), ("human", "assistant")):
            if user in item and assistant not in item:
                draft.problem("missing-field", f"the turn has no `{assistant}`", f"/conversation/{n}")


def _is_plain_text(items: list[dict[str, Any]]) -> bool:
    """xtuner writes text for further pre-training as one answer to nothing."""
    return len(items) == 1 and items[0].get("input") == "" and not items[0].get("system")


def _draw_moss(data: dict[str, Any], draft: Draft) -> None:
    if type(data.get("meta_instruction")) is str:
        _say(draft, "system", "/meta_instruction", "meta_instruction", data["meta_instruction"])
    for name, parts in data["chat"].items():
        last, turn = "", 0
        for key, role, kind in _MOSS_PARTS:
            if type(parts.get(key)) is not str:
                continue
            pointer = f"/chat/{escaped(name)}/{key}"
            turn = turn if role == last else draft.turn(role, pointer)
            last = role
            draft.say(turn, pointer, parts[key], role="tool" if key == "Commands" else "", kind=kind)
            draft.mark(turn, calls=key == "Commands")


def _draw_instances(data: dict[str, Any], draft: Draft) -> None:
    """Self-instruct seeds: one instruction, and a conversation for each of its instances."""
    head = _say(draft, "user", "/instruction", "instruction", data["instruction"])
    draft.conversations = [] if data["instances"] or head is None else [(head,)]
    for n, instance in enumerate(data["instances"]):
        branch = [head] if head is not None else []
        for key, role in (("input", "user"), ("output", "assistant")):
            place = f"/instances/{n}/{key}"
            if key == "output" and key not in instance:
                draft.problem("missing-field", "the instance has no `output`", f"/instances/{n}")
            elif key == "input" and not instance.get(key):
                continue
            else:
                turn = _say(draft, role, place, key, instance[key])
                branch += [turn] if turn is not None else []
        draft.conversations.append(tuple(branch))


def _draw_steps(data: dict[str, Any], draft: Draft) -> None:
    steps, labels = data["completions"], data["labels"]
    if len(steps) != len(labels):
        draft.problem("wrong-type", f"{len(steps)} `completions` but {len(labels)} `labels`", "/labels")
    if type(data["prompt"]) is str:
        _say(draft, "user", "/prompt", "prompt", data["prompt"])
    else:
        draft.mistyped("/prompt", "prompt", data["prompt"], "a string")
    turn = draft.turn("assistant", "/completions")
    for n, step in enumerate(steps):
        if type(step) is str:
            draft.say(turn, f"/completions/{n}", step)
        else:
            draft.mistyped(f"/completions/{n}", "completions", step, "a string")


def _draw_sampled(data: dict[str, Any], draft: Draft) -> None:
    answers = data["completions"]
    prompt = _say(draft, "user", "/prompt", "prompt", data["prompt"])
    before = () if prompt is None else (prompt,)
    turns = [
        _say(draft, "assistant", f"/completions/{n}/completion", "completion", a["completion"])
        for n, a in enumerate(answers)
    ]
    draft.conversations = [(*before, turn) for turn in turns if turn is not None]


def _draw_segments(data: dict[str, Any], draft: Draft) -> None:
    turn = draft.turn("text", "/segments")
    for n, segment in enumerate(data["segments"]):
        if type(segment["text"]) is str:
            draft.say(turn, f"/segments/{n}/text", segment["text"])
        else:
            draft.mistyped(f"/segments/{n}/text", "text", segment["text"], "a string")
        if "label" not in segment:
            draft.problem("missing-field", "the segment has no `label`", f"/segments/{n}")


def _draw_tokens(data: dict[str, Any], draft: Draft) -> None:
    if type(data["input_ids"]) is not list:
        draft.mistyped("/input_ids", "input_ids", data["input_ids"], "a list of numbers")
    draft.conversations = []


def _draw_transcript(data: dict[str, Any], draft: Draft) -> None:
    _say(draft, "text", "/input", "input", data["input"])


SHAPES = (
    DrawnShape(
        "conversation", "conversation: [{system, input, output}, …] or [{human, assistant}, …] (xtuner, ms-swift)", 81,
        ("conversation",), _draw_exchanges, fits=_are(list, "conversation", *[k for k, _ in _EXCHANGES[1:]]),
    ),
    DrawnShape(
        "moss", "chat: turns with Human, Inner Thoughts, Commands, Tool Responses and MOSS", 83,
        ("chat",), _draw_moss, fits=_are(dict, "chat", "MOSS"),
    ),
    DrawnShape(
        "self-instruct", "instruction with instances: [{input, output}, …]", 96,
        ("instruction", "instances"), _draw_instances, fits=_are(list, "instances", "input", "output"),
    ),
    DrawnShape(
        "stepwise", "prompt, completions and labels, one label a step", 130, ("prompt", "completions", "labels"),
        _draw_steps, fits=lambda data: type(data["completions"]) is type(data["labels"]) is list,
    ),
    DrawnShape(
        "sampled", "prompt with the completions of several models", 132,
        ("prompt", "completions"), _draw_sampled, fits=_are(list, "completions", "completion"),
    ),
    DrawnShape("pretokenized", "input_ids: no text to read", 140, ("input_ids",), _draw_tokens),
    DrawnShape(
        "segments", "segments: [{label, text}, …], template-free training text", 150,
        ("segments",), _draw_segments, fits=_are(list, "segments", "text"),
    ),
    DrawnShape(
        "transcript", "topic, and a transcript with [|Human|] and [|AI|] turns in input", 160, ("topic", "input"),
        _draw_transcript, fits=lambda data: type(data["input"]) is str and "[|Human|]" in data["input"],
    ),
)  # fmt: skip
