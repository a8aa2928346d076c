"""CHT301: weights of messages that no trainer takes, or that leave nothing to learn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datalint import Batch, Finding, Judged, Layout, Record, Turn, bad, good, rule

# Keys of a message that say whether it is trained on. Of the last one any number from 0 up is a weight.
_KEYS = ("weight", "train", "loss", "loss_weight")
_NAMED = frozenset(_KEYS)


def _chat(*weights: Any, key: str = "weight") -> dict[str, Any]:
    said = [{"role": ("user", "assistant")[n % 2], "content": f"{n}"} for n in range(len(weights))]
    return {"messages": [m if w is None else {**m, key: w} for m, w in zip(said, weights, strict=True)]}


@rule(
    "CHT301",
    "invalid-loss-weight",
    category="correctness",
    known_problems="""
    `train` on the user's message is a warning only, for axolotl does train on it, and some want that. A weight of zero
    is fine on any message.
    """,
    references=(
        "https://platform.openai.com/docs/guides/supervised-fine-tuning",
        "https://docs.axolotl.ai/docs/dataset-formats/conversation.html",
        "https://docs.together.ai/docs/fine-tuning-data-preparation",
    ),
    examples=(
        bad(_chat(None, 0.5), name="a fraction"),
        bad(_chat(None, "1"), name="a number in quotes"),
        bad(_chat(None, 2), name="two"),
        bad(_chat(None, "yes", key="train"), name="train in words"),
        bad(_chat(None, -1.0, key="loss_weight"), name="less than nothing"),
        bad(_chat(1, 1), name="a user's message"),
        bad(_chat(None, 0, None, 0), name="nothing is left to learn"),
        bad(_chat(None, False, key="train"), name="nothing to train on"),
        bad(
            {
                "conversations": [
                    {"from": "human", "value": "Hi", "weight": 0},
                    {"from": "gpt", "value": "Hello.", "weight": 0.1},
                ]
            },
            name="ShareGPT",
        ),
        good(_chat(None, 0, None, 1), name="one answer of two"),
        good(_chat(0, 1), name="zero on the prompt"),
        good(_chat(False, True, key="train")),
        good(_chat(0.0, 0.7, key="loss_weight"), name="a weight that may be a fraction"),
        good(_chat(None, None)),
        good(
            {"messages": [{"role": "user", "content": "Hi", "weight": None}, {"role": "assistant", "content": "Hi."}]}
        ),
    ),
    judged=Judged(0, 0, "nothing found in 46 public sets, 500 records of which have weights"),
)
def check_invalid_loss_weight(batch: Batch) -> Iterator[Finding]:
    """The weight of a message is none that a trainer takes, or leaves nothing to learn

    `weight` is 0 or 1 and belongs to answers: providers refuse the file otherwise, or take no notice. Where every answer
    has the weight 0 the loss is nothing or not a number, and one such record can spoil a run.
    """
    known: dict[Layout, str] = batch.cache.setdefault("message_lists", {})
    for layout in batch.distinct:
        if layout not in known:
            known[layout] = _list_key(layout)
    if not any(known.values()):
        return
    for k, layout in enumerate(batch.layouts):
        key = known[layout]
        if key and any(len(m) > 2 and not _NAMED.isdisjoint(m) for m in _items(batch.datas[k], key)):
            yield from _judge(batch.record(k))


def _list_key(layout: Layout) -> str:
    """The key of the list of messages, "" if there is none; "/" for a record that is the list itself."""
    heads = {t.pointer.split("/")[1] for t in layout.turns if t.removable and t.pointer.count("/") == 2}
    bare = any(t.removable and t.pointer.count("/") == 1 for t in layout.turns)
    return "/" if bare else next(iter(sorted(heads)), "")


def _items(data: Any, key: str) -> list[dict[str, Any]]:
    items = data if key == "/" else data.get(key) if type(data) is dict else ()
    return [m for m in items if type(m) is dict] if type(items) is list else []


def _judge(record: Record) -> Iterator[Finding]:
    weights: list[tuple[Turn, Any]] = []
    for turn in record.layout.turns:
        if not turn.removable or turn.rejected:
            continue
        item = _at(record.data, turn.pointer)
        key = next((k for k in _KEYS if item.get(k) is not None), "")
        weights.append((turn, item[key] if key else None))
        if not key:
            continue
        value, pointer = item[key], f"{turn.pointer}/{key}"
        if not _is_weight(key, value):
            yield record.finding(f"`{key}` is {_shown(value)}, {_wanted(key)}", pointer=pointer)
        elif value and turn.role != "assistant":
            said = f"`{key}` is {_shown(value)} on a message of the {turn.role}: it would be trained on"
            yield record.finding(said, pointer=pointer, severity="error" if key == "weight" else "warning")
    answers = [w for t, w in weights if t.role == "assistant"]
    trained = any(w for t, w in weights if t.role != "assistant")
    if answers and not trained and all(w is not None and w in (0, "0") for w in answers):
        yield record.finding("every answer has the weight 0: nothing is left to learn")


def _is_weight(key: str, value: Any) -> bool:
    if key == "loss_weight":
        return type(value) in (int, float, bool) and value >= 0
    return type(value) in (int, float, bool) and value in (0, 1)


def _wanted(key: str) -> str:
    return "not a number from 0 up" if key == "loss_weight" else "not true or false" if key == "train" else "not 0 or 1"


def _shown(value: Any) -> str:
    if type(value) is bool:
        return str(value).lower()
    if type(value) in (list, dict):
        return "a list" if type(value) is list else "an object"
    return repr(value)[:40]


def _at(data: Any, pointer: str) -> dict[str, Any]:
    for token in pointer.split("/")[1:]:
        data = data[int(token)] if type(data) is list else data[token]
    found: dict[str, Any] = data
    return found
