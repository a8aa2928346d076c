"""Records that are in two splits, and the pairs that show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from datalint_rules.duplicates._places import Places, groups, places
from datalint_rules.splits._splits import asked_form, is_checked

from datalint import Records, Splits


class Shared(NamedTuple):
    """Pairs of keys, the first of which is to be reported, with the rank of the other and what they share."""

    pairs: list[tuple[int, int, int, str]]
    places: Places
    ranks: dict[int, int]


def shared(found: dict[str, Any], records: Records, splits: Splits | None) -> Shared:
    """Records of which the whole or the prompt is in a split that is worth more; where such a record is not among those
    that are checked, the one it is the same as."""
    candidates = [(what, group) for what in ("normal", "prompts") for group in _groups(found, what)]
    ranks = {key: rank for _, group in candidates for key, rank in group}
    told = places(records, ranks, asked_form)
    pairs: dict[int, tuple[int, int, int, str]] = {}
    for what, group in candidates:
        n, said = (0, "the record") if what == "normal" else (1, "the prompt")
        forms: dict[int, list[tuple[int, int]]] = {}
        for key, rank in group:
            forms.setdefault(told[key].told[n], []).append((key, rank))
        for same in forms.values():
            best, top = max(same, key=lambda one: (one[1], -one[0]))
            for key, rank in same:
                if rank < top:
                    here, there = (key, best) if is_checked(splits, key) else (best, key)
                    if is_checked(splits, here):
                        pairs.setdefault(here, (here, there, ranks[there], said))
    return Shared(sorted(pairs.values()), told, ranks)


def _groups(found: dict[str, Any], name: str) -> Iterator[list[tuple[int, int]]]:
    """Groups of equal hashes that lie in more than one split, as keys and ranks."""
    for group in groups(found[name]):
        if found[name][group[0]] and len(set(found["ranks"][group].tolist())) > 1:
            yield list(zip(found["keys"][group].tolist(), found["ranks"][group].tolist(), strict=True))
