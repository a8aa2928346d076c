"""The cards of what datalint says about itself: rules that did not end well, and records it does not read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from datalint.card import Card
from datalint.model import Finding, Layout
from datalint.rule import RuleSpec

CARDS: tuple[Card, ...] = (
    Card(
        code="DLT101",
        name="unused-ignore",
        summary="An entry of the ignore file silences nothing",
        rationale=(
            "The record was mended, taken out or changed, or the entry never fitted. What nobody needs any more hides what\n"
            "comes later. It is said only of runs that saw all the data of the project and ran the rules the entry names."
        ),
        category="suspicious",
        unit="line",
        tags=("datalint",),
    ),
    Card(
        code="DLT102",
        name="ignore-without-reason",
        summary="An entry of the ignore file gives no reason",
        rationale=(
            "Whoever reads the entry in a year must know whether it still holds, and only a reason tells. The entry works\n"
            "all the same."
        ),
        category="suspicious",
        unit="line",
        tags=("datalint",),
    ),
    Card(
        code="DLT103",
        name="unknown-rule",
        summary="An entry of the ignore file names a rule that there is not",
        rationale=(
            "The name is misspelt, the rule is gone, or the plugin that brings it is not installed. Nothing is silenced by it."
        ),
        category="suspicious",
        unit="line",
        tags=("datalint",),
    ),
    Card(
        code="DLT104",
        name="expired-ignore",
        summary="An entry of the ignore file is past its day",
        rationale=(
            "Somebody accepted the finding until a certain day and meant to look again. From that day on it is reported like\n"
            "any other."
        ),
        category="suspicious",
        unit="line",
        tags=("datalint",),
    ),
    Card(
        code="DLT105",
        name="stale-baseline",
        summary="Findings of the baseline no longer occur",
        rationale=(
            "Somebody mended them, and the baseline still has room for as many new ones of the same kind. A report tells it in\n"
            "its last lines, and `datalint baseline prune` mends it. As a finding it is off by default: nobody is to be\n"
            "punished for mending something. Teams that want it can select it and set its severity."
        ),
        category="pedantic",
        unit="line",
        severity="info",
        tags=("datalint",),
    ),
    Card(
        code="DLT901",
        name="rule-crashed",
        summary="A rule raised an error on this record",
        rationale=(
            "The record was not judged by this rule; all other rules judged it, and this rule judged all other records. The\n"
            "run ends with exit code 3, because something was not checked. `-v` shows the traceback. For a rule of your own,\n"
            "add the record to its examples; for a built-in one, please report it."
        ),
        category="correctness",
        unit="line",
        severity="error",
        tags=("datalint",),
        known_problems=(
            "A rule that crashes again and again in one part of a file is not called any more in that part, and the records\n"
            "there count as judged by it."
        ),
    ),
    Card(
        code="DLT902",
        name="rule-timeout",
        summary="A rule did not end in time on this record",
        rationale=(
            "A pattern can take very long on an unlucky text. Rather than wait, datalint goes on without this rule's word on\n"
            "this record, says so, and ends with exit code 3. `rule-timeout` sets the seconds; a rule of your own may need\n"
            "a simpler pattern."
        ),
        category="correctness",
        unit="line",
        severity="error",
        tags=("datalint",),
        known_problems="Loops in Python are timed only where the system has interval timers, which Windows lacks.",
    ),
    Card(
        code="DLT903",
        name="limit-exceeded",
        summary="A record is longer than the limit and was not read",
        rationale=(
            "A line of hundreds of megabytes is hardly ever a record: a file without line feeds, or one that was damaged. It\n"
            "is passed over, so that memory stays small, and the rest of the file is checked. The run ends with exit code 3.\n"
            "`max-record-bytes` sets the limit, 256 MiB by default."
        ),
        category="correctness",
        unit="line",
        severity="error",
        tags=("datalint",),
        known_problems=(
            "In compressed files and on standard input a record over the limit leaves the whole file unread: nothing tells how\n"
            "long it would go on."
        ),
    ),
)


class Spoken:
    """Stands in the registry for what the engine says itself, so that it can be looked up; it judges nothing."""

    gate: Callable[[Layout], bool] | None = None

    def __init__(self, card: Card) -> None:
        self.card = replace(card, unit="batch")

    def check(self, view: Any) -> tuple[Finding, ...]:
        """Nothing."""
        return ()


def specs() -> list[RuleSpec]:
    """The cards as rules of the registry."""

    def spec(card: Card) -> RuleSpec:
        def build(options: Mapping[str, Any], fixtures: Mapping[str, Any]) -> Spoken:
            return Spoken(card)

        return RuleSpec(card, build)

    return [spec(card) for card in CARDS]
