"""Preferences among conversations: two sides of messages, or one conversation with a verdict."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial
from typing import Any

from datalint.shapes.building import Draft, DrawnShape
from datalint.shapes.chat import add_message, add_messages, dialect_of, is_answered, looks_like_messages, plain
from datalint.shapes.messages import SLOW, lead

Turns = tuple[int, ...]


def is_verdict(value: Any) -> bool:
    """Whether ``value`` says yes or no."""
    return type(value) is bool or (type(value) is int and value in (0, 1))


# ---- one prompt, two answers ----


def _side(draft: Draft, value: Any, pointer: str, *, rejected: bool, sharegpt: bool = False) -> Turns:
    """The turns of one answer: a message, a list of messages, or a text."""
    if type(value) is str:
        turn = draft.turn("assistant", pointer, rejected=rejected)
        draft.say(turn, pointer, value)
        return (turn,)
    if type(value) is dict:
        said = add_message(draft, value, pointer, dialect_of([value], sharegpt=sharegpt), rejected=rejected)
        return (said,) if said is not None else ()
    if type(value) is list:
        return add_messages(draft, value, pointer, dialect_of(value, sharegpt=sharegpt), rejected=rejected)
    draft.mistyped(pointer, pointer.rpartition("/")[2], value, "a message")
    return ()


def _answer_twice(
    draft: Draft, before: Turns, data: dict[str, Any], sides: Sequence[str], *, sharegpt: bool = False
) -> None:
    chosen, rejected = sides
    one = _side(draft, data[chosen], f"/{chosen}", rejected=False, sharegpt=sharegpt)
    other = _side(draft, data[rejected], f"/{rejected}", rejected=True, sharegpt=sharegpt)
    draft.conversations = [before + one, before + other]


def _draw_beside(key: str, data: dict[str, Any], draft: Draft) -> None:
    sharegpt = key == "conversations"
    before = lead(data, draft)
    before += add_messages(draft, data[key], f"/{key}", dialect_of(data[key], sharegpt=sharegpt))
    _answer_twice(draft, before, data, ("chosen", "rejected"), sharegpt=sharegpt)


def _stand_beside(key: str, data: dict[str, Any]) -> bool:
    """Whether the two answers go on with the conversation, rather than repeat it."""
    return type(data[key]) is list and any(type(data[k]) in (dict, str) for k in ("chosen", "rejected"))


def _quick_beside(key: str, role: str, text: str, data: Any) -> tuple[Hashable, Sequence[str]] | None:
    answers = plain([data["chosen"], data["rejected"]], role, text)
    found = plain(data[key], role, text)
    if answers is None or found is None or not type(data["chosen"]) is type(data["rejected"]) is dict:
        return None
    found[1].extend(answers[1])
    return (found[0], answers[0]), found[1]


def _draw_openai(data: dict[str, Any], draft: Draft) -> None:
    before: Turns = ()
    prompt = data["input"]
    if type(prompt) is dict and type(prompt.get("messages")) is list:
        before = add_messages(draft, prompt["messages"], "/input/messages", dialect_of(prompt["messages"]))
    else:
        draft.mistyped("/input", "input", prompt, "an object with `messages`")
    _answer_twice(draft, before, data, ("preferred_output", "non_preferred_output"))


def _draw_rejected_response(data: dict[str, Any], draft: Draft) -> None:
    """ms-swift: the answer of the conversation is the better one, the worse one stands beside it."""
    turns = lead(data, draft) + add_messages(draft, data["messages"], "/messages", dialect_of(data["messages"]))
    worse = _side(draft, data["rejected_response"], "/rejected_response", rejected=True)
    draft.conversations = [turns, turns[:-1] + worse]


# ---- two whole conversations ----


def _draw_sides(sides: Sequence[str], data: dict[str, Any], draft: Draft) -> None:
    """Both sides; the messages before the last are taken once if they are the same."""
    chosen, rejected = sides
    one, other = data[chosen], data[rejected]
    before = lead(data, draft)
    turns = add_messages(draft, one, f"/{chosen}", dialect_of(one))
    same = len(turns) == len(one) and _are_same(one[:-1], other[:-1])
    start = len(other) - 1 if same else 0
    dialect = dialect_of(other)
    rest: Turns = ()
    for i in range(start, len(other)):
        turn = add_message(draft, other[i], f"/{rejected}/{i}", dialect, rejected=i == len(other) - 1)
        rest += (turn,) if turn is not None else ()
    draft.conversations = [before + turns, before + turns[:start] + rest]


def _are_same(one: list[Any], other: list[Any]) -> bool:
    try:
        return one == other
    except RecursionError:  # values nested as deep as JSON allows
        return False


def _are_sides(sides: Sequence[str], data: dict[str, Any]) -> bool:
    return all(looks_like_messages(data[side]) for side in sides)


def _quick_sides(sides: Sequence[str], data: Any) -> tuple[Hashable, Sequence[str]] | None:
    one, other = data[sides[0]], data[sides[1]]
    chosen = plain(one, "role", "content")
    rejected = plain(other, "role", "content")
    if not chosen or not rejected:
        return None
    same = _are_same(one[:-1], other[:-1])
    chosen[1].extend(rejected[1][-1:] if same else rejected[1])
    return (chosen[0], rejected[0], same), chosen[1]


def _draw_transcripts(data: dict[str, Any], draft: Draft) -> None:
    for side in ("chosen", "rejected"):
        turn = draft.turn("text", f"/{side}", rejected=side == "rejected")
        draft.say(turn, f"/{side}", data[side])
    draft.conversations = [(0,), (1,)]


def _are_transcripts(data: dict[str, Any]) -> bool:
    sides = (data["chosen"], data["rejected"])
    return all(type(s) is str and "\n\nAssistant:" in s and s.lstrip().startswith("Human:") for s in sides)


# ---- one conversation with a verdict ----


def _draw_verdict(label: str, keys: Sequence[str], data: dict[str, Any], draft: Draft) -> None:
    lead(data, draft)
    verdict = data[label]
    if not is_verdict(verdict):
        draft.mistyped(f"/{label}", label, verdict, "true or false")
    for key in keys:
        items = data[key]
        dialect = dialect_of(items, sharegpt=key == "conversations")
        for i, item in enumerate(items):
            last = key == keys[-1] and i == len(items) - 1
            add_message(draft, item, f"/{key}/{i}", dialect, rejected=last and is_verdict(verdict) and not verdict)


def _is_labelled(data: dict[str, Any]) -> bool:
    return is_verdict(data["label"]) and looks_like_messages(data["messages"]) and is_answered(data["messages"])


def _is_labelled_pair(data: dict[str, Any]) -> bool:
    return is_verdict(data["label"]) and looks_like_messages(data["prompt"]) and looks_like_messages(data["completion"])


def _quick_verdict(label: str, key: str, role: str, text: str, data: Any) -> tuple[Hashable, Sequence[str]] | None:
    found = plain(data[key], role, text)
    verdict = data[label]
    return ((found[0], verdict), found[1]) if found is not None and type(verdict) is bool else None


def _two_sided(name: str, summary: str, order: int, sides: tuple[str, str]) -> DrawnShape:
    return DrawnShape(
        name, summary, order, sides, partial(_draw_sides, sides), fits=partial(_are_sides, sides),
        quick=partial(_quick_sides, sides), slow=SLOW,
    )  # fmt: skip


def _beside(name: str, order: int, key: str, role: str, text: str) -> DrawnShape:
    return DrawnShape(
        name, f"{key} with a chosen and a rejected answer beside them", order, (key, "chosen", "rejected"),
        partial(_draw_beside, key), fits=partial(_stand_beside, key),
        quick=partial(_quick_beside, key, role, text), slow=SLOW,
    )  # fmt: skip


def _tagged(name: str, order: int, key: str, role: str, text: str) -> DrawnShape:
    return DrawnShape(
        name, f"{key} and kto_tag: true or false", order, (key, "kto_tag"), partial(_draw_verdict, "kto_tag", (key,)),
        fits=lambda data: looks_like_messages(data[key]), slow=SLOW,
        quick=partial(_quick_verdict, "kto_tag", key, role, text),
    )  # fmt: skip


SHAPES = (
    DrawnShape(
        "openai-preference", "input, preferred_output and non_preferred_output, as OpenAI and Together read them", 10,
        ("input", "preferred_output", "non_preferred_output"), _draw_openai,
    ),
    DrawnShape(
        "preference-chat", "prompt, chosen and rejected, each a list of messages", 20,
        ("prompt", "chosen", "rejected"), partial(_draw_beside, "prompt"),
        fits=lambda data: looks_like_messages(data["prompt"]),
    ),
    _beside("preference-sharegpt", 24, "conversations", "from", "value"),
    _beside("preference-messages", 25, "messages", "role", "content"),
    _two_sided("preference-implicit", "chosen and rejected, each a whole conversation", 28, ("chosen", "rejected")),
    _two_sided(
        "preference-named", "chosen_messages and rejected_messages, each a whole conversation", 29,
        ("chosen_messages", "rejected_messages"),
    ),
    DrawnShape(
        "preference-transcript", "chosen and rejected texts with Human: and Assistant: turns in them", 26,
        ("chosen", "rejected"), _draw_transcripts, fits=_are_transcripts,
    ),
    DrawnShape(
        "rejected-response", "messages with a rejected_response, as ms-swift reads it", 46,
        ("messages", "rejected_response"), _draw_rejected_response,
        fits=lambda data: looks_like_messages(data["messages"]) and data["rejected_response"] is not None,
    ),
    DrawnShape(
        "kto-chat", "prompt and completion as messages, and a true or false label", 52,
        ("prompt", "completion", "label"), partial(_draw_verdict, "label", ("prompt", "completion")),
        fits=_is_labelled_pair,
    ),
    DrawnShape(
        "kto-messages", "messages and a true or false label", 53,
        ("messages", "label"), partial(_draw_verdict, "label", ("messages",)), fits=_is_labelled,
        quick=partial(_quick_verdict, "label", "messages", "role", "content"), slow=SLOW,
    ),
    _tagged("kto-sharegpt", 54, "conversations", "from", "value"),
    _tagged("kto-tagged", 55, "messages", "role", "content"),
)  # fmt: skip
