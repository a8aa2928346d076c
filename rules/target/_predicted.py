"""Predictions for the records of a batch, worked out once for all rules that tell of them."""

from __future__ import annotations

from datalint_rules.target._facts import Prediction, Target
from datalint_rules.target._targets import TARGETS

from datalint import Batch

UNKNOWN = "unknown"
Predicted = list[tuple[int, Target, Prediction]]


def predicted(batch: Batch, target: str) -> Predicted:
    """Number in the batch, target and prediction of each record that is not simply taken."""
    known = TARGETS.get(target)
    if known is None:
        return []
    if "predicted" not in batch.cache:
        made: Predicted = []
        for k, data in enumerate(batch.datas):
            shape = batch.layouts[k].shape
            if isinstance(data, dict) and (shape in known.takes or shape == UNKNOWN):  # foreign-format tells of others
                found = known.predict(data)
                if found is not None:
                    made.append((k, known, found))
        batch.cache["predicted"] = made
    cached: Predicted = batch.cache["predicted"]
    return cached


def limit_of(target: Target | None, max_tokens: int | None) -> int:
    """The tokens a record may have: as set, else as the trainer comes. 0: not known."""
    return max_tokens or (target.limit if target is not None else 0)
