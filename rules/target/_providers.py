"""Together, Fireworks and OpenAI: what their checks of uploaded files say of a record."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

from datalint_rules.target._facts import Prediction, Target, named

_MB = 1 << 20
_GB = 1 << 30
Message = Mapping[str, Any]
PAIR = ("preferred_output", "non_preferred_output")

_TOGETHER = "together 1.5.35, together/utils/files.py"
_TOGETHER_ROLES = ("system", "user", "assistant", "tool")
_IMAGES = 10
_IMAGE_CHARS = len("data:image/jpeg;base64,") + 4 * 10 * _MB // 3


def together(data: Mapping[str, Any]) -> Prediction | None:
    """What Together says of a record, None: it takes it."""
    forms = [form for form in (("text",), ("messages",), ("prompt", "completion"), ("input", *PAIR))
             if all(key in data for key in form)]  # fmt: skip
    if len(forms) > 1:
        said = " and ".join(form[0] for form in forms)
        return Prediction("stops", f"it is of two formats at once: {said}", "", f"{_TOGETHER}, _check_jsonl")
    if "input" in data and PAIR[0] in data:
        return _openai_pair(data, _together_messages, f"{_TOGETHER}, validate_preference_openai")
    if "messages" in data:
        return next(_together_messages(data["messages"], "/messages", True), None)
    for key in ("text", "prompt", "completion"):
        if key in data:
            role = "assistant" if key == "completion" else "user"
            found = next(_together_content(data[key], role, key, f"/{key}"), None)
            if found is not None:
                return found
    return None


def _together_messages(messages: Any, at: str, answered: bool) -> Iterator[Prediction]:
    where = f"{_TOGETHER}, validate_messages"
    if not isinstance(messages, list) or not messages:
        said = "is empty" if messages == [] else f"is {named(messages)}, not a list"
        yield Prediction("stops", f"{at[1:]} {said}", at, where)
        return
    previous, images, lists = None, 0, None
    for n, message in enumerate(messages):
        place = f"{at}/{n}"
        yield from _needs(message, n, place, where, calls=True)
        if not isinstance(message, dict):
            return
        role = message.get("role")
        if "weight" in message and (not isinstance(message["weight"], int) or message["weight"] not in (0, 1)):
            yield Prediction(
                "stops", f"the weight of message {n + 1} is {message['weight']!r}, not 0 or 1", place, where
            )
        if role not in _TOGETHER_ROLES:
            yield Prediction("stops", f"the role {role!r} is not among {', '.join(_TOGETHER_ROLES)}", place, where)
        if role == previous and role != "tool":
            yield Prediction("stops", f"messages {n} and {n + 1} are both the {role}'s", place, where)
        previous = role
        content = message.get("content")
        if content is None and message.get("tool_calls"):
            continue
        found = yield from _together_content(content, role, f"message {n + 1}", place)
        if lists is not None and isinstance(content, list) is not lists:
            yield Prediction("stops", "some contents are texts, others lists of parts", place, where)
        lists = isinstance(content, list)
        images += found
        if found and message.get("weight", 0) != 0:
            yield Prediction("stops", "a message with an image has a weight other than 0", place, where)
    if images > _IMAGES:
        yield Prediction("stops", f"it has {images} images, more than {_IMAGES}", at, where)
    if answered and not any(m.get("role") == "assistant" for m in messages if isinstance(m, dict)):
        yield Prediction("stops", "no message is the assistant's", at, f"{_TOGETHER}, _check_conversation_roles")


def _together_content(content: Any, role: Any, called: str, place: str) -> Generator[Prediction, None, int]:
    where = f"{_TOGETHER}, _check_message_content"
    if isinstance(content, str):
        return 0
    if not isinstance(content, list):
        yield Prediction("stops", f"the content of {called} is {named(content)}", place, where)
        return 0
    images = 0
    for part in content:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "text" and isinstance(part.get("text"), str):
            continue
        if kind != "image_url":
            yield Prediction("stops", f"{called} has a part that is neither a text nor an image_url", place, where)
            return images
        images += 1
        image = part.get("image_url")
        url = image.get("url") if isinstance(image, dict) else None
        if role != "user":
            yield Prediction("stops", "an image stands in a message that is not the user's", place, where)
        elif not isinstance(url, str) or not url.startswith(
            tuple(f"data:image/{kind};base64," for kind in ("jpeg", "png", "webp"))
        ):
            yield Prediction("stops", "an image is not JPEG, PNG or WEBP in base64", place, where)
        elif len(url) > _IMAGE_CHARS:
            yield Prediction("stops", "an image is larger than 10 MB", place, where)
    return images


_FIREWORKS = "docs.fireworks.ai/fine-tuning/fine-tuning-models"


def fireworks(data: Mapping[str, Any]) -> Prediction | None:
    """What Fireworks says of a record, None: it takes it."""
    if "input" in data and PAIR[0] in data:
        return _openai_pair(data, _fireworks_messages, "docs.fireworks.ai/fine-tuning/dpo-fine-tuning")
    return next(_fireworks_messages(data["messages"], "/messages", True), None) if "messages" in data else None


def _fireworks_messages(messages: Any, at: str, answered: bool) -> Iterator[Prediction]:
    if not isinstance(messages, list) or not messages:
        said = "is empty" if messages == [] else f"is {named(messages)}, not a list"
        yield Prediction("stops", f"{at[1:]} {said}", at, _FIREWORKS)
        return
    for n, message in enumerate(messages):
        place = f"{at}/{n}"
        yield from _needs(message, n, place, _FIREWORKS, calls=True)
        if not isinstance(message, dict):
            return
        role = message.get("role")
        if role not in _TOGETHER_ROLES:
            yield Prediction("stops", f"the role {role!r} is not among {', '.join(_TOGETHER_ROLES)}", place, _FIREWORKS)
        if role == "system" and n:
            yield Prediction("stops", f"a system text stands in place {n + 1}, not first", place, _FIREWORKS)
        if "weight" in message and message["weight"] not in (0, 1):
            yield Prediction(
                "stops", f"the weight of message {n + 1} is {message['weight']!r}, not 0 or 1", place, _FIREWORKS
            )
        if not isinstance(message.get("content"), (str, list)) and not message.get("tool_calls"):
            said = f"the content of message {n + 1} is {named(message.get('content'))}"
            yield Prediction("stops", said, place, _FIREWORKS)


_OPENAI = "openai/openai-cookbook, examples/Chat_finetuning_data_prep.ipynb"
_OPENAI_SPEC = "openai/openai-openapi, FineTuneChatRequestInput"
_OPENAI_ROLES = ("system", "user", "assistant", "tool", "function", "developer")


def openai(data: Mapping[str, Any]) -> Prediction | None:
    """What OpenAI says of a record, None: it takes it."""
    if "input" in data and PAIR[0] in data:
        return _openai_pair(data, _openai_messages, "developers.openai.com, direct preference optimization")
    return next(_openai_messages(data["messages"], "/messages", True), None) if "messages" in data else None


def _openai_messages(messages: Any, at: str, answered: bool) -> Iterator[Prediction]:
    if not isinstance(messages, list) or not messages:
        yield Prediction("stops", f"{at[1:]} is {'empty' if messages == [] else named(messages)}", at, _OPENAI)
        return
    for n, message in enumerate(messages):
        place = f"{at}/{n}"
        yield from _needs(message, n, place, _OPENAI, calls=True)
        if not isinstance(message, dict):
            return
        role, content = message.get("role"), message.get("content")
        if role not in _OPENAI_ROLES:
            yield Prediction("stops", f"the role {role!r} is unknown to it", place, _OPENAI)
        called = message.get("tool_calls") or message.get("function_call")
        if (not content or not isinstance(content, (str, list))) and not called:
            said = "empty" if content in ("", []) else named(content)
            yield Prediction("stops", f"the content of message {n + 1} is {said}", place, _OPENAI)
        if "weight" in message and (role != "assistant" or message["weight"] not in (0, 1)):
            said = "is not the assistant's" if role != "assistant" else f"is {message['weight']!r}, not 0 or 1"
            yield Prediction("stops", f"message {n + 1} has a weight and {said}", place, _OPENAI_SPEC)
        yield from _arguments(message, place)
    if answered and not any(m.get("role") == "assistant" for m in messages):
        yield Prediction("stops", "no message is the assistant's", at, _OPENAI)


def _arguments(message: Message, place: str) -> Iterator[Prediction]:
    calls = message.get("tool_calls")
    for n, call in enumerate(calls if isinstance(calls, list) else ()):
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict) and not isinstance(function.get("arguments"), str):
            said = f"the arguments of a tool call are {named(function.get('arguments'))}, not JSON in a text"
            yield Prediction("stops", said, f"{place}/tool_calls/{n}/function", _OPENAI_SPEC)


def _needs(message: Any, n: int, place: str, where: str, *, calls: bool) -> Iterator[Prediction]:
    if not isinstance(message, dict):
        yield Prediction("stops", f"message {n + 1} is {named(message)}, not an object", place, where)
        return
    for key in ("role", "content"):
        called = calls and (message.get("tool_calls") or message.get("function_call"))
        if key not in message and not (key == "content" and called):
            yield Prediction("stops", f"message {n + 1} has no {key}", place, where)


def _openai_pair(
    data: Mapping[str, Any], check: Callable[[Any, str, bool], Iterator[Prediction]], where: str
) -> Prediction | None:
    """A preference record: the prompt under input, one answer of the assistant in each of two lists."""
    given = data["input"]
    if not isinstance(given, dict) or "messages" not in given:
        return Prediction("stops", "input has no messages", "/input", where)
    found = next(check(given["messages"], "/input/messages", False), None)
    if found is not None:
        return found
    if given["messages"][-1].get("role") == "assistant":
        return Prediction("stops", "the last message of the prompt is the assistant's", "/input/messages", where)
    for key in PAIR:
        answers = data.get(key)
        if not isinstance(answers, list) or len(answers) != 1 or not isinstance(answers[0], dict):
            return Prediction("stops", f"{key} is not a list of exactly one message", f"/{key}", where)
        if answers[0].get("role") != "assistant" or "content" not in answers[0]:
            return Prediction("stops", f"{key} is no message of the assistant", f"/{key}", where)
    return None


TOGETHER = Target(
    "together", "Together (SDK 1.5.35)", _TOGETHER, stops="refuses the file",
    takes=frozenset({"messages", "prompt-completion", "text", "openai-preference", "pretokenized"}),
    formats="messages, prompt and completion, text, or input with preferred_output and non_preferred_output",
    predict=together, reads_weight=True, mask_key="train_on_inputs", least=1, most_bytes=100 * _GB,
    limits_source="docs.together.ai/docs/fine-tuning/data-preparation",
)  # fmt: skip
FIREWORKS = Target(
    "fireworks", "Fireworks", _FIREWORKS, stops="refuses the file",
    takes=frozenset({"messages", "openai-preference"}), formats="messages, or input with preferred_output and non_preferred_output",
    predict=fireworks, reads_weight=True, least=3, most=3_000_000, limits_source=_FIREWORKS,
)  # fmt: skip
OPENAI = Target(
    "openai", "OpenAI", _OPENAI, stops="refuses the file",
    takes=frozenset({"messages", "openai-preference", "prompt-completion"}),
    formats="messages, or input with preferred_output and non_preferred_output",
    predict=openai, over="cuts", limit_key="the limit of the model", reads_weight=True, least=10, most_bytes=512 * _MB,
    limits_source="platform.openai.com/docs/guides/fine-tuning",
)  # fmt: skip
