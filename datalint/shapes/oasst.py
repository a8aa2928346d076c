"""OpenAssistant: message trees and single messages of trees."""

from __future__ import annotations

from typing import Any

from datalint.shapes.building import Draft, DrawnShape

_ROLES = {"prompter": "user", "assistant": "assistant", "system": "system"}


def _is_node(value: Any) -> bool:
    return type(value) is dict and type(value.get("text")) is str and value.get("role") in _ROLES


def _add_tree(draft: Draft, root: dict[str, Any], pointer: str) -> None:
    """All messages below ``root``, depth first, and one conversation from the root to each leaf."""
    branches: list[tuple[int, ...]] = []
    waiting: list[tuple[Any, str, tuple[int, ...]]] = [(root, pointer, ())]
    while waiting:
        node, place, before = waiting.pop()
        if not _is_node(node):
            draft.problem("wrong-type", "the reply is no message with `text` and `role`", place)
            continue
        turn = draft.turn(_ROLES[node["role"]], place, spoken=node["role"])
        draft.say(turn, f"{place}/text", node["text"])
        path = (*before, turn)
        replies = node.get("replies")
        if type(replies) is list and replies:
            waiting.extend((replies[n], f"{place}/replies/{n}", path) for n in reversed(range(len(replies))))
        else:
            branches.append(path)
    draft.conversations = branches


def _draw_tree(data: dict[str, Any], draft: Draft) -> None:
    _add_tree(draft, data["prompt"], "/prompt")


def _draw_message(data: dict[str, Any], draft: Draft) -> None:
    _add_tree(draft, data, "")


def _is_message(data: dict[str, Any]) -> bool:
    return _is_node(data) and any(k in data for k in ("message_id", "parent_id", "replies"))


SHAPES = (
    DrawnShape(
        "oasst-tree", "prompt: a message tree of text, role and replies (OpenAssistant)", 84,
        ("prompt",), _draw_tree, fits=lambda data: _is_node(data["prompt"]), open=True,
    ),
    DrawnShape(
        "oasst-message", "text and role of one message of a tree (OpenAssistant)", 86,
        ("text", "role"), _draw_message, fits=_is_message, open=True,
    ),
)  # fmt: skip
