"""LLaMA-Factory 0.9.5: what its converters and processors do with a record. Names of columns and roles are taken to be
declared in dataset_info.json as the data has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datalint_rules.target._facts import CHAT, FLAT, LABELLED, PREFERENCES, Prediction, Target, named

_FILE = "llamafactory/data/converter.py"
_ALPACA = f"{_FILE}, AlpacaDatasetConverter"
_SHAREGPT = f"{_FILE}, SharegptDatasetConverter"
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
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
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
    messages, at = data[key], f"/{key}"
    if not isinstance(messages, list):
        return Prediction("stops", f"{key} is {named(messages)}, not a list", at, _SHAREGPT)
    for n, message in enumerate(messages):
        if not isinstance(message, dict):
            return Prediction("stops", f"message {n + 1} is {named(message)}, not an object", f"{at}/{n}", _SHAREGPT)
        for name in (role, content):
            if name not in message and not (name == content and message.get("tool_calls")):
                said = f"message {n + 1} has no {name}: KeyError"
                return Prediction("stops", said, f"{at}/{n}", _SHAREGPT)
    if messages and messages[0][role] == "system":
        messages, start = messages[1:], 1
    else:
        start = 0
    ranking = "chosen" in data or "rejected" in data
    found = _parity([m[role] for m in messages], at, start, even=not ranking)
    if found is not None:
        return found
    if ranking:
        return _ranked(data, dict, "a message", _SHAREGPT)
    return _not_tagged(data) if "kto_tag" in data and not isinstance(data["kto_tag"], bool) else None


def _parity(roles: list[Any], at: str, start: int, *, even: bool) -> Prediction | None:
    joined: list[tuple[int, Any]] = []
    for n, role in enumerate(roles):  # results of several calls count as one turn
        if not (role == "tool" and joined and joined[-1][1] == "tool"):
            joined.append((n, role))
    for turn, (n, role) in enumerate(joined):
        wanted, said = ((_ODD, "the user's"), (_EVEN, "the assistant's"))[turn % 2]
        if role not in wanted:
            why = f"turn {turn + 1} is {role!r} where one of {said} must stand"
            return Prediction("drops", why, f"{at}/{n + start}", _SHAREGPT)
    if len(joined) % 2 == even:
        wrong = "odd" if even else "even"
        return Prediction("drops", f"it has an {wrong} number of turns, {len(joined)}", at, _SHAREGPT)
    if not joined:
        return Prediction("drops", "it has no turns", at, _SHAREGPT)
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
    takes=CHAT | FLAT | LABELLED | {"preference", "preference-sharegpt", "preference-messages", "text"}
    | (PREFERENCES - {"preference-chat", "preference-implicit", "preference-named", "preference-transcript"}),
    formats="instruction and output, conversations or messages, each also with chosen and rejected or a kto_tag; text",
    predict=predict, limit=2048, limit_key="cutoff_len", over="cuts", mask_key="train_on_prompt",
)  # fmt: skip
