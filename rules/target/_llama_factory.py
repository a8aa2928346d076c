"""LLaMA-Factory 0.9.5: what its converters and processors do with a record. Names of columns and roles are taken to be
declared in dataset_info.json as the data has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datalint_rules.target._facts import BESIDE, CHAT, FLAT, TAGGED, Prediction, Target, named

_FILE = "llamafactory/data/converter.py"
_ALPACA = f"{_FILE}, AlpacaDatasetConverter"
_SHAREGPT = f"{_FILE}, SharegptDatasetConverter"
_OPENAI = f"{_FILE}, OpenAIDatasetConverter"
_KNOWN = frozenset({"user", "assistant", "system", "tool", "function_call"})
_ODD = frozenset({"user", "human", "observation", "tool"})
_EVEN = frozenset({"assistant", "gpt", "function", "function_call"})


def predict(data: Mapping[str, Any]) -> Prediction | None:
    """What LLaMA-Factory does with a record, None: it trains on it."""
    for key, role, content in (("messages", "role", "content"), ("conversations", "from", "value")):
        if key in data:
            return _conversation(data, key, role, content)
    return _instruction(data) if "instruction" in data else None


def _instruction(data: Mapping[str, Any]) -> Prediction | None:
    for n, pair in enumerate(data["history"] if isinstance(data.get("history"), list) else ()):
        if not isinstance(pair, (list, str)) or len(pair) != 2:
            return Prediction("stops", f"history {n + 1} is no pair of texts: it cannot be unpacked", f"/history/{n}",
                              _ALPACA)  # fmt: skip
    for key in ("instruction", "input"):
        if data.get(key) and not isinstance(data[key], str):
            return Prediction("stops", f"{key} is {named(data[key])}: it cannot be joined to a prompt", f"/{key}",
                              _ALPACA)  # fmt: skip
    if "chosen" in data or "rejected" in data:
        return _ranked(data, str, "a text", _ALPACA)
    if "kto_tag" in data and not isinstance(data["kto_tag"], bool):
        return _not_tagged(data)
    if "output" in data and not isinstance(data["output"], str):
        said = f"output is {named(data['output'])}: the record counts as a prompt without an answer"
        return Prediction("drops", said, "/output", _ALPACA)
    return None


def _conversation(data: Mapping[str, Any], key: str, role: str, content: str) -> Prediction | None:
    messages, at, where = data[key], f"/{key}", _OPENAI if key == "messages" else _SHAREGPT
    if messages in ("", {}):
        return Prediction("drops", f"{key} is empty", at, where)
    if not isinstance(messages, list):
        return Prediction("stops", f"{key} is {named(messages)}, not a list", at, where)
    for n, message in enumerate(messages):
        if not isinstance(message, dict):
            return Prediction("stops", f"message {n + 1} is {named(message)}, not an object", f"{at}/{n}", where)
        for name in (role, content):
            if name not in message:
                return Prediction("stops", f"message {n + 1} has no {name}: KeyError", f"{at}/{n}", where)
        if key == "messages" and message[role] not in _KNOWN:
            return Prediction("stops", f"the role {message[role]!r} is not declared: KeyError", f"{at}/{n}", where)
    start = int(bool(messages) and messages[0][role] == "system")
    ranking = "chosen" in data or "rejected" in data
    found = _parity(_turns([m[role] for m in messages[start:]], key), at, start, where, even=not ranking)
    if found is None and ranking:
        found = _ranked(data, dict, "a message", where)
    if found is None and "kto_tag" in data and not isinstance(data["kto_tag"], bool):
        found = _not_tagged(data)
    for n, message in enumerate(messages):
        if (
            found is None
            and not isinstance(message[content], str)
            and not (where is _OPENAI and message.get("tool_calls"))
        ):
            said = f"the {content} of message {n + 1} is {named(message[content])}: Expected a string"
            return Prediction("stops", said, f"{at}/{n}", "llamafactory/data/formatter.py, StringFormatter.apply")
    return found


def _turns(roles: list[Any], key: str) -> list[tuple[int, Any]]:
    """Places and roles of turns. Of messages, results of several calls are one turn, and those at the end none."""
    joined: list[tuple[int, Any]] = []
    for n, role in enumerate(roles):
        if not (key == "messages" and role == "tool" and joined and joined[-1][1] == "tool"):
            joined.append((n, role))
    return joined[:-1] if key == "messages" and joined and joined[-1][1] == "tool" else joined


def _parity(turns: list[tuple[int, Any]], at: str, start: int, where: str, *, even: bool) -> Prediction | None:
    for turn, (n, role) in enumerate(turns):
        wanted, said = ((_ODD, "the user's"), (_EVEN, "the assistant's"))[turn % 2]
        if role not in wanted:
            why = f"turn {turn + 1} is {role!r} where one of {said} must stand"
            return Prediction("drops", why, f"{at}/{n + start}", where)
    if len(turns) % 2 == even:
        wrong = "odd" if even else "even"
        return Prediction("drops", f"it has an {wrong} number of turns, {len(turns)}", at, where)
    if not turns:
        return Prediction("drops", "it has no turns", at, where)
    return None


def _ranked(data: Mapping[str, Any], kind: type, said: str, where: str) -> Prediction | None:
    for key in ("chosen", "rejected"):
        if not isinstance(data.get(key), kind):
            why = f"{key} is {named(data.get(key))}, not {said}: the record counts as one without a pair"
            return Prediction("drops", why, f"/{key}" if key in data else "", where)
    return None


def _not_tagged(data: Mapping[str, Any]) -> Prediction:
    why = f"kto_tag is {named(data['kto_tag'])}, not true or false: the record counts as one without a label"
    return Prediction("drops", why, "/kto_tag", f"{_FILE}, kto_tag")


LLAMA_FACTORY = Target(
    "llama-factory", "LLaMA-Factory 0.9.5", _FILE,
    takes=CHAT | FLAT | BESIDE | TAGGED | {"preference", "kto-messages", "text"},
    formats="instruction and output, conversations or messages, each also with chosen and rejected or a kto_tag; text",
    predict=predict, limit=2048, limit_key="cutoff_len", over="cuts", mask_key="train_on_prompt",
)  # fmt: skip
