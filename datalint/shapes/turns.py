"""Conversations written turn by turn in other ways: xtuner, ms-swift, MOSS, self-instruct, stepwise, segments, token ids."""

from __future__ import annotations

from typing import Any

from datalint.shapes.building import Draft, DrawnShape, escaped

_MOSS_PARTS = (
    ("Human", "user", "content"),
    ("Inner Thoughts", "assistant", "reasoning"),
    ("Commands", "assistant", "content"),
    ("Tool Responses", "tool", "content"),
    ("MOSS", "assistant", "content"),
)
_EXCHANGES = (("system", "system"), ("input", "user"), ("human", "user"), ("output", "assistant"), ("assistant", "assistant"))


def _say(draft: Draft, role: str, pointer: str, name: str, value: Any) -> int | None:
    if type(value) is not str:
        draft.mistyped(pointer, name, value, "a string")
        return None
    turn = draft.turn(role, pointer)
    draft.say(turn, pointer, value)
    return turn


def _draw_exchanges(data: dict[str, Any], draft: Draft) -> bool:
    """``conversation``: items of system, input and output, or of human and assistant."""
    items = data["conversation"]
    if type(items) is not list or not all(type(i) is dict and any(k in i for k, _ in _EXCHANGES[1:]) for i in items):
        return False
    if type(data.get("system")) is str and data["system"].strip():
        _say(draft, "system", "/system", "system", data["system"])
    for n, item in enumerate(items):
        for key, role in _EXCHANGES:
            if key in item and not (key == "system" and (n or not item[key])):
                _say(draft, role, f"/conversation/{n}/{key}", key, item[key])
        for user, assistant in (("input", "output"), ("human", "assistant")):
            if user in item and assistant not in item:
                draft.problem("missing-field", f"the turn has no `{assistant}`", f"/conversation/{n}")
    return True


def _draw_moss(data: dict[str, Any], draft: Draft) -> bool:
    chat = data["chat"]
    if type(chat) is not dict or not all(type(t) is dict and "MOSS" in t for t in chat.values()):
        return False
    if type(data.get("meta_instruction")) is str:
        _say(draft, "system", "/meta_instruction", "meta_instruction", data["meta_instruction"])
    for name, parts in chat.items():
        last, turn = "", 0
        for key, role, kind in _MOSS_PARTS:
            if type(parts.get(key)) is not str:
                continue
            pointer = f"/chat/{escaped(name)}/{key}"
            turn = turn if role == last else draft.turn(role, pointer)
            last = role
            draft.say(turn, pointer, parts[key], role="tool" if key == "Commands" else "", kind=kind)
            draft.mark(turn, calls=key == "Commands")
    return True


def _draw_instances(data: dict[str, Any], draft: Draft) -> bool:
    """Self-instruct seeds: one instruction, and a conversation for each of its instances."""
    instances = data["instances"]
    if type(instances) is not list or not all(type(i) is dict for i in instances):
        return False
    head = _say(draft, "user", "/instruction", "instruction", data["instruction"])
    draft.conversations = []
    for n, instance in enumerate(instances):
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
    return True


def _draw_steps(data: dict[str, Any], draft: Draft) -> bool:
    steps, labels = data["completions"], data["labels"]
    if type(steps) is not list or type(labels) is not list:
        return False
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
    return True


def _draw_sampled(data: dict[str, Any], draft: Draft) -> bool:
    answers = data["completions"]
    if type(answers) is not list or not answers or not all(type(a) is dict and "completion" in a for a in answers):
        return False
    prompt = _say(draft, "user", "/prompt", "prompt", data["prompt"])
    before = () if prompt is None else (prompt,)
    turns = [_say(draft, "assistant", f"/completions/{n}/completion", "completion", a["completion"]) for n, a in enumerate(answers)]
    draft.conversations = [(*before, turn) for turn in turns if turn is not None]
    return True


def _draw_segments(data: dict[str, Any], draft: Draft) -> bool:
    segments = data["segments"]
    if type(segments) is not list or not all(type(s) is dict and "text" in s for s in segments):
        return False
    turn = draft.turn("text", "/segments")
    for n, segment in enumerate(segments):
        if type(segment["text"]) is str:
            draft.say(turn, f"/segments/{n}/text", segment["text"])
        else:
            draft.mistyped(f"/segments/{n}/text", "text", segment["text"], "a string")
        if "label" not in segment:
            draft.problem("missing-field", "the segment has no `label`", f"/segments/{n}")
    return True


def _draw_tokens(data: dict[str, Any], draft: Draft) -> bool:
    if type(data["input_ids"]) is not list:
        draft.mistyped("/input_ids", "input_ids", data["input_ids"], "a list of numbers")
    draft.conversations = []
    return True


def _draw_transcript(data: dict[str, Any], draft: Draft) -> bool:
    text = data["input"]
    if type(text) is not str or "[|Human|]" not in text:
        return False
    _say(draft, "text", "/input", "input", text)
    return True


SHAPES = (
    DrawnShape(
        "conversation", "conversation: [{system, input, output}, …] or [{human, assistant}, …] (xtuner, ms-swift)", 81,
        ("conversation",), _draw_exchanges,
    ),
    DrawnShape("moss", "chat: turns with Human, Inner Thoughts, Commands, Tool Responses and MOSS", 83, ("chat",), _draw_moss),
    DrawnShape("self-instruct", "instruction with instances: [{input, output}, …]", 96, ("instruction", "instances"), _draw_instances),
    DrawnShape("stepwise", "prompt, completions and labels, one label a step", 130, ("prompt", "completions", "labels"), _draw_steps),
    DrawnShape("sampled", "prompt with the completions of several models", 132, ("prompt", "completions"), _draw_sampled),
    DrawnShape("pretokenized", "input_ids: no text to read", 140, ("input_ids",), _draw_tokens),
    DrawnShape("segments", "segments: [{label, text}, …], template-free training text", 150, ("segments",), _draw_segments),
    DrawnShape("transcript", "topic and a transcript with [|Human|] and [|AI|] turns in input", 160, ("topic", "input"), _draw_transcript),
)  # fmt: skip
