"""The rule of the example plugin."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from datalint import Finding, Message, bad, fixture, good, rule

QUESTION = {"role": "user", "content": "Is it done?"}


def chat(answer: str) -> dict[str, object]:
    """A record with one question and this answer."""
    return {"messages": [QUESTION, {"role": "assistant", "content": answer}]}


@fixture
def ticket_pattern() -> regex.Pattern[str]:
    """What a ticket number looks like."""
    return regex.compile(r"\bEXA-\d+\b")


@rule(
    "EXA001",
    "ticket-number",
    category="suspicious",
    roles={"assistant"},
    triggers=["EXA-[0-9]"],
    examples=[bad(chat("Yes, see EXA-12.")), good(chat("Yes, it is."))],
)
def ticket_number(message: Message, ticket_pattern: regex.Pattern[str]) -> Iterator[Finding]:
    """The answer names a ticket.

    Ticket numbers mean nothing to those who will use the model.
    """
    for found in ticket_pattern.finditer(message.text):
        yield message.finding(found.span(), f"Ticket number {found[0]}")
