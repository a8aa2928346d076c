"""PRF103: the scores say that the rejected answer is the better one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import regex
from datalint_rules.preferences._pairs import is_pair

from datalint import Finding, Judged, Option, Record, bad, good, rule

PAIR = {"prompt": "How many legs has a spider?", "chosen": "Eight.", "rejected": "Six."}
_MEASURE = regex.compile(r"(?i)(?<![a-z])(?:scores?|ratings?|rewards?|grades?|points|stars)(?![a-z])")
_CHOSEN = regex.compile(r"(?i)(?<![a-z])(?:chosen|accepted|preferred|win(?:ner|ning)?|better)(?![a-z])")
_OTHERS = {
    "chosen": ("rejected",), "accepted": ("rejected",), "preferred": ("rejected", "dispreferred"), "win": ("lose",),
    "winner": ("loser",), "winning": ("losing",), "better": ("worse",),
}  # fmt: skip


@rule(
    "PRF103",
    "contradicting-score",
    category="correctness",
    gate=is_pair,
    options={
        "scale": Option("str", "", 'Lowest and highest score there can be, as "1-10"; a score beyond it is found too.'),
    },
    known_problems="Only scores whose keys say so are known, such as score_chosen and score_rejected; ranks are not scores.",
    references=("https://huggingface.co/datasets/HuggingFaceH4/ultrafeedback_binarized",),
    examples=(
        bad({**PAIR, "score_chosen": 3.5, "score_rejected": 8.0}),
        bad({**PAIR, "chosen-rating": 2, "rejected-rating": 4}),
        bad({**PAIR, "chosen_score": 11, "rejected_score": 4}, options={"scale": "1-10"}, name="beyond the scale"),
        good({**PAIR, "score_chosen": 8.0, "score_rejected": 3.5}),
        good({**PAIR, "score_chosen": 5, "score_rejected": 5}, name="a tie"),
        good({**PAIR, "chosen_tokens": 3, "rejected_tokens": 8}, name="no scores"),
        good({**PAIR, "score_chosen": None, "score_rejected": 8.0}, name="not scored"),
        good({**PAIR, "chosen_score": 11, "rejected_score": 4}, name="no scale is known"),
    ),
    judged=Judged(0, 0, "the public preference sets at hand carry no scores of both answers"),
)
def check_contradicting_score(record: Record, scale: str) -> Iterator[Finding]:
    """A score says that the rejected answer is better than the chosen one

    Whoever made the pair took the better answer by some score. Where the score kept in the record says the opposite, the
    pair was turned round on its way, and training on it teaches the model what not to do.
    """
    data = record.data
    if not isinstance(data, dict):
        return
    low, high = _bounds(scale)
    for key, other in _pairs(data):
        chosen, rejected = data[key], data[other]
        if chosen < rejected:
            yield record.finding(
                f"{key} is {chosen}, {other} is {rejected}: the rejected answer is the better one", pointer=f"/{key}"
            )
        for name in (key, other):
            if not low <= data[name] <= high:
                yield record.finding(f"{name} is {data[name]}, beyond the scale {scale}", pointer=f"/{name}")


def _bounds(scale: str) -> tuple[float, float]:
    found = regex.fullmatch(r"\s*(-?[\d.]+)\s*(?:-|–|to|\.\.)\s*(-?[\d.]+)\s*", scale)
    return (float(found[1]), float(found[2])) if found is not None else (float("-inf"), float("inf"))


def _pairs(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys of the scores of the chosen and the rejected answer."""
    for key in data:
        found = _CHOSEN.search(key) if _MEASURE.search(key) else None
        if found is not None and _is_number(data[key]):
            for word in _OTHERS[found.group().lower()]:
                other = key[: found.start()] + word + key[found.end() :]
                if "/" not in key and "~" not in key and _is_number(data.get(other)):
                    yield key, other


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
